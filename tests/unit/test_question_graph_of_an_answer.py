"""The façade joins what the passages behind an answer state into a question graph."""

from tadarag import KnowledgeBase
from tadarag.extraction.rules import RuleExtractor
from tadarag.testing.hashing_encoder import HashingEncoder

TEXT = "Anna Stern founded Ost Harbour Ltd in 1999. Bruno Keller joined Ost Harbour Ltd in 2004.\n"


def test_the_graph_of_an_answer_holds_what_its_passages_state(tmp_path):
    (tmp_path / "harbour.md").write_text(TEXT)
    with KnowledgeBase.open(tmp_path, encoder=HashingEncoder(), extractor=RuleExtractor()) as base:
        base.ingest(tmp_path)
        graph = base.question_graph(base.ask("Who founded Ost Harbour Ltd?", pipeline="evidence-only"))
    names = {key: node["name"] for key, node in graph.nodes(data=True)}
    stated = [(names[head], edge["predicate"], names[tail], edge["span"].of(TEXT)) for head, tail, edge in graph.edges(data=True)]
    assert ("Ost Harbour Ltd", "founded_by", "Anna Stern", "Anna Stern founded Ost Harbour Ltd in 1999.") in stated


def test_without_a_stated_fact_the_graph_says_so_and_shows_what_is_named_together(tmp_path):
    (tmp_path / "harbour.md").write_text("Bruno Keller liked Ost Harbour Ltd very much.\n")
    with KnowledgeBase.open(tmp_path, encoder=HashingEncoder(), extractor=RuleExtractor()) as base:
        base.ingest(tmp_path)
        graph = base.question_graph(base.ask("What of Bruno Keller?", pipeline="evidence-only"))
    assert graph.graph["is_poor"]
    assert {edge["kind"] for _, _, edge in graph.edges(data=True)} == {"together"}


def test_a_document_that_has_gone_leaves_the_graph_of_an_older_answer(tmp_path):
    (tmp_path / "harbour.md").write_text(TEXT)
    with KnowledgeBase.open(tmp_path, encoder=HashingEncoder()) as base:
        base.ingest(tmp_path)
        answer = base.ask("Who founded Ost Harbour Ltd?", pipeline="evidence-only")
        base.delete("harbour.md")
        assert base.question_graph(answer).number_of_nodes() == 0
