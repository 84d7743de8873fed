"""Items as token ids: prompts, graphs between their markers, and answers that end the sequence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tadarag.errors import TrainingError
from tadarag.training.causal.graph_items import GraphItem
from tadarag.training.causal.prompts import prompt_of
from tadarag.training.causal.sampling import DrawnGraph


@dataclass(frozen=True, slots=True, kw_only=True)
class EncodedItem:
    """An item with its ids. graph: the teacher's, closed. answer: with the token that ends a sequence."""

    item: GraphItem
    prompt: tuple[int, ...]
    graph: DrawnGraph
    answer: tuple[int, ...]


def encode_items(tokenizer: Any, items: Sequence[GraphItem], *, instruction: str = "", max_tokens: int = 0) -> list[EncodedItem]:
    """The items in the ids of a tokenizer that has the markers.

    max_tokens: the most that a prompt, its graph and its answer may take together, 0 for no limit; prompts are never cut, because the evidence
    may stand anywhere. Raises TrainingError for an item that is longer.
    """
    stop = tokenizer.convert_tokens_to_ids("<|endextraction|>")
    encoded = []
    for item in items:
        one = EncodedItem(
            item=item,
            prompt=tuple(tokenizer(prompt_of(item, instruction=instruction))["input_ids"]),
            graph=DrawnGraph((*_ids(tokenizer, item.graph), stop), is_closed=True),
            answer=(*_ids(tokenizer, item.answer), tokenizer.eos_token_id),
        )
        n_tokens = len(one.prompt) + 1 + len(one.graph.ids) + len(one.answer)
        if max_tokens and n_tokens > max_tokens:
            raise TrainingError(
                f"the item {item.question[:60]!r} takes {n_tokens} tokens, and {max_tokens} are allowed",
                "shorten its source or raise max_tokens",
            )
        encoded.append(one)
    return encoded


def _ids(tokenizer: Any, text: str) -> list[int]:
    ids: list[int] = tokenizer(text, add_special_tokens=False)["input_ids"]
    return ids
