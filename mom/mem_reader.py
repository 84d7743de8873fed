"""The builder with a model: several readings of each part of a document, and the best of them kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from mom.blocks import find_blocks, merge_blocks
from mom.judges import Judge, lexical_judge
from mom.language_model import LanguageModel, Sampling
from mom.memory_builder import StructuralBuilder
from mom.outline import find_headings
from mom.prompts import prompts_version
from mom.questions import PROMPTS, Subject, ask_for_items, ask_for_memory, ask_for_outline
from mom.reading import Reader, Spent, outline_entries, read_window, without_unsupported
from mom.scenarios import Scenario, load_scenario
from mom.scoring import score_memory
from mom.selection import ScoreForm, select
from mom.values import HeadingLike, Item, Memory, MemoryScores, OutlineEntry, SpanLike
from mom.windows import Window, cut_windows, shifted
from mom.word_table import WordTable, shipped_word_table

RULES = "mem-reader-1"  # raise with every change that can alter what is made of the same replies
WINDOW_TOKENS = 2400
SHORT = 3
"""A window of one chunk with fewer sentences than this beside its headings is not worth a question."""
REPLY_SHARE = 0.4
"""Tokens of a usual reply by those of its window: two anchors, an outline line and a core of a quarter for each chunk."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """How a model is asked. calls: "one" for outline and scenarios in one reply (the published form), "two" for the outline first.

    thinks: the model is to write down its thoughts first; only in one call.
    """

    name: str
    samplings: tuple[Sampling, ...]
    calls: Literal["one", "two"] = "one"
    thinks: bool = False


PROMPTED = Profile(
    name="prompted", samplings=tuple(Sampling(temperature=t, seed=seed) for seed, t in enumerate((0.3, 0.7, 0.7, 1.0), start=1))
)
"""For a general model: four readings (mom.md 5)."""
TUNED = Profile(name="tuned", samplings=(Sampling(temperature=0.1, top_p=0.1, repetition_penalty=1.05),))
"""For a model tuned on memories: the published inference settings (mom.md 5)."""
TUNED_THINKING = Profile(
    name="tuned-thinking", samplings=(Sampling(temperature=0.1, top_p=0.1, repetition_penalty=1.05, max_tokens=4096),), thinks=True
)
"""For one that writes down its path first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """What building would ask of the model. completion_tokens: in replies of the usual length."""

    n_calls: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    are_estimates: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MemReader:
    """The builder with a model: it says where chunks begin, how their outline lines read and what their core statements are.

    Whatever it writes, no text is lost, doubled or invented: its anchors are aligned with the document, a core statement that its
    chunk does not bear out gives way to the chunk's own sentences, and a part without a usable reading is read by `structural`; the
    notes say so. Topmost sections are read apart from each other, so that an edit changes only the one that holds it.
    judge: of the readings; the lexical one by default. window_tokens: a longer section is read in parts.
    """

    model: LanguageModel
    structural: StructuralBuilder = field(default_factory=StructuralBuilder)
    profile: Profile = PROMPTED
    judge: Judge | None = None
    score_form: ScoreForm = "repaired"
    window_tokens: int = WINDOW_TOKENS

    @property
    def fingerprint(self) -> str:
        """Rules, model, profile, prompts, judge, window, and the fingerprint of the builder without a model."""
        asked = f"{self.profile.name}:{self.profile.calls}:{len(self.profile.samplings)}:{prompts_version(PROMPTS)}"
        judged = f"{self._judge.name}:{self.score_form}"
        return "/".join((RULES, self.model.name, asked, judged, str(self.window_tokens), self.structural.fingerprint))

    def with_model(self, model: LanguageModel) -> MemReader:
        """The same builder with another object in the model's place, such as one that remembers its replies."""
        return replace(self, model=model)

    def build(
        self,
        text: str,
        *,
        title: str = "",
        headings: Sequence[HeadingLike] = (),
        pages: Sequence[SpanLike] = (),
        blocks: Sequence[SpanLike] = (),
        scenario: str = "",
    ) -> Memory:
        """See `MemoryBuilder`. Errors of the model other than CannotRead come through: a memory must not depend on a bad moment."""
        plain = self.structural.build(text, title=title, headings=headings, pages=pages, blocks=blocks, scenario=scenario)
        readings = [self._read(window, plain.scenario) for window in self._windows(text, plain, headings, blocks)]
        return self._joined(text, plain, readings)

    def estimate(
        self,
        text: str,
        *,
        title: str = "",
        headings: Sequence[HeadingLike] = (),
        blocks: Sequence[SpanLike] = (),
        scenario: str = "",
    ) -> Estimate:
        """What `build` would ask for, without asking."""
        plain = self.structural.build(text, title=title, headings=headings, blocks=blocks, scenario=scenario)
        n_calls = prompt = completion = 0
        are_estimates = False
        for window in self._windows(text, plain, headings, blocks):
            if _is_short(window):
                continue
            subject = self._subject(window, plain.scenario)
            questions = [ask_for_memory(subject)] if self.profile.calls == "one" else [ask_for_outline(subject), ask_for_items(subject, ())]
            counts = [self.model.count_tokens(part) for question in questions for part in (question.system, question.user)]
            size, is_estimate = self.model.count_tokens(window.text)
            n_calls += len(questions) * len(self.profile.samplings)
            prompt += len(self.profile.samplings) * sum(count for count, _ in counts)
            completion += sum(min(sampling.max_tokens, round(REPLY_SHARE * size)) for sampling in self.profile.samplings)
            are_estimates |= is_estimate
        return Estimate(n_calls=n_calls, prompt_tokens=prompt, completion_tokens=completion, are_estimates=are_estimates)

    @property
    def _table(self) -> WordTable:
        return self.structural.word_table or shipped_word_table()

    @property
    def _judge(self) -> Judge:
        return self.judge or lexical_judge(self._table)

    def _scenario(self, name: str) -> Scenario:
        return load_scenario(name, self.structural.scenario_folders)

    def _windows(self, text: str, plain: Memory, headings: Sequence[HeadingLike], blocks: Sequence[SpanLike]) -> list[Window]:
        if not plain.items:
            return []
        whole = merge_blocks(blocks or find_blocks(text), len(text))
        lines = headings or find_headings(text, whole, self._scenario(plain.scenario).headings)
        return cut_windows(
            text,
            plain,
            headings=sorted(lines, key=lambda heading: heading.span.start),
            blocks=whole,
            count_tokens=lambda part: self.model.count_tokens(part)[0],
            max_tokens=self.window_tokens,
        )

    def _subject(self, window: Window, scenario: str) -> Subject:
        path = window.items[0].path
        shared = next((depth for depth in range(len(path), 0, -1) if all(item.path[:depth] == path[:depth] for item in window.items)), 0)
        return Subject(text=window.text, path=path[:shared], scenario=self._scenario(scenario), max_length=self.structural.max_length)

    def _read(self, window: Window, scenario: str) -> _Read:
        """The best reading of a window, or the one without a model and why."""
        if _is_short(window):
            return _Read(window=window, items=window.items, outline=window.outline)
        reader = Reader(
            model=self.model,
            calls=self.profile.calls,
            thinks=self.profile.thinks,
            structural=self.structural,
            judge=self._judge,
            table=self._table,
        )
        spent, subject = Spent(), self._subject(window, scenario)
        candidates = [read_window(reader, window, subject, sampling, spent) for sampling in self.profile.samplings]
        scores = tuple(candidate.scores for candidate in candidates)
        chosen = select(scores, [bool(candidate.reasons) for candidate in candidates], form=self.score_form)
        if chosen is None:
            reason = Counter(candidate.reasons[0] for candidate in candidates).most_common(1)[0][0]
            note = f"“{window.name}” was read without the model, because none of its {len(candidates)} readings was usable: {reason}."
            return _Read(window=window, items=window.items, outline=window.outline, notes=(note,), spent=spent)
        best = candidates[chosen]
        items, n_replaced = without_unsupported(window.text, best, self._table)
        replaced = (f"{n_replaced} core statements said what their chunks do not, and gave way to sentences",) if n_replaced else ()
        return _Read(
            window=window,
            items=items,
            outline=outline_entries(window, items, best.parents),
            notes=tuple(f"“{window.name}”: {loss}." for loss in (*best.losses, *replaced)),
            spent=spent,
            scores=scores,
            chosen=chosen,
        )

    def _joined(self, text: str, plain: Memory, reads: Sequence[_Read]) -> Memory:
        """The memory of the whole document, its scores, and what its readings took."""
        items: list[Item] = []
        outline: list[OutlineEntry] = []
        for read in reads:
            outline.extend(replace(entry, item=entry.item + len(items)) for entry in read.outline)
            items.extend(shifted(item, read.window.offset) for item in read.items)
        joined = replace(
            plain,
            items=tuple(items),
            outline=tuple(outline),
            fingerprint=self.fingerprint,
            notes=(*plain.notes, *(note for read in reads for note in read.notes), *_usage(self.model.name, reads)),
        )
        scored = score_memory(text, joined, judge=self._judge)
        asked = [read for read in reads if read.scores]
        if len(reads) == 1 and asked:
            return replace(scored, candidates=asked[0].scores, chosen=asked[0].chosen)
        return replace(scored, candidates=(scored.scores,) if scored.scores else (), chosen=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    """What has become of a window. scores: of its readings, none when it was read without the model."""

    window: Window
    items: tuple[Item, ...]
    outline: tuple[OutlineEntry, ...]
    notes: tuple[str, ...] = ()
    spent: Spent = field(default_factory=Spent)
    scores: tuple[MemoryScores, ...] = ()
    chosen: int = 0


def _is_short(window: Window) -> bool:
    """Whether a window is one chunk with so few sentences beside its headings that there is nothing to ask."""
    if len(window.items) > 1:
        return False
    body = [
        line for line in window.items[0].sentences if not any(line.start < span.end and span.start < line.end for span in window.headings)
    ]
    return len(body) < SHORT


def _usage(model: str, reads: Sequence[_Read]) -> tuple[str, ...]:
    """What the replies took, as a sentence; none when nothing was asked."""
    n_replies = sum(read.spent.n_replies for read in reads)
    if not n_replies:
        return ()
    prompt, completion = sum(read.spent.prompt_tokens for read in reads), sum(read.spent.completion_tokens for read in reads)
    about = "about " if any(read.spent.are_estimates for read in reads) else ""
    return (f"{model} wrote {n_replies} replies: {about}{prompt} tokens in, {about}{completion} tokens out.",)
