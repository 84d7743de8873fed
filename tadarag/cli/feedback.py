"""The command group `feedback`: how good answers were, and what has been said so far."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from tadarag.answer_json import feedback_json
from tadarag.cli.output import as_typed, one_line, table
from tadarag.cli.session import Session, with_session
from tadarag.errors import UsageError

if TYPE_CHECKING:
    from tadarag.knowledge_base import KnowledgeBase
    from tadarag.values import Feedback

LAST = "last"
_REWARDS = {"up": 1.0, "down": -1.0}
_LIST = "list"


@with_session
def feedback(
    session: Session,
    words: Annotated[
        list[str],
        typer.Argument(
            metavar="ANSWER up|down, or list",
            help="The answer's id as `tadarag ask --explain` shows it, or last for the latest; then up or down. Or: list.",
        ),
    ],
    comment: Annotated[str, typer.Option("--comment", metavar="TEXT", help="What was good or bad about it.")] = "",
    token: Annotated[
        str | None, typer.Option("--token", metavar="NAME", help="A name for this feedback: giving it again changes nothing.")
    ] = None,
) -> None:
    """Say how good an answer was, or list what has been said.

    tadarag feedback ANSWER up, or down; tadarag feedback list. It is kept beside the base, waits for no ingest, and goes with the documents
    that the answer rests on.
    """
    if words == [_LIST]:
        _list(session)
        return
    if len(words) != 2 or words[1] not in _REWARDS:
        raise UsageError(
            f"{' '.join(words)!r} is no feedback", "write: tadarag feedback ANSWER up, or down; to see what was said: tadarag feedback list"
        )
    with session.open(read_only=True) as base:
        said = base.feedback(_answer_id(base, words[0]), _REWARDS[words[1]], comment=as_typed(comment), token=token)
    session.output.result(feedback_json(said), [f"noted: {_said(said)} for {said.answer}" + _about(said)])


def _answer_id(base: KnowledgeBase, word: str) -> str:
    if word != LAST:
        return word
    latest = base.latest_answer()
    if latest is None:
        raise UsageError("no answer is kept yet", 'ask first: tadarag ask PATH "question"')
    return latest


def _list(session: Session) -> None:
    with session.open(read_only=True) as base:
        given = base.feedback_given()
    if not given:
        session.output.note("no feedback has been given yet; give some: tadarag feedback last up (or down)")
    session.output.result({"feedback": [feedback_json(one) for one in given]}, _lines(given))


def _lines(given: Sequence[Feedback]) -> Iterator[str]:
    yield from table((one.at, one.answer, _said(one), one.question or "(the answer is no longer kept)", one.comment) for one in given)
    if given:
        yield f"{sum(one.reward > 0 for one in given)} up, {sum(one.reward < 0 for one in given)} down"


def _said(one: Feedback) -> str:
    words = {reward: word for word, reward in _REWARDS.items()}
    said = words.get(one.reward, f"{one.reward:+.2f}")
    return said if one.source == "user" else f"{said} by {one.source.replace('_', ' ')}"


def _about(one: Feedback) -> str:
    return f" ({one_line(one.question)})" if one.question else ""
