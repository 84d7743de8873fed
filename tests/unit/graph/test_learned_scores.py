"""The question graph by the trained policy: other scores, the same rules."""

from __future__ import annotations

import json
from dataclasses import replace

import networkx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tadarag.components import template_of
from tadarag.errors import ModelFileDamaged
from tadarag.graph.policy_candidates import EDGE_FEATURES, NODE_FEATURES
from tadarag.graph.policy_network import PARTS, PolicyNetwork, network_of
from tadarag.graph.question_graph import as_networkx, join_facts
from tadarag.graph.shipped_policy import MANIFEST, WEIGHTS, load_graph_policy
from tadarag.templates.template import Template
from tadarag.testing.stated_facts import Fact, stating
from tadarag.training.policy.artefact import write_graph_policy
from tadarag.values import QuestionGraph, Route

GENERAL = template_of("general_knowledge", None)
LAW = settings(deadline=None, max_examples=40)
_names = st.sampled_from(["Alpha", "Beta", "Gamma", "Delta", "Omega", "Ada Brandt", "2019"])
_relations = st.sampled_from(["", "acquires", "member_of", "related_to", "occurs_on"])
_facts = st.lists(st.tuples(_names, _relations, _names).filter(lambda fact: fact[0] != fact[2]), max_size=12)
_tasks = st.sampled_from([task.name for task in GENERAL.tasks])


def liking(feature: str, *, strength: float = 4.0) -> PolicyNetwork:
    """A policy that wants what has much of one feature of edges and of nodes."""
    arrays = {}
    for part, names in zip(PARTS, (NODE_FEATURES, EDGE_FEATURES), strict=True):
        inner = np.zeros((len(names), 1))
        inner[names.index(feature), 0] = 1.0
        values = {"mean": np.zeros(len(names)), "scale": np.ones(len(names)), "inner": inner, "inner_bias": np.zeros(1)}
        arrays |= {f"{part}.{name}": value for name, value in {**values, "outer": np.full(1, strength), "outer_bias": np.zeros(1)}.items()}
    return network_of(arrays)


def graph_of(
    documents: list[list[Fact]], policy: PolicyNetwork | None, *, task: str = "fact", template: Template = GENERAL
) -> QuestionGraph:
    told = [stating(f"d{number}", *facts) for number, facts in enumerate(documents)]
    extractions = {hit.passage.source: extraction for hit, extraction in told}
    return join_facts("Alpha?", Route(language="en", task=task), [hit for hit, _ in told], extractions, template, policy=policy)


def test_what_the_policy_wants_comes_first() -> None:
    told = [[("Alpha", "acquires", "Beta"), ("Alpha", "acquires", "Gamma"), ("Alpha", "acquires", "Delta")]]
    by_place = graph_of(told, liking("place"))
    assert [by_place.nodes[fact.tail].name for fact in by_place.facts] == ["Delta", "Gamma", "Beta"]
    against = graph_of(told, liking("place", strength=-4.0))
    assert [against.nodes[fact.tail].name for fact in against.facts][:2] == ["Beta", "Gamma"]


def test_what_it_holds_for_unlikely_stays_out() -> None:
    told = [[("Alpha", "acquires", f"Firm{number}") for number in range(10)]]
    unwanted, plain = graph_of(told, liking("place", strength=-9.0)), graph_of(told, None)
    assert len(plain.facts) == 10
    assert 1 <= len(unwanted.facts) < 10


@LAW
@given(st.lists(_facts, max_size=4), _tasks, st.integers(0, 8), st.integers(0, 8))
def test_the_rules_of_a_graph_hold_whoever_scores(documents: list[list[Fact]], task: str, nodes: int, edges: int) -> None:
    template = replace(GENERAL, tasks=tuple(replace(one, nodes=nodes, edges=edges) for one in GENERAL.tasks))
    graph = graph_of(documents, load_graph_policy(), task=task, template=template)
    assert len(graph.nodes) <= nodes
    assert len(graph.facts) <= edges
    assert all(0.0 <= one.score <= 1.0 for one in (*graph.nodes, *graph.facts))
    made = as_networkx(graph).to_undirected()
    parts = [{made.nodes[key]["name"] for key in part} for part in networkx.connected_components(made)]
    if task != "overview" and any(node.is_asked for node in graph.nodes):
        assert all("Alpha" in part for part in parts)


@LAW
@given(st.lists(_facts, max_size=3), _tasks)
def test_a_graph_is_as_poor_by_policy_as_by_formula(documents: list[list[Fact]], task: str) -> None:
    assert graph_of(documents, load_graph_policy(), task=task).is_poor == graph_of(documents, None, task=task).is_poor


def test_what_is_written_is_read_and_equal_policies_give_equal_bytes(tmp_path) -> None:
    for name in ("one", "two"):
        write_graph_policy(tmp_path / name, liking("cosine"), encoder="e", training={})
    assert all((tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes() for name in (MANIFEST, WEIGHTS))
    read = load_graph_policy(tmp_path / "one").arrays()
    assert all(np.array_equal(read[name], value) for name, value in liking("cosine").arrays().items())


def test_a_policy_for_other_features_is_refused(tmp_path) -> None:
    write_graph_policy(tmp_path, liking("cosine"), encoder="e", training={})
    manifest = json.loads((tmp_path / MANIFEST).read_text("utf-8"))
    (tmp_path / MANIFEST).write_text(json.dumps({**manifest, "edge_features": ["other"]}), "utf-8")
    with pytest.raises(ModelFileDamaged, match="other features"):
        load_graph_policy(tmp_path)


def test_a_flipped_byte_is_noticed(tmp_path) -> None:
    write_graph_policy(tmp_path, liking("cosine"), encoder="e", training={})
    data = bytearray((tmp_path / WEIGHTS).read_bytes())
    data[200] ^= 1
    (tmp_path / WEIGHTS).write_bytes(data)
    with pytest.raises(ModelFileDamaged, match="sha256"):
        load_graph_policy(tmp_path)
