"""No citation that does not stand in the stored documents reaches a person."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tadarag.generation.citations import check_citations
from tadarag.generation.claims import supports
from tadarag.values import AnswerEvent, Citation, Draft, Evidence, Passage, Route, SourceName, Span, Statement

from .passages import evidence, passage, reader

TOWN = passage("town.md", "Velmouth is a port. Its population is 21,300. Josune Hallat is the mayor.", title="Velmouth")
SHIP = passage("ship.md", "The ferry Corrin carries 620 people. 她不载汽车。", title="Corrin", date="2024-05-01")
ROUTE = Route(language="en")
QUESTION = "What is the population of Velmouth?"


def cite(found: Passage, quote: str, number: int = 1) -> Citation:
    start = found.text.index(quote)
    return Citation(number=number, source=found.source, content=found.content, span=Span(start, start + len(quote)), quote=quote)


def draft(text: str, *citations: Citation) -> Draft:
    part = Statement(text=text, citations=tuple(citation.number for citation in citations), supported=True)
    return Draft(found=True, short=text, statements=(part,), citations=citations, confidence=0.9)


def check(made: Draft, question: str = QUESTION, *, stored: tuple[Passage, ...] = (TOWN, SHIP)) -> tuple[str, bool]:
    answer = check_citations(question, ROUTE, made, evidence(question, TOWN, SHIP), reader(stored))
    return answer.text, answer.found


POPULATION = cite(TOWN, "Its population is 21,300.")


def test_a_quote_that_stands_in_its_document_is_kept() -> None:
    assert check(draft("21,300", POPULATION)) == ("21,300 [1]", True)


@pytest.mark.parametrize(
    "broken",
    [
        replace(POPULATION, quote="Its population is 99,999."),
        replace(POPULATION, span=Span(21, 46)),
        replace(POPULATION, span=Span(20, 10_000)),
        replace(POPULATION, span=Span(-25, -1)),
        replace(POPULATION, content="another version"),
        replace(POPULATION, source=SourceName(".", "nowhere.md")),
        replace(POPULATION, span=Span(19, 20), quote=" "),
    ],
)
def test_a_citation_that_does_not_hold_takes_its_statement_with_it(broken: Citation) -> None:
    assert check(draft("21,300", broken)) == ("Not found in the documents.", False)


def test_a_document_that_was_deleted_since_supports_nothing() -> None:
    assert check(draft("21,300", POPULATION), stored=(SHIP,)) == ("Not found in the documents.", False)


def test_a_number_that_the_quote_does_not_hold_is_not_supported() -> None:
    assert not check(draft("The population is 23,100", POPULATION))[1]


def test_a_name_that_the_quote_does_not_hold_is_not_supported() -> None:
    assert not check(draft("The mayor is Pavel Stroud", cite(TOWN, "Josune Hallat is the mayor.")))[1]


def test_words_that_the_quote_does_not_hold_are_not_support() -> None:
    assert not check(draft("It burned down in a terrible winter", POPULATION))[1]


def test_a_statement_without_a_citation_is_not_supported() -> None:
    assert not check(draft("The population is 21,300"))[1]


def test_the_unsupported_statement_is_flagged_and_the_supported_one_stays() -> None:
    good = Statement(text="The population is 21,300.", citations=(1,), supported=True)
    bad = Statement(text="It was founded by Aksel Halvrin.", citations=(1,), supported=True)
    made = Draft(found=True, statements=(bad, good), citations=(POPULATION,), confidence=1.0)
    answer = check_citations(QUESTION, ROUTE, made, evidence(QUESTION, TOWN), reader([TOWN]))
    assert [part.supported for part in answer.statements] == [False, True]
    assert answer.text == "The population is 21,300. [1]"
    assert answer.confidence == 0.5


def test_a_doubt_of_the_drafter_is_never_lifted() -> None:
    doubted = Statement(text="21,300", citations=(1,), supported=False)
    assert not check(Draft(found=True, statements=(doubted,), citations=(POPULATION,)))[1]


def test_yes_needs_a_quote_about_the_question() -> None:
    assert check(draft("Yes", cite(TOWN, "Josune Hallat is the mayor.")), "Is Josune Hallat the mayor of Velmouth?")[1]
    assert not check(draft("Yes", POPULATION), "Does the ferry Corrin carry cars?")[1]


def test_a_name_of_the_question_may_stand_elsewhere_in_the_cited_document() -> None:
    assert check(draft("The population of Velmouth is 21,300", POPULATION))[1]


def test_citations_are_numbered_in_the_order_of_use() -> None:
    parts = (
        Statement(text="The ferry carries 620 people", citations=(7,), supported=True),
        Statement(text="The population is 21,300", citations=(3, 7), supported=True),
    )
    made = Draft(
        found=True,
        statements=parts,
        citations=(cite(TOWN, "Its population is 21,300.", 3), cite(SHIP, "The ferry Corrin carries 620 people.", 7)),
    )
    answer = check_citations(QUESTION, ROUTE, made, evidence(QUESTION, TOWN, SHIP), reader([TOWN, SHIP]))
    assert answer.text == "The ferry carries 620 people [1]\nThe population is 21,300 [2][1]"
    assert [citation.number for citation in answer.citations] == [1, 2]


def test_a_refusal_is_in_the_language_of_the_question() -> None:
    answer = check_citations(
        "人口是多少？", Route(language="zh"), Draft(found=False), Evidence(question="", hits=(), sequence=0), reader([])
    )
    assert answer.text == "文档中没有找到答案。"


def test_each_statement_is_checked_or_withdrawn_in_order() -> None:
    told: list[AnswerEvent] = []
    parts = tuple(Statement(text=text, citations=(1,), supported=True) for text in ("21,300", "44,000"))
    check_citations(
        QUESTION,
        ROUTE,
        Draft(found=True, statements=parts, citations=(POPULATION,)),
        evidence(QUESTION, TOWN),
        reader([TOWN]),
        on_event=told.append,
    )
    assert [(event.kind, event.statement) for event in told] == [("checked", 0), ("withdrawn", 1)]


@st.composite
def drafts(make: st.DrawFn) -> Draft:
    citations = []
    for number in range(1, make(st.integers(0, 4)) + 1):
        found = make(st.sampled_from([TOWN, SHIP]))
        start = make(st.integers(-5, len(found.text) + 5))
        end = make(st.integers(-5, len(found.text) + 5))
        true_quote = found.text[max(0, start) : max(0, end)]
        quote = make(st.sampled_from([true_quote, true_quote + "!", true_quote[1:], "21,300", ""]))
        content = make(st.sampled_from([found.content, found.content, "old"]))
        source = make(st.sampled_from([found.source, SourceName(".", "gone.md")]))
        citations.append(Citation(number=number, source=source, content=content, span=Span(start, end), quote=quote))
    statements = tuple(
        Statement(
            text=make(st.sampled_from(["21,300", "The population is 21,300.", "620 people", "Nothing", "Yes", "", "Josune Hallat"])),
            citations=tuple(make(st.lists(st.integers(0, 6), max_size=4))),
            supported=make(st.booleans()),
        )
        for _ in range(make(st.integers(0, 4)))
    )
    return Draft(found=make(st.booleans()), short="21,300", statements=statements, citations=tuple(citations), confidence=1.0)


@settings(max_examples=300, deadline=None)
@given(made=drafts())
def test_no_citation_of_an_answer_names_a_span_that_does_not_exist(made: Draft) -> None:
    stored = {found.source: (found.content, found.text) for found in (TOWN, SHIP)}
    answer = check_citations(QUESTION, ROUTE, made, evidence(QUESTION, TOWN, SHIP), stored.get)
    for citation in answer.citations:
        content, text = stored[citation.source]
        assert content == citation.content
        assert 0 <= citation.span.start < citation.span.end <= len(text)
        assert text[citation.span.start : citation.span.end] == citation.quote
    numbers = {citation.number for citation in answer.citations}
    assert all(part.citations and set(part.citations) <= numbers for part in answer.statements if part.supported)
    assert answer.found == any(part.supported for part in answer.statements)


def test_no_to_a_chinese_question_is_borne_out_by_what_is_said_of_both_things() -> None:
    quotes = ["林山，中国画家。", "白河，日本诗人。"]
    assert supports("否", quotes, context="林山 白河", question="林山和白河的国籍相同吗？")
    assert not supports("否", ["天气很好。"], context="旅行", question="林山和白河的国籍相同吗？")


@pytest.mark.parametrize(
    ("answer", "quote"),
    [
        ("63名", "共有63名患者住进重症监护室，平均住院时间为8.5天。"),
        ("1994年", "地方税务局是中华人民共和国1994年分税制改革的结果。"),
        ("3個", "大沙东站现时共设有3个出入口。"),
    ],
)
def test_a_number_with_its_chinese_measure_word_is_borne_out_by_the_words_it_is_cut_from(answer: str, quote: str) -> None:
    assert supports(answer, [quote])


def test_a_number_with_another_measure_word_is_not_borne_out() -> None:
    assert not supports("63岁", ["共有63名患者住进重症监护室，平均住院时间为8.5天。"])
    assert not supports("64名", ["共有63名患者住进重症监护室，平均住院时间为8.5天。"])
