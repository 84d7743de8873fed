"""The façade joins what the passages behind an answer state into a question graph."""

from tadarag import KnowledgeBase
from tadarag.testing.hashing_encoder import HashingEncoder

TEXT = "Anna Stern founded Ost Harbour Ltd in 1999. Bruno Keller joined Ost Harbour Ltd in 2004.\n"


def test_the_graph_of_an_answer_holds_the_names_that_its_passages_state(tmp_path):
    (tmp_path / "harbour.md").write_text(TEXT)
    with KnowledgeBase.open(tmp_path, encoder=HashingEncoder()) as base:
        base.ingest(tmp_path)
        graph = base.question_graph(base.ask("Who founded Ost Harbour Ltd?", pipeline="evidence-only"))
    assert {"Anna Stern", "Bruno Keller", "Ost Harbour Ltd"} <= {node["name"] for _, node in graph.nodes(data=True)}
    assert all(TEXT[edge["span"].start : edge["span"].end] in TEXT for _, _, edge in graph.edges(data=True))
    assert graph.number_of_edges() >= 2


def test_a_document_that_has_gone_leaves_the_graph_of_an_older_answer(tmp_path):
    (tmp_path / "harbour.md").write_text(TEXT)
    with KnowledgeBase.open(tmp_path, encoder=HashingEncoder()) as base:
        base.ingest(tmp_path)
        answer = base.ask("Who founded Ost Harbour Ltd?", pipeline="evidence-only")
        base.delete("harbour.md")
        assert base.question_graph(answer).number_of_nodes() == 0
