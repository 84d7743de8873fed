"""The corpus graph as plain values of JSON: things, their names with the reasons that joined them, facts, conflicts, chains."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from tadarag.answer_json import Json, span_json

if TYPE_CHECKING:
    from tadarag.graph.document_entities import Quote
    from tadarag.graph.facts import Conflict, Statement
    from tadarag.graph.paths import Path
    from tadarag.graph.view import CorpusView, Thing


def thing_json(thing: Thing) -> Json:
    """A thing without its facts."""
    return {"name": thing.name, "type": thing.kind, "types": list(thing.kinds), "sources": [str(source) for source in thing.sources]}


def alias_json(view: CorpusView, thing: Thing) -> Json:
    """A thing with its names and the edges that joined it."""
    return {
        **thing_json(thing),
        "names": [{"name": name, "sentences": _quotes(quotes)} for name, quotes in view.names(thing)],
        "aliases": [
            {
                "reason": alias.reason,
                "names": [view.entities[node].name for node in (alias.one, alias.other)],
                "sources": [str(node[0]) for node in (alias.one, alias.other)],
                "support": _quotes(alias.support),
            }
            for alias in view.aliases_of(thing)
        ],
    }


def aliases_json(view: CorpusView, things: Sequence[Thing], *, n_things: int) -> Json:
    """Things with their names, how many there are in all, and the pairs of names that a person keeps apart."""
    return {
        "things": [alias_json(view, thing) for thing in things],
        "n_things": n_things,
        "parted": [[" ".join(name.split()) for name in pair] for pair in view.parted()],
    }


def entity_json(view: CorpusView, thing: Thing, *, depth: int = 1, as_of: str = "") -> Json:
    """A thing with its names, facts and conflicts, the short names that may mean it, and what is fewer than `depth` facts away.

    as_of: only facts that hold then by the dates that documents state. Raises UsageError when it is no date.
    """
    from tadarag.graph.facts import conflicts, statements
    from tadarag.graph.neighbourhood import MOST_NAMED_WITH, may_also_be, things_around

    stated = statements(view, thing, as_of=as_of)
    return {
        **alias_json(view, thing),
        "as_of": as_of,
        "facts": [_statement_json(statement) for statement in stated],
        "conflicts": [_conflict_json(conflict) for conflict in conflicts(view, stated)],
        "may_also_be": [
            {"name": one.short.name, "source": str(one.short.sources[0]), "weight": one.weight} for one in may_also_be(view, thing)
        ],
        "named_with": [{"name": name, "sentences": n} for name, n in view.named_with(thing)[:MOST_NAMED_WITH]],
        "around": [
            {**thing_json(near), "facts": [_statement_json(statement) for statement in statements(view, near, as_of=as_of)]}
            for near in things_around(view, thing, depth=depth, as_of=as_of)
        ],
    }


def paths_json(one: Thing, other: Thing, chains: Iterable[Path]) -> Json:
    """Two things and the chains that join them."""
    return {"from": thing_json(one), "to": thing_json(other), "paths": [path_json(chain) for chain in chains]}


def path_json(chain: Path) -> Json:
    """A chain of steps with their sentences."""
    return {
        "steps": [
            {
                "from": step.one.name,
                "to": step.other.name,
                "kind": step.kind,
                "predicate": step.predicate,
                "is_reversed": step.is_reversed,
                "weight": step.weight,
                "sentences": _quotes(step.quotes),
            }
            for step in chain.steps
        ]
    }


def _statement_json(statement: Statement) -> Json:
    fact = statement.fact
    return {
        "predicate": fact.predicate,
        "direction": statement.direction,
        "other": {"name": statement.other_end.name, "type": statement.other_end.core},
        "source": str(fact.evidence.source),
        "content": fact.content,
        "span": span_json(fact.evidence.span),
        "sentence": fact.evidence.text,
        "probability": fact.probability,
        "stated_on": fact.stated_on,
        "valid_from": fact.valid_from,
        "valid_to": fact.valid_to,
    }


def _conflict_json(conflict: Conflict) -> Json:
    return {
        "predicate": conflict.predicate,
        "values": [
            {
                "value": value.name,
                "is_latest": value == conflict.latest,
                "statements": [
                    {"source": str(fact.evidence.source), "stated_on": fact.stated_on, "sentence": fact.evidence.text} for fact in facts
                ],
            }
            for value, facts in conflict.values
        ],
    }


def _quotes(quotes: Iterable[Quote]) -> list[Json]:
    return [{"source": str(quote.source), "span": span_json(quote.span), "sentence": quote.text} for quote in quotes]
