"""What links are worth: a world in which only a link leads to half of what is asked for."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tadarag.errors import UsageError
from tadarag.evaluation.beir import Dataset
from tadarag.evaluation.link_worth import FORMULA, WHOLE, Records, describe_link_worth, run_link_worth, variants
from tadarag.retrieval.ablation import PARTS
from tadarag.testing.hashing_encoder import HashingEncoder


@pytest.fixture(scope="module")
def records(world: Dataset) -> Records:
    return run_link_worth(world, HashingEncoder(256))


def test_every_part_is_left_out_and_permuted(records: Records) -> None:
    assert {f"without {part}" for part in PARTS} | {f"{part} permuted" for part in PARTS} <= set(records[FORMULA])
    assert set(records[FORMULA]) == set(variants())


def test_links_by_names_are_worth_what_only_they_reach(world: Dataset, records: Records) -> None:
    minus = describe_link_worth(world, records)["minus"][FORMULA]
    for name in ("without any link", "without names", "names permuted"):
        assert minus[name]["recall@5"] > 0.1, name
        assert minus[name]["recall@5_interval"][0] > 0, name


def test_without_a_document_of_several_passages_outline_and_core_are_worth_nothing(world: Dataset, records: Records) -> None:
    for name in ("without outline", "outline permuted", "without core", "core permuted"):
        assert records[FORMULA][name] == records[FORMULA][WHOLE]


def test_trees_are_left_out_with_an_encoder_that_they_do_not_know(records: Records) -> None:
    assert list(records) == [FORMULA]


def test_the_whole_ranks_as_the_product_does(world: Dataset, records: Records, run) -> None:
    asked = run(world, "tadarag-S").systems["tadarag-S"].records
    assert [record.ranking for record in records[FORMULA][WHOLE]] == [record.ranking for record in asked]


def test_a_kept_base_gives_the_same_records_again(world: Dataset, records: Records, tmp_path: Path) -> None:
    run_link_worth(world, HashingEncoder(256), base_folder=tmp_path)
    assert run_link_worth(world, HashingEncoder(256), base_folder=tmp_path) == records


def test_a_set_without_gold_passages_is_refused(world: Dataset) -> None:
    with pytest.raises(UsageError, match="no question has a gold passage"):
        run_link_worth(replace(world, qrels={}), HashingEncoder(256))
