"""Several readings of one document without a model, and the best of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from mom.judges import Judge, lexical_judge
from mom.memory_builder import StructuralBuilder
from mom.scoring import score_memory
from mom.selection import ScoreForm, reasons_to_reject, select
from mom.values import HeadingLike, Memory, MemoryScores, SpanLike

GAMMAS = (0.25, 0.5, 1.0)
CORE_SHARES = (0.15, 0.25)


def build_candidates(
    text: str,
    *,
    title: str = "",
    headings: Sequence[HeadingLike] = (),
    pages: Sequence[SpanLike] = (),
    blocks: Sequence[SpanLike] = (),
    scenario: str = "",
    builder: StructuralBuilder | None = None,
    judge: Judge | None = None,
    form: ScoreForm = "repaired",
) -> Memory:
    """The best of six readings, which differ in the cost of a segment and in the share that a core may take of its chunk.

    text, title, headings, pages, blocks, scenario: see `mom.build`. builder: whose other settings hold; by default those of `mom.build`.
    judge: the lexical one by default. The memory's `candidates` holds the scores of all, smaller costs and shares first, and `chosen`
    says which it is. When all fall at the gates it is the builder's own reading, with a note, and `candidates` is empty.
    Source: mom.md 4.4.
    """
    base = builder or StructuralBuilder()
    readings: list[Memory] = []
    for gamma in GAMMAS:
        for share in CORE_SHARES:
            reader = replace(base, gamma=gamma, core_share=share)
            memory = reader.build(text, title=title, headings=headings, pages=pages, blocks=blocks, scenario=scenario)
            readings.append(
                memory if memory.scores and not judge else score_memory(text, memory, judge=judge or lexical_judge(base.word_table))
            )
    scores: list[MemoryScores] = [memory.scores for memory in readings if memory.scores is not None]
    reasons = [reasons_to_reject(text, memory) for memory in readings]
    chosen = select(scores, [bool(reason) for reason in reasons], form=form)
    if chosen is None:
        plain = base.build(text, title=title, headings=headings, pages=pages, blocks=blocks, scenario=scenario)
        return replace(plain, notes=(*plain.notes, f"None of {len(readings)} readings was usable: {reasons[0][0]}."))
    return replace(readings[chosen], candidates=tuple(scores), chosen=chosen)
