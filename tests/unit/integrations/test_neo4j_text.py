"""A node's neighbourhood in sentences: complete, in sorted order, in its own language."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tadarag.integrations.neo4j_graph import ServerNode
from tadarag.integrations.neo4j_text import MOST_INCOMING, Neighbour, node_document, node_name, shown_value, words

ADA = ServerNode(
    ("Engineer", "Person"), {"name": "Ada Tamber", "born": date(1815, 12, 10), "tags": ["code", "verse"], "vector": [0.5] * 64}
)
VALUES = st.one_of(st.text(max_size=20), st.integers(), st.booleans(), st.lists(st.integers(), max_size=3))


def test_labels_properties_and_relationships_become_sentences() -> None:
    document = node_document("Ada Tamber", ADA, [Neighbour("WORKED_WITH", "Karel", {"since": 1833})], [Neighbour("taught", "Mira", {})])
    assert document.text == (
        "Ada Tamber\n\nAda Tamber is an engineer and a person.\nAda Tamber: born 1815-12-10.\nAda Tamber: tags code, verse.\n\n"
        "Ada Tamber worked with Karel (since 1833).\n\nMira taught Ada Tamber."
    )
    assert (document.title, document.date) == ("Ada Tamber", "")


def test_headings_keep_their_spans() -> None:
    document = node_document("Ada Tamber", ServerNode((), {"life": "She wrote. " * 40}), [], [])
    assert [heading.span.of(document.text) for heading in document.headings] == ["Ada Tamber", "life"]


def test_chinese_words_are_told_in_chinese_also_where_types_are_latin() -> None:
    node = ServerNode(("人物",), {"姓名": "钟履谦"})
    document = node_document("钟履谦", node, [Neighbour("创办", "奎伦湾航运公司", {}), Neighbour("WORKS_AT", "奎伦湾", {})], [])
    assert document.text == "钟履谦\n\n钟履谦是人物。\n\n钟履谦 works at 奎伦湾。\n钟履谦创办奎伦湾航运公司。"
    assert document.language == "zh"


def test_a_node_that_much_leads_to_says_how_much_is_not_told() -> None:
    incoming = [Neighbour("cites", f"Paper {number:04}", {}) for number in range(MOST_INCOMING + 3)]
    text = node_document("Ada", ServerNode((), {}), [], incoming).text
    assert text.count(" cites ") == MOST_INCOMING
    assert text.endswith("3 more relationships lead to Ada.")


@given(st.dictionaries(st.text(min_size=1, max_size=8), VALUES, max_size=4), st.permutations(["a", "b", "c"]), st.permutations([1, 2, 3]))
def test_the_order_in_which_a_server_answers_plays_no_part(properties: dict, names: list, others: list) -> None:
    given_so = node_document(
        "X", ServerNode((), properties), [Neighbour("r", name, {}) for name in names], [Neighbour("s", str(n), {}) for n in others]
    )
    sorted_so = node_document(
        "X",
        ServerNode((), dict(sorted(properties.items()))),
        [Neighbour("r", name, {}) for name in sorted(names)],
        [Neighbour("s", str(n), {}) for n in sorted(others)],
    )
    assert given_so == sorted_so


@pytest.mark.parametrize(
    ("properties", "name"),
    [
        ({"title": "The Salt Road", "id": 3}, "The Salt Road"),
        ({"name": " ", "code": "Q7"}, "Q7"),
        ({"名称": "奎伦湾"}, "奎伦湾"),
        ({"id": 3}, "3"),
        ({}, ""),
    ],
)
def test_a_node_is_called_by_the_first_property_that_names_it(properties: dict, name: str) -> None:
    assert node_name(ServerNode((), properties)) == name


def test_a_property_that_is_asked_for_names_the_node() -> None:
    assert node_name(ServerNode((), {"name": "Ada", "alias": "The Countess"}), "alias") == "The Countess"


@pytest.mark.parametrize(("value", "shown"), [(True, "true"), ([1, 2], "1, 2"), (b"\0", ""), (None, ""), ([0.1] * 17, ""), (1.5, "1.5")])
def test_values_are_shown_where_they_say_something(value: object, shown: str) -> None:
    assert shown_value(value) == shown


@pytest.mark.parametrize(
    ("name", "said"), [("WORKED_WITH", "worked with"), ("workedWith", "worked with"), ("创办", "创办"), ("HAS_名", "has 名")]
)
def test_names_of_types_become_words(name: str, said: str) -> None:
    assert words(name) == said
