"""Which present documents a name means that a person wrote."""

from __future__ import annotations

from collections.abc import Iterable

from tadarag.errors import UsageError
from tadarag.values import SourceName


def matching(present: Iterable[SourceName], wanted: SourceName | str) -> list[SourceName]:
    """Present sources that a name means: itself, or all below a file or folder. Raises UsageError when there is none."""
    if isinstance(wanted, SourceName):
        found = [source for source in present if source == wanted]
    else:
        stem = wanted.removeprefix("./").rstrip("/")
        found = [source for source in present if str(source) == stem] or [
            source for source in present if str(source).startswith((f"{stem}#", f"{stem}/"))
        ]
    if not found:
        raise UsageError(f"the base has no document {str(wanted)!r}", "list what is there: tadarag list")
    return sorted(found)


def the_one(present: Iterable[SourceName], wanted: SourceName | str) -> SourceName:
    """The one present source that a name means. Raises UsageError when there is none, or several."""
    found = matching(present, wanted)
    if len(found) > 1:
        raise UsageError(f"{wanted} means {len(found)} documents", f"name one of them, such as {found[0]}")
    return found[0]
