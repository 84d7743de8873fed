"""Questions to be answered by yes or no, made of sentences: "The tenant may not sublet." becomes "May the tenant sublet?", to be answered by no."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from mom.sentences import split_sentences
from tadarag.chinese import simplify
from tadarag.training.answerer.items import Asked, answer_ranges
from tadarag.training.answerer.yes_no_items import IS_CHINESE, YesNoQuestion, negated

SHORTEST, LONGEST = 25, 170
SHORTEST_ZH, LONGEST_ZH = 8, 45
"""Characters of a sentence."""
MOST_PLAIN = 1500
"""Sentences without a denial that are asked."""
UNDENIABLE_SHARE = 0.2
"""Of those that no rule can deny."""
_PRONOUNS = (
    "it|he|she|they|this|these|those|that|there|his|her|its|their|such|other|another|we|i|you|both|neither|no|none|nothing|few|only|however|also|"
    "what|who|when|where|which|how|why|if|as|in|on|at|because|but|and|more|less|notable|multiple|of|for|with|by|from|to|here|so|thus|then"
)
_SUBJECT = rf"(?P<subject>(?!(?:{_PRONOUNS})\b)[\w'’-]+(?: [\w'’-]+){{0,6}}?)"
_SENTENCE = re.compile(
    rf"^{_SUBJECT} (?P<be>is|was|are|were|can|could|may|must|will|would|should|do|does|did)(?P<denied> not)? (?P<rest>[^;:!?\[(]+)\.$",
    re.IGNORECASE,
)
_SHORT_FORMS = (
    (re.compile(r"\bcan(?:not|['’]t)\b"), "can not"),
    (re.compile(r"\bwon['’]t\b"), "will not"),
    (re.compile(r"n['’]t\b"), " not"),
)
_DETERMINER = re.compile(
    r"^(?:The|A|An|Most|Many|Some|All|Several|Each|Every|Any|Children|People|Women|Men|Students|Members|One|Two|Three)\b"
)
_DENIED_ZH = re.compile("不(?=是|能|会|會|可|须|須|应|應|属|屬|在|准|准|允许|允許)|(?:没|沒)(?=有)|(?:没有|沒有|未)(?=[^有来來])")
_NO_DENIAL_ZH = re.compile("不[但仅僅过過同少断斷止只论論得]|[无無非][法]?|否|莫|勿|难|難")
_LOOSE_ZH = re.compile(
    "^(?:他|她|它|其|这|這|此|该|該|但|而|并|並|因|所以|也|又|还|還|则|則|就|及|和|与|與|以|使|让|讓|由|从|從|当|當|如|虽|雖|不|没|沒|未|之|只|且|另|尤|来|來|隨|随|在|对|對|我|一些)"
)


def sentence_questions(asked: Sequence[Asked], *, seed: int) -> Iterator[YesNoQuestion]:
    """Of each text those sentences that deny something, asked without the denial; and of the others at most MOST_PLAIN, half of them denied in
    the passage.

    Sentences whose subject is a pronoun, and questions, are left out.
    """
    plain = []
    for one in _once_each_text(asked):
        for number, (sentence, question, is_denied) in enumerate(_asked_of(one.context)):
            made = YesNoQuestion(id=f"{one.id}-sentence-{number}", question=question, asked=one, context=one.context, answer="no")
            if is_denied:
                yield made
            else:
                plain.append((made, sentence))
    chance = random.Random(f"{seed} sentences")
    for made, sentence in chance.sample(plain, min(len(plain), MOST_PLAIN)):
        context, luck = negated(made.asked.context, sentence), chance.random()
        if context and luck < 1 / 2:
            yield replace(made, id=f"{made.id}-denied", context=context)
        elif context or luck < UNDENIABLE_SHARE:
            yield replace(made, answer="yes")


def question_of(sentence: str) -> tuple[str, bool] | None:
    """A sentence as a question without its denial, and whether it had one; None where no rule can ask it."""
    return _question_zh(sentence) if IS_CHINESE.search(sentence) else _question_en(sentence)


def _question_en(sentence: str) -> tuple[str, bool] | None:
    text = sentence.strip()
    for pattern, words in _SHORT_FORMS:
        text = pattern.sub(words, text)
    found = _SENTENCE.match(text) if SHORTEST <= len(text) <= LONGEST else None
    if (
        found is None
        or re.search(r"\b(?:not|no|never)\b", found["rest"])
        or (found["be"].lower() in ("do", "does", "did") and not found["denied"])
    ):
        return None
    subject = _DETERMINER.sub(lambda word: word.group().lower(), found["subject"])
    return f"{found['be'].capitalize()} {subject} {found['rest']}?", found["denied"] is not None


def _question_zh(sentence: str) -> tuple[str, bool] | None:
    text = sentence.strip().rstrip("。")
    is_able = SHORTEST_ZH <= len(text) <= LONGEST_ZH and not re.search("[，,；：？?！!“”「」（(]", text)
    if not is_able or _LOOSE_ZH.match(text) or _NO_DENIAL_ZH.search(text):
        return None
    denials = list(_DENIED_ZH.finditer(text))
    if len(denials) > 1 or (not denials and re.search("[不没沒未]", text)):
        return None
    asked = _DENIED_ZH.sub("", text)
    return f"{asked}{'嗎' if simplify(text) != text else '吗'}？", bool(denials)


def _asked_of(text: str) -> Iterator[tuple[tuple[int, int], str, bool]]:
    """Each sentence of a text that can be asked: its place, the question, and whether the sentence denies it."""
    for span in split_sentences(text):
        if (found := question_of(text[span.start : span.end])) is not None:
            yield (span.start, span.end), *found


def _once_each_text(asked: Sequence[Asked]) -> Iterator[Asked]:
    seen: set[str] = set()
    for one in asked:
        if one.context not in seen and answer_ranges(one.context, one.answers, start=one.start):
            seen.add(one.context)
            yield one
