"""The reward terms as trl's trainers ask for them: one function a term, so that each is logged by its name.

A function gets prompts, completions and every column of the data set as keyword lists, and returns a float, or None for a term that was not
reached, for each completion (tadarag.md section 6.1). trl itself is not imported. The tokenizer must keep the end mark: trl decodes without
special tokens, so a policy whose markers are special ends its graphs with <|COMPLETE|> as plain text.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from tadarag.span import Span
from tadarag.templates.template import Template
from tadarag.training.rewards.gates import GATE, TERM_NAMES, Scored, Scoring, score_completion
from tadarag.training.rewards.sample import DEFAULT_BUDGET, RewardItem
from tadarag.training.rewards.weighted import JUDGE, Weights

RewardFunction = Callable[..., list[float | None]]
_REMEMBERED = 4096


def reward_functions(scoring: Scoring) -> tuple[RewardFunction, ...]:
    """A function for what the gates cost and one for every term but the judge's, named as the terms are.

    A completion is parsed and scored once, whichever of them asks first.
    """

    @lru_cache(maxsize=_REMEMBERED)
    def score(completion: str, item: RewardItem) -> Scored:
        return score_completion(completion, item, scoring)

    return tuple(_function(name, score, scoring.template_of) for name in TERM_NAMES if name != JUDGE)


def trl_weights(functions: Sequence[RewardFunction], weights: Weights) -> list[float]:
    """`reward_weights` for the functions, in their order; 0 for terms that are only logged."""
    return [1.0 if function.__name__ == GATE else weights.of(function.__name__) for function in functions]


def _function(name: str, score: Callable[[str, RewardItem], Scored], template_of: Callable[[str], Template]) -> RewardFunction:
    def reward(prompts: Sequence[Any], completions: Sequence[Any], **columns: Any) -> list[float | None]:
        items = items_of_columns(columns, len(completions), template_of)
        return [score(text_of(completion), item).terms[name] for completion, item in zip(completions, items, strict=True)]

    reward.__name__ = reward.__qualname__ = name
    return reward


def text_of(completion: Any) -> str:
    """The text of a completion: itself, or the contents of its messages where the data set is conversational."""
    return completion if isinstance(completion, str) else "".join(str(message["content"]) for message in completion)


def items_of_columns(columns: Mapping[str, Sequence[Any]], n: int, template_of: Callable[[str], Template]) -> list[RewardItem]:
    """The items behind the rows: question, source, gold_answer, and if there are such columns gold_evidence, domain, task and base_nll.

    gold_answer: a text or a list of alternatives. gold_evidence: sentences as they stand in the source. The budget is that of the task in the
    domain's template. Raises ValueError for evidence that does not stand in the source, and KeyError for a missing column.
    """
    return [_item({name: columns[name][row] for name in columns if name in _COLUMNS}, template_of) for row in range(n)]


_COLUMNS = ("question", "source", "gold_answer", "gold_evidence", "domain", "task", "base_nll")


def _item(row: Mapping[str, Any], template_of: Callable[[str], Template]) -> RewardItem:
    answers = row["gold_answer"]
    domain, task = row.get("domain") or "", row.get("task") or "fact"
    known = template_of(domain).task(task) or template_of(domain).task("fact")
    return RewardItem(
        question=row["question"],
        source=row["source"],
        answers=(answers,) if isinstance(answers, str) else tuple(answers),
        task=task,
        domain=domain,
        budget=known.tokens if known else DEFAULT_BUDGET,
        evidence=tuple(_place(sentence, row["source"]) for sentence in row.get("gold_evidence") or ()),
        base_loss=row.get("base_nll"),
    )


def _place(sentence: str, source: str) -> Span:
    start = source.find(sentence)
    if start < 0 or not sentence:
        raise ValueError(f"the gold evidence {sentence[:60]!r} does not stand in its source")
    return Span(start, start + len(sentence))
