"""Relations that a fixed turn of phrase between two mentions states."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from tadarag.analysis import is_acronym
from tadarag.extraction.gazetteer_en import CONTINENTS, COUNTRIES, REGIONS
from tadarag.values import Entity, Mention, Relation, Span

_NAMES = frozenset(
    "person organization location event product organism condition document concept title name identifier".split()  # all but values
)
_PERSON = frozenset({"person", "name"})
_ORGANIZATION = frozenset({"organization", "name"})
_PLACE = frozenset({"location", "name"})
_TIME = frozenset({"time"})
_LONGEST_GAP = 90


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pattern:
    """`gap` must match the whole text between two neighbouring mentions, the first of kind `left`, the second of kind `right`.

    is_reversed: the second mention is the head of the relation.
    """

    predicate: str
    gap: re.Pattern[str]
    left: frozenset[str]
    right: frozenset[str]
    is_reversed: bool = False


_ROLE = (
    r"(?:(?:former|then|acting|deputy|co-)\s?)?(?:CEO|CFO|CTO|chief [a-z]+(?: officer)?|president|chair(?:man|woman|person)?|head"
    r"|(?:managing )?director|manager|secretary|professor|member|employee|spokes(?:man|woman|person))"
)
_PLACE_NOUN = (
    "(?:city|town|village|municipality|commune|hamlet|suburb|river|lake|mountain|island|county|district|university|college|school|museum"
    "|hospital|company)"
)
_PATTERNS = (
    _Pattern(
        predicate="same_as",
        gap=re.compile(r"(?:, ?| ?\()(?:also|formerly|better|commonly) (?:known|called) as (?:the )?"),
        left=_NAMES,
        right=_NAMES,
    ),
    _Pattern(
        predicate="same_as", gap=re.compile(r"[（(,，]?(?:简称|又称|又名|亦称|原名|别名|全称)(?:为|是)?[“「《]?"), left=_NAMES, right=_NAMES
    ),
    _Pattern(predicate="member_of", gap=re.compile(rf", (?:the )?{_ROLE} (?:of|at|for) (?:the )?"), left=_PERSON, right=_ORGANIZATION),
    _Pattern(
        predicate="member_of",
        gap=re.compile(rf" (?:is|was|became) (?:the )?{_ROLE} (?:of|at) (?:the )?"),
        left=_PERSON,
        right=frozenset({"organization"}),
    ),
    _Pattern(predicate="member_of", gap=re.compile(r"(?:现)?[是任为]"), left=frozenset({"person"}), right=frozenset({"organization"})),
    _Pattern(
        predicate="founded_by",
        gap=re.compile(r",? (?:was |were )?(?:founded|established|set up) by (?:the )?"),
        left=_ORGANIZATION,
        right=_PERSON,
    ),
    _Pattern(
        predicate="founded_by",
        gap=re.compile(r",? (?:the )?(?:co-)?founder of (?:the )?"),
        left=_PERSON,
        right=_ORGANIZATION,
        is_reversed=True,
    ),
    _Pattern(predicate="founded_by", gap=re.compile(r" (?:co-)?founded (?:the )?"), left=_PERSON, right=_ORGANIZATION, is_reversed=True),
    _Pattern(
        predicate="founded_by", gap=re.compile(r"(?:创办|创立|创建)了?"), left=frozenset({"person"}), right=_ORGANIZATION, is_reversed=True
    ),
    _Pattern(
        predicate="created_by",
        gap=re.compile(r"[\"”]?,? (?:is|was) (?:a|an|the) [\w ,-]{0,50}(?:directed|written|created|composed|designed|published) by "),
        left=_NAMES,
        right=_PERSON | _ORGANIZATION,
    ),
    _Pattern(
        predicate="located_in",
        gap=re.compile(
            rf",? (?:is|was|lies) (?:(?:a|an|the) [a-z ,-]{{0,60}})?(?:located|situated|based|headquartered|{_PLACE_NOUN}) (?:in|on|at) (?:the )?"
        ),
        left=frozenset({"organization", "location", "name"}),
        right=_PLACE,
    ),
    _Pattern(predicate="located_in", gap=re.compile(r"(?:总部)?(?:位于|坐落于|坐落在|设在)"), left=_NAMES - {"person"}, right=_PLACE),
    _Pattern(predicate="located_in", gap=re.compile(r", "), left=frozenset({"location"}), right=frozenset({"location"})),
    _Pattern(
        predicate="born_on",
        gap=re.compile(r" ?\((?:born |b\. )| ?\(| was born (?:on |in )?|[（(]?(?:出生于|生于)|[，,]?"),
        left=_PERSON,
        right=_TIME,
    ),
    _Pattern(predicate="born_in", gap=re.compile(r" was born in |[，,]?(?:出生于|生于)"), left=_PERSON, right=_PLACE),
    _Pattern(predicate="died_on", gap=re.compile(r" died (?:on |in )"), left=_PERSON, right=_TIME),
    _Pattern(
        predicate="acquires",
        gap=re.compile(r" (?:acquired|bought|has acquired|takes over|took over) (?:the )?"),
        left=_ORGANIZATION,
        right=frozenset({"organization"}),
    ),
)
_WIDE = COUNTRIES | CONTINENTS
_CLOSES_BIRTH = re.compile(r" ?[–—-] ?")
_THEN_PLACE = re.compile(r",? (?:in|at) |[）)]?(?:出生)?[于在]")


def find_relations(text: str, mentions: Sequence[Mention], sentences: Sequence[Span]) -> tuple[tuple[Entity, ...], tuple[Relation, ...]]:
    """Relations between neighbouring mentions of a sentence, and the single mentions they join; arguments as of `stated_facts`."""
    facts = [(head, predicate, tail, sentences[head], 1.0) for head, predicate, tail in stated_facts(text, mentions, sentences)]
    return joined(mentions, facts)


def stated_facts(text: str, mentions: Sequence[Mention], sentences: Sequence[Span]) -> list[tuple[int, str, int]]:
    """(head, predicate, tail) between neighbouring mentions of a sentence, given by their indexes.

    mentions: sorted by span. sentences: for every mention the span of its sentence in the text.
    Predicates are the names of the shared relations of the templates.
    """
    stated: list[tuple[int, str, int]] = []
    born: tuple[int, int] | None = None  # (person, date) of the pair before, for "(1950 – 2001)" and "born on 5 March 1950 in Bonn"
    for index in range(len(mentions) - 1):
        left, right = mentions[index], mentions[index + 1]
        if sentences[index] != sentences[index + 1] or not 0 < right.span.start - left.span.end <= _LONGEST_GAP:
            born = None
            continue
        gap = text[left.span.end : right.span.start]
        if born is not None and born[1] == index:
            if right.kind == "time" and _CLOSES_BIRTH.fullmatch(gap):
                if _is_lifetime(left.normal, right.normal):
                    stated += [(born[0], "born_on", index), (born[0], "died_on", index + 1)]
            elif right.kind in _PLACE and _THEN_PLACE.fullmatch(gap):
                stated.append((born[0], "born_in", index + 1))
        born = None
        if _is_alias(text, left, right, gap):
            stated.append((index, "same_as", index + 1))
            continue
        for pattern in _PATTERNS:
            if (
                left.kind in pattern.left
                and right.kind in pattern.right
                and pattern.gap.fullmatch(gap)
                and _is_whole(text, pattern, gap, left, right)
            ):
                if pattern.predicate != "born_on" or gap.strip(" ") != "(":  # a bare date waits for the second one
                    stated.append((index + 1, pattern.predicate, index) if pattern.is_reversed else (index, pattern.predicate, index + 1))
                born = (index, index + 1) if pattern.predicate == "born_on" else None
                break
    return stated


def _is_whole(text: str, pattern: _Pattern, gap: str, left: Mention, right: Mention) -> bool:
    """What a pattern asks beyond its gap: "生" after a Chinese birth date, a region after a town's comma."""
    if pattern.predicate == "born_on" and gap in ("", "，", ","):
        return text.startswith(("出生", "生"), right.span.end)
    if gap == ", ":
        town, region = left.text.lower(), right.text.lower()
        return (region in COUNTRIES and town not in _WIDE) or (region in REGIONS and town not in _WIDE | REGIONS)
    return True


def _is_lifetime(born: str, died: str) -> bool:
    """Whether two years are a life apart; the run of a broadcast or a race is shorter."""
    return born[:4].isdecimal() and died[:4].isdecimal() and 10 <= int(died[:4]) - int(born[:4]) <= 120


def _is_alias(text: str, left: Mention, right: Mention, gap: str) -> bool:
    """Whether the right mention stands alone in parentheses after the left one and names the same thing.

    True for initials ("World Health Organization (WHO)") and for a Latin name after a Chinese one ("菲弗洛林”(Fevrolin)").
    """
    if gap.strip(' ”」』》"') not in ("(", "（") or text[right.span.end : right.span.end + 1] not in (")", "）"):
        return False
    if left.kind not in _NAMES or right.kind not in _NAMES:
        return False
    if not left.text[:1].isascii() and right.text[:1].isascii():
        return True
    return is_acronym(right.text, left.text)


def joined(
    mentions: Sequence[Mention], facts: Sequence[tuple[int, str, int, Span, float]]
) -> tuple[tuple[Entity, ...], tuple[Relation, ...]]:
    """Facts (head, predicate, tail, evidence, probability) between mentions, as relations and the single mentions that they join."""
    used = sorted({index for head, _, tail, _, _ in facts for index in (head, tail)})
    place = {index: number for number, index in enumerate(used)}
    entities = tuple(Entity(name=mentions[index].text, kind=mentions[index].kind, mentions=(index,)) for index in used)
    return entities, tuple(
        Relation(head=place[head], predicate=predicate, tail=place[tail], evidence=evidence, probability=probability)
        for head, predicate, tail, evidence, probability in facts
    )
