"""tadarag inside LlamaIndex: retriever, postprocessor, query engine, ingest."""

from __future__ import annotations

import asyncio

import pytest
from llama_index.core.callbacks import CallbackManager, CBEventType, LlamaDebugHandler
from llama_index.core.llms import MockLLM
from llama_index.core.query_engine import RetrieverQueryEngine
from llama_index.core.retrievers import QueryFusionRetriever
from llama_index.core.schema import Document, MetadataMode, NodeRelationship, NodeWithScore, TextNode
from llama_index.core.vector_stores import FilterCondition, FilterOperator, MetadataFilter, MetadataFilters

from tadarag import Filters, KnowledgeBase, UsageError
from tadarag.integrations.llama_index import TadaragPostprocessor, TadaragRetriever, ingest_llama_documents

QUESTION = "Who founded the Ostrevir Yard?"


def test_nodes_quote_the_document_at_their_place(base: KnowledgeBase) -> None:
    nodes = TadaragRetriever(base, similarity_top_k=3).retrieve(QUESTION)
    assert any("founded by Tomas Brandt" in scored.text for scored in nodes)
    for scored in nodes:
        text = base.document(scored.metadata["source"]).text
        assert text[scored.node.start_char_idx : scored.node.end_char_idx] == scored.text
        assert scored.node.relationships[NodeRelationship.SOURCE].node_id == scored.metadata["source"]


def test_nodes_come_best_first_with_their_scores_and_ids(base: KnowledgeBase) -> None:
    nodes = TadaragRetriever(base).retrieve(QUESTION)
    scores = [scored.get_score() for scored in nodes]
    assert scores == sorted(scores, reverse=True)
    assert len({scored.node_id for scored in nodes}) == len(nodes) == base.status().n_passages
    assert [scored.node_id for scored in nodes] == [scored.node_id for scored in TadaragRetriever(base).retrieve(QUESTION)]


def test_a_model_is_shown_where_a_passage_stands_and_not_how_it_was_found(base: KnowledgeBase) -> None:
    nodes = TadaragRetriever(base).retrieve(QUESTION)
    shown = next(text for scored in nodes if "founded by" in (text := scored.get_content(MetadataMode.LLM)))
    assert shown.startswith("source: ferry.md\nbreadcrumb: Ferry Dusk > Yard\n\n")


def test_asynchronous_retrieval_gives_the_same(base: KnowledgeBase) -> None:
    retriever = TadaragRetriever(base)
    found = asyncio.run(retriever.aretrieve(QUESTION))
    assert [scored.to_dict() for scored in found] == [scored.to_dict() for scored in retriever.retrieve(QUESTION)]


def test_callbacks_are_told_of_a_retrieval(base: KnowledgeBase) -> None:
    handler = LlamaDebugHandler(print_trace_on_end=False)
    TadaragRetriever(base, callback_manager=CallbackManager([handler])).retrieve(QUESTION)
    (pair,) = handler.get_event_pairs(CBEventType.RETRIEVE)
    assert pair[1].payload is not None
    assert len(pair[1].payload["nodes"]) == base.status().n_passages


@pytest.mark.parametrize(
    "filters",
    [
        Filters(languages=("zh",)),
        MetadataFilters(filters=[MetadataFilter(key="language", value="zh")]),
        MetadataFilters(filters=[MetadataFilter(key="source", value=["中文.md"], operator=FilterOperator.IN)]),
    ],
)
def test_filters_of_ours_and_of_theirs_restrict_the_search(base: KnowledgeBase, filters: Filters | MetadataFilters) -> None:
    nodes = TadaragRetriever(base, filters=filters).retrieve("Tomas Brandt")
    assert {scored.metadata["source"] for scored in nodes} == {"中文.md"}


@pytest.mark.parametrize("condition", [FilterCondition.OR, FilterCondition.NOT])
def test_filters_that_a_search_cannot_keep_are_refused_when_the_retriever_is_made(base: KnowledgeBase, condition: FilterCondition) -> None:
    both = [MetadataFilter(key="language", value="zh"), MetadataFilter(key="domain", value="news")]
    with pytest.raises(UsageError, match=condition.value.upper()):
        TadaragRetriever(base, filters=MetadataFilters(filters=both, condition=condition))


def test_only_the_chosen_layers_count(base: KnowledgeBase) -> None:
    nodes = TadaragRetriever(base, layers=["lexical"]).retrieve(QUESTION)
    assert nodes
    assert {name for scored in nodes for name in scored.metadata["layers"]} == {"first-stage", "lexical"}
    with pytest.raises(UsageError, match="no layer 'lexicon'"):
        TadaragRetriever(base, layers=["lexicon"])


def test_no_passage_at_all_cannot_be_asked_for(base: KnowledgeBase) -> None:
    with pytest.raises(UsageError, match="similarity_top_k is 0"):
        TadaragRetriever(base, similarity_top_k=0)


def test_a_query_engine_answers_from_the_passages_and_names_them(base: KnowledgeBase) -> None:
    retriever = TadaragRetriever(base, similarity_top_k=2)
    engine = RetrieverQueryEngine.from_args(retriever, llm=MockLLM(), node_postprocessors=[TadaragPostprocessor(knowledge_base=base)])
    response = engine.query(QUESTION)
    assert "founded by Tomas Brandt" in str(response)  # the mock repeats its prompt
    assert [scored.metadata["source"] for scored in response.source_nodes] == ["people/brandt.md", "ferry.md"]


def test_a_query_engine_answers_asynchronously(base: KnowledgeBase) -> None:
    engine = RetrieverQueryEngine.from_args(TadaragRetriever(base, similarity_top_k=2), llm=MockLLM())
    response = asyncio.run(engine.aquery("扩港工程由谁承建？"))
    assert "晨星建设公司" in str(response)


def test_results_can_be_fused_with_those_of_other_retrievers(base: KnowledgeBase) -> None:
    fusion = QueryFusionRetriever(
        [TadaragRetriever(base), TadaragRetriever(base, filters=Filters(languages=("en",)))],
        llm=MockLLM(),
        num_queries=1,
        use_async=False,
        mode="reciprocal_rerank",  # type: ignore[arg-type]
    )
    nodes = fusion.retrieve(QUESTION)
    assert len({scored.node_id for scored in nodes}) == len(nodes) > 0


def kept(base: KnowledgeBase, nodes: list[NodeWithScore], **options: object) -> list[NodeWithScore]:
    return TadaragPostprocessor(knowledge_base=base, **options).postprocess_nodes(nodes)


def test_nodes_of_removed_documents_are_dropped(base: KnowledgeBase) -> None:
    nodes = TadaragRetriever(base).retrieve(QUESTION)
    base.delete("ferry.md")
    assert {scored.metadata["source"] for scored in kept(base, nodes)} == {"people/brandt.md", "中文.md"}


def test_nodes_whose_text_has_changed_are_dropped_and_others_of_the_document_get_their_new_place(base: KnowledgeBase) -> None:
    nodes = TadaragRetriever(base, filters=Filters(sources=("ferry.md",))).retrieve(QUESTION)
    file = base.path.parent / "ferry.md"
    file.write_text(file.read_text().replace("in 1998", "in 1999, after a long delay"))
    base.ingest(file)
    (route,) = kept(base, nodes)
    text = base.document("ferry.md").text
    assert "Port Hesk" in text[route.metadata["start"] : route.metadata["end"]] == route.text
    assert route.metadata["content"] == base.record("ferry.md").content


def test_a_text_that_was_put_under_our_metadata_is_dropped(base: KnowledgeBase) -> None:
    scored = TadaragRetriever(base).retrieve(QUESTION)[0]
    forged = TextNode(text="The yard was founded by nobody.", metadata=scored.metadata)
    assert kept(base, [NodeWithScore(node=forged, score=1.0)]) == []


def test_nodes_of_other_retrievers_pass_unless_they_are_not_wanted(base: KnowledgeBase) -> None:
    foreign = NodeWithScore(node=TextNode(text="From a vector store."), score=0.3)
    assert kept(base, [foreign]) == [foreign]
    assert kept(base, [foreign], keep_foreign=False) == []


def test_neighbours_under_the_same_headings_are_added_and_overlaps_become_one(base: KnowledgeBase) -> None:
    long = "# Tides\n\n" + "\n\n".join(f"The tide of {n} was measured at pier {n} by the harbour office. " * 8 for n in range(12))
    ingest_llama_documents(base, [Document(text=long, metadata={"file_path": "tides.md"})])
    source = "llama-index:tides.md"
    assert len(base.record(source).chunks) > 3
    nodes = TadaragRetriever(base, filters=Filters(sources=(source,)), similarity_top_k=1).retrieve("tide of 5")
    (wide,) = kept(base, nodes, neighbours=1)
    assert nodes[0].text in wide.text
    assert len(wide.text) > len(nodes[0].text)
    assert base.document(source).text[wide.metadata["start"] : wide.metadata["end"]] == wide.text
    everything = TadaragRetriever(base, filters=Filters(sources=(source,)), similarity_top_k=50).retrieve("tide of 5")
    (whole,) = kept(base, everything, neighbours=1)
    assert whole.text == base.document(source).text
    assert whole.get_score() == everything[0].get_score()


def test_documents_of_its_readers_can_be_asked_about(base: KnowledgeBase) -> None:
    pages = [
        Document(text=f"Page {n}. The lock of gate {n} is brass.", metadata={"file_name": "gates.pdf", "page_label": str(n)})
        for n in (1, 2)
    ]
    report = ingest_llama_documents(base, pages)
    assert [str(source) for source in report.added] == ["llama-index:gates.pdf"]
    hit = base.search("gate 2 brass", limit=1)[0]
    assert str(hit.passage.source) == "llama-index:gates.pdf"
    assert base.document("llama-index:gates.pdf").pages


def test_a_document_with_an_id_of_its_own_is_replaced(base: KnowledgeBase) -> None:
    ingest_llama_documents(base, [Document(text="The lamp is red.", id_="lamp")])
    report = ingest_llama_documents(base, [Document(text="The lamp is green.", id_="lamp")])
    assert [str(source) for source in report.replaced] == ["llama-index:lamp"]
