"""A causal language model as the judge of memories: boundaries by yes and no, cores by likelihoods."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from mom.judges import Verdict, core_text, known_facts, stated_facts
from mom.language_model import LikelihoodModel
from mom.measures import brevity, gain, mean_loss, support, yes_probability
from mom.questions import language_of
from mom.values import Item, Memory, Span
from mom.word_table import WordTable, shipped_word_table

CONTEXT_TOKENS = 200
"""How much text a boundary question shows on each side of the gap (R1)."""
_WORDS = {"en": (" yes", " no"), "zh": ("是", "否")}
_BOUNDARY = {
    "en": "Text before:\n{before}\n\nText after:\n{after}\n\nDoes a new topic begin between the two texts? Answer {one} or {other}.\nAnswer:",
    "zh": "前文：\n{before}\n\n后文：\n{after}\n\n这两段文字之间是否开始了新的主题？只回答{one}或{other}。\n回答：",
}
_GIVEN = {"en": "Summary: {core}\n\nText: ", "zh": "摘要：{core}\n\n正文："}
_ALONE = {"en": "Text: ", "zh": "正文："}


@dataclass(frozen=True, slots=True, kw_only=True)
class LikelihoodJudge:
    """Judges with a causal model: R1 at every gap, at headings too; R3 and M5 from the chunk's likelihood with and without its core.

    Both orders of the option words are asked, and their probabilities averaged. table: says which words of a core carry content (R5).
    """

    model: LikelihoodModel
    table: WordTable | None = None

    @property
    def name(self) -> str:
        """The model's name."""
        return self.model.name

    def judge(self, text: str, memory: Memory) -> tuple[Verdict, ...]:
        """One verdict an item; asks twice a gap and twice a core."""
        places = [(index, sentence) for index, item in enumerate(memory.items) for sentence in item.sentences]
        sentences = [sentence for _, sentence in places]
        left: dict[int, float] = {}
        inner: dict[int, list[float]] = {}
        for gap, ((before, _), (after, _)) in enumerate(pairwise(places), start=1):
            probability = self.boundary(text, sentences[:gap], sentences[gap:])
            if before == after:
                inner.setdefault(after, []).append(probability)
            else:
                left[after] = probability
        gaps = [(left.get(index), tuple(inner.get(index, ()))) for index in range(len(memory.items))]
        return tuple(self._read(text, item, *gap) for item, gap in zip(memory.items, gaps, strict=True))

    def boundary(self, text: str, before: Sequence[Span], after: Sequence[Span]) -> float:
        """Probability that a new topic begins between the sentences before and those after."""
        count = self.model.count_tokens
        near = list(_within(reversed(before), lambda span: count(span.of(text))[0]))[::-1]
        far = list(_within(after, lambda span: count(span.of(text))[0]))
        shown = [text[near[0].start : near[-1].end], text[far[0].start : far[-1].end]]
        language = language_of(" ".join(shown))
        yes, no = _WORDS[language]
        probabilities = []
        for one, other in ((yes, no), (no, yes)):
            prompt = _BOUNDARY[language].format(before=shown[0], after=shown[1], one=one.strip(), other=other.strip())
            probabilities.append(yes_probability(*self.model.choice_logits(prompt, (yes, no))))
        return math.fsum(probabilities) / len(probabilities)

    def _read(self, text: str, item: Item, left: float | None, inner: tuple[float, ...]) -> Verdict:
        chunk, statement = item.span.of(text), core_text(text, item)
        language = language_of(chunk)
        alone = self.model.likelihoods(_ALONE[language], chunk)
        given = self.model.likelihoods(_GIVEN[language].format(core=statement), chunk) if statement else alone
        core_length = self.model.count_tokens(statement)[0] if statement else 0
        is_extract = not item.statement
        table = self.table or shipped_word_table()
        return Verdict(
            left=left,
            inner=inner,
            loss=mean_loss(given),
            chunk_length=len(alone),
            core_length=core_length,
            gain=gain(mean_loss(given), mean_loss(alone)),
            brevity=brevity(core_length, len(alone)),
            support=1.0 if is_extract else support(stated := stated_facts(statement, table), known_facts(chunk, stated)),
        )


def _within(spans: Iterable[Span], count: Callable[[Span], int]) -> Iterator[Span]:
    """The first spans that together stay within what a question shows, at least one."""
    total = 0
    for index, span in enumerate(spans):
        total += count(span)
        if index and total > CONTEXT_TOKENS:
            return
        yield span
