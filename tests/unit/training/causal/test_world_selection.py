"""Stage 2 on chosen items: rollouts of the policy, the choice, and what a seed leaves so that a benchmark goes on."""

from __future__ import annotations

from dataclasses import replace

import pytest

torch = pytest.importorskip("torch", reason="the extra `train` is not installed")
pytest.importorskip("transformers", reason="the extra `train` is not installed")

from tadarag.errors import TrainingError  # noqa: E402
from tadarag.training.causal.frozen_reader import parameters_hash  # noqa: E402
from tadarag.training.causal.item_rollouts import Asked, SelectionSettings, roll_out, select_items  # noqa: E402
from tadarag.training.causal.sampling import Drawing  # noqa: E402
from tadarag.training.causal.world_figures import compare_seeds  # noqa: E402
from tadarag.training.causal.world_records import SeedRecord, read_record, record_of, write_record  # noqa: E402
from tadarag.training.causal.world_run import Measured, measure_graphs, run_seed, start_world  # noqa: E402
from tadarag.training.causal.world_selection import Compared, compare_selections, compare_strategies  # noqa: E402
from tadarag.training.causal.world_stage import world_settings  # noqa: E402
from tadarag.training.selection.rollouts import Rollouts  # noqa: E402

SMALLEST = {
    "width": 16,
    "n_heads": 2,
    "n_train": 8,
    "n_reinforced": 6,
    "n_test": 4,
    "shape": {"n_ties": 2, "n_births": 0, "most_needless": 1},
    "reading": {"steps": 2, "batch_size": 2},
    "supervised": {"steps": 2, "batch_size": 2},
    "stage_two": {
        "steps": 2,
        "batch_size": 2,
        "n_graphs": 2,
        "temperature": 1.0,
        "max_graph_tokens": 8,
        "learning_rate": 1e-3,
        "reward": "f10",
    },
}


def silent(message):
    return None


def asked(tiny):
    return Asked(
        model=tiny.model, tokenizer=tiny.tokenizer, markers=tiny.markers, drawing=Drawing(temperature=1.0, max_tokens=12), max_answer=2
    )


def test_every_item_is_asked_as_often_as_is_wanted_and_equal_seeds_ask_alike(tiny):
    settings = SelectionSettings(n_samples=3)
    rollouts = roll_out(asked(tiny), tiny.items, settings, seed=1)
    assert [one.item for one in rollouts] == [str(place) for place in range(len(tiny.items))]
    assert {one.n for one in rollouts} == {3}
    assert roll_out(asked(tiny), tiny.items, settings, seed=1) == rollouts


def test_a_sample_is_right_when_its_answer_is_the_gold_one(tiny):
    items = [replace(one, answer=(*one.answer[:-1], tiny.tokenizer.eos_token_id)) for one in tiny.items]
    for one, item in zip(roll_out(asked(tiny), items, SelectionSettings(n_samples=2), seed=1), items, strict=True):
        gold = item.item.answer.casefold()
        assert one.is_right == tuple(answer == gold for answer in one.answers)


def test_the_chosen_items_are_those_of_the_strategy_in_its_order(tiny):
    rollouts = [
        Rollouts(item=str(place), answers=("a",) * 8, is_right=tuple(n < place for n in range(8))) for place in range(len(tiny.items))
    ]
    hardest, _ = select_items(tiny.items, rollouts, SelectionSettings(strategy="hardest", share=0.25), seed=1, group=8)
    medium, selection = select_items(tiny.items, rollouts, SelectionSettings(share=0.25), seed=1, group=8)
    assert hardest == [tiny.items[0], tiny.items[1]]
    assert medium[0] == tiny.items[4]
    assert len(medium) + sum(count for _, count in selection.discarded) == len(tiny.items)


def test_when_no_item_qualifies_the_error_says_why(tiny):
    known = [Rollouts(item=str(place), answers=("a", "b"), is_right=(True, False), n_right_without_context=4) for place in range(8)]
    with pytest.raises(TrainingError, match="8 known without context"):
        select_items(tiny.items, known, SelectionSettings(), seed=1, group=8)


@pytest.mark.parametrize(("wrong", "named"), [({"strategy": "mediun"}, "mediun"), ({"share": 0}, "share"), ({"n_samples": 0}, "n_samples")])
def test_a_selection_that_cannot_be_is_refused(wrong, named):
    with pytest.raises(TrainingError) as caught:
        world_settings({**SMALLEST, "selection": wrong})
    assert named in caught.value.happened


def test_a_recipe_chooses_its_items_by_one_parameter():
    settings = world_settings({**SMALLEST, "selection": {"strategy": "random", "share": 0.5, "n_samples": 2}})
    result = run_seed(settings, seed=1)
    assert len(result.selection.items) == 3
    assert result.weights_sha256 != run_seed(world_settings(SMALLEST), seed=1).weights_sha256


def test_what_stage_one_left_is_taken_up_with_the_same_weights_and_refused_for_other_settings(tmp_path):
    settings, file = world_settings(SMALLEST), tmp_path / "taught.pt"
    made = start_world(settings, seed=1, report=silent, taught=file)
    again = start_world(settings, seed=1, report=silent, taught=file)
    assert parameters_hash(again.model) == parameters_hash(made.model)
    assert again.supervised_rows == made.supervised_rows
    with pytest.raises(TrainingError, match="other settings"):
        start_world(settings, seed=2, report=silent, taught=file)


def test_a_model_reads_its_own_graphs_as_it_answers_behind_them():
    settings = world_settings(SMALLEST)
    started = start_world(settings, seed=1, report=silent)
    own, handed = measure_graphs(started, settings, started.model)
    assert own == handed


def test_a_seed_comes_back_from_its_record_and_a_record_of_other_settings_is_refused(tmp_path):
    record = record_of(run_seed(world_settings(SMALLEST), seed=1))
    write_record(record, tmp_path / "one.json", made_of="these")
    assert read_record(tmp_path / "one.json", made_of="these") == record
    assert set(compare_seeds([record])["exact_match"]) == {"alone", "graph", "reinforced", "handed", "mixed", "alone_after"}
    with pytest.raises(TrainingError, match="other settings"):
        read_record(tmp_path / "one.json", made_of="those")


def test_every_strategy_starts_from_the_same_weights():
    compared = Compared(strategies=("random", "random", "hardest"), n_items=6, share=0.5, steps=1)
    record = compare_selections(world_settings(SMALLEST), compared, seed=1)
    assert set(record.measures) == {"before", "random", "hardest"}
    assert record.report["random"]["n"] == record.report["hardest"]["n"] == 3
    alone = compare_selections(world_settings(SMALLEST), replace(compared, strategies=("hardest",)), seed=1)
    assert alone.measures["hardest"] == record.measures["hardest"]


@pytest.mark.parametrize(("n_right", "fails"), [(60, False), (50, False), (48, True)])
def test_medium_fails_only_when_it_is_more_than_a_point_below_random(n_right, fails):
    def measured(n):
        return Measured(is_right=tuple(place < n for place in range(100)), graph_tokens=(9,))

    record = SeedRecord(seed=1, measures={"before": measured(10), "medium": measured(n_right), "random": measured(50)}, report={})
    found = compare_strategies([record])
    assert found["fails"] is fails
    assert found["medium"]["medium minus random"]["gain"] == pytest.approx((n_right - 50) / 100)
