"""What is said when the library that an integration stands in is not installed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from tadarag.errors import UsageError


class ExtraMissing(UsageError, ImportError):
    """A host library is not installed. Also an ImportError, which is what a program that tries an import expects."""


@contextmanager
def needs_extra(extra: str) -> Iterator[None]:
    """Imports of a host's library stand inside; raises ExtraMissing, which says what to install, when one fails."""
    try:
        yield
    except ImportError as error:
        raise ExtraMissing(
            f"tadarag's side of {extra} needs a library that cannot be imported: {error}", f"run: pip install 'tadarag[{extra}]'"
        ) from error
