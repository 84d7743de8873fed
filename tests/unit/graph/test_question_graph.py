"""The question graph: what the selected passages state, joined, scored against the question, pruned to the budget of its task."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import networkx
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tadarag.components import template_of
from tadarag.graph.cannot_link import cannot_link_in
from tadarag.graph.question_graph import as_networkx, join_facts
from tadarag.templates.template import Template
from tadarag.testing.stated_facts import Fact, stating
from tadarag.values import Extraction, Hit, QuestionGraph, Route, SourceName

GENERAL = template_of("general_knowledge", None)
KINDS = {
    "Ada Brandt": "person",
    "Bo Brandt": "person",
    "Brandt": "person",
    "Velmouth": "location",
    "Quillen": "location",
    "Otter": "product",
}
Told = tuple[Hit, Extraction]


def graph_of(question: str, *told: Told, task: str = "fact", answer: str = "text", template: Template = GENERAL) -> QuestionGraph:
    """The graph of a question over passages in the given order."""
    extractions = {hit.passage.source: extraction for hit, extraction in told}
    return join_facts(question, Route(language="en", task=task, answer=answer), [hit for hit, _ in told], extractions, template)


def lines(graph: QuestionGraph, *kinds: str) -> set[Fact]:
    """The facts as names, of some kinds or all."""
    return {
        (graph.nodes[fact.head].name, fact.relation, graph.nodes[fact.tail].name) for fact in graph.facts if not kinds or fact.kind in kinds
    }


def components(graph: QuestionGraph) -> list[set[str]]:
    """Names of what hangs together."""
    made = as_networkx(graph).to_undirected()
    return [{made.nodes[key]["name"] for key in part} for part in networkx.connected_components(made)]


def small(**budget: int) -> Template:
    """The general template with other budgets."""
    return replace(GENERAL, tasks=tuple(replace(task, **budget) for task in GENERAL.tasks))


def test_facts_of_two_passages_meet_in_their_common_name() -> None:
    graph = graph_of(
        "Where does the maker of Otter lie?",
        stating("a", ("Otter", "created_by", "Halvrin"), kinds=KINDS),
        stating("b", ("Halvrin", "located_in", "Velmouth"), kinds=KINDS),
        task="bridge",
        answer="place",
    )
    assert lines(graph) == {("Otter", "created_by", "Halvrin"), ("Halvrin", "located_in", "Velmouth")}
    assert len(components(graph)) == 1
    assert {node.name for node in graph.nodes if node.is_asked} == {"Otter"}


def test_a_name_of_unknown_kind_joins_the_only_kind_that_its_name_has() -> None:
    graph = graph_of(
        "Halvrin?",
        stating("a", ("Otter", "created_by", "Halvrin"), kinds=KINDS),
        stating("b", ("Halvrin", "located_in", "Velmouth"), kinds={**KINDS, "Halvrin": "name"}),
    )
    assert [node.key for node in graph.nodes if node.name == "Halvrin"] == [("halvrin", "organization")]


def test_a_fact_that_two_passages_state_is_one_fact_with_both_sentences() -> None:
    graph = graph_of(
        "Who made Otter?",
        stating("a", ("Otter", "created_by", "Halvrin"), kinds=KINDS, scores=[0.2]),
        stating("b", ("Otter", "created_by", "Halvrin"), kinds=KINDS, scores=[0.8]),
    )
    (fact,) = graph.facts
    assert [one.passage for one in fact.stated_in] == [2, 1]


def test_a_last_name_that_two_persons_bear_joins_nothing() -> None:
    graph = graph_of(
        "Brandt?",
        stating("a", ("Ada Brandt", "member_of", "Halvrin"), kinds=KINDS),
        stating("b", ("Bo Brandt", "member_of", "Tern"), kinds=KINDS),
        stating("c", ("Brandt", "born_in", "Velmouth"), kinds=KINDS),
        stating("d", ("Brandt", "born_in", "Quillen"), kinds=KINDS),
    )
    assert len([node for node in graph.nodes if node.name == "Brandt"]) == 2


def test_a_decision_keeps_the_bearer_of_a_name_in_one_source_apart() -> None:
    told = [stating(path, ("Otter", "created_by", maker), kinds=KINDS) for path, maker in (("a", "Halvrin"), ("b", "Tern"))]
    extractions = {hit.passage.source: extraction for hit, extraction in told}
    links = [cannot_link_in("Otter", SourceName(".", "b"))]
    graph = join_facts("Otter?", Route(language="en"), [hit for hit, _ in told], extractions, GENERAL, links=links)
    assert sorted(map(sorted, components(graph))) == [["Halvrin", "Otter"], ["Otter", "Tern"]]


def test_a_passage_without_an_extraction_is_left_out_and_keeps_its_number() -> None:
    first, second = stating("a", ("Otter", "created_by", "Tern")), stating("b", ("Otter", "created_by", "Halvrin"))
    graph = join_facts("Otter?", Route(language="en"), [first[0], second[0]], {second[0].passage.source: second[1]}, GENERAL)
    assert [one.passage for fact in graph.facts for one in fact.stated_in] == [2]


def test_the_relation_that_the_question_asks_for_comes_first() -> None:
    told = stating("a", ("Halvrin", "member_of", "Tern"), ("Halvrin", "located_in", "Velmouth"), kinds=KINDS, scores=[0.5, 0.5])
    assert graph_of("Where is Halvrin located?", told, answer="place").facts[0].relation == "located_in"


def test_the_better_sentence_wins_where_the_budget_ends() -> None:
    told = stating("a", *(("Halvrin", "acquires", f"Firm{n}") for n in range(30)), scores=[0.9 if n == 17 else 0.3 for n in range(30)])
    graph = graph_of("What did Halvrin buy?", told)
    assert graph.facts[0].tail == [node.name for node in graph.nodes].index("Firm17")
    assert (len(graph.nodes), len(graph.facts)) == (12, 11)


def test_what_bears_far_less_on_the_question_stays_out() -> None:
    told = stating("a", ("Otter", "created_by", "Halvrin"), ("Halvrin", "located_in", "Velmouth"), kinds=KINDS, scores=[0.9, 0.0])
    far = stating("b", ("Tern", "located_in", "Velmouth"), kinds=KINDS, scores=[0.0])
    assert "Tern" not in {node.name for node in graph_of("Who made Otter?", told, far, answer="organization").nodes}


def test_a_bridge_keeps_the_way_to_what_may_answer() -> None:
    noise = [("Otter", "has_value", f"Thing{n}") for n in range(40)]
    told = stating("a", *noise, ("Otter", "created_by", "Halvrin"), kinds=KINDS, scores=[0.6] * 40 + [0.1])
    other = stating("b", ("Halvrin", "founded_by", "Ada Brandt"), kinds=KINDS, scores=[0.1])
    graph = graph_of("Who founded the maker of Otter?", told, other, task="bridge", answer="person")
    assert {("Otter", "created_by", "Halvrin"), ("Halvrin", "founded_by", "Ada Brandt")} <= lines(graph)


def test_a_comparison_keeps_the_same_relation_for_each_subject() -> None:
    noise = [(name, "acquires", f"{name}Firm{n}") for name in ("Halvrin",) for n in range(40)]
    told = stating(
        "a", *noise, ("Halvrin", "located_in", "Velmouth"), ("Tern", "located_in", "Quillen"), kinds=KINDS, scores=[0.9] * 40 + [0.1] * 2
    )
    graph = graph_of("Which is larger, Halvrin or Tern?", told, task="comparison")
    assert {("Halvrin", "located_in", "Velmouth"), ("Tern", "located_in", "Quillen")} <= lines(graph)


def test_a_list_keeps_one_head_with_every_member() -> None:
    members = [(f"Person{n}", "member_of", "Halvrin") for n in range(25)]
    told = stating("a", *members, *(("Halvrin", "acquires", f"Firm{n}") for n in range(3)), scores=[0.5] * 25 + [0.9] * 3)
    graph = graph_of("Who are all members of Halvrin?", told, task="list")
    assert set(members) <= lines(graph)


def test_dates_are_put_in_order() -> None:
    kinds = {"Start": "event", "Stop": "event", "End": "event", "2019": "time", "2020-05": "time", "2021": "time"}
    facts = [
        ("Stop", "occurs_on", "2020-05"),
        ("Start", "occurs_on", "2019"),
        ("End", "occurs_on", "2021"),
        ("Start", "before", "Stop"),
        ("Stop", "before", "End"),
    ]
    graph = graph_of("What came after Start?", stating("a", *facts, kinds=kinds), task="temporal")
    assert lines(graph, "order") == {("2019", "before", "2020-05"), ("2020-05", "before", "2021")}
    assert all(fact.stated_in for fact in graph.facts)


def test_a_year_and_a_month_in_it_have_no_order() -> None:
    kinds = {"Start": "event", "Stop": "event", "2020": "time", "2020-05": "time"}
    told = stating("a", ("Start", "occurs_on", "2020"), ("Stop", "occurs_on", "2020-05"), ("Start", "before", "Stop"), kinds=kinds)
    assert not lines(graph_of("What came after Start?", told, task="temporal"), "order")


def test_an_overview_takes_something_from_every_source() -> None:
    loud = stating("a", *((f"A{n}", "acquires", f"B{n}") for n in range(80)), scores=[0.9] * 80)
    quiet = stating("b", ("Halvrin", "acquires", "Tern"), scores=[0.0])
    assert ("Halvrin", "acquires", "Tern") in lines(graph_of("Summarise it.", loud, quiet, task="overview"))


def test_edges_that_state_nothing_are_at_most_one_in_five() -> None:
    stated = [("Halvrin", "acquires", f"Firm{n}") for n in range(5)]
    together = [(f"Firm{n}", "", f"Firm{n + 1}") for n in range(4)]
    graph = graph_of("What did Halvrin buy?", stating("a", *stated, *together))
    assert [fact.kind for fact in graph.facts].count("together") == 1


def test_a_poor_graph_shows_only_what_is_named_together_with_what_the_question_names() -> None:
    graph = graph_of("What of Halvrin?", stating("a", ("Halvrin", "", "Tern"), ("Tern", "", "Otter"), ("Otter", "", "Lynx")))
    assert graph.is_poor
    assert lines(graph, "together") == {("Halvrin", "together", "Tern")}


def test_where_no_fact_is_stated_the_graph_is_poor_and_shows_what_is_named_together() -> None:
    graph = graph_of("What of Halvrin?", stating("a", ("Halvrin", "", "Tern")))
    assert graph.is_poor
    assert lines(graph, "together") == {("Halvrin", "together", "Tern")}


def test_facts_that_have_no_part_in_what_the_question_names_do_not_make_a_graph_rich() -> None:
    told = stating("a", ("Halvrin", "", "Tern")), stating("b", ("Velmouth", "part_of", "Quillen"), kinds=KINDS)
    assert graph_of("What of Halvrin?", *told).is_poor


def test_nothing_selected_is_an_empty_graph() -> None:
    graph = graph_of("Who?")
    assert (graph.nodes, graph.facts, graph.is_poor) == ((), (), True)


def test_a_question_without_words_has_a_graph_all_the_same() -> None:
    assert graph_of("?", stating("a", ("Otter", "created_by", "Halvrin"))).facts


def test_chinese_names_and_relations_are_matched() -> None:
    kinds = {"韩若溪": "person", "韩若川": "person", "青岛": "location", "海湾博物馆": "organization"}
    told = stating("甲", ("韩若溪", "born_in", "青岛"), ("韩若川", "member_of", "海湾博物馆"), kinds=kinds, scores=[0.5, 0.5])
    extractions = {told[0].passage.source: told[1]}
    graph = join_facts("韓若溪的出生地是哪里？", Route(language="zh", answer="place"), [told[0]], extractions, GENERAL)
    assert [node.name for node in graph.nodes if node.is_asked] == ["韩若溪"]
    assert (graph.facts[0].relation, graph.facts[0].shown) == ("born_in", "出生地")


def test_the_graph_for_networkx_carries_what_a_program_needs() -> None:
    graph = as_networkx(graph_of("Who made Otter?", stating("a", ("Otter", "created_by", "Halvrin"), kinds=KINDS)))
    ((head, tail, edge),) = graph.edges(data=True)
    assert (head, tail) == (("otter", "product"), ("halvrin", "organization"))
    assert (edge["predicate"], edge["shown"], edge["kind"], edge["passage"]) == ("created_by", "created by", "template", 1)
    assert (edge["source"], edge["span"].start, graph.graph["is_poor"]) == (SourceName(".", "a"), 0, False)
    assert graph.nodes[head]["is_asked"]


LAW = settings(deadline=None, max_examples=50)
_names = st.sampled_from(["Alpha", "Beta", "Gamma", "Delta", "Omega", "Ada Brandt", "2019", "2020-05"])
_relations = st.sampled_from(["", "", "acquires", "member_of", "related_to", "occurs_on", "before"])
_facts = st.lists(st.tuples(_names, _relations, _names).filter(lambda fact: fact[0] != fact[2]), max_size=12)
_tasks = st.sampled_from([task.name for task in GENERAL.tasks])
_WORLD = {"2019": "time", "2020-05": "time", "Ada Brandt": "person", "Gamma": "event"}
_QUESTION = "Did Alpha or Ada Brandt join Omega before 2019?"


def world(documents: list[list[Fact]]) -> list[Told]:
    """Passages that state the facts of each document."""
    return [stating(f"d{number}", *facts, kinds=_WORLD) for number, facts in enumerate(documents)]


@LAW
@given(st.lists(_facts, max_size=4), _tasks, st.integers(0, 8), st.integers(0, 8))
def test_the_budget_is_kept(documents: list[list[Fact]], task: str, nodes: int, edges: int) -> None:
    graph = graph_of(_QUESTION, *world(documents), task=task, template=small(nodes=nodes, edges=edges))
    assert len(graph.nodes) <= nodes
    assert len(graph.facts) <= edges


@LAW
@given(st.lists(_facts, max_size=4), _tasks)
def test_every_node_and_fact_stands_in_its_source(documents: list[list[Fact]], task: str) -> None:
    told = world(documents)
    texts = {hit.passage.source: hit.passage.text for hit, _ in told}
    graph = graph_of(_QUESTION, *told, task=task)
    for node in graph.nodes:
        assert node.spans
        assert all(span.of(texts[source]) == node.name for source, span in node.spans)
    for fact in graph.facts:
        assert fact.stated_in
        for one in fact.stated_in:
            passage = told[one.passage - 1][0].passage
            assert (one.source, one.content) == (passage.source, passage.content)
            assert one.span in passage.sentences


@LAW
@given(st.lists(_facts, max_size=4), _tasks.filter(lambda task: task != "overview"))
def test_every_component_holds_what_is_asked_or_a_fact_of_a_sentence_that_names_it(documents: list[list[Fact]], task: str) -> None:
    graph = graph_of("Alpha?", *world(documents), task=task, template=small(nodes=6, edges=6))
    if any(node.is_asked for node in graph.nodes):
        assert all("Alpha" in part for part in components(graph))
    else:
        assert len(components(graph)) <= 1


@LAW
@given(st.lists(_facts, max_size=4), _tasks)
@example([[("Alpha", "", "Beta"), ("Beta", "acquires", "Gamma")]], "bridge")
def test_one_edge_in_five_at_most_states_nothing_where_something_is_stated(documents: list[list[Fact]], task: str) -> None:
    graph = graph_of(_QUESTION, *world(documents), task=task)
    empty = [fact for fact in graph.facts if fact.kind == "together" or fact.relation == "related_to"]
    stated = [fact for fact in graph.facts if fact not in empty and fact.kind != "order"]
    assert not stated or 4 * len(empty) <= len(stated)


@LAW
@given(st.lists(_facts, min_size=1, max_size=3), _tasks)
def test_the_order_of_what_was_extracted_plays_no_part(documents: list[list[Fact]], task: str) -> None:
    told = world(documents)
    turned = [(hit, replace(extraction, relations=extraction.relations[::-1])) for hit, extraction in told]
    assert graph_of(_QUESTION, *turned, task=task) == graph_of(_QUESTION, *told, task=task)


@LAW
@given(st.lists(_facts, max_size=3))
def test_dates_in_order_are_ascending(documents: list[list[Fact]]) -> None:
    graph = graph_of(_QUESTION, *world(documents), task="temporal")
    for fact in graph.facts:
        if fact.kind == "order":
            assert graph.nodes[fact.head].normal < graph.nodes[fact.tail].normal
    scores = [fact.score for fact in graph.facts if fact.kind != "order"]
    assert all(one >= other for one, other in pairwise(scores))


@pytest.mark.parametrize("task", [task.name for task in GENERAL.tasks])
def test_every_task_type_has_a_graph(task: str) -> None:
    told = stating("a", ("Otter", "created_by", "Halvrin"), ("Halvrin", "located_in", "Velmouth"), kinds=KINDS)
    graph = graph_of("Who made the Otter?", told, task=task)
    assert ("Otter", "created_by", "Halvrin") in lines(graph)
