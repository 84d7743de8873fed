"""The two sides of a comparison are named as the question names them, without its verbs and degrees."""

import pytest

from tadarag.generation.sides import find_sides, listed_sides, sides_of


@pytest.mark.parametrize(
    ("question", "sides"),
    [
        ("Which has more employees, Halvrin or Brenta Works?", ("Halvrin", "Brenta Works")),
        ("Is Muskegon Airport or Wayne Airport further west?", ("Muskegon Airport", "Wayne Airport")),
        ("Which building is taller Bertel Building or 432 Park Avenue?", ("Bertel Building", "432 Park Avenue")),
        ("Who was born first Ada ul Moor or Ben Hill?", ("Ada ul Moor", "Ben Hill")),
        ("Was Ben Hill or Dora Keller born later?", ("Ben Hill", "Dora Keller")),
        ("Which film came out first, The Last Coat or The First Hat?", ("Last Coat", "First Hat")),
        ("Which is heavier: the BK-9 or the BK-7?", ("BK-9", "BK-7")),
        ("What is the difference between the north and the south?", ("north", "south")),
    ],
)
def test_english_sides(question, sides):
    assert find_sides(question, "en") == sides


@pytest.mark.parametrize(
    ("question", "sides"),
    [
        ("宁波海川和苏州明远哪家员工更多？", ("宁波海川", "苏州明远")),
        ("《红楼梦》与《西游记》，哪部更长？", ("《红楼梦》", "《西游记》")),
    ],
)
def test_chinese_sides(question, sides):
    assert find_sides(question, "zh") == sides_of(question) == sides


@pytest.mark.parametrize("question", ["Who founded Acme?", "公司是谁创立的？", ""])
def test_a_question_about_one_thing_has_no_sides(question):
    assert sides_of(question) == ()


@pytest.mark.parametrize(
    ("question", "sides"),
    [
        ("Which is the oldest: Halvrin Marine, Brenta Works or Quillen?", ("Halvrin Marine", "Brenta Works", "Quillen")),
        ("Who was born first, Ada Moor, Ben Hill, or Dora Keller?", ("Ada Moor", "Ben Hill", "Dora Keller")),
        ("Which is the tallest of the Holm Tower, the Spire and Big Ben?", ("Holm Tower", "Spire", "Big Ben")),
        ("Of Velden, Quillen and Orrow, which has the largest population?", ("Velden", "Quillen", "Orrow")),
        ("宁波海川、苏州明远和上海大成三家公司中，哪家成立最早？", ("宁波海川", "苏州明远", "上海大成")),
        ("哪家公司员工最多：宁波海川、苏州明远还是上海大成？", ("宁波海川", "苏州明远", "上海大成")),
    ],
)
def test_three_or_more_things_are_listed_as_the_question_names_them(question, sides):
    assert listed_sides(question) == sides_of(question) == sides


@pytest.mark.parametrize(
    "question",
    ["Which is older, A or B?", "Which magazine was started first, Arthur's Magazine or First for Women?", "北京和上海哪个人口更多？"],
)
def test_two_things_are_no_list(question):
    assert listed_sides(question) == ()
