"""Which lines are headings, and what section each of them opens."""

from __future__ import annotations

import itertools
import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from mom.numerals import CHINESE_NUMERAL, parse_numeral
from mom.terms import CJK, count_cjk
from mom.values import Heading, HeadingLike, Span, SpanLike

__all__ = ["HEADING_KINDS", "HeadingForm", "HeadingRules", "Section", "cut_sections", "find_headings", "parse_numeral"]

MAX_CJK_HEADING, MAX_LATIN_HEADING = 40, 100
LONGEST_LEADER = 120  # characters in which leaders are looked for: a search over a long run of spaces takes its cube
_NEED_A_SIBLING = frozenset({"letter", "roman", "arabic"})  # one alone is a list of one, or a reference
LIST_RUN = 3  # so many headings in a row without body between them are a list or a contents page


@dataclass(frozen=True, slots=True)
class Section:
    """The text from a heading's line to the next heading; `heading` is empty before the first one. path: titles down to this heading."""

    span: Span
    heading: Span
    path: tuple[str, ...]
    level: int


@dataclass(frozen=True, slots=True)
class HeadingForm:
    """A way to write a heading in one kind of document: lines that begin like `pattern` are headings of `level` (mom.md 4.1)."""

    pattern: re.Pattern[str]
    level: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadingRules:
    """What a kind of document changes about headings.

    names: lines in lower case that are headings by themselves, siblings of "1. …". forms: forms of its own. never: kinds from
    HEADING_KINDS that head nothing in it, such as the numbered steps of a manual.
    """

    names: frozenset[str] = frozenset()
    forms: tuple[HeadingForm, ...] = ()
    never: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _Pattern:
    """One way to write a heading. kind: the series it counts in. tier: kinds of one tier are siblings. is_stated: markup leaves no doubt.

    is_loose: prose may begin like this too, so the line before must be blank, a heading, or end in 。
    """

    kind: str
    level: int
    form: re.Pattern[str]
    tier: str = ""
    is_stated: bool = False
    is_loose: bool = False


@dataclass(frozen=True, slots=True)
class _Hit:
    line: int
    span: Span
    title: str
    pattern: _Pattern
    kind: str
    level: int
    number: int | None


_N = f"(?P<n>{CHINESE_NUMERAL}+|[0-9０-９]+)"
_AFTER = rf"(?=$|[\s:：、.．—–-]|[{CJK}《“])"
_WORD_NUMERAL = (
    r"(?P<n>\d+|[IVXLC]+|[A-Z]|(?i:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve))(?=$|[.:—–-]|\s+[—–(\"“]|\s+[A-Z0-9])"
)
_PATTERNS = (
    _Pattern("atx", 1, re.compile(r"(?P<marks>#{1,6})\s+(?P<title>.*?)\s*#*$"), is_stated=True),
    _Pattern("part", 1, re.compile(rf"第{_N}(?:部分|编){_AFTER}")),
    _Pattern("part", 1, re.compile(rf"(?:Part|PART)\s+{_WORD_NUMERAL}"), is_loose=True),
    _Pattern("chapter", 2, re.compile(rf"第{_N}[章篇]{_AFTER}"), tier="chapter"),
    _Pattern("chapter", 2, re.compile(rf"(?:Chapter|CHAPTER)\s+{_WORD_NUMERAL}"), tier="chapter", is_loose=True),
    _Pattern("section", 3, re.compile(rf"第{_N}节{_AFTER}")),
    _Pattern("section", 3, re.compile(rf"(?:Section|SECTION)\s+{_WORD_NUMERAL}"), is_loose=True),
    _Pattern("article", 4, re.compile(rf"第{_N}条{_AFTER}")),
    _Pattern("article", 4, re.compile(rf"(?:Article|ARTICLE)\s+{_WORD_NUMERAL}"), is_loose=True),
    _Pattern("appendix", 2, re.compile(rf"(?:Appendix|APPENDIX)\s+{_WORD_NUMERAL}"), tier="chapter", is_loose=True),
    _Pattern("appendix", 2, re.compile(rf"附[录錄](?P<n>{CHINESE_NUMERAL}+|[0-9A-Z０-９]){_AFTER}"), tier="chapter"),
    _Pattern("cjk-item", 3, re.compile(rf"(?P<n>{CHINESE_NUMERAL}+)[、．]\s*\S")),
    _Pattern("cjk-bracket", 4, re.compile(rf"[（(](?P<n>{CHINESE_NUMERAL}+)[)）]\s*\S")),
    _Pattern("dotted", 3, re.compile(r"(?P<n>\d{1,2}(?:\.\d{1,3}){1,4})\.?\s+[^\W_]"), is_loose=True),
    _Pattern("arabic", 4, re.compile(rf"(?P<n>\d{{1,3}})(?:[.)]\s+[^\W_]|[、．）.]\s*[{CJK}]|\s+[A-Z])"), is_loose=True),
    _Pattern("arabic-bracket", 5, re.compile(r"[（(](?P<n>\d{1,3})[)）]\s*[^\W_]"), is_loose=True),
    _Pattern("circled", 6, re.compile(r"(?P<n>[①-⑳])\s*[^\W_]"), is_loose=True),
    _Pattern("roman", 3, re.compile(r"(?P<n>[IVXLC]+)\.\s+[A-Z]"), is_loose=True),
    _Pattern("letter", 4, re.compile(r"(?P<n>[A-Z])\.\s+[A-Z]"), is_loose=True),
    _Pattern("bracketed", 5, re.compile(r"【(?P<title>[^】]+)】$")),
    _Pattern("bold", 5, re.compile(r"(\*\*|__)(?P<title>[^*_].*?)\1[:：]?$"), is_loose=True),
    _Pattern("capitals", 5, re.compile(r"(?=(?:[^A-Z]*[A-Z]){4})[^a-z\d|=]{4,60}$"), is_loose=True),
)
HEADING_KINDS = tuple(sorted({pattern.kind for pattern in _PATTERNS if not pattern.is_stated}))
"""The forms of mom.md 4.1 by name, those aside that markup states."""
_NAMED = _Pattern("named", 4, re.compile(""), tier="arabic", is_loose=True)
_NAMED_LINE = re.compile(r"(?:\d{1,2}(?:\.\d{1,2})*\.?\s+)?(?P<name>.{1,60}?)\s*[:：]?$")
_TURN_KINDS = ("capitals", "bold", "bracketed")
LEAST_TURNS = 3
"""A capital or bold line that comes so often is a speaker's name or a running head; one with a colon already when it comes twice."""
_SETEXT = (_Pattern("setext", 1, re.compile(r"={3,}$"), is_stated=True), _Pattern("setext", 2, re.compile(r"-{3,}$"), is_stated=True))
_LEADERS = re.compile(r"(?:\.{3,}|…+|·{3,}|(?:\. ){3,}|\t| {3,})\s*\d{1,4}$")
_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_FIRST = re.compile(rf"[#第PCSA附（(0-9①-⑳【*_A-Z{CHINESE_NUMERAL[1:-1]}]")


def cut_sections(text: str, headings: Sequence[HeadingLike], *, title: str = "") -> list[Section]:
    """Cut the text at its headings; the sections tile it, and white space before the first heading belongs to that heading.

    A section's path begins with the document's title, if there is one; a heading that only repeats that title adds nothing to the path.
    """
    ordered = sorted((h for h in headings if 0 <= h.span.start < min(h.span.end, len(text))), key=lambda h: (h.span.start, h.span.end))
    levels = {level: rank for rank, level in enumerate(sorted({heading.level for heading in ordered}), start=1)}
    root = (title.strip(),) if title.strip() else ()
    sections = [Section(Span(0, len(text)), Span(0, 0), root, 0)]
    above: list[tuple[int, str]] = []
    for heading in ordered:
        before, start = sections[-1], heading.span.start
        if start < before.heading.end:
            continue  # a heading inside a heading's line
        level = levels[heading.level]
        above = [*(parent for parent in above if parent[0] < level), (level, " ".join(heading.title.split()))]
        names = [name for _, name in above if name]
        if root and names and names[0].casefold() == root[0].casefold():
            names = names[1:]
        if text[before.span.start : start].strip():
            sections[-1] = replace(before, span=Span(before.span.start, start))
            begin = start
        else:
            sections.pop()
            begin = before.span.start
        sections.append(Section(Span(begin, len(text)), Span(start, min(heading.span.end, len(text))), (*root, *names), level))
    return sections


def find_headings(text: str, blocks: Sequence[SpanLike] = (), rules: HeadingRules | None = None) -> tuple[Heading, ...]:
    """Headings of a plain text, by the forms, rejections, contents-page rule and sequence check of mom.md 4.1.

    blocks: ranges (tables, code, quotations) in which nothing is a heading. rules: what the scenario changes. Levels count from 1 without
    gaps. A speaker's turn is no heading: neither "Name: words", nor a name in capitals or bold that stands above each turn.
    """
    if "\n" not in text.strip():
        return ()
    lines = [Span(*match.span()) for match in _LINE.finditer(text)]
    hits = _drop_lists(text, lines, _drop_turns(_find_hits(text, lines, blocks, rules or HeadingRules())))
    hits = _keep_series(hits)
    tiers = _rank_tiers(hits)
    return tuple(Heading(hit.span, tiers[_tier(hit)], hit.title) for hit in hits)


def _find_hits(text: str, lines: Sequence[Span], blocks: Sequence[SpanLike], rules: HeadingRules) -> list[_Hit]:
    patterns = _patterns_for(rules)
    starts = [block.start for block in blocks]
    hits: list[_Hit] = []
    is_open = True  # whether the line before is blank, a heading or the end of a Chinese paragraph
    for index, span in enumerate(lines):
        line = span.of(text).strip()
        following = lines[index + 1].of(text).strip() if index + 1 < len(lines) else ""
        hit = None
        block = bisect_right(starts, span.start) - 1
        if line and not (block >= 0 and span.start < blocks[block].end):
            hit = _setext(index, span, line, following, is_open, lines) or _read_line(index, span, line, is_open, patterns)
            if hit is None and rules.names and is_open:
                hit = _read_name(index, span, line, rules.names)
        if hit:
            hits.append(hit)
        is_open = not line or hit is not None or line[-1] in "。！？" or not line.strip("=-")
    return hits


def _setext(index: int, span: Span, line: str, following: str, is_open: bool, lines: Sequence[Span]) -> _Hit | None:
    if not is_open or following[:3] not in ("===", "---") or _is_too_long(line) or line[0] in "|#>-=":
        return None
    for pattern in _SETEXT:
        if pattern.form.match(following):
            return _Hit(index, Span(span.start, lines[index + 1].end), line, pattern, f"setext{pattern.level}", pattern.level, None)
    return None


def _read_line(index: int, span: Span, line: str, is_open: bool, patterns: Sequence[_Pattern]) -> _Hit | None:
    if not (_FIRST.match(line) or patterns is not _PATTERNS) or _is_contents_line(line):
        return None
    for pattern in patterns:
        match = pattern.form.match(line)
        if not match or (pattern.is_loose and not is_open) or not (pattern.is_stated or _may_be_heading(line)):
            continue
        groups = match.groupdict()
        title, numeral = groups.get("title") or line, groups.get("n")
        kind, level, number = pattern.kind, pattern.level, parse_numeral(numeral) if numeral else None
        if pattern.kind == "atx":
            level = len(match["marks"])
            kind, title = f"atx{level}", groups["title"] or ""
        elif pattern.kind == "dotted" and numeral:
            parent, _, last = numeral.rpartition(".")
            kind, level, number = f"dotted {parent}", 3 + numeral.count("."), int(last)
        return _Hit(index, span, title.strip("*_ "), pattern, kind, level, number)
    return None


def _patterns_for(rules: HeadingRules) -> Sequence[_Pattern]:
    if not (rules.forms or rules.never):
        return _PATTERNS
    own = [_Pattern(f"own {number}", form.level, form.pattern, is_loose=True) for number, form in enumerate(rules.forms)]
    kept = [pattern for pattern in _PATTERNS if pattern.kind not in rules.never]
    return [*kept[:1], *own, *kept[1:]]


def _read_name(index: int, span: Span, line: str, names: frozenset[str]) -> _Hit | None:
    match = _NAMED_LINE.match(line) if len(line) <= MAX_LATIN_HEADING else None
    if match is None or match["name"].lower() not in names or _is_contents_line(line):
        return None
    return _Hit(index, span, line.rstrip(":： "), _NAMED, "named", _NAMED.level, None)


def _drop_turns(hits: Sequence[_Hit]) -> list[_Hit]:
    """Leave out capital, bold or bracketed lines that stand above turns: the same line again and again."""
    times = Counter(hit.title for hit in hits if hit.kind in _TURN_KINDS)
    return [
        hit
        for hit in hits
        if hit.kind not in _TURN_KINDS or times[hit.title] < (LEAST_TURNS - 1 if hit.title[-1:] in (":", "：") else LEAST_TURNS)
    ]


def _is_contents_line(line: str) -> bool:
    """Whether a line ends in dot leaders and a page number."""
    return line[-1:].isdigit() and _LEADERS.search(line[-LONGEST_LEADER:]) is not None


def _is_too_long(line: str) -> bool:
    n_cjk = count_cjk(line)
    return n_cjk > MAX_CJK_HEADING or len(line) - n_cjk > MAX_LATIN_HEADING


def _may_be_heading(line: str) -> bool:
    if _is_too_long(line) or line[-1] in "。；;，,、":
        return False
    return not (line[-1] == "." and len(line.split()) >= 6)


def _has_body(text: str, lines: Sequence[Span], first: _Hit, second: _Hit) -> bool:
    """Whether text that is no contents line stands between two hits."""
    between = (lines[index].of(text).strip() for index in range(first.line + 1, second.line) if lines[index].start >= first.span.end)
    return any(line and not _is_contents_line(line) for line in between)


def _drop_lists(text: str, lines: Sequence[Span], hits: Sequence[_Hit]) -> list[_Hit]:
    """Leave out what stands in a row without body: three or more of one kind, or a contents page whose lines come again later."""
    runs: list[list[_Hit]] = []
    for hit in hits:
        if runs and not _has_body(text, lines, runs[-1][-1], hit):
            runs[-1].append(hit)
        else:
            runs.append([hit])
    last_line = {hit.title: hit.line for hit in hits}
    kept: list[_Hit] = []
    for run in runs:
        lasting = [hit for hit in run if last_line[hit.title] == hit.line]
        if len(run) >= LIST_RUN and len(lasting) * 5 <= len(run) * 2:  # three fifths come again: contents, and perhaps the first heading
            kept.extend(lasting)
        else:
            kept.extend(hit for hit in run if hit.pattern.is_stated or not _is_listed(run, hit))
    return kept


def _is_listed(run: Sequence[_Hit], hit: _Hit) -> bool:
    """Whether `hit` is one of three or more neighbours of its kind in the run."""
    place = run.index(hit)
    first = last = place
    while first > 0 and run[first - 1].kind == hit.kind:
        first -= 1
    while last + 1 < len(run) and run[last + 1].kind == hit.kind:
        last += 1
    return last - first + 1 >= LIST_RUN


def _tier(hit: _Hit) -> tuple[int, str]:
    return hit.level, hit.pattern.tier or (hit.pattern.kind if hit.pattern.kind in ("dotted", "setext", "atx") else hit.kind)


def _rank_tiers(hits: Sequence[_Hit]) -> dict[tuple[int, str], int]:
    """Levels 1..m: by the level of the form; forms of one level nest in the order in which they first appear."""
    first = {_tier(hit): place for place, hit in reversed(list(enumerate(hits)))}
    return {tier: rank for rank, tier in enumerate(sorted(first, key=lambda tier: (tier[0], first[tier])), start=1)}


def _keep_series(hits: Sequence[_Hit]) -> list[_Hit]:
    """Demote numbered lines that do not count: siblings go up by one; a series that starts above 2 or jumps needs three members.

    A series that goes on counting across its parents (articles of a law) is one series. Plain numbers, letters and Roman numerals need a second member.
    """
    ranks = _rank_tiers(hits)
    series: dict[tuple[str, int], list[_Hit]] = {}
    last_number: dict[str, int] = {}
    parents: list[tuple[int, int]] = []  # (rank, line) of the headings above the line at hand
    demoted: set[int] = set()
    continued: set[tuple[str, int]] = set()
    for hit in hits:
        rank = ranks[_tier(hit)]
        parents = [parent for parent in parents if parent[0] < rank]
        key = (hit.kind, parents[-1][1] if parents and not hit.kind.startswith("dotted") else -1)
        parents.append((rank, hit.line))
        if hit.number is None:
            continue
        if key not in series and last_number.get(hit.kind) == hit.number - 1:
            continued.add(key)
        series.setdefault(key, []).append(hit)
        last_number[hit.kind] = hit.number
    for key, members in series.items():
        numbers = [member.number or 0 for member in members]
        counts = all(after == before + 1 for before, after in itertools.pairwise(numbers))
        is_sound = counts and (numbers[0] <= 2 or key in continued)
        needed = 2 if members[0].pattern.kind in _NEED_A_SIBLING else 1
        if len(members) < (needed if is_sound else 3):
            demoted.update(member.line for member in members)
    return [hit for hit in hits if hit.line not in demoted]
