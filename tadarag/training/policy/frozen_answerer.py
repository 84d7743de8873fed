"""What a frozen answerer makes of a graph's cited sentences: the loss of the gold answer, and the answer that it would give."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from tadarag.generation.question_form import read_question
from tadarag.models.answer_model import MAX_PASSAGES, best_spans
from tadarag.models.language_model import estimate_tokens
from tadarag.models.passage_reader import PassageReader, TextLogits
from tadarag.training.policy.items import PolicyItem
from tadarag.values import Route

WORST = 6.0
"""Nats: the most that a loss can be, and that of an answer that is not in the text."""


@dataclass(frozen=True, slots=True)
class Judged:
    """loss: mean nats of the gold answer's first and last piece, or of yes or no, at most WORST. answer: the words that would be given."""

    loss: float
    answer: str


NOTHING_READ = Judged(WORST, "")


class Answered(Protocol):
    """A question whose answers are known: an item of training, or a question that was asked of the product."""

    @property
    def id(self) -> str: ...
    @property
    def question(self) -> str: ...
    @property
    def answers(self) -> tuple[str, ...]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedQuestion:
    """The least of it."""

    id: str
    question: str
    answers: tuple[str, ...]


class FrozenAnswerer:
    """The shipped network as a judge of texts; remembers what it has read. Nothing of it ever changes: `fingerprint` says which it is."""

    def __init__(self, reader: PassageReader) -> None:
        self._reader = reader
        self._known: dict[tuple[str, tuple[str, ...]], Judged] = {}

    @property
    def fingerprint(self) -> str:
        """The network's."""
        return self._reader.fingerprint

    def judge(self, item: Answered, texts: Sequence[str]) -> Judged:
        """Read at most MAX_PASSAGES texts with the item's question in mind."""
        key = (item.id, tuple(texts[:MAX_PASSAGES]))
        if key not in self._known:
            logits = self._reader.logits(item.question, key[1]) if texts else None
            self._known[key] = NOTHING_READ if logits is None else _judged(item, key[1], logits)
        return self._known[key]


def cited_texts(item: PolicyItem, cited: Sequence[int]) -> tuple[str, ...]:
    """What a graph shows of its passages: of each, its headings and the sentences that are cited, in their order."""
    by_hit: dict[int, list[int]] = {}
    for index in sorted(cited):
        by_hit.setdefault(item.sentences[index].hit, []).append(index)
    return tuple(item.headings[indexes[0]] + " ".join(item.sentences[index].text for index in indexes) for indexes in by_hit.values())


def plain_texts(passages: Sequence[str], budget: int) -> tuple[str, ...]:
    """The passages as they are, best first, cut at `budget` tokens: what stands in the place of a graph where there is none."""
    texts, left = [], budget
    for passage in passages:
        if left <= 0:
            break
        tokens = estimate_tokens(passage)
        texts.append(passage if tokens <= left else passage[: max(1, round(len(passage) * left / tokens))])
        left -= tokens
    return tuple(texts)


def _judged(item: Answered, texts: Sequence[str], logits: TextLogits) -> Judged:
    is_yes_no = read_question(item.question, Route(language="und")).asks == "yesno"
    kinds = logits.verdicts[-2:].astype(np.float64)  # yes, no
    ends = logits.ends.astype(np.float64)
    if is_yes_no:
        shares = _log_softmax(kinds)
        wanted = [index for index, word in enumerate(("yes", "no")) if word in {answer.lower() for answer in item.answers}]
        loss = -float(shares[wanted[0]]) if wanted else WORST
        return Judged(min(WORST, loss), ("yes", "no")[int(kinds.argmax())])
    places = list(_places(item.answers, texts, logits.pieces))
    loss = WORST
    if places:
        log_shares = np.stack([_log_softmax(ends[:, side]) for side in (0, 1)])
        chosen = [np.logaddexp.reduce(log_shares[side, sorted({place[side] for place in places})]) for side in (0, 1)]
        loss = min(WORST, -float(np.mean(chosen)))
    return Judged(loss, _best_words(texts, logits))


def _log_softmax(logits: NDArray[np.float64]) -> NDArray[np.float64]:
    shifted: NDArray[np.float64] = logits - np.logaddexp.reduce(logits)
    return shifted


def _places(answers: Sequence[str], texts: Sequence[str], pieces: Sequence[NDArray[np.int32]]) -> Iterator[tuple[int, int]]:
    """First and last rows of `ends` of every place where an answer stands, without regard to case."""
    row = 1
    for text, own in zip(texts, pieces, strict=True):
        for answer in answers:
            for found in re.finditer(re.escape(answer), text, re.IGNORECASE) if answer else ():
                inside = np.flatnonzero((own[:, 1] > found.start()) & (own[:, 0] < found.end()))
                if len(inside):
                    yield row + int(inside[0]), row + int(inside[-1])
        row += len(own)


def _best_words(texts: Sequence[str], logits: TextLogits) -> str:
    best = best_spans(logits.ends, [len(own) for own in logits.pieces], n=1)
    if not best:
        return ""
    pieces, text = logits.pieces[best[0].passage], texts[best[0].passage]
    return " ".join(text[int(pieces[best[0].first, 0]) : int(pieces[best[0].last, 1])].split())
