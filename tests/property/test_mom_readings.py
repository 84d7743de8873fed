"""Whatever a model writes, its reading loses, doubles and invents no text."""

from __future__ import annotations

import os
from dataclasses import replace

from hypothesis import example, given, settings
from hypothesis import strategies as st

from mom.alignment import Anchors, align
from mom.language_model import Sampling
from mom.mem_reader import TUNED, MemReader
from mom.memory_builder import StructuralBuilder
from mom.terms import count_units
from mom.values import Memory
from tadarag.testing.scripted_reader import ScriptedReader

EXAMPLES = int(os.environ.get("TADARAG_LAW_EXAMPLES", "0"))
"""Readings that each law tries; the default keeps this file short."""
SENTENCES = st.sampled_from(
    [
        "The dam at Orsk was built in 1931.",
        "It holds 40 million tonnes (.*) of water.",
        "It rained.",
        "“Is it so?” asked Dr. Lind — twice.",
        "黄河大桥建成于1998年。",
        "全长三公里，耗资五亿元。",
        "# Heights\n",
        "## 大桥\n",
        "| a | 1 |\n| b | 2 |\n",
        "A line\nthat wraps.",
        "ﬁne ½ e\u0301 \u200b",
        "\n\n",
        "<chunk>[MASK]</chunk>",
    ]
)
TEXTS = st.lists(SENTENCES, max_size=24).map(" ".join)
NOISE = st.text(alphabet="abc.*+?()[]{}|\\^$ \n“”é黄河<>/", max_size=25)


@st.composite
def anchors(draw: st.DrawFn, text: str) -> str:
    """A piece of the text, whole or with a typo, or something else altogether."""
    if not text or draw(st.integers(0, 4)) == 0:
        return draw(NOISE)
    start = draw(st.integers(0, len(text) - 1))
    piece = text[start : start + draw(st.integers(1, 30))]
    place = draw(st.integers(0, len(piece)))
    typo = draw(st.sampled_from(["", "", "x", "河"]))
    return piece[:place] + typo + piece[place + draw(st.integers(0, 1)) * len(typo) :]


@st.composite
def texts_and_anchors(draw: st.DrawFn) -> tuple[str, list[Anchors]]:
    """A text and anchors in any order, missing, doubled, overlapping and invented ones among them."""
    text = draw(TEXTS)
    items = draw(st.lists(st.builds(Anchors, anchors(text), anchors(text)), max_size=8))
    return text, items


@st.composite
def texts_and_replies(draw: st.DrawFn) -> tuple[str, str]:
    """A text and a reply about it: the published grammar with pieces that are missing, doubled, misplaced or broken."""
    text, items = draw(texts_and_anchors())
    in_order = sorted(items, key=lambda item: text.find(item.head)) if draw(st.booleans()) else items
    blocks = [f"<scenario><chunk>{one.head}[MASK]{one.tail}</chunk>{draw(anchors(text))}</scenario>" for one in in_order]
    lines = draw(st.lists(NOISE, max_size=6))
    reply = "<outline>\n" + "\n".join(lines) + "\n</outline>\n" + "\n".join(blocks)
    for tag in draw(st.lists(st.sampled_from(["</outline>", "</scenario>", "<chunk>", "</chunk>", "[MASK]", "<scenario>"]), max_size=2)):
        reply = reply.replace(tag, draw(NOISE), draw(st.integers(1, 2)))
    return text, reply


def readable(memory: Memory, text: str) -> None:
    """What holds for every memory: chunks tile, sentences cover, cores are sentences, the outline names chunks."""
    assert "".join(item.span.of(text) for item in memory.items) == text
    assert all(item.span.start < item.span.end for item in memory.items)
    for item in memory.items:
        edges = [item.span.start, *(edge for span in item.sentences for edge in (span.start, span.end)), item.span.end]
        assert edges == sorted(edges)
        assert not "".join(text[start:end] for start, end in zip(edges[::2], edges[1::2], strict=True)).strip()
        assert set(item.core) <= set(item.sentences)
        assert bool(item.core) == bool(item.sentences)
    places = [entry.item for entry in memory.outline]
    assert places == sorted(places)
    assert all(0 <= place < len(memory.items) for place in places)


@settings(max_examples=EXAMPLES or 100, deadline=None)
@given(texts_and_anchors())
@example(("ab", [Anchors("a", "b"), Anchors("a", "b")]))
def test_aligned_chunks_tile_the_text_and_place_every_item_once(given_items: tuple[str, list[Anchors]]) -> None:
    text, items = given_items
    alignment = align(text, items)
    if alignment.chunks:
        assert "".join(chunk.span.of(text) for chunk in alignment.chunks) == text
        assert all(chunk.span.start < chunk.span.end for chunk in alignment.chunks)
    placed = [item for chunk in alignment.chunks for item in (chunk.item, *chunk.others)]
    assert sorted([*placed, *alignment.dropped]) == list(range(len(items)))
    assert [chunk.item for chunk in alignment.chunks] == sorted(chunk.item for chunk in alignment.chunks)
    assert 0 <= alignment.score <= 1


@settings(max_examples=EXAMPLES or 80, deadline=None)
@given(texts_and_replies(), st.sampled_from(["one", "two"]))
def test_no_reply_can_break_a_memory(given_reply: tuple[str, str], calls: str) -> None:
    text, reply = given_reply
    profile = replace(TUNED, calls=calls)
    readable(MemReader(model=ScriptedReader(lambda document, sampling: reply), profile=profile).build(text), text)


@settings(max_examples=EXAMPLES or 80, deadline=None)
@given(texts_and_replies(), st.integers(6, 40), st.integers(5, 60))
def test_no_reply_can_break_a_measured_memory_of_several_windows(given_reply: tuple[str, str], maximum: int, window: int) -> None:
    text, reply = given_reply
    structural = StructuralBuilder(measure=count_units, max_length=maximum, measure_name="units")
    readings = (Sampling(temperature=0.1, seed=0), Sampling(temperature=0.1, seed=1))
    model = ScriptedReader(lambda document, sampling: reply if sampling.seed == 0 else reply[::-1])
    builder = MemReader(model=model, structural=structural, profile=replace(TUNED, samplings=readings), window_tokens=window)
    memory = builder.build(text)
    readable(memory, text)
    assert memory == builder.build(text)
