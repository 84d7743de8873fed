"""Feedback on kept answers: what was said, by whom, once for each token."""

from __future__ import annotations

import sqlite3
import uuid
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import get_args

from tadarag.errors import UsageError
from tadarag.memory.answers import traces_of
from tadarag.memory.use_file import changing, reading
from tadarag.values import Feedback, FeedbackSource

MAX_COMMENT = 10_000
"""Most characters of a comment."""

_SOURCES = get_args(FeedbackSource)
_COLUMNS = "SELECT id, answer, source, reward, comment, at, token FROM feedback"


def give(folder: Path, answer_id: str, reward: float, *, comment: str = "", source: FeedbackSource = "user", token: str | None) -> Feedback:
    """Record feedback on a kept answer. The same token again changes nothing and returns what it stood for the first time.

    Raises UsageError for a reward outside [-1, 1], a source that there is not, an overlong comment, an answer that is not kept, and a token
    that was used for another answer.
    """
    _check(reward, comment, source, token)
    chosen = token or uuid.uuid4().hex
    with changing(folder) as connection:
        known = connection.execute(f"{_COLUMNS} WHERE token = ?", (chosen,)).fetchone()
        if known is None:
            if connection.execute("SELECT 1 FROM kept_answer WHERE id = ?", (answer_id,)).fetchone() is None:
                raise UsageError(
                    f"no answer {answer_id!r} is kept",
                    "ask again and use the id that comes with the answer; an answer goes when a document that it quotes changes",
                )
            row = (
                sha256(chosen.encode("utf-8", "surrogatepass")).hexdigest()[:16],
                answer_id,
                source,
                float(reward),
                comment,
                _now(),
                chosen,
            )
            connection.execute("INSERT INTO feedback (id, answer, source, reward, comment, at, token) VALUES (?, ?, ?, ?, ?, ?, ?)", row)
            known = row
        elif known[1] != answer_id:
            raise UsageError(f"the token {chosen!r} was used for another answer", "use a token of its own for each feedback")
        return _feedback(connection, known)


def given(folder: Path) -> tuple[Feedback, ...]:
    """All feedback, oldest first."""
    with reading(folder) as connection:
        if connection is None:
            return ()
        return tuple(_feedback(connection, row) for row in connection.execute(f"{_COLUMNS} ORDER BY number").fetchall())


def _check(reward: float, comment: str, source: str, token: str | None) -> None:
    if not -1.0 <= reward <= 1.0:  # false for NaN too
        raise UsageError(
            f"a reward of {reward!r} is not between -1 and 1", "give 1 for a good answer, -1 for a bad one, or what lies between"
        )
    if source not in _SOURCES:
        raise UsageError(f"feedback has no source {source!r}", f"it is one of: {', '.join(_SOURCES)}")
    if len(comment) > MAX_COMMENT:
        raise UsageError(f"the comment has {len(comment)} characters", f"write at most {MAX_COMMENT}")
    if any("\ud800" <= character <= "\udfff" for character in f"{comment}{token or ''}"):
        raise UsageError("the comment or the token holds half of a character", "send text in UTF-8")
    if token is not None and not token.strip():
        raise UsageError("the token is empty", "give a token of your own, or none")


def _feedback(connection: sqlite3.Connection, row: tuple[str, str, FeedbackSource, float, str, str, str]) -> Feedback:
    feedback_id, answer, source, reward, comment, at, token = row
    question = connection.execute("SELECT question FROM kept_answer WHERE id = ?", (answer,)).fetchone()
    return Feedback(
        id=feedback_id,
        answer=answer,
        reward=reward,
        source=source,
        comment=comment,
        at=at,
        token=token,
        question=question[0] if question else "",
        rests_on=traces_of(connection, answer),
    )


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
