"""Conditions in a host's filter language become filters of a search."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from tadarag.errors import UsageError
from tadarag.values import Filters

_LISTS = {"source": "sources", "language": "languages", "domain": "domains"}
_DATES = {">=": "date_from", "<=": "date_to"}
_ISO_DATE = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")
_REMEDY = (
    "use source, language or domain with == or in, date with >= or <= and an ISO date, all joined by AND; each field once for each operator"
)


@dataclass(frozen=True, slots=True)
class Condition:
    """One comparison of a host's filter; `operator` is "==", "in", ">=", "<=" or any other text, which is refused."""

    field: str
    operator: str
    value: Any


def filters_of(conditions: Iterable[Condition]) -> Filters:
    """The filters that hold where all conditions do. Raises UsageError for one that a search cannot keep.

    A source may be a document's name, a folder or a glob pattern; dates are ISO dates of any precision, both ends inclusive.
    """
    found: dict[str, Any] = {}
    for condition in conditions:
        name, value = _filter(condition)
        if found.setdefault(name, value) != value:
            raise UsageError(f"the filter restricts {condition.field!r} twice", _REMEDY)
    return Filters(**found)


def refused(what: str) -> UsageError:
    """The error for a form of filter that has no counterpart here."""
    return UsageError(f"a search cannot be filtered by {what}", _REMEDY)


def _filter(condition: Condition) -> tuple[str, object]:
    name, value = condition.field.removeprefix("meta."), condition.value
    if name in _LISTS and condition.operator == "==" and isinstance(value, str):
        return _LISTS[name], (value,)
    if name in _LISTS and condition.operator == "in" and isinstance(value, list | tuple) and all(isinstance(one, str) for one in value):
        if not value:
            raise refused(f"an empty list of {name}s, which nothing could pass")
        return _LISTS[name], tuple(value)
    if name == "date" and condition.operator in _DATES and isinstance(value, str) and _ISO_DATE.fullmatch(value):
        return _DATES[condition.operator], value
    raise refused(f"{condition.field} {condition.operator} {value!r}")
