"""displaCy pictures of what the component found: the entities in the text, and the facts as arcs over their sentences."""

from __future__ import annotations

from html import escape
from itertools import groupby

from tadarag.integrations.extras import needs_extra
from tadarag.integrations.spacy_findings import DocRelation, relations_in

with needs_extra("spacy"):
    from spacy import displacy
    from spacy.tokens import Doc, Span
    from spacy.util import filter_spans

__all__ = ["COLORS", "entity_picture", "picture_page", "relation_picture"]

COLORS = {
    "person": "#aa9cfc",
    "organization": "#7aecec",
    "location": "#feca74",
    "event": "#ffeb80",
    "product": "#bfeeb7",
    "time": "#bfe1d9",
    "money": "#e4e7d2",
    "percent": "#e4e7d2",
    "quantity": "#e4e7d2",
    "number": "#e4e7d2",
    "disease": "#ff9b9b",
    "drug": "#9cc9cc",
}
"""Of displaCy's own palette, by our types; others are grey."""
_FEWEST_PIXELS, _PIXELS_PER_CHARACTER, _ROOM = 90, 9, 24
_SHOWN_AROUND = 2
"""Words of a gap that are shown beside each name."""


def entity_picture(doc: Doc) -> str:
    """The text with its entities marked, as HTML."""
    return str(displacy.render(doc, style="ent", jupyter=False, options={"colors": COLORS}))


def relation_picture(doc: Doc) -> str:
    """For each sentence that states facts its names with an arc for each fact, as SVG; "" where the doc states none."""
    by_sentence = groupby(relations_in(doc), key=lambda relation: (relation.evidence.start, relation.evidence.end))
    return "\n".join(filter(None, (_sentence_picture(doc[start:end], list(facts)) for (start, end), facts in by_sentence)))


def picture_page(doc: Doc) -> str:
    """Both pictures as one HTML page that needs nothing beside itself; the text of the doc is never markup in it."""
    title = escape(doc.text.strip()[:60].splitlines()[0]) if doc.text.strip() else "empty"
    return (
        f'<!doctype html>\n<html lang="{doc.lang_}"><head><meta charset="utf-8"><title>{title}</title></head>\n'
        f'<body style="font: 16px sans-serif; margin: 2rem; max-width: 60rem">\n{entity_picture(doc)}\n'
        f'<div style="overflow-x: auto">{relation_picture(doc)}</div>\n</body></html>\n'
    )


def _sentence_picture(sentence: Span, facts: list[DocRelation]) -> str:
    """The names between which facts hold, each as one word, with the words around them; of longer gaps only the ends are shown."""
    named = filter_spans(span for fact in facts for span in (fact.head, fact.tail) if _is_inside(span, sentence))
    words: list[dict[str, str]] = []
    place: dict[int, int] = {}
    position = sentence.start
    for span in [*named, None]:
        gap = sentence.doc[position : sentence.end if span is None else span.start]
        words += _gap_words(gap, is_first=not place, is_last=span is None)
        if span is not None:
            place |= {token.i: len(words) for token in span}
            words.append({"text": span.text, "tag": escape(span.label_)})
            position = span.end
    arcs = [_arc(place[fact.head.start], place[fact.tail.start], fact.predicate) for fact in facts if _can_be_drawn(fact, place)]
    if not arcs:
        return ""
    distance = max(_FEWEST_PIXELS, max(len(word["text"]) for word in words) * _PIXELS_PER_CHARACTER + _ROOM)
    options = {"compact": True, "distance": distance, "offset_x": distance // 2}  # the first word is drawn around offset_x
    return str(displacy.render({"words": words, "arcs": arcs}, style="dep", manual=True, jupyter=False, options=options))


def _gap_words(gap: Span, *, is_first: bool, is_last: bool) -> list[dict[str, str]]:
    """What stands between two names, drawn as one word; none where nothing stands there."""
    text = " ".join(gap.text.split())
    if len(gap) > 2 * _SHOWN_AROUND + 1:
        before = "" if is_first else gap[:_SHOWN_AROUND].text
        after = "" if is_last else gap[-_SHOWN_AROUND:].text
        text = f"{before} … {after}".strip()
    return [{"text": text, "tag": ""}] if text else []


def _is_inside(span: Span, sentence: Span) -> bool:
    return bool(sentence.start <= span.start and span.end <= sentence.end)


def _can_be_drawn(fact: DocRelation, place: dict[int, int]) -> bool:
    ends = (fact.head.start, fact.tail.start)
    return all(end in place for end in ends) and place[ends[0]] != place[ends[1]]


def _arc(head: int, tail: int, predicate: str) -> dict[str, object]:
    return {"start": min(head, tail), "end": max(head, tail), "label": escape(predicate), "dir": "right" if head < tail else "left"}
