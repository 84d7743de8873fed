"""What a model states becomes findings: only what stands in the chunk and the template allows; the rest is dropped and counted."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tadarag.analysis import CJK, is_cjk
from tadarag.extraction.extractor import Unit
from tadarag.extraction.llm_reply import Reply, StatedFact, StatedName
from tadarag.findings import Findings, FoundFact, FoundName
from tadarag.templates.template import Template
from tadarag.values import Span

EXACT, LOOSE = 0.9, 0.8
"""Of a name that stands in the text as the model wrote it, or but for case and white space. A model tells no probabilities; these rank its
findings among themselves and are calibrated on nothing."""
STATED, MENDED = 0.8, 0.5
"""Of a fact as the model stated it, or after its ends were exchanged or its relation gave way to `related_to`."""
FALLBACK = "related_to"
_LONGEST_PREDICATE = 40
_QUOTES = " \t\n\"'“”‘’「」『』《》〈〉`*"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """Where a stated name stands: its span, its sentence, and the type that it was given."""

    span: Span
    sentence: int
    type: str
    probability: float


@dataclass(frozen=True, slots=True, kw_only=True)
class _Relation:
    """A relation that the template allows between two ends, or a predicate that the text holds."""

    name: str
    probability: float
    is_swapped: bool = False
    is_open: bool = False


def ground(reply: Reply, unit: Unit, template: Template, *, readings: tuple[str, ...] = ()) -> Findings:
    """Findings of a reply about a chunk.

    A name is found wherever it stands inside one sentence, exactly or else without regard to case and white space; of overlapping places
    the longest wins, then the first. A fact is placed where its two names stand nearest to each other in one sentence. A relation that
    the template does not allow between their types is tried once with its ends exchanged, then gives way to `related_to`; one that the template does
    not know must stand in the sentence word for word. readings: keys of the recorded replies, kept with the findings.
    """
    places, n_dropped = _places(reply.names, unit, template)
    kept = _without_overlaps(places)
    where = {_folded(stated.name): _indexes(stated.name, unit, kept) for stated in reply.names}
    facts: dict[tuple[int, int, str, int], FoundFact] = {}
    for stated in reply.facts:
        fact = _placed_fact(stated, where, kept, unit, template)
        if fact is None:
            n_dropped += 1
        else:
            facts.setdefault((fact.sentence, fact.head, fact.relation, fact.tail), fact)
    types = {one.name: one for one in template.entity_types}
    names = tuple(
        FoundName(span=place.span, kind=types[place.type].core, label=place.type, probability=place.probability) for place in kept
    )
    return Findings(
        names=names, facts=tuple(facts[key] for key in sorted(facts)), n_ungrounded=n_dropped + reply.n_broken, readings=readings
    )


def occurrences(name: str, unit: Unit) -> tuple[list[tuple[Span, int]], bool]:
    """Where a name stands in a chunk, each place with the index of the sentence that holds it, and whether it stands there exactly.

    Letters and digits before or after it would make it part of a word: that is no place. Chinese has no such borders.
    """
    stated = unicodedata.normalize("NFC", name).strip(_QUOTES)
    if not stated:
        return [], True
    exact = list(_in_sentences(_pattern(stated, re.escape(stated)), unit))
    if exact:
        return exact, True
    return list(_in_sentences(_pattern(stated, _loose(stated), re.IGNORECASE), unit)), False


def _pattern(name: str, body: str, flags: int = 0) -> re.Pattern[str]:
    """Latin words may touch Chinese ones ("在Bonn的"): only letters and digits that are not Chinese make a word go on."""
    before = rf"(?:(?<![^\W_])|(?<=[{CJK}]))" if _is_wordlike(name[0]) else ""
    after = rf"(?:(?![^\W_])|(?=[{CJK}]))" if _is_wordlike(name[-1]) else ""
    return re.compile(f"{before}{body}{after}", flags)


def _is_wordlike(character: str) -> bool:
    return character.isalnum() and not is_cjk(character)


def _loose(name: str) -> str:
    """A pattern in which white space is any white space, and may be missing beside a Chinese character."""
    parts: list[str] = []
    for part in name.split():
        if parts:
            parts.append(r"\s*" if is_cjk(parts[-1][-1]) or is_cjk(part[0]) else r"\s+")
        parts.append(r"\s*".join(map(re.escape, part)) if all(map(is_cjk, part)) else re.escape(part))
    return "".join(parts)


def _in_sentences(pattern: re.Pattern[str], unit: Unit) -> Iterator[tuple[Span, int]]:
    for index, sentence in enumerate(unit.sentences):
        for match in pattern.finditer(unit.text, sentence.start, sentence.end):
            if match.end() > match.start():
                yield Span(match.start(), match.end()), index


def _places(names: Sequence[StatedName], unit: Unit, template: Template) -> tuple[list[_Place], int]:
    """Every place of every name whose type the template has, in the order of the reply, and how many names have none."""
    places: list[_Place] = []
    seen: set[str] = set()
    n_dropped = 0
    for stated in names:
        if _folded(stated.name) in seen:  # a name is of one type: the first that the model gave it
            continue
        seen.add(_folded(stated.name))
        found, is_exact = occurrences(stated.name, unit)
        label = template.type_labelled(stated.type)
        if not found or label is None:
            n_dropped += 1
            continue
        probability = EXACT if is_exact else LOOSE
        places += [_Place(span=span, sentence=sentence, type=label.name, probability=probability) for span, sentence in found]
    return places, n_dropped


def _without_overlaps(places: Sequence[_Place]) -> list[_Place]:
    """The longest places first, then the first in the text; sorted by span."""
    kept: list[_Place] = []
    for place in sorted(places, key=lambda one: (one.span.start - one.span.end, one.span, one.type)):
        if all(place.span.end <= other.span.start or other.span.end <= place.span.start for other in kept):
            kept.append(place)
    return sorted(kept, key=lambda one: one.span)


def _folded(name: str) -> str:
    return "".join(unicodedata.normalize("NFC", name).strip(_QUOTES).lower().split())


def _indexes(name: str, unit: Unit, kept: Sequence[_Place]) -> list[int]:
    """The kept places that hold a place of the name: its own, or that of a longer name around it."""
    found, _ = occurrences(name, unit)
    return [
        index for index, place in enumerate(kept) if any(place.span.start <= span.start and span.end <= place.span.end for span, _ in found)
    ]


def _placed_fact(
    stated: StatedFact, where: dict[str, list[int]], kept: Sequence[_Place], unit: Unit, template: Template
) -> FoundFact | None:
    heads, tails = where.get(_folded(stated.head), []), where.get(_folded(stated.tail), [])
    pairs = [(head, tail) for head in heads for tail in tails if head != tail and kept[head].sentence == kept[tail].sentence]
    if not pairs:
        return None
    head, tail = min(pairs, key=lambda pair: (_gap(kept[pair[0]].span, kept[pair[1]].span), pair))
    sentence = kept[head].sentence
    relation = _relation(stated.relation, kept[head].type, kept[tail].type, unit.sentences[sentence].of(unit.text), template)
    if relation is None:
        return None
    ends = (tail, head) if relation.is_swapped else (head, tail)
    return FoundFact(
        head=ends[0],
        relation=relation.name,
        tail=ends[1],
        sentence=sentence,
        probability=relation.probability,
        is_open=relation.is_open,
    )


def _gap(one: Span, other: Span) -> int:
    return max(one.start, other.start) - min(one.end, other.end)


def _relation(label: str, head: str, tail: str, sentence: str, template: Template) -> _Relation | None:
    """What a stated relation is between two types, None when nothing can be made of it."""
    known = template.relation_labelled(label)
    if known is not None and known.allows(head, tail):
        return _Relation(name=known.name, probability=STATED)
    if known is not None and known.allows(tail, head):
        return _Relation(name=known.name, probability=MENDED, is_swapped=True)
    if known is None and (predicate := open_predicate(label, sentence)):
        return _Relation(name=predicate, probability=STATED, is_open=True)
    fallback = template.relation(FALLBACK)
    return _Relation(name=FALLBACK, probability=MENDED) if fallback is not None and fallback.allows(head, tail) else None


def open_predicate(label: str, sentence: str) -> str:
    """An open predicate as a name ("built_by"), "" for one whose words do not stand in the sentence in this order."""
    words = re.findall(r"[^\W_]+(?:['’-][^\W_]+)*", unicodedata.normalize("NFC", label).lower())
    if not words or len(label) > _LONGEST_PREDICATE:
        return ""
    pattern = r"[\s_-]*".join(map(re.escape, words))
    return "_".join(words) if re.search(pattern, sentence.lower()) else ""
