"""What a model writes on held-out parts is scored as it was written, and as a MemReader keeps it."""

from __future__ import annotations

import pytest

from mom.language_model import CannotRead, Completion
from tadarag.training.memory_reader.held_out_memories import compare_readings, read_held_out
from tadarag.training.memory_reader.memory_records import read_records, records_of, write_records
from tadarag.training.memory_reader.memory_sample import headed_memory
from tadarag.training.memory_reader.tiny_documents import make_documents


@pytest.fixture
def records(tmp_path):
    made, _ = records_of(make_documents(2, seed=1), thinking="without", window_units=400, n_candidates=1)
    write_records(made, tmp_path / "records.jsonl")
    return read_records(tmp_path / "records.jsonl")


class Says:
    """A model that replies to each question with what it is told; None: the question does not fit."""

    name = "says"

    def __init__(self, *replies):
        self.replies = list(replies)

    def complete(self, system, user, sampling):
        reply = self.replies.pop(0)
        if reply is None:
            raise CannotRead("too long")
        return Completion(text=reply, prompt_tokens=1, completion_tokens=len(reply.split()), are_estimates=False)

    def count_tokens(self, text):
        return len(text.split()), False


def test_the_target_is_worth_its_scores_and_is_what_a_mem_reader_keeps(records):
    [reading, _] = read_held_out(Says(*(one.target for one in records)), records, max_tokens=500)
    best = headed_memory(records[0].task.document, records[0].task.scenario).scores
    assert (reading.terms["clarity"], reading.terms["completeness"]) == (best.repaired_clarity, best.repaired_completeness)
    assert reading.is_used
    assert [item.span for item in reading.kept.items] == [
        item.span for item in headed_memory(records[0].task.document, records[0].task.scenario).items
    ]


def test_nonsense_is_worth_nothing_and_the_memory_without_a_model_is_kept(records):
    readings = read_held_out(Says("I cannot do that.", None), records, max_tokens=500)
    for reading, record in zip(readings, records, strict=True):
        assert reading.failed == "G0"
        assert not reading.is_used
        assert reading.kept == headed_memory(record.task.document, record.task.scenario)


def test_models_are_compared_by_means_over_the_same_parts(records):
    found = {
        "good": read_held_out(Says(*(one.target for one in records)), records, max_tokens=500),
        "bad": read_held_out(Says("no", "no"), records, max_tokens=500),
    }
    figures = compare_readings(found)
    assert figures["good"]["reward"] > 0 > figures["bad"]["reward"]
    assert (figures["good"]["used_by_mem_reader"], figures["bad"]["used_by_mem_reader"]) == (1.0, 0.0)
    assert figures["bad"]["terms"]["clarity"] is None
    assert figures["good"]["parts"] == figures["bad"]["parts"] == 2
