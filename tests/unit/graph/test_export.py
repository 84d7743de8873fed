"""GraphML that other programs read and that never wobbles."""

from io import BytesIO

import networkx

from tadarag.graph.corpus import corpus_graph
from tadarag.graph.export import graphml
from tadarag.graph.view import corpus_view
from tadarag.values import Document, Entity, Extraction, Mention, Record, Relation, SourceName, Span


def base(name: str) -> list[Record]:
    mentions = (
        Mention(span=Span(0, len(name)), text=name, kind="organization", chunk=0, sentence=0),
        Mention(span=Span(len(name) + 1, len(name) + 5), text="Bonn", kind="location", chunk=0, sentence=0),
    )
    extraction = Extraction(
        mentions=mentions,
        entities=tuple(Entity(name=one.text, kind=one.kind, mentions=(index,)) for index, one in enumerate(mentions)),
        relations=(Relation(head=0, predicate="located_in", tail=1, evidence=Span(0, len(name) + 5)),),
    )
    document = Document(text=f"{name} Bonn")
    return [
        Record(source=SourceName(".", path), content=path, document=document, chunks=(), vectors=(), vector_keys=(), extraction=extraction)
        for path in "ab"
    ]


def test_networkx_reads_back_what_was_written() -> None:
    graph = networkx.read_graphml(BytesIO(graphml(corpus_graph(corpus_view(base("Acme & <Sons>")))).encode()), force_multigraph=True)
    assert graph.nodes["a|0"] == {"name": "Acme & <Sons>", "kind": "organization", "source": "a", "spans": "0-13"}
    assert sorted(edge["predicate"] for _, _, edge in graph.edges(data=True)) == ["located_in", "located_in", "same_as"]


def test_characters_that_xml_cannot_hold_are_replaced() -> None:
    text = graphml(corpus_graph(corpus_view(base("Acme\x00\x1f Sons\ufffe"))))
    assert "Acme\ufffd\ufffd Sons\ufffd" in text
    networkx.read_graphml(BytesIO(text.encode()))


def test_an_empty_base_is_an_empty_graph() -> None:
    assert len(networkx.read_graphml(BytesIO(graphml(corpus_graph(corpus_view([]))).encode()))) == 0
