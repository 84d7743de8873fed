"""One step and a short run of the full stage 2: what is learned from, what is left alone, what is reported."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

torch = pytest.importorskip("torch", reason="the extra `train` is not installed")
pytest.importorskip("transformers", reason="the extra `train` is not installed")

from tadarag.errors import TrainingError  # noqa: E402
from tadarag.training.causal.answering import answer_items  # noqa: E402
from tadarag.training.causal.frozen_reader import freeze, parameters_hash  # noqa: E402
from tadarag.training.causal.graph_rewards import reward_items, score_graphs, scoring_of  # noqa: E402
from tadarag.training.causal.markers import scale_marker_gradients  # noqa: E402
from tadarag.training.causal.stage_two import stage_two_step  # noqa: E402
from tadarag.training.causal.stage_two_fit import fit_stage_two, make_policy  # noqa: E402
from tadarag.training.causal.stage_two_settings import StageTwoSettings  # noqa: E402
from tadarag.training.reinforcement.advantages import ESTIMATORS  # noqa: E402

SETTINGS = StageTwoSettings(steps=3, batch_size=4, n_graphs=3, temperature=1.0, max_graph_tokens=20, learning_rate=1e-3)
START_OF_GATE = 0.119202922022


def step(tiny, settings, policy=None):
    made = policy or make_policy(tiny.model, tiny.tokenizer, tiny.markers, settings, seed=1)
    generator = torch.Generator().manual_seed(1)
    return stage_two_step(made, tiny.items[:4], settings, scoring_of(), generator=generator)


def test_the_gate_starts_nearly_closed(tiny):
    assert step(tiny, SETTINGS).gates.tolist() == pytest.approx([START_OF_GATE] * len(step(tiny, SETTINGS).gates), abs=1e-6)


@pytest.mark.parametrize("graph_loss", ["mix", "graph"])
def test_the_loss_is_the_joint_one(tiny, graph_loss):
    settings = replace(SETTINGS, graph_loss=graph_loss, alpha=0.3, beta=0.7)
    outcome = step(tiny, settings)
    parts = outcome.losses
    assert float(outcome.loss.detach()) == pytest.approx(0.3 * parts["base"] + 0.7 * parts[graph_loss] + 0.7 * parts["policy"], abs=1e-5)


@pytest.mark.parametrize("estimator", sorted(ESTIMATORS))
def test_every_estimator_runs_by_one_switch(tiny, estimator):
    outcome = step(tiny, replace(SETTINGS, estimator=estimator))
    assert outcome.advantages.shape == (4, 3)
    assert torch.isfinite(outcome.loss)


def test_equal_rewards_leave_the_policy_without_a_slope(tiny):
    settings = replace(SETTINGS, temperature=1e-4, alpha=0.0, graph_loss="graph")  # so cold that all graphs of an item are the same
    outcome = step(tiny, settings)
    assert float(outcome.advantages.abs().max()) == 0
    assert outcome.losses["policy"] == 0


def test_the_published_reader_is_the_policy_itself_and_gives_the_same_gains_at_the_start(tiny):
    frozen, own = (step(tiny, replace(SETTINGS, reader=reader)).rewards for reader in ("frozen", "policy"))
    assert torch.allclose(frozen, own, atol=1e-5)


def test_the_reader_is_as_before_though_the_policy_has_changed(tiny):
    before = parameters_hash(tiny.model)
    policy = make_policy(tiny.model, tiny.tokenizer, tiny.markers, SETTINGS, seed=1)
    done = fit_stage_two(policy, tiny.items, SETTINGS, scoring_of(), seed=1)
    assert policy.reader.sha256 == parameters_hash(policy.reader.model) == before == done.report["reader_sha256"]
    assert parameters_hash(policy.model) != before


def test_a_reader_that_changed_is_found_out(tiny):
    reader = freeze(tiny.model)
    with torch.no_grad():
        reader.model.get_input_embeddings().weight[0, 0] += 1e-6 + reader.model.get_input_embeddings().weight[0, 0].abs() * 1e-3
    with pytest.raises(TrainingError):
        reader.check()


def test_equal_seeds_make_equal_weights_and_rows(tiny):
    start = {name: value.clone() for name, value in tiny.model.state_dict().items()}

    def run(seed):
        tiny.model.load_state_dict(start)
        policy = make_policy(tiny.model, tiny.tokenizer, tiny.markers, SETTINGS, seed=seed)
        done = fit_stage_two(policy, tiny.items, SETTINGS, scoring_of(), seed=seed)
        return parameters_hash(policy.model), done.rows

    assert run(1) == run(1)
    assert run(1)[0] != run(2)[0]


def test_the_report_has_what_the_acceptance_list_asks_for(tiny):
    policy = make_policy(tiny.model, tiny.tokenizer, tiny.markers, SETTINGS, seed=1)
    done = fit_stage_two(policy, tiny.items, replace(SETTINGS, reward="f10"), scoring_of(), seed=1)
    assert {"graph_tokens", "anchored", "advantage_spread", "zero_groups", "gate"} <= set(done.report["figures"])
    assert done.spikes.settings["n_steps"] == len(done.rows) == 3
    assert set(done.rows[0]["terms"]) >= {"gate", "cost", "answer_gain"}
    json.dumps(done.rows, allow_nan=False)


def test_a_graph_without_an_end_gains_nothing(tiny):
    scoring = scoring_of()
    [asked] = reward_items([tiny.items[0].item], scoring)
    text = tiny.items[0].item.graph
    closed, cut = score_graphs([text, text.partition("<|COMPLETE|>")[0]], [asked, asked], [0.8, 0.8], scoring, reward="gain")
    assert (closed.total, cut.total) == (0.8, 0.0)
    [harmful] = score_graphs([text.partition("<|COMPLETE|>")[0]], [asked], [-0.8], scoring, reward="gain")
    assert harmful.total == -0.8


def test_a_loss_that_is_no_number_stops_the_run_before_the_step(tiny):
    policy = make_policy(tiny.model, tiny.tokenizer, tiny.markers, SETTINGS, seed=1)
    with torch.no_grad():
        policy.gate.bias.fill_(float("nan"))
    before = parameters_hash(policy.model)
    with pytest.raises(TrainingError):
        fit_stage_two(policy, tiny.items, SETTINGS, scoring_of(), seed=1)
    assert parameters_hash(policy.model) == before


def test_marker_gradients_are_multiplied_until_the_handle_is_removed(tiny):
    embedding = tiny.model.get_input_embeddings().weight
    ids = torch.tensor([[tiny.markers.start, 5]])

    def gradient():
        tiny.model.zero_grad()
        tiny.model.get_input_embeddings()(ids).sum().backward()
        return embedding.grad.clone()

    plain = gradient()
    handle = scale_marker_gradients(tiny.model, tiny.markers, 100.0)
    scaled = gradient()
    handle.remove()
    assert torch.equal(scaled[tiny.markers.start], 100 * plain[tiny.markers.start])
    assert torch.equal(scaled[5], plain[5])
    assert torch.equal(gradient(), plain)


def test_where_no_graph_was_closed_the_answer_is_that_without_one(tiny):
    gate = make_policy(tiny.model, tiny.tokenizer, tiny.markers, SETTINGS, seed=1).gate
    ways = {
        way: answer_items(tiny.model, tiny.items, tiny.markers, way=way, max_graph=1, max_answer=3, gate=gate) for way in ("alone", "mixed")
    }
    opened = [place for place, one in enumerate(ways["mixed"]) if not one.graph.is_closed]
    assert opened
    assert [ways["mixed"][place].ids for place in opened] == [ways["alone"][place].ids for place in opened]
