"""What a question asks for: its class, the names it gives, and the terms that an answering sentence must share."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tadarag.analysis import STOP_WORDS, capitalised_names, is_cjk, terms
from tadarag.chinese import simplify
from tadarag.values import Route

_WH = re.compile(r"\b(who|whom|whose|when|where|why|how|what|which)\b", re.IGNORECASE)
_HOW = re.compile(r"how\s+(many|much|long|old|far|tall|high|large|big|deep|wide|often|fast|heavy|late|early|soon)\b", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_YES_NO = re.compile(
    r"^(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|should|must|may|might|am)\b|^(?:both|"
    r"according to [^,]*,\s*(?:is|are|was|were|do|does|did|has|have|had|can|will|must|may))\b",
    re.IGNORECASE,
)
_ALTERNATIVE = re.compile(r",?\s+or\s+", re.IGNORECASE)
# Words of a question that say nothing about what the answering sentence must contain.
_GENERIC = frozenset(
    "many much kind type sort name title following please tell give list say said mean does take place happen occur "
    "according document documents "
    "text state stated mention mentioned exactly currently current now old long ever did get make use used would could "
    "should can will may must".split()
)
_GENERIC_TERMS = frozenset(term for word in _GENERIC for term in terms(word)) | _GENERIC
_PLACE = frozenset(
    "country city state town place county river continent region province island location street village district area port".split()
)
_DATE = frozenset("year date month day decade century time weekday deadline era period".split())
_ORGANIZATION = frozenset(
    "company university organization organisation team band group school agency party firm bank club institution hospital".split()
)
_PERSON = frozenset(
    "person man woman actor actress author president king queen singer director player ceo doctor physician engineer nurse".split()
)
_NUMBER = frozenset(
    "population number price cost percentage percent amount height length weight age temperature revenue rate dose size "
    "speed total capacity "
    "pay cost spend worth fine fare hire torque dose diameter money interest tax budget fee salary profit turnover "
    "score distance depth area voltage margin premium deductible limit value share".split()
)
_ZH_WH = re.compile(
    r"(?P<why>为什么|为何|为啥|什么原因|何故)"
    r"|(?P<who>谁|何人|哪位|哪一位|什么人|哪个人|哪一个人)"
    r"|(?P<when>哪一?年[^，。？]{0,1}月?|哪年|何时|什么时候|什么时间|几月几?[日号]?|哪一?天|何年何?月?|哪个?月份?|"
    r"什么日期|哪一?日|哪个世纪|什么年代|几点|几号|几几年|多会儿|多久前)"
    r"|(?P<where>哪里|哪儿|何处|何地|什么地方|哪个(?:国家|城市|省份?|地区|地方|县|市|州|区)|哪一个?(?:国家|城市|省份?|"
    r"地区|地方|县|市|州|区)|哪国|哪座城市|哪省|哪市|哪州)"
    r"|(?P<howmany>百分之多少|百分之几|多少|多大|多长|多高|多久|多远|多重|多深|多宽|第?几[^何乎]|几)"
    r"|(?P<how>如何|怎么样?|怎样|怎麽|何以)"
    r"|(?P<what>什么|哪一?[个些种部家所位条座项本首款支只名届类款间场]?|何种|何|啥|多[快厚])"
)
_ZH_YES_NO = re.compile(r"吗[？?。\s]*$|是否|是不是|有没有|能否|可否|能不能|会不会|可不可以|对不对|是不是")
_ZH_NAME = re.compile(r"《[^》]{1,40}》|「[^」]{1,40}」|“[^”]{1,40}”|[A-Za-z][A-Za-z0-9 .&'\-]*[A-Za-z0-9]|[A-Za-z0-9]+-[A-Za-z0-9\-]+")
_ZH_FILLER = re.compile(r"请问|请|告诉我|根据文档|的是|[的了是在有由于为被和与及呢？?，,。、：:！!\s]|其中|以及|一共|总共|大约|主要")
_LIST = re.compile(
    r"\b(?:list|name all|which of the|enumerate|all the)\b|\b(?:which|what)\s+(?:two|three|four|five|six)\b|\bin which years\b"
    r"|\b(?:who|what|which) (?:are|were|have been) the \w+s\b|^(?:which|what) (?:\w+ )?\w*[^s\W]s (?:are|were|do|did|have|belong|does)\b"
    r"|哪些|有哪几|列出|分别|由?哪[两三四五]",
    re.IGNORECASE,
)
_INSTRUCTION = re.compile(
    r"^\s*(?:please,? )?(?:(?:can|could|would) you )?(?:please )?(?:summari[sz]e|describe|outline|compare|tell (?:me|us) (?:more )?about"
    r"|give (?:me |us )?(?:an? |the )?(?:short |brief |quick )?(?:overview|summary) of"
    r"|what (?:is|are) the (?:main|key|most important) (?:points?|findings?|topics?) (?:of|in)"
    r"|who (?:is|was|are|were)(?=(?: (?-i:[A-Z][\w.’'-]*[a-z.])(?<!['’]s))+\s*\?*\s*$))\b"
    r"|^\s*(?:请|帮我|帮忙|给我)*(?:总结|概述|概括|简述|归纳|描述|介绍|比较|对比)(?:一下|(?!.*(?:谁|什么|哪|几|多少|何|吗)))"
    r"|(?<=.)的?(?:主要内容|要点|大致内容)(?:是什么|有哪些)?(?=[。？?！!\s]*$)",
    re.IGNORECASE,
)
"""What a question for an overview says of what it wants, and not of what that is to be about."""
_LATEST = re.compile(
    r"\b(?:latest|current|currently|now|newest|most recent|as of|today|updated|up to date)\b|最新|目前|现在|当前|现任|如今|最近",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionForm:
    """The parts of a question that spans are compared with.

    asks: who, when, where, why, how, howmany, what or yesno. kind: person, organization, place, date, number, yesno, reason, name or text.
    names: as they stand in the question. terms: distinct content terms in order (names included); name_terms is their share that lies in names.
    attribute: terms of the first thing asked about that is no name. before, after: terms on both sides of the question word, in order.
    head: the first attribute word, "" when there is none.
    """

    text: str
    language: str
    asks: str
    kind: str
    names: tuple[str, ...]
    terms: tuple[str, ...]
    name_terms: frozenset[str]
    attribute: tuple[str, ...]
    before: tuple[str, ...]
    after: tuple[str, ...]
    head: str = ""
    wants_list: bool = False
    wants_latest: bool = False


def read_question(question: str, route: Route) -> QuestionForm:
    """The form of a question; the route's answer type fills in where the wording leaves it open, and what only instructs is no part of it."""
    chinese = sum(map(is_cjk, question)) * 3 >= len(question.replace(" ", "")) if question.strip() else route.language == "zh"
    return _read_chinese(question, route) if chinese else _read_english(question, route)


def is_instruction(question: str) -> bool:
    """Whether a question instructs to say something of a thing, "Summarise ...", and asks for nothing of it in particular."""
    return _INSTRUCTION.search(simplify(question)) is not None


def _read_english(text: str, route: Route) -> QuestionForm:
    question = _INSTRUCTION.sub(lambda found: " " * len(found.group()), text)
    asks, start, end = _english_wh(question)
    names = tuple(question[name.start : name.end] for name in capitalised_names(question) if not _is_wh(question[name.start : name.end]))
    name_terms = frozenset(term for name in names for term in terms(name))
    content = tuple(dict.fromkeys(term for term in terms(question) if term not in _GENERIC_TERMS and not _is_wh(term)))
    after = tuple(term for term in terms(question[end:]) if term not in _GENERIC_TERMS)
    before = tuple(term for term in terms(question[:start]) if term not in _GENERIC_TERMS)
    head, attribute = _attribute(question[end:], name_terms, content)
    return QuestionForm(
        text=text,
        language="en",
        asks=asks,
        kind=_english_kind(asks, question[start:end].lower(), head, route),
        names=names,
        terms=content,
        name_terms=name_terms,
        attribute=attribute,
        before=before,
        after=after,
        head=head,
        wants_list=route.task == "list" or bool(_LIST.search(question)),
        wants_latest=route.task == "temporal" or bool(_LATEST.search(question)),
    )


def _is_wh(word: str) -> bool:
    return bool(_WH.fullmatch(word))


def _english_wh(question: str) -> tuple[str, int, int]:
    """Class of the question and the range of its question word."""
    stripped = question.strip()
    if _YES_NO.match(stripped) and not _ALTERNATIVE.search(stripped):
        return "yesno", 0, len(question) - len(question.lstrip()) + len(stripped.split()[0]) if stripped else 0
    match = _WH.search(question)
    if match is None:
        return "what", 0, 0
    word = match.group().lower()
    if word == "how":
        measured = _HOW.match(question, match.start())
        return ("howmany", match.start(), measured.end()) if measured else ("how", match.start(), match.end())
    asks = {"who": "who", "whom": "who", "whose": "who", "when": "when", "where": "where", "why": "why"}.get(word, "what")
    return asks, match.start(), match.end()


def _attribute(rest: str, name_terms: frozenset[str], content: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    """Head word and terms of the first run of content words after the question word that is not a name."""
    run: list[str] = []
    for match in _WORD.finditer(rest):
        word = match.group().lower().removesuffix("'s").removesuffix("’s")
        word_terms = terms(word)
        if word in STOP_WORDS or word in _GENERIC or not word_terms:
            if run:
                break
            continue
        if word_terms[0] in name_terms:
            if run:
                break
            continue
        run.append(word)
    if not run:
        return "", tuple(term for term in content if term not in name_terms)[:2]
    return run[-1], tuple(dict.fromkeys(term for word in run for term in terms(word)))


def _english_kind(asks: str, wh: str, head: str, route: Route) -> str:
    fixed = {"who": "person", "when": "date", "where": "place", "why": "reason", "howmany": "number", "yesno": "yesno"}
    if asks in fixed:
        return fixed[asks]
    singular = head[:-3] + "y" if head.endswith("ies") else head.removesuffix("s") if not head.endswith("ss") else head
    for kind, words in (("date", _DATE), ("place", _PLACE), ("organization", _ORGANIZATION), ("person", _PERSON), ("number", _NUMBER)):
        if head in words or singular in words:
            return kind
    return route.answer if route.answer != "yesno" else "text"


def _read_chinese(text: str, route: Route) -> QuestionForm:
    question = _INSTRUCTION.sub(lambda found: " " * len(found.group()), text)
    folded = simplify(question)
    match = _ZH_WH.search(folded)
    asks, start, end = (str(match.lastgroup), match.start(), match.end()) if match else ("what", len(folded), len(folded))
    # "多久前" and the like aside, a closing particle makes a yes/no question only when no question word is there.
    if _ZH_YES_NO.search(folded) and (match is None or (asks in ("what", "howmany") and "是否" in folded)):
        asks, start, end = "yesno", len(folded), len(folded)
    names = tuple(question[m.start() : m.end()].strip("《》「」“”") for m in _ZH_NAME.finditer(question))
    before, after = chinese_terms(folded[:start]), chinese_terms(folded[end:])
    head = folded[end : end + 2] if asks == "what" else ""
    name_terms = frozenset(term for name in names for term in terms(name))
    content = tuple(dict.fromkeys((*before, *after)))
    nearest = (*before[-3:], *after[:3])
    return QuestionForm(
        text=text,
        language="zh",
        asks=asks,
        kind=_chinese_kind(asks, folded, end, route),
        names=names,
        terms=content,
        name_terms=name_terms,
        attribute=tuple(dict.fromkeys(term for term in nearest if term not in name_terms)),
        before=before,
        after=after,
        head=head,
        wants_list=route.task == "list" or bool(_LIST.search(folded)),
        wants_latest=route.task == "temporal" or bool(_LATEST.search(folded)),
    )


def chinese_terms(text: str) -> tuple[str, ...]:
    """Bigrams and Latin terms of a piece of a question, without those that cross a function character."""
    parts = _ZH_FILLER.split(_ZH_YES_NO.sub(" ", text))
    return tuple(term for part in parts if part for term in terms(part))


def _chinese_kind(asks: str, folded: str, end: int, route: Route) -> str:
    fixed = {"who": "person", "when": "date", "where": "place", "why": "reason", "howmany": "number", "yesno": "yesno"}
    if asks in fixed:
        return fixed[asks]
    following = folded[end : end + 3]
    for kind, words in (
        ("organization", ("公司", "大学", "机构", "组织", "学校", "医院", "球队")),
        ("person", ("人", "演员", "作者", "皇帝")),
        ("place", ("国家", "城市", "地区")),
    ):
        if any(following.startswith(word) for word in words):
            return kind
    return route.answer if route.answer != "yesno" else "text"
