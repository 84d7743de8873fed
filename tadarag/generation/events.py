"""What a listener is told while an answer is made, always in the same order: text, then checked or withdrawn, then done."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from tadarag.values import Answer, AnswerEvent, Statement


def announce_checks(statements: Sequence[Statement], tell: Callable[[AnswerEvent], None]) -> None:
    """Tell of each statement, in order, whether it was checked or withdrawn."""
    for event in check_events(statements):
        tell(event)


def check_events(statements: Sequence[Statement]) -> Iterator[AnswerEvent]:
    """One event a statement: "checked" when a cited span bears it out, else "withdrawn"."""
    for index, part in enumerate(statements):
        yield AnswerEvent(kind="checked" if part.supported else "withdrawn", text=part.text, statement=index)


def answer_events(answer: Answer) -> Iterator[AnswerEvent]:
    """All events of an answer that was not streamed: its text in one piece, its checks, its end."""
    yield AnswerEvent(kind="text", text="\n".join(part.text for part in answer.statements) or answer.text)
    yield from check_events(answer.statements)
    yield AnswerEvent(kind="done", text=answer.text, answer=answer)
