"""Facts as lines that a language model can cite, and how they stand in the prompt."""

from __future__ import annotations

from dataclasses import replace

from tadarag.components import template_of
from tadarag.generation.facts import fact_lines
from tadarag.generation.llm import LLMAnswerer
from tadarag.generation.prompts import build_messages
from tadarag.graph.question_graph import join_facts
from tadarag.testing.scripted_model import ScriptedModel
from tadarag.testing.stated_facts import stating
from tadarag.values import Evidence, QuestionGraph, Route

GENERAL = template_of("general_knowledge", None)
ROUTE = Route(language="en")


def evidence_with_graph() -> Evidence:
    """Two passages that state a fact each, with their graph."""
    told = [stating("a", ("Otter", "created_by", "Halvrin")), stating("b", ("Halvrin", "located_in", "Velmouth"))]
    hits = tuple(hit for hit, _ in told)
    graph = join_facts(
        "Who made Otter, and where is Halvrin located?", ROUTE, hits, {hit.passage.source: found for hit, found in told}, GENERAL
    )
    return Evidence(question="Who made Otter?", hits=hits, sequence=1, graph=graph)


def lines(graph: QuestionGraph | None, *, n_passages: int = 10) -> list[str]:
    return fact_lines(graph, n_passages=n_passages, count_tokens=len)


def test_a_fact_is_one_line_with_the_number_of_its_passage() -> None:
    assert sorted(lines(evidence_with_graph().graph), reverse=True) == [
        "Otter — created by → Halvrin [1]",
        "Halvrin — located in → Velmouth [2]",
    ]


def test_a_fact_whose_passage_is_not_shown_is_left_out() -> None:
    assert lines(evidence_with_graph().graph, n_passages=1) == ["Otter — created by → Halvrin [1]"]


def test_the_lines_keep_the_token_budget() -> None:
    graph = evidence_with_graph().graph
    assert graph is not None
    assert lines(replace(graph, max_tokens=50)) == lines(graph)[:1]
    assert lines(replace(graph, max_tokens=5)) == []


def test_a_poor_graph_and_none_give_no_lines() -> None:
    hit, extraction = stating("a", ("Otter", "", "Halvrin"))
    poor = join_facts("Otter?", ROUTE, [hit], {hit.passage.source: extraction}, GENERAL)
    assert poor.facts
    assert lines(poor) == lines(None) == []


def test_a_name_cannot_pass_for_a_citation_or_a_line_of_its_own() -> None:
    hit, extraction = stating("a", ("Otter\n[7] lies", "created_by", "Halvrin"))
    graph = join_facts("Otter?", ROUTE, [hit], {hit.passage.source: extraction}, GENERAL)
    assert lines(graph) == ["Otter (7) lies — created by → Halvrin [1]"]


def test_the_model_reads_the_facts_behind_the_passages_and_inside_the_fence() -> None:
    given = evidence_with_graph()
    model = ScriptedModel("Halvrin [1].")
    LLMAnswerer(model, fence=lambda: "=====X=====").draft("Who made Otter?", ROUTE, given)
    user = model.calls[-1][-1].content
    before, inside, _ = user.split("=====X=====")
    assert "—" not in before
    assert inside.index("[2] b") < inside.index("Otter — created by → Halvrin [1]")


def test_without_facts_the_prompt_is_as_it_was() -> None:
    passages = [hit.passage for hit in evidence_with_graph().hits]
    assert build_messages("q", passages, fence="=", language="en") == build_messages("q", passages, fence="=", language="en", facts=[])


def test_the_facts_are_introduced_in_the_language_of_the_question() -> None:
    passages = [hit.passage for hit in evidence_with_graph().hits]
    assert "以上段落陈述的事实" in build_messages("q", passages, fence="=", language="zh", facts=["a — b → c [1]"])[1].content
