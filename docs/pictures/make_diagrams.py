"""Draw docs/pictures/pipeline.svg and graph-on-the-fly.svg: boxes and arrows that read on light and dark ground alike.

python docs/pictures/make_diagrams.py
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import Path

HERE = Path(__file__).parent
FONT = "ui-sans-serif, 'Segoe UI', 'Helvetica Neue', 'Noto Sans', sans-serif"
STYLE = """
    .ground { fill: #f7f5f0 } .ink { fill: #1f2529 } .quiet { fill: #5a646b } .box { fill: #fff; stroke: #d9d6cd }
    .mark { fill: #c3d9d7; stroke: #0b6763 } .core { fill: #ffe9a3; stroke: #b57d00 } .line { stroke: #5a646b; fill: none } .tip { fill: #5a646b }
    @media (prefers-color-scheme: dark) {
      .ground { fill: #14181b } .ink { fill: #e7e4dc } .quiet { fill: #a3adb3 } .box { fill: #1b2024; stroke: #343c41 }
      .mark { fill: #2c4f4e; stroke: #79cfc8 } .core { fill: #4d3f14; stroke: #d9a93c } .line { stroke: #a3adb3 } .tip { fill: #a3adb3 }
    }
"""


def box(x: int, y: int, width: int, lines: Sequence[str], *, look: str = "box") -> str:
    """A rounded box whose first line is strong; each line is 17 high."""
    height = 14 + 17 * len(lines)
    words = [
        f'<text class="{"quiet" if row else "ink"}" x="{x + 10}" y="{y + 20 + 17 * row}"{"" if row else " font-weight=" + chr(34) + "600" + chr(34)}>'
        f"{escape(line)}</text>"
        for row, line in enumerate(lines)
    ]
    return f'<rect class="{look}" x="{x}" y="{y}" width="{width}" height="{height}" rx="7"/>{"".join(words)}'


def arrow(*points: tuple[int, int]) -> str:
    """A line through the points, the last two on one level or one above the other, with a tip at its end."""
    path = "M" + "L".join(f"{x} {y}" for x, y in points)
    (x0, y0), (x, y) = points[-2:]
    right, down = (x > x0) - (x < x0), (y > y0) - (y < y0)
    corners = [(x, y), (x - 8 * right - 4 * down, y - 8 * down - 4 * right), (x - 8 * right + 4 * down, y - 8 * down + 4 * right)]
    return f'<path class="line" d="{path}"/><path class="tip" d="M{"L".join(f"{a} {b}" for a, b in corners)}Z"/>'


def words(x: int, y: int, text: str, look: str = "quiet", *, anchor: str = "start") -> str:
    """One line of text."""
    return f'<text class="{look}" x="{x}" y="{y}" text-anchor="{anchor}">{escape(text)}</text>'


def picture(width: int, height: int, title: str, parts: Sequence[str]) -> str:
    """The file."""
    frame = f'viewBox="0 0 {width} {height}" role="img" aria-labelledby="title" font-family="{FONT}" font-size="13"'
    ground = f'<rect class="ground" width="{width}" height="{height}" rx="10"/>'
    lines = [f'<title id="title">{escape(title)}</title>', f"<style>{STYLE}  </style>", ground, *parts]
    inside = "".join(f"  {line}\n" for line in lines)
    return f'<svg xmlns="http://www.w3.org/2000/svg" {frame}>\n{inside}</svg>\n'


def pipeline() -> str:
    """Two flows that share the base."""
    ingest = (
        (20, ("parse", "text, headings,", "pages")),
        (165, ("memory", "outline, core,", "chunks")),
        (310, ("vectors", "of passages and", "sentences")),
        (455, ("names, facts", "in the terms of", "the domain")),
    )
    ask = (
        (20, ("question", "in English or", "Chinese")),
        (165, ("route", "domain, task,", "kind of answer")),
        (310, ("retrieve", "search, then", "follow links")),
        (455, ("graph", "facts in the", "passages")),
        (600, ("answer", "spans, or a", "model's words")),
    )
    base = ("the base", "documents, memories, vectors,", "names and facts of each document;", "nothing that spans documents")
    parts = [
        words(20, 30, "Documents go in: each is read by itself", "ink"),
        words(20, 262, "Questions come out answered, with citations", "ink"),
        *(box(x, 46, 125, step) for x, step in ingest),
        *(arrow((x + 125, 78), (x + 145, 78)) for x, _ in ingest[:-1]),
        box(620, 110, 255, base, look="mark"),
        arrow((580, 78), (747, 78), (747, 110)),
        arrow((747, 192), (747, 226), (372, 226), (372, 278)),
        *(box(x, 278, 125, step) for x, step in ask),
        *(arrow((x + 125, 310), (x + 145, 310)) for x, _ in ask),
        box(745, 278, 130, ("citation check", "against the", "stored text"), look="core"),
    ]
    return picture(900, 360, "Two flows: documents are read into the base; a question is routed, retrieved, answered and checked", parts)


def graph_on_the_fly() -> str:
    """Passages of one question, their facts, and the small graph that is left."""
    parts = [
        words(20, 30, "“Who first described the disease that Fevrolin is used to treat?”", "ink"),
        words(20, 60, "1  the best passages"),
        words(340, 60, "2  what they state, in the domain's terms"),
        words(645, 60, "3  joined, cut to what is asked"),
        box(20, 72, 290, ["[1] Damaro fever > Discovery", "The disease was first described in", "1954 by Halden Irwick …"]),
        box(20, 150, 290, ["[2] Fevrolin > What it is for", "Fevrolin is used to treat Damaro", "fever in adults …"]),
        box(20, 228, 290, ["[3] … [20]", "read too, at most 20"]),
        box(340, 80, 270, ["Damaro fever – described by –", "Halden Irwick  [1]"]),
        box(340, 158, 270, ["Fevrolin – treats –", "Damaro fever  [2]"]),
        box(340, 230, 270, ["other facts", "that bear less on the question"]),
    ]
    parts += [arrow((310, 104), (340, 104)), arrow((310, 182), (340, 182)), arrow((310, 252), (340, 252))]
    parts += [
        box(645, 80, 230, ["Fevrolin", "named in the question"], look="mark"),
        box(645, 156, 230, ["Damaro fever"]),
        box(645, 218, 230, ["Halden Irwick", "may be the answer"], look="core"),
        arrow((760, 128), (760, 156)),
        arrow((760, 187), (760, 218)),
        words(772, 146, "treats [2]"),
        words(772, 206, "described by [1]"),
        arrow((610, 182), (645, 182)),
    ]
    parts += [words(20, 318, "Nothing of it is stored: the next question gets its own graph, and a deleted document is in none.")]
    return picture(900, 340, "A question's passages are read into facts; these are joined and cut to a small graph", parts)


if __name__ == "__main__":
    (HERE / "pipeline.svg").write_text(pipeline(), encoding="utf-8")
    (HERE / "graph-on-the-fly.svg").write_text(graph_on_the_fly(), encoding="utf-8")
