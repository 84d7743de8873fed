"""The questions of a corpus as records: drafts that are sound, thinned so that no pattern, subject or shape fills the set."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from random import Random
from typing import Any

from tadarag.training.multihop_questions.chains import chain_drafts
from tadarag.training.multihop_questions.comparisons import comparison_drafts
from tadarag.training.multihop_questions.drafts import Draft, is_sound
from tadarag.training.multihop_questions.facts import stated_in
from tadarag.training.multihop_questions.frames import LANGUAGES, shipped_frames
from tadarag.training.multihop_questions.graph import Graph, build_graph
from tadarag.training.multihop_questions.intersections import intersection_drafts
from tadarag.training.multihop_questions.passages import Passage

ID_DIGITS = 16
SHAPES = ("bridge", "comparison", "bridge_comparison", "intersection", "single")
_WRITERS: tuple[Callable[[Graph, Random], Iterator[Draft]], ...] = (chain_drafts, comparison_drafts, intersection_drafts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Most questions of one corpus: by shape, for one path of relations, and for one subject in one shape."""

    by_shape: Mapping[str, int]
    by_path: int = 60
    by_subject: int = 2


def question_records(corpus: str, passages: Sequence[Passage], *, limits: Limits, seed: int) -> list[dict[str, Any]]:
    """Records of the questions that the passages of one corpus answer, sorted by id; a function of the arguments and the shipped frames."""
    records: list[dict[str, Any]] = []
    for language in LANGUAGES:
        frames = shipped_frames(language)
        own = [passage for passage in passages if passage.language == language]
        graph = build_graph(own, [stated_in(passage, number, frames) for number, passage in enumerate(own)], frames)
        drafts = [
            draft for write in _WRITERS for draft in write(graph, Random(f"{seed} {corpus} {write.__name__}")) if is_sound(draft, language)
        ]
        records += [record(corpus, graph, draft) for draft in thinned(drafts, limits, seed=seed)]
    return sorted(records, key=lambda one: str(one["id"]))


def thinned(drafts: Sequence[Draft], limits: Limits, *, seed: int) -> list[Draft]:
    """At most so many drafts as the limits allow, chosen by the hash of their text; no two with one text or the same facts."""
    kept: list[Draft] = []
    counts: Counter[tuple[str, ...]] = Counter()
    for draft in sorted(drafts, key=lambda one: _digest(f"{seed} {one.text}")):
        subjects = {(draft.shape, "subject", fact.subject) for fact in draft.facts}
        shape, path, text = ("shape", draft.shape), ("path", draft.path), ("text", draft.text)
        if (
            counts[shape] >= limits.by_shape.get(draft.shape, 0)
            or counts[path] >= limits.by_path
            or counts[text]
            or any(counts[subject] >= limits.by_subject for subject in subjects)
        ):
            continue
        kept.append(draft)
        counts.update([shape, path, text, *subjects])
    return kept


def record(corpus: str, graph: Graph, draft: Draft) -> dict[str, Any]:
    """A question with its answer and, in the order in which they are needed, the passages with the sentence that each gives."""
    passages = [_gold(graph.passages[fact.passage], fact.sentence.start, fact.sentence.end) for fact in draft.facts]
    answer: dict[str, Any] = {"text": draft.answer.text, "kind": draft.answer.kind}
    if draft.answer.passage >= 0:
        numbers = [fact.passage for fact in draft.facts]
        answer |= {"passage": numbers.index(draft.answer.passage), "start": draft.answer.start, "end": draft.answer.end}
    return {
        "id": _digest(f"{corpus}\n{draft.text}")[:ID_DIGITS],
        "corpus": corpus,
        "language": graph.frames.language,
        "shape": draft.shape,
        "hops": draft.hops,
        "path": draft.path,
        "question": draft.text,
        "answer": answer,
        "passages": passages,
        "bridges": list(dict.fromkeys(draft.hidden)),
        "frames": list(draft.frames),
    }


def _gold(passage: Passage, start: int, end: int) -> dict[str, Any]:
    return {
        "corpus": passage.corpus,
        "id": passage.id,
        "title": passage.title,
        "text": passage.text,
        "start": start,
        "end": end,
        "sentence": passage.text[start:end],
    }


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()
