"""What a base says of its work and of its state: reports, progress and estimates of an ingest, and the status."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from tadarag.values import SourceName


@dataclass(frozen=True, slots=True, kw_only=True)
class IngestReport:
    """What an ingest did, by source; `sequence` is the change after which searches see it.

    n_skipped: files in the given folders whose format nothing here reads (pictures, programs); a file that is named itself is never skipped.
    nameless: documents with text in which no name was found (dates and numbers are none). tiers: how many documents each tier read.
    lowered: documents that were read by a cheaper tier than was asked for, or stayed at the one they had, with that tier and the reason.
    """

    added: tuple[SourceName, ...] = ()
    replaced: tuple[SourceName, ...] = ()
    renamed: tuple[tuple[SourceName, SourceName], ...] = ()
    removed: tuple[SourceName, ...] = ()
    unchanged: int = 0
    n_skipped: int = 0
    empty: tuple[SourceName, ...] = ()
    nameless: tuple[SourceName, ...] = ()
    tiers: tuple[tuple[str, int], ...] = ()
    lowered: tuple[tuple[SourceName, str, str], ...] = ()
    quarantined: tuple[tuple[SourceName, str, str], ...] = ()
    n_passages: int = 0
    seconds: float = 0.0
    sequence: int = 0
    interrupted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class IngestProgress:
    """How far an ingest has come: files done of all, passages so far, and the source at hand."""

    n_done: int
    n_total: int
    n_passages: int
    source: str
    stage: Literal["scanning", "reading", "writing", "indexing"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingEstimate:
    """What an ingest would ask a language model to build memories: documents that are new or have changed, calls, tokens.

    completion_tokens: of replies of usual length. are_estimates: the tokens were counted by a tokenizer that is not the model's.
    cost: in the currency of the configured prices, None when they are not known. model: "" when the builder asks none.
    """

    model: str
    n_documents: int
    n_calls: int
    prompt_tokens: int
    completion_tokens: int
    are_estimates: bool
    cost: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TierEstimate:
    """What reading documents by one tier would ask a model: calls whose replies are not recorded, tokens, money. model: "" when none is asked.

    completion_tokens: by the length of the replies that are recorded, as far as there are any. cost: as in ReadingEstimate.
    """

    tier: str
    n_documents: int
    model: str = ""
    n_calls: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    are_estimates: bool = False
    cost: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IngestEstimate:
    """What an ingest would take. seconds: on this computer, without waiting for models; cpu_seconds: of all cores together; both measured on
    n_sampled of the documents."""

    n_documents: int
    memories: ReadingEstimate
    tiers: tuple[TierEstimate, ...]
    seconds: float
    cpu_seconds: float
    n_sampled: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BaseStatus:
    """The state of a base: counts, sizes in bytes, what is quarantined or empty, the sequence of truth and index, the encoder.

    tiers: documents by the tier that reads them. nameless: documents with text in which no name was found.
    """

    path: str
    n_documents: int
    n_passages: int
    n_sentences: int
    n_bytes: int
    languages: tuple[tuple[str, int], ...]
    domains: tuple[tuple[str, int], ...]
    tiers: tuple[tuple[str, int], ...]
    empty: tuple[SourceName, ...]
    nameless: tuple[SourceName, ...]
    quarantined: tuple[tuple[SourceName, str, str], ...]
    sequence: int
    indexed_sequence: int
    encoder: str
    format: str
