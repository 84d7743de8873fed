"""Which of two things came first, last or lived longer, by the dates that stand in what is said of them."""

from __future__ import annotations

import pytest

from tadarag.generation.dated_sides import side_by_date as side_by_date_of
from tadarag.generation.described import describe
from tadarag.generation.sides import DecidedSide
from tadarag.values import Passage
from tests.unit.generation.passages import passage


def about(title: str, *sentences: str) -> Passage:
    return passage(f"{title}.md", " ".join(sentences), title=title)


def side_by_date(question: str, passages: list[Passage]) -> DecidedSide | None:
    return side_by_date_of(question, describe(passages))


ADA = about("Ada Moor", "Ada Moor (born 10 May 1950 in Bergen) is a singer.")
BEN = about("Ben Hill", "Ben Hill (3 March 1920 – 4 June 1990) was a writer.")
CARL = about("Carl Berg", "Carl Berg (March 9, 1901 – July 2, 1999) was a director.")
DORA = about("Dora Keller", "Dora Keller was a director.", "She was born on 1 May 1930 in Ulm and died in 1975.")
ROAD = about("The Long Road (1950 film)", "The Long Road is a 1950 film directed by Carl Berg and starring Ben Hill.")
TRAIN = about("Night Train", "Night Train is an Italian film of 1961.", "It was directed by Dora Keller.")
CLUB = about("Harbour Club", "Harbour Club is a society of sailors.", "It was founded in 1888 by fishermen.")
GUILD = about("Weavers' Guild", "The Weavers' Guild was founded in 1702.")
ALL = [ADA, BEN, CARL, DORA, ROAD, TRAIN, CLUB, GUILD]


@pytest.mark.parametrize(
    ("question", "title"),
    [
        ("Who was born first, Ada Moor or Ben Hill?", "Ben Hill"),
        ("Who is younger, Ada Moor or Carl Berg?", "Ada Moor"),
        ("Who was born first, Ada Moor, Ben Hill or Carl Berg?", "Carl Berg"),
        ("Of Ada Moor, Ben Hill and Carl Berg, who was born last?", "Ada Moor"),
        ("Which is the oldest: the Harbour Club, the Weavers' Guild or Night Train?", "Weavers' Guild"),
        ("Was Ben Hill or Dora Keller born later?", "Dora Keller"),
        ("Who died later, Ben Hill or Carl Berg?", "Carl Berg"),
        ("Who lived longer, Ben Hill or Carl Berg?", "Carl Berg"),
        ("Which film came out first, Night Train or The Long Road (1950 Film)?", "The Long Road (1950 film)"),
        ("Which film was released more recently, The Long Road (1950 Film) or Night Train?", "Night Train"),
        ("Which was founded earlier, the Harbour Club or the Weavers' Guild?", "Weavers' Guild"),
        ("Which is older, the Harbour Club or the Weavers' Guild?", "Weavers' Guild"),
        ("Which is younger, the Harbour Club or the Weavers' Guild?", "Harbour Club"),
        ("Which film has the director born earlier, Night Train or The Long Road (1950 Film)?", "The Long Road (1950 film)"),
        ("Which film has the director who died first, Night Train or The Long Road (1950 Film)?", "Night Train"),
    ],
)
def test_the_dates_of_both_sides_decide(question: str, title: str) -> None:
    decided = side_by_date(question, ALL)
    assert decided is not None
    assert decided.title == title


def test_who_is_older_is_not_decided_by_what_people_made() -> None:
    writer = about("Eva Lind", "Eva Lind is a writer.", "Her first book was published in 1990.")
    founder = about("Jon Rask", "Jon Rask founded a firm in 1960.", "It was founded in Lissow.")
    assert side_by_date("Who is older, Eva Lind or Jon Rask?", [writer, founder]) is None


def test_the_passages_of_both_sides_and_of_those_who_made_them_are_named_as_telling_it() -> None:
    decided = side_by_date("Which film has the director born first, Night Train or The Long Road (1950 Film)?", ALL)
    assert decided is not None
    assert {ALL[number].subject for number in decided.told_by} == {"Carl Berg", "Dora Keller", "Night Train", "The Long Road (1950 film)"}


@pytest.mark.parametrize(
    "question",
    [
        "Who was born first, Ada Moor or Emil Roth?",
        "Who died first, Ada Moor or Ben Hill?",
        "Who is taller, Ada Moor or Ben Hill?",
        "When was Ada Moor born?",
        "Which song did Ada Moor, who was born before Ben Hill, sing?",
    ],
)
def test_where_a_side_or_its_date_is_missing_or_something_else_is_asked_nothing_is_decided(question: str) -> None:
    assert side_by_date(question, ALL) is None


def test_two_dates_of_which_one_is_a_year_alone_and_the_years_are_equal_decide_nothing() -> None:
    sides = [about("Ada Moor", "Ada Moor (born 1950) sings."), about("Ben Hill", "Ben Hill (born 3 March 1950) writes.")]
    assert side_by_date("Who was born first, Ada Moor or Ben Hill?", sides) is None


def test_chinese_dates_decide_as_well() -> None:
    sides = [about("林山", "林山（1950年3月2日－2001年），画家。"), about("白河", "白河（1948年5月－），诗人。")]
    decided = side_by_date("林山和白河谁出生更早？", sides)
    assert decided is not None
    assert decided.title == "白河"
