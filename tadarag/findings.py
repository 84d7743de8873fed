"""What an extractor finds in one chunk: names with their types and facts between them, before the document puts them together."""

from __future__ import annotations

from dataclasses import dataclass

from tadarag.span import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundName:
    """A name in a chunk; `span` counts in the chunk's text.

    kind: the core type, under which names are linked whatever the template. label: the template's own type. probability: in (0, 1], rounded to
    two places.
    """

    span: Span
    kind: str
    label: str = ""
    probability: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundFact:
    """A fact between two names of a chunk, given by their indexes; `sentence` is the index of the sentence that states it.

    relation: the template's relation, or a predicate in the text's own words where `is_open`.
    """

    head: int
    relation: str
    tail: int
    sentence: int
    probability: float = 1.0
    is_open: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """Everything found in one chunk: names sorted by span, none touching another, and facts sorted by sentence, head, relation and tail.

    n_ungrounded: what a model named that does not stand in the text, or contradicts the template; it is dropped and counted.
    readings: keys of the recorded replies of a language model that this was read from.
    """

    names: tuple[FoundName, ...] = ()
    facts: tuple[FoundFact, ...] = ()
    n_ungrounded: int = 0
    readings: tuple[str, ...] = ()
