"""What a step of training records of its reward: each term's spread, and how many samples did not reach it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import fsum, sqrt


@dataclass(frozen=True, slots=True, kw_only=True)
class TermRecord:
    """One term over the samples of a step; std is that of the samples themselves (ddof 0). None where no sample reached the term."""

    mean: float | None
    std: float | None
    least: float | None
    most: float | None
    null_share: float


def record_terms(scored: Sequence[Mapping[str, float | None]]) -> dict[str, TermRecord]:
    """The record of every term that a sample names, sorted by name."""
    names = sorted({name for one in scored for name in one})
    return {name: _record([one.get(name) for one in scored]) for name in names}


def _record(values: Sequence[float | None]) -> TermRecord:
    reached = [value for value in values if value is not None]
    null_share = 1 - len(reached) / len(values)
    if not reached:
        return TermRecord(mean=None, std=None, least=None, most=None, null_share=null_share)
    mean = fsum(reached) / len(reached)
    std = sqrt(fsum((value - mean) ** 2 for value in reached) / len(reached))
    return TermRecord(mean=mean, std=std, least=min(reached), most=max(reached), null_share=null_share)
