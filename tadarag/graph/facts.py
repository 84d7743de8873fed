"""What is stated of a thing, with conflicts side by side and the state at a date."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from tadarag.errors import UsageError
from tadarag.graph.document_entities import Fact, LocalEntity
from tadarag.graph.view import CorpusView, Thing

FUNCTIONAL = frozenset({"born_on", "born_in", "died_on", "occurs_on", "has_value", "governed_by", "happens_at"})
"""Predicates of which a thing has one value at a time: two that differ are a conflict, or a change."""

_DATE = re.compile(r"\d{4}(?:-\d{2}(?:-\d{2})?)?")
Direction = Literal["out", "in"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A fact seen from one thing: "out" means that the thing is the head.

    other: the thing at the other end. other_end: the same as the document of the fact names it.
    """

    fact: Fact
    other: Thing
    other_end: LocalEntity
    direction: Direction


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """Facts of one predicate that give a thing different values, by value; `latest` is the value of the document with the latest date.

    latest: None where no document states a date, or where the latest date is that of several values.
    """

    predicate: str
    values: tuple[tuple[Thing, tuple[Fact, ...]], ...]
    latest: Thing | None


def statements(view: CorpusView, thing: Thing, *, kind: str = "", as_of: str = "") -> tuple[Statement, ...]:
    """The facts of a thing, sorted by predicate and evidence.

    kind: only those whose other end is of this type. as_of: only those that hold then by the dates that documents state; a fact without
    any date is kept, for nothing says when it holds. Raises UsageError when `as_of` is no ISO date.
    """
    check_date(as_of)
    found = []
    for fact in view.facts_of(thing):
        direction: Direction = "out" if view.of[fact.head] == thing.number else "in"
        end = fact.tail if direction == "out" else fact.head
        other = view.things[view.of[end]]
        if (not kind or kind in (other.kind, *other.kinds)) and (not as_of or holds(fact, as_of)):
            found.append(Statement(fact=fact, other=other, other_end=view.entities[end], direction=direction))
    return tuple(found)


def holds(fact: Fact, as_of: str) -> bool:
    """Whether a fact holds at a date as far as documents state: from the start of `valid_from` to the end of `valid_to`.

    A coarse date stands for its whole range: a fact of 2024 holds as of any date from 2024-01-01, and "as of 2024" ends with 2024-12-31.
    """
    starts = not fact.valid_from or _first_day(fact.valid_from) <= _last_day(as_of)
    return starts and (not fact.valid_to or _first_day(as_of) <= _last_day(fact.valid_to))


def conflicts(view: CorpusView, stated: Iterable[Statement]) -> tuple[Conflict, ...]:
    """Predicates of one value for which the statements of a thing give several, sorted by predicate; a year and a day of it agree."""
    by_predicate: dict[str, dict[int, list[Fact]]] = {}
    for statement in stated:
        if statement.direction == "out" and statement.fact.predicate in FUNCTIONAL:
            by_predicate.setdefault(statement.fact.predicate, {}).setdefault(statement.other.number, []).append(statement.fact)
    found = []
    for predicate, facts in sorted(by_predicate.items()):
        values = _distinct(view, facts)
        if len(values) > 1:
            parts = tuple((view.things[number], tuple(values[number])) for number in sorted(values))
            found.append(Conflict(predicate=predicate, values=parts, latest=_latest(parts)))
    return tuple(found)


def check_date(as_of: str) -> None:
    """Raises UsageError unless it is "" or an ISO date: year, month or day."""
    if as_of and not _DATE.fullmatch(as_of):
        raise UsageError(f"{as_of!r} is no date", "write a year, month or day, such as 2024, 2024-05 or 2024-05-31")


def _distinct(view: CorpusView, facts: dict[int, list[Fact]]) -> dict[int, list[Fact]]:
    """Facts by value, with a coarse date under the finer one that it agrees with, and equal names of several documents under the first."""
    written = {number: view.entities[view.things[number].nodes[0]] for number in facts}
    joined: dict[int, list[Fact]] = {}
    for number in sorted(facts, key=lambda one: (-len(written[one].folded), one)):
        like = next((one for one in sorted(joined) if _agree(written[one], written[number])), number)
        joined.setdefault(like, []).extend(facts[number])
    return joined


def _agree(fine: LocalEntity, coarse: LocalEntity) -> bool:
    if fine.core == "time" == coarse.core:
        return fine.folded.startswith(coarse.folded)
    return fine.folded == coarse.folded


def _latest(values: tuple[tuple[Thing, tuple[Fact, ...]], ...]) -> Thing | None:
    dated = [(max(fact.stated_on for fact in facts), thing) for thing, facts in values]
    last = max(date for date, _ in dated)
    bearers = [thing for date, thing in dated if date == last]
    return bearers[0] if last and len(bearers) == 1 else None


def _first_day(date: str) -> str:
    return date + "0000-01-01"[len(date) :] if _DATE.fullmatch(date) else date


def _last_day(date: str) -> str:
    return date + "0000-12-31"[len(date) :]
