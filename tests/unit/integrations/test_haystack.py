"""tadarag inside Haystack: components that run in a pipeline and survive its YAML."""

from __future__ import annotations

import asyncio
import copy
import pickle
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from haystack import Document, Pipeline
from haystack.components.builders import PromptBuilder

from tadarag import BaseMissing, EncoderMismatch, KnowledgeBase, PluginError, UsageError
from tadarag.integrations.haystack import TadaragRetriever, TadaragWriter

QUESTION = "Who founded the Ostrevir Yard?"
CHINESE = {"field": "meta.language", "operator": "==", "value": "zh"}


@pytest.fixture
def retriever(base: KnowledgeBase) -> Iterator[TadaragRetriever]:
    made = TadaragRetriever(str(base.path), encoder="hashing", top_k=2)
    yield made
    made.close()


def test_documents_quote_the_source_at_their_place(retriever: TadaragRetriever, base: KnowledgeBase) -> None:
    found = retriever.run(query=QUESTION)["documents"]
    assert [document.meta["source"] for document in found] == ["people/brandt.md", "ferry.md"]
    assert found[0].score >= found[1].score
    for document in found:
        text = base.document(document.meta["source"]).text
        assert text[document.meta["start"] : document.meta["end"]] == document.content


def test_a_run_may_ask_for_another_number(retriever: TadaragRetriever) -> None:
    assert len(retriever.run(query=QUESTION, top_k=1)["documents"]) == 1
    with pytest.raises(UsageError, match="top_k is 0"):
        retriever.run(query=QUESTION, top_k=0)


def test_only_the_chosen_layers_count_in_a_pipeline_that_comes_back_from_yaml(base: KnowledgeBase) -> None:
    pipeline = Pipeline()
    pipeline.add_component("retriever", TadaragRetriever(str(base.path), encoder="hashing", layers=["lexical"]))
    again = Pipeline.loads(pipeline.dumps(), allowed_modules=["tadarag.*"])
    found = again.run({"retriever": {"query": QUESTION}})["retriever"]["documents"]
    again.get_component("retriever").close()
    assert found
    assert {name for document in found for name in document.meta["layers"]} == {"first-stage", "lexical"}
    with pytest.raises(UsageError, match="no layer 'lexicon'"):
        TadaragRetriever("anywhere", layers=["lexicon"])


def test_filters_of_a_run_replace_those_of_the_component(base: KnowledgeBase) -> None:
    retriever = TadaragRetriever(str(base.path), encoder="hashing", filters=CHINESE)
    assert {document.meta["source"] for document in retriever.run(query=QUESTION)["documents"]} == {"中文.md"}
    both = {
        "operator": "AND",
        "conditions": [
            {"field": "meta.source", "operator": "in", "value": ["ferry.md", "people"]},
            {"field": "meta.date", "operator": ">=", "value": "2021"},
        ],
    }
    assert {document.meta["source"] for document in retriever.run(query=QUESTION, filters=both)["documents"]} == {"people/brandt.md"}
    retriever.close()


@pytest.mark.parametrize(
    "filters", [{"operator": "OR", "conditions": [CHINESE]}, {"field": "meta.page", "operator": ">", "value": 3}, {"a": 1}]
)
def test_filters_that_a_search_cannot_keep_are_refused_when_the_component_is_made(filters: dict[str, Any]) -> None:
    with pytest.raises(UsageError, match="cannot be filtered"):
        TadaragRetriever("anywhere", filters=filters)


def test_a_pipeline_fills_a_prompt_before_and_after_its_yaml(base: KnowledgeBase) -> None:
    pipeline = Pipeline()
    pipeline.add_component("retriever", TadaragRetriever(str(base.path), encoder="hashing", top_k=2))
    pipeline.add_component(
        "prompt", PromptBuilder("{% for one in documents %}{{ one.content }}{% endfor %} {{ question }}", required_variables="*")
    )
    pipeline.connect("retriever.documents", "prompt.documents")
    again = Pipeline.loads(pipeline.dumps(), allowed_modules=["tadarag.*"])
    data = {"retriever": {"query": QUESTION}, "prompt": {"question": QUESTION}}
    prompts = [one.run(copy.deepcopy(data))["prompt"]["prompt"] for one in (pipeline, again)]
    assert "founded by Tomas Brandt" in prompts[0]
    assert prompts[0] == prompts[1]
    assert again.dumps() == pipeline.dumps()
    for one in (pipeline, again):
        one.close()


def test_a_component_is_the_same_after_a_dictionary_a_copy_and_a_pickle(retriever: TadaragRetriever) -> None:
    retriever.warm_up()
    copies = (TadaragRetriever.from_dict(retriever.to_dict()), copy.deepcopy(retriever), pickle.loads(pickle.dumps(retriever)))
    for again in copies:
        assert again.to_dict() == retriever.to_dict()
        assert again.run(query=QUESTION) == retriever.run(query=QUESTION)
        again.close()


def test_asynchronous_runs_give_the_same(retriever: TadaragRetriever) -> None:
    assert asyncio.run(retriever.run_async(query=QUESTION)) == retriever.run(query=QUESTION)


def test_a_closed_component_opens_again(retriever: TadaragRetriever) -> None:
    before = retriever.run(query=QUESTION)
    retriever.close()
    assert retriever.run(query=QUESTION) == before


def test_what_is_wrong_with_a_base_is_told_by_warm_up(base: KnowledgeBase, tmp_path: Path) -> None:
    with pytest.raises(BaseMissing):
        TadaragRetriever(str(tmp_path / "nowhere"), encoder="hashing").warm_up()
    with pytest.raises(EncoderMismatch):
        TadaragRetriever(str(base.path)).warm_up()
    with pytest.raises(PluginError, match="'bert'"):
        TadaragRetriever(str(base.path), encoder="bert").warm_up()


def test_written_documents_are_found_by_a_retriever_that_is_already_open(tmp_path: Path) -> None:
    writer = TadaragWriter(str(tmp_path / "new"), encoder="hashing")
    assert writer.run([Document(content="The lamp of Tarn is red.", id="lamp")]) == {"documents_written": 1, "unchanged": 0, "failed": []}
    retriever = TadaragRetriever(str(tmp_path / "new"), encoder="hashing")
    assert len(retriever.run(query="lamp")["documents"]) == 1
    documents = [Document(content="The lamp of Tarn is red.", id="lamp"), Document(content="The lamp of Velm is green.", id="velm")]
    assert writer.run(documents) == {"documents_written": 1, "unchanged": 1, "failed": []}
    assert {document.meta["source"] for document in retriever.run(query="lamp")["documents"]} == {"haystack:lamp", "haystack:velm"}
    writer.close()
    retriever.close()


def test_what_cannot_be_written_is_told_line_by_line(tmp_path: Path) -> None:
    writer = TadaragWriter(str(tmp_path), encoder="hashing")
    written = writer.run([Document(content=None, id="picture"), Document(content="\ufffd" * 500, id="broken"), Document(content="Fine.")])
    assert written["documents_written"] == 1
    assert len(written["failed"]) == 2
    assert written["failed"][0] == "picture has no text"
    assert written["failed"][1].startswith("haystack:broken: ")
    writer.close()


def test_a_writer_survives_its_dictionary(tmp_path: Path) -> None:
    writer = TadaragWriter(str(tmp_path), encoder="hashing", root="mail")
    assert TadaragWriter.from_dict(writer.to_dict()).to_dict() == writer.to_dict()
    assert writer.to_dict()["init_parameters"] == {"base": str(tmp_path), "encoder": "hashing", "root": "mail"}
