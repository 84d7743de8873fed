"""Answers without a model: short spans, cited sentences, and refusals."""

from __future__ import annotations

import pytest

from tadarag.generation.citations import check_citations
from tadarag.generation.extractive import ExtractiveAnswerer, is_overview
from tadarag.routing.questions import route_question
from tadarag.values import Answer, Link, Passage, Route

from .passages import evidence, passage, reader, route
from .poisoned import FORBIDDEN, POISONS, TRUE

TOWN = passage(
    "town.md",
    "Velmouth is a port on the south coast. The population of Velmouth is 21,300. Josune Hallat has been the mayor of Velmouth since 2019.",
    title="Velmouth",
)
SHIP = passage("ship.md", "The ferry Corrin was built in 2019. She carries 620 passengers and 80 cars.", title="Corrin")
FIRM = passage("firm.md", "Corbel Bearings is a company in Quillen Bay. It was founded in 1968 by Elias Corbel.", title="Corbel Bearings")
CHINESE = passage("zh.md", "塔恩威克大学创办于1921年，在校学生约7300人。校长是林海。", title="塔恩威克大学", language="zh")
WORLD = (TOWN, SHIP, FIRM, CHINESE)


def ask(question: str, *passages: Passage, task: str = "", paths: dict[str, tuple[Link, ...]] | None = None) -> Answer:
    """The checked answer from the given passages (all of the world by default)."""
    found = passages or WORLD
    routed = route(question)
    if task:
        routed = Route(language=routed.language, task=task, answer=routed.answer)
    given = evidence(question, *found, paths=paths)
    return check_citations(question, routed, ExtractiveAnswerer().draft(question, routed, given), given, reader(found))


@pytest.mark.parametrize(
    ("question", "short", "quote"),
    [
        ("What is the population of Velmouth?", "21,300", "The population of Velmouth is 21,300."),
        ("Who is the mayor of Velmouth?", "Josune Hallat", "Josune Hallat has been the mayor of Velmouth since 2019."),
        ("When was the ferry Corrin built?", "2019", "The ferry Corrin was built in 2019."),
        ("塔恩威克大学创办于哪一年？", "1921年", "塔恩威克大学创办于1921年，在校学生约7300人。"),
    ],
)
def test_a_fact_is_the_shortest_span_and_cites_its_sentence(question: str, short: str, quote: str) -> None:
    answer = ask(question)
    assert answer.short == short
    assert [citation.quote for citation in answer.citations] == [quote]
    assert answer.text.replace(" ", "").endswith("[1]")


@pytest.mark.parametrize(
    "question",
    [
        "Who composed the national anthem of Ruritania?",
        "What is the boiling point of tungsten?",
        "How do I reset the password of my router?",
    ],
)
def test_what_the_documents_do_not_hold_is_refused(question: str) -> None:
    answer = ask(question)
    assert (answer.found, answer.text, answer.citations) == (False, "Not found in the documents.", ())


def test_a_chinese_question_is_refused_in_chinese() -> None:
    assert ask("长城有多长？").text == "文档中没有找到答案。"


def test_no_evidence_is_a_refusal() -> None:
    question = "What is the population of Velmouth?"
    assert not ExtractiveAnswerer().draft(question, route(question), evidence(question)).found


def test_yes_needs_a_sentence_that_decides() -> None:
    answer = ask("Was the ferry Corrin built in 2019?")
    assert (answer.short, answer.citations[0].quote) == ("Yes", "The ferry Corrin was built in 2019.")


def test_another_value_or_a_negation_is_a_no() -> None:
    assert ask("Was the ferry Corrin built in 2017?").short == "No"
    assert ask("Is the bridge open to lorries?", passage("b.md", "The bridge is not open to lorries.")).short == "No"


@pytest.mark.parametrize(
    ("question", "expected"), [("May the tenant sublet without consent?", "No"), ("May the tenant not sublet without consent?", "Yes")]
)
def test_a_sentence_that_is_denied_once_more_than_the_question_is_a_no(question: str, expected: str) -> None:
    lease = passage("lease.md", "The tenant may not sublet without written consent.")
    assert ask(question, lease).short == expected


def test_a_yes_no_question_that_no_sentence_decides_is_refused() -> None:
    assert not ask("Is the mayor of Velmouth married?").found


def test_a_number_may_come_from_a_table_row() -> None:
    table = passage(
        "t.html", "Code | Part | Price\nBK-7 | bearing | 310 korla\nBL-44 | rotor blade | 9900 korla", title="Spare parts price list"
    )
    answer = ask("What is the price of the rotor blade?", table)
    assert "9900" in answer.short
    assert "BL-44" in answer.citations[0].quote


def test_contradicting_sources_are_both_cited_with_their_dates() -> None:
    old = passage("old.md", "The array consists of 26 turbines.", title="Array", date="2023-09-19")
    new = passage("new.md", "The array consists of 24 turbines.", title="Array", date="2023-09-22")
    answer = ask("How many turbines does the array consist of?", old, new, task="temporal")
    assert answer.text == "24 (2023-09-22) [1]\n26 (2023-09-19) [2]"
    assert {citation.source.path for citation in answer.citations} == {"old.md", "new.md"}


def test_a_list_gives_every_member_of_the_run() -> None:
    fever = passage("f.md", "Larger outbreaks of Damaro fever occurred in 1954, 1978, 1999 and 2023.", title="Damaro fever")
    assert ask("In which years did larger outbreaks of Damaro fever occur?", fever, task="list").short == "1954, 1978, 1999, 2023"


def test_a_comparison_cites_both_sides_and_names_the_preferred_one() -> None:
    otter = passage("o.md", "The guarantee on the Otter 30 lasts 36 months.", title="Otter 30")
    heron = passage("h.md", "The guarantee on the Heron 75 lasts 48 months.", title="Heron 75")
    answer = ask("Which turbine has the longer guarantee, the Otter 30 or the Heron 75?", otter, heron, task="comparison")
    assert answer.short == "Heron 75"
    assert {citation.source.path for citation in answer.citations} == {"o.md", "h.md"}


def test_an_overview_takes_sentences_of_several_documents() -> None:
    one = passage(
        "1.md",
        "The ferry Tessaly struck the pier at Port Hesk in 2024. Nine people were injured in the accident.",
        title="Tessaly accident",
    )
    two = passage("2.md", "The accident of the ferry Tessaly cost the line 5.2 million korla.", title="Results")
    answer = ask("What is known about the accident of the ferry Tessaly?", one, two, task="overview")
    assert {citation.source.path for citation in answer.citations} == {"1.md", "2.md"}


def test_an_overview_says_nothing_that_is_only_a_heading() -> None:
    text = (
        "## Repairs of the ferry Corwen in 2024\n\nThe ferry Corwen was repaired at the Ostrevir yard, which replaced both of her engines."
    )
    answer = ask(
        "Summarise the repairs of the ferry Corwen.", passage("r.md", text, title="Repairs of the ferry Corwen in 2024"), task="overview"
    )
    assert answer.found
    assert all("##" not in part.text for part in answer.statements)
    assert all("##" not in citation.quote for citation in answer.citations)


@pytest.mark.parametrize(
    ("question", "text", "short"),
    [
        ("漏水问题占投诉的百分之几？", "第二季度共收到投诉214件，其中漏水问题占62%。", "62%"),
        (
            "What percentage of the 214 complaints about pumps concerned leaks?",
            "Of 214 complaints about pumps, 62 per cent concerned leaks.",
            "62",
        ),
    ],
)
def test_a_percentage_is_not_answered_by_the_number_of_something(question: str, text: str, short: str) -> None:
    assert ask(question, passage("c.md", text)).short.startswith(short)


def test_a_bridge_cites_the_linking_sentence_too() -> None:
    kit = passage("kit.md", "The BK-9 bearing kit is made by Corbel Bearings.", title="BK-9")
    answer = ask("Who founded the company that makes the BK-9 bearing kit?", kit, FIRM, task="bridge")
    assert answer.short == "Elias Corbel"
    assert {citation.source.path for citation in answer.citations} == {"kit.md", "firm.md"}


def test_the_same_evidence_gives_the_same_answer() -> None:
    assert ask("Who is the mayor of Velmouth?") == ask("Who is the mayor of Velmouth?")


@pytest.mark.parametrize("poison", POISONS)
def test_a_poisoned_document_changes_nothing(poison: str) -> None:
    question = "What is the fare to Port Hesk?"
    answer = ask(question, passage("fare.md", f"{TRUE} {poison}", title="Ferry fares"))
    assert answer.short in ("28 korla", "28")  # with or without its unit, the figure of the true sentence
    assert not any(word in answer.short for word in FORBIDDEN)


def test_the_whole_text_is_streamed_once() -> None:
    shown: list[str] = []
    question = "What is the population of Velmouth?"
    ExtractiveAnswerer().draft(question, route(question), evidence(question, *WORLD), on_text=shown.append)
    assert shown == ["21,300 [1]"]


HANDBOOK = "Employees have 5 days of annual leave after one year and 10 days after ten years. Expense reports must reach the finance department in a week."


@pytest.mark.parametrize(
    "question",
    [
        "Summarize the employee handbook.",
        "Please summarise the employee handbook.",
        "Describe the employee handbook.",
        "Give me a short overview of the employee handbook.",
        "What are the main points of the employee handbook?",
    ],
)
def test_what_only_instructs_is_not_looked_for_in_the_documents(question: str) -> None:
    answer = ask(question, passage("h.md", HANDBOOK, title="Employee handbook"), task="overview")
    assert answer.found
    assert "annual leave" in answer.text


def test_a_count_beside_a_percentage_is_still_a_count() -> None:
    text = "The party that won 62 per cent of the votes has 40 members."
    assert ask("How many members does the party have that won 62 per cent of the votes?", passage("p.md", text)).short.startswith("40")


def test_who_somebody_is_is_told_by_what_is_said_of_her() -> None:
    staff = passage("s.md", "Min Zhou, Hao Lin and Siyu Chen attended. Hao Lin leads the development of the new pump.", title="Meeting")
    answer = ask("Who is Hao Lin?", staff)
    assert "Hao Lin leads the development of the new pump." in answer.text
    assert not ask("Who is Ada Korvenia?", staff).found


@pytest.mark.parametrize(
    "question",
    [
        "Who is Hao Lin's manager?",
        "Who is the manager of Hao Lin?",
        "Who is the CEO of Halvrin?",
        "Who was the King of Spain?",
        "Who is CEO?",
        "Who is the manager?",
        "What is the X2 made of?",
        "What is the Hao Lin pump made of?",
        "介绍信是谁写的？",
        "比较优势是什么？",
    ],
)
def test_who_is_what_to_somebody_is_no_question_for_an_overview(question: str) -> None:
    assert not is_overview(question, route_question(question))


def test_two_things_are_compared_by_what_is_said_of_both() -> None:
    harbour = passage("a.md", "The Harbour Club was founded in 1888 by fishermen and has 40 boats.", title="Harbour Club")
    guild = passage("b.md", "The Weavers' Guild was founded in 1702 and has its house in Lissow.", title="Weavers' Guild")
    answer = ask("Compare the Harbour Club and the Weavers' Guild.", harbour, guild)
    assert {citation.source.path for citation in answer.citations} == {"a.md", "b.md"}
    assert not ask("Compare the Harbour Club and the Korvenia colony of miners.", harbour, guild).found


@pytest.mark.parametrize("question", ["总结一下员工手册的主要内容。", "介绍一下员工手册。", "請概述員工手冊。"])
def test_a_chinese_instruction_is_not_looked_for_either(question: str) -> None:
    text = "入职满一年的员工享有5天年假，满十年的享有10天。报销单须在出差结束后7个工作日内提交给财务部。"
    assert ask(question, passage("h.md", text, title="员工手册", language="zh")).found


def test_an_overview_of_what_no_document_is_about_is_refused() -> None:
    found = passage("h.md", HANDBOOK, title="Employee handbook")
    assert not ask("Summarize the finances of the Korvenia colony.", found, task="overview").found
    assert not ask("Give me an overview of the Korvenia colony.", found, task="overview").found
