"""A chunking run cuts, encodes, retrieves and judges with one encoder for all systems."""

from __future__ import annotations

import json

import pytest

from mom.memory_builder import StructuralBuilder
from tadarag.errors import UsageError
from tadarag.evaluation.chunking_data import AnsweredQuestion, ChunkingData
from tadarag.evaluation.chunking_run import SYSTEMS, at_least_as_good, describe_chunking, run_chunking
from tadarag.evaluation.records import SourceSpan
from tadarag.testing.hashing_encoder import HashingEncoder
from tadarag.values import Span

RIVER = "# Salmon\n\nThe salmon swims up the river to spawn in gravel beds. Its young stay two years in fresh water.\n"
OFFICE = "# Tax\n\nThe office wants a return that lists income and interest. It is due in May of every year.\n"
SPAWN = "The salmon swims up the river to spawn in gravel beds."


def data(kind="spans", **change) -> ChunkingData:
    text = RIVER + "\n" + OFFICE
    start = text.index(SPAWN)
    question = AnsweredQuestion(
        id="q", text="Where does the salmon spawn?", references=(SourceSpan(source="book", span=Span(start, start + len(SPAWN))),)
    )
    values = {
        "name": "tiny",
        "kind": kind,
        "texts": {"book": text, "blank": " \n"},
        "questions": (question,),
        "n_left_out": 0,
        "digest": "d",
    }
    return ChunkingData(**values | change)


def test_every_system_runs_and_finds_the_answer_when_all_chunks_are_retrieved():
    run = run_chunking(data(), encoder=HashingEncoder(64), top=99)
    assert tuple(run.systems) == SYSTEMS
    report = describe_chunking(run)
    assert {values["recall"] for values in report["systems"].values()} == {1.0}


def test_ours_is_ranked_by_heading_path_and_text_but_only_the_text_is_retrieved():
    asked = AnsweredQuestion(id="q", text="Tax", references=(SourceSpan(source="book", span=Span(0, 1)),))
    text = "# Salmon\n\n" + "River and stream. " * 30 + "\n\n# Tax\n\n" + "The office wants a return. " * 30
    builder = StructuralBuilder(measure=HashingEncoder().count_tokens, max_length=40, measure_name="hashing")
    given = data(texts={"book": text}, questions=(asked,))
    run = run_chunking(given, encoder=HashingEncoder(256), top=3, systems=("mom",), builder=builder)
    retrieved = [place.span.of(text) for place in run.systems["mom"].records[0].retrieved]
    assert all("office" in chunk for chunk in retrieved)
    assert all(chunk == chunk.strip() for chunk in retrieved)
    assert sum(chunk.startswith("# Tax") for chunk in retrieved) <= 1


def test_the_number_of_retrieved_chunks_is_the_one_asked_for():
    run = run_chunking(data(), encoder=HashingEncoder(64), top=1, systems=("semantic-50",))
    assert len(run.systems["semantic-50"].records[0].retrieved) == 1


def test_equal_chunks_are_retrieved_in_the_order_of_the_texts():
    texts = {"b": "The salmon swims.", "a": "The salmon swims."}
    question = AnsweredQuestion(id="q", text="salmon", references=(SourceSpan(source="a", span=Span(0, 3)),))
    run = run_chunking(data(texts=texts, questions=(question,)), encoder=HashingEncoder(64), systems=("fixed-200",))
    assert [place.source for place in run.systems["fixed-200"].records[0].retrieved] == ["b", "a"]


def test_the_report_has_the_promised_shape():
    report = describe_chunking(run_chunking(data(), encoder=HashingEncoder(64)))
    assert {"recall", "precision", "iou", "precision_omega", "iou_interval", "n_chunks", "tokens_per_chunk"} <= set(
        report["systems"]["mom"]
    )
    assert set(report["mom_minus"]) == set(SYSTEMS) - {"mom"}
    assert report["systems"]["mom"]["by_text"]["book"]["n_queries"] == 1
    assert "published" not in report
    assert json.loads(json.dumps(report)) == report


def test_a_baseline_is_at_least_as_good_only_with_both_recall_and_iou():
    systems = {
        "mom": {"recall": 0.8, "iou": 0.07},
        "longer": {"recall": 0.9, "iou": 0.03},
        "shorter": {"recall": 0.7, "iou": 0.09},
        "equal": {"recall": 0.8, "iou": 0.07},
        "better": {"recall": 0.81, "iou": 0.08},
    }
    assert at_least_as_good(systems) == ["equal", "better"]
    assert at_least_as_good({"longer": systems["longer"]}) == []


def test_sets_of_answers_are_judged_by_chunks_that_bear_one():
    report = describe_chunking(run_chunking(data("answers"), encoder=HashingEncoder(64), top=99))
    assert report["systems"]["mom"]["answer_recall"] == 1
    assert "iou" not in report["systems"]["mom"]
    assert "at_least_as_good" not in report


def test_the_published_rows_stand_beside_the_five_texts_they_are_about():
    names = ["chatlogs", "finance", "pubmed", "state_of_the_union", "wikitexts"]
    question = AnsweredQuestion(id="q", text="salmon", references=(SourceSpan(source="finance", span=Span(0, 3)),))
    given = data(texts=dict.fromkeys(names, "The salmon swims."), questions=(question,))
    report = describe_chunking(run_chunking(given, encoder=HashingEncoder(64), systems=("mom",)))
    rows = {row["chunker"]: row["iou"] for row in report["published"]["rows"]}
    assert rows["recursive, 200 tokens"] == 0.065
    assert "trychroma" in report["published"]["source"]


@pytest.mark.parametrize("systems", [("fixed",), ("mom", "mom")])
def test_unknown_and_repeated_systems_are_refused_with_the_known_names(systems):
    with pytest.raises(UsageError) as error:
        run_chunking(data(), encoder=HashingEncoder(64), systems=systems)
    assert "recursive-200" in error.value.do
