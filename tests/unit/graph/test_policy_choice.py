"""What a policy chooses from, and the graph of so many tokens that comes of its probabilities."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tadarag.components import template_of
from tadarag.graph.policy_candidates import EDGE_FEATURES, NODE_FEATURES, PolicyCandidates, policy_candidates
from tadarag.graph.policy_choice import Chosen, Costs, choose_graph, unit_chances
from tadarag.graph.policy_network import PolicyNetwork, network_of
from tadarag.graph.question_candidates import find_candidates
from tadarag.graph.question_scores import read_asked, score
from tadarag.testing.stated_facts import stating
from tadarag.values import Extraction, Hit, Route

GENERAL = template_of("general_knowledge", None)
KINDS = {"Ada Brandt": "person", "Velmouth": "location", "Quillen": "location"}
TOLD = (
    stating("a", ("Ada Brandt", "lives_in", "Velmouth"), ("Otter", "", "Quillen"), kinds=KINDS, scores=(0.9, 0.1)),
    stating("b", ("Velmouth", "lies_in", "Quillen"), kinds=KINDS, scores=(0.6,)),
)


def read(question: str = "Where does Ada Brandt live?", told: tuple[tuple[Hit, Extraction], ...] = TOLD) -> PolicyCandidates:
    hits = [hit for hit, _ in told]
    extractions = {hit.passage.source: extraction for hit, extraction in told}
    found = find_candidates([hit.passage for hit in hits], extractions, GENERAL)
    asked = read_asked(question, Route(language="en"), GENERAL)
    return policy_candidates(found, score(found, hits, asked), hits, asked)


def costs(found: PolicyCandidates, *, of_one: int = 10) -> Costs:
    n, m, s = len(found.keys), len(found.edges), len(found.sentences)
    return Costs(nodes=np.full(n, 2), edges=np.full(m, 1), sentences=np.full(s, of_one), headings=np.full(s, 3))


def chosen(found: PolicyCandidates, nodes: np.ndarray, edges: np.ndarray, budget: int, **options: object) -> Chosen:
    cites = (found.node_cites, found.edge_cites)
    return choose_graph(unit_chances(nodes, edges, found.ends), found.ends, cites, found.sentences, costs(found), budget=budget, **options)


def test_every_candidate_cites_a_sentence_that_names_it() -> None:
    found = read()
    assert {key[0] for key in found.keys} == {"ada brandt", "velmouth", "otter", "quillen"}
    for key, cite in zip(found.keys, found.node_cites, strict=True):
        assert key[0] in found.sentences[cite].text.lower()
    for edge, cite in zip(found.edges, found.edge_cites, strict=True):
        assert all(end[0] in found.sentences[cite].text.lower() for end in (edge.head, edge.tail))


def test_what_the_question_names_leads_and_features_have_their_columns() -> None:
    found = read()
    assert found.node_features.shape == (len(found.keys), len(NODE_FEATURES))
    assert found.edge_features.shape == (len(found.edges), len(EDGE_FEATURES))
    assert found.keys[0] == ("ada brandt", "person")
    assert found.node_features[0, NODE_FEATURES.index("is_asked")] == 1.0
    assert found.node_features[1:, NODE_FEATURES.index("is_asked")].sum() == 0.0


def test_the_candidates_do_not_hang_on_the_order_of_extraction() -> None:
    again = read(told=(TOLD[0], TOLD[1]))
    assert np.array_equal(again.node_features, read().node_features)
    assert again.keys == read().keys


def test_nothing_that_is_named_gives_no_candidates() -> None:
    found = read(told=())
    assert not found.keys
    assert not found.edges
    assert chosen(found, np.zeros(0), np.zeros(0), 100).tokens == 0


def test_chances_of_a_fact_and_of_a_lone_thing_are_those_of_drawn_graphs() -> None:
    of_edges, of_nodes = unit_chances(np.array([0.5, 0.8]), np.array([0.25]), np.array([[0, 1]]))
    assert of_edges == pytest.approx([0.1])  # both ends and itself
    assert of_nodes == pytest.approx([0.5 * (1 - 0.2), 0.8 * (1 - 0.125)])


@given(budget=st.integers(0, 80), seed=st.integers(0, 10_000))
def test_a_graph_keeps_to_its_budget_and_its_edges_to_its_nodes(budget: int, seed: int) -> None:
    found, random = read(), np.random.default_rng(seed)
    nodes, edges = random.random(len(found.keys)), random.random(len(found.edges))
    allowed = (random.random(len(nodes)) < 0.7, random.random(len(edges)) < 0.7)
    graph = chosen(found, nodes, edges, budget, allowed=allowed)
    assert graph.tokens <= budget
    assert not (graph.nodes & ~allowed[0]).any()
    assert not (graph.edges & ~allowed[1]).any()
    assert graph.nodes[found.ends[graph.edges]].all()
    shown = {found.sentences[cite].hit for cite in graph.cited}
    of_names = 2 * graph.nodes.sum() + graph.edges.sum()
    assert graph.tokens == of_names + 10 * len(graph.cited) + 3 * len(shown)


def test_the_likeliest_comes_first_and_below_the_least_chance_nothing() -> None:
    found = read()
    edges = np.where([edge.relation == "lives_in" for edge in found.edges], 0.9, 0.1)
    nodes = np.where([key[0] in ("ada brandt", "velmouth") for key in found.keys], 0.95, 0.3)
    graph = chosen(found, nodes, edges, 18)
    assert [found.edges[index].relation for index in np.flatnonzero(graph.edges)] == ["lives_in"]
    assert chosen(found, np.full(len(found.keys), 0.2), edges, 1000, least=0.5).tokens == 0


def test_arrays_that_do_not_fit_the_features_are_refused() -> None:
    arrays = _arrays()
    assert isinstance(network_of(arrays), PolicyNetwork)
    with pytest.raises(ValueError, match="node part"):
        network_of({**arrays, "node.inner": arrays["node.inner"][1:]})


def _arrays() -> dict[str, np.ndarray]:
    made = {}
    for part, names in (("node", NODE_FEATURES), ("edge", EDGE_FEATURES)):
        k = len(names)
        made |= {f"{part}.mean": np.zeros(k), f"{part}.scale": np.ones(k), f"{part}.inner": np.ones((k, 3))}
        made |= {f"{part}.inner_bias": np.zeros(3), f"{part}.outer": np.ones(3), f"{part}.outer_bias": np.zeros(1)}
    return made


def test_what_there_was_no_room_for_changes_nothing_and_is_not_weighed() -> None:
    found, random = read(), np.random.default_rng(3)
    nodes, edges = random.random(len(found.keys)), random.random(len(found.edges))
    for _ in range(40):
        allowed = (random.random(len(nodes)) < 0.6, random.random(len(edges)) < 0.6)
        graph = chosen(found, nodes, edges, 20, allowed=allowed)
        other = tuple(np.where(weighed, own, random.random(len(own)) < 0.5) for weighed, own in zip(graph.weighed, allowed, strict=True))
        again = chosen(found, nodes, edges, 20, allowed=other)
        assert again.cited == graph.cited
        assert np.array_equal(again.nodes, graph.nodes)
        assert np.array_equal(again.edges, graph.edges)
