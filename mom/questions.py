"""What a model is asked about a window: our prompts with the document fenced as data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from mom.prompts import load_prompt
from mom.reply import OutlineLine
from mom.scenarios import Scenario
from mom.terms import count_cjk, count_units

PROMPTS = ("reader_system", "read", "outline", "items")
WORDS_A_TOKEN = 0.6
"""Words of a chunk that keeps to a maximum in tokens with its heading path; a CJK character is about a token."""
_UNITS = {"en": "words", "zh": "字"}
_ABOUT = {"en": " “{path}”", "zh": "《{path}》"}
_CUES = {"en": " A new topic often begins at: {cues}.", "zh": "新的主题常常开始于：{cues}。"}
_THINK = {"en": "\n\nThink first, between <think> and </think>.", "zh": "\n\n先在 <think> 与 </think> 之间写出思考过程。"}
_FACETS = " Here it must keep above all: {facets}."


@dataclass(frozen=True, slots=True)
class Question:
    """Instructions and the question itself."""

    system: str
    user: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What is asked about: a text, where it comes from (title and headings above it), how it is to be read, and how long chunks may be.

    max_length: in tokens, None for the scenario's own targets.
    """

    text: str
    path: tuple[str, ...]
    scenario: Scenario
    max_length: int | None = None


def ask_for_memory(subject: Subject) -> Question:
    """The question for outline and scenarios in one reply."""
    return _question("read", subject)


def ask_for_outline(subject: Subject) -> Question:
    """The question for the outline alone."""
    return _question("outline", subject)


def ask_for_items(subject: Subject, outline: Sequence[OutlineLine]) -> Question:
    """The question for the scenarios of an outline."""
    return _question("items", subject, outline="\n".join("  " * line.depth + line.text for line in outline))


def with_thinking(question: Question, text: str) -> Question:
    """The same question, asking a model that was tuned on thoughts to write them down first. text: what is asked about."""
    return Question(question.system, question.user + _THINK[language_of(text)])


def language_of(text: str) -> str:
    """ "zh" for a text whose length is mostly CJK characters, else "en"."""
    return "zh" if count_cjk(text) * 2 > count_units(text) else "en"


def _question(name: str, subject: Subject, *, outline: str = "") -> Question:
    language = language_of(subject.text)
    scenario = subject.scenario
    fence = f"=== {sha256(subject.text.encode('utf-8', 'surrogatepass')).hexdigest()[:16]} ==="  # a text cannot hold its own hash
    low, high = _lengths(subject, language)
    persona, cues, facets = _described(scenario, language)
    user = load_prompt(name, language).format(
        about=_ABOUT[language].format(path=" / ".join(subject.path)) if subject.path else "",
        fence=fence,
        document=subject.text,
        outline=outline,
        low=low,
        high=high,
        unit=_UNITS[language],
        cues=_CUES[language].format(cues=cues) if cues else "",
        facets=_FACETS.format(facets=facets) if facets else "",
    )
    return Question(load_prompt("reader_system", language).format(persona=persona, fence=fence), user)


def _described(scenario: Scenario, language: str) -> tuple[str, str, str]:
    """Persona, boundary cues and core facets of a scenario, as the prompts say them."""
    persona, cues = (scenario.persona_zh, scenario.boundaries_zh) if language == "zh" else (scenario.persona_en, scenario.boundaries_en)
    facets = ", ".join(facet.name for facet in scenario.facets) if language == "en" else ""  # the Chinese persona says them
    return persona, cues.rstrip(".。"), facets


def _lengths(subject: Subject, language: str) -> tuple[int, int]:
    """Shortest and longest chunk to ask for, in words or characters."""
    scenario = subject.scenario
    low, high = (scenario.min_characters, scenario.max_characters) if language == "zh" else (scenario.min_words, scenario.max_words)
    if subject.max_length is not None:
        high = min(high, max(2, round(subject.max_length * (1 if language == "zh" else WORDS_A_TOKEN))))
    return min(low, high // 2), high
