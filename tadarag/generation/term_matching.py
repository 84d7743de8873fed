"""Which words of a text stand for which terms of a question: equal stems, a shared beginning, or a listed synonym."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache

from tadarag.analysis import CJK, STOP_WORDS, is_cjk, terms
from tadarag.chinese import simplify

_TOKEN = re.compile(rf"[{CJK}]+|[^\W_{CJK}]+")
# Words that state the same attribute; a question asks with one and the document answers with another.
_SYNONYMS = (
    "ceo chief executive boss head lead leader led chairman president director manager run",
    "located location situated headquarters headquartered based lies stands seat",
    "born birth birthday birthplace native",
    "died death dies killed deceased buried",
    "founded founder established created creator started set formed opened launched inaugurated begun began",
    "cost price fee costs charge paid pay worth priced fare sold sale budget spend spent expense",
    "buy bought acquired acquisition purchase takeover",
    "wrote author written writer novel book published",
    "population inhabitants residents people lived live",
    "revenue turnover sales income",
    "profit earnings loss",
    "married wife husband spouse",
    "makes manufacturer manufactured produced producer built builder made",
    "length long",
    "height tall high elevation",
    "depth deep",
    "width wide",
    "weight heavy weighs mass",
    "speed fast",
    "age old aged",
    "area size large big covers",
    "distance far",
    "duration long lasts lasted term",
    "temperature hot cold degrees",
    "employees staff workers employs workforce",
    "ended end ends finished closed expires expiry expire terminated",
    "member members consist",
    "called name named known title nickname renamed",
    "job occupation profession worked work career",
    "nationality citizen country",
    "parent father mother son daughter child children",
    "team club side",
    "win won winner victory champion",
    "play played plays player starred role actor cast character",
    "sing sang singer performed performer vocals song recorded",
    "cause caused because reason due result",
    "dose dosage milligrams mg",
    "show symptom sign",
    "replace replaced successor succeeded took",
    "moved move transferred transfer",
    "reduce reduced cut lowered fell decrease decreased",
    "raise raised increased increase rose grew growth",
    "invented inventor discovered discovery described",
    "designed architect designer design",
    "purpose aim goal",
    "penalty fine fined",
    "contract agreement signed deal",
    "hit struck collided collision accident crash",
    "doctor physician surgeon",
    "ship vessel ferry boat",
    "medicine drug treatment treat",
    "firm company business",
    "warranty guarantee",
)
_ZH_SYNONYMS = (
    "成立 创立 创办 建立 创建 设立 创始 组建",
    "位于 坐落 地处 总部",
    "价格 售价 价钱 定价 费用 零售 票价",
    "出生 生于 诞生",
    "去世 逝世 病逝 死于 卒于",
    "作者 撰写 著作 编写 所著",
    "人口 居民",
    "收入 营收 营业 销售",
    "利润 盈利 净利",
    "长度 全长 长达",
    "面积 占地",
    "高度 海拔",
    "承建 建造 修建 兴建 建设",
    "导演 执导",
    "主演 饰演 出演",
    "演唱 主唱 歌手",
    "首席 总裁 总经 负责",
    "员工 雇员 职工",
    "原名 本名 旧称 前身 曾用",
    "别名 又称 亦称 简称",
    "开始 启动 开工 动工",
    "结束 完成 完工 竣工",
    "收购 买下 购得",
    "毕业 就读",
    "首都 首府",
    "妻子 丈夫 配偶 结婚",
    "语言 官方",
    "发行 出版 推出 上市",
    "获得 荣获 取得",
    "原因 由于 因为 导致",
    "症状 表现",
    "剂量 用量 服用",
    "生产 制造",
    "任期 任职",
    "担任 出任 就任",
    "租金 租用 租期",
    "保险 投保 保额",
    "发现 首次",
)


def _groups(lines: Iterable[str]) -> dict[str, frozenset[int]]:
    members: dict[str, set[int]] = {}
    for number, line in enumerate(lines):
        for word in line.split():
            for term in terms(word):
                members.setdefault(term, set()).add(number)
    return {term: frozenset(numbers) for term, numbers in members.items()}


_GROUPS = _groups((*_SYNONYMS, *_ZH_SYNONYMS))


@dataclass(frozen=True, slots=True)
class LocatedTerm:
    """A term at [start, end) of a text; function words have an empty term, so that distances count every word."""

    term: str
    start: int
    end: int


@lru_cache(maxsize=1 << 16)
def _latin_term(word: str) -> str:
    if word in STOP_WORDS:
        return ""
    found = terms(word)
    return found[0] if found else ""


def locate_terms(text: str) -> list[LocatedTerm]:
    """All words of a text (Chinese: the bigram that starts at each character), in order."""
    folded = simplify(text).lower()
    located: list[LocatedTerm] = []
    for match in _TOKEN.finditer(folded):
        start, end, token = match.start(), match.end(), match.group()
        if is_cjk(token[0]):
            located.extend(
                LocatedTerm(folded[i : min(i + 2, end)], i, min(i + 2, end)) for i in range(start, end - 1 if end - start > 1 else end)
            )
        else:
            located.append(LocatedTerm(_latin_term(token), start, end))
    return located


def match_strength(question_term: str, text_term: str) -> float:
    """1 for the same term, 0.9 for a shared beginning of at least five letters (or four fifths of the longer), 0.7 for "
    "a synonym, else 0."""
    if question_term == text_term:
        return 1.0
    if is_cjk(question_term[0]) != is_cjk(text_term[0]):
        return 0.0
    if not is_cjk(question_term[0]) and not question_term.isdigit():
        shared = 0
        for left, right in zip(question_term, text_term, strict=False):
            if left != right:
                break
            shared += 1
        if (shared >= 4 and shared >= 0.75 * max(len(question_term), len(text_term))) or (
            shared >= 5 and shared >= min(len(question_term), len(text_term)) - 1
        ):
            return 0.9
    left_groups = _GROUPS.get(question_term)
    return 0.7 if left_groups and left_groups & _GROUPS.get(text_term, frozenset()) else 0.0


@dataclass(frozen=True, slots=True)
class TermMatcher:
    """The question's terms with their weights, and for each term of the evidence the question terms that it stands for.

    matches: text term -> ((index of question term, strength), …).
    """

    terms: tuple[str, ...]
    weights: tuple[float, ...]
    matches: dict[str, tuple[tuple[int, float], ...]]

    def cover(self, present: Iterable[str], *, only: frozenset[int] | None = None) -> float:
        """Weighted share of the question terms (or of those in `only`) for which `present` holds a match; 1 when there are none."""
        best: dict[int, float] = {}
        for term in present:
            for index, strength in self.matches.get(term, ()):
                best[index] = max(best.get(index, 0.0), strength)
        indexes = range(len(self.terms)) if only is None else only
        total = sum(self.weights[index] for index in indexes)
        return sum(self.weights[index] * best.get(index, 0.0) for index in indexes) / total if total else 1.0


def build_matcher(question_terms: tuple[str, ...], vocabulary: Iterable[str], weight: Callable[[str], float]) -> TermMatcher:
    """Match each term of the evidence's vocabulary with the terms of a question."""
    matches: dict[str, tuple[tuple[int, float], ...]] = {}
    chinese = [(index, wanted) for index, wanted in enumerate(question_terms) if is_cjk(wanted[0])]
    other = [(index, wanted) for index, wanted in enumerate(question_terms) if not is_cjk(wanted[0])]
    same = {wanted: index for index, wanted in chinese}
    grouped = [pair for pair in chinese if pair[1] in _GROUPS]
    for term in vocabulary:
        if not term:
            continue
        if is_cjk(term[0]):
            found = [(same[term], 1.0)] if term in same else []
            if term in _GROUPS:
                found += [(index, 0.7) for index, wanted in grouped if wanted != term and _GROUPS[wanted] & _GROUPS[term]]
        else:
            found = [(index, strength) for index, wanted in other if (strength := match_strength(wanted, term))]
        if found:
            matches[term] = tuple(found)
    return TermMatcher(question_terms, tuple(weight(term) for term in question_terms), matches)
