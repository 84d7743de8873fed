"""The path that leads from a document to its memory: asked of a guiding model after the fact, else told from the builder's decisions."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mom.judges import core_text
from mom.language_model import LanguageModel, Sampling
from mom.memory_json import text_hash
from mom.prompts import load_prompt
from mom.questions import language_of
from mom.terms import terms
from mom.values import Memory

PROMPTS = ("reason_system", "reason")
SAMPLINGS = tuple(Sampling(temperature=t, seed=seed) for seed, t in enumerate((0.3, 0.7, 1.0), start=1))
MAX_QUOTED = 0.3
_QUOTED_RUN = 8  # terms in a row: fewer are met by chance
_GIVEN = re.compile(
    r"\bas (?:given|provided|supplied|shown)\b|\b(?:given|provided|supplied|reference|expected|final) (?:answer|memory|outline|result|output)"
    r"|\bthe answer (?:says|is)\b|如上所[示述给]|(?:给定|已给|给出|提供|参考|标准)的?(?:答案|记忆|大纲|结果)",
    re.IGNORECASE,
)
_NUMBER_WORDS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_CHINESE_DIGITS = "一二三四五六七八九十"
_COUNT = re.compile(
    rf"\b(\d+|{'|'.join(_NUMBER_WORDS)}) (?:chunks|items|blocks|scenarios)\b|(\d+|[{_CHINESE_DIGITS}两]) ?个(?:文本块|分块|条目|场景)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasoningPath:
    """A path in words. model: "" for one told from the builder's decisions. rejections: why the model's tries before it were not kept."""

    text: str
    model: str = ""
    rejections: tuple[str, ...] = ()

    @property
    def is_synthetic(self) -> bool:
        """Whether no model wrote it."""
        return not self.model


def reason(text: str, memory: Memory, *, model: LanguageModel | None = None, samplings: Sequence[Sampling] = SAMPLINGS) -> ReasoningPath:
    """The path to a memory: the guiding model's first that passes `path_faults`, else one told from the builder's decisions."""
    rejections: list[str] = []
    for guide, sampling in [(model, sampling) for sampling in samplings] if model else []:
        path = guide.complete(*_question(text, memory), sampling).text.strip()
        faults = path_faults(path, text, len(memory.items))
        if not faults:
            return ReasoningPath(text=path, model=guide.name, rejections=tuple(rejections))
        rejections.append("; ".join(faults))
    return ReasoningPath(text=template_path(text, memory), rejections=tuple(rejections))


def path_faults(path: str, text: str, n_items: int) -> tuple[str, ...]:
    """Why a path may not be trained on, empty when it may: it quotes over 30 % of the document, names the answer it was given, or counts
    other chunks than there are. Source: mom.md 7."""
    faults: list[str] = []
    if not path:
        return ("it is empty",)
    quoted = quoted_share(path, text)
    if quoted > MAX_QUOTED:
        faults.append(f"it quotes {quoted:.0%} of the document")
    if (named := _GIVEN.search(path)) is not None:
        faults.append(f"it names the answer that it was given: {named.group()!r}")
    counts = {_number(match[1] or match[2]) for match in _COUNT.finditer(path)} - {n_items, 1}
    if counts:
        faults.append(f"it speaks of {', '.join(map(str, sorted(counts)))} chunks where there are {n_items}")
    if "<" in path and re.search(r"</?(?:think|outline|scenario|chunk)>", path):
        faults.append("it holds a tag of the answer's form")
    return tuple(faults)


def quoted_share(path: str, text: str) -> float:
    """Share of the document's terms that lie in a run of eight which the path repeats; 0 for a document shorter than that."""
    said, whole = terms(path), terms(text)
    runs = {tuple(said[start : start + _QUOTED_RUN]) for start in range(len(said) - _QUOTED_RUN + 1)}
    covered, reached = 0, 0
    for start in range(len(whole) - _QUOTED_RUN + 1):
        if tuple(whole[start : start + _QUOTED_RUN]) in runs:
            covered += start + _QUOTED_RUN - max(start, reached)
            reached = start + _QUOTED_RUN
    return covered / len(whole) if whole else 0.0


def template_path(text: str, memory: Memory) -> str:
    """A path told from what the builder saw: headings, shifts with their probabilities, what each core keeps and what it leaves out."""
    language = language_of(text)
    return "\n".join(_chinese_lines(text, memory) if language == "zh" else _english_lines(text, memory))


def _english_lines(text: str, memory: Memory) -> Iterator[str]:
    n = len(memory.items)
    headings = [entry.title for entry in memory.outline if not entry.is_topic and entry.title]
    yield f"Kind of document: {memory.scenario.replace('_', ' ')}, {'with' if headings else 'without'} headings of its own."
    yield f"Main line: {'; '.join(dict.fromkeys(outline_line(text, memory, index) for index in range(n)))}."
    for index, item in enumerate(memory.items):
        opening = f"Chunk {index + 1}, “{outline_line(text, memory, index)}”, "
        probability = item.scores.clarity_left if item.scores else None
        if index == 0:
            opening += "begins with the document."
        elif any(entry.item == index and not entry.is_topic for entry in memory.outline):
            opening += "begins at a heading."
        elif probability is not None:
            opening += f"begins where the wording shifts (boundary probability {probability:.2f})."
        else:
            opening += "begins where the part before it is complete."
        left_out = (
            f" It leaves {', '.join(item.left_out[:5])} to the chunk." if item.left_out else " It leaves out no name, number or date."
        )
        kept = max(1, len(item.core)) if not item.statement else 0
        yield opening + (f" Its core keeps {kept} of {len(item.sentences)} sentences." if kept else " Its core is said anew.") + left_out
    yield f"Check: {n} outline lines, {n} cores and {n} chunks, which follow each other without a gap from the first character to the last."


def _chinese_lines(text: str, memory: Memory) -> Iterator[str]:
    n = len(memory.items)
    headings = [entry.title for entry in memory.outline if not entry.is_topic and entry.title]
    yield f"文档类型：{memory.scenario.replace('_', ' ')}，{'有' if headings else '没有'}自己的标题。"
    yield f"主线：{'；'.join(dict.fromkeys(outline_line(text, memory, index) for index in range(n)))}。"
    for index, item in enumerate(memory.items):
        opening = f"第{index + 1}块“{outline_line(text, memory, index)}”"
        probability = item.scores.clarity_left if item.scores else None
        if index == 0:
            opening += "从文档开头开始。"
        elif any(entry.item == index and not entry.is_topic for entry in memory.outline):
            opening += "从标题处开始。"
        elif probability is not None:
            opening += f"从用词转变处开始（边界概率 {probability:.2f}）。"
        else:
            opening += "从前一部分说完处开始。"
        left_out = f"{'、'.join(item.left_out[:5])}留在文本块中。" if item.left_out else "没有遗漏名称、数字或日期。"
        kept = max(1, len(item.core)) if not item.statement else 0
        yield opening + (f"核心内容保留 {len(item.sentences)} 句中的 {kept} 句，" if kept else "核心内容重新表述，") + left_out
    yield f"检查：大纲、核心内容和文本块各 {n} 条，文本块首尾相接，从第一个字到最后一个字。"


def outline_line(text: str, memory: Memory, index: int) -> str:
    """The line of an item in a flat outline: its own, else its innermost heading, its terms, or its core's first words; never empty."""
    item = memory.items[index]
    line = item.outline or " · ".join(item.terms) or (item.path[-1] if item.path else "") or core_text(text, item)[:40]
    return " ".join(line.split()) or str(index + 1)


def _question(text: str, memory: Memory) -> tuple[str, str]:
    """System and user message that ask for the path after the fact."""
    language = language_of(text)
    rows = [
        f"{index + 1}. {outline_line(text, memory, index)} | {' '.join(item.span.of(text).split())[:30]} … | {core_text(text, item)}"
        for index, item in enumerate(memory.items)
    ]
    fence = f"=== {text_hash(text)[:16]} ==="  # a text cannot hold its own hash
    return (
        load_prompt("reason_system", language).format(fence=fence),
        load_prompt("reason", language).format(fence=fence, document=text, memory="\n".join(rows)),
    )


def _number(word: str) -> int:
    if word.isdigit():
        return int(word)
    if word == "两":
        return 2
    return _CHINESE_DIGITS.index(word) + 1 if word in _CHINESE_DIGITS else _NUMBER_WORDS.index(word.lower()) + 1
