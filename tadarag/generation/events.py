"""What a listener is told while an answer is made, always in the same order: text, then checked or withdrawn, then done."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from tadarag.values import AnswerEvent, Statement


def announce_checks(statements: Sequence[Statement], tell: Callable[[AnswerEvent], None]) -> None:
    """Tell of each statement, in order, whether it was checked or withdrawn."""
    for event in check_events(statements):
        tell(event)


def check_events(statements: Sequence[Statement]) -> Iterator[AnswerEvent]:
    """One event a statement: "checked" when a cited span bears it out, else "withdrawn"."""
    for index, part in enumerate(statements):
        yield AnswerEvent(kind="checked" if part.supported else "withdrawn", text=part.text, statement=index)
