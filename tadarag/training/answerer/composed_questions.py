"""Questions of two steps, composed from two of one step: a name in the one is the answer of the other (after Trivedi et al., MuSiQue, TACL 2022).

MuSiQue had people write the composed question; here rules turn the first question into a noun phrase, which takes the place of the name in the
second: "Who founded Acme?" and "Where was Jane Roe born?" give "Where was the person who founded Acme born?". English only.
"""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from mom.sentences import split_sentences
from tadarag.analysis import capitalised_names
from tadarag.training.answerer.hard_negatives import hard_negatives
from tadarag.training.answerer.items import Asked, Item, ReadPassage, answer_ranges, titled

MAX_USES = 20
"""Questions about one name: more would make the set one of the few names that are asked for most."""
MAX_FIRST = 2
"""First steps that one second step is composed with."""
LEAD_SHARE = 0.5
MAX_WORDS, MIN_CHARACTERS = 6, 4
"""Of a name: the words that it has at most, the characters that it has at least."""
_MARKS = tuple("\"”'")
_ARTICLE = re.compile(r"^(?:the|a|an)\s+", re.IGNORECASE)
_BE, _DO, _BY = "(?:is|was|are|were)", "(?:did|does|do)", "(?P<by>in|at|on|to|from|for|with|by)"
_NO_KIND = "(?:is|was|are|were|did|does|do|has|had|have|can|could|will|would|must|may|the|a|an|of|in|on|as)"
_WORD = rf"(?!{_NO_KIND}\b)[\w'-]+"
_KIND = rf"(?P<kind>(?:{_WORD} ){{0,2}}?{_WORD})"
_VERB = "(?!(?:as|is|was|has|its|this)\\b)(?:[a-z]+(?:ed|[^s]s)|held|made|led|won|wrote|took|became|gave|built|lost|sold|ran|had|came|has)"
_SUBJECT = r"(?P<subject>(?:the )?[A-Z][\w'.-]*(?: (?:of )?[A-Z][\w'.-]*)*)"
_PHRASES = tuple(
    (re.compile(f"^{pattern}$"), phrase)
    for pattern, phrase in (
        (rf"(?:what|which|who) {_BE} the names? of (?P<rest>.+)", "{rest}"),
        (rf"(?:what|which|who) {_BE} (?P<rest>the .+)", "{rest}"),
        (rf"(?:what|which|who) {_BE} (?P<rest>{_SUBJECT}'s? .+)", "{rest}"),
        (rf"who (?P<rest>(?!{_NO_KIND}\b)\w.+)", "the person who {rest}"),
        (rf"who (?P<rest>{_BE} \w+ed .+)", "the person who {rest}"),
        (rf"{_BY} (?:what|which) {_KIND} {_DO} (?P<rest>.+)", "the {kind} {by} which {rest}"),
        (rf"{_BY} (?:what|which) {_KIND} (?P<be>{_BE}) {_SUBJECT} (?P<rest>.+)", "the {kind} {by} which {subject} {be} {rest}"),
        (rf"(?:what|which) {_KIND} {_DO} (?P<rest>.+)", "the {kind} that {rest}"),
        (rf"(?:what|which) {_KIND} (?P<be>{_BE}) {_SUBJECT} (?P<rest>.+)", "the {kind} that {subject} {be} {rest}"),
        (rf"(?:what|which) {_KIND} (?P<rest>{_BE} (?!the\b|a\b|an\b)[a-z].+)", "the {kind} that {rest}"),
        (rf"(?:what|which) {_KIND} (?P<rest>{_VERB} .+)", "the {kind} that {rest}"),
        (rf"where {_DO} (?P<rest>.+)", "the place where {rest}"),
        (rf"where (?P<be>{_BE}) {_SUBJECT} (?P<rest>.+)", "the place where {subject} {be} {rest}"),
    )
)
"""Forms of a question, its first letter in lower case, and the phrase that each becomes; the first that fits counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ComposedQuestion:
    """A question whose answer is that of `second`; `lead`: the sentence of the context of `first` that names what `second` is about."""

    id: str
    question: str
    first: Asked
    second: Asked
    lead: str


def composed_questions(asked: Sequence[Asked]) -> Iterator[ComposedQuestion]:
    """Each question with a name in it that answers others over other contexts, the name replaced by up to two of those as phrases.

    Those that answer to one name take turns. Left out are first questions that hold the name, whose context answers the second, or that no
    rule turns into a phrase, and names that were used MAX_USES times.
    """
    by_answer: dict[str, list[Asked]] = defaultdict(list)
    for one in asked:
        if (name := _as_name(one.answers[0])) and as_phrase(one.question):
            by_answer[name].append(one)
    uses: dict[str, int] = defaultdict(int)
    for second in asked:
        for name, start, end in _names(second.question):
            able = [one for one in by_answer.get(name, ()) if _can_lead(one, second, name)]
            for first in [able[(uses[name] + turn) % len(able)] for turn in range(min(MAX_FIRST, len(able)))]:
                if uses[name] < MAX_USES:
                    uses[name] += 1
                    question = f"{second.question[:start]}{as_phrase(first.question)}{second.question[end:]}"
                    yield ComposedQuestion(
                        id=f"{first.id}+{second.id}",
                        question=question[:1].upper() + question[1:],
                        first=first,
                        second=second,
                        lead=_answering_sentence(first),
                    )


def items_of_composed(questions: Sequence[ComposedQuestion], *, seed: int) -> Iterator[Item]:
    """Three readings a question: the passage that answers, half the time after the sentence that leads to it; the passage of the first step,
    which holds the name that is not the answer; and one that looks right and is neither. A third of the questions come without titles."""
    stand_ins = [replace(one.second, id=one.id, question=one.question) for one in questions]
    foreign = hard_negatives(stand_ins, n=3)
    for one in questions:
        chance = random.Random(f"{seed} composed {one.id}")
        titles = chance.random() > 1 / 3
        others = [other for other in foreign.get(one.id, ()) if other.context != one.first.context]
        ranges = answer_ranges(one.second.context, one.second.answers, start=one.second.start)
        item = Item(
            id=one.id,
            question=one.question,
            passages=_read(one.second, titles, ranges),
            answered=True,
            relevant=True,
            answers=one.second.answers,
        )
        yield replace(item, lead=one.lead if chance.random() < LEAD_SHARE else "")
        yield replace(item, id=f"{one.id}-first", passages=_read(one.first, titles), answered=False, relevant=True)
        if others:
            lead = one.lead if chance.random() < LEAD_SHARE / 2 else ""
            yield replace(
                item, id=f"{one.id}-foreign", passages=_read(chance.choice(others), titles), lead=lead, answered=False, relevant=False
            )


def _read(asked: Asked, titles: bool, ranges: Sequence[tuple[int, int]] = ()) -> tuple[ReadPassage, ...]:
    return (titled(asked.title if titles else "", asked.context, ranges),)


def as_phrase(question: str) -> str:
    """A question as a noun phrase that names what it asks for; empty where no rule turns it into one."""
    text = question.strip().rstrip("?").strip()
    lowered = text[:1].lower() + text[1:]
    found = next(((match, phrase) for pattern, phrase in _PHRASES if (match := pattern.match(lowered)) is not None), None)
    return found[1].format(**found[0].groupdict()) if found is not None else ""


def _as_name(answer: str) -> str:
    """An answer without its article where it is a name; else empty."""
    name = _ARTICLE.sub("", answer.strip())
    is_name = name[:1].isupper() and len(name) >= MIN_CHARACTERS and len(name.split()) <= MAX_WORDS and not any(map(str.isdigit, name))
    return name if is_name else ""


def _names(question: str) -> Iterator[tuple[str, int, int]]:
    """The names in a question without their articles, and where each stands with its article; none before a closing or a straight mark, so no "Bo's"."""
    for found in capitalised_names(question):
        text = question[found.start : found.end].removesuffix("'s").removesuffix("’s")
        end = found.start + len(text)
        name = _ARTICLE.sub("", text)
        before = re.search(r"\b(?:the|a|an)\s+$", question[: found.start], re.IGNORECASE)
        if question[end : end + 1] not in _MARKS:
            yield name, before.start() if before else found.start, end


def _can_lead(first: Asked, second: Asked, name: str) -> bool:
    """Whether a question's answer is what another one asks about, without saying so itself and without answering that one."""
    is_other = first.context != second.context and name.lower() not in first.question.lower()
    return is_other and not answer_ranges(first.context, second.answers)


def _answering_sentence(one: Asked) -> str:
    """The sentence in which a question's answer begins."""
    places = answer_ranges(one.context, one.answers, start=one.start)
    spans = split_sentences(one.context)
    return next((one.context[span.start : span.end] for span in spans if places and span.start <= places[0][0] < span.end), "")
