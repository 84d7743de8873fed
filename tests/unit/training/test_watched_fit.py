# ruff: noqa: E402  # torch is not installed everywhere
"""A fit that is watched: looking changes nothing, a stopped run goes on the same, guards act, and a loss that is no number ends it clearly."""

import json
import math
import os
import random
import re
import signal
import subprocess
import sys
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from tadarag.errors import TrainingError
from tadarag.training.fitting import Checkpoint, FitSettings, fit_network, write_log
from tadarag.training.spikes.events import read_spikes
from tadarag.training.spikes.watching import MOST_ROLLBACKS, Watching, named_guard

SHORT = FitSettings(steps=60, seed=5, batch_pieces=4, learning_rate=3e-3, head_rate=1e-2, threads=1)


@dataclass(frozen=True)
class Points:
    """Points of one piece each, with what is to be learned of them."""

    name: str
    features: torch.Tensor
    targets: torch.Tensor
    starts: np.ndarray


def points(n=400, *, name="points", wrong_at=None, wrong=0.0):
    """A linear target with noise; `wrong` for one point."""
    chance = torch.Generator().manual_seed(9)
    features = torch.randn(n, 6, generator=chance)
    targets = features.sum(1, keepdim=True) + 3 * torch.randn(n, 1, generator=chance)
    if wrong_at is not None:
        targets[wrong_at] = wrong
    return Points(name, features, targets, np.arange(n + 1))


class Small(torch.nn.Module):
    """A layer, a head, and dropout between them."""

    def __init__(self):
        super().__init__()
        self.layers = torch.nn.ModuleList([torch.nn.Linear(6, 8)])
        self.dropout = torch.nn.Dropout(0.3)
        self.head = torch.nn.Linear(8, 1)

    def forward(self, features):
        return self.head(self.dropout(torch.tanh(self.layers[0](features))))


def fit(settings=SHORT, corpora=None, **options):
    """The network after a fit with chance in dropout and in the loss, and the losses."""
    torch.manual_seed(3)
    network = Small()

    def loss_of(corpus, indexes, chance):
        noise = torch.from_numpy(chance.normal(size=(len(indexes), 6))).float()
        return torch.nn.functional.mse_loss(network(corpus.features[indexes] + 0.1 * noise), corpus.targets[indexes])

    return network, fit_network(network, corpora or [points(), points(40, name="few")], settings, loss_of, **options)


def bits(network):
    return b"".join(value.numpy().tobytes() for value in network.state_dict().values())


def stop_at(step, told=None):
    """A report that raises when that step is in the checkpoint."""

    def report(message):
        if told is not None:
            told.append(message)
        if message.startswith(f"checkpoint at step {step} "):
            raise KeyboardInterrupt

    return report


def watched(folder, guard="off", **options):
    return Watching(file=folder / f"{guard}.jsonl", guard=guard, **options)


@pytest.mark.parametrize("bfloat16", [False, True])
def test_watching_changes_no_bit_of_weights_or_losses(tmp_path, bfloat16):
    settings = replace(SHORT, bfloat16=bfloat16)
    network, losses = fit(settings)
    for every in (1, 25):
        other, others = fit(settings, watching=watched(tmp_path, every=every))
        assert bits(other) == bits(network)
        assert others == losses
    log = read_spikes(tmp_path / "off.jsonl")
    assert [row.step for row in log.rows if row.margin is not None] == [1, 26, 51]
    assert all(row.margin != 0 for row in log.rows if row.margin is not None)


def test_equal_runs_leave_equal_logs_by_the_steps_of_the_losses(tmp_path):
    (tmp_path / "second").mkdir()
    _, losses = fit(watching=watched(tmp_path, every=7))
    fit(watching=watched(tmp_path / "second", every=7))
    assert (tmp_path / "off.jsonl").read_bytes() == (tmp_path / "second/off.jsonl").read_bytes()
    log = read_spikes(tmp_path / "off.jsonl")
    assert log.settings["n_steps"] == len(losses) == 60
    for row in log.rows:
        assert (row.source, row.loss) == (losses[row.step - 1][0], pytest.approx(losses[row.step - 1][1], rel=1e-5))


@pytest.mark.parametrize("guard", ["off", "scale", "beta2", "stop"])
def test_a_watched_run_that_was_stopped_goes_on_exactly(tmp_path, guard):
    settings, corpora = replace(SHORT, steps=150), [points(wrong_at=7, wrong=500.0)]
    checkpoint = Checkpoint(file=tmp_path / "checkpoint.pt", every_seconds=0)
    whole, all_losses = fit(settings, corpora, watching=watched(tmp_path, guard, every=3))
    expected = (tmp_path / f"{guard}.jsonl").read_bytes()
    for step in (31, 104):
        with pytest.raises(KeyboardInterrupt):
            fit(settings, corpora, watching=watched(tmp_path, guard, every=3), checkpoint=checkpoint, report=stop_at(step))
    resumed, losses = fit(settings, corpora, watching=watched(tmp_path, guard, every=3), checkpoint=checkpoint)
    assert bits(resumed) == bits(whole)
    assert losses == all_losses
    assert (tmp_path / f"{guard}.jsonl").read_bytes() == expected
    assert "spike" in {event.kind for event in read_spikes(tmp_path / f"{guard}.jsonl").events}


def fit_until_killed(folder, step):
    """In a process of its own: dies without notice when a step is done."""

    def report(message):
        if message.startswith(f"checkpoint at step {step} "):
            os.kill(os.getpid(), signal.SIGKILL)

    fit(watching=watched(Path(folder)), checkpoint=Checkpoint(file=Path(folder) / "checkpoint.pt", every_seconds=0), report=report)


def test_a_run_that_was_killed_goes_on_exactly(tmp_path):
    step = random.Random(14).randrange(2, 59)
    code = f"import runpy; runpy.run_path({__file__!r})['fit_until_killed']({str(tmp_path)!r}, {step})"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == -signal.SIGKILL
    assert read_spikes(tmp_path / "off.jsonl").settings["n_steps"] in (step - 1, step)
    told = []
    resumed, losses = fit(
        watching=watched(tmp_path), checkpoint=Checkpoint(file=tmp_path / "checkpoint.pt", every_seconds=0), report=told.append
    )
    killed_log = (tmp_path / "off.jsonl").read_bytes()
    whole, all_losses = fit(watching=watched(tmp_path))
    assert told[0] == f"going on from step {step}"
    assert bits(resumed) == bits(whole)
    assert losses == all_losses
    assert (tmp_path / "off.jsonl").read_bytes() == killed_log


def test_a_checkpoint_of_a_run_under_another_guard_is_refused(tmp_path):
    checkpoint = Checkpoint(file=tmp_path / "checkpoint.pt", every_seconds=0)
    with pytest.raises(KeyboardInterrupt):
        fit(watching=watched(tmp_path), checkpoint=checkpoint, report=stop_at(3))
    with pytest.raises(TrainingError, match="checkpoint of another run"):
        fit(watching=watched(tmp_path, "scale"), checkpoint=checkpoint)


def test_a_run_that_is_to_go_back_has_the_weights_of_the_step_that_it_names_and_goes_on_at_half_the_rate(tmp_path):
    torch.manual_seed(3)
    network, corpus, back = Small(), points(wrong_at=7, wrong=500.0), []
    weights = {0: bits(network)}

    def loss_of(own, indexes, chance):
        return torch.nn.functional.mse_loss(network(own.features[indexes]), own.targets[indexes])

    def report(message):
        if message.startswith("checkpoint"):
            weights[int(message.split()[3])] = bits(network)
        elif "back to" in message:
            step, to = (int(number) for number in re.findall(r"step (\d+)", message))
            assert bits(network) == weights[to]
            back.append({"step": step, "to": to})

    settings = replace(SHORT, steps=200, fall_share=0.0)
    checkpoint = Checkpoint(file=tmp_path / "checkpoint.pt", every_seconds=0)
    losses = fit_network(
        network, [corpus], settings, loss_of, checkpoint=checkpoint, watching=watched(tmp_path, "stop", every=1), report=report
    )
    log = read_spikes(tmp_path / "stop.jsonl")
    assert log.settings["rollbacks"] == back != []
    assert len(losses) == 200
    limits = {row.step: row.limit for row in log.rows}
    assert limits[back[0]["step"] + 1] == pytest.approx(2 * limits[back[0]["step"] - 1])


def test_a_run_goes_back_three_times_and_then_says_what_to_do(tmp_path):
    with pytest.raises(TrainingError, match=f"gone back {MOST_ROLLBACKS} times.*\nlower learning_rate"):
        fit(replace(SHORT, steps=1000), [points(40, wrong_at=7, wrong=500.0)], watching=watched(tmp_path, "stop", window=8))
    assert len(read_spikes(tmp_path / "stop.jsonl").settings["rollbacks"]) == MOST_ROLLBACKS


def test_a_loss_that_is_no_number_ends_the_run_and_leaves_the_checkpoint_of_before(tmp_path):
    checkpoint = Checkpoint(file=tmp_path / "checkpoint.pt", every_seconds=0)
    with pytest.raises(TrainingError, match=r"loss is nan at step [0-9]+, in a batch of points; the checkpoint of an earlier") as raised:
        fit(corpora=[points(80, wrong_at=7, wrong=math.nan)], watching=watched(tmp_path), checkpoint=checkpoint)
    assert "learning_rate" in raised.value.args[1]
    assert str(checkpoint.file) in str(raised.value)
    kept = torch.load(checkpoint.file, weights_only=True)
    assert f"at step {len(kept['losses']) + 1}," in str(raised.value)
    assert all(torch.isfinite(value).all() for value in kept["network"].values())
    assert read_spikes(tmp_path / "off.jsonl").settings["n_steps"] == len(kept["losses"]) + 1


def test_a_loss_without_bounds_ends_a_run_that_nobody_watches_too():
    with pytest.raises(TrainingError, match=r"loss is inf at step [0-9]+, in a batch of points\n"):
        fit(corpora=[points(80, wrong_at=7, wrong=math.inf)])


def test_a_gradient_that_is_no_number_ends_the_run_though_its_loss_is_one():
    torch.manual_seed(3)
    network = Small()

    def loss_of(corpus, indexes, chance):
        return network(corpus.features[indexes]).mean() + (0 * network.head.bias).sum().sqrt()

    with pytest.raises(TrainingError, match="gradient is not finite at step 1,"):
        fit_network(network, [points()], SHORT, loss_of)


def test_the_guard_that_goes_back_goes_on_after_a_loss_that_is_no_number(tmp_path):
    network, losses = fit(replace(SHORT, steps=110), [points(wrong_at=7, wrong=math.nan)], watching=watched(tmp_path, "stop"))
    assert sum(math.isnan(loss) for _, loss in losses) == len(read_spikes(tmp_path / "stop.jsonl").settings["rollbacks"]) > 0
    assert all(torch.isfinite(value).all() for value in network.state_dict().values())
    write_log(losses, tmp_path / "log.jsonl")
    assert None in [json.loads(line)["loss"] for line in (tmp_path / "log.jsonl").read_text().splitlines()]


def test_a_recipe_names_a_guard_and_a_bare_off_of_yaml_is_off():
    assert [named_guard(name) for name in ("off", "scale", "beta2", "stop", False)] == ["off", "scale", "beta2", "stop", "off"]
    with pytest.raises(TrainingError, match="no spike_guard 'scales'\ndid you mean 'scale'"):
        named_guard("scales")
