"""What judges a memory: boundary probabilities at the gaps between sentences, and how well each core stands for its chunk."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from mom.chunking import boundary_probabilities
from mom.measures import brevity, covered_gain, support
from mom.terms import count_cjk, terms
from mom.values import Item, Memory
from mom.word_table import WordTable, shipped_word_table

CONTENT_WEIGHT = 2.0
"""Terms of at least this weight carry content; below it lie "the", "was", "first" and their like (seven documents of a hundred and more)."""
CORE_SHARE = 0.5
"""How much of a term's likelihood the core gives; the rest is the background's."""
BACKGROUND = 100
"""Terms over which the table's document shares spread: they sum to 51 over its English words, to 134 over its Chinese bigrams."""
STATED = 1.0
"""Boundary probability at a heading: its author says that something new begins."""
_SCALE = 2048
_MARKUP = 16  # characters by which a heading line may be longer than its title
_NUMBER = re.compile(r"\d+(?:[.,:/]\d+)*")
_NAME = re.compile(r"[A-ZÀ-ÖØ-Þ][\w’'-]+")

Similarities = Callable[[Sequence[str], Sequence[Sequence[str]], Mapping[str, float]], Sequence[float]]
"""Sentences, their terms and the terms' weights in; out comes the similarity across each gap between neighbours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """One item judged. Lengths are in the judge's tokens.

    left: boundary probability at the item's left edge, None where no sentence of the text lies before it. inner: at the gaps inside it.
    loss: mean negative log likelihood a token of the chunk given the core. gain, brevity, support: mom.md R3 or R9, R4, R5.
    """

    left: float | None
    inner: tuple[float, ...]
    loss: float
    chunk_length: int
    core_length: int
    gain: float
    brevity: float
    support: float


class Judge(Protocol):
    """A text and a memory of it in; one verdict an item comes out. Same arguments, same verdicts.

    name: goes into the scores, so that figures of different judges are never compared unknowingly.
    """

    @property
    def name(self) -> str: ...

    def judge(self, text: str, memory: Memory) -> tuple[Verdict, ...]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class TermJudge:
    """Judges without a language model: boundaries by depth of similarity (R8), gain by covered content terms (R9).

    Depths are standardised inside one heading section, so that an edit changes no verdict elsewhere; the edge at a heading has
    probability 1. The loss is of a unigram mixture: a term of the chunk is drawn from the core's terms with probability 0.5, else from
    the background, whose likelihoods are the table's document shares; without a core only from the background.
    """

    name: str
    table: WordTable
    similarities: Similarities

    def judge(self, text: str, memory: Memory) -> tuple[Verdict, ...]:
        """One verdict an item."""
        bags = [[terms(sentence.of(text)) for sentence in item.sentences] for item in memory.items]
        weights = {term: self.table.weight(term) for term in {term for bag in bags for sentence in bag for term in sentence}}
        gaps = [gap for section in sections(text, memory) for gap in self._gaps(text, memory.items, bags, section, weights)]
        return tuple(self._read(text, item, bag, gap, weights) for item, bag, gap in zip(memory.items, bags, gaps, strict=True))

    def _gaps(
        self,
        text: str,
        items: Sequence[Item],
        bags: Sequence[Sequence[Sequence[str]]],
        section: Sequence[tuple[int, int]],
        weights: Mapping[str, float],
    ) -> Iterator[tuple[float | None, tuple[float, ...]]]:
        """What the section's items have at their left edges and inside, in order."""
        places = [(index, place) for index, n_headings in section for place in range(n_headings, len(items[index].sentences))]
        gaps: list[float] = []
        if len(places) > 1:
            sentences = [items[index].sentences[place].of(text) for index, place in places]
            _, gaps = boundary_probabilities(self.similarities(sentences, [bags[index][place] for index, place in places], weights))
        left: dict[int, float] = {section[0][0]: STATED} if section[0][0] else {}
        inner: dict[int, list[float]] = {}
        for (before, _), (after, _), probability in zip(places, places[1:], gaps, strict=False):
            if before == after:
                inner.setdefault(after, []).append(probability)
            else:
                left[after] = probability
        for index, _ in section:
            yield left.get(index), tuple(inner.get(index, ()))

    def _read(
        self,
        text: str,
        item: Item,
        bag: Sequence[Sequence[str]],
        gaps: tuple[float | None, tuple[float, ...]],
        weights: Mapping[str, float],
    ) -> Verdict:
        """The item's verdict, from terms that were counted for its gaps already."""
        chunk = Counter([term for sentence in bag for term in sentence])
        if item.statement:
            core = Counter(terms(item.statement))
            stated = stated_facts(item.statement, self.table)
            supported = support(stated, known_facts(item.span.of(text), stated))
        else:
            kept = {span.start for span in item.core}
            core = Counter([term for span, sentence in zip(item.sentences, bag, strict=True) if span.start in kept for term in sentence])
            supported = 1.0
        chunk_length, core_length = chunk.total(), core.total()
        weighed = [(term, weight) for term in chunk if (weight := weights[term]) >= CONTENT_WEIGHT]
        return Verdict(
            left=gaps[0],
            inner=gaps[1],
            loss=_mixture_loss(chunk, core, weights, chunk_length, core_length),
            chunk_length=chunk_length,
            core_length=core_length,
            gain=covered_gain(weighed, core),
            brevity=brevity(core_length, chunk_length),
            support=supported,
        )


def lexical_judge(table: WordTable | None = None) -> TermJudge:
    """The judge that needs nothing but the word table; exact on every machine up to the last place of exp and log."""
    return TermJudge(name="lexical", table=table or shipped_word_table(), similarities=lexical_similarities)


def encoder_judge(name: str, encode: Callable[[Sequence[str]], NDArray[np.float32]], *, table: WordTable | None = None) -> TermJudge:
    """The judge whose gap similarities are cosines of neighbouring sentences' vectors.

    encode: n sentences -> float32[n, d] of unit length.
    """

    def similarities(sentences: Sequence[str], bags: Sequence[Sequence[str]], weights: Mapping[str, float]) -> list[float]:
        vectors = encode(sentences)
        return [float(one @ other) for one, other in pairwise(vectors)]

    return TermJudge(name=name, table=table or shipped_word_table(), similarities=similarities)


def lexical_similarities(sentences: Sequence[str], bags: Sequence[Sequence[str]], weights: Mapping[str, float]) -> list[float]:
    """Cosine of the TF-IDF sums of up to two sentences before and after each gap: one alone shares too few terms with its neighbour.

    Each sentence counts alike: its vector has unit length, in whole multiples of 1 / 2048, so that sums are exact in any order.
    """
    vectors = [_unit_vector(bag, weights) for bag in bags]
    near = [[_product(vectors[index], other) for other in vectors[max(0, index - 3) : index][::-1]] for index in range(len(bags))]
    found = []
    for gap in range(1, len(bags)):
        across, before, after = near[gap][0], 1.0, 1.0
        if gap > 1:
            across += near[gap][1]
            before = 2 + 2 * near[gap - 1][0]
        if gap + 1 < len(bags):
            across += near[gap + 1][1] + (near[gap + 1][2] if gap > 1 else 0.0)
            after = 2 + 2 * near[gap + 1][0]
        found.append(across / math.sqrt(before * after))
    return found


def sections(text: str, memory: Memory) -> Iterator[list[tuple[int, int]]]:
    """The items from one heading to the next: (index, how many of its first sentences are heading lines, never all of them).

    A heading is an outline entry whose title stands in its item's first lines: what a model calls an item makes no section.
    """
    titles: dict[int, list[str]] = {}
    for entry in memory.outline:
        if not entry.is_topic and entry.title:
            titles.setdefault(entry.item, []).append(entry.title)
    section: list[tuple[int, int]] = []
    for index, item in enumerate(memory.items):
        n_headings = _heading_lines(text, item, titles.get(index, ()))
        if n_headings and section:
            yield section
            section = []
        section.append((index, min(n_headings, len(item.sentences) - 1) if n_headings else 0))
    if section:
        yield section


def core_text(text: str, item: Item) -> str:
    """The core statement: a model's words, else the sentences that make it."""
    return item.statement or " ".join(span.of(text) for span in item.core)


def stated_facts(statement: str, table: WordTable) -> set[str]:
    """Distinct content terms, numbers and capitalised words of a statement (R5)."""
    facts = {term for term in terms(statement) if table.weight(term) >= CONTENT_WEIGHT and not term.isdigit()}
    facts.update(_NUMBER.findall(statement))
    facts.update(term for name in _NAME.findall(statement)[1:] for term in terms(name))
    return facts


def known_facts(chunk: str, stated: Collection[str] = ()) -> set[str]:
    """What a chunk holds of such facts: its terms and its numbers.

    stated: of these also the Chinese bigrams whose two characters the chunk holds apart, as they straddle words that a paraphrase joins.
    """
    joined = (fact for fact in stated if len(fact) == 2 == count_cjk(fact) and fact[0] in chunk and fact[1] in chunk)
    return {*terms(chunk), *_NUMBER.findall(chunk), *joined}


def _heading_lines(text: str, item: Item, titles: Sequence[str]) -> int:
    """How many of the item's first sentences are the lines that state these titles."""
    count = 0
    for sentence, title in zip(item.sentences, titles, strict=False):
        line = sentence.of(text).partition("\n")[0]
        if title not in line or len(line) > len(title) + _MARKUP:
            break
        count += 1
    return count


def _unit_vector(bag: Sequence[str], weights: Mapping[str, float]) -> dict[str, int]:
    weighed = {term: count * weights[term] for term, count in Counter(bag).items()}
    norm = math.sqrt(math.fsum([weight * weight for weight in weighed.values()])) or 1.0
    return {term: round(_SCALE * weight / norm) for term, weight in weighed.items()}


def _product(one: Mapping[str, int], other: Mapping[str, int]) -> float:
    few, many = (one, other) if len(one) <= len(other) else (other, one)
    return sum([weight * many[term] for term, weight in few.items() if term in many]) / _SCALE**2


def _mixture_loss(chunk: Counter[str], core: Counter[str], weights: Mapping[str, float], chunk_length: int, core_length: int) -> float:
    """Mean negative log likelihood of the chunk's terms: Jelinek-Mercer mixture of the core's counts and the background."""
    if not chunk_length:
        return 0.0
    share = CORE_SHARE if core_length else 0.0
    unseen = math.log(BACKGROUND) - math.log1p(-share)  # a term that the core lacks costs its weight and this
    losses = []
    for term, count in chunk.items():
        weight = weights[term]
        if term in core:
            losses.append(-count * math.log(share * core[term] / core_length + (1 - share) * math.exp(-weight) / BACKGROUND))
        else:
            losses.append(count * (weight + unseen))
    return math.fsum(losses) / chunk_length
