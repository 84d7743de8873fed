"""What a text states behind a label, "Insurer: Nordhaven Mutual", for a question that asks for the label."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from tadarag.analysis import terms
from tadarag.chinese import simplify
from tadarag.generation.described import Described, bare_title
from tadarag.generation.life_facts import StatedFact

_THING = r"(?P<thing>[^?？]+?)"
_OPENING = r"^(?:who|what|when|where|how (?:much|long|high)) (?:is|are|was|were)"
_ASKED = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"{_OPENING} (?:the|our|your|my|its) (?P<label>[^?]+?)(?P<thing>)\s*\??$",
        rf"{_OPENING} (?:the|our|your|my|its) (?P<label>[^?]+?) (?:of|for|in|at) (?:the )?{_THING}\s*\??$",
        rf"{_OPENING} {_THING}['’]s (?P<label>[^?]+?)\s*\??$",
        rf"^(?:{_THING}的)?(?P<label>[\u3400-\u9fff]{{2,8}}?)(?:是|叫|为|在)?(?:谁|什么(?:时候|名字|地方)?|多少|哪里|哪儿|何时|何地|几号)\s*[？?]?$",
    )
)
_WHO = re.compile(r"^who\b|谁", re.IGNORECASE)
_LINE = re.compile(
    r"(?:^|(?<=[\n.;。；]))[ \t]*(?:[-*•] )?(?P<label>[^:：\n.。;；,，]{2,40})[:：][ \t]*"
    r"(?P<value>[^\n。；;]{1,80}?)(?=[。；;\n]|\.(?:\s|$)|\s*$)",
    re.MULTILINE,
)


def labelled_fact(question: str, described: Sequence[Described], texts: Sequence[str]) -> StatedFact | None:
    """What stands behind the label that a question asks for; None where it asks for none, no passage has it, or passages have different ones.

    A thing whose label is asked for must be named by the passage or its title. texts: of the passages.
    """
    asked = [
        (match["label"], match["thing"] or "") for pattern in _ASKED if (match := pattern.match(simplify(question.strip()))) is not None
    ]
    titles = {
        number: set(terms(" ".join(bare_title(one.title) for one in described if one.passage == number))) for number in range(len(texts))
    }
    for label, thing in asked:
        found = [
            StatedFact(passage=number, start=start, end=end)
            for number, text in enumerate(texts)
            if set(terms(thing)) <= titles[number] | set(terms(text))
            for start, end in _behind(set(terms(label)), text, is_one=_WHO.search(question) is not None)
        ]
        if len({texts[one.passage][one.start : one.end] for one in found}) == 1:
            return found[0]
    return None


def _behind(label: set[str], text: str, *, is_one: bool) -> Iterator[tuple[int, int]]:
    """Where the values stand behind a label of these terms. is_one: up to the first comma, as who somebody is ends there."""
    for line in _LINE.finditer(text):
        if label and set(terms(simplify(line["label"]))) == label and line["value"].strip():
            value = re.split("[,，]", line["value"])[0] if is_one else line["value"]
            yield line.start("value"), line.start("value") + len(value.rstrip())
