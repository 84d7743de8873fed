"""What a question asks for: task, answer type and domain, each with what told it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tadarag.analysis import CJK
from tadarag.routing.domains import THRESHOLD, cue_features, domain_of, own_domain, settle, shipped_cues_in, told_by_head
from tadarag.routing.heads import judge_vector, main_reasons, question_heads
from tadarag.routing.question_features import wording
from tadarag.templates.library import shipped_templates
from tadarag.templates.template import GENERAL, Template
from tadarag.values import Route

_CHINESE = re.compile(f"[{CJK}]")
_QUOTED = 60  # characters of a cue


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rule:
    """What a cue tells, and how often it is right (an estimate, used as confidence)."""

    tells: str
    cue: re.Pattern[str]
    confidence: float


def _rule(tells: str, cue: str, confidence: float) -> _Rule:
    return _Rule(tells=tells, cue=re.compile(cue, re.IGNORECASE), confidence=confidence)


_YEAR = r"(?:1[0-9]|20)\d\d"
_MONTH = r"(?:Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)[a-z]*\.?"
_DATE = rf"(?:{_MONTH} )?(?:\d{{1,2}},? )?{_YEAR}"
_COMPARATIVE = "(?:first|older|younger|larger|smaller|bigger|longer|shorter|earlier|later|more|most|taller|higher|lower|less|fewer|closer|better|cheaper)"
_RELATIVE_NOUN = (
    "(?:father|mother|wife|husband|spouse|son|daughter|grand(?:father|mother|son|daughter)|uncle|aunt|(?:father|mother|brother|sister)-in-law"
    "|director|founder|author|composer|performer|child|sibling|employer|birthplace|capital)"
)
# In order: the first cue that fires decides.
_ENGLISH_TASKS = (
    _rule("overview", r"\bsummar(?:ize|ise|y)\b|\boverview\b|\bmain (?:points|themes|ideas|topics)\b|\bwhat is .{0,40} about\?*$", 0.85),
    _rule("overview", r"^how (?:do|does|did|is|are|were|was)\b.{70,}", 0.55),
    _rule("overview", r"\bwhat did .{2,60} (?:discuss|think|say|talk|agree|propose|recommend)\b", 0.6),
    _rule("temporal", rf"\b(?:from|between|since) (?:\w+ )?{_DATE}\b.*\b(?:to|and|until|-) {_DATE}\b", 0.85),
    _rule("temporal", rf"^between\b.*\b{_YEAR}\b", 0.7),
    _rule("comparison", rf"\b(?:which|who|what)\b.{{0,80}}\b{_COMPARATIVE}\b.*(?:,| out of | between ).*\b(?:or|and)\b", 0.9),
    _rule("comparison", r"\b(?:compare[ds]?|comparison|in common|difference between|differ from|versus|vs|in contrast to|whereas)\b", 0.85),
    _rule("comparison", r"\bsame (?:\w+ )?(?:as|nationality|country|city|year|place|kind|type|genre|way|manner)\b", 0.85),
    _rule("comparison", r"^(?:are|were|do|did|does|is|was|have|has)\b.*\bboth\b|\bboth\b.{2,60}\band\b", 0.85),
    _rule("comparison", r"^(?:are|were|do|did|have)\b.{2,80}\band\b.{2,80}\b(?:same|located|from)\b", 0.8),
    _rule(
        "comparison", rf"^(?:is|was|are|were|did|does|do|which|who)\b.*\bor\b.*\b{_COMPARATIVE}\b|\b{_COMPARATIVE} (?:\w+ )?than\b", 0.75
    ),
    _rule("comparison", r"^(?:which|who|what|is|was|are|were|did|does|do)\b.{2,}\bor\b.{2,60}$", 0.65),
    _rule("comparison", r"^(?:does|do|did|is|was) .{20,}\b(?:while|compared to|different from|align with|as well as)\b", 0.7),
    _rule("temporal", r"^(?:how long|since when|until when|for how long)\b|\bwhat happened (?:before|after)\b|\bchronolog", 0.75),
    _rule("temporal", rf"\b(?:before|after|between) .{{0,60}}\b{_YEAR}\b", 0.7),
    _rule("list", r"^(?:list|name|give me|show me|enumerate)\b|\b(?:list (?:all|down|of)|name all|all (?:the|of)\b)", 0.75),
    _rule("list", r"^(?:what|who) are\b|\bwhich .{0,40}\b(?:are|were|have) ", 0.65),
    _rule(
        "bridge", r"\bthe [\w' -]{2,40} (?:of|in|by|from|for) (?:the )?(?:[\w'-]+ ){0,6}?(?:who|that|which|whose|where)\b|\bwhose\b", 0.75
    ),
    _rule("bridge", rf"['’]s? (?:\w+ )?{_RELATIVE_NOUN}\b|\b(?:paternal|maternal) \w+ of\b|\b{_RELATIVE_NOUN} of\b", 0.7),
    _rule("bridge", r"\b(?:of|by|in) the (?:\w+ ){1,4}(?:of|who|that|which|where|by)\b", 0.65),
    _rule("bridge", r"\b(?:writer|singer|star|owner|successor|producer|leader|president) of\b", 0.55),
    _rule("bridge", r"\b(?:who|that|which)\b.{3,80}\b(?:who|that|which|whose|where)\b", 0.6),
    _rule("bridge", r"\b(?:the|a) \w+ (?:of|by|in|that|who) .{3,80}\b(?:of|that|who|which|whose) the\b", 0.55),
)
_CHINESE_TASKS = (
    _rule("overview", "总结|概括|概述|综述|主要内容|大意|讲了什么|介绍一下|简述|归纳", 0.85),
    _rule("comparison", "比较|相比|对比|区别|不同之处|异同|差异|还是.{1,20}[?？]?$", 0.85),
    _rule("comparison", "(?:哪个|哪一个|哪家|谁).{0,12}(?:更|较|最先|先)|更(?:早|晚|高|低|大|小|多|少|长|短)", 0.85),
    _rule("list", "哪些|哪几|分别是|都有谁|有谁|列出|列举|全部|所有.{0,12}(?:是|有)|几(?:种|类)分别", 0.85),
    _rule("comparison", "(?:和|与|跟).{1,30}(?:都|相同|一样|共同)", 0.75),
    _rule("temporal", "多久|多长时间|从.{1,20}到.{1,20}(?:期间|之间|年)|先后顺序|之前.{0,12}什么|之后.{0,12}什么|期间|持续", 0.75),
    _rule("bridge", "的[^的，。？?]{1,12}的[^的，。？?]{1,12}(?:的|是|叫|为|在|有|出)|的[^的，。？?]{1,12}其[^的]{1,10}", 0.65),
)
_ENGLISH_ANSWERS = (
    _rule("yesno", r"^(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|should|may|must)\b(?!.{3,}\bor\b)", 0.85),
    _rule("yesno", r"\bwhether\b.{0,80}\bor not\b", 0.7),
    _rule("number", r"\bhow (?:many|much|old|tall|far|high|long|large|big|deep|fast|heavy|wide|often)\b", 0.9),
    _rule(
        "number",
        r"\b(?:what|which) (?:is|was|are|were)? ?(?:the )?(?:total |average |current |annual )?(?:number|percentage|percent|population|amount|cost"
        r"|price|age|height|length|area|size|rate|revenue|budget|speed|weight|temperature|fare|capacity)\b",
        0.8,
    ),
    _rule("date", r"\bwhen\b|\b(?:what|which) (?:year|date|day|month|century|decade|time)\b|\bdate of (?:birth|death)\b", 0.9),
    _rule(
        "place",
        r"\bwhere\b|\b(?:what|which) (?:\w+ )?(?:place|city|country|state|town|village|county|province|continent|island|river|region"
        r"|location|street|district|capital|birthplace)\b|\bplace of (?:birth|death)\b",
        0.85,
    ),
    _rule(
        "person",
        r"\bwho(?:m|se)?\b|\b(?:what|which) (?:\w+ )?(?:person|actor|actress|singer|author|writer|director|president|king|queen|player"
        r"|artist|scientist|composer|politician|man|woman|individual)\b",
        0.85,
    ),
    _rule(
        "organization",
        r"\b(?:what|which) (?:\w+ ){0,2}(?:company|organi[sz]ation|university|school|college|team|club|party|band|agency|bank|firm|studio"
        r"|label|institution|newspaper|hospital|court|ministry|airline|group)\b",
        0.85,
    ),
    _rule("name", r"\b(?:what|which)\b.{0,30}\b(?:name|title|called|known as)\b", 0.75),
    _rule("name", r"\bwhich (?:film|movie|song|album|book|novel|play|magazine|game|show|series)\b", 0.8),
)
_CHINESE_ANSWERS = (
    _rule("yesno", "是否|是不是|有没有|能不能|会不会|可不可以|吗[?？]?$|能否|可否", 0.85),
    _rule(
        "number",
        "多少|几(?:个|名|位|家|次|年|天|岁|元|人|种|座|艘|条|辆|月|万|亿|层|所|部|届|台)|多(?:大|高|长|远|重|深|宽)|百分之几|人数|金额|价格是|数量",
        0.9,
    ),
    _rule("date", "何时|什么时候|什么时间|哪(?:一)?年|哪(?:一)?天|哪(?:一)?月|几(?:月|号|点)|何年|日期|什么时期|什么年代", 0.9),
    _rule(
        "place", "哪里|哪儿|何处|何地|什么地方|哪个(?:国家|城市|省|市|县|地方|地区|岛|区)|哪(?:国|省|市)|地址|位于|在哪|出生地|地点", 0.9
    ),
    _rule("person", "谁|何人|哪位|什么人|哪个(?:人|演员|作家|导演|皇帝|总统)|哪一位", 0.9),
    _rule(
        "organization",
        "(?:哪家|哪个|什么|哪所)(?:公司|机构|组织|大学|学校|学院|医院|银行|单位|企业|部门|球队|出版社|团体|党)|哪家|哪所",
        0.85,
    ),
    _rule("name", "叫什么|什么名字|名称|别名|英文名|原名|名叫|又称|哪(?:一)?(?:部|首|本|个)", 0.75),
)


def route_question(
    question: str,
    templates: Sequence[Template] | None = None,
    *,
    vector: NDArray[np.float32] | None = None,
    encoder: str = "",
) -> Route:
    """The route of a question, in English or Chinese; `reasons` says what told it.

    vector: unit float32[d] of the question, by the encoder whose fingerprint is given. Where the heads were trained on that encoder they
    tell task and domain; otherwise cues do, and the first that fires decides. Without anything to go by the task is "fact", the answer
    "text" and the domain general_knowledge. A pure function of its arguments; templates (None: the shipped ones) are the domains to
    choose from, and one that no head knows is told by its cues.
    """
    text, language = _read(question)
    tasks, answers = _rules(language)
    answer, _, answer_reason = _decide(answers, text, "text", "answer")
    stated = templates if templates is not None else shipped_templates()
    if vector is None or encoder != question_heads().encoder:
        task, task_confidence, task_reason = _decide(tasks, text, "fact", "task")
        domain, domain_confidence, why = domain_of(text, stated, needed=1.0)
        domain_reasons: tuple[str, ...] = (f"domain {domain}: {', '.join(repr(cue) for cue in why)}",) if why else ()
    else:
        features = _features(text, language, answer)
        quotes = _quotes(text, language)
        task, task_confidence, task_reason = _judged_task(features, vector, quotes)
        domain, domain_confidence, domain_reasons = _judged_domain(text, stated, features, vector, quotes)
    return Route(
        language=language,
        task=task,
        answer=answer,
        domain=domain,
        confidence=task_confidence,
        domain_confidence=domain_confidence,
        reasons=(task_reason, answer_reason, *domain_reasons),
    )


def question_features(question: str) -> dict[str, int]:
    """What the heads see of a question beside its vector: its wording, the task cues that fire, the answer type, the cues of domains."""
    text, language = _read(question)
    return _features(text, language, _decide(_rules(language)[1], text, "text", "answer")[0])


def _features(text: str, language: str, answer: str) -> dict[str, int]:
    fired = [rule.tells for rule in _rules(language)[0] if rule.cue.search(text)]
    found = wording(text, language) | {f"a cue for {task}": 1 for task in fired}
    found |= {f"the first cue is for {fired[0]}": 1} if fired else {}
    return found | {f"it wants {answer}": 1} | cue_features(text)


def _judged_task(features: Mapping[str, int], vector: NDArray[np.float32], quotes: Mapping[str, str]) -> tuple[str, float, str]:
    head = question_heads().task
    verdict = judge_vector(head, features, vector)
    task, confidence = verdict.best()
    if confidence < THRESHOLD:
        return "fact", confidence, "task fact: nothing tells another surely"
    return task, confidence, f"task {task}: {_told(main_reasons(head, verdict, task), quotes)}"


def _judged_domain(
    text: str, templates: Sequence[Template], features: Mapping[str, int], vector: NDArray[np.float32], quotes: Mapping[str, str]
) -> tuple[str, float, tuple[str, ...]]:
    own = own_domain(text, templates, needed=1.0)
    if own is not None:
        return own[0], own[1], (f"domain {own[0]}: {', '.join(repr(cue) for cue in own[2])}",)
    head = question_heads().domain
    allowed = told_by_head(head, templates)
    if not allowed:
        return GENERAL, 0.0, ()
    domain, confidence, why = settle(head, judge_vector(head, features, vector, allowed=allowed))
    if confidence < THRESHOLD:
        return domain, confidence, (f"domain {domain}: nothing tells another surely",)
    return domain, confidence, (f"domain {domain} ({confidence:.2f}): {_told(why, quotes)}",)


def _quotes(text: str, language: str) -> dict[str, str]:
    """Features that stand for cues -> the cues as they stand in the question."""
    quotes = {f"cues of {domain}": ", ".join(map(repr, cues)) for domain, cues in shipped_cues_in(text).items()}
    fired = [(rule.tells, repr(match.group()[:_QUOTED])) for rule in _rules(language)[0] if (match := rule.cue.search(text))]
    quotes |= {f"a cue for {task}": quote for task, quote in reversed(fired)}
    return quotes | {f"the first cue is for {task}": quote for task, quote in fired[:1]}


def _told(reasons: Sequence[str], quotes: Mapping[str, str]) -> str:
    """The reasons in a line, cues as they stand in the question."""
    return ", ".join(dict.fromkeys(quotes.get(reason, reason) for reason in reasons)) or "no sign of another"


def _read(question: str) -> tuple[str, str]:
    """The question with single spaces, and its language by its script."""
    return " ".join(question.split()), "zh" if _CHINESE.search(question) else "en"


def _rules(language: str) -> tuple[tuple[_Rule, ...], tuple[_Rule, ...]]:
    return (_CHINESE_TASKS, _CHINESE_ANSWERS) if language == "zh" else (_ENGLISH_TASKS, _ENGLISH_ANSWERS)


def _decide(rules: tuple[_Rule, ...], text: str, otherwise: str, what: str) -> tuple[str, float, str]:
    for rule in rules:
        if match := rule.cue.search(text):
            return rule.tells, rule.confidence, f"{what} {rule.tells}: {match.group()[:_QUOTED]!r}"
    return otherwise, 0.5, f"{what} {otherwise}: no cue for another"
