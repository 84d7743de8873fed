"""A question for what a heading names, "What are the side effects?", or that a heading asks itself: what stands under that heading answers it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tadarag.analysis import terms
from tadarag.chinese import simplify
from tadarag.generation.compose import CitationList, statement
from tadarag.generation.described import own_sentences
from tadarag.values import Draft, Hit

MOST_SENTENCES = 5
_SHORT = re.compile(
    r"^(?:who|when|where|how (?:many|much|long|often|old|far|high|tall|big))\b|谁|多少|几|何时|哪|什么时候|多久", re.IGNORECASE
)
"""Questions whose answer is a few words, even where a heading asks them."""
_ASKED = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"^what (?:are|were) (?:the |its |your |our )?(?P<label>[^?]+?)(?P<thing>)\s*\??$",
        r"^what (?:are|were) (?:the |its |your |our )?(?P<label>[^?]+?) (?:of|for|in|with|at) (?:the )?(?P<thing>[^?]+?)\s*\??$",
        r"^(?:what )?does (?:the )?(?P<thing>[^?]+?) say (?:about|on) (?:the )?(?P<label>[^?]+?)\s*\??$",
        r"^(?:(?P<thing>[^？?]+?)的?)??有?(?:哪些|什么)(?P<label>[\u3400-\u9fff]{2,6})\s*[？?]?$",
        r"^(?:(?P<thing>[^？?]+?)的)?(?P<label>[\u3400-\u9fff]{2,6}?)(?:是什么|有哪些|有什么)\s*[？?]?$",
    )
)


def section_draft(question: str, hits: Sequence[Hit]) -> Draft | None:
    """The first sentences under the heading that a question asks for, or that asks the same; None where there is none, or in several documents.

    Only headings below another one count: a title is what a whole document is about. A thing whose section is asked for must be named in the
    headings or the section.
    """
    matches = (pattern.match(simplify(question.strip())) for pattern in _ASKED)
    asked = [(set(terms(match["label"])), set(terms(match["thing"] or ""))) for match in matches if match is not None]
    under = [[hit for hit in hits if _is_under(hit, label, thing)] for label, thing in asked]
    same = [] if _SHORT.search(question) else [hit for hit in hits if _asks_the_same(hit, set(terms(simplify(question))))]
    return next((_quoted(found) for found in (*under, same) if len({str(hit.passage.source) for hit in found}) == 1), None)


def _asks_the_same(hit: Hit, asked: set[str]) -> bool:
    """Whether the nearest heading is a question with the words of this one, but for the title's and one more."""
    path = hit.passage.heading_path
    if len(path) < 2 or not path[-1].rstrip().endswith(("?", "？")):
        return False
    own = set(terms(simplify(path[-1])))
    return bool(own) and own <= asked and len(asked - own - set(terms(simplify(" ".join(path[:-1]))))) <= 1


def _is_under(hit: Hit, label: set[str], thing: set[str]) -> bool:
    path = hit.passage.heading_path
    if len(path) < 2 or not label or set(terms(simplify(path[-1]))) != label:
        return False
    return thing <= set(terms(simplify(" ".join((*path, hit.passage.subject, hit.passage.text)))))


def _quoted(hits: Sequence[Hit]) -> Draft:
    citations = CitationList()
    places = [(hit, index) for hit in sorted(hits, key=lambda hit: hit.passage.span.start) for index in own_sentences(hit.passage)]
    statements = tuple(
        statement(" ".join(hit.passage.sentence_text(index).split()), [citations.cite(hit, hit.passage.sentences[index])])
        for hit, index in places[:MOST_SENTENCES]
    )
    return Draft(found=True, short="", statements=statements, citations=citations.citations, confidence=1.0)
