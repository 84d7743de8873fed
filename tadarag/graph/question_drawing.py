"""A question graph as SVG: boxes for things, curves with their words for facts."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from math import hypot

from tadarag.analysis import is_cjk
from tadarag.graph.question_layout import Box, lay_out
from tadarag.graph.question_words import Words
from tadarag.values import GraphFact, QuestionGraph

_HUES = frozenset("person organization location event time number product organism condition document concept".split())
_VALUES = frozenset({"money", "percent", "quantity"})
_NODE_SIZE, _LABEL_SIZE = 14, 12  # font sizes in pixels
_LONGEST_NAME, _LONGEST_LABEL = 30, 26  # in half widths: a Chinese character counts two
_MARGIN = 14.0
_TIP = 7.0
_LARGEST = 1.2  # a small graph is not blown up beyond this


def kind_group(kind: str) -> str:
    """The kind whose colour a thing has."""
    return kind if kind in _HUES else "number" if kind in _VALUES else "name"


def loose_nodes(graph: QuestionGraph, *, told: frozenset[int]) -> frozenset[int]:
    """The things that nothing but being named together holds, and that neither question nor answer names: they go when that is not shown."""
    held = {end for fact in graph.facts if fact.kind != "together" for end in (fact.head, fact.tail)}
    together = {end for fact in graph.facts if fact.kind == "together" for end in (fact.head, fact.tail)}
    return frozenset(number for number in together - held - told if not graph.nodes[number].is_asked)


def draw_graph(graph: QuestionGraph, *, told: frozenset[int], words: Words) -> str:
    """An SVG element; classes vN and eN name its things and facts, links lead to #nN and #fN. told: things that the answer names."""
    if not graph.nodes:
        return ""
    names = [shortened(node.name, _LONGEST_NAME) for node in graph.nodes]
    labels = ["" if fact.kind == "together" else shortened(fact.shown or fact.relation, _LONGEST_LABEL) for fact in graph.facts]
    boxes = lay_out(
        [(text_width(name, _NODE_SIZE) + 24, 30.0) for name in names],
        [(fact.head, fact.tail) for fact in graph.facts],
        [(text_width(label, _LABEL_SIZE) + 8 if label else 4.0, 17.0 if label else 4.0) for label in labels],
    )
    width = max(box.x + box.width / 2 for box in boxes) + _MARGIN
    height = max(box.y + box.height / 2 for box in boxes) + _MARGIN
    things, middles = boxes[: len(names)], boxes[len(names) :]
    area = f"{-_MARGIN:.0f} {-_MARGIN:.0f} {width + _MARGIN:.0f} {height + _MARGIN:.0f}"
    widest = (width + _MARGIN) * _LARGEST
    loose = loose_nodes(graph, told=told)
    lines = [f'<svg class="graph" viewBox="{area}" width="{widest:.0f}" role="img" aria-label="{words.title}">']
    for number, (fact, label) in enumerate(zip(graph.facts, labels, strict=True)):
        title = " ".join((graph.nodes[fact.head].name, f"— {fact.shown or fact.relation} —", graph.nodes[fact.tail].name))
        lines += _edge(number, fact, label, (things[fact.head], middles[number], things[fact.tail]), title)
    for number, (node, name, box) in enumerate(zip(graph.nodes, names, things, strict=True)):
        classes = (
            f"node v{number} k-{kind_group(node.kind)}"
            + " asked" * node.is_asked
            + " told" * (number in told)
            + " loose" * (number in loose)
        )
        lines.append(f'<a class="{classes}" href="#n{number}" aria-label="{_safe(node.name)}">')
        lines.append(f'<rect x="{box.x - box.width / 2:.1f}" y="{box.y - 15:.1f}" width="{box.width:.1f}" height="30" rx="15"/>')
        lines.append(f'<text x="{box.x:.1f}" y="{box.y:.1f}">{_safe(name)}</text></a>')
    return "\n".join([*lines, "</svg>"])


def text_width(text: str, size: int) -> float:
    """About how wide a text is drawn, in pixels: a Chinese character is as wide as high, others a little over half of it."""
    return sum(
        size * (1.0 if is_cjk(character) or ord(character) > 0x2E7F else 0.68 if character.isupper() else 0.56) for character in text
    )


def shortened(text: str, limit: int) -> str:
    """The text on one line, cut with an ellipsis where it is wider than `limit` half widths."""
    text = " ".join(text.split())
    used = 0
    for index, character in enumerate(text):
        used += 2 if is_cjk(character) else 1
        if used > limit:
            return text[:index].rstrip() + "…"
    return text


def _edge(number: int, fact: GraphFact, label: str, boxes: tuple[Box, Box, Box], title: str) -> Iterator[str]:
    """A curve from head to tail through its label, with an arrow where it has a direction."""
    head, middle, tail = boxes
    # A quadratic curve that passes through the label at its half: its control point lies twice as far from the chord.
    control = (2 * middle.x - (head.x + tail.x) / 2, 2 * middle.y - (head.y + tail.y) / 2)
    end = _border(tail, control)
    start = _border(head, control)
    curve = f"M{start[0]:.1f} {start[1]:.1f}Q{control[0]:.1f} {control[1]:.1f} {end[0]:.1f} {end[1]:.1f}"
    yield f'<a class="edge e{number} {fact.kind}" href="#f{number}" aria-label="{_safe(title)}">'
    yield f'<path class="reach" d="{curve}"/><path class="line" d="{curve}"/>'
    if fact.kind != "together":
        yield _tip(control, end)
    if label:
        yield (
            f'<rect x="{middle.x - middle.width / 2:.1f}" y="{middle.y - middle.height / 2:.1f}" width="{middle.width:.1f}" '
            f'height="{middle.height:.1f}" rx="4"/><text x="{middle.x:.1f}" y="{middle.y:.1f}">{_safe(label)}</text>'
        )
    yield "</a>"


def _border(box: Box, towards: tuple[float, float]) -> tuple[float, float]:
    """Where the line from the middle of a box to a point leaves the box."""
    x, y = towards[0] - box.x, towards[1] - box.y
    scale = max(abs(x) / (box.width / 2 + 2), abs(y) / (box.height / 2 + 2), 1e-6)
    return (box.x + x / scale, box.y + y / scale) if scale > 1 else (box.x, box.y)


def _tip(origin: tuple[float, float], end: tuple[float, float]) -> str:
    x, y = end[0] - origin[0], end[1] - origin[1]
    length = hypot(x, y) or 1.0
    x, y = x / length * _TIP, y / length * _TIP
    left, right = (end[0] - x - y * 0.6, end[1] - y + x * 0.6), (end[0] - x + y * 0.6, end[1] - y - x * 0.6)
    return f'<path class="tip" d="M{end[0]:.1f} {end[1]:.1f}L{left[0]:.1f} {left[1]:.1f}L{right[0]:.1f} {right[1]:.1f}Z"/>'


def _safe(text: str) -> str:
    return escape(text.encode("utf-8", "replace").decode("utf-8"))
