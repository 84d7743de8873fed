"""Which of two things has more of something, by the amounts that stand in what is said of them, and whether one has more than the other."""

from __future__ import annotations

import pytest

from tadarag.generation.described import as_asked, describe
from tadarag.generation.exceeding import exceeds
from tadarag.generation.measured_sides import side_by_amount
from tadarag.values import Passage
from tests.unit.generation.passages import passage


def about(title: str, *sentences: str) -> Passage:
    return passage(f"{title}.md", " ".join(sentences), title=title)


HALVRIN = about(
    "Halvrin Marine Ltd", "Halvrin Marine builds ferries.", "It was founded in 1911.", "It employs 340 people and earned 12 million euros."
)
BRENTA = about(
    "Brenta Works", "Brenta Works makes pumps.", "It was founded in 1950.", "It has 1,200 employees and a revenue of $9 million."
)
VELDEN = about("Velden", "Velden is a town.", "It covers 12 km2 and has a population of 8,211.")
QUILLEN = about("Quillen", "Quillen is a city of 24,000 inhabitants on 9 square miles.")
TOWER = about("Holm Tower", "Holm Tower stands 100 feet tall.", "It lies 30 km west of Velden.")
SPIRE = about("Quillen Spire", "The spire is 45 m tall.")
HAICHUAN = about("宁波海川科技有限公司", "宁波海川科技有限公司成立于2010年。", "公司现有员工63名。")
MINGYUAN = about("苏州明远电子有限公司", "苏州明远电子有限公司成立于2015年。", "公司拥有1.2万名员工。")
ORROW = about("Orrow", "Orrow has a population of 15,000.")
DACHENG = about("上海大成有限公司", "上海大成有限公司成立于1998年。", "公司有员工200名。")
ALL = describe([ORROW, DACHENG, HALVRIN, BRENTA, VELDEN, QUILLEN, TOWER, SPIRE, HAICHUAN, MINGYUAN])


@pytest.mark.parametrize(
    ("question", "side"),
    [
        ("Which has more employees, Halvrin or Brenta Works?", "Brenta Works"),
        ("Which has fewer employees, Halvrin or Brenta Works?", "Halvrin"),
        ("Which has the larger population, Velden or Quillen?", "Quillen"),
        ("Which is larger, Velden or Quillen?", "Quillen"),
        ("Which is less populous, Velden or Quillen?", "Velden"),
        ("Is Holm Tower or Quillen Spire taller?", "Quillen Spire"),
        ("Which has the largest population, Velden, Quillen or Orrow?", "Quillen"),
        ("Of Velden, Quillen and Orrow, which has the smallest population?", "Velden"),
        ("宁波海川、苏州明远和上海大成哪家员工最少？", "宁波海川"),
        ("哪家公司的员工最多：宁波海川、苏州明远还是上海大成？", "苏州明远"),
        ("宁波海川和苏州明远哪家员工更多？", "苏州明远"),
        ("宁波海川和苏州明远，哪家公司的员工更少？", "宁波海川"),
    ],
)
def test_the_side_with_more_or_less_is_named_as_asked(question, side):
    decided = side_by_amount(question, ALL)
    assert decided is not None
    assert as_asked(decided.title, question) == side


@pytest.mark.parametrize(
    "question",
    [
        "Which has the higher revenue, Halvrin or Brenta Works?",  # stated by one side only
        "Which is heavier, Holm Tower or Quillen Spire?",
        "Which has the largest population, Velden, Quillen or Nowhere?",
        "Which has more ferries, Halvrin or Brenta Works?",
        "How many employees does Brenta Works have?",
        "Which is published more often, Halvrin or Brenta Works?",
        "哪家公司更多？",
        "Which has the largest population, Velden, Quillen or Holm Tower?",  # stated by two of three sides
    ],
)
def test_nothing_is_decided_without_two_amounts(question):
    assert side_by_amount(question, ALL) is None


def test_equal_amounts_decide_nothing():
    twin = about("Twin Spire", "The spire is 45 m tall.")
    assert side_by_amount("Is Twin Spire or Quillen Spire taller?", describe([SPIRE, twin])) is None


def test_what_is_cited_says_the_amounts():
    decided = side_by_amount("Which has more employees, Halvrin or Brenta Works?", ALL)
    assert decided is not None
    assert [sentence for _, sentence in decided.said] == [
        "It employs 340 people and earned 12 million euros.",
        "It has 1,200 employees and a revenue of $9 million.",
    ]


@pytest.mark.parametrize(
    ("question", "yes"),
    [
        ("Does Brenta Works have more employees than Halvrin?", True),
        ("Does Velden have a larger population than Quillen?", False),
        ("Is Holm Tower taller than Quillen Spire?", False),
        ("Is Halvrin Marine Ltd older than Brenta Works?", True),
        ("宁波海川比苏州明远员工多吗？", False),
        ("苏州明远的员工比宁波海川多吗？", True),
        ("宁波海川科技有限公司比苏州明远成立得早吗？", True),
    ],
)
def test_yes_or_no_by_whether_the_first_has_more_than_the_second(question, yes):
    verdict = exceeds(question, ALL)
    assert verdict is not None
    assert verdict.yes == yes


@pytest.mark.parametrize(
    "question",
    [
        "Do Velden and Quillen have more people?",
        "Does Quillen not have a larger population than Velden?",
        "Is Velden, near Quillen, larger than 50 km2?",
        "宁波海川的员工比去年多吗？",
        "宁波海川比苏州明远漂亮吗？",
    ],
)
def test_nothing_is_said_where_no_side_is_set_above_the_other(question):
    assert exceeds(question, ALL) is None
