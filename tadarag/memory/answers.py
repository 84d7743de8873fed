"""Answers that are kept, so that something can be said of them later, with the passages that each rested on."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tadarag.memory.use_file import USE_FILE, changing, reading
from tadarag.store.codec import pack_json, unpack_json
from tadarag.values import Answer, SourceName, UsedPassage

MOST_UNJUDGED = 1000
"""How many kept answers may wait for feedback; the oldest of them go first. Answers with feedback stay."""

_CHUNK = "chunk"


def keep(
    folder: Path,
    answer_id: str,
    answer: Answer,
    body: dict[str, Any],
    *,
    quoted: Collection[str],
    is_current: Callable[[], bool],
    most_unjudged: int = MOST_UNJUDGED,
) -> bool:
    """Keep an answer, its text and its traces in one transaction; one that is kept already becomes the latest.

    body: the answer as JSON. quoted: hashes of all documents whose text stands in it. is_current: asked inside the transaction whether they
    are all still present, so that no deletion is missed. Returns whether it was kept: nothing is when one of them has gone.
    """
    with changing(folder) as connection:
        if not is_current():
            return False
        _remove(connection, answer_id)
        now = datetime.now(UTC).isoformat(timespec="seconds")
        insert = "INSERT INTO kept_answer (id, at, question, body) VALUES (?, ?, ?, ?)"
        connection.execute(insert, (answer_id, now, _storable(answer.question), pack_json(body)))
        connection.executemany("INSERT INTO quoted_content VALUES (?, ?)", [(answer_id, content) for content in sorted(quoted)])
        connection.execute("DELETE FROM retrieval_trace WHERE answer = ?", (answer_id,))
        connection.executemany(
            f"INSERT INTO retrieval_trace VALUES (?, ?, '{_CHUNK}', ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (answer_id, one.rank, one.chunk, *_name(one.source), one.content, one.score, one.similarity, one.is_cited)
                for one in used_passages(answer)
            ],
        )
        _forget_oldest(connection, most_unjudged)
    return True


def kept(folder: Path, answer_id: str) -> dict[str, Any] | None:
    """A kept answer as JSON, None where none of that id is kept."""
    with reading(folder) as connection:
        if connection is None:
            return None
        row = connection.execute("SELECT body FROM kept_answer WHERE id = ?", (answer_id,)).fetchone()
    value: dict[str, Any] | None = None if row is None else unpack_json(row[0], f"the kept answer {answer_id}")
    return value


def latest_kept(folder: Path) -> str | None:
    """The id of the answer that was kept last."""
    with reading(folder) as connection:
        row = None if connection is None else connection.execute("SELECT id FROM kept_answer ORDER BY number DESC LIMIT 1").fetchone()
    return None if row is None else str(row[0])


def used_passages(answer: Answer) -> tuple[UsedPassage, ...]:
    """The passages that an answer was made from, best first; similarity is the cosine of passage and question."""
    cited = [(citation.source, citation.content, citation.span) for citation in answer.citations]
    return tuple(
        UsedPassage(
            rank=rank,
            source=hit.passage.source,
            content=hit.passage.content,
            chunk=hit.passage.chunk,
            score=hit.score,
            similarity=dict(hit.layers).get("dense", 0.0),
            is_cited=any(
                source == hit.passage.source
                and content == hit.passage.content
                and hit.passage.span.start <= span.start < hit.passage.span.end
                for source, content, span in cited
            ),
        )
        for rank, hit in enumerate(answer.evidence.hits, start=1)
    )


def traces_of(connection: sqlite3.Connection, answer_id: str) -> tuple[UsedPassage, ...]:
    """The traces of an answer that are left, by rank."""
    rows = connection.execute(
        "SELECT rank, root, path, part, content, target_id, score, similarity, cited FROM retrieval_trace WHERE answer = ? ORDER BY rank",
        (answer_id,),
    )
    return tuple(
        UsedPassage(
            rank=rank,
            source=SourceName(root, path, part),
            content=content,
            chunk=chunk,
            score=score,
            similarity=similarity,
            is_cited=bool(cited),
        )
        for rank, root, path, part, content, chunk, score, similarity, cited in rows
    )


def forget_absent(folder: Path, present: Callable[[], Collection[str]]) -> int:
    """Remove what rests on documents that are no longer present; returns how many answers lost something.

    An answer that quotes such a document goes whole, its question too. It rests on the passages that it cites, or on all that it was made from
    where it cites none: its feedback stays while one of these is left, without its comment when another one has gone. present: asked inside
    the transaction for the hashes of all present documents, so that an answer that is kept meanwhile is not taken for an old one.
    """
    if not (folder / USE_FILE).is_file():
        return 0
    with changing(folder) as connection:
        return _forget(connection, _absent(connection, present()))


def _absent(connection: sqlite3.Connection, present: Collection[str]) -> Sequence[str]:
    rows = connection.execute("SELECT content FROM quoted_content UNION SELECT content FROM retrieval_trace")
    return [content for (content,) in rows if content not in present]


def _forget(connection: sqlite3.Connection, absent: Sequence[str]) -> int:
    quoting, traced, citing = set[str](), set[str](), set[str]()
    for content in absent:
        quoting |= _answers(connection, "quoted_content WHERE content = ?", content)
        traced |= _answers(connection, "retrieval_trace WHERE content = ?", content)
        citing |= _answers(connection, "retrieval_trace WHERE content = ? AND cited", content)
        connection.execute("DELETE FROM retrieval_trace WHERE content = ?", (content,))
    for answer in quoting:
        _remove(connection, answer)
    for answer in traced:
        rests_on = "retrieval_trace WHERE answer = ?" + (" AND cited" if answer in citing else "")
        if not _answers(connection, rests_on, answer):
            connection.execute("DELETE FROM feedback WHERE answer = ?", (answer,))
        elif answer in citing:
            connection.execute("UPDATE feedback SET comment = '' WHERE answer = ?", (answer,))
    _forget_lone_traces(connection)
    return len(quoting | traced)


def _answers(connection: sqlite3.Connection, where: str, value: str) -> set[str]:
    return {answer for (answer,) in connection.execute(f"SELECT answer FROM {where}", (value,))}


def _remove(connection: sqlite3.Connection, answer_id: str) -> None:
    connection.execute("DELETE FROM kept_answer WHERE id = ?", (answer_id,))
    connection.execute("DELETE FROM quoted_content WHERE answer = ?", (answer_id,))


def _forget_oldest(connection: sqlite3.Connection, most_unjudged: int) -> None:
    unjudged = "SELECT id FROM kept_answer WHERE id NOT IN (SELECT answer FROM feedback) ORDER BY number DESC LIMIT -1 OFFSET ?"
    for (answer_id,) in connection.execute(unjudged, (most_unjudged,)).fetchall():
        _remove(connection, answer_id)
        connection.execute("DELETE FROM retrieval_trace WHERE answer = ?", (answer_id,))


def _forget_lone_traces(connection: sqlite3.Connection) -> None:
    """Traces are for feedback: those of an answer that is neither kept nor judged teach nothing."""
    judged = "SELECT answer FROM feedback"
    connection.execute(f"DELETE FROM retrieval_trace WHERE answer NOT IN ({judged}) AND answer NOT IN (SELECT id FROM kept_answer)")


def _name(source: SourceName) -> tuple[str, str, str]:
    return source.root, source.path, source.part


def _storable(text: str) -> str:
    """Text that UTF-8 can hold: a lone surrogate becomes a question mark."""
    return text.encode("utf-8", "replace").decode("utf-8")
