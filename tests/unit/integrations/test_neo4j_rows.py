"""The corpus graph as rows: stable keys, evidence, and names that no server can mistake."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tadarag.errors import UsageError
from tadarag.graph.view import CorpusView, corpus_view
from tadarag.integrations.neo4j_rows import ALIAS, NAMED_IN, THING, GraphRows, graph_rows, relationship_type
from tadarag.store.protocol import DocumentInfo
from tadarag.values import Document, Entity, Extraction, Mention, Record, Relation, SourceName, Span


def record(path: str, head: str = "Acme Works", tail: str = "Bonn Centre", date: str = "") -> Record:
    """A document that states that one name lies in another."""
    text = f"{head} lies in {tail}."
    spans = (Span(0, len(head)), Span(len(text) - 1 - len(tail), len(text) - 1))
    mentions = tuple(
        Mention(span=span, text=span.of(text), kind=kind, chunk=0, sentence=0)
        for span, kind in zip(spans, ("organization", "location"), strict=True)
    )
    extraction = Extraction(
        mentions=mentions,
        entities=tuple(Entity(name=one.text, kind=one.kind, mentions=(index,)) for index, one in enumerate(mentions)),
        relations=(Relation(head=0, predicate="located_in", tail=1, evidence=Span(0, len(text)), probability=0.75),),
    )
    return Record(
        source=SourceName(".", path),
        content=f"hash of {path}",
        document=Document(text=text, date=date),
        chunks=(),
        vectors=(),
        vector_keys=(),
        extraction=extraction,
    )


def rows_of(*records: Record, graph: str = "g") -> GraphRows:
    infos = [
        DocumentInfo(
            source=one.source,
            content=one.content,
            title="",
            language="en",
            date=one.document.date,
            domain="",
            media_type="text/plain",
            n_characters=len(one.document.text),
            n_passages=1,
        )
        for one in records
    ]
    return graph_rows(graph, infos, corpus_view(records))


def test_a_fact_carries_its_evidence_and_leaves_out_what_is_not_stated() -> None:
    rows = rows_of(record("a"))
    (fact,) = [link for link in rows.links.values() if link.kind == "LOCATED_IN"]
    assert fact.properties == {
        "predicate": "located_in",
        "probability": 0.75,
        "source": "a",
        "content": "hash of a",
        "start": 0,
        "end": 31,
        "sentence": "Acme Works lies in Bonn Centre.",
    }
    assert [rows.nodes[key].properties["name"] for key in (fact.head, fact.tail)] == ["Acme Works", "Bonn Centre"]


def test_the_date_of_a_document_is_on_its_facts() -> None:
    (fact,) = [link for link in rows_of(record("a", date="2024-05-01")).links.values() if link.kind == "LOCATED_IN"]
    assert (fact.properties["stated_on"], fact.properties["valid_from"]) == ("2024-05-01", "2024-05-01")


def test_every_relationship_joins_rows_that_are_there() -> None:
    rows = rows_of(record("a"), record("b"), record("c", "Zeta Yard"))
    assert all({link.head, link.tail} <= set(rows.nodes) for link in rows.links.values())
    assert {link.kind for link in rows.links.values()} == {"LOCATED_IN", NAMED_IN, ALIAS}


def test_a_thing_that_documents_share_keeps_its_key_when_the_first_of_them_goes() -> None:
    before, after = rows_of(record("a"), record("b")), rows_of(record("b"))
    assert {key for key, row in after.nodes.items() if row.label == THING} == {
        key for key, row in before.nodes.items() if row.label == THING
    }


def test_a_new_document_with_other_names_adds_rows_and_changes_none() -> None:
    before, after = rows_of(record("a"), record("b")), rows_of(record("a"), record("b"), record("c", "Zeta Yard", "Wells Hill"))
    assert set(before.links) < set(after.links)
    assert {key: row.digest for key, row in before.nodes.items()}.items() < {key: row.digest for key, row in after.nodes.items()}.items()


def test_short_names_of_two_documents_are_two_things() -> None:
    things = [row for row in rows_of(record("a", "Acme"), record("b", "Acme")).nodes.values() if row.properties.get("name") == "Acme"]
    assert len(things) == 2


def test_two_graphs_share_no_key() -> None:
    one, other = rows_of(record("a"), graph="g"), rows_of(record("a"), graph="g2")
    assert not {*one.nodes, *one.links} & {*other.nodes, *other.links}


@pytest.mark.parametrize("graph", ["", "a/b", "-a", "a b", "x" * 65])
def test_a_name_that_could_be_taken_for_part_of_another_is_refused(graph: str) -> None:
    with pytest.raises(UsageError, match="cannot name a graph"):
        graph_rows(graph, [], CorpusView(entities={}, things=(), aliases=(), facts=(), second_names=(), sentences=(), of={}))


@pytest.mark.parametrize(("predicate", "kind"), [("born_on", "BORN_ON"), ("works at", "WORKS_AT"), ("创办", "创办"), ("``->()", "FACT")])
def test_a_predicate_becomes_a_type(predicate: str, kind: str) -> None:
    assert relationship_type(predicate) == kind


@given(st.text())
def test_no_predicate_can_leave_the_quotation_of_a_type(predicate: str) -> None:
    assert relationship_type(predicate)
    assert not set(relationship_type(predicate)) & set("`\\ \n")


def test_a_lone_surrogate_which_no_server_takes_is_replaced() -> None:
    rows = rows_of(record("a", "Acme \ud800 Works"))
    assert "Acme \ufffd Works" in {row.properties.get("name") for row in rows.nodes.values()}
