"""tadarag inside LangChain: a retriever in chains, and documents in both directions."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from langchain_core.callbacks import BaseCallbackHandler
from langchain_core.document_loaders import BaseLoader
from langchain_core.documents import Document
from langchain_core.language_models import GenericFakeChatModel
from langchain_core.messages import AIMessage
from langchain_core.output_parsers import StrOutputParser
from langchain_core.prompts import ChatPromptTemplate
from langchain_core.runnables import RunnableLambda, RunnablePassthrough
from pydantic import ValidationError

from tadarag import Filters, KnowledgeBase, UsageError
from tadarag.integrations.langchain import TadaragLoader, TadaragRetriever, ingest_langchain_documents
from tadarag.testing.hashing_encoder import HashingEncoder

QUESTION = "Who founded the Ostrevir Yard?"


def test_documents_quote_the_source_at_their_place(base: KnowledgeBase) -> None:
    found = TadaragRetriever(knowledge_base=base, k=2).invoke(QUESTION)
    assert [document.metadata["source"] for document in found] == ["people/brandt.md", "ferry.md"]
    for document in found:
        text = base.document(document.metadata["source"]).text
        assert text[document.metadata["start"] : document.metadata["end"]] == document.page_content


def test_documents_have_ids_that_stay(base: KnowledgeBase) -> None:
    retriever = TadaragRetriever(knowledge_base=base)
    ids = [document.id for document in retriever.invoke(QUESTION)]
    assert len(set(ids)) == len(ids) == base.status().n_passages
    assert ids == [document.id for document in retriever.invoke(QUESTION)]


def test_a_call_may_ask_for_fewer(base: KnowledgeBase) -> None:
    assert len(TadaragRetriever(knowledge_base=base).invoke(QUESTION, k=1)) == 1


def test_less_than_one_cannot_be_asked_for(base: KnowledgeBase) -> None:
    with pytest.raises(ValidationError, match="greater than or equal to 1"):
        TadaragRetriever(knowledge_base=base, k=0)


def test_asynchronous_and_batched_calls_give_the_same(base: KnowledgeBase) -> None:
    retriever = TadaragRetriever(knowledge_base=base, k=2)
    questions = [QUESTION, "扩港工程由谁承建？", "Where does the ferry Dusk sail?"]
    one_by_one = [retriever.invoke(question) for question in questions]
    assert retriever.batch(questions) == one_by_one
    assert asyncio.run(retriever.abatch(questions)) == one_by_one
    assert asyncio.run(retriever.ainvoke(QUESTION)) == one_by_one[0]


def test_only_the_chosen_layers_count(base: KnowledgeBase) -> None:
    found = TadaragRetriever(knowledge_base=base, layers=frozenset({"lexical"})).invoke(QUESTION)
    assert found
    assert {name for document in found for name in document.metadata["layers"]} == {"first-stage", "lexical"}
    with pytest.raises(UsageError, match="no layer 'lexicon'"):
        TadaragRetriever(knowledge_base=base, layers=frozenset({"lexicon"}))


def test_filters_restrict_the_search(base: KnowledgeBase) -> None:
    found = TadaragRetriever(knowledge_base=base, filters=Filters(languages=("zh",))).invoke(QUESTION)
    assert {document.metadata["source"] for document in found} == {"中文.md"}


def test_callbacks_are_told_of_a_retrieval(base: KnowledgeBase) -> None:
    class Handler(BaseCallbackHandler):
        found: Any = None

        def on_retriever_end(self, documents: Any, **others: Any) -> None:
            self.found = documents

    handler = Handler()
    documents = TadaragRetriever(knowledge_base=base).invoke(QUESTION, config={"callbacks": [handler]})
    assert handler.found == documents


def test_a_chain_puts_the_passages_into_the_prompt(base: KnowledgeBase) -> None:
    prompts: list[str] = []

    def remember(prompt: Any) -> Any:
        prompts.append(prompt.to_string())
        return prompt

    chain = (
        {
            "context": TadaragRetriever(knowledge_base=base, k=2)
            | (lambda documents: "\n".join(document.page_content for document in documents)),
            "question": RunnablePassthrough(),
        }
        | ChatPromptTemplate.from_template("{context}\n\nQuestion: {question}")
        | RunnableLambda(remember)
        | GenericFakeChatModel(messages=iter([AIMessage("Tomas Brandt did.")]))
        | StrOutputParser()
    )
    assert chain.invoke(QUESTION) == "Tomas Brandt did."
    assert "founded by Tomas Brandt" in prompts[0]


def test_the_loader_gives_every_document_whole(base: KnowledgeBase) -> None:
    loaded = TadaragLoader(base).load()
    assert [document.metadata["source"] for document in loaded] == ["ferry.md", "people/brandt.md", "中文.md"]
    assert [document.page_content for document in loaded] == [base.document(document.id or "").text for document in loaded]
    assert loaded[1].metadata["date"] == "2021-05-04"


def test_the_loader_keeps_filters_and_loads_asynchronously(base: KnowledgeBase) -> None:
    loader = TadaragLoader(base, filters=Filters(sources=("people",)))
    assert asyncio.run(loader.aload()) == loader.load()
    assert [document.id for document in loader.load()] == ["people/brandt.md"]


class Pages(BaseLoader):
    """A loader that gives the pages of one file, as those for PDF do, and counts how many were taken."""

    def __init__(self) -> None:
        self.n_taken = 0

    def lazy_load(self) -> Iterator[Document]:
        for number in range(3):
            self.n_taken += 1
            yield Document(f"Page {number}. The lock of gate {number} is brass.", metadata={"source": "/data/gates.pdf", "page": number})


def test_what_a_loader_loads_can_be_asked_about(base: KnowledgeBase) -> None:
    report = ingest_langchain_documents(base, Pages())
    assert [str(source) for source in report.added] == ["langchain:data/gates.pdf"]
    document = base.document("langchain:data/gates.pdf")
    assert "gate 2" in document.pages[2].of(document.text)
    answer = base.ask("What is the lock of gate 2 made of?", filters=Filters(sources=("langchain:data",)))
    assert answer.citations[0].quote == "The lock of gate 2 is brass."


def test_documents_that_came_out_of_a_base_go_into_another(base: KnowledgeBase, tmp_path: Any) -> None:
    with KnowledgeBase.open(tmp_path / "other", encoder=HashingEncoder()) as other:
        ingest_langchain_documents(other, TadaragLoader(base))
        assert [str(info.source) for info in other.list()] == [f"langchain:{info.source}" for info in base.list()]
        assert [other.document(f"langchain:{info.source}").text for info in base.list()] == [
            base.document(info.source).text for info in base.list()
        ]


def test_an_empty_base_gives_nothing_and_text_without_words_is_taken_as_empty(tmp_path: Any) -> None:
    with KnowledgeBase.open(tmp_path, encoder=HashingEncoder()) as empty:
        assert TadaragRetriever(knowledge_base=empty).invoke(QUESTION) == []
        assert TadaragLoader(empty).load() == []
        report = ingest_langchain_documents(empty, [Document("  \n", id="blank")])
        assert [str(source) for source in report.empty] == ["langchain:blank"]
