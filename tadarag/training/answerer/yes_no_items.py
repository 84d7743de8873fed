"""Questions to be answered by yes or no about one thing, made by rules from questions and their answers, English and Chinese.

"When did Acme move?" with its answer 1911 becomes "Did Acme move in 1911?", to be answered by yes; with the answer of another question in its
place by no; and by no too where "not" is put into the sentence that answers.
"""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from mom.sentences import split_sentences
from tadarag.chinese import simplify
from tadarag.training.answerer.hard_negatives import hard_negatives
from tadarag.training.answerer.items import Asked, Item, Kind, answer_ranges, titled

NO_SHARE = 0.4
NEGATED_SHARE = 0.3
"""Of the questions whose answer is right: the sentence that answers is negated."""
FOREIGN_SHARE = 0.5
LONGEST_ANSWER = 45
_BE, _DO, _AUXILIARY = "is|was|are|were", "did|does|do", "is|was|are|were|did|does|do|can|could|will|would|has|have|had"
_FORMS = tuple(
    (re.compile(f"^{pattern}$", re.IGNORECASE), form)
    for pattern, form in (
        (rf"(?:what|who|which) (?P<be>{_BE}) (?P<rest>the .+)", "{be} {answer} {rest}"),
        (
            rf"(?P<by>in|at|on|to|from|for|with|by) (?:what|which) [\w'-]+(?: [\w'-]+)? (?P<be>{_DO}) (?P<rest>.+)",
            "{be} {rest} {by} {answer}",
        ),
        (rf"(?P<by>in|at|on|to|from|for|with|by) (?:what|which) [\w'-]+ (?P<be>{_BE}) (?P<rest>.+)", "{be} {rest} {by} {answer}"),
        (rf"when (?P<be>{_AUXILIARY}) (?P<rest>.+)", "{be} {rest} {time}"),
        (rf"where (?P<be>{_AUXILIARY}) (?P<rest>.+)", "{be} {rest} {place}"),
        (rf"how (?:many|much) (?P<kind>[\w'-]+) (?P<be>{_DO}) (?P<rest>.+)", "{be} {rest} {answer} {kind}"),
        (rf"(?:what|which) [\w'-]+ (?P<be>{_DO}) (?P<rest>[\w' -]+ [a-z]+)", "{be} {rest} {answer}"),
        (rf"who (?P<rest>(?!{_AUXILIARY}|{_BE})[a-z]+(?:ed|d|t|e|w|n) .+)", "was it {answer} who {rest}"),
        (rf"who (?P<be>{_BE}) (?P<rest>[a-z]+ed .+)", "{be} {answer} {rest}"),
    )
)
"""Forms of a question and how each is asked of one answer; the first that fits counts."""
_TIME_WORDS = re.compile(
    r"^(?:in|on|at|by|from|since|until|after|before|during|around|about|between|the|late|early|every|last|next)\b", re.IGNORECASE
)
_PLACE_WORDS = re.compile(r"^(?:in|on|at|near|from|to|by|under|above|along|inside|outside|between|into|within|throughout)\b", re.IGNORECASE)
_ARTICLE = re.compile("^(?:The|A|An) ")
_MONTH = re.compile(r"\b(?:january|february|march|april|may|june|july|august|september|october|november|december)\b|[月日]", re.IGNORECASE)
_MEASURE = "[个個位座种種所家部条條支场場次项項类類本届屆名颗顆些段]"
_NOUN = "国家|國家|城市|地方|地区|地區|省份|大学|大學|公司|朝代|语言|語言|学校|學校|人物|球队|球隊|民族|年份|年代|月份|人"
_ASKED_ZH = re.compile(
    rf"哪(?:一|几|幾)?(?:年|天|月|{_MEASURE})?(?:{_NOUN})?(?<!哪)|哪[裡里儿兒]|(?<![为為])什[么麼](?:时候|時候|时间|時間|地方|名字|{_NOUN})?|何时|何時|何地|何人|多少(?:人|年)?|[谁誰]"
)
_END_ZH = re.compile(r"[？?。\s]+$")
_NEGATE_EN = re.compile(r"\b(?:is|was|are|were|can|could|may|must|will|would|should)\b(?! not\b)")
_NEGATE_ZH = re.compile(
    r"(?<![不但还還也只就若要总總於于])是(?!否|不|非)|可以|能够|能夠|允许|允許|(?<![可不才功性势勢技职職智])能(?!力|量|源|否)|(?<![不社机機协協大开開议議])会(?!议|員|员)"
)
IS_CHINESE = re.compile("[㐀-鿿]")


@dataclass(frozen=True, slots=True, kw_only=True)
class YesNoQuestion:
    """A question, the passage that decides it, and which way; `asked`: what it was made of."""

    id: str
    question: str
    asked: Asked
    context: str
    answer: Kind


def yes_no_questions(asked: Sequence[Asked], *, seed: int) -> Iterator[YesNoQuestion]:
    """One for each question that a rule can ask of an answer; half of them of a wrong one, as alike in form as there is in the same text."""
    by_context, by_shape = _answers_by(asked)
    for one in asked:
        chance = random.Random(f"{seed} yes or no {one.id}")
        own = one.answers[0]
        if len(own) > LONGEST_ANSWER:
            continue
        is_wrong = chance.random() < NO_SHARE
        answer = _other_answer(one, by_context, by_shape, chance) if is_wrong else own
        question = as_yes_no(one.question, answer) if answer else ""
        if not question:
            continue
        context = _negated(one) if not is_wrong and chance.random() < NEGATED_SHARE else one.context
        if context:
            is_no = is_wrong or context != one.context
            yield YesNoQuestion(id=f"{one.id}-yes-no", question=question, asked=one, context=context, answer="no" if is_no else "yes")


def items_of_yes_no(questions: Sequence[YesNoQuestion], *, seed: int) -> Iterator[Item]:
    """Each question over its passage, and half of them over one that looks right and does not decide it. A third come without titles."""
    foreign = hard_negatives([replace(one.asked, id=one.id, question=one.question) for one in questions], n=3)
    for one in questions:
        chance = random.Random(f"{seed} reading {one.id}")
        titles = chance.random() > 1 / 3
        passage = titled(one.asked.title if titles else "", one.context)
        item = Item(
            id=one.id, question=one.question, passages=(passage,), kind=one.answer, answered=True, relevant=True, answers=(one.answer,)
        )
        yield item
        if foreign.get(one.id) and chance.random() < FOREIGN_SHARE:
            other = chance.choice(foreign[one.id])
            passages = (titled(other.title if titles else "", other.context),)
            yield replace(item, id=f"{one.id}-foreign", passages=passages, kind="span", answered=False, relevant=False)


def as_yes_no(question: str, answer: str) -> str:
    """A question asked of one answer, to be answered by yes or no; empty where no rule can ask it."""
    return _as_yes_no_zh(question, answer) if IS_CHINESE.search(question) else _as_yes_no_en(question, answer)


def _as_yes_no_en(question: str, answer: str) -> str:
    text, said = question.strip().rstrip("?").strip(), _ARTICLE.sub(lambda article: article.group().lower(), answer.strip().rstrip("."))
    found = next(((match, form) for pattern, form in _FORMS if (match := pattern.match(text)) is not None), None)
    if found is None or said.lower() in text.lower():
        return ""
    time = said if _TIME_WORDS.match(said) else f"{'in' if re.fullmatch(r'.*?[0-9]{4}s?', said) and ',' not in said else 'on'} {said}"
    place = said if _PLACE_WORDS.match(said) else f"in {said}"
    asked = found[1].format(
        **{key: value.lower() if key == "by" else value for key, value in found[0].groupdict().items()}, answer=said, time=time, place=place
    )
    return f"{asked[:1].upper()}{asked[1:]}?"


def _as_yes_no_zh(question: str, answer: str) -> str:
    text, said = _END_ZH.sub("", question), answer.strip().rstrip("。")
    places = list(_ASKED_ZH.finditer(text))
    if len(places) != 1 or not places[0].group() or said in text:
        return ""
    (place,) = places
    word = place.group()
    unit = word[-1] if word in ("多少人", "多少年") and not said.endswith(word[-1]) else ""
    particle = "嗎" if simplify(text) != text else "吗"
    return f"{text[: place.start()]}{said}{unit}{text[place.end() :]}{particle}？"


def _shape(answer: str) -> str:
    """Of what form an answer is: a year, a date, with a number, a name, or words; and its script."""
    script = "zh" if IS_CHINESE.search(answer) else "en"
    if re.fullmatch(r"(?:in )?\d{4}年?", answer):
        return f"{script} year"
    if any(map(str.isdigit, answer)):
        return f"{script} date" if _MONTH.search(answer) else f"{script} number of {min(2, len(answer.split()))}"
    return f"{script} name" if answer[:1].isupper() else f"{script} words"


def _answers_by(asked: Sequence[Asked]) -> tuple[Mapping[tuple[str, str], Sequence[str]], Mapping[str, Sequence[str]]]:
    """Answers by title and shape, and by shape alone."""
    by_context: dict[tuple[str, str], list[str]] = defaultdict(list)
    by_shape: dict[str, list[str]] = defaultdict(list)
    for one in asked:
        answer = one.answers[0]
        if len(answer) <= LONGEST_ANSWER:
            by_context[one.title, _shape(answer)].append(answer)
            by_shape[_shape(answer)].append(answer)
    return by_context, by_shape


def _other_answer(
    one: Asked, by_context: Mapping[tuple[str, str], Sequence[str]], by_shape: Mapping[str, Sequence[str]], chance: random.Random
) -> str:
    """An answer of the same form to another question, of the same text where there is one; empty where none is clearly another."""
    shape = _shape(one.answers[0])
    own = {answer.lower() for answer in one.answers}
    near = [other for other in by_context.get((one.title, shape), ()) if not any(_overlap(other.lower(), answer) for answer in own)]
    able = near or [other for other in by_shape[shape] if not any(_overlap(other.lower(), answer) for answer in own)]
    return chance.choice(able) if able else ""


def _overlap(one: str, other: str) -> bool:
    if IS_CHINESE.search(one):
        return one in other or other in one
    return bool(set(re.findall(r"\w+", one)) & set(re.findall(r"\w+", other)) - {"the", "a", "an", "of", "in", "and", "on"})


def _negated(one: Asked) -> str:
    """The context with its answering sentence negated; empty where no rule can."""
    places = answer_ranges(one.context, one.answers, start=one.start)
    span = next((span for span in split_sentences(one.context) if places and span.start <= places[0][0] < span.end), None)
    return negated(one.context, (span.start, span.end)) if span is not None else ""


def negated(text: str, place: tuple[int, int]) -> str:
    """A text with the sentence that stands at `place` negated; empty where no rule can."""
    sentence = text[place[0] : place[1]]
    is_chinese = IS_CHINESE.search(sentence) is not None
    found = (_NEGATE_ZH if is_chinese else _NEGATE_EN).search(sentence)
    if found is None:
        return ""
    word = f"不{found.group()}" if is_chinese else f"{found.group()} not"
    return f"{text[: place[0] + found.start()]}{word}{text[place[0] + found.end() :]}"
