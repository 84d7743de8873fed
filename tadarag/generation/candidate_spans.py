"""The spans of a sentence that could be an answer: names, dates, numbers, quotations, cells, and runs between function words."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from tadarag.analysis import CJK, capitalised_names, is_cjk
from tadarag.chinese import simplify

MONTHS = (
    "January|February|March|April|May|June|July|August|September|October|November|December|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec"
)
_DATE = re.compile(
    rf"\b(?:\d{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+)?(?:{MONTHS})\.?,?(?:\s+\d{{4}})?|(?:{MONTHS})\.?\s+\d{{1,2}}(?:st|nd|rd|"
    rf"th)?(?:,?\s+\d{{4}})?(?!\d)|(?:{MONTHS})\.?,?\s+\d{{4}}"
    r"|\d{4}-\d{2}-\d{2}|\d{1,2}[/.]\d{1,2}[/.]\d{2,4}|(?:1[0-9]|20)\d{2}s?)(?!\d)(?:\s(?:BC|AD|BCE|CE)\b)?"
    r"|\b\d{1,2}(?:st|nd|rd|th) century\b"
    r"|(?:公元前?)?\d{1,4}年(?:\d{1,2}月)?(?:\d{1,2}[日号])?|\d{1,2}月\d{1,2}[日号]|\d{1,2}月|\d{1,2}[日号]|"
    r"[〇零一二三四五六七八九十]{2,4}年(?:[一二三四五六七八九十]{1,2}月)?(?:[一二三四五六七八九十]{1,3}[日号])?|"
    r"\d{1,2}世纪(?:\d{2}年代)?|(?:\d{2,4})年代"
    r"|(?:民国|光绪|康熙|乾隆|嘉庆|道光|同治|洪武|万历|崇祯|贞观|开元)[元\d一二三四五六七八九十]+年"
)
_UNIT = (
    r"percent|per cent|%|million|billion|trillion|thousand|hundred|km²|km2|km|kilomet(?:re|er)s?|met(?:re|er)s?|mm|cm|m|"
    r"miles?|feet|foot|inches|kg|kilograms?|grams?|mg|g|tons?|tonnes?"
    r"|ml|litres?|liters?|l|hours?|minutes?|seconds?|days?|weeks?|months?|years?|°C|°F|degrees?|euros?|dollars?|pounds?|"
    r"yuan|EUR|USD|GBP|CNY|kWh|kW|MW|GW|W|V|mAh|GB|MB|TB|Hz|dB|bar|people|employees|inhabitants"
)
_NUMBER_WORD = (
    r"one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|"
    r"fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|dozen"
)
_NUMBER = re.compile(
    rf"(?:[$€£¥]\s?|\b(?:EUR|USD|GBP|CNY)\s)?(?<![\w.])\d+(?:[,.]\d+)*(?:\s?(?:million|billion|trillion|thousand|"
    rf"hundred))?(?:\s?(?:{_UNIT})(?![A-Za-z]))*(?:\s?(?:per|a|/)\s?(?:year|month|day|hour|week|minute|second|night|kg|"
    rf"person))?"
    rf"|\b(?:{_NUMBER_WORD})(?:[- ](?:{_NUMBER_WORD}|million|billion|thousand|and))*\b(?:\s(?:{_UNIT})\b)*",
    re.IGNORECASE,
)
_ZH_NUMBER = re.compile(
    rf"(?:约|近|超过|百分之|第)?[\d０-９]+(?:[,.，．]\d+)*(?:[十百千万亿兆]+)?(?:[%％‰℃]|(?:[a-zA-Z/²³°]+))?[{CJK}]{{0,3}}"
    rf"|(?:百分之|"
    rf"第)?[一二三四五六七八九十百千万亿两几数]+(?:[个位名只条座种部家所项本首款支届类间场元年月日天次人艘辆架枚颗点岁倍成年级层集章卷篇期代世号])?"
)
_QUOTED = re.compile(
    r"[\"“]([^\"“”]{2,80})[\"”]|《([^》]{1,60})》|「([^」]{1,60})」|『([^』]{1,60})』|“([^”]{1,60})”|‘([^’]{2,60})’|"
    r"（([^）]{1,30})）|\(([^)]{2,60})\)"
)
_WORD = re.compile(r"[^\W_]+(?:['’.\-/][^\W_]+)*|[$€£¥%]")
_FUNCTION = frozenset(
    "a an the of in on at by for to from with and or but as is are was were be been being that this these those it its "
    "his her their our your my he she they we you i "
    "who whom whose which what where when why how do does did has have had not no also into onto during after before "
    "between than then while about against among around "
    "because over under through until since upon within without near along across both either neither if so such only "
    "can could will would shall should may might must "
    "there here however although though including include includes included became become becomes called named known "
    "made make makes".split()
)
_JOIN = frozenset("of and the in for to on a an or at with 's from by as".split())
_CLAUSE = frozenset("because to by due as so since for that when while if in through after".split())
_ZH_BOUNDARY = re.compile(
    r"(?:[，。！？；：、!?;:（）()《》「」『』“”‘’\"…—\s|]|(?<!\d)[.,\-]|[.,\-](?!\d))+|的|是|在|于|為|为|由|和|与|及|了|"
    r"被|将|把|对|从|到|以|而|并|也|都|就|等|其|之|有|后|中|时|让|使|向|则|因|但|或|至|所|曾|即|称|叫|位于|作为|成为|"
    r"担任|包括|属于|来自|认为|因为|所以|由于|可以|分别"
)
_ZH_PUNCTUATION = re.compile(r"[，。！？；：、,!?;:（）()《》「」『』“”‘’\"…—\s|]+")
_SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
)
_CELL = re.compile(r"[^|\n]+")
_LABELLED = re.compile(r"^\s*[-*]?\s*([^:：|\n]{1,50})[:：]\s*(.+?)\s*$", re.MULTILINE)
MAX_WORDS = 9
MAX_CHINESE = 24


@dataclass(frozen=True, slots=True)
class Candidate:
    """A span [start, end) of a sentence's text. kind: name, date, year, number, quoted, cell, phrase, joined or clause."""

    start: int
    end: int
    kind: str


def candidate_spans(sentence: str, *, question: str = "") -> list[Candidate]:
    """Possible answers in a sentence, distinct ranges, in order of start; the most telling kind wins when several rules give a range.

    question: spans that remain when a run's overlap with it is cut off are candidates too (Chinese runs have no spaces to cut at).
    """
    found: dict[tuple[int, int], str] = {}

    def add(start: int, end: int, kind: str) -> None:
        while start < end and (sentence[start].isspace() or sentence[start] in ",;:，。；：、*_#`"):
            start += 1
        while end > start and (sentence[end - 1].isspace() or sentence[end - 1] in ",;:，。；：、.*_`!?！？"):
            end -= 1
        if end > start:
            found.setdefault((start, end), kind)

    for match in _DATE.finditer(sentence):
        text = match.group()
        add(match.start(), match.end(), "year" if text.isdigit() or re.fullmatch(r"\d{4}年", text) else "date")
    for name in capitalised_names(sentence):
        add(name.start, name.end, "name")
    for match in _NUMBER.finditer(sentence):
        add(match.start(), match.end(), "number")
        _add_following_noun(sentence, match, add)
    for match in _QUOTED.finditer(sentence):
        group = next(index for index in range(1, 9) if match.group(index) is not None)
        add(match.start(group), match.end(group), "quoted")
    if "|" in sentence:
        for match in _CELL.finditer(sentence):
            add(match.start(), match.end(), "cell")
    for match in _LABELLED.finditer(sentence):
        add(match.start(2), match.end(2), "cell")
    if any(is_cjk(character) for character in sentence):
        _add_chinese(sentence, simplify(question), add)
    else:
        _add_english(sentence, add)
    return [Candidate(start, end, kind) for (start, end), kind in sorted(found.items())]


def _add_following_noun(sentence: str, match: re.Match[str], add: Callable[[int, int, str], None]) -> None:
    """A number with the one or two words after it ("42 member states") is a candidate of its own."""
    following = re.compile(r"\s[a-z]+(?:\s[a-z]+)?").match(sentence, match.end())
    if following is None:
        return
    words = following.group().split()
    if words[0] in _FUNCTION:
        return
    add(match.start(), match.end() + 1 + len(words[0]), "number")
    if len(words) == 2 and words[1] not in _FUNCTION:
        add(match.start(), following.end(), "number")


def _add_english(sentence: str, add: Callable[[int, int, str], None]) -> None:
    words = [(match.start(), match.end(), match.group().lower()) for match in _WORD.finditer(sentence)]
    segments: list[tuple[int, int]] = []  # word ranges without function words or punctuation inside
    start = 0
    for index in range(len(words) + 1):
        broken = (
            index == len(words)
            or words[index][2] in _FUNCTION
            or (index > start and _gap_breaks(sentence[words[index - 1][1] : words[index][0]]))
        )
        if broken:
            if index > start:
                segments.append((start, index))
            start = index + 1 if index < len(words) and words[index][2] in _FUNCTION else index
    for number, (first, last) in enumerate(segments):
        _add_words(sentence, words, first, last, "phrase", add)
        for shorter in range(first + 1, min(last, first + 4)):
            _add_words(sentence, words, shorter, last, "phrase", add)
        for shorter in range(max(first + 1, last - 2), last):
            _add_words(sentence, words, first, shorter, "phrase", add)
        for following in segments[number + 1 : number + 4]:
            between = words[segments[number][1] : following[0]]
            gap = sentence[words[last - 1][1] : words[following[0]][0]]
            if (
                following[1] - first > MAX_WORDS
                or _gap_breaks(gap.replace(",", ""))
                or not all(word[2] in _FUNCTION for word in between if word)
            ):
                break
            _add_words(sentence, words, first, following[1], "joined", add)
    for index, (_, end, word) in enumerate(words):
        if word in _CLAUSE and index + 2 < len(words):
            stop = re.compile(r"[,;.()]").search(sentence, end + 1)
            tail = stop.start() if stop else len(sentence)
            if tail - end < 160:
                add(words[index + 1][0], tail, "clause")


def _gap_breaks(gap: str) -> bool:
    return bool(gap.strip(" $€£¥'\"“”‘’&-")) or "\n" in gap


def _add_words(
    sentence: str, words: list[tuple[int, int, str]], first: int, last: int, kind: str, add: Callable[[int, int, str], None]
) -> None:
    if last - first <= MAX_WORDS:
        add(words[first][0], words[last - 1][1], kind)


def _add_chinese(sentence: str, question: str, add: Callable[[int, int, str], None]) -> None:
    folded = simplify(sentence)
    for match in _ZH_NUMBER.finditer(folded):
        text = match.group()
        tail = re.search(rf"[{CJK}]+$", text)
        stem = match.end() - (len(tail.group()) if tail and text[0].isdigit() else 0)
        for end in range(stem, match.end() + 1):
            if end > match.start():
                add(match.start(), end, "number")
    for match in re.finditer(r"[A-Za-z0-9][A-Za-z0-9 .&'·\-/]*[A-Za-z0-9]|[A-Za-z]", folded):
        add(match.start(), match.end(), "name")
    for match in re.finditer(r"[·‧・•]", folded):
        _add_dotted_name(folded, match.start(), add)
    segments: list[tuple[int, int]] = []
    position = 0
    for match in _ZH_BOUNDARY.finditer(folded):
        if match.start() > position:
            segments.append((position, match.start()))
        position = match.end()
    if position < len(folded):
        segments.append((position, len(folded)))
    for number, (start, end) in enumerate(segments):
        if end - start <= MAX_CHINESE:
            add(start, end, "phrase")
            _add_chinese_parts(folded, start, end, question, add)
        for following in segments[number + 1 : number + 4]:
            gap = folded[segments[number][1] : following[0]]
            if following[1] - start > MAX_CHINESE or re.search(r"[，。！？；：,!?;:]", folded[end : following[0]]) or len(gap) > 12:
                break
            add(start, following[1], "joined")
    position = 0
    for match in _ZH_PUNCTUATION.finditer(folded + "。"):
        if 2 < match.start() - position <= 40:
            add(position, match.start(), "clause")
        position = match.end()


def _add_chinese_parts(folded: str, start: int, end: int, question: str, add: Callable[[int, int, str], None]) -> None:
    """What is left of a run when its overlap with the question is cut off, and what may be a person's name in it."""
    cut = start
    while cut + 2 <= end and question and folded[cut : cut + 2] in question:
        cut += 1
    if start < cut < end - 1:
        add(cut + 1, end, "phrase")
    tail = end
    while tail - 2 >= start and question and folded[tail - 2 : tail] in question:
        tail -= 1
    if start + 1 < tail < end:
        add(start, tail - 1, "phrase")
    for size in range(2, 9):
        if end - size > start and not (folded[end - size].isdigit() and folded[end - size - 1].isdigit()):
            add(end - size, end, "phrase")
        if size <= 4 and start + size < end and not folded[start + size].isdigit():
            add(start, start + size, "phrase")
    for index in range(start, end - 1):
        if folded[index] in _SURNAMES:
            add(index, min(index + 3, end), "person")
            add(index, min(index + 2, end), "person")


def _add_dotted_name(folded: str, dot: int, add: Callable[[int, int, str], None]) -> None:
    """Foreign names in Chinese ("昆廷·佩勒"): two to four characters on each side of the dot, since no space says where they end."""
    for start in range(max(0, dot - 5), dot):
        if all(is_cjk(character) for character in folded[start:dot]):
            for end in range(dot + 2, min(len(folded), dot + 7) + 1):
                if all(is_cjk(character) or character in "·‧・•" for character in folded[dot + 1 : end]):
                    add(start, end, "name")
