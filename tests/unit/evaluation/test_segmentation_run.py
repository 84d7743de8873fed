"""A segmentation run hands sentences to every system and judges what comes back."""

from __future__ import annotations

import gzip
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tadarag.errors import UsageError
from tadarag.evaluation.records import SegmentationRecord
from tadarag.evaluation.segmentation_run import (
    SYSTEMS,
    SegmentationRun,
    describe_segmentation,
    load_segmented,
    nearest_start,
    run_segmentation,
)
from tadarag.testing.hashing_encoder import HashingEncoder

FISH = ["The salmon swims up the river.", "Salmon spawn in the river.", "A young salmon leaves the river."]
TAX = ["The tax office wants a return.", "A tax return lists income.", "Income tax is due in May."]


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "tiny_dev.jsonl.gz"
    rows = [
        {"_id": "two", "segments": [FISH, TAX]},
        {"_id": "one", "segments": [[*FISH, "  "], []]},
        {"_id": "zh", "segments": [["鱼在水里游。", "水里有鱼。"], ["税要交。"]]},
    ]
    with gzip.open(path, "wt", encoding="utf-8") as stream:
        stream.writelines(json.dumps(row) + "\n" for row in rows)
    return path


def test_documents_are_read_with_the_first_sentence_of_each_segment(file):
    documents = {document.id: document for document in load_segmented(file)}
    assert documents["two"].sentences == (*FISH, *TAX)
    assert {name: document.starts for name, document in documents.items()} == {"two": (0, 3), "one": (0,), "zh": (0, 2)}


def test_a_sample_is_the_same_whatever_the_order_of_the_file(file):
    sample = load_segmented(file, limit=2)
    lines = gzip.decompress(file.read_bytes()).decode().splitlines()
    file.write_bytes(gzip.compress("\n".join(reversed(lines)).encode()))
    assert load_segmented(file, limit=2) == sample


@pytest.mark.parametrize(
    "row",
    [
        {"_id": "a"},
        {"_id": "a", "segments": "text"},
        {"_id": "a", "segments": ["text"]},
        {"_id": "a", "segments": [[]]},
        {"segments": [["s"]]},
    ],
)
def test_a_malformed_document_is_refused_with_its_line(tmp_path, row):
    path = tmp_path / "bad.jsonl"
    path.write_text(json.dumps(row))
    with pytest.raises(UsageError, match="line 1"):
        load_segmented(path)


def test_an_empty_file_and_a_repeated_id_are_refused(tmp_path):
    path = tmp_path / "bad.jsonl"
    path.write_text("\n")
    with pytest.raises(UsageError, match="no document"):
        load_segmented(path)
    path.write_text(2 * '{"_id": "a", "segments": [["s"]]}\n')
    with pytest.raises(UsageError, match="twice"):
        load_segmented(path)


def test_every_system_cuts_every_document(file):
    documents = load_segmented(file)
    run = run_segmentation(documents, dataset="tiny", digest="d", encoder=HashingEncoder(64))
    assert tuple(run.systems) == SYSTEMS
    for records in run.systems.values():
        assert [record.document for record in records] == [document.id for document in documents]


def test_windows_of_three_sentences_find_segments_of_three(file):
    run = run_segmentation(load_segmented(file), dataset="tiny", digest="d", encoder=HashingEncoder(64), systems=("sentence-window",))
    assert {record.document: record.found for record in run.systems["sentence-window"]} == {"two": (0, 3), "one": (0,), "zh": (0,)}


def test_an_unknown_system_is_refused_with_the_known_names(file):
    with pytest.raises(UsageError) as error:
        run_segmentation(load_segmented(file), dataset="tiny", digest="d", encoder=HashingEncoder(64), systems=("mon",))
    assert "texttiling" in error.value.do


def test_a_cut_counts_at_the_nearest_sentence_start_and_halfway_at_the_earlier():
    starts = [0, 10, 20]
    assert [nearest_start(cut, starts) for cut in (0, 4, 5, 6, 10, 16, 25, 99)] == [0, 0, 0, 1, 1, 2, 2, 2]


@given(st.lists(st.integers(1, 9), min_size=1), st.integers(0, 400))
def test_no_sentence_start_is_nearer_than_the_nearest(lengths, cut):
    starts = [sum(lengths[:place]) for place in range(len(lengths))]
    chosen = nearest_start(cut, starts)
    assert abs(starts[chosen] - cut) == min(abs(start - cut) for start in starts)


def test_the_report_gives_means_intervals_and_what_mom_saves_on_each_baseline():
    def record(document, found):
        return SegmentationRecord(document=document, n_sentences=10, reference=(0, 5), found=found)

    run = SegmentationRun(
        dataset="tiny",
        digest="d",
        systems={"mom": (record("a", (0, 5)), record("b", (0, 4))), "fixed": (record("a", (0,)), record("b", (0,)))},
    )
    report = describe_segmentation(run)
    assert (report["n_documents"], report["n_sentences"], report["data_sha256"]) == (2, 20, "d")
    assert report["systems"]["mom"]["pk"] == 0.125
    assert report["systems"]["fixed"]["segments_per_document"] == 1
    assert report["mom_minus"]["fixed"]["pk"] == pytest.approx(0.125 - 0.25)
    low, high = report["mom_minus"]["fixed"]["pk_interval"]
    assert low <= -0.125 <= high
    assert json.loads(json.dumps(report)) == report
