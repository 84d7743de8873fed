"""Documents become records that are parted by document and asked about as the tuned model will be asked."""

from __future__ import annotations

import json

import pytest

from mom.mem_reader import TUNED, MemReader
from mom.reply import parse_reply
from tadarag.errors import TrainingError
from tadarag.testing.scripted_reader import ScriptedReader
from tadarag.training.memory_reader.memory_records import parted, read_records, records_of, write_records
from tadarag.training.memory_reader.source_documents import (
    SourceDocument,
    read_documents,
    read_folder,
    sample_documents,
    write_documents,
)
from tadarag.training.memory_reader.tiny_documents import make_documents

HEADED = "# Pump\n\nThe pump is red. It is heavy. It stands outside.\n\n# Motor\n\nThe motor is blue. It is light. It stands inside.\n"


def test_the_same_seed_makes_the_same_documents_and_another_one_others():
    assert make_documents(4, seed=1) == make_documents(4, seed=1) != make_documents(4, seed=2)


@pytest.mark.parametrize("options", [{"languages": ("fr",)}, {"n_topics": 9}, {"n_topics": 0}])
def test_documents_that_cannot_be_made_are_refused(options):
    with pytest.raises(TrainingError):
        make_documents(1, seed=1, **options)


def test_documents_come_back_from_their_file_as_they_were(tmp_path):
    documents = [*make_documents(2, seed=3), *sample_documents()[:3]]
    write_documents(documents, tmp_path / "d.jsonl")
    assert read_documents(tmp_path / "d.jsonl") == documents


def test_a_folder_is_read_with_the_headings_that_its_parser_sees(tmp_path):
    (tmp_path / "a.md").write_text(HEADED, encoding="utf-8")
    [document] = read_folder(tmp_path, licence="CC0")
    assert [heading.title for heading in document.headings] == ["Pump", "Motor"]
    with pytest.raises(TrainingError, match="holds no document"):
        read_folder(tmp_path / "none", licence="")


def test_with_and_without_thoughts_are_two_records_of_one_part_and_share_a_side(tmp_path):
    records, refused = records_of(make_documents(12, seed=2), thinking="both", window_units=400, n_candidates=1)
    assert not refused
    write_records(records, tmp_path / "r.jsonl")
    read = read_records(tmp_path / "r.jsonl")
    assert sum(one.task.thinks for one in read) * 2 == len(read) == 24
    sides = {}
    for one in read:
        sides.setdefault(one.task.document, set()).add(one.is_held_out)
    assert all(len(side) == 1 for side in sides.values())


def test_a_record_asks_in_the_very_words_of_the_builder_that_will_use_the_model():
    text = " ".join(document.text for document in make_documents(1, seed=2))
    records, _ = records_of(
        [SourceDocument(doc_id="d", text=HEADED + text, licence="")], thinking="without", window_units=400, n_candidates=1
    )

    class Listening(ScriptedReader):
        def complete(self, system, user, sampling):
            asked.append((system, user))
            return super().complete(system, user, sampling)

    asked = []
    MemReader(model=Listening(), profile=TUNED, window_tokens=10**6).build(HEADED + text)
    known = {(one["prompt"][0]["content"], one["prompt"][1]["content"]) for one in records}
    assert asked
    assert set(asked) <= known


def test_every_target_reads_back_without_a_repair():
    records, _ = records_of(sample_documents()[:6], thinking="both", window_units=250, n_candidates=6)
    assert records
    assert all(parse_reply(one["target"]).n_repairs == 0 for one in records)


def test_a_line_that_is_no_record_is_named(tmp_path):
    (tmp_path / "r.jsonl").write_text(json.dumps({"id": "x"}) + "\n", encoding="utf-8")
    with pytest.raises(TrainingError, match=r"line 1 of r\.jsonl"):
        read_records(tmp_path / "r.jsonl")


def test_a_run_needs_records_on_both_sides(tmp_path):
    records, _ = records_of(make_documents(1, seed=2), thinking="without", window_units=400, n_candidates=1)
    write_records(records, tmp_path / "r.jsonl")
    with pytest.raises(TrainingError, match="too few"):
        parted(read_records(tmp_path / "r.jsonl"))


@pytest.mark.parametrize("options", [{"thinking": "some"}, {"n_candidates": 3}])
def test_kinds_of_records_that_there_are_not_are_refused(options):
    with pytest.raises(TrainingError, match="thinking"):
        records_of(make_documents(1, seed=2), **{"thinking": "both", "window_units": 400, "n_candidates": 1, **options})
