"""Suites run and finished runs read by a program."""

from __future__ import annotations

import pytest

from tadarag import Evaluations, UsageError
from tadarag.evaluation.new_suite import make_suite
from tadarag.testing.hashing_encoder import HashingEncoder


@pytest.fixture
def evaluations(tmp_path):
    pytest.importorskip("sacrebleu")
    make_suite(tmp_path / "mine")
    return Evaluations(tmp_path, encoder=HashingEncoder(128))


def test_own_suites_stand_before_those_that_ship_and_need_no_data(evaluations, tmp_path):
    assert evaluations.suites() == ("mine", "samples")
    assert {"mine", "samples", "multihop", "silence"} <= set(Evaluations(tmp_path, data_folder=tmp_path).suites())


def test_a_run_is_kept_and_can_be_read(evaluations):
    stages = []
    assert evaluations.runs() == ()
    name = evaluations.run("mine", name="first", limit=3, progress=lambda stage, done, total: stages.append(stage))
    assert (name, evaluations.runs()) == ("first", ("first",))
    assert any("asking" in stage for stage in stages)
    report = evaluations.report("first")
    assert report["invalid"] == []
    assert report["summary"]["news"]["tadarag"]["rouge_l"]["n"] >= 1
    assert "<svg" in evaluations.page("first", language="zh")


def test_what_is_not_there_is_named_with_what_is(evaluations):
    with pytest.raises(UsageError, match="no run 'never'"):
        evaluations.page("never")
