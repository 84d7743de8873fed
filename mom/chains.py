"""Chains of memory: training records that teach a model to write a document's memory, with or without the thoughts that lead to it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from mom.alignment import Alignment, Anchors, align
from mom.anchors import choose_anchors
from mom.judges import core_text
from mom.language_model import LanguageModel
from mom.near_duplicates import split_documents
from mom.questions import Question, Subject, ask_for_memory, with_thinking
from mom.reasoning import ReasoningPath, outline_line, reason
from mom.reply import OutlineLine, Reply, Scenario, format_reply, parse_reply
from mom.scenarios import load_scenario
from mom.terms import count_units
from mom.values import Memory
from mom.windows import cut_windows

Thinking = Literal["both", "with", "without"]
WINDOW_UNITS = 1500
"""Words or CJK characters of a window: what fits 4,096 tokens together with its target."""
MIN_SENTENCES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A document with the memory that was chosen for it. licence: of its text, "" when unknown."""

    doc_id: str
    text: str
    memory: Memory
    licence: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A part of a document that gives no record, and why."""

    record_id: str
    reason: str


def export_training(
    sources: Sequence[Source],
    *,
    thinking: Thinking = "both",
    guide: LanguageModel | None = None,
    window_units: int = WINDOW_UNITS,
    by_sections: bool = False,
) -> Iterator[dict[str, Any] | Refusal]:
    """The records of all documents in order; in place of one that does not lead back to its memory, why not.

    A document that fits a window is one record, or two where `thinking` is "both"; a longer one is cut as a builder with a model cuts it.
    by_sections: cut every document so, at its topmost headings, because that is what such a builder will ask about.
    Near-duplicate documents share a split. guide: writes the thoughts; without one they are told from the builder's decisions and
    flagged `synthetic_path`. Source: mom.md 7.
    """
    splits = split_documents([source.text for source in sources])
    for source, split in zip(sources, splits, strict=True):
        for part in _parts(source, window_units, by_sections=by_sections):
            found = make_record(part, split=split)
            if isinstance(found, Refusal):
                yield found
                continue
            path = None if thinking == "without" else reason(part.text, part.memory, model=guide)
            if thinking != "with":
                yield found
            if path is not None:
                yield with_thoughts(found, path)


def make_record(source: Source, *, split: str = "train") -> dict[str, Any] | Refusal:
    """The record of one text without thoughts, or why there is none: its target must lead parser and aligner back to the memory's chunks.

    messages, prompt, completion: the chat format that trl reads; of prompt and completion, only the completion is to be learned.
    """
    text, memory = source.text, source.memory
    reply = Reply(
        outline=tuple(OutlineLine(outline_line(text, memory, index)) for index in range(len(memory.items))),
        scenarios=tuple(
            Scenario(anchors.head, anchors.tail, " ".join(core_text(text, item).split()))
            for anchors, item in zip(choose_anchors(text, [item.span for item in memory.items]), memory.items, strict=True)
        ),
    )
    alignment, fault = check_target(text, memory, format_reply(reply))
    if fault:
        return Refusal(record_id=source.doc_id, reason=fault)
    path = memory.items[0].path
    shared = next(depth for depth in range(len(path), -1, -1) if all(item.path[:depth] == path[:depth] for item in memory.items))
    question = ask_for_memory(Subject(text=text, path=path[:shared], scenario=load_scenario(memory.scenario)))
    scores = memory.scores
    meta = {
        "builder": memory.fingerprint,
        "scores": {
            "judge": scores.judge,
            "published": [scores.published_clarity, scores.published_completeness],
            "repaired": [scores.repaired_clarity, scores.repaired_completeness],
        }
        if scores
        else None,
        "n_candidates": max(1, len(memory.candidates)),
        "alignment_score": round(alignment.score, 6),
        "licence": source.licence,
        "split": split,
        "synthetic_path": False,
    }
    return _record(source, reply, [_message("system", question.system), _message("user", question.user)], meta)


def with_thoughts(record: dict[str, Any], path: ReasoningPath) -> dict[str, Any]:
    """The same record with the thoughts before its outline, asked for in the question."""
    system, user = record["prompt"]
    asked = _message("user", with_thinking(Question(system["content"], user["content"]), record["document"]).user)
    target = f"<think>\n{path.text}\n</think>\n{record['target']}"
    completion = [_message("assistant", target)]
    return {
        **record,
        "id": f"{record['id']}/think",
        "prompt": [system, asked],
        "completion": completion,
        "messages": [system, asked, *completion],
        "think": path.text,
        "target": target,
        "meta": {
            **record["meta"],
            "synthetic_path": path.is_synthetic,
            "guide": path.model,
            "rejected_paths": list(path.rejections),
        },
    }


def check_target(text: str, memory: Memory, target: str) -> tuple[Alignment, str]:
    """The alignment of a target, and why it does not lead back to the memory, "" when it does."""
    reply = parse_reply(target)
    alignment = align(text, [Anchors(one.head, one.tail) for one in reply.scenarios])
    spans = [(chunk.span.start, chunk.span.end) for chunk in alignment.chunks]
    n = len(memory.items)
    if reply.n_repairs:
        return alignment, f"the text holds what reads as part of the answer's form ({', '.join(name for name, _ in reply.repairs)})"
    if (len(reply.outline), len(reply.scenarios)) != (n, n):
        return alignment, f"{len(reply.outline)} outline lines and {len(reply.scenarios)} scenarios for {n} chunks"
    if any(not one.core for one in reply.scenarios):
        return alignment, "a chunk has no core statement"
    if spans != [(item.span.start, item.span.end) for item in memory.items]:
        return alignment, "its anchors lead to other chunks"
    return alignment, ""


def _record(source: Source, reply: Reply, prompt: list[dict[str, str]], meta: dict[str, Any]) -> dict[str, Any]:
    target = format_reply(reply)
    completion = [_message("assistant", target)]
    return {
        "id": source.doc_id,
        "scenario": source.memory.scenario,
        "prompt": prompt,
        "completion": completion,
        "messages": [*prompt, *completion],
        "document": source.text,
        "think": "",
        "outline": [line.text for line in reply.outline],
        "scenarios": [{"head": one.head, "tail": one.tail, "core": one.core} for one in reply.scenarios],
        "target": target,
        "meta": meta,
    }


def _message(role: str, content: str) -> dict[str, str]:
    return {"role": role, "content": content}


def _parts(source: Source, window_units: int, *, by_sections: bool) -> Iterator[Source]:
    """The document, or its windows where it is too long; only what is worth a record: several chunks, or one with several sentences."""
    memory = source.memory
    parts = [source]
    if memory.items and (by_sections or count_units(source.text) > window_units):
        windows = cut_windows(source.text, memory, headings=(), blocks=(), count_tokens=count_units, max_tokens=window_units)
        parts = [
            replace(
                source,
                doc_id=f"{source.doc_id}#{window.offset}",
                text=window.text,
                memory=replace(memory, items=window.items, outline=window.outline),
            )
            for window in windows
        ]
    for part in parts:
        if len(part.memory.items) > 1 or any(len(item.sentences) >= MIN_SENTENCES for item in part.memory.items):
            yield part
