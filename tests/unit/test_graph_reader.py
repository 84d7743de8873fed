"""The corpus graph that is read again and again: always the whole one of today, and what did not change is not read again."""

from __future__ import annotations

import pytest

from tadarag.knowledge_base import KnowledgeBase
from tadarag.testing.hashing_encoder import HashingEncoder
from tadarag.values import Document, SourceName

TEXTS = {
    "line.md": "The Halvrin Group, formerly known as Tarnwick Engines, runs ferries. Margit Sollow was born in 1961.",
    "engines.md": "Tarnwick Engines built a mill. Margit Sollow leads Tarnwick Engines.",
    "航运.md": "奎伦湾航运公司（英语：Halvrin Group）总部设在奎伦湾。",
}


def put(base, name, text):
    base.ingest_documents([(SourceName(".", name), Document(text=text, language="en" if text.isascii() else "zh"))])


@pytest.fixture
def base(tmp_path):
    with KnowledgeBase.open(tmp_path, encoder=HashingEncoder(), workers=1) as opened:
        for name, text in TEXTS.items():
            put(opened, name, text)
        yield opened


@pytest.mark.parametrize(
    "change",
    [
        lambda base: put(base, "new.md", "Margit Sollow met Petra Solvane."),
        lambda base: put(base, "line.md", "Margit Sollow was born in 1962."),
        lambda base: put(base, "copy.md", TEXTS["line.md"]),
        lambda base: base.delete("engines.md"),
        lambda base: base.unmerge("Halvrin Group", "Tarnwick Engines"),
        lambda base: base.reindex(),
        lambda base: base.vacuum(),
    ],
    ids=["added", "edited", "copied", "deleted", "unmerged", "reindexed", "vacuumed"],
)
def test_after_any_change_it_is_the_graph_that_is_read_anew(base, change):
    read = base.graph_reader()
    assert read() == base.graph()
    change(base)
    assert read() == base.graph()


def test_what_another_process_changed_is_seen(base, tmp_path):
    with KnowledgeBase.open(tmp_path, encoder=HashingEncoder(), workers=1, read_only=True) as reading:
        read = reading.graph_reader()
        read()
        base.delete("line.md")
        assert read() == base.graph()


def test_a_document_that_did_not_change_is_not_read_again(base):
    read = base.graph_reader()
    before = read()
    put(base, "line.md", "Margit Sollow was born in 1962.")
    after = read()
    unchanged = [node for node in after.entities if node[0].path != "line.md"]
    assert unchanged
    assert all(after.entities[node] is before.entities[node] for node in unchanged)
    assert not any(after.entities[node] is before.entities.get(node) for node in after.entities if node[0].path == "line.md")


def test_nothing_is_read_while_nothing_changes(base):
    read = base.graph_reader()
    assert read() is read()
