"""A language model as the selector: it is shown the best candidates and says which of them together answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tadarag.errors import ContextOverflow, EndpointError
from tadarag.models.language_model import LanguageModel, Message, Tokens
from tadarag.retrieval.candidates import Candidates
from tadarag.retrieval.selector import Selection, Selector
from tadarag.retrieval.set_prompt import SCHEMA, ChosenNumbers, ask_for_set, candidate_block, read_numbers
from tadarag.values import SetChoice, Usage

RULES = "llm-set-1"  # raise with every change that can alter what is made of the same reply
MOST_SHOWN = 30
MOST_CHARACTERS = 1200
"""Of one passage; the longest chunks have about so many."""
MOST_TOKENS = 4000
"""Of all passages together, as the model counts."""
REPLY_TOKENS = 1024
"""Room for thoughts; the numbers alone take a few."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LLMSelector:
    """Puts the passages that a model chose first, in its order, and the others behind them in the order of the selector before it.

    before: whose best candidates are shown, and whose order stands where the reply cannot be used; what became of it is in the selection's `choice`.
    most_tokens: of what is shown, after the model's own count; at least one passage always is.
    """

    model: LanguageModel
    before: Selector
    most_tokens: int = MOST_TOKENS

    @property
    def fingerprint(self) -> str:
        """Rules, model, and the selector before it."""
        return f"{RULES}/{self.model.name}/{self.most_tokens}/{self.before.fingerprint}"

    def select(self, candidates: Candidates) -> Selection:
        """All candidates that the selector before has. Its scores are dealt out anew in the new order, so that they fall.

        Raises EndpointError when the model gives no reply, or breaks off in one.
        """
        earlier = self.before.select(candidates)
        if not len(earlier.order):
            return earlier
        blocks = self._blocks(candidates, earlier)
        chosen, choice = self._ask(candidates.stage.question, blocks)
        places = [number - 1 for number in chosen.numbers]
        order = np.concatenate([earlier.order[places], np.delete(earlier.order, places)]) if places else earlier.order
        return Selection(order=order, scores=earlier.scores, choice=choice)

    def _blocks(self, candidates: Candidates, earlier: Selection) -> list[str]:
        """The best candidates as they are shown, as many as the budget allows."""
        blocks: list[str] = []
        used = 0
        for number, row in enumerate(candidates.rows[earlier.order[:MOST_SHOWN]].tolist(), start=1):
            block = candidate_block(number, candidates.snapshot.passage(row), most_characters=MOST_CHARACTERS)
            used += self.model.count_tokens(block)[0]
            if blocks and used > self.most_tokens:
                break
            blocks.append(block)
        return blocks

    def _ask(self, question: str, blocks: Sequence[str]) -> tuple[ChosenNumbers, SetChoice]:
        """What the model chose among the blocks; the weakest are left out until they fit its context."""
        shown = list(blocks)
        while True:
            try:
                text, tokens = self._reply(ask_for_set(question, shown))
                break
            except ContextOverflow:
                if len(shown) == 1:
                    raise
                shown = shown[: max(1, len(shown) * 2 // 3)]
        chosen = read_numbers(text, n_shown=len(shown))
        usage = Usage(
            prompt_tokens=tokens.prompt,
            completion_tokens=tokens.completion,
            tokens_are_estimates=tokens.are_estimates,
            cost=self.model.cost(tokens),
            model=self.model.name,
        )
        choice = SetChoice(
            n_shown=len(shown), n_chosen=len(chosen.numbers), n_unknown=chosen.n_unknown, problem=chosen.problem, usage=usage
        )
        return chosen, choice

    def _reply(self, messages: tuple[Message, Message]) -> tuple[str, Tokens]:
        events = list(self.model.stream(messages, max_tokens=REPLY_TOKENS, schema=SCHEMA))
        done = events[-1]
        if done.finish == "interrupted" or done.tokens is None:
            raise EndpointError(
                f"the model {self.model.name!r} broke off while it chose passages",
                "ask again, or choose without a model: retrieval: {selector: learned} in the pipeline",
            )
        return "".join(event.text for event in events), done.tokens
