"""What a change makes stale: the stages that depend on it, and no others."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tadarag.errors import TrainingError, UsageError
from tadarag.training.recipe_run import RunOptions, run_recipe
from tadarag.training.recipes import Recipe, Stage, read_recipe
from tadarag.training.run_plan import RunPlan, plan_recipe

N = 5
HEAD = "name: planned\ndescription: d\nlicence: CC0-1.0\n"
STAGES = '''\
from hashlib import sha256


def make(run):
    """A number that depends on all that the stage is given."""
    given = [(folder / "made.txt").read_text() for _, folder in sorted(run.inputs.items())]
    (run.folder / "made.txt").write_text(sha256(repr([given, run.parameters, run.seed]).encode()).hexdigest())


def ignore(run):
    (run.folder / "made.txt").write_text("always the same")
'''
edges = st.sets(st.tuples(st.integers(0, N - 1), st.integers(0, N - 1)).filter(lambda pair: pair[0] < pair[1]))


@pytest.fixture
def fresh_modules() -> Iterator[None]:
    """The module of the stages is imported by this test alone."""
    sys.modules.pop("planned_stages", None)
    yield
    sys.modules.pop("planned_stages", None)


def written(folder: Path, needs: Mapping[int, list[int]], *, function: str = "make") -> Recipe:
    stages = [
        f"  - name: s{number}\n    run: planned_stages:{function}\n    inputs: [{', '.join(f's{one}' for one in needs[number])}]\n"
        f"    parameters: {{rate: {number}}}\n    minutes: {number}\n"
        for number in range(N)
    ]
    (folder / "planned_stages.py").write_text(STAGES, encoding="utf-8")
    (folder / "planned.yaml").write_text(HEAD + "stages:\n" + "".join(stages), encoding="utf-8")
    return read_recipe(folder / "planned.yaml")


def with_rate(recipe: Recipe, name: str, rate: float) -> Recipe:
    def changed(stage: Stage) -> Stage:
        return replace(stage, parameters={"rate": rate}) if stage.name == name else stage

    return replace(recipe, stages=tuple(map(changed, recipe.stages)))


def stale(plan: RunPlan) -> set[str]:
    return {stage.name for stage in plan.stale}


@settings(max_examples=8, suppress_health_check=[HealthCheck.too_slow])
@given(edges, st.integers(0, N - 1))
def test_a_changed_parameter_makes_its_stage_stale_and_exactly_those_that_come_after_it(
    tmp_path_factory: pytest.TempPathFactory, pairs: set[tuple[int, int]], changed: int
) -> None:
    folder = tmp_path_factory.mktemp("planned")
    needs = {number: sorted(low for low, high in pairs if high == number) for number in range(N)}
    recipe = written(folder, needs)
    before = run_recipe(recipe, RunOptions(out=folder / "out"))
    after = {changed}
    for number in range(changed + 1, N):
        after |= {number} if after & set(needs[number]) else set()
    other = with_rate(recipe, f"s{changed}", 99)
    plan = plan_recipe(other, RunOptions(out=folder / "out"))
    assert stale(plan) == {f"s{number}" for number in after}
    assert plan.minutes == sum(after)
    outcomes = run_recipe(other, RunOptions(out=folder / "out"))
    assert {outcome.name for outcome in outcomes if outcome.why} == stale(plan)
    digests = {outcome.name: outcome.record.digest for outcome in before}
    assert {outcome.name for outcome in outcomes if outcome.record.digest != digests[outcome.name]} == stale(plan)
    assert stale(plan_recipe(other, RunOptions(out=folder / "out"))) == set()


CHAIN = {0: [], 1: [0], 2: [1], 3: [0], 4: []}


def test_another_seed_makes_every_stage_stale(tmp_path: Path) -> None:
    recipe = written(tmp_path, CHAIN)
    run_recipe(recipe, RunOptions(out=tmp_path / "out"))
    assert len(stale(plan_recipe(recipe, RunOptions(out=tmp_path / "out", seed=8)))) == N


def test_a_plan_says_why_and_after_what_and_that_a_stage_may_yet_be_kept(tmp_path: Path) -> None:
    recipe = written(tmp_path, CHAIN, function="ignore")
    run_recipe(recipe, RunOptions(out=tmp_path / "out"))
    options = RunOptions(out=tmp_path / "out", again=frozenset({"s0"}))
    plan = plan_recipe(recipe, options)
    assert [(stage.name, stage.why, stage.after) for stage in plan.stale] == [
        ("s0", "asked for", ()),
        ("s1", "", ("s0",)),
        ("s2", "", ("s1",)),
        ("s3", "", ("s0",)),
    ]
    assert [outcome.name for outcome in run_recipe(recipe, options) if outcome.why] == ["s0"]


def test_a_plan_writes_nothing_and_is_what_the_run_announces_before_its_first_stage(tmp_path: Path) -> None:
    recipe = written(tmp_path, CHAIN)
    plan = plan_recipe(recipe, RunOptions(out=tmp_path / "out"))
    assert not (tmp_path / "out").exists()
    said: list[object] = []
    run_recipe(recipe, RunOptions(out=tmp_path / "out"), announce=said.append, progress=said.append)
    assert said[0] == plan


@pytest.mark.usefixtures("fresh_modules")
def test_a_stage_whose_code_has_changed_is_said_and_not_stale(tmp_path: Path) -> None:
    recipe = written(tmp_path, CHAIN)
    run_recipe(recipe, RunOptions(out=tmp_path / "out"))
    (tmp_path / "planned_stages.py").write_text(STAGES + "\n", encoding="utf-8")
    plan = plan_recipe(recipe, RunOptions(out=tmp_path / "out"))
    assert [(stage.is_stale, stage.has_other_code) for stage in plan.stages] == [(False, True)] * N


def test_data_that_are_not_there_are_an_error_and_leave_no_folder(tmp_path: Path) -> None:
    written(tmp_path, CHAIN)
    (tmp_path / "planned.yaml").write_text(
        HEAD + "data: {texts: texts}\nstages:\n  - {name: a, run: 'planned_stages:make', inputs: [texts]}\n"
    )
    for perform in (plan_recipe, run_recipe):
        with pytest.raises(UsageError, match="the data 'texts' are not there"):
            perform(read_recipe(tmp_path / "planned.yaml"), RunOptions(out=tmp_path / "out", data_folder=tmp_path))
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(("ships", "is_refused"), [("true", False), ("false", True)])
def test_what_ships_does_not_go_on_from_what_another_run_made_that_does_not(tmp_path: Path, ships: str, is_refused: bool) -> None:
    recipe = written(tmp_path, CHAIN)
    (tmp_path / "planned.yaml").write_text(recipe.text.replace("stages:", f"ships: {ships}\nstages:", 1), encoding="utf-8")
    run_recipe(read_recipe(tmp_path / "planned.yaml"), RunOptions(out=tmp_path / "planned"))
    (tmp_path / "later.yaml").write_text(
        "name: later\ndescription: d\nlicence: MIT\nships: true\ndata:\n  start: {folder: planned/s1, licence: MIT}\n"
        "stages:\n  - {name: more, run: 'planned_stages:make', inputs: [start]}\n",
        encoding="utf-8",
    )
    options = RunOptions(out=tmp_path / "later", data_folder=tmp_path)
    if is_refused:
        with pytest.raises(TrainingError, match=r"later.yaml:6: .* was made by the recipe 'planned', which does not"):
            run_recipe(read_recipe(tmp_path / "later.yaml"), options)
    else:
        run_recipe(read_recipe(tmp_path / "later.yaml"), options)
