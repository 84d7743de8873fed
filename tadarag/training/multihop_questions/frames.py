"""The frames of questions: how sentences state a relation, and how questions ask for it, as YAML files have them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

_FOLDER = Path(__file__).parent
_MACRO = re.compile(r"\{([A-Za-z_]+)\}")
LANGUAGES = ("en", "zh")
DEFINITION = "{D}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Says:
    """pattern: over a typed sentence. is_definition: the value stands somewhere in a definition of the subject, so `Frames.breaks` may not stand before it."""

    pattern: re.Pattern[str]
    is_definition: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """A relation between a subject and a value, with its frames; each is a text with slots such as {S}.

    subject: classes that the subject may have, any when empty. object: class of the value. is_inverse: the sentence's subject is the value.
    is_derived: the value often has the name of the subject. target, gender: what a passage about the value must say for the value to be it.
    veto: what may not stand between subject and value. ends: how the value's text must end.
    asks, nouns, does, trait, both, first, last, same, first_by, last_by, same_by: see frames_en.yaml. role: what the value is to the subject.
    """

    name: str
    subject: frozenset[str]
    object: str
    is_inverse: bool
    is_derived: bool
    role: str
    gender: str
    target: re.Pattern[str] | None
    veto: re.Pattern[str] | None
    ends: re.Pattern[str] | None
    says: tuple[Says, ...]
    frames: Mapping[str, tuple[str, ...]]

    def of(self, kind: str) -> tuple[str, ...]:
        """Its frames of one kind, none when it has not got that kind."""
        return self.frames.get(kind, ())


@dataclass(frozen=True, slots=True, kw_only=True)
class Frames:
    """relations: by name. breaks: words of a definition after which it speaks of something else. open: frames of any other phrase.

    classes: of the nouns that definitions use. demonyms: country by adjective. traditional: characters by the simplified one.
    """

    language: str
    relations: Mapping[str, Relation]
    breaks: re.Pattern[str]
    open: Mapping[str, tuple[str, ...]]
    classes: Mapping[str, str]
    demonyms: Mapping[str, str]
    traditional: Mapping[int, str]


_FRAME_KINDS = ("asks", "nouns", "does", "trait", "both", "first", "last", "same", "first_by", "last_by", "same_by")


@cache
def shipped_frames(language: str) -> Frames:
    """The frames of "en" or "zh"."""
    content = _read(f"frames_{language}.yaml")
    macros = content["macros"]
    return Frames(
        language=language,
        relations={name: _relation(name, fields, macros) for name, fields in content["frames"].items()},
        breaks=re.compile(content["breaks"]),
        open={kind: tuple(texts) for kind, texts in content.get("open", {}).items()},
        classes={noun: kind for kind, nouns in _read(f"nouns_{language}.yaml").items() for noun in nouns.split()},
        demonyms=_read("demonyms_en.yaml") if language == "en" else {},
        traditional=str.maketrans(content.get("traditional", {})),
    )


def _read(name: str) -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load((_FOLDER / name).read_text(encoding="utf-8"))
    return content


def _relation(name: str, fields: Mapping[str, Any], macros: Mapping[str, str]) -> Relation:
    known = {"subject", "object", "is_inverse", "is_derived", "role", "gender", "target", "veto", "ends", "says", *_FRAME_KINDS}
    if unknown := set(fields) - known:
        raise ValueError(f"relation {name!r}: unknown {sorted(unknown)}")
    return Relation(
        name=name,
        subject=frozenset(fields.get("subject", ())),
        object=fields["object"],
        is_inverse=fields.get("is_inverse", False),
        is_derived=fields.get("is_derived", False),
        role=fields.get("role", ""),
        gender=fields.get("gender", ""),
        target=re.compile(fields["target"]) if "target" in fields else None,
        veto=re.compile(fields["veto"]) if "veto" in fields else None,
        ends=re.compile(fields["ends"] + "$") if "ends" in fields else None,
        says=tuple(_says(fields["says"], macros)),
        frames={kind: tuple(fields[kind]) for kind in _FRAME_KINDS if kind in fields},
    )


def _says(patterns: list[str], macros: Mapping[str, str]) -> Iterator[Says]:
    for text in patterns:
        yield Says(pattern=re.compile(_expanded(text, macros)), is_definition=DEFINITION in text)


def _expanded(text: str, macros: Mapping[str, str]) -> str:
    """The text with the macros it names put in, and theirs; counts such as {2,4} are left."""
    while any(name in macros for name in _MACRO.findall(text)):
        text = _MACRO.sub(lambda slot: macros.get(slot[1], slot[0]), text)
    if unknown := _MACRO.findall(text):
        raise ValueError(f"{text!r}: no macro is called {unknown[0]!r}")
    return text
