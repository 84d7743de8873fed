"""The domain of a text: by a trained head for the shipped domains, by the cue words of its template for any other."""

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
from tadarag.routing.document_words import beginning, word_buckets
from tadarag.routing.heads import Head, Verdict, document_head, document_head_hash, judge_words, main_reasons
from tadarag.templates.library import shipped_templates
from tadarag.templates.template import GENERAL, Template, Words
from tadarag.values import Document

FINGERPRINT = "domains-2"  # change it when a rule here, or a cue of a shipped template, gives a document another domain
_CUE_CHARACTERS = 2_000
_MOST = 3  # cues of one domain that a head counts
_WORD = re.compile(r"[a-z]+")
_CHINESE = re.compile(f"[{CJK}]")
THRESHOLD = 0.45
"""Below this confidence a text is general knowledge (router design)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cues:
    """Cue -> domains that list it: single Latin words, pairs of them, and Chinese words."""

    words: dict[str, tuple[str, ...]]
    pairs: dict[tuple[str, str], tuple[str, ...]]
    chinese: dict[str, tuple[str, ...]]


def route_document(document: Document, templates: Sequence[Template] | None = None) -> tuple[str, float]:
    """The domain of a document and the confidence in it, in [0, 1]; general_knowledge where that is below 0.45.

    Reads the title and the first 1,000 tokens, cues in the first 2,000 characters. A pure function of the document and the templates
    (None: the shipped ones).
    """
    text = beginning(document)
    stated = templates if templates is not None else shipped_templates()
    own = own_domain(text[:_CUE_CHARACTERS], stated, needed=3.0)
    if own is not None:
        return own[:2]
    head, buckets = document_head(), word_buckets(text)
    allowed = told_by_head(head, stated)
    if not buckets or not allowed:
        return GENERAL, 0.0
    domain, confidence, _ = settle(head, judge_words(head, cue_features(text[:_CUE_CHARACTERS]), buckets, allowed=allowed))
    return domain, confidence


def own_domain(text: str, templates: Sequence[Template], *, needed: float) -> tuple[str, float, tuple[str, ...]] | None:
    """What `domain_of` tells, when that is a domain that no head knows; None otherwise."""
    if all(template.name in document_head().labels for template in templates):
        return None
    told = domain_of(text, templates, needed=needed)
    return None if told[0] in document_head().labels else told


def told_by_head(head: Head, templates: Sequence[Template]) -> frozenset[str]:
    """The domains that a head may choose: those of the templates, and general knowledge; none if it knows none of the templates."""
    known = {template.name for template in templates} & set(head.labels)
    return frozenset(known | {GENERAL}) if known else frozenset()


def settle(head: Head, verdict: Verdict) -> tuple[str, float, tuple[str, ...]]:
    """Domain, confidence and reasons of a head's verdict; general_knowledge, for no reason, below the threshold."""
    domain, confidence = verdict.best()
    if confidence < THRESHOLD:
        return GENERAL, confidence, ()
    return domain, confidence, main_reasons(head, verdict, domain)


def cue_features(text: str) -> dict[str, int]:
    """How many different cues of each shipped domain a text holds, as features of a head."""
    return {f"cues of {domain}": min(len(cues), _MOST) for domain, cues in shipped_cues_in(text).items()}


def shipped_cues_in(text: str) -> dict[str, tuple[str, ...]]:
    """Shipped domain -> those of its cues that a text holds, both sorted."""
    found: dict[str, list[str]] = {}
    for cue, domains in sorted(_found(_shipped_cues(), text).items()):
        for domain in domains:
            found.setdefault(domain, []).append(cue)
    return {domain: tuple(cues) for domain, cues in sorted(found.items())}


def domain_of(text: str, templates: Sequence[Template] | None = None, *, needed: float) -> tuple[str, float, tuple[str, ...]]:
    """Domain, confidence and the cues that told it.

    Every different cue counts once, shared by the domains that list it. Confidence is the best domain's share of the counts times
    1 - exp(-count / needed); `needed` is the count from which a text of its length is believed.
    """
    cues = _shipped_cues() if templates is None else _index(_stated_cues(templates))
    counts: dict[str, float] = {}
    found = _found(cues, text)
    for domains in found.values():
        for domain in domains:
            counts[domain] = counts.get(domain, 0.0) + 1 / len(domains)
    if not counts:
        return GENERAL, 0.0, ()
    best = min(counts, key=lambda domain: (-counts[domain], domain))
    confidence = round(counts[best] / sum(counts.values()) * (1 - exp(-counts[best] / needed)), 6)
    if confidence < THRESHOLD:
        return GENERAL, confidence, ()
    return best, confidence, tuple(sorted(cue for cue, domains in found.items() if best in domains))


def routing_fingerprint(templates: Sequence[Template] | None = None) -> str:
    """Names what gives a document its domain: rules, head, and the cues of the templates (None: the shipped ones), in any order."""
    shipped = _stated_cues(shipped_templates())
    stated = shipped if templates is None else _stated_cues(templates)
    name = f"{FINGERPRINT}-{document_head_hash()}"
    if stated == shipped:
        return name
    return f"{name}+{sha256(repr(stated).encode('utf-8', 'surrogatepass')).hexdigest()[:12]}"


def _stated_cues(templates: Sequence[Template]) -> tuple[tuple[str, Words], ...]:
    """(domain, cues) of the templates that can be told by cues, sorted: what tells domains, and nothing else of the templates."""
    return tuple(sorted((template.name, template.cues) for template in templates if any(words for _, words in template.cues)))


@lru_cache(maxsize=1)
def _shipped_cues() -> _Cues:
    return _index(_stated_cues(shipped_templates()))


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
