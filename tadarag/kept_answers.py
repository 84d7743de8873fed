"""Answers of a base are kept only while every document that they quote is present; the memory of use follows the documents."""

from __future__ import annotations

import logging
from pathlib import Path

from tadarag.answer_json import answer_id, answer_json
from tadarag.errors import BaseError, UsageError
from tadarag.memory import answers
from tadarag.store.embedded import EmbeddedStore
from tadarag.store.protocol import Snapshot
from tadarag.values import Answer, SourceName

_LOG = logging.getLogger(__name__)


def keep_answer(folder: Path, store: EmbeddedStore, answer: Answer, snapshot: Snapshot) -> str:
    """Keep an answer and return its id. Raises UsageError when a document that it quotes has changed since, BaseError if it cannot be written."""
    chosen = answer_id(answer)
    quoted = _quoted(answer, snapshot)

    def is_current() -> bool:
        in_place = all(store.content(source) == content for source, content in quoted)
        return in_place or {content for _, content in quoted} <= set(store.sources().values())  # a renamed document is still present

    contents = frozenset(content for _, content in quoted)
    if not answers.keep(folder, chosen, answer, answer_json(answer), quoted=contents, is_current=is_current):
        raise UsageError("a document that this answer quotes has changed since it was given", "ask again")
    return chosen


def forget_absent(folder: Path, store: EmbeddedStore) -> int:
    """Remove what rests on documents that are no longer present; returns how many answers lost something."""
    return answers.forget_absent(folder, lambda: set(store.sources().values()))


def forget_absent_if_possible(folder: Path, store: EmbeddedStore) -> None:
    """The same after a change of documents, which is done: if it fails, it is warned of, and `vacuum` makes up for it or says why not."""
    try:
        forget_absent(folder, store)
    except BaseError as error:
        _LOG.warning("answers that quote changed documents could not be forgotten yet (%s); tadarag vacuum does it", error.happened)


def _quoted(answer: Answer, snapshot: Snapshot) -> frozenset[tuple[SourceName, str]]:
    """Every document whose text stands in the answer, with its hash: those of hits, of citations, and of the sentences that led to hits."""
    found = {(hit.passage.source, hit.passage.content) for hit in answer.evidence.hits}
    found |= {(citation.source, citation.content) for citation in answer.citations}
    known = {source for source, _ in found}
    for link in (link for hit in answer.evidence.hits for link in hit.path if link.seed not in known):
        content, document = snapshot.content(link.seed), snapshot.document(link.seed)
        has_it = content is not None and document is not None and link.sentence in document.text
        found.add((link.seed, content if has_it and content is not None else ""))
    return frozenset(found)
