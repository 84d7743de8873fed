"""A question reads its passages with the template of its domain, once, and leaves nothing on disk."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tadarag import Document, KnowledgeBase, SourceName
from tadarag.errors import EndpointError
from tadarag.extraction.assembly import UnitwiseExtractor
from tadarag.extraction.extractor import Unit
from tadarag.findings import Findings
from tadarag.on_the_fly import Remembered
from tadarag.templates.template import Template
from tadarag.testing.gazetteer_units import GazetteerUnits
from tadarag.testing.hashing_encoder import HashingEncoder
from tadarag.values import Answer, QuestionGraph

TYPES = {
    "Ada Brandt": "person",
    "Brandt": "person",
    "Halvrin": "organization",
    "Velmouth": "location",
    "Otter 30": "product",
    "韩若溪": "person",
    "燕鸥实验室": "organization",
    "青岛": "location",
}
PHRASES = {
    "was founded by": "founded_by",
    "lies in": "located_in",
    "was made by": "created_by",
    "leads": "leads",
    "创办了": "leads",
    "位于": "located_in",
}
TEXT = "Ada Brandt leads Halvrin. Halvrin lies in Velmouth. The Otter 30 was made by Halvrin. Brandt leads Halvrin from Velmouth.\n"


class Unreachable(GazetteerUnits):
    """Reads while documents come in, and cannot be reached when a question is asked with another template."""

    def read(self, unit: Unit, template: Template) -> Findings:
        if template.name == "finance":
            raise EndpointError("the model does not reply", "try again later")
        return super().read(unit, template)


class Asking(GazetteerUnits):
    """Stands for an extractor that asks a language model."""

    def with_ask(self, ask: object) -> Asking:
        return self


def open_base(folder: Path, units: GazetteerUnits, text: str = TEXT) -> KnowledgeBase:
    """A base with one document."""
    base = KnowledgeBase.open(folder, encoder=HashingEncoder(), extractor=UnitwiseExtractor(units), workers=2)
    base.ingest_documents([(SourceName(".", "a.md"), Document(text=text))])
    return base


@pytest.fixture
def units() -> GazetteerUnits:
    return GazetteerUnits(types=TYPES, phrases=PHRASES)


@pytest.fixture
def base(tmp_path: Path, units: GazetteerUnits) -> Iterator[KnowledgeBase]:
    with open_base(tmp_path, units) as opened:
        yield opened


def ask(base: KnowledgeBase, domain: str, question: str = "Who leads Halvrin?") -> Answer:
    """An answer whose question was taken for one of that domain."""
    answer = base.ask(question)
    return replace(answer, route=replace(answer.route, domain=domain))


def facts(graph: QuestionGraph) -> set[tuple[str, str, str]]:
    return {(graph.nodes[fact.head].name, fact.relation, graph.nodes[fact.tail].name) for fact in graph.facts if fact.kind != "together"}


def test_passages_are_read_in_the_terms_of_the_questions_domain(base: KnowledgeBase) -> None:
    relations = {edge["predicate"]: edge["kind"] for _, _, edge in base.question_graph(ask(base, "finance")).edges(data=True)}
    assert relations["leads"] == "template"
    relations = {edge["predicate"]: edge["kind"] for _, _, edge in base.question_graph(ask(base, "general_knowledge")).edges(data=True)}
    assert relations["leads"] == "open"
    assert relations["located_in"] == "template"


def test_what_was_read_at_ingest_with_the_same_template_is_not_read_again(base: KnowledgeBase, units: GazetteerUnits) -> None:
    stored = base.record("a.md")
    before = len(units.read_texts)
    base.question_graph(ask(base, stored.domain))
    assert len(units.read_texts) == before


def test_a_passage_is_read_once_for_a_template(base: KnowledgeBase, units: GazetteerUnits) -> None:
    before = len(units.read_texts)
    first = base.question_graph(ask(base, "finance"))
    assert len(units.read_texts) == before + 1
    second = base.question_graph(ask(base, "finance"))
    assert len(units.read_texts) == before + 1
    assert list(first.edges(data=True)) == list(second.edges(data=True))
    base.question_graph(ask(base, "news"))
    assert len(units.read_texts) == before + 2


def test_a_short_name_is_called_what_its_document_calls_it(base: KnowledgeBase) -> None:
    names = {node["name"] for _, node in base.question_graph(ask(base, "finance")).nodes(data=True)}
    assert "Ada Brandt" in names
    assert "Brandt" not in names


def test_asking_for_a_graph_changes_nothing_in_the_base(base: KnowledgeBase) -> None:
    before = base.digests()
    base.question_graph(ask(base, "finance"))
    assert base.digests() == before


def test_what_was_read_is_forgotten_when_a_document_goes(base: KnowledgeBase, units: GazetteerUnits) -> None:
    answer = ask(base, "finance")
    base.question_graph(answer)
    base.delete("a.md")
    assert base.question_graph(answer).number_of_nodes() == 0
    base.ingest_documents([(SourceName(".", "a.md"), Document(text=TEXT))])
    before = len(units.read_texts)
    base.question_graph(ask(base, "finance"))
    assert len(units.read_texts) == before + 1


def test_a_model_that_cannot_be_reached_leaves_what_is_stored_and_is_counted(tmp_path: Path) -> None:
    with open_base(tmp_path, Unreachable(types=TYPES, phrases=PHRASES)) as base:
        graph = base.question_graph(ask(base, "finance"))
    assert graph.graph["n_unread"] == 1
    assert graph.number_of_edges() > 0


def test_an_extractor_that_asks_a_model_is_not_asked_by_a_question(tmp_path: Path) -> None:
    asking = Asking(types=TYPES, phrases=PHRASES)
    with open_base(tmp_path, asking) as base:
        before = len(asking.read_texts)
        graph = base.question_graph(ask(base, "finance"))
        assert len(asking.read_texts) == before
    assert graph.number_of_edges() > 0


def test_an_answer_has_a_graph_when_it_is_asked_for(base: KnowledgeBase) -> None:
    assert base.ask("Who leads Halvrin?").graph is None
    graph = base.ask("Who leads Halvrin?", with_graph=True).graph
    assert graph is not None
    assert ("Halvrin", "located_in", "Velmouth") in facts(graph)


def test_chinese_passages_are_read_too(tmp_path: Path, units: GazetteerUnits) -> None:
    with open_base(tmp_path, units, "韩若溪创办了燕鸥实验室。燕鸥实验室位于青岛。\n") as base:
        graph = base.ask("燕鸥实验室在哪里？", with_graph=True).graph
    assert graph is not None
    assert ("燕鸥实验室", "located_in", "青岛") in facts(graph)
    assert [node.name for node in graph.nodes if node.is_asked] == ["燕鸥实验室"]


def test_what_was_not_asked_for_longest_is_forgotten_first() -> None:
    remembered: Remembered[str] = Remembered(2)
    for key in "ab":
        remembered.put((key,), key)
    assert remembered.get(("a",)) == "a"
    remembered.put(("c",), "c")
    assert [remembered.get((key,)) for key in "abc"] == ["a", None, "c"]
