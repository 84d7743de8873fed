"""What the words at a gap say about a boundary there, and what kind of text speaks: prose, chat, service talk or labelled turns."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from mom.terms import CJK

PROSE, CHAT, SERVICE, LABELLED = "prose", "chat", "service", "labelled"
REGISTERS = (PROSE, CHAT, SERVICE, LABELLED)
# Shares of units; the sets of prose, chat and service talk that were looked at lie far from them on either side.
LABELLED_FROM, TALK_FROM, SERVICE_FROM = 0.8, 0.5, 0.17
MAX_SPEAKERS = 6

_SPEAKER = re.compile(r"\s*([^\s:：]{1,12})[:：]\s*")
_TOKEN = re.compile(rf"[^\W\d_{CJK}][^\W_{CJK}]*(?:['’][^\W\d_{CJK}]+)?|[{CJK}]|[?？!！]")
_QUESTIONS = frozenset("?？")


def _words(words: str) -> frozenset[str]:
    """One entry a word; "_" stands for the space of a pair; a pair of CJK characters is one word."""
    return frozenset(word.replace("_", " ") for word in words.split())


_CONNECTIVES = _words(
    "however but also moreover furthermore thus therefore hence so then and or nor yet still besides instead otherwise nevertheless "
    "consequently similarly likewise indeed because although while too in_addition in_fact for_example for_instance of_course after_all "
    "但 但是 然而 因此 所以 而且 並且 并且 此外 同時 同时 其中 於是 于是 不過 不过 然後 然后 例如 由於 由于 因為 因为 而 也 亦 即"
)
_ANAPHORS = _words(
    "he she it they this these those that his her its their him them such both another others most many each 他 她 它 牠 這 这 該 该 其 此 那"
)
_PRONOUNS = _words("it they them that those these he she him her his their 他 她 它 這 这 那")
_GREETINGS = _words("hi hello hey greetings howdy good_morning good_evening good_afternoon 喂 您好 你好 早上 下午")
_REQUESTS = _words(
    "looking_for i_need need_to i_want i_wanna would_like help_me find_me find_a give_me give_directions show_me tell_me remind_me set_a "
    "set_up set_my schedule_a please_find please_give please_schedule please_set please_book please_check can_you could_you "
    "我想 請問 请问 麻烦 麻煩 幫我 帮我 咨询 查詢 查询"
)
_TURNS = _words(
    "next_item next_topic next_question moving_on anyway speaking_of turning_to let's_talk let's_move another_thing "
    "另外 下一 還有 还有 接下 順便 顺便 那麼 关于 關於"
)
_REPLIES = _words(
    "yes yeah yep yup no nope ok okay sure right great perfect good cool nice awesome wow oh lol haha that's sounds thanks thank absolutely "
    "exactly true same really alright fine well sorry unfortunately 好 对 對 嗯 是 哦 噢 行 没 沒 可 啊 呃 喔 不"
)
_CLOSINGS = _words(
    "thanks thank bye goodbye welcome anything_else good_day great_day nice_day enjoy glad_to 谢谢 謝謝 再见 再見 不客 感谢 感謝"
)
_OUTCOMES = _words(
    "reference_number booked booking confirmed completed scheduled reserved navigation reminder_set setting 稍等 没有 沒有 处理 已经 辦理 办理"
)
_ASKING = _words(
    "do_you are_you have_you did_you would_you can_you could_you will_you do_i can_i do_your are_your is_your do_we 您是 你是 您有 你有 请问 請問"
)
_QUESTION_WORDS = _words("what where who which how when why 什么 什麼 哪 怎么 怎麼 怎样 怎樣 谁 誰 多少")
_YOU = _words("you your yours u you're 您 你")
_I = _words("i my me mine i'm im i've i'd i'll 我")
_ABOUT_YOU = _words(
    "favorite favourite hobby hobbies like_to fun living any_pets any_kids any_children any_siblings any_plans married old_are"
)
_PARTICLES = _words("吗 嗎 呢")

CUES = (
    "connective_after anaphor_after pronoun_after greeting_after request_after turn_after reply_after closing_after closing_before "
    "outcome_before question_before question_ends_before question_after question_ends_after asking_after question_word_after you_after "
    "you_before i_after i_before about_you_after short_after length_after length_before both_ask same_speaker"
).split()


@dataclass(frozen=True, slots=True, kw_only=True)
class Utterance:
    """What the cues need of a unit. tokens: words in lower case, CJK characters and question marks. speaker: its label, "" for none."""

    tokens: tuple[str, ...]
    found: frozenset[str]
    begins: frozenset[str]
    speaker: str
    asks: bool
    ends_asking: bool


def read_utterance(text: str) -> Utterance:
    """The words of a unit, alone and in pairs, without its speaker's label."""
    label = _SPEAKER.match(text)
    tokens = tuple(_TOKEN.findall(text.lower(), label.end() if label else 0))
    pairs = [f"{one}{other}" if one >= "⺀" and other >= "⺀" else f"{one} {other}" for one, other in pairwise(tokens)]
    found = frozenset((*tokens, *pairs))
    return Utterance(
        tokens=tokens,
        found=found,
        begins=frozenset((*tokens[:1], *pairs[:1])),
        speaker=label.group(1) if label else "",
        asks=not _QUESTIONS.isdisjoint(found) or not _PARTICLES.isdisjoint(tokens[-1:]),
        ends_asking=not _QUESTIONS.isdisjoint(tokens[-1:]) or not _PARTICLES.isdisjoint(tokens[-2:]),
    )


def register_of(utterances: Sequence[Utterance]) -> str:
    """The kind of text: labelled turns of a few speakers, talk about a service, other talk, or prose."""
    n = len(utterances)
    labels = [utterance.speaker for utterance in utterances if utterance.speaker]
    if len(labels) >= LABELLED_FROM * n and 1 < len(set(labels)) <= min(MAX_SPEAKERS, max(2, n // 2)):
        return LABELLED
    talk = sum(u.asks or not (_YOU | _I).isdisjoint(u.found) or not (_REPLIES | _GREETINGS).isdisjoint(u.begins) for u in utterances)
    if talk < TALK_FROM * n:
        return PROSE
    service = sum(not (_REQUESTS | _CLOSINGS | _OUTCOMES).isdisjoint(u.found) for u in utterances)
    return SERVICE if service >= SERVICE_FROM * n else CHAT


def read_cues(before: Utterance, after: Utterance, opener: str) -> list[float]:
    """One number for each of `CUES`: 1.0 for present, lengths as ln(1 + words). opener: the label of who spoke first.

    same_speaker is 1.0 where the one who opened the text speaks, -1.0 where another does, 0.0 without labels.
    """
    return [
        _any(_CONNECTIVES, after.begins),
        _any(_ANAPHORS, after.begins),
        _any(_PRONOUNS, after.found),
        _any(_GREETINGS, after.begins),
        _any(_REQUESTS, after.found),
        _any(_TURNS, after.found),
        _any(_REPLIES, after.begins),
        _any(_CLOSINGS, after.found),
        _any(_CLOSINGS, before.found),
        _any(_OUTCOMES, before.found),
        float(before.asks),
        float(before.ends_asking),
        float(after.asks),
        float(after.ends_asking),
        _any(_ASKING, after.found),
        _any(_QUESTION_WORDS, after.found),
        _any(_YOU, after.found),
        _any(_YOU, before.found),
        _any(_I, after.found),
        _any(_I, before.found),
        _any(_ABOUT_YOU, after.found),
        float(len(after.tokens) <= 3),
        math.log1p(len(after.tokens)),
        math.log1p(len(before.tokens)),
        float(before.ends_asking and after.ends_asking),
        (1.0 if after.speaker == opener else -1.0) if after.speaker and opener else 0.0,
    ]


def _any(words: frozenset[str], found: frozenset[str]) -> float:
    return 0.0 if words.isdisjoint(found) else 1.0
