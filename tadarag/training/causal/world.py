"""A generated world of facts: short texts about made-up people, each with a question over two of its facts.

Every item is a pure function of (seed, split, number). A text states who does what to whom and who was born where, in shuffled sentences; the
question goes from a person over a tie to another and to that one's place of birth. The teacher's graph holds the two facts that are needed, in
the order in which they are needed, and on purpose some that are not, so that there is something to leave out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
import yaml

from tadarag.errors import TrainingError
from tadarag.graph.tuple_format import END, EntityTuple, RelationTuple, Tuples, write_tuples
from tadarag.training.causal.graph_items import GraphItem
from tadarag.training.reinforcement.named_streams import named_stream

BORN = "born_in"
LANGUAGES = ("en", "zh")
PERSON, LOCATION = "person", "location"


@dataclass(frozen=True, slots=True, kw_only=True)
class WorldShape:
    """How large a text is. n_ties: facts of the first hop, each with the birth of its tail. n_births: births besides, the asked person's first.

    most_needless: the teacher's graph holds 0 to so many facts that are not needed, each number equally often. plain_share: if given, the share of
    graphs that hold none, the other numbers equally often. n_people, n_cities: names that are drawn from; a model of two layers learns to tell
    few names apart sooner than many.
    """

    n_ties: int = 3
    n_births: int = 1
    most_needless: int = 3
    plain_share: float | None = None
    language: str = "en"
    n_people: int = 20
    n_cities: int = 12

    def __post_init__(self) -> None:
        if self.language not in LANGUAGES:
            raise TrainingError(f"there is no world in {self.language!r}", f"choose one of: {', '.join(LANGUAGES)}")
        words = world_words(self.language)
        if not 2 <= self.n_people <= len(words["people"]) or not 2 <= self.n_cities <= len(words["cities"]):
            raise TrainingError(
                f"there are no {self.n_people} people and {self.n_cities} cities to draw from",
                f"give 2 to {len(words['people'])} people and 2 to {len(words['cities'])} cities",
            )
        if self.n_ties < 1 or 2 * self.n_ties > self.n_people or not 0 <= self.n_births <= self.n_ties:
            raise TrainingError(
                f"a world cannot have {self.n_ties} ties and {self.n_births} births besides",
                f"give 1 to {self.n_people // 2} ties, and no more births than these",
            )
        if self.n_ties + self.n_births > self.n_cities:
            raise TrainingError(f"there are only {self.n_cities} cities", "give fewer ties or births")
        if not 0 <= self.most_needless <= 2 * self.n_ties + self.n_births - 2:
            raise TrainingError(f"a text has no {self.most_needless} facts that are not needed", "give fewer, or more ties")
        if self.plain_share is not None and not 0 <= self.plain_share <= 1:
            raise TrainingError(f"{self.plain_share} is no share of graphs", "give plain_share a number from 0 to 1")


@dataclass(frozen=True, slots=True)
class Fact:
    """Who, what, whom or where, and the sentence that says so."""

    head: str
    relation: str
    tail: str
    sentence: str


def make_items(shape: WorldShape, *, n: int, seed: int, split: str) -> list[GraphItem]:
    """The first n items of a split; asked for more, the first ones stay as they are."""
    return [_item(shape, named_stream(seed, "world", shape.language, split, number)) for number in range(n)]


def make_restated_texts(shape: WorldShape, *, n: int, seed: int, graph_share: float = 0.0) -> list[tuple[str, str]]:
    """n texts, and the same facts again in another order: what a model learns to read from, before it hears of questions.

    graph_share: how many, in expectation, are stated again as the graph of all facts of the text instead of in sentences.
    """
    words = world_words(shape.language)
    streams = (named_stream(seed, "world", shape.language, "restated", number) for number in range(n))
    return [_restated(shape, words, stream, graph_share) for stream in streams]


@cache
def world_words(language: str) -> Mapping[str, Any]:
    """The names, ties and frames of sentences of a language."""
    text = files("tadarag.training.causal").joinpath("world_words.yaml").read_text("utf-8")
    found: Mapping[str, Any] = yaml.safe_load(text)[language]
    return found


def world_pieces(language: str) -> tuple[str, ...]:
    """Every piece that prompts, graphs and answers of a language are made of: names, names with what is said of them, and the wire's punctuation.

    "Ana trusts " is one piece, so that what a fact says of whom stands directly before whom it says it of.
    """
    words = world_words(language)
    predicates = [words["tie"].format(head="|", tie=tie, tail="|").split("|")[1] for tie in words["ties"]]
    predicates.append(words["born"].format(head="|", tail="|").split("|")[1])
    pieces = {f"{person}{predicate}" for person in words["people"] for predicate in predicates}
    for tie in words["ties"]:
        asked, behind = words["question"].format(head="|", tie=tie).split("|")
        pieces |= {asked, behind.removeprefix(words["tie"].format(head="", tie=tie, tail="|").split("|")[0])} - {""}
    stop = words["born"][-1]
    wire = {'("Entity", "', '("Relation", "', '", "', '", "")\n', f'{stop}")\n', f"{END}\n", "\n", stop, stop + words["between"]}
    wire |= {PERSON, LOCATION, BORN}
    return tuple(sorted(pieces | wire | {*words["people"], *words["cities"], *words["ties"]}))


def _item(shape: WorldShape, stream: np.random.Generator) -> GraphItem:
    words = world_words(shape.language)
    needed, others = _facts(shape, words, stream)
    sentences = [fact.sentence for fact in (*needed, *others)]
    order = stream.permutation(len(sentences))
    stated = _with_needless(needed, others, _n_needless(shape, stream), stream)
    tie, birth = needed
    return GraphItem(
        question=words["question"].format(head=tie.head, tie=tie.relation),
        source=words["between"].join(sentences[place] for place in order),
        graph=graph_of(stated, words["cities"]),
        answer=birth.tail,
        evidence=(tie.sentence, birth.sentence),
        task="bridge",
    )


def _restated(shape: WorldShape, words: Mapping[str, Any], stream: np.random.Generator, graph_share: float) -> tuple[str, str]:
    needed, others = _facts(shape, words, stream)
    facts = [*needed, *others]
    in_order, again = ([facts[place] for place in stream.permutation(len(facts))] for _ in range(2))
    if graph_share and stream.random() < graph_share:
        return _told(in_order, words), graph_of(again, words["cities"])
    return _told(in_order, words), _told(again, words)


def _told(facts: Sequence[Fact], words: Mapping[str, Any]) -> str:
    between: str = words["between"]
    return between.join(fact.sentence for fact in facts) + "\n"


def _facts(shape: WorldShape, words: Mapping[str, Any], stream: np.random.Generator) -> tuple[list[Fact], list[Fact]]:
    """The two facts of the question, and all others of the text."""
    people = [words["people"][place] for place in stream.permutation(shape.n_people)[: 2 * shape.n_ties]]
    cities = iter(words["cities"][place] for place in stream.permutation(shape.n_cities))
    heads, tails = people[: shape.n_ties], people[shape.n_ties :]
    ties = [words["ties"][place] for place in stream.integers(len(words["ties"]), size=shape.n_ties)]

    def born(person: str) -> Fact:
        city = next(cities)
        return Fact(person, BORN, city, words["born"].format(head=person, tail=city))

    tied = [
        Fact(head, tie, tail, words["tie"].format(head=head, tie=tie, tail=tail))
        for head, tie, tail in zip(heads, ties, tails, strict=True)
    ]
    births = [born(person) for person in (*tails, *heads[: shape.n_births])]
    return [tied[0], births[0]], [*tied[1:], *births[1:]]


def _n_needless(shape: WorldShape, stream: np.random.Generator) -> int:
    if shape.plain_share is None or not shape.most_needless:
        return int(stream.integers(shape.most_needless + 1))
    is_plain = stream.random() < shape.plain_share
    return 0 if is_plain else 1 + int(stream.integers(shape.most_needless))


def _with_needless(needed: Sequence[Fact], others: Sequence[Fact], n: int, stream: np.random.Generator) -> list[Fact]:
    """The needed facts in their order, with n others at places that chance chooses."""
    facts = list(needed)
    for place in stream.permutation(len(others))[:n]:
        facts.insert(int(stream.integers(len(facts) + 1)), others[place])
    return facts


def graph_of(facts: Sequence[Fact], cities: Sequence[str]) -> str:
    """The wire format of facts: things as they first come up in them, then the facts with their sentences as evidence."""
    names = dict.fromkeys(name for fact in facts for name in (fact.head, fact.tail))
    return write_tuples(
        Tuples(
            entities=tuple(EntityTuple(name, LOCATION if name in cities else PERSON) for name in names),
            relations=tuple(RelationTuple(fact.head, fact.relation, fact.tail, fact.sentence) for fact in facts),
            is_complete=True,
        )
    )
