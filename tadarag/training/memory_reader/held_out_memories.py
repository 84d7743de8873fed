"""What a model writes on parts that it has not learned: each reply scored as it was written, and as a MemReader keeps it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import fsum
from typing import Any

from mom.blocks import find_blocks
from mom.judges import lexical_judge
from mom.language_model import CannotRead, Completion, LanguageModel, Sampling
from mom.memory_builder import StructuralBuilder
from mom.outline import find_headings
from mom.questions import Subject
from mom.reading import Reader, Spent, outline_entries, read_window, without_unsupported
from mom.scenarios import load_scenario
from mom.scoring import score_memory
from mom.values import Memory
from mom.windows import whole_window
from mom.word_table import shipped_word_table
from tadarag.training.memory_reader.memory_records import MemoryRecord
from tadarag.training.memory_reader.memory_sample import MemoryTask, headed_memory
from tadarag.training.memory_reader.memory_scoring import REWARD_NAMES, memory_weights, score_reply


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldOutReading:
    """A reply to one record's question. reward, terms: as it was written. kept: the memory that a MemReader makes of it."""

    record_id: str
    text: str
    tokens: int
    reward: float
    terms: Mapping[str, float | None]
    failed: str
    kept: Memory

    @property
    def row(self) -> dict[str, Any]:
        """As a line of JSON."""
        return {
            "id": self.record_id,
            "reward": self.reward,
            "failed": self.failed,
            "terms": dict(self.terms),
            "tokens": self.tokens,
            "kept_clarity": self.kept.scores.repaired_clarity if self.kept.scores else None,
            "kept_completeness": self.kept.scores.repaired_completeness if self.kept.scores else None,
            "is_used": self.is_used,
            "text": self.text,
        }

    @property
    def is_used(self) -> bool:
        """Whether a MemReader kept anything that was written, and did not read the part without the model."""
        return any(item.statement for item in self.kept.items)


def read_held_out(model: LanguageModel, records: Sequence[MemoryRecord], *, max_tokens: int) -> list[HeldOutReading]:
    """The likeliest reply of the model to each record's question, in their order. A question that does not fit is answered with nothing."""
    return [_read(model, record, Sampling(temperature=0.0, max_tokens=max_tokens)) for record in records]


def compare_readings(readings: Mapping[str, Sequence[HeldOutReading]]) -> dict[str, Any]:
    """For each model the mean reward, the mean of each term over the replies that reached it, and of the repaired scores of what is kept."""
    return {name: _figures(found) for name, found in readings.items()}


def _read(model: LanguageModel, record: MemoryRecord, sampling: Sampling) -> HeldOutReading:
    try:
        reply = model.complete(record.system, record.user, sampling)
    except CannotRead:
        reply = Completion(text="", prompt_tokens=0, completion_tokens=0, are_estimates=False)
    scored = score_reply(reply.text, record.task, memory_weights())
    return HeldOutReading(
        record_id=record.record_id,
        text=reply.text,
        tokens=reply.completion_tokens,
        reward=scored.total,
        terms=scored.terms,
        failed=scored.failed,
        kept=_kept(reply, record.task),
    )


def _kept(reply: Completion, task: MemoryTask) -> Memory:
    """What a MemReader makes of the reply: borders moved, what is not borne out replaced; the memory without a model where it is unusable."""
    plain = headed_memory(task.document, task.scenario)
    if not plain.items:
        return plain
    table, judge = shipped_word_table(), lexical_judge()
    blocks = find_blocks(task.document)
    headings = find_headings(task.document, blocks, load_scenario(task.scenario).headings)
    window = whole_window(task.document, plain, headings=headings, blocks=blocks)
    reader = Reader(model=_Again(reply), calls="one", thinks=task.thinks, structural=StructuralBuilder(), judge=judge, table=table)
    subject = Subject(text=task.document, path=(), scenario=load_scenario(task.scenario))
    candidate = read_window(reader, window, subject, Sampling(temperature=0.0), Spent())
    if candidate.reasons:
        return plain
    items, _ = without_unsupported(task.document, candidate, table)
    memory = Memory(items, outline_entries(window, items, candidate.parents), task.scenario, "kept")
    return score_memory(task.document, memory, judge=judge)


def _figures(found: Sequence[HeldOutReading]) -> dict[str, Any]:
    rows = [one.row for one in found]
    return {
        "parts": len(rows),
        "reward": _mean([row["reward"] for row in rows]),
        "reached_terms": _mean([float(not row["failed"]) for row in rows]),
        "used_by_mem_reader": _mean([float(row["is_used"]) for row in rows]),
        "tokens": _mean([row["tokens"] for row in rows]),
        "terms": {name: _mean([row["terms"][name] for row in rows]) for name in REWARD_NAMES},
        "kept_clarity": _mean([row["kept_clarity"] for row in rows]),
        "kept_completeness": _mean([row["kept_completeness"] for row in rows]),
    }


def _mean(values: Sequence[float | None]) -> float | None:
    reached = [value for value in values if value is not None]
    return fsum(reached) / len(reached) if reached else None


@dataclass(frozen=True, slots=True)
class _Again:
    """A model that says once more what was said."""

    reply: Completion
    name: str = "again"

    def complete(self, system: str, user: str, sampling: Sampling) -> Completion:
        """The reply, whatever is asked."""
        return self.reply

    def count_tokens(self, text: str) -> tuple[int, bool]:
        """A count is asked for where windows are cut, and here there is one."""
        return len(text), True
