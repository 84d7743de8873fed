"""Chinese names: quoted titles, organisations and places by their last characters, persons by surname and context."""

from __future__ import annotations

import re

from tadarag.extraction.found import Found
from tadarag.extraction.gazetteer_zh import (
    COMPOUND_SURNAMES,
    EVENT_SUFFIXES,
    LEADING_VERBS,
    LOCATION_SUFFIXES,
    MAX_QUOTED,
    ORGANIZATION_SUFFIXES,
    ORGANIZATIONS,
    PERSON_TITLES,
    PERSON_VERBS,
    PLACED_SUFFIXES,
    PLACES,
    STOP_CHARACTERS,
    SURNAMES,
    TRANSLITERATION,
)

_HAN = "\u3400-\u4dbf\u4e00-\u9fff"
_LONGEST_NAME = 14


def _any(words: list[str]) -> str:
    return "|".join(sorted(words, key=lambda word: (-len(word), word)))


def _after(words: list[str]) -> str:
    """Look-behinds for any of the words, one for each length, as the engine wants them."""
    lengths = sorted({len(word) for word in words})
    return "|".join(f"(?<={'|'.join(word for word in words if len(word) == length)})" for length in lengths)


_TITLE = re.compile(r"《\s*((?!\s)[^《》\n]{0,39}[^《》\s])\s*》")
_QUOTED = re.compile(rf"[“「『]([^“”「」『』\n，。！？；：、,.!?;:的是了在我们不]{{2,{MAX_QUOTED}}})[”」』]")
_FOREIGN_PERSON = re.compile(
    rf"(?:(?<=[^{_HAN}·•・])|{_after(PERSON_TITLES)})[{_HAN}]{{1,6}}(?:[·•・][{TRANSLITERATION}]{{1,7}}){{1,3}}"
    rf"|[{TRANSLITERATION}]{{1,7}}(?:[·•・][{TRANSLITERATION}]{{1,7}}){{1,3}}"
)
_TITLE_IN_FRONT = re.compile(rf"[{_HAN}]*(?:{_any(PERSON_TITLES)}|长)(?=[{_HAN}])")
_RUN = re.compile(rf"[{_HAN}]+")
_SEGMENT = re.compile(rf"[^{STOP_CHARACTERS}]+")
_SUFFIX = re.compile(
    f"(?P<organization>{_any(ORGANIZATION_SUFFIXES)})|(?P<event>{_any(EVENT_SUFFIXES)})|(?P<location>(?:{_any(LOCATION_SUFFIXES)})(?![场民长值委城域别级份流岸亲庄里点台起高澳口两]))"
)
_LEADING_VERB = re.compile(f"(?:{_any(LEADING_VERBS)})+")
_PLACE = re.compile(_any(PLACES))
_ORGANIZATION = re.compile(_any(ORGANIZATIONS))
_GIVEN = rf"[{_HAN}]"
_SURNAME = rf"(?:{_any(COMPOUND_SURNAMES)}|[{SURNAMES}])"
_PERSON = re.compile(
    rf"(?:{_any(PERSON_TITLES)})(?P<titled>{_SURNAME}{_GIVEN}{{1,2}}?)(?=[^{_HAN}]|{_any(PERSON_VERBS)}|[{STOP_CHARACTERS}])"
    rf"|(?<![{_HAN}])(?P<plain>{_SURNAME}{_GIVEN}{{1,2}}?)(?={_any(PERSON_VERBS)}|[（(，,](?:男|女|生于|\d{{4}}年))"
)
_LATIN_WORD = re.compile(r"(?<![A-Za-z0-9])[A-Za-z][A-Za-z0-9]*(?:[ .·-][A-Za-z0-9]+)*(?![A-Za-z0-9])")
# Common words that end in a place's or an organisation's last character.
_NOT_NAMES = frozenset(
    (
        "城市 都市 上市 超市 股市 门市 地区 社区 山区 小区 郊区 城区 辖区 景区 灾区 校区 园区 农村 乡村 全村 车站 网站 本省 全省 全市 "
        "全县 全国 各省 各市 江河 河湖 江山 湖山 火山 登山 高山 爬山 海湾 港湾 香港 本港 进港 出港 获奖 大奖 颁奖 中奖 评奖 有奖 一等奖 "
        "二等奖 三等奖 奖 该公司 公司 集团 大学 学院 医院 银行 法院 委员会 有限公司 分公司 总公司 子公司 母公司 上市公司 控股公司 小学 中学 "
        "政府 各级政府 地方政府 协会 学会 基金会 俱乐部 工会 机场 码头 大桥 海峡 半岛 岛 群岛 战争 运动会 锦标赛 博物馆 图书馆 研究所 "
        "研究院 研究中心 保险 航空 证券 交易所 出版社 开发区 新区 自治区 人民政府 人民法院 中级人民法院 乡镇 城镇 村镇 县市 省市 市县 区县 "
        "小镇 本市 我市 我省 我县 本县 下乡 家乡 故乡 老乡 同乡 海港 扩港 空港 大河 大江 大湖 大山 小岛 海岛 深山 青山 江湖 环境保护区 "
        "保护区 广州 贵州 郑州"
    ).split()
)


def find_chinese_names(text: str, start: int, end: int) -> list[list[Found]]:
    """Names in text[start:end] in groups, the surest first: titles, persons with "·", then suffix rules, known places, persons, Latin words.

    Precision before recall: a name whose left end the rules cannot tell is cut at the last function character or verb.
    """
    titles = [Found(match.start(1), match.end(1), "title") for match in _TITLE.finditer(text, start, end)]
    foreign = [Found(_after_title(match), match.end(), "person") for match in _FOREIGN_PERSON.finditer(text, start, end)]
    suffixed: list[Found] = []
    for run in _RUN.finditer(text, start, end):
        if run.end() - run.start() > 2:
            suffixed.extend(_suffixed(text, run.start(), run.end()))
    places = [Found(match.start(), match.end(), "organization") for match in _ORGANIZATION.finditer(text, start, end)]
    places += [Found(match.start(), match.end(), "location") for match in _PLACE.finditer(text, start, end)]
    persons = [Found(*_group_span(match), "person") for match in _PERSON.finditer(text, start, end)]
    latin = [
        Found(match.start(), match.end(), "name") for match in _LATIN_WORD.finditer(text, start, end) if match.end() - match.start() > 1
    ]
    quoted = [Found(match.start(1), match.end(1), "name") for match in _QUOTED.finditer(text, start, end)]
    return [titles, foreign, suffixed, persons, places, quoted, latin]


def _after_title(match: re.Match[str]) -> int:
    """Where the name begins when the match took a title with it ("港务长马滕·克罗尔")."""
    title = _TITLE_IN_FRONT.match(match.group())
    return match.start() + title.end() if title else match.start()


def _group_span(match: re.Match[str]) -> tuple[int, int]:
    return match.span("titled") if match["titled"] else match.span("plain")


def _suffixed(text: str, start: int, end: int) -> list[Found]:
    """Names inside one run of Chinese characters that end in a known suffix."""
    found: list[Found] = []
    for segment in _SEGMENT.finditer(text, start, end):
        matches = list(_SUFFIX.finditer(text, segment.start(), segment.end()))
        left = segment.start()
        for number, match in enumerate(matches):
            kind = match.lastgroup or "name"
            if kind == "location" and any(later.lastgroup == "organization" for later in matches[number + 1 :]):
                continue  # the place is a part of the organisation's name
            if kind == "location" and match.end() < segment.end() and match.end() - left < 3 and len(match.group()) == 1:
                continue  # "江苏", "山东": the suffix character opens or is inside another word
            if match.group() in PLACED_SUFFIXES and not _PLACE.match(text, left, match.start()):
                continue
            first = _left_end(text, left, match.start(), kind)
            name = text[first : match.end()]
            if first < match.start() and name not in _NOT_NAMES and not _is_followed_by_suffix(text, match.end(), segment.end()):
                found.append(Found(first, match.end(), kind))
                left = match.end()
    return found


def _is_followed_by_suffix(text: str, position: int, end: int) -> bool:
    """Whether a longer name goes on here ("大学" in "大学医院")."""
    return bool(_SUFFIX.match(text, position, end))


def _left_end(text: str, left: int, suffix: int, kind: str) -> int:
    """Where the name before a suffix begins: after leading verbs, at the first known place, within the longest length of its kind."""
    longest = 4 if kind == "location" else _LONGEST_NAME
    if _PLACE.match(text, left, suffix):
        return left if kind != "location" or suffix - left <= longest else suffix
    if verb := _LEADING_VERB.match(text, left, suffix):
        left = verb.end()
    if kind == "location":
        return left if suffix - left <= longest else suffix
    if place := _PLACE.search(text, left, suffix):
        left = place.start()
    return left if suffix - left <= longest else suffix
