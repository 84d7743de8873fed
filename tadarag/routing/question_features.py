"""What of a question's wording its route can hang on: cues, function words, numbers of years, length; not case, nor question marks."""

from __future__ import annotations

import re
from collections.abc import Mapping

from tadarag.chinese import simplify

Features = Mapping[str, int]
"""Feature -> small count; what is absent counts nothing."""

_WORDS = re.compile(r"[a-z]+|'s\b")
_YEAR = re.compile(r"(?<!\d)(?:1[0-9]|20)\d\d(?!\d)")
_FUNCTION_WORDS = frozenset(
    "who what which when where why how whose whom is are was were do does did has have had can could should will would may both and or than"
    " of in on at by from to for with between before after since until during while same more most first last also all any each every other"
    " another many much long that there these those it its their his her my your you i we they me name list give show tell describe explain"
    " summarize summarise compare discuss discussed think say said about if not only such as like the a an article report recently week month"
    " today yesterday next this according 's".split()
)
_CHINESE_WORDS = tuple(
    "谁 什么 哪 哪些 哪里 哪个 几 多少 怎么 怎样 如何 为什么 为何 和 与 还是 更 比 都 分别 之间 期间 之前 之后 从 到 总结 概括 介绍 列出 的 所 有 是"
    " 吗 其 者 我 你 您 能 可以 是否 何时 今年 近日 本次 将 公司 了".split()
)
_LENGTHS = (5, 8, 12, 18, 30, 60)


def wording(text: str, language: str) -> dict[str, int]:
    """The features of a question's wording; letter case, question marks and spaces do not matter."""
    found = {f"language {language}": 1}
    if language == "zh":
        simplified = simplify(text)
        found |= {f"the word {word!r}": 1 for word in _CHINESE_WORDS if word in simplified}
        found |= {"'的' more than once": 1} if simplified.count("的") > 1 else {}
        length = len(simplified.rstrip("?？。 ")) // 2
    else:
        words = _WORDS.findall(text.lower().replace("’", "'"))
        found |= {f"the word {word!r}": 1 for word in words if word in _FUNCTION_WORDS}
        if words and words[0] in _FUNCTION_WORDS:
            found[f"the first word {words[0]!r}"] = 1
        found |= {"'of' more than once": 1} if words.count("of") > 1 else {}
        found |= {"'the' three times": 1} if words.count("the") > 2 else {}
        length = len(words)
    years = len(_YEAR.findall(text))
    found |= {"a year": 1} if years else {}
    found |= {"two years": 1} if years > 1 else {}
    found |= {f"more than {bound} words": 1 for bound in _LENGTHS if length > bound}
    return found
