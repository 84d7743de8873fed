"""The domain of a text, told by the cue words of the templates."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from itertools import pairwise
from math import exp

from tadarag.analysis import CJK
from tadarag.chinese import simplify
from tadarag.templates.library import shipped_templates
from tadarag.templates.template import GENERAL, Template, Words
from tadarag.values import Document

FINGERPRINT = "domains-1"  # change it when a rule here, or a cue of a shipped template, gives a document another domain
_CHARACTERS = 2_000
_WORD = re.compile(r"[a-z]+")
_CHINESE = re.compile(f"[{CJK}]")
_THRESHOLD = 0.45
"""Below this confidence a text is general knowledge (router design)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cues:
    """Cue -> domains that list it: single Latin words, pairs of them, and Chinese words."""

    words: dict[str, tuple[str, ...]]
    pairs: dict[tuple[str, str], tuple[str, ...]]
    chinese: dict[str, tuple[str, ...]]


def route_document(document: Document, templates: Sequence[Template] | None = None) -> tuple[str, float]:
    """The domain of a document and the confidence in it, in [0, 1]; general_knowledge where the cues are few or disagree.

    Reads the title and the first 2,000 characters. A pure function of the document and the templates (None: the shipped ones).
    """
    domain, confidence, _ = domain_of(f"{document.title}\n{document.text[:_CHARACTERS]}", templates, needed=3.0)
    return domain, confidence


def domain_of(text: str, templates: Sequence[Template] | None = None, *, needed: float) -> tuple[str, float, tuple[str, ...]]:
    """Domain, confidence and the cues that told it.

    Every different cue counts once, shared by the domains that list it. Confidence is the best domain's share of the counts times
    1 - exp(-count / needed); `needed` is the count from which a text of its length is believed.
    """
    cues = _index(_stated_cues(templates if templates is not None else shipped_templates()))
    counts: dict[str, float] = {}
    found = _found(cues, text)
    for domains in found.values():
        for domain in domains:
            counts[domain] = counts.get(domain, 0.0) + 1 / len(domains)
    if not counts:
        return GENERAL, 0.0, ()
    best = min(counts, key=lambda domain: (-counts[domain], domain))
    confidence = round(counts[best] / sum(counts.values()) * (1 - exp(-counts[best] / needed)), 6)
    if confidence < _THRESHOLD:
        return GENERAL, confidence, ()
    return best, confidence, tuple(sorted(cue for cue, domains in found.items() if best in domains))


def routing_fingerprint(templates: Sequence[Template] | None = None) -> str:
    """Names what gives a document its domain: the rules, and the cues of the templates (None: the shipped ones), in any order."""
    shipped = _stated_cues(shipped_templates())
    stated = shipped if templates is None else _stated_cues(templates)
    if stated == shipped:
        return FINGERPRINT
    return f"{FINGERPRINT}+{sha256(repr(stated).encode('utf-8', 'surrogatepass')).hexdigest()[:12]}"


def _stated_cues(templates: Sequence[Template]) -> tuple[tuple[str, Words], ...]:
    """(domain, cues) of the templates that can be told by cues, sorted: what tells domains, and nothing else of the templates."""
    return tuple(sorted((template.name, template.cues) for template in templates if any(words for _, words in template.cues)))


@lru_cache(maxsize=8)
def _index(stated: tuple[tuple[str, Words], ...]) -> _Cues:
    domains: dict[str, list[str]] = {}
    chinese: dict[str, list[str]] = {}
    for name, by_language in stated:
        for language, cues in by_language:
            for cue in cues:
                (chinese if language == "zh" else domains).setdefault(cue, []).append(name)
    pairs = {(first, second): tuple(names) for cue, names in domains.items() for first, _, second in [cue.partition(" ")] if second}
    return _Cues(
        words={cue: tuple(names) for cue, names in domains.items() if " " not in cue},
        pairs=pairs,
        chinese={cue: tuple(names) for cue, names in chinese.items()},
    )


def _found(cues: _Cues, text: str) -> dict[str, tuple[str, ...]]:
    words = _WORD.findall(text.lower())
    found = {word: cues.words[word] for word in cues.words.keys() & set(words)}
    if cues.pairs:
        found |= {" ".join(pair): cues.pairs[pair] for pair in cues.pairs.keys() & set(pairwise(words))}
    if _CHINESE.search(text):
        simplified = simplify(text)
        found |= {cue: domains for cue, domains in cues.chinese.items() if cue in simplified}
    return found
