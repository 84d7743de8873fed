"""What a question asks for, and the cue that told it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tadarag.routing.questions import route_question


@pytest.mark.parametrize(
    ("question", "task"),
    [
        ("Who founded Halvrin?", "fact"),
        ("How many turbines are there?", "fact"),
        ("What is the nationality of the director of the film Blood Street?", "bridge"),
        ("Where was the man who designed the Otter 30 born?", "fact"),
        ("Who is Petra Solvane's grandfather?", "bridge"),
        ("Which film came out first, 3 Dots or Dying God?", "comparison"),
        ("Is the Otter 30 or the Heron 75 larger?", "comparison"),
        ("Are both companies from the same country?", "comparison"),
        ("List all ferries of the line.", "list"),
        ("Who are the directors of Halvrin?", "list"),
        ("Who led the bank from 2008 to 2012?", "temporal"),
        ("How long did the strike last?", "temporal"),
        ("Summarize the annual report.", "overview"),
        ("奥罗文银行的行长是谁？", "fact"),
        ("《野草》的作者的妻子是谁？", "bridge"),
        ("奥特30和赫伦75相比，哪个更重？", "comparison"),
        ("奎伦湾有哪些渡轮？", "list"),
        ("总结一下这份报告", "overview"),
        ("罢工持续了多久？", "temporal"),
    ],
)
def test_the_task_of_a_question(question: str, task: str) -> None:
    assert route_question(question).task == task


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("Who founded Halvrin?", "person"),
        ("Where does the Ysk end?", "place"),
        ("In which city is the bank?", "place"),
        ("When was the array opened?", "date"),
        ("How much does a crossing cost?", "number"),
        ("Is the ferry running?", "yesno"),
        ("Which company built the pier?", "organization"),
        ("What is the name of the ship?", "name"),
        ("Why did the rotors stop?", "text"),
        ("谁创办了哈尔夫林？", "person"),
        ("总部在哪里？", "place"),
        ("何时通车？", "date"),
        ("票价是多少？", "number"),
        ("有几个泊位？", "number"),
        ("渡轮是否停运？", "yesno"),
        ("哪家公司承建？", "organization"),
        ("这艘船叫什么？", "name"),
        ("为什么停机？", "text"),
    ],
)
def test_the_answer_type_of_a_question(question: str, answer: str) -> None:
    assert route_question(question).answer == answer


def test_the_language_is_told_by_the_script() -> None:
    assert [route_question(question).language for question in ("Who?", "谁？", "Fevrolin 的价格？")] == ["en", "zh", "zh"]


def test_the_reasons_quote_the_cue_that_fired() -> None:
    reasons = route_question("Summarize the treatment of the patient's disease.").reasons
    assert reasons[0] == "task overview: 'Summarize'"
    assert reasons[-1] == "domain bio_medical_research: 'disease', 'patient', 'treatment'"


def test_without_a_cue_the_route_says_so_at_low_confidence() -> None:
    route = route_question("Halvrin")
    assert (route.task, route.answer, route.domain, route.confidence) == ("fact", "text", "general_knowledge", 0.5)


@given(st.text(max_size=60))
def test_any_text_has_a_route_and_always_the_same(question: str) -> None:
    route = route_question(question)
    assert route == route_question(question)
    assert route.task in {"fact", "bridge", "comparison", "list", "temporal", "overview"}
    assert 0 <= route.confidence <= 1
