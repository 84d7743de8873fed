"""What one reward is given for: what a model wrote as the memory of a text, read and laid over that text."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from mom.alignment import Alignment
from mom.as_written import memory_as_written
from mom.memory_builder import build
from mom.reply import Reply, parse_reply
from mom.scenarios import Scenario, load_scenario
from mom.values import Memory, MemoryScores


@dataclass(frozen=True, slots=True, kw_only=True)
class MemoryTask:
    """A text that is to be read. scenario: the name of how. thinks: whether the path is asked for first."""

    document: str
    scenario: str
    thinks: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MemorySample:
    """What the terms of the reward are functions of. memory: as it was written (`mom.as_written`), with its scores."""

    task: MemoryTask
    scenario: Scenario
    reply: Reply
    memory: Memory
    alignment: Alignment

    @property
    def scores(self) -> MemoryScores:
        """The memory's scores in both forms."""
        if self.memory.scores is None:
            raise ValueError("a memory as it was written is always scored")
        return self.memory.scores


def sample_of(completion: str, task: MemoryTask) -> MemorySample:
    """The sample of a completion; its memory has no items where nothing of it was found in the text. Judged by words alone, as mom does."""
    reply = parse_reply(completion)
    memory, alignment = memory_as_written(task.document, reply, headed_memory(task.document, task.scenario))
    return MemorySample(task=task, scenario=load_scenario(task.scenario), reply=reply, memory=memory, alignment=alignment)


@lru_cache(maxsize=4096)
def headed_memory(document: str, scenario: str) -> Memory:
    """The text's memory without a model, which knows its headings."""
    return build(document, scenario=scenario)
