"""Which licences of data allow that weights trained on them are shipped: a list of those that do; every other one does not."""

from __future__ import annotations

import re

ALLOWED = frozenset(
    {
        *("MIT", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "Unlicense", "Zlib", "Python-2.0"),
        *("CC0", "CC0-1.0", "public domain", "PDDL", "PDDL-1.0", "ODC-BY", "ODC-BY-1.0", "CDLA-Permissive-2.0"),
        *(f"CC BY{share} {version}" for share in ("", "-SA") for version in ("2.0", "2.5", "3.0", "4.0")),
        *("CC BY", "CC BY-SA", "own", "your own"),
    }
)
"""Licences as a recipe may write them; case, spaces and hyphens do not matter. own, your own: data that belong to whoever runs the recipe."""

_REMARK = re.compile(r"\([^()]*\)")
_BETWEEN = re.compile(r"[,;/]|\band\b|\bor\b")
_WEAK = (
    (re.compile(r"\bnc\b|non ?commercial"), "is for non-commercial use"),
    (re.compile(r"research|academic|evaluation"), "is for research only"),
    (re.compile(r"\bgpl|\bagpl|\blgpl"), "asks that all be under it"),
    (re.compile(r"\bnd\b"), "forbids what is made from it"),
    (re.compile(r"^(none|no|not|unknown|unclear)\b"), "is no licence"),
)


def why_not_shipped(licence: str) -> str:
    """Why weights trained on data under a licence must not be shipped, "" if they may.

    licence: as a recipe states it; several are separated by commas (or "and", "or", "/"), all of them must be on the list, and what stands in
    parentheses is a remark.
    """
    parts = [part.strip() for part in _BETWEEN.split(_REMARK.sub(" ", licence))]
    if not any(parts):
        return "no licence is stated"
    for part in parts:
        plain = _plain(part)
        if part and plain not in _ALLOWED:
            return (
                f"{part!r} {next((why for pattern, why in _WEAK if pattern.search(plain)), 'is not on the list of licences that allow it')}"
            )
    return ""


def _plain(licence: str) -> str:
    return " ".join(re.sub(r"[\s_-]+", " ", licence).lower().split())


_ALLOWED = frozenset(_plain(licence) for licence in ALLOWED)
