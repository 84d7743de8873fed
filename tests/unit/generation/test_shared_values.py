"""Yes or no from what the names at the beginning of two passages have in common."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from tadarag.generation.question_form import read_question
from tadarag.generation.read_hits import ReadHit, read_hits
from tadarag.generation.shared_values import share_it, sides_of
from tadarag.models.passage_reader import FoundSpan, TextReading
from tests.unit.generation.passages import evidence, passage, route

HOLM = passage("holm.md", "Anna Holm was a Norwegian engineer. She was born in Velden.", title="Anna Holm")
BERG = passage("berg.md", "Otto Berg (1901 – 1987) was a sailor from Bergen, Norway.", title="Otto Berg")
CLARK = passage("clark.md", "Mary Clark is an American engineer and sailor.", title="Mary Clark")
DUSK = passage("dusk.md", "Dusk is a 1999 British film directed by Otto Berg.", title="Dusk (film)")
DAWN = passage("dawn.md", "Dawn is a 2003 British film directed by Mary Clark.", title="Dawn (film)")
AMBER = passage("amber.md", "Amber Line is a band from Leeds, Yorkshire.", title="Amber Line")
COPPER = passage("copper.md", "Copper Road is a band from Hull, Yorkshire.", title="Copper Road")
ASH = passage("ash.md", "Ash Grove is a band from Truro, Cornwall.", title="Ash Grove")


class Finds:
    """A reader that finds the first word everywhere."""

    def read(self, question: str, passages: Sequence[str], *, lead: str = "", n_spans: int = 1) -> TextReading:
        span = FoundSpan(passage=0, start=0, end=len(passages[0].split()[0]), margin=1.0)
        return TextReading(spans=(span,), answered=0.5, relevant=0.5, kinds=(1.0, 0.0, 0.0))


def decided(question: str, *shown: object) -> bool | None:
    form = read_question(question, route(question))
    return share_it(form, _read(question, *shown))


def _read(question: str, *shown: object) -> tuple[ReadHit, ...]:
    return read_hits(Finds(), question, evidence(question, *shown).hits)


@pytest.mark.parametrize(
    ("question", "shown", "expected"),
    [
        ("Were Anna Holm and Otto Berg of the same nationality?", (HOLM, BERG), True),
        ("Were Anna Holm and Mary Clark of the same nationality?", (HOLM, CLARK), False),
        ("Do Anna Holm and Mary Clark share the same nationality?", (CLARK, BERG, HOLM), False),
        ("Are Amber Line and Copper Road from the same county?", (AMBER, COPPER), True),
        ("Are Amber Line and Ash Grove from the same county?", (AMBER, ASH), False),
        ("Are both Anna Holm and Mary Clark Norwegian engineers?", (HOLM, CLARK), False),
    ],
)
def test_names_of_both_sides_decide(question: str, shown: tuple[object, ...], expected: bool) -> None:
    assert decided(question, *shown) is expected


def test_a_question_through_a_role_is_about_what_the_sides_lead_to() -> None:
    question = "Do the films Dusk and Dawn have directors of the same nationality?"
    assert decided(question, DUSK, DAWN, BERG, CLARK) is False
    assert decided("Are the films Dusk and Dawn from the same country?", DUSK, DAWN, BERG, CLARK) is True
    form = read_question(question, route(question))
    sides = sides_of(form, _read(question, DUSK, DAWN, BERG, CLARK))
    assert sides is not None
    assert [one.hit.passage.subject for one in sides] == ["Otto Berg", "Mary Clark"]


@pytest.mark.parametrize(
    ("question", "shown"),
    [
        ("Were Anna Holm and Otto Berg of the same nationality?", (HOLM,)),
        ("Was Anna Holm an engineer?", (HOLM, CLARK)),
        ("Which of Anna Holm and Mary Clark is of the same nationality as Otto Berg?", (HOLM, CLARK, BERG)),
        ("Are both Mary Clark and Anna Holm engineers?", (HOLM, CLARK)),
        ("安娜和奥托是同一个国家的人吗？", (HOLM, BERG)),
    ],
)
def test_nothing_is_decided_where_it_is_not_asked_or_a_side_was_not_read(question: str, shown: tuple[object, ...]) -> None:
    assert decided(question, *shown) is None
