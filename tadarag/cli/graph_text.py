"""How the corpus graph is written for a person."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from tadarag.cli.output import counted, one_line

if TYPE_CHECKING:
    from tadarag.graph.document_entities import Fact, Quote
    from tadarag.graph.facts import Statement
    from tadarag.graph.paths import Path
    from tadarag.graph.view import CorpusView, Thing


def alias_lines(view: CorpusView, things: Iterable[Thing], *, with_sentences: bool) -> Iterator[str]:
    """One block a thing: its names, then why they are one; with all sentences, or with those of stated second names only."""
    for thing in things:
        yield one_line(f"{thing.name} ({thing.kind}), {counted(len(thing.sources), 'document')}")
        for name, quotes in view.names(thing):
            yield _indented(2, f"{name}: {', '.join(dict.fromkeys(str(quote.source) for quote in quotes))}")
            if with_sentences:
                yield from (_quote_line(quote) for quote in quotes)
        for reason, support in _stated_reasons(view, thing):
            yield f"  joined by: {reason}"
            if reason == "stated" or (with_sentences and reason != "full name"):  # of a full name every use stands above
                yield from (_quote_line(quote) for quote in support)
    for one, other in view.parted():
        yield one_line(f"kept apart by your decision: {one} | {other}")


def entity_lines(view: CorpusView, thing: Thing, *, depth: int, as_of: str) -> Iterator[str]:
    """A thing for a person: head, names, facts with sentences, conflicts."""
    from tadarag.graph.facts import conflicts, statements
    from tadarag.graph.neighbourhood import MOST_NAMED_WITH, may_also_be, things_around

    stated = statements(view, thing, as_of=as_of)
    yield one_line(f"{thing.name} ({', '.join(thing.kinds)}), {counted(len(thing.sources), 'document')}")
    yield _indented(2, f"names: {', '.join(name for name, _ in view.names(thing))}")
    yield _indented(2, f"in: {', '.join(map(str, thing.sources))}")
    if not stated:
        yield "  no document states a fact of it" + (f" that holds as of {as_of}" if as_of else "")
        if together := view.named_with(thing)[:MOST_NAMED_WITH]:
            yield _indented(2, f"named together with: {', '.join(f'{name} ({n})' for name, n in together)}")
    for statement in stated:
        yield from _statement_lines(thing, statement)
    for conflict in conflicts(view, stated):
        yield _indented(2, f"the documents differ on {conflict.predicate}:")
        for value, facts in conflict.values:
            latest = " (latest document)" if value == conflict.latest else ""
            yield _indented(4, f"{value.name}: {', '.join(_dated_source(fact) for fact in facts)}{latest}")
    for one in may_also_be(view, thing):
        yield _indented(2, f"may also be {one.short.name!r} in {one.short.sources[0]} (weight {one.weight:.2f})")
    for near in things_around(view, thing, depth=depth, as_of=as_of):
        yield one_line(f"{near.name} ({', '.join(near.kinds)})")
        for statement in statements(view, near, as_of=as_of):
            yield from _statement_lines(near, statement)


def path_lines(chains: Sequence[Path]) -> Iterator[str]:
    """Every chain with one block a step."""
    for number, chain in enumerate(chains, start=1):
        yield f"{number}. {counted(len(chain.steps), 'step')}"
        for step in chain.steps:
            if step.kind == "fact":
                arrow = f"<-{step.predicate}-" if step.is_reversed else f"-{step.predicate}->"
            else:
                arrow = "-together-" if step.kind == "together" else f"-may be ({step.weight:.2f})-"
            yield _indented(2, f"{step.one.name} {arrow} {step.other.name}")
            yield from (_quote_line(quote) for quote in step.quotes)


def _stated_reasons(view: CorpusView, thing: Thing) -> list[tuple[str, tuple[Quote, ...]]]:
    reasons: dict[str, set[Quote]] = {}
    for alias in view.aliases_of(thing):
        reasons.setdefault(alias.reason, set()).update(alias.support)
    return [(reason, tuple(sorted(quotes))) for reason, quotes in sorted(reasons.items())]


def _statement_lines(thing: Thing, statement: Statement) -> Iterator[str]:
    fact = statement.fact
    parts = (thing.name, fact.predicate, statement.other_end.name)
    yield _indented(2, f"{' '.join(parts if statement.direction == 'out' else parts[::-1])}{_validity(fact)}")
    yield _quote_line(fact.evidence)


def _validity(fact: Fact) -> str:
    if fact.valid_to:
        return f", {fact.valid_from} to {fact.valid_to}"
    return f", from {fact.valid_from}" if fact.valid_from else ""


def _dated_source(fact: Fact) -> str:
    return f"{fact.evidence.source}{f' ({fact.stated_on})' if fact.stated_on else ''}"


def _quote_line(quote: Quote) -> str:
    return _indented(6, f"{quote.source}: {quote.text}")


def _indented(depth: int, text: str) -> str:
    return " " * depth + one_line(text)
