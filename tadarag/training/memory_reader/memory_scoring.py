"""How what a model wrote comes to its reward: gates, cheap ones first, then the weighted terms (training.md section 4)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from tadarag.errors import TrainingError
from tadarag.training.memory_reader.memory_sample import MemoryTask, sample_of
from tadarag.training.memory_reader.memory_terms import MEMORY_FORMATS, MEMORY_OUTCOMES, MEMORY_TERMS, MEMORY_WEIGHTS
from tadarag.training.rewards.trl_functions import RewardFunction, text_of
from tadarag.training.rewards.weighted import Weights, check_weights, weighted_sum

GATE = "gate"
"""The term of what a failed gate costs; 0 when none failed."""
REWARD_NAMES = (GATE, *MEMORY_TERMS)
_END = "</scenario>"
_UNENDED, _UNREADABLE, _LOST = -0.5, -0.4, -0.3
_REMEMBERED = 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoredMemory:
    """A reward, the value of every term (None: not reached), and the gate that ended scoring ("" for none)."""

    total: float
    terms: Mapping[str, float | None]
    failed: str = ""


def memory_weights(stated: Mapping[str, Any] | None = None) -> Weights:
    """The usual weights with those that a recipe states in their place. Raises TrainingError as `rewards.weighted.check_weights`."""
    return check_weights(stated, MEMORY_WEIGHTS, outcomes=MEMORY_OUTCOMES, formats=MEMORY_FORMATS)


def score_reply(completion: str, task: MemoryTask, weights: Weights) -> ScoredMemory:
    """The reward of a completion: G0 (it ends), G1 (it names a chunk), G2 (its anchors stand in the text), then the terms.

    A later gate costs less than an earlier one, so that every step towards a memory gains: G0 -0.5, G1 -0.4, and G2, where the alignment
    must be rejected, -0.3 times the share that was not found.
    """
    if not completion.rstrip().endswith(_END):
        return _failed("G0", _UNENDED)
    sample = sample_of(completion, task)
    if not sample.reply.scenarios:
        return _failed("G1", _UNREADABLE)
    if sample.alignment.is_rejected:
        return _failed("G2", _LOST * (1 - sample.alignment.score))
    terms: dict[str, float | None] = {GATE: 0.0, **{name: term(sample) for name, term in MEMORY_TERMS.items()}}
    return ScoredMemory(total=weighted_sum(terms, weights), terms=terms)


def memory_reward_functions(weights: Weights) -> tuple[RewardFunction, ...]:
    """A function for what the gates cost and one for every term, named as the terms are, as trl's trainers ask for them.

    Each gets prompts, completions and the columns `document`, `scenario` and `thinks`. A completion is read once, whichever asks first.
    """

    @lru_cache(maxsize=_REMEMBERED)
    def score(completion: str, task: MemoryTask) -> ScoredMemory:
        return score_reply(completion, task, weights)

    return tuple(_function(name, score) for name in REWARD_NAMES)


def function_weights(functions: Sequence[RewardFunction], weights: Weights) -> list[float]:
    """`reward_weights` for the functions, in their order."""
    return [1.0 if function.__name__ == GATE else weights.of(function.__name__) for function in functions]


def require_spread(rows: Sequence[Mapping[str, float | None]]) -> None:
    """Refuse a run in whose log no outcome term ever varied over the samples of a step. Raises TrainingError."""
    if not any(row.get(f"rewards/{name}/std") for row in rows for name in MEMORY_OUTCOMES):
        raise TrainingError(
            f"neither {' nor '.join(MEMORY_OUTCOMES)} varied in any of {len(rows)} steps: only form was learned",
            "teach longer first, and look at rewards/gate/mean in the log: replies must end and their chunks must stand in the text",
        )


def _function(name: str, score: Callable[[str, MemoryTask], ScoredMemory]) -> RewardFunction:
    def reward(prompts: Sequence[Any], completions: Sequence[Any], **columns: Any) -> list[float | None]:
        asked = zip(columns["document"], columns["scenario"], columns["thinks"], strict=True)
        tasks = [MemoryTask(document=document, scenario=scenario, thinks=thinks) for document, scenario, thinks in asked]
        return [score(text_of(completion), task).terms[name] for completion, task in zip(completions, tasks, strict=True)]

    reward.__name__ = reward.__qualname__ = name
    return reward


def _failed(gate: str, cost: float) -> ScoredMemory:
    return ScoredMemory(total=cost, terms={name: cost if name == GATE else None for name in REWARD_NAMES}, failed=gate)
