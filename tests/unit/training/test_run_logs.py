"""Logs of steps become curves, and logs of the monitor are found in finished and unfinished stages."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tadarag.errors import TrainingError
from tadarag.training.run_logs import curves_of, is_run, spike_logs, step_logs, thinned
from tadarag.training.spikes.events import SpikeLog, SpikeRow, write_spikes

SETTINGS = {"every": 25, "window": 64, "guard": "off", "beta1": 0.9, "beta2": 0.95, "n_steps": 2}


def row(step: int, loss: float | None) -> SpikeRow:
    nothing = dict.fromkeys(("gradient", "kappa", "curvature", "limit", "margin"))
    return SpikeRow(step=step, source="a", loss=loss, decaying=0.0, **nothing)


def write_log(file: Path, *rows: object) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("".join(f"{json.dumps(one)}\n" for one in rows), encoding="utf-8")
    return file


def test_every_number_of_a_log_is_a_curve_and_the_loss_is_first(tmp_path: Path) -> None:
    rows = [{"step": step, "reward": step / 2, "loss": 1 / step, "set": "a", "on": True} for step in (1, 2)]
    curves = curves_of(write_log(tmp_path / "log.jsonl", *rows))
    assert list(curves.items()) == [("loss", ((1, 1), (2, 0.5))), ("reward", ((1, 0.5), (2, 1)))]


def test_what_is_not_finite_is_left_out_of_a_curve(tmp_path: Path) -> None:
    assert curves_of(write_log(tmp_path / "log.jsonl", {"step": 1, "loss": math.nan}, {"step": 2, "loss": 3})) == {"loss": ((2, 3),)}


@pytest.mark.parametrize("text", ["", "no\n", "[1]\n", '{"loss": 1}\n', '{"step": "one", "loss": 1}\n'])
def test_a_file_that_is_no_log_of_steps_has_no_curves(tmp_path: Path, text: str) -> None:
    (tmp_path / "log.jsonl").write_text(text, encoding="utf-8")
    assert curves_of(tmp_path / "log.jsonl") == {}
    assert curves_of(tmp_path / "none.jsonl") == {}


@given(st.lists(st.floats(-1e6, 1e6), max_size=700), st.integers(1, 50))
def test_a_thinned_curve_has_few_points_ends_at_the_last_step_and_keeps_to_the_range(values: list[float], most: int) -> None:
    points = tuple((float(step), value) for step, value in enumerate(values, start=1))
    shown = thinned(points, most=most)
    assert len(shown) <= most
    assert [step for step, _ in shown[-1:]] == [step for step, _ in points[-1:]]
    assert all(min(values) - 1e-6 <= value <= max(values) + 1e-6 for _, value in shown)


def test_a_short_curve_is_not_thinned() -> None:
    assert thinned(((1.0, 2.0), (2.0, 7.0)), most=2) == ((1.0, 2.0), (2.0, 7.0))


def test_logs_of_finished_and_unfinished_stages_are_found_with_the_losses_beside_them(tmp_path: Path) -> None:
    write_log(tmp_path / "fit" / "log.jsonl", {"step": 1, "loss": 5.0})
    (tmp_path / ".unfinished" / "more" / "inner").mkdir(parents=True)
    log = SpikeLog(settings=SETTINGS, rows=(row(1, 4.0), row(2, None)), events=(), tensors=())
    for folder in ("fit", ".unfinished/more/inner"):
        write_spikes(log, tmp_path / folder / "spikes.jsonl")
    done, begun = spike_logs(tmp_path)
    assert (done.name, done.is_finished, done.losses) == ("fit", True, ((1.0, 5.0),))
    assert (begun.name, begun.is_finished, begun.losses) == ("more/inner", False, ((1, 4.0),))
    assert [name for name, _ in step_logs(tmp_path)] == ["fit"]


def test_a_broken_log_of_the_monitor_is_an_error_that_names_it(tmp_path: Path) -> None:
    write_log(tmp_path / "fit" / "spikes.jsonl", {"record": "what"})
    with pytest.raises(TrainingError, match=r"spikes.jsonl is no log of a spike monitor"):
        spike_logs(tmp_path)


def test_a_folder_is_a_run_from_its_first_stage_on(tmp_path: Path) -> None:
    assert not is_run(tmp_path)
    (tmp_path / ".unfinished").mkdir()
    assert is_run(tmp_path)
