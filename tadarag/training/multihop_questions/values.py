"""The value that a sentence states: its exact range in the text, what equal values share, and its order among values of its class."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from tadarag.extraction.found import Found
from tadarag.training.multihop_questions.naming import name_key

NAMES = frozenset("person performer place organization work name".split())
_VALUE_KINDS = frozenset("time number money percent quantity identifier".split())
_PERSON = re.compile(
    r"(?:[^\W\d_][\w.'’-]*|[IVX]+)(?: (?:[^\W\d_a-z][\w.'’-]*|de|van|von|der|den|di|da|del|della|al|bin|ibn|la|le|of|the|du))+"
)
_TITLED = re.compile(r"(?:Prime Minister|President|Sir|Lord|Lady|Dr|Mr|Mrs|General|Captain|Colonel|Professor) (?=[^ ]+ )")
_NO_PERSON = re.compile(
    r"\b(?:Minister|Justice|Secretary|Senator|Governor|Ambassador|Pictures|Productions?|Company|Studios?|Records|Entertainment|Films?|"
    r"Corporation|Band|Orchestra|Inc|Ltd|Limited|Group|Network|Television|Media|Award|University|Party|Team|Brothers|Animation|Networks)\b"
)
_RANK = re.compile(
    r", (?:\d\w+ )?(?:Duke|Count|King|Earl|Baron|Margrave|Landgrave|Elector|Prince|Lord|Marquess|Viscount|Duchess|Countess|Princess|Queen)\b"
    r"[^,.;()]* of [A-Z][\w-]+(?:[- ][A-Z][\w-]+)*"
)
_REGION = re.compile(r", [A-Z][\w'-]+(?: [A-Z][\w'-]+)*")
_CUT = re.compile(r" in |, | for the | at | of the (?=(?:United|Soviet|Czech|Republic))")
_WHOLE = re.compile(r"\w (?:Township|Territory|Province|County|Region|Peninsula|Municipality|Valley)( of )")
_CUT_SHORT = frozenset("St Mt Ft Dr Mr Mrs Ms Sir".split())
_MEMBER = re.compile(r"\w+ \w+ of \w+")
_OWNED = re.compile(r"['’]s [A-Z]")
_BESIDE_DEMONYM = frozenset(
    "Pre-Code Western Christian Bollywood Tamil Telugu Hindi Malayalam Kannada Bengali Marathi Christmas Democratic Republican Roman Jewish "
    "Conservative Labour Olympic Catholic Orthodox".split()
)
_YEAR = re.compile(r"\d{3,4}")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_EARLIEST_YEAR, _LATEST_YEAR = 500, 2030
_FEWEST = 10
_UNITS = {"万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8}
_CHINESE_NO_NAME = re.compile(
    "[的了是在于和与及或并被由从到等为]|^(?:其|该|此|这|那|一|中国第|他|她|它|某|著名|知名|同名|多|各|两|当|主|不|以|之)|家庭"
    "|(?:人|们|家|者|导演|编剧|所|隅|下属|下屬|[男女]艺|世界|[市县省区国][东西南北]|内|旁|边|畔|附近|交界|上)$"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """text is the passage's text[start:end]. kind: its class ("date", "person", …). order: None where values have none.

    key: equal for equal values. longer: key of the name with what stands behind a comma ("Burlington, Colorado"), "" without.
    """

    text: str
    start: int
    end: int
    kind: str
    key: str
    longer: str = ""
    order: tuple[float, ...] | None = None

    @property
    def identity(self) -> str:
        """What tells it from a namesake: the longer key where there is one."""
        return self.longer or self.key


def english_value(text: str, mention: Found, kind: str, demonyms: Mapping[str, str]) -> Value | None:
    """The value of a class at a mention of a text; None when the mention cannot be one."""
    if text[mention.start - 1 : mention.start] in ("-", "–") or text[mention.end : mention.end + 1] in ("-", "–"):
        return None
    if kind in ("date", "count", "measure"):
        return measured_value(text, mention, kind)
    if mention.kind in _VALUE_KINDS:
        return None
    if kind == "demonym":
        return _demonym(text, mention, demonyms)
    return _name(text, mention, kind)


def measured_value(text: str, mention: Found, kind: str) -> Value | None:
    """A date, a count or a quantity with its unit."""
    unit = _UNITS.get(text[mention.end : mention.end + 1], 1) if kind == "count" else 1
    end = mention.end + (unit > 1)
    words = text[mention.start : end]
    order: tuple[float, ...] | None = None
    if kind == "date" and mention.kind in ("time", "number"):
        order = _date_order(mention, words)
    elif kind == "count" and mention.kind in ("number", "quantity") and (number := _NUMBER.match(mention.normal)):
        amount = float(number.group()) * unit
        order = (amount,) if amount >= _FEWEST else None
    elif kind == "measure" and mention.kind == "quantity" and mention.normal.endswith(" km"):
        order = (float(mention.normal.split()[0]),)
    elif kind == "measure" and mention.kind == "quantity" and (number := _NUMBER.match(mention.normal)):
        return Value(text=words, start=mention.start, end=mention.end, kind=kind, key=mention.normal)
    if order is None:
        return None
    return Value(text=words, start=mention.start, end=end, kind=kind, key=mention.normal or words, order=order)


def chinese_name(text: str, start: int, end: int, kind: str) -> Value | None:
    """The name at text[start:end]; None when its characters are those of other words."""
    words = text[start:end]
    if kind != "work" and _CHINESE_NO_NAME.search(words):
        return None
    return Value(text=words, start=start, end=end, kind=kind, key=name_key(words))


def _date_order(mention: Found, words: str) -> tuple[float, ...] | None:
    if mention.kind == "number" and not _YEAR.fullmatch(words):
        return None
    parts = (mention.normal or words).split("-")
    if not _YEAR.fullmatch(parts[0]) or not all(part.isdecimal() for part in parts):
        return None
    return tuple(float(part) for part in parts) if _EARLIEST_YEAR <= int(parts[0]) <= _LATEST_YEAR else None


def _demonym(text: str, mention: Found, demonyms: Mapping[str, str]) -> Value | None:
    words = text[mention.start : mention.end].split()
    for length in (2, 1):
        name = " ".join(words[:length])
        if name in demonyms:
            if len(words) > length and words[length] not in _BESIDE_DEMONYM:
                return None
            return Value(text=name, start=mention.start, end=mention.start + len(name), kind="demonym", key=demonyms[name])
    return None


def _name(text: str, mention: Found, kind: str) -> Value | None:
    start, end = mention.start, mention.end
    if kind == "place" and (cut := _CUT.search(text, start, end)):
        end = cut.start()
    if kind == "place" and (whole := _WHOLE.search(text, start, end)):
        end = whole.start(1)
    while end > start and text[end - 1] in "\"”'’ ":
        end -= 1
    if kind in ("person", "performer") and (titled := _TITLED.match(text, start, end)):
        start = titled.end()
    if not _is_name(text[start:end], kind):
        return None
    if kind in ("person", "performer") and (rank := _RANK.match(text, end)):
        end = rank.end()
    elif kind == "person" and (mention.kind == "organization" or not _PERSON.fullmatch(text, start, end)):
        return None
    region = _REGION.match(text, end) if kind == "place" else None
    longer = name_key(text[start : region.end()]) if region else ""
    return Value(text=text[start:end], start=start, end=end, kind=kind, key=name_key(text[start:end]), longer=longer)


def _is_name(words: str, kind: str) -> bool:
    """Whether words may be one name of that class: not two joined, not one's owner and it, not a company for a person."""
    if len(words) < 2 or '"' in words or words in _CUT_SHORT or (kind == "performer" and _MEMBER.fullmatch(words)):
        return False
    if kind in ("person", "performer", "organization") and _OWNED.search(words):
        return False
    joined = " and " in words if kind in ("person", "place") else " and the " in words.lower() and kind == "organization"
    return not joined and not (kind == "person" and _NO_PERSON.search(words))
