"""A suite's values are kept question by question, and means, pools and verdicts follow from them."""

from __future__ import annotations

import json

import pytest

from tadarag.errors import UsageError
from tadarag.evaluation.suite_results import (
    Asked,
    SuitePart,
    SuiteRun,
    SystemValues,
    as_json,
    blocks,
    difference,
    pooled,
    run_from_json,
    summary,
)


def part(name: str, ours: list[float | None], theirs: list[float | None], *, failed: dict[str, str] | None = None) -> SuitePart:
    return SuitePart(
        name=name,
        digest=f"digest of {name}",
        n_passages=10,
        questions=tuple(Asked(id=f"{name}-{n}", text=f"问题 {n}?", type="bridge" if n % 2 else "comparison") for n in range(len(ours))),
        systems={
            "tadarag": SystemValues(
                values={"recall@5": tuple(ours), "mrr@10": tuple(ours)}, costs={"query_ms_p50": 12.5, "peak_memory_mib": None}
            ),
            "bm25": SystemValues(values={"recall@5": tuple(theirs)}, failed=failed or {}),
        },
        notes=("a note",),
        chance=0.2,
        control={"tadarag": 0.19, "bm25": 0.21},
    )


def made_run(*parts: SuitePart, name: str = "mine") -> SuiteRun:
    return SuiteRun(
        name=name,
        suite="multihop",
        task="retrieval",
        headline=("recall@5",),
        parts=parts,
        pools={"all": tuple(one.name for one in parts)},
        description="Two sets.",
        about={"command": "tadarag eval run multihop"},
    )


RUN = made_run(part("one", [1, 1, 0, 1], [1, 0, 0, 0]), part("two", [1, 0.5], [0.5, 0.5]))


def test_a_run_is_what_its_json_says():
    assert run_from_json(json.loads(json.dumps(as_json(RUN))), name="mine") == RUN


def test_the_json_shows_means_with_intervals_and_our_differences():
    shown = as_json(RUN)
    assert shown["summary"]["one"]["tadarag"]["recall@5"]["value"] == 0.75
    assert shown["tadarag_minus"]["one"]["bm25"]["recall@5"]["value"] == 0.5
    assert shown["invalid"] == []


@pytest.mark.parametrize("content", [{}, {"run": {}}, [], {"run": {"parts": 3}}])
def test_anything_else_is_no_run(content):
    with pytest.raises(UsageError, match="not a run"):
        run_from_json(content, name="mine")


def test_a_run_with_a_value_too_few_is_refused():
    content = json.loads(json.dumps(as_json(RUN)))
    content["run"]["parts"][0]["systems"]["bm25"]["values"]["recall@5"].pop()
    with pytest.raises(UsageError, match="one value a question"):
        run_from_json(content, name="mine")


def test_a_pool_holds_every_question_of_its_parts_and_only_shared_measures():
    values = pooled(RUN, ["one", "two"])
    assert values["tadarag"]["recall@5"] == (1, 1, 0, 1, 1, 0.5)
    assert list(values["bm25"]) == ["recall@5"]
    assert list(blocks(RUN)) == ["one", "two", "pool all"]


def test_questions_to_which_a_measure_does_not_apply_count_in_no_mean():
    assert summary([1, None, 0]).n == 2
    assert summary([None, None]) is None
    assert difference([1, None, 1], [0, 1, None]).n == 1


def test_a_run_is_invalid_when_more_than_five_percent_of_a_part_s_items_failed():
    right = [1.0] * 40
    two = made_run(part("one", right, right, failed={"one-0": "gone", "one-1": "gone"}))
    three = made_run(part("one", right, right, failed={"one-0": "gone", "one-1": "gone", "one-2": "gone"}))
    assert two.invalid() == ()
    assert three.invalid() == ("one, bm25: 3 of 40 items failed (7.5 %, at most 5 %); first: gone",)
    assert as_json(three)["invalid"] == list(three.invalid())


def test_an_unknown_part_is_named_with_those_there_are():
    with pytest.raises(UsageError, match="no part 'three'"):
        RUN.part("three")
