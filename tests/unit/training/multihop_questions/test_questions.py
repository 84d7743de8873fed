from __future__ import annotations

from typing import Any

import pytest

from tadarag.training.multihop_questions.drafts import Answer, Draft
from tadarag.training.multihop_questions.passages import Passage
from tadarag.training.multihop_questions.records import SHAPES, Limits, question_records, thinned

LIMITS = Limits(by_shape=dict.fromkeys(SHAPES, 100), by_subject=100)


def questions(passages: list[Passage], limits: Limits = LIMITS, seed: int = 13) -> list[dict[str, Any]]:
    return question_records("made", passages, limits=limits, seed=seed)


def passage(title: str, text: str) -> Passage:
    return Passage(corpus="made", id=title, title=title, text=text, language="en")


def by_path(records: list[dict[str, Any]], path: str) -> list[dict[str, Any]]:
    return [one for one in records if one["path"] == path]


def test_a_bridge_question_needs_both_passages_and_names_no_bridge(films: list[Passage]) -> None:
    asked = by_path(questions(films), "director > born_on")
    grey = next(one for one in asked if "Grey Harbour" in one["question"])
    assert [gold["title"] for gold in grey["passages"]] == ["Grey Harbour (film)", "Ysolde Marlund"]
    assert grey["answer"]["text"] == "4 May 1931"
    assert "Marlund" not in grey["question"]


def test_a_chain_of_three_passages_gives_a_question_of_three_hops(films: list[Passage]) -> None:
    asked = by_path(questions(films), "director > born_in > founded_on")
    assert asked
    assert all(one["hops"] == 3 and one["answer"]["text"] == "1413" for one in asked)


def test_two_films_of_one_director_give_an_intersection(films: list[Passage]) -> None:
    (asked,) = by_path(questions(films), "director & director")
    assert asked["answer"]["text"] == "Ysolde Marlund"
    assert {gold["title"] for gold in asked["passages"]} == {"Grey Harbour (film)", "The Salt Road"}


def test_the_answer_of_a_comparison_is_the_side_that_comes_first_or_last(films: list[Passage]) -> None:
    years = {"Grey Harbour": 1971, "The Salt Road": 1984, "Night Ferry": 1990}
    for one in by_path(questions(films), "released_on first") + by_path(questions(films), "released_on last"):
        sides = [name for name in years if name in one["question"]]
        choose = min if one["path"].endswith("first") else max
        assert one["answer"]["text"] == choose(sides, key=years.__getitem__)


def test_every_answer_stands_in_its_passage_and_not_in_its_question(films: list[Passage]) -> None:
    for one in questions(films):
        if one["answer"]["kind"] == "yesno":
            continue
        gold = one["passages"][one["answer"]["passage"]]
        assert gold["text"][one["answer"]["start"] : one["answer"]["end"]] == one["answer"]["text"]
        if "comparison" not in one["shape"]:
            assert one["answer"]["text"] not in one["question"]


def test_every_sentence_is_the_one_at_its_range(films: list[Passage]) -> None:
    golds = [gold for one in questions(films) for gold in one["passages"]]
    assert golds
    assert all(gold["text"][gold["start"] : gold["end"]] == gold["sentence"] for gold in golds)


def test_a_second_value_elsewhere_in_the_corpus_silences_the_question(films: list[Passage]) -> None:
    other = passage("Ysolde Marlund - Life", "Ysolde Marlund (6 May 1932 – 9 June 2001) was a Danish film director.")
    assert by_path(questions(films), "director > born_on")
    assert not any(
        "Marlund" in gold["title"] for one in by_path(questions([*films, other]), "director > born_on") for gold in one["passages"]
    )


def test_a_subject_with_a_namesake_is_not_asked_about(films: list[Passage]) -> None:
    namesake = passage("Night Ferry (song)", "Night Ferry is a song by the Danish band Moss.")
    assert any("Night Ferry" in one["question"] for one in questions(films))
    assert not any("Night Ferry" in one["question"] for one in questions([*films, namesake]))


def test_a_director_born_after_the_film_is_another_person(films: list[Passage]) -> None:
    late = [
        passage("Old Mill", "Old Mill is a 1930 Danish film directed by Bo Krag."),
        passage("Bo Krag", "Bo Krag (born 3 May 1971) is a Danish film director."),
    ]
    assert not any("Old Mill" in one["question"] and one["hops"] > 1 for one in questions(late))


def test_no_slot_is_left_in_a_question(films: list[Passage]) -> None:
    assert not any(set("{}⟨⟩§") & set(one["question"]) for one in questions(films))


def test_the_same_seed_gives_the_same_questions(films: list[Passage]) -> None:
    assert questions(films) == questions(films)
    assert questions(films) != questions(films, seed=14)


def test_traditional_passages_are_asked_about_in_traditional_characters() -> None:
    text = "青河大學是一所綜合性大學，成立於1951年，位於雲州市。"
    university = Passage(corpus="made", id="1", title="青河大學", text=text, language="zh")
    (asked,) = by_path(questions([university]), "成立时间")
    assert not set("么时于个历") & set(asked["question"])


@pytest.mark.parametrize(
    ("limits", "n"), [(Limits(by_shape={"single": 3}), 3), (Limits(by_shape={"single": 9}, by_path=2), 2), (Limits(by_shape={}), 0)]
)
def test_a_limit_holds(limits: Limits, n: int) -> None:
    drafts = [
        Draft(shape="single", hops=1, path="a", text=f"question {number}", answer=Answer(text="x", kind="name"), facts=(), frames=())
        for number in range(9)
    ]
    assert len(thinned(drafts, limits, seed=1)) == n
