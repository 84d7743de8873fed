"""The corpus graph as GraphML text, byte for byte the same for equal bases."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

if TYPE_CHECKING:
    import networkx

    from tadarag.graph.document_entities import Node

_KEYS = (
    '  <key id="name" for="node" attr.name="name" attr.type="string"/>',
    '  <key id="kind" for="node" attr.name="kind" attr.type="string"/>',
    '  <key id="source" for="node" attr.name="source" attr.type="string"/>',
    '  <key id="spans" for="node" attr.name="spans" attr.type="string"/>',
    '  <key id="predicate" for="edge" attr.name="predicate" attr.type="string"/>',
    '  <key id="probability" for="edge" attr.name="probability" attr.type="double"/>',
    '  <key id="evidence" for="edge" attr.name="evidence" attr.type="string"/>',
)


def graphml(graph: networkx.MultiDiGraph) -> str:
    """A corpus graph as GraphML (graphml.graphdrawing.org), nodes and edges sorted; ends with a line feed.

    A node's id is "source|entity index"; `spans` and `evidence` list ranges as "start-end" (of an edge between documents as
    "source:start-end"), separated by spaces. Characters that XML cannot hold are replaced by U+FFFD.
    """
    nodes = sorted(graph.nodes)
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">', *_KEYS]
    lines.append('  <graph id="corpus" edgedefault="directed">')
    for node in nodes:
        attributes = graph.nodes[node]
        spans = " ".join(f"{span.start}-{span.end}" for span in attributes["spans"])
        fields = (("name", attributes["name"]), ("kind", attributes["kind"]), ("source", str(node[0])), ("spans", spans))
        lines.append(f"    <node id={_id(node)}>{_data(fields)}</node>")
    edges = sorted((head, tail, key) for head, tail, key in graph.edges(keys=True))
    for head, tail, key in edges:
        attributes = graph.edges[head, tail, key]
        if "evidence" in attributes:
            evidence = f"{attributes['evidence'].start}-{attributes['evidence'].end}"
        else:
            evidence = " ".join(f"{source}:{span.start}-{span.end}" for source, span in attributes["support"])
        edge_fields = (
            ("predicate", attributes["predicate"]),
            ("probability", repr(float(attributes["probability"]))),
            ("evidence", evidence),
        )
        lines.append(f"    <edge source={_id(head)} target={_id(tail)}>{_data(edge_fields)}</edge>")
    return "\n".join([*lines, "  </graph>", "</graphml>", ""])


def _id(node: Node) -> str:
    return quoteattr(_printable(f"{node[0]}|{node[1]}"))


def _data(fields: tuple[tuple[str, str], ...]) -> str:
    return "".join(f'<data key="{name}">{escape(_printable(value))}</data>' for name, value in fields)


def _printable(value: str) -> str:
    """Text that an XML 1.0 parser reads back as it is: no control characters, no surrogates, white space as single spaces."""
    return "".join(
        character if character >= " " and not "\ud800" <= character <= "\udfff" and character not in "\ufffe\uffff" else "\ufffd"
        for character in value.replace("\n", " ").replace("\t", " ").replace("\r", " ")
    )
