"""What stands behind a label is found for a question that asks for the label."""

import pytest

from tadarag.generation.described import Described
from tadarag.generation.labelled import labelled_fact

POLICY = "# Policy\n\nPolicyholder: Ines Duarte, 5 Quay Street. Insurer: Nordhaven Mutual.\n- Start of cover: 1 June 2026\nNote: none."
NOTICE = "# 公告\n\n物业电话：021-55667788。值班经理：赵立国。維修師傅：孫強。"
TEXTS = [POLICY, NOTICE]
TITLES = ["Home policy", "阳光花园小区公告"]
DESCRIBED = [Described(title=title, sentences=(TEXTS[number],), passage=number) for number, title in enumerate(TITLES)]


def value(question, texts=TEXTS, described=DESCRIBED):
    fact = labelled_fact(question, described, texts)
    return "" if fact is None else texts[fact.passage][fact.start : fact.end]


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Who is the insurer?", "Nordhaven Mutual"),
        ("Who is the policyholder?", "Ines Duarte"),
        ("What is the policyholder?", "Ines Duarte, 5 Quay Street"),
        ("When is the start of cover?", "1 June 2026"),
        ("Who is the insurer of the home policy?", "Nordhaven Mutual"),
        ("Who is the policy's insurer?", "Nordhaven Mutual"),
        ("值班经理是谁？", "赵立国"),
        ("小区的值班经理是谁？", "赵立国"),
        ("物业电话是多少？", "021-55667788"),
        ("维修师傅叫什么名字？", "孫強"),
    ],
)
def test_a_label_that_is_asked_for_is_answered_by_its_value(question, expected):
    assert value(question) == expected


@pytest.mark.parametrize(
    "question", ["Who is the agent?", "Who is the insurer of the moon?", "Why is the insurer?", "Who insures?", "经理是谁？", ""]
)
def test_another_label_another_thing_or_another_form_is_none(question):
    assert value(question) == ""


def test_labels_with_different_values_tell_nothing():
    other = "Insurer: Southhaven Ltd."
    described = [*DESCRIBED, Described(title="Car policy", sentences=(other,), passage=2)]
    assert value("Who is the insurer?", [*TEXTS, other], described) == ""
    assert value("Who is the insurer of the car?", [*TEXTS, other], described) == "Southhaven Ltd"
