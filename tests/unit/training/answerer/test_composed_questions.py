"""Questions of two steps composed from two of one step: the name that both share stands in neither question nor answer."""

import pytest

from tadarag.training.answerer.composed_questions import MAX_USES, as_phrase, composed_questions, items_of_composed
from tadarag.training.answerer.items import Asked

FOUNDED = Asked(
    id="q1",
    question="Who founded the Velden Tramways?",
    title="Velden",
    context="Trams run in Velden. Anna Holm founded the Velden Tramways in 1911.",
    answers=("Anna Holm",),
)
BORN = Asked(
    id="q2",
    question="Where was Anna Holm born?",
    title="Anna Holm",
    context="Anna Holm, an engineer, was born in Quillen.",
    answers=("Quillen",),
)
OTTERS = Asked(
    id="q3",
    question="Where did Anna Holm see otters?",
    title="Otters",
    context="Whoever founded the tramways saw otters by the sea.",
    answers=("by the sea",),
)


@pytest.mark.parametrize(
    ("question", "phrase"),
    [
        ("Who founded Acme?", "the person who founded Acme"),
        ("Who was elected president of Acme?", "the person who was elected president of Acme"),
        ("What is the name of the team that won?", "the team that won"),
        ("What was the capital of Persia?", "the capital of Persia"),
        ("What was Liszt's mother tongue?", "Liszt's mother tongue"),
        ("Which city did Chopin leave in 1830?", "the city that Chopin leave in 1830"),
        ("In what city did Chopin live?", "the city in which Chopin live"),
        ("What industry is Wall Street known for?", "the industry that Wall Street is known for"),
        ("What city held the games?", "the city that held the games"),
        ("Where was Jane Roe buried?", "the place where Jane Roe was buried"),
        ("where did the relay end", "the place where the relay end"),
    ],
)
def test_a_question_becomes_a_phrase_for_what_it_asks(question, phrase):
    assert as_phrase(question) == phrase


@pytest.mark.parametrize("question", ["How many people live there?", "When did it end?", "Why was it closed?", "", "谁创立了公司？"])
def test_what_names_nothing_becomes_no_phrase(question):
    assert as_phrase(question) == ""


def test_the_name_gives_way_to_the_question_that_it_answers():
    (found,) = composed_questions([FOUNDED, BORN])
    assert found.question == "Where was the person who founded the Velden Tramways born?"
    assert (found.first, found.second) == (FOUNDED, BORN)
    assert found.lead == "Anna Holm founded the Velden Tramways in 1911."


def test_an_article_goes_with_its_name():
    ran = Asked(id="a", question="Which firm ran in Velden?", title="", context="The Tramways ran in Velden.", answers=("the Tramways",))
    closed = Asked(id="b", question="When was the Tramways closed?", title="", context="It was closed in 1950.", answers=("1950",))
    assert [one.question for one in composed_questions([ran, closed])] == ["When was the firm that ran in Velden closed?"]


def test_a_first_step_whose_context_answers_by_itself_is_left_out():
    both = Asked(
        id="q4", question=FOUNDED.question, title="", context="Anna Holm of Quillen founded the Velden Tramways.", answers=("Anna Holm",)
    )
    assert list(composed_questions([both, BORN])) == []


def test_a_name_is_not_asked_for_beyond_its_share():
    many = [
        Asked(
            id=f"m{number}",
            question=f"When did Anna Holm see ship {number}?",
            title="",
            context=f"Ship {number}: 19{number}.",
            answers=(f"19{number}",),
        )
        for number in range(10, 60)
    ]
    assert len(list(composed_questions([FOUNDED, *many]))) == MAX_USES


def test_the_passage_of_the_first_step_belongs_and_does_not_answer():
    items = {item.id: item for item in items_of_composed(list(composed_questions([FOUNDED, BORN, OTTERS])), seed=3)}
    answering, first, foreign = items["q1+q2"], items["q1+q2-first"], items["q1+q2-foreign"]
    (place,) = answering.passages[0].answers
    assert answering.passages[0].text[slice(*place)] == "Quillen"
    assert (answering.answered, answering.relevant) == (True, True)
    assert (first.answered, first.relevant, first.passages[0].answers) == (False, True, ())
    assert (foreign.answered, foreign.relevant) == (False, False)
    assert foreign.passages[0].text.endswith(OTTERS.context)


def test_some_are_read_after_the_sentence_that_leads_there_and_some_alone():
    many = [
        Asked(
            id=f"m{number}",
            question=f"When did Anna Holm see ship {number}?",
            title="",
            context=f"Ship {number}: 19{number}.",
            answers=(f"19{number}",),
        )
        for number in range(10, 30)
    ]
    leads = {item.lead for item in items_of_composed(list(composed_questions([FOUNDED, *many])), seed=3) if item.answered}
    assert leads == {"", "Anna Holm founded the Velden Tramways in 1911."}
