"""What a passage states of its subject: a relation, a value and the sentence that says so."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tadarag.extraction.predicates import predicate_between
from tadarag.training.multihop_questions.frames import Frames, Relation, Says
from tadarag.training.multihop_questions.naming import name_key, plain_title
from tadarag.training.multihop_questions.passages import Passage
from tadarag.training.multihop_questions.readings import Reading, readings
from tadarag.training.multihop_questions.values import Value, chinese_name, english_value, measured_value
from tadarag.values import Span

_CONTINUED = re.compile(
    r"$|[.;:)\]\"”]|,(?! ?(?:and |& )?(?:the )?[\"“]?⟨)(?! [A-Z]\. )|\s?\("
    r"| (?:in|on|at|who|which|from|where|for|by|with|during|as|until|when|to|but|while|that|starring|under|between|after|before|since|through|based)\b"
    r"| and (?:also )?(?:starring|featuring|stars?|stared|is|was|has|had|based|[a-z-]+(?:ed|en) (?:by|in|on|at)) "
    r"| and (?!(?:[a-z-]+ ){0,3}[\"“]?⟨|(?:his|her|the) )"
)
_PLACE_CONTINUED = re.compile(
    r"$|[.;:)]|,(?! [\"“]?⟨\d+⟩,? and )(?! and ⟨)| (?:in|on|at|who|which|from|where|for|by|with|during|as|until|when|to|but|while|and)\b(?! ⟨)"
)
_DATE_CONTINUED = re.compile(r"(?![–—-]| ?/|s\b)")
_ANY_PHRASE = re.compile(r"^§(?: ?\([^()]*\))?(?P<gap> [^⟨⟩.,;:()]{3,60} )[\"“]?⟨(?P<o>\d+)⟩")
_VERB = re.compile(
    r"(?:is|was|are|were|[a-z]+ed|won|wrote|became|led|made|held|left|ran|met|lies|flows|hosts|plays|serves|borders"
    r"|houses|owns|lost|beat|fought|began|grew|sold|bought|built|taught|sits|stands|runs|overlooks|adjoins)\b"
    r"(?:.* (?:of|by|with|to|from|for|at|in|on|after|into|under|against|near|through|[a-z]+ed)|)$"
)
_REPORTING = re.compile(
    r"\b(?:said|stated|claimed|announced|considered|reported|believed|called|named|titled|released|known|played|portrayed|voiced|storyboarded"
    r"|returned|moved|went|travell?ed|visited|emigrated|started|met|ranked|admitted|joined|exhibited|fictional"
    r"|directed|written|produced|composed|created|founded|developed|not|often|also|such)\b"
    r"|^(?:is|was|are|were|has|had)$|^(?:is|was) an? .* by$|\b(?:[a-z]+er|[a-z]+est) (?:of|in|by)$"
)
_OPENING_WITHIN = 6
_ABOUT_MANY = re.compile(r"(?:Lists?|Cast|Timeline|Outline|History|Index|Geography|Economy|Culture|Demographics) of ")
_LIST, _LIST_WITHIN = re.compile(r" ; |may (?:also )?refer to"), 300
_PARENTHESES = re.compile(r"\([^()]*\)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """subject: key of the name that has the value, subject_name the name itself. passage: number of the passage that states it.

    sentence: where. is_inverse: the passage is about the value instead. phrase: the words between subject and value where no relation is known for them.
    """

    relation: str
    subject: str
    subject_name: str
    value: Value
    passage: int
    sentence: Span
    is_inverse: bool = False
    phrase: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """What a passage says: class, noun and naming of its subject, and its facts. opening: its first sentence."""

    kind: str
    noun: str
    subject: Span
    facts: tuple[Fact, ...]


def stated_in(passage: Passage, number: int, frames: Frames) -> Stated | None:
    """What the passage with that number states of its subject; None when it does not begin with a sentence about it."""
    if not passage.title or _ABOUT_MANY.match(passage.title) or _LIST.search(passage.text[:_LIST_WITHIN]):
        return None
    read = list(readings(passage, frames.classes))
    if not read:
        return None
    facts: list[Fact] = []
    for reading in read:
        known = [
            fact
            for relation in frames.relations.values()
            if not relation.subject or reading.kind in relation.subject
            for fact in _fact(passage, number, reading, relation, frames)
        ]
        facts += [*known, *_open_fact(passage, number, reading, frames, {fact.value.start for fact in known})]
    return Stated(kind=read[0].kind, noun=read[0].noun, subject=read[0].subject, facts=tuple(facts))


def _fact(passage: Passage, number: int, reading: Reading, relation: Relation, frames: Frames) -> Iterator[Fact]:
    """The relation's fact in one sentence, by the first pattern that states it; none or one."""
    for says in relation.says:
        value = _stated_value(passage, reading, relation, says, frames)
        if value is None:
            continue
        name = plain_title(passage.title)
        if not relation.is_inverse:
            yield Fact(
                relation=relation.name,
                subject=name_key(name),
                subject_name=name,
                value=value,
                passage=number,
                sentence=reading.sentence,
            )
            return
        at = passage.text.find(name)
        if at >= 0:
            yield Fact(
                relation=relation.name,
                subject=value.key,
                subject_name=with_article(passage.text, value),
                value=Value(text=name, start=at, end=at + len(name), kind=relation.object, key=name_key(name)),
                passage=number,
                sentence=reading.sentence,
                is_inverse=True,
            )
        return


def with_article(text: str, value: Value) -> str:
    """The value with the article that the text gives it ("the United States")."""
    return f"the {value.text}" if text[max(value.start - 4, 0) : value.start].lower() == "the " else value.text


def _open_fact(passage: Passage, number: int, reading: Reading, frames: Frames, known: set[int]) -> Iterator[Fact]:
    """What an unknown phrase between the subject and the sentence's first name states; none or one."""
    match = _ANY_PHRASE.match(reading.typed) if frames.open else None
    predicate = predicate_between(match["gap"]) if match else None
    if match is None or predicate is None or not _VERB.match(predicate.phrase) or _REPORTING.search(predicate.phrase):
        return
    value = english_value(passage.text, reading.mentions[int(match["o"])], "name", frames.demonyms)
    if value is None or value.start in known or not _may_end("name", reading.typed[match.end() :]):
        return
    name = plain_title(passage.title)
    yield Fact(
        relation=f"open {predicate.name}",
        subject=name_key(name),
        subject_name=name,
        value=value,
        passage=number,
        sentence=reading.sentence,
        phrase=predicate.phrase,
    )


def _stated_value(passage: Passage, reading: Reading, relation: Relation, says: Says, frames: Frames) -> Value | None:
    match = says.pattern.search(reading.typed)
    if match is None:
        return None
    group = "o" if "o" in match.re.groupindex else "name"
    between = _PARENTHESES.sub("", reading.typed[1 : match.start(group)])
    if says.is_definition and frames.breaks.search(between.rpartition(" by ")[0] or between):
        return None
    if relation.veto and relation.veto.search(reading.typed[: match.start(group)]):
        return None
    value = _value_at(passage, reading, relation, match, group, frames)
    if value is not None and value.kind == "count" and reading.subject.start - reading.sentence.start > _OPENING_WITHIN:
        return None  # "In 1931, it had a population of 1,159"
    if value is None or (relation.ends and not relation.ends.search(value.text)):
        return None
    return value


def _value_at(passage: Passage, reading: Reading, relation: Relation, match: re.Match[str], group: str, frames: Frames) -> Value | None:
    kind = relation.object
    if group == "name":
        return chinese_name(passage.text, reading.places[match.start(group)], reading.places[match.end(group)], kind)
    mention = reading.mentions[int(match[group])]
    if frames.language == "zh":
        return measured_value(passage.text, mention, kind)
    after = reading.typed[match.end(group) + 1 :]
    if match.end() == match.end(group) + 1 and not _may_end(kind, after):
        return None
    return english_value(passage.text, mention, kind, frames.demonyms)


def _may_end(kind: str, after: str) -> bool:
    """Whether the value is whole where its mention ends: no list, no possessive and no noun goes on behind it."""
    if kind == "demonym":
        return True
    if kind == "date":
        return _DATE_CONTINUED.match(after) is not None
    return (_PLACE_CONTINUED if kind in ("place", "count") else _CONTINUED).match(after) is not None
