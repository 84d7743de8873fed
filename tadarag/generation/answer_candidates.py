"""The answers that could be given to a question, with what speaks for each: what the network found, what the rules quote, yes, no, and sides."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import log

import numpy as np
from numpy.typing import NDArray

from tadarag.analysis import terms
from tadarag.generation.answer_bounds import answer_bounds
from tadarag.generation.answer_types import clashes
from tadarag.generation.candidate_spans import Candidate
from tadarag.generation.clauses import is_in_other_clause
from tadarag.generation.counted import counts_another
from tadarag.generation.dated_sides import side_by_date
from tadarag.generation.described import as_asked, asked_about, describe
from tadarag.generation.event_dates import event_date, is_of_opposite
from tadarag.generation.exceeding import exceeds
from tadarag.generation.labelled import labelled_fact
from tadarag.generation.life_facts import StatedFact, stated_fact
from tadarag.generation.measured_sides import side_by_amount
from tadarag.generation.question_form import QuestionForm
from tadarag.generation.read_hits import ReadHit, title_terms
from tadarag.generation.read_verdict import is_about_one, read_verdict
from tadarag.generation.shared_values import Verdict, share_it
from tadarag.generation.sides import DecidedSide, find_sides
from tadarag.generation.yes_no import WORDS
from tadarag.models.passage_reader import FoundSpan, TextReading
from tadarag.values import Draft, Hit, Route, Span

ABSENT = -20.0
"""The margin of a candidate in a reading that did not find it."""
_NEAR = 24
"""Characters on each side of a span in which its neighbours stand."""
FEATURES = (
    "margin_alone",
    "margin_led",
    "margin_together",
    "answered_alone",
    "answered_led",
    "answered_together",
    "relevant_alone",
    "relevant_led",
    "kind_together",
    "margin_below_best",
    "answered_below_best",
    "relevant_below_best",
    "rank",
    "score",
    "title_in_question",
    "question_in_passage",
    "question_in_sentence",
    "question_in_way",
    "neighbour_in_question",
    "words_in_question",
    "clashes",
    "n_terms",
    "has_digit",
    "is_capital",
    "is_own_title",
    "is_other_title",
    "is_decided",
    "is_of_asked",
    "n_same",
    "is_quoted",
    "quoted_overlap",
    "quoted_found",
    "has_lead",
    "lead_rank",
    "lead_title_in_question",
    "lead_relevant",
    "form",
    "kind",
    "asks",
    "task",
    "is_chinese",
)
FORMS = ("span", "side", "yes_no", "quoted")
_KINDS = ("person", "organization", "place", "date", "number", "yesno", "reason", "name", "text")
ASKS = ("who", "when", "where", "why", "how", "howmany", "what", "yesno")
_TASKS = ("fact", "bridge", "comparison", "list", "temporal", "overview")


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerCandidate:
    """One answer in words. form: span (words of a passage), side (of a comparison), yes_no, or quoted (the quoting answerer's own).

    place: for a span, which of the passages read holds it, and where. values: by name, those of FEATURES that the candidate has of its own.
    told_by: for yes, no and sides, the passages that decide it, by their number in the evidence; none where only trees can. said: by passage
    number, the sentence that does, where it is known.
    """

    text: str
    form: str
    place: tuple[int, FoundSpan] | None = None
    values: dict[str, float]
    told_by: tuple[int, ...] = ()
    said: tuple[tuple[int, str], ...] = ()


def answer_candidates(
    form: QuestionForm, read: Sequence[ReadHit], together: TextReading | None, quoted: Draft, hits: Sequence[Hit]
) -> tuple[AnswerCandidate, ...]:
    """Every distinct answer once, in a fixed order: spans by passage, then sides or yes and no, then what is quoted and nothing else found.

    hits: the whole evidence, of which the first ones were read. A question for yes or no about one thing that is not decided has none.
    """
    found: list[AnswerCandidate] = []
    described = describe([hit.passage for hit in hits])
    of_read, texts = describe([one.hit.passage for one in read]), [one.text[one.shift :] for one in read]
    fact = stated_fact(form.text, of_read, texts) or event_date(form.text, of_read, texts) or labelled_fact(form.text, of_read, texts)
    for number, one in enumerate(read):
        found += _spans_of(number, one, form, read, fact if fact is not None and fact.passage == number else None)
    if together is not None:
        found = _with_together(found, together, form, read)
    if form.asks != "yesno":
        found += _sides(form, together, read, side_by_date(form.text, described) or side_by_amount(form.text, described))
    elif together is not None:
        verdict = share_it(form.text, form.language, described) or exceeds(form.text, described)
        if verdict is None and is_about_one(form.text, described):
            verdict = read_verdict(form, read, quoted, described, hits)
            if verdict is None:
                return ()
        found += _yes_and_no(form, together, verdict)
    if quoted.found and quoted.short and not any(_same(one.text, quoted.short) for one in found):
        found.append(
            AnswerCandidate(text=quoted.short, form="quoted", values={**_of_quoted(quoted, form, read), **_words_of(quoted.short, form)})
        )
    return tuple(found)


def candidate_features(
    candidates: Sequence[AnswerCandidate], form: QuestionForm, route: Route, read: Sequence[ReadHit], quoted: Draft
) -> NDArray[np.float64]:
    """float64[n, len(FEATURES)]: what speaks for each candidate, rounded to 1e-6."""
    shared = {
        "quoted_found": float(quoted.found),
        "kind": float(_KINDS.index(form.kind)),
        "asks": float(ASKS.index(form.asks)),
        "task": float(_TASKS.index(route.task)),
        "is_chinese": float(form.language == "zh"),
    }
    described = describe([one.hit.passage for one in read])
    about = asked_about(form.text, described)
    of_asked = {one.passage for one in described if about and one.title == about}
    margins = [max(one.values.get(name, ABSENT) for name in ("margin_alone", "margin_led", "margin_together")) for one in candidates]
    verdicts = [max(one.values.get(name, ABSENT) for name in ("answered_alone", "answered_led")) for one in candidates]
    belongings = [max(one.values.get(name, ABSENT) for name in ("relevant_alone", "relevant_led")) for one in candidates]
    said = Counter(terms(quoted.short) if quoted.found else ())
    rows = []
    for one, margin, verdict, belonging in zip(candidates, margins, verdicts, belongings, strict=True):
        values = {
            **shared,
            **one.values,
            "form": float(FORMS.index(one.form)),
            "margin_below_best": margin - max(margins),
            "answered_below_best": verdict - max(verdicts),
            "relevant_below_best": belonging - max(belongings),
            "n_same": float(sum(_same(one.text, other.text) for other in candidates) - 1),
            "is_quoted": float(quoted.found and _same(one.text, quoted.short)),
            "quoted_overlap": _dice(Counter(terms(one.text)), said),
            "is_of_asked": _is_of(of_asked, one),
            "is_other_title": float(
                any(_is_title(one.text, hit) for number, hit in enumerate(read) if one.place is None or one.place[0] != number)
            ),
        }
        rows.append([values.get(name, ABSENT if name in _LOGITS else 0.0) for name in FEATURES])
    return np.round(np.array(rows, np.float64).reshape(len(rows), len(FEATURES)), 6)


_LOGITS = frozenset(name for name in FEATURES if name.startswith(("margin_", "answered_", "relevant_")))


def _spans_of(number: int, one: ReadHit, form: QuestionForm, read: Sequence[ReadHit], fact: StatedFact | None) -> Iterator[AnswerCandidate]:
    """The spans found in a passage alone, the one found after its lead, and the fact that it states; equal ones once, with both margins."""
    asked = set(form.terms)
    about = title_terms(one.hit)
    passage = set(terms(one.text))
    of_passage = {
        "answered_alone": _logit(one.alone.answered),
        "relevant_alone": _logit(one.alone.relevant),
        "rank": float(number),
        "score": one.hit.score,
        "title_in_question": _share(about, set(terms(form.text))),
        "question_in_passage": _share(asked, passage),
        "has_lead": float(one.lead is not None),
    }
    if one.led is not None and one.lead is not None:
        of_passage |= {"answered_led": _logit(one.led.answered), "relevant_led": _logit(one.led.relevant)} | _of_lead(one, form, read)
    margins: dict[tuple[int, int], tuple[FoundSpan, dict[str, float]]] = {}
    if fact is not None:
        start, end = one.shift + fact.start, one.shift + fact.end
        margins[start, end] = FoundSpan(passage=0, start=start, end=end, margin=ABSENT), {"is_decided": 1.0}
    for name, reading in (("margin_alone", one.alone), ("margin_led", one.led)):
        for found in reading.spans if reading is not None else ():
            span = _bounded(found, one, form)
            margins.setdefault((span.start, span.end), (span, {}))[1].setdefault(name, span.margin)
    for span, own in margins.values():
        if one.crosses_sentences(span):
            continue
        text = one.words(span)
        sentence = _sentence_text(one, one.sentence(span))
        words, of_span = set(terms(sentence)), _words_of(text, form)
        place = max(0, sentence.find(text))
        if (
            is_of_opposite(form.text, sentence[:place])
            or counts_another(form.text, sentence, place, place + len(text))
            or is_in_other_clause(form.text, sentence, place, place + len(text))
        ):
            of_span["clashes"] = 1.0
        values = {
            **of_passage,
            **own,
            **of_span,
            "question_in_sentence": _share(asked, words),
            "question_in_way": _share(asked, words | set(terms(one.lead.sentence)) if one.lead else words),
            "neighbour_in_question": float(bool(asked & _neighbours(one.text, span))),
            "is_own_title": float(_is_title(text, one)),
        }
        yield AnswerCandidate(text=text, form="span", place=(number, span), values=values)


def _bounded(span: FoundSpan, one: ReadHit, form: QuestionForm) -> FoundSpan:
    start, end = answer_bounds(one.text, span.start, span.end, form)
    return replace(span, start=start, end=end)


def _neighbours(text: str, span: FoundSpan) -> set[str]:
    """The terms right before and right behind a span, as far as they stand within a few words of it."""
    before, behind = terms(text[max(0, span.start - _NEAR) : span.start]), terms(text[span.end : span.end + _NEAR])
    return {*before[-1:], *behind[:1]}


def _of_quoted(quoted: Draft, form: QuestionForm, read: Sequence[ReadHit]) -> dict[str, float]:
    """What the passage and the sentence that the rules quote have in common with the question; nothing where the passage was not read."""
    asked = set(form.terms)
    for citation in quoted.citations[:1]:
        for number, one in enumerate(read):
            inside = (
                one.hit.passage.source == citation.source and one.hit.passage.span.start <= citation.span.start < one.hit.passage.span.end
            )
            if inside:
                words = set(terms(citation.quote))
                return {
                    "answered_alone": _logit(one.alone.answered),
                    "relevant_alone": _logit(one.alone.relevant),
                    "rank": float(number),
                    "score": one.hit.score,
                    "title_in_question": _share(title_terms(one.hit), set(terms(form.text))),
                    "question_in_passage": _share(asked, set(terms(one.text))),
                    "question_in_sentence": _share(asked, words),
                    "question_in_way": _share(asked, words),
                }
    return {}


def _sentence_text(one: ReadHit, sentence: Span) -> str:
    passage = one.hit.passage
    return passage.text[sentence.start - passage.span.start : sentence.end - passage.span.start]


def _is_title(text: str, one: ReadHit) -> bool:
    """Whether a candidate is what a passage is about."""
    title = title_terms(one.hit)
    return bool(title) and set(terms(text)) == title


def _of_lead(one: ReadHit, form: QuestionForm, read: Sequence[ReadHit]) -> dict[str, float]:
    assert one.lead is not None
    source = next((other for other in read if one.lead.sentence in other.hit.passage.text), None)
    if source is None:
        return {"lead_rank": float(one.lead.hit)}
    return {
        "lead_rank": float(one.lead.hit),
        "lead_title_in_question": _share(title_terms(source.hit), set(terms(form.text))),
        "lead_relevant": _logit(source.alone.relevant),
    }


def _with_together(
    found: list[AnswerCandidate], together: TextReading, form: QuestionForm, read: Sequence[ReadHit]
) -> list[AnswerCandidate]:
    """The candidates with what the reading of several passages says to each."""
    shared = {"answered_together": _logit(together.answered), "kind_together": together.kinds[0]}
    bounded = [_bounded(span, read[span.passage], form) for span in reversed(together.spans)]
    margins = {read[span.passage].words(span).lower(): span.margin for span in bounded}
    return [
        replace(
            one,
            values={**one.values, **shared, **({"margin_together": margins[one.text.lower()]} if one.text.lower() in margins else {})},
        )
        for one in found
    ]


def _is_of(passages: set[int], candidate: AnswerCandidate) -> float:
    """Whether a span stands in one of the passages about the one who is asked about: 1 or -1, 0 where these are not known."""
    if not passages or candidate.place is None:
        return 0.0
    return 1.0 if candidate.place[0] in passages else -1.0


def _yes_and_no(form: QuestionForm, together: TextReading, decided: Verdict | None) -> Iterator[AnswerCandidate]:
    """Yes and no with the network's shares."""
    for is_yes, share in ((True, together.kinds[1]), (False, together.kinds[2])):
        told_by, said = (decided.sides, decided.said) if decided is not None and decided.yes == is_yes else ((), ())
        values = {
            "answered_together": _logit(together.answered),
            "kind_together": share,
            "n_terms": 1.0,
            "is_decided": decided.likely if decided is not None and told_by else 0.0,
        }
        yield AnswerCandidate(text=WORDS[form.language, is_yes], form="yes_no", values=values, told_by=told_by, said=said)


def _sides(
    form: QuestionForm, together: TextReading | None, read: Sequence[ReadHit], decided: DecidedSide | None
) -> Iterator[AnswerCandidate]:
    """The two sides that the question names, each with the margin of the span that repeats it; and the one that is decided, read together or not."""
    of_all = {"answered_together": _logit(together.answered), "kind_together": together.kinds[0]} if together is not None else {}
    winner = as_asked(decided.title, form.text) if decided is not None else ""
    won = set(terms(winner))
    names = [name for name in (find_sides(form.text, form.language) or () if together is not None else ()) if set(terms(name)) != won]
    spans = [(set(terms(read[span.passage].words(span))), span) for span in together.spans] if together is not None else []
    for side in (*names, *([winner] if winner else [])):
        own = set(terms(side))
        values = {
            **of_all,
            "margin_together": max(
                (span.margin for words, span in spans if own and words and (words <= own or own <= words)), default=ABSENT
            ),
            "rank": float(
                min((number for number, one in enumerate(read) if title_terms(one.hit) and title_terms(one.hit) <= own), default=len(read))
            ),
            **_words_of(side, form),
            "is_decided": float(side == winner),
        }
        told_by, said = (decided.told_by, decided.said) if decided is not None and side == winner else ((), ())
        yield AnswerCandidate(text=side, form="side", values=values, told_by=told_by, said=said)


def _words_of(text: str, form: QuestionForm) -> dict[str, float]:
    own = set(terms(text))
    kind = Candidate(start=0, end=len(text), kind="phrase")
    return {
        "words_in_question": _share(own, set(terms(form.text))),
        "n_terms": float(len(terms(text))),
        "has_digit": float(any(character.isdigit() for character in text)),
        "is_capital": float(text[:1].isupper()),
        "clashes": float(bool(text) and clashes(form, kind, text)),
    }


def _same(text: str, other: str) -> bool:
    """Whether two answers say the same words."""
    return text.casefold() == other.casefold() or (bool(terms(text)) and terms(text) == terms(other))


def _dice(one: Counter[str], other: Counter[str]) -> float:
    return 2 * (one & other).total() / (one.total() + other.total()) if one and other else 0.0


def _share(part: set[str], whole: set[str]) -> float:
    return len(part & whole) / len(part) if part else 0.0


def _logit(probability: float) -> float:
    bounded = min(max(probability, 1e-6), 1 - 1e-6)
    return log(bounded / (1 - bounded))
