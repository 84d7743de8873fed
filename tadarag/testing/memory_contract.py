"""What every memory builder must do: inherit MemoryBuilderContract and say how yours is made."""

from __future__ import annotations

from hashlib import sha256

import pytest

from mom import Heading, MemoryBuilder, Span, UnknownScenario, scenario_names

ENGLISH = "The dam at Orsk was built in 1931. It holds 40 million tonnes of water. Dr. Lind measured it twice. "
CHINESE = "黄河大桥建成于1998年。全长三公里，耗资五亿元。王工程师负责设计。"
TEXTS = {
    "empty": "",
    "one sentence": "Nothing else was said.",
    "no headings": ENGLISH * 20,
    "Chinese": CHINESE * 30,
    "mixed": f"{ENGLISH}{CHINESE}\n\n" * 8,
    "headings": f"# Dams\n\n{ENGLISH}\n\n## Orsk\n\n{ENGLISH * 6}\n\n# 大桥\n\n{CHINESE}\n",
    "only headings": "# One\n\n## Two\n\n### Three\n",
    "table": "Rain by station:\n\n" + "".join(f"| {n} | {n * 3} mm |\n" for n in range(9)) + f"\n{ENGLISH}",
    "odd spaces": "\n\u3000 First thing here.\t\n\n\n Second thing there. \u00a0\n",
}


class MemoryBuilderContract:
    """Inherit in a class whose name starts with Test, and define `make_builder`; pytest runs the rest."""

    def make_builder(self) -> MemoryBuilder:
        """The builder under test, as its users make it."""
        raise NotImplementedError("define make_builder in the class that inherits MemoryBuilderContract")

    @pytest.mark.parametrize("name", TEXTS)
    def test_chunks_tile_the_text(self, name: str) -> None:
        """Joined in order the chunks are the text, white space included; an empty text has none."""
        text = TEXTS[name]
        memory = self.make_builder().build(text, title="Title")
        assert "".join(item.span.of(text) for item in memory.items) == text
        assert all(item.span.start < item.span.end for item in memory.items)

    @pytest.mark.parametrize("name", TEXTS)
    def test_sentences_cover_their_chunk(self, name: str) -> None:
        """Sentences lie in their chunk, in order, stripped, and only white space lies between them."""
        text = TEXTS[name]
        for item in self.make_builder().build(text).items:
            edges = [item.span.start, *(edge for span in item.sentences for edge in (span.start, span.end)), item.span.end]
            assert edges == sorted(edges)
            assert not "".join(text[start:end] for start, end in zip(edges[::2], edges[1::2], strict=True)).strip()
            assert all(span.of(text) == span.of(text).strip() != "" for span in item.sentences)

    @pytest.mark.parametrize("name", TEXTS)
    def test_every_chunk_with_text_has_a_core_of_its_own_sentences(self, name: str) -> None:
        """The core is one or more of the chunk's sentences, in text order."""
        for item in self.make_builder().build(TEXTS[name]).items:
            assert list(item.core) == sorted(item.core)
            assert set(item.core) <= set(item.sentences)
            assert bool(item.core) == bool(item.sentences)

    @pytest.mark.parametrize("name", TEXTS)
    def test_the_same_text_gives_the_same_memory(self, name: str) -> None:
        """A memory is a function of text, structure and fingerprint."""
        one, other = (self.make_builder().build(TEXTS[name], title="Title") for _ in range(2))
        assert one == other
        assert one.fingerprint == self.make_builder().fingerprint != ""

    @pytest.mark.parametrize("name", TEXTS)
    def test_every_chunk_has_one_line_of_the_outline_and_lists_each_fact_once(self, name: str) -> None:
        """A chunk with words has a line; what its core leaves out stands in the chunk, in text order, each once."""
        text = TEXTS[name]
        for item in self.make_builder().build(text, title="Title").items:
            chunk = item.span.of(text)
            assert bool(item.outline.strip()) == bool(item.sentences)
            assert "\n" not in item.outline
            places = [chunk.find(fact) for fact in item.left_out]
            assert -1 not in places
            assert len(set(item.left_out)) == len(item.left_out)

    @pytest.mark.parametrize("name", TEXTS)
    def test_the_memory_names_its_text_and_its_scenario(self, name: str) -> None:
        """The hash is that of the text in UTF-8; the scenario is one that the registry knows."""
        memory = self.make_builder().build(TEXTS[name])
        assert memory.text_sha256 == sha256(TEXTS[name].encode()).hexdigest()
        assert memory.scenario in scenario_names()

    def test_a_scenario_that_is_named_is_the_one_that_is_used(self) -> None:
        """Nothing is detected where the caller knows better; an unknown name raises."""
        assert self.make_builder().build(ENGLISH, scenario="legal_contract").scenario == "legal_contract"
        with pytest.raises(UnknownScenario):
            self.make_builder().build(ENGLISH, scenario="poetry")

    def test_the_path_names_title_and_headings(self) -> None:
        """A chunk's path runs from the document's title to its innermost heading."""
        text = "Dams\nThe first body stands here.\nOrsk\nThe second body stands here.\n"
        headings = [Heading(Span(0, 5), 1, "Dams"), Heading(Span(33, 38), 2, "Orsk")]
        paths = [item.path for item in self.make_builder().build(text, title="Title", headings=headings).items]
        assert paths == [("Title", "Dams"), ("Title", "Dams", "Orsk")]

    def test_outline_entries_point_at_chunks_in_order(self) -> None:
        """Each line of the outline leads to the chunk that begins it."""
        memory = self.make_builder().build(TEXTS["headings"])
        places = [entry.item for entry in memory.outline]
        assert places == sorted(places)
        assert all(0 <= place < len(memory.items) for place in places)
        assert [entry.title for entry in memory.outline if not entry.is_topic] == ["Dams", "Orsk", "大桥"]

    def test_an_edit_of_one_section_leaves_the_others(self) -> None:
        """Chunks of other sections keep path, text and core."""
        text = TEXTS["headings"]
        assert self._outside_the_bridge(text) == self._outside_the_bridge(text.replace(CHINESE, "这座桥已经拆除。" * 40))

    def _outside_the_bridge(self, text: str) -> list[tuple[tuple[str, ...], str, list[str]]]:
        items = self.make_builder().build(text).items
        return [(item.path, item.span.of(text), [span.of(text) for span in item.core]) for item in items if "大桥" not in item.path]
