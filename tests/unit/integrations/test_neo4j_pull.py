"""Which document a node becomes: names that hold while the node does, and differ wherever nodes do."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tadarag.integrations.neo4j_graph import PropertyGraph, ServerLink, ServerNode
from tadarag.integrations.neo4j_pull import Naming, node_documents

NAMES = st.sampled_from(["Ada", "Karel", "a/b", "a#b", ".", "..", "", "x" * 300, "奎伦湾", "line\nend", "cafe\u0301", "café", "%2F"])
NODES = st.lists(st.builds(lambda label, name: ServerNode((label,), {"name": name}), st.sampled_from(["A", "B/C"]), NAMES), max_size=8)


def graph_of(nodes: list[ServerNode], links: list[tuple[int, int]], unique: tuple = (), shift: int = 0) -> PropertyGraph:
    """A graph whose ids are the nodes' places, moved by `shift`: the server's own ids mean nothing."""
    found = {str(number + shift): node for number, node in enumerate(nodes)}
    joined = tuple(ServerLink("knows", str(head + shift), str(tail + shift), {}) for head, tail in links)
    return PropertyGraph(nodes=found, chosen=frozenset(found), links=joined, unique=unique)


def sources(graph: PropertyGraph, naming: Naming) -> list[str]:
    return [str(source) for source, _ in node_documents(graph, naming)]


@given(NODES, st.data())
def test_every_node_is_one_document_of_its_own_whatever_it_is_called(nodes: list, data: st.DataObject) -> None:
    places = st.integers(0, max(0, len(nodes) - 1))
    links = data.draw(st.lists(st.tuples(places, places), max_size=6)) if nodes else []
    found = dict(node_documents(graph_of(nodes, links), Naming(graph="g")))
    assert len(found) == len(nodes)
    assert all(source.path.count("/") == 1 and source.path.isprintable() for source in found)
    assert dict(node_documents(graph_of(nodes, links, shift=40), Naming(graph="g"))) == found


def test_a_unique_property_names_the_document() -> None:
    graph = graph_of([ServerNode(("Film", "Work"), {"title": "Salt", "code": "tt/7"})], [], unique=(("Work", ("code",)),))
    assert sources(graph, Naming(graph="films")) == ["neo4j://films:Work/tt%2F7"]


def test_a_key_that_two_nodes_share_does_not_name_them() -> None:
    nodes = [ServerNode(("Film",), {"title": "Salt", "year": 1999}), ServerNode(("Film",), {"title": "Sand", "year": 1999})]
    names = sources(graph_of(nodes, []), Naming(graph="films", key="year"))
    assert [name.partition("~")[0] for name in names] == ["neo4j://films:Film/Salt", "neo4j://films:Film/Sand"]


def test_nodes_that_nothing_tells_apart_are_numbered() -> None:
    first, second = sources(graph_of([ServerNode((), {}), ServerNode((), {})], []), Naming(graph="g"))
    assert second == f"{first}#2"


def test_a_neighbour_that_was_not_asked_for_is_named_and_has_no_document() -> None:
    whole = graph_of([ServerNode(("A",), {"name": "Ada"}), ServerNode(("B",), {"name": "Karel"})], [(0, 1)])
    chosen = PropertyGraph(nodes=whole.nodes, chosen=frozenset({"0"}), links=whole.links)
    ((source, document),) = node_documents(chosen, Naming(graph="g"))
    assert "Ada knows Karel." in document.text
    assert source.path.startswith("A/Ada~")
