"""What the component found, kept in a spaCy doc as plain values, so that it goes where the doc goes; read as spans of the doc."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tadarag.errors import UsageError
from tadarag.integrations.extras import needs_extra
from tadarag.values import Extraction

with needs_extra("spacy"):
    from spacy.tokens import Doc, Span

FINDINGS = "tadarag"
"""The key in `doc.user_data`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DocEntity:
    """One thing that the doc names: its fullest name, its core type, and its mentions in order."""

    name: str
    kind: str
    mentions: tuple[Span, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DocRelation:
    """A fact: head and tail as they stand in `evidence`, the sentence that states it (their first mentions where they do not stand there)."""

    head: Span
    predicate: str
    tail: Span
    evidence: Span
    probability: float

    def __str__(self) -> str:
        return f"{self.head.text} --{self.predicate}--> {self.tail.text}"


def findings_of(extraction: Extraction) -> dict[str, Any]:
    """Entities and relations as JSON values; mentions and evidence as [start, end) in the doc's text."""
    mentions = extraction.mentions
    return {
        "entities": [
            {
                "name": one.name,
                "kind": one.kind,
                "mentions": sorted([mentions[number].span.start, mentions[number].span.end] for number in one.mentions),
            }
            for one in extraction.entities
        ],
        "relations": [
            {
                "head": one.head,
                "predicate": one.predicate,
                "tail": one.tail,
                "evidence": [one.evidence.start, one.evidence.end],
                "probability": one.probability,
            }
            for one in extraction.relations
        ],
    }


def entities_in(doc: Doc) -> list[DocEntity]:
    """The things that a doc names, in order of their first mention; none where the component has not run."""
    found = doc.user_data.get(FINDINGS, {}).get("entities", [])
    return [DocEntity(name=one["name"], kind=one["kind"], mentions=_spans(doc, one["mentions"], one["kind"])) for one in found]


def relations_in(doc: Doc) -> list[DocRelation]:
    """The facts that a doc states, in order of their evidence; none where the component has not run."""
    entities = entities_in(doc)
    return [
        DocRelation(
            head=_told_in(entities[one["head"]], one["evidence"]),
            predicate=one["predicate"],
            tail=_told_in(entities[one["tail"]], one["evidence"]),
            evidence=_span(doc, *one["evidence"]),
            probability=one["probability"],
        )
        for one in doc.user_data.get(FINDINGS, {}).get("relations", [])
    ]


_EXTENSIONS: tuple[tuple[Any, str, dict[str, Any]], ...] = (
    (Doc, "entities", {"getter": entities_in}),
    (Doc, "relations", {"getter": relations_in}),
    (Span, "probability", {"default": None}),
    (Span, "normal", {"default": ""}),
)


def register_extensions() -> None:
    """Give docs `entities` and `relations`, and entities `probability` and `normal` (an ISO date, an amount), unless the names are taken."""
    for owner, name, options in _EXTENSIONS:
        if not owner.has_extension(name):
            owner.set_extension(name, **options)


def check_extensions() -> None:
    """Raise UsageError where another library has taken `doc._.entities` or `doc._.relations`."""
    for owner, name, options in _EXTENSIONS:
        if "getter" in options and owner.get_extension(name)[2] is not options["getter"]:
            raise UsageError(f"doc._.{name} belongs to another library", "load tadarag's component first, or remove that extension")


def _spans(doc: Doc, places: list[list[int]], label: str) -> tuple[Span, ...]:
    return tuple(_span(doc, start, end, label) for start, end in places)


def _span(doc: Doc, start: int, end: int, label: str = "") -> Span:
    return doc.char_span(start, end, label=label, alignment_mode="expand")


def _told_in(entity: DocEntity, evidence: list[int]) -> Span:
    start, end = evidence
    return next((one for one in entity.mentions if start <= one.start_char and one.end_char <= end), entity.mentions[0])
