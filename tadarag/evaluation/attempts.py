"""The door of one item: what goes wrong with a question is written down and the others go on; too many failures make a run invalid."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from time import perf_counter
from typing import Generic, TypeVar

MAX_FAILED_SHARE = 0.05

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt(Generic[T]):
    """What one item gave and the seconds it took; `value` is None and `failed` says why where it gave nothing."""

    value: T | None
    seconds: float
    failed: str = ""


def attempt(work: Callable[[], T]) -> Attempt[T]:
    """Do the work of one item. Whatever it raises, an interrupt apart, becomes the reason of its failure."""
    started = perf_counter()
    try:
        value = work()
    except Exception as error:  # noqa: BLE001 (the door of one item: its failure is counted and reported, and may make the run invalid)
        return Attempt(value=None, seconds=perf_counter() - started, failed=f"{type(error).__name__}: {' '.join(str(error).split())}")
    return Attempt(value=value, seconds=perf_counter() - started)


def too_many_failed(failed: Mapping[str, str], n_items: int) -> str:
    """Why a system's run is invalid, "" where it is not: over 5 % of its items failed. failed: reason by item."""
    if len(failed) <= MAX_FAILED_SHARE * n_items:
        return ""
    first = next(iter(failed.values()))
    return f"{len(failed)} of {n_items} items failed ({100 * len(failed) / n_items:.1f} %, at most {100 * MAX_FAILED_SHARE:.0f} %); first: {first}"
