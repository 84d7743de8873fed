"""Yes and no by what the first sentences about two things have in common."""

from __future__ import annotations

import pytest

from tadarag.generation.described import describe
from tadarag.generation.shared_values import Verdict
from tadarag.generation.shared_values import share_it as share_it_of
from tadarag.values import Passage
from tests.unit.generation.passages import passage


def about(title: str, *sentences: str) -> Passage:
    return passage(f"{title}.md", " ".join(sentences), title=title)


def share_it(question: str, language: str, passages: list[Passage]) -> Verdict | None:
    return share_it_of(question, language, describe(passages))


VILLAGE = about("Stanari", "Stanari is a village in Bosnia and Herzegovina.", "It lies in the north.")
OTHER_VILLAGE = about("Krasnoye", "Krasnoye is a Russian village.")
SINGER = about("Ada Moor", "Ada Moor (born 1950) is a British singer and songwriter.")
DRUMMER = about("Ben Hill", "Ben Hill is a drummer and singer from Wales.")
FILM = about("The Long Road (1950 film)", "The Long Road is a film directed by Carl Berg.")
OTHER_FILM = about("Night Train", "Night Train is an Italian film directed by Dora Keller.")
MAKER = about("Carl Berg", "Carl Berg was a German director.")
OTHER_MAKER = about("Dora Keller", "Dora Keller was a filmmaker born in Germany.")


def test_two_things_whose_first_sentences_name_other_countries_are_not_from_the_same() -> None:
    verdict = share_it("Are the villages Stanari and Krasnoye located in the same country?", "en", [VILLAGE, OTHER_VILLAGE])
    assert verdict is not None
    assert (verdict.yes, verdict.sides) == (False, (0, 1))


def test_an_adjective_and_a_part_of_a_country_stand_for_it() -> None:
    verdict = share_it("Do Ada Moor and Ben Hill share the same nationality?", "en", [SINGER, DRUMMER])
    assert verdict is not None
    assert verdict.yes


def test_a_question_for_makers_is_decided_by_what_is_said_of_them_and_not_of_their_works() -> None:
    question = "Are director of film The Long Road (1950 Film) and director of film Night Train from the same country?"
    verdict = share_it(question, "en", [FILM, OTHER_FILM, MAKER, OTHER_MAKER])
    assert verdict is not None
    assert (verdict.yes, verdict.sides) == (True, (2, 3))


def test_a_question_for_makers_of_whom_one_was_not_found_stays_open() -> None:
    question = "Are director of film The Long Road (1950 Film) and director of film Night Train from the same country?"
    assert share_it(question, "en", [FILM, OTHER_FILM, MAKER]) is None


def test_of_two_things_of_one_name_the_one_that_the_question_names_in_full_is_meant() -> None:
    band = about("Ada Moor (band)", "Ada Moor is a band from Norway.")
    verdict = share_it("Are Ada Moor (band) and Ben Hill from the same country?", "en", [SINGER, DRUMMER, band])
    assert verdict is not None
    assert (verdict.yes, verdict.sides) == (False, (1, 2))


@pytest.mark.parametrize(
    ("question", "is_so"),
    [
        ("Are Ada Moor and Ben Hill both singers?", True),
        ("Are both Ada Moor and Ben Hill British singers?", True),
        ("Are Ada Moor and Ben Hill both drummers?", False),
        ("Are both Ada Moor and Ben Hill American singers?", False),
    ],
)
def test_both_are_what_is_asked_when_each_first_sentence_says_so(question: str, *, is_so: bool) -> None:
    verdict = share_it(question, "en", [SINGER, DRUMMER])
    assert verdict is not None
    assert verdict.yes == is_so


def test_places_other_than_countries_are_told_by_names_in_both_sentences() -> None:
    one = about("Nantong", "Nantong (NTG) is a city in Jiangsu province, China.")
    other = about("Wuxi", "Wuxi is a city in southern Jiangsu (WUX), China.")
    away = about("Jingde", "Jingde is a city in Jiangxi province, China.")
    verdicts = [
        share_it(f"Are Nantong and {name} in the same province?", "en", [one, them]) for name, them in (("Wuxi", other), ("Jingde", away))
    ]
    assert [verdict is not None and verdict.yes for verdict in verdicts] == [True, False]
    assert None not in verdicts


@pytest.mark.parametrize(
    ("question", "is_so"), [("林山和白河的国籍相同吗？", False), ("林山和白河都是日本人吗？", False), ("林山和江原都是中国人吗？", True)]
)
def test_chinese_questions_are_decided_as_well(question: str, *, is_so: bool) -> None:
    described = [
        about("林山", "林山是中国人，画家。"),
        about("白河", "白河是日本人，诗人。"),
        about("江原", "江原，中国人，歌手。"),
    ]
    verdict = share_it(question, "zh", described)
    assert verdict is not None
    assert verdict.yes == is_so


@pytest.mark.parametrize(
    "question",
    [
        "Was Ada Moor born before Ben Hill?",
        "Are Ada Moor and Carl Berg from the same country?",
        "Is Stanari in Russia?",
    ],
)
def test_what_is_asked_otherwise_or_of_things_not_found_stays_open(question: str) -> None:
    assert share_it(question, "en", [SINGER, DRUMMER, VILLAGE]) is None


def test_a_side_of_which_no_country_is_said_stays_open() -> None:
    plain = about("Cosgrove", "Cosgrove is a school in the hills.")
    assert share_it("Are Stanari and Cosgrove located in the same country?", "en", [VILLAGE, plain]) is None
