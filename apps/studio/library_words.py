"""What the library says in English, in the words of a session's language: reasons of a route, errors, why a file cannot be read."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tadarag import TadaragError

from .library_chinese import CUES, HAPPENED, KINDS, NO_REMEDY, REASONS, REMEDIES, Rules
from .words import TABLE, current_language, in_language

_REASON = re.compile(r"(?P<what>task|answer|domain) (?P<name>[\w-]+)(?: \((?P<confidence>[\d.]+)\))?: (?P<told>.+)", re.DOTALL)
_QUOTED = r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\""
_CUE = re.compile(rf"(?:{_QUOTED}|[^,])+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What happened and what to do. original: how the library says it, where the session's language has no words for a part of it; else ""."""

    happened: str
    do: str
    original: str = ""


def error_told(error: TadaragError) -> Told:
    """An error of the library in the session's language."""
    return told(error.happened, error.do, [kind.__name__ for kind in type(error).__mro__])


def told(happened: str, do: str, kinds: Sequence[str] = ("DocumentError",)) -> Told:
    """What the library says in two parts, in the session's language. kinds: the classes of the error, the nearest first."""
    return in_chinese(happened, do, kinds) if current_language() == "zh" else Told(happened=happened, do=do)


def reason_told(reason: str) -> str:
    """A reason of a route in the session's language."""
    return reason_in_chinese(reason) if current_language() == "zh" else reason


def in_chinese(happened: str, do: str, kinds: Sequence[str]) -> Told:
    """What the library says in two parts; by the kind of the error, and with the original, where the form of a part is not known."""
    first = _translated(happened, HAPPENED)
    second = _translated(do, REMEDIES) if do else ""
    kind = next(KINDS[name] for name in (*kinds, "TadaragError") if name in KINDS)
    original = "" if first is not None and second is not None else f"{happened}\n{do}".strip()
    return Told(happened=first or kind, do=NO_REMEDY if second is None else second, original=original)


def reason_in_chinese(reason: str) -> str:
    """A reason of a route; one of another form as it is, under a word that says so."""
    found = _REASON.fullmatch(reason)
    if found is None:
        return in_language("zh", "reason_other", reason=reason)
    confidence = f"（{found['confidence']}）" if found["confidence"] else ""
    cues = "、".join(_cue(cue.strip()) for cue in _CUE.findall(found["told"]))
    return f"{REASONS[found['what']]}{_name(found['what'], found['name'])}{confidence}：{cues}"


def _cue(cue: str) -> str:
    """One sign: what it stands for, or a word of the question in quotes."""
    shown = _translated(cue, CUES)
    return re.sub(_QUOTED, lambda match: f"“{match.group()[1:-1]}”", cue) if shown is None else shown


def _translated(text: str, rules: Rules) -> str | None:
    """The Chinese for the first form that fits; None where none does."""
    for form, chinese in rules:
        if match := form.fullmatch(text):
            return chinese.format_map(_named(match.groupdict("")))
    return None


def _named(parts: Mapping[str, str]) -> dict[str, str]:
    """The parts of a form, with tasks, answers and domains by their Chinese names."""
    return {part: _name(part, value) for part, value in parts.items()}


def _name(part: str, value: str) -> str:
    key = f"{part}_{value}"
    return in_language("zh", key) if key in TABLE else value
