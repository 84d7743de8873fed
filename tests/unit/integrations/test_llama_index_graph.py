"""The corpus graph as LlamaIndex reads property graphs."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from llama_index.core.embeddings import MockEmbedding
from llama_index.core.graph_stores.types import TRIPLET_SOURCE_KEY, EntityNode, Relation
from llama_index.core.indices.property_graph import ImplicitPathExtractor, LLMSynonymRetriever, PropertyGraphIndex
from llama_index.core.llms import CompletionResponse, CompletionResponseGen, CustomLLM, LLMMetadata
from llama_index.core.schema import TextNode
from llama_index.core.vector_stores.types import VectorStoreQuery

from tadarag import KnowledgeBase, UsageError
from tadarag.integrations.llama_index import TadaragGraphStore, TadaragRetriever


class Keywords(CustomLLM):
    """An LLM whose every reply is the same keywords."""

    reply: str

    @property
    def metadata(self) -> LLMMetadata:
        return LLMMetadata()

    def complete(self, prompt: str, formatted: bool = False, **options: Any) -> CompletionResponse:
        return CompletionResponse(text=self.reply)

    def stream_complete(self, prompt: str, formatted: bool = False, **options: Any) -> CompletionResponseGen:
        raise NotImplementedError


@pytest.fixture
def store(base: KnowledgeBase) -> TadaragGraphStore:
    return TadaragGraphStore(base)


def told(triplets: list[Any]) -> set[tuple[str, str, str]]:
    return {(head.id, relation.label, tail.id) for head, relation, tail in triplets}


def test_things_are_found_by_any_way_of_writing_their_name(store: TadaragGraphStore) -> None:
    for name in ("Tomas Brandt", "tomas brandt", "Tomas brandt"):
        (node,) = store.get(ids=[name])
        assert (node.id, node.label) == ("Tomas Brandt", "person")
    assert set(node.properties["sources"]) == {"ferry.md", "people/brandt.md"}


def test_without_ids_all_things_are_there_and_their_ids_differ(store: TadaragGraphStore, base: KnowledgeBase) -> None:
    nodes = store.get()
    assert len({node.id for node in nodes}) == len(nodes) == len(base.graph().things)


def test_no_ids_wanted_gives_nothing(store: TadaragGraphStore) -> None:
    assert store.get(ids=[]) == []
    assert store.get(ids=["Nobody of that name"]) == []


def test_properties_choose_among_things(store: TadaragGraphStore) -> None:
    assert {node.label for node in store.get(properties={"kind": "person"})} == {"person"}


def test_triplets_carry_the_sentence_that_states_them(store: TadaragGraphStore, base: KnowledgeBase) -> None:
    triplets = store.get_triplets(entity_names=["Tomas Brandt"])
    assert triplets
    for _, relation, _ in triplets:
        found = relation.properties
        assert base.document(found["source"]).text[found["start"] : found["end"]] == found["evidence"]
        assert 0 < found["probability"] <= 1


def test_triplets_pass_all_conditions_that_are_given(store: TadaragGraphStore) -> None:
    everything = store.get_triplets(entity_names=["Tomas Brandt"])
    label = everything[0][1].label
    assert told(store.get_triplets(entity_names=["Tomas Brandt"], relation_names=[label])) == {
        one for one in told(everything) if one[1] == label
    }
    assert store.get_triplets(entity_names=["Tomas Brandt"], relation_names=["no such relation"]) == []
    assert store.get_triplets() == []


def test_a_map_of_relations_grows_with_its_depth_and_keeps_its_limit(store: TadaragGraphStore) -> None:
    start = store.get(ids=["Tomas Brandt"])
    near, far = store.get_rel_map(start, depth=1), store.get_rel_map(start, depth=3)
    assert told(near) == told(store.get_triplets(entity_names=["Tomas Brandt"]))
    assert told(near) <= told(far)
    assert len(store.get_rel_map(start, depth=3, limit=1)) == 1
    assert store.get_rel_map(start, ignore_rels=[relation.label for _, relation, _ in far]) == []
    assert store.get_rel_map(start, depth=0) == []


def test_the_passage_of_a_triplet_is_a_node_like_those_of_the_retriever(store: TadaragGraphStore, base: KnowledgeBase) -> None:
    passage = store.get_triplets(entity_names=["Tomas Brandt"])[0][0].properties[TRIPLET_SOURCE_KEY]
    (node,) = store.get_llama_nodes([passage])
    assert "Tomas Brandt" in node.get_content()
    assert node.node_id in {scored.node_id for scored in TadaragRetriever(base).retrieve("Tomas Brandt")}
    assert store.get(ids=[passage])[0].id == passage


def test_the_graph_follows_the_documents(store: TadaragGraphStore, base: KnowledgeBase) -> None:
    assert store.get(ids=["Ostrevir Yard"])
    base.delete("ferry.md")
    assert store.get(ids=["Ostrevir Yard"]) == []
    assert store.get_llama_nodes(["ferry.md@0:1"]) == []


def test_after_a_change_the_graph_is_that_of_a_store_made_anew(store: TadaragGraphStore, base: KnowledgeBase, folder: Path) -> None:
    store.get_schema()
    (folder / "ferry.md").write_text("# Ferry Dusk\n\nTomas Brandt was born in Harrow in 1951.\n", encoding="utf-8")
    base.ingest(folder)
    anew = TadaragGraphStore(base)
    assert store.get_schema() == anew.get_schema()
    assert told(store.get_triplets(entity_names=["Tomas Brandt"])) == told(anew.get_triplets(entity_names=["Tomas Brandt"]))
    assert store.get(ids=["Harrow"])


def test_an_index_over_the_graph_retrieves_facts_with_their_passages(store: TadaragGraphStore) -> None:
    llm = Keywords(reply="tomas brandt^shipbuilder")
    index = PropertyGraphIndex.from_existing(store, llm=llm, kg_extractors=[ImplicitPathExtractor()], embed_kg_nodes=False)
    nodes = index.as_retriever(use_async=False).retrieve("Who is Tomas Brandt?")
    assert any("Tomas Brandt -> " in scored.text or " -> Tomas Brandt" in scored.text for scored in nodes)
    assert any(scored.metadata.get("source") == "people/brandt.md" for scored in nodes)


def test_an_index_with_an_embedding_and_nothing_embedded_retrieves_by_names_alone(store: TadaragGraphStore) -> None:
    llm, embedding = Keywords(reply="Tomas Brandt"), MockEmbedding(embed_dim=4)
    index = PropertyGraphIndex.from_existing(store, llm=llm, embed_model=embedding, kg_extractors=[ImplicitPathExtractor()])
    assert index.as_retriever(use_async=False).retrieve("Who is Tomas Brandt?")


def test_an_index_over_the_graph_retrieves_asynchronously(store: TadaragGraphStore) -> None:
    retriever = LLMSynonymRetriever(store, llm=Keywords(reply="Tomas Brandt"))
    assert asyncio.run(retriever.aretrieve("Who is Tomas Brandt?"))


def test_an_index_over_the_graph_takes_no_documents(store: TadaragGraphStore) -> None:
    index = PropertyGraphIndex.from_existing(store, llm=Keywords(reply=""), kg_extractors=[ImplicitPathExtractor()], embed_kg_nodes=False)
    with pytest.raises(UsageError, match="ingest_llama_documents"):
        index.insert_nodes([TextNode(text="The lamp is red.")])


def test_the_schema_counts_types_and_relations(store: TadaragGraphStore) -> None:
    schema = store.get_schema()
    assert schema["things"]["person"] >= 1
    assert sum(schema["relations"].values()) > 0
    assert "person" in store.get_schema_str()


def test_whatever_would_change_the_graph_or_cannot_be_asked_says_what_to_do(store: TadaragGraphStore) -> None:
    refused = [
        lambda: store.upsert_nodes([EntityNode(name="Nobody")]),
        lambda: store.upsert_relations([Relation(label="knows", source_id="a", target_id="b")]),
        lambda: store.delete(entity_names=["Tomas Brandt"]),
        lambda: store.structured_query("MATCH (n) RETURN n"),
        lambda: store.vector_query(VectorStoreQuery(query_embedding=[0.0])),
    ]
    for attempt in refused:
        with pytest.raises(UsageError) as caught:
            attempt()
        assert caught.value.do
    assert store.get(ids=["Tomas Brandt"])
