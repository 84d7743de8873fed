from __future__ import annotations

from collections.abc import Callable

import pytest

from tadarag.training.multihop_questions.facts import Fact, stated_in
from tadarag.training.multihop_questions.frames import shipped_frames
from tadarag.training.multihop_questions.passages import Passage

FILMS = {
    "Grey Harbour (film)": "Grey Harbour is a 1971 Danish drama film directed by Ysolde Marlund and starring Tove Brink.",
    "The Salt Road": "The Salt Road is a 1984 Danish film written and directed by Ysolde Marlund.",
    "Night Ferry": "Night Ferry is a 1990 Swedish thriller film directed by Oskar Vintergren.",
    "Ysolde Marlund": "Ysolde Marlund (4 May 1931 – 9 June 2001) was a Danish film director. She was born in Skagen, Denmark.",
    "Oskar Vintergren": "Oskar Vintergren (born 12 March 1950) is a Swedish film director.",
    "Skagen": "Skagen is a town in Frederikshavn Municipality, Denmark. It was founded in 1413.",
}


@pytest.fixture
def films() -> list[Passage]:
    """Three films, their two directors and the birthplace of one."""
    return [passage(title, text) for title, text in FILMS.items()]


@pytest.fixture
def facts_of() -> Callable[..., dict[str, Fact]]:
    """The facts of one passage by relation."""

    def facts(title: str, text: str, language: str = "en") -> dict[str, Fact]:
        said = stated_in(passage(title, text, language), 0, shipped_frames(language))
        return {fact.relation: fact for fact in said.facts} if said else {}

    return facts


def passage(title: str, text: str, language: str = "en") -> Passage:
    return Passage(corpus="made", id=title, title=title, text=text, language=language)
