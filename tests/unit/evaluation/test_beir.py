"""Data sets are read whole or refused with the file and line; their order is a fixed shuffle."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from tadarag.errors import UsageError
from tadarag.evaluation.beir import DatasetFiles, Question, check_disjoint, load_dataset

PASSAGES = [{"_id": f"d{n}", "title": f"Title {n}", "text": f"Text {n}."} for n in range(30)]
QUESTIONS = [{"_id": f"q{n}", "text": f"Question {n}?", "metadata": {"type": "bridge", "answers": ["x"]}} for n in range(6)]
QRELS = [("q0", "d0"), ("q0", "d1"), ("q1", "d2")]


def write(folder: Path, *, passages=PASSAGES, questions=QUESTIONS, qrels=QRELS, header: bool = True) -> DatasetFiles:
    with gzip.open(folder / "corpus.jsonl.gz", "wt", encoding="utf-8") as stream:
        stream.writelines(json.dumps(row) + "\n" for row in passages)
    (folder / "queries.jsonl").write_text("".join(json.dumps(row) + "\n" for row in questions), encoding="utf-8")
    lines = ["query-id\tcorpus-id\tscore"] if header else []
    (folder / "dev.tsv").write_text("\n".join([*lines, *(f"{query}\t{passage}\t1" for query, passage in qrels)]) + "\n", encoding="utf-8")
    return DatasetFiles(name="tiny", corpus=folder / "corpus.jsonl.gz", queries=folder / "queries.jsonl", qrels=folder / "dev.tsv")


def test_a_data_set_keeps_every_passage_question_and_label(tmp_path):
    dataset = load_dataset(write(tmp_path))
    assert set(zip(dataset.passages.ids, dataset.passages.titles, dataset.passages.texts, strict=True)) == {
        (row["_id"], row["title"], row["text"]) for row in PASSAGES
    }
    assert {question.id for question in dataset.questions} == {row["_id"] for row in QUESTIONS}
    assert dataset.qrels == {"q0": {"d0", "d1"}, "q1": {"d2"}}
    assert {question.id for question in dataset.judged()} == {"q0", "q1"}


def test_the_corpus_is_shuffled_and_its_file_order_does_not_matter(tmp_path):
    (tmp_path / "turned").mkdir()
    straight = load_dataset(write(tmp_path))
    turned = load_dataset(write(tmp_path / "turned", passages=PASSAGES[::-1], questions=QUESTIONS[::-1]))
    assert straight.passages == turned.passages
    assert straight.questions == turned.questions
    assert straight.passages.ids != tuple(row["_id"] for row in PASSAGES)


def test_a_limit_takes_a_fixed_sample_of_the_questions_and_leaves_the_corpus_whole(tmp_path):
    files = write(tmp_path)
    assert load_dataset(files, limit=2).questions == load_dataset(files).questions[:2]
    assert len(load_dataset(files, limit=2).passages) == len(PASSAGES)


def test_titles_can_be_dropped_everywhere(tmp_path):
    assert set(load_dataset(write(tmp_path), titles=False).passages.titles) == {""}


def test_the_digest_changes_with_any_of_the_three_files(tmp_path):
    before = load_dataset(write(tmp_path)).digest
    assert load_dataset(write(tmp_path, qrels=QRELS[:2])).digest != before
    assert load_dataset(write(tmp_path, questions=[*QUESTIONS, {"_id": "q9", "text": "?"}])).digest != before
    assert load_dataset(write(tmp_path, passages=PASSAGES[:20])).digest != before


def test_a_qrels_file_may_lack_its_header_and_labels_of_zero_are_not_gold(tmp_path):
    files = write(tmp_path, header=False)
    files.qrels.write_text("q0\td0\t1\nq0\td1\t0\n", encoding="utf-8")
    assert load_dataset(files).qrels == {"q0": {"d0"}}


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"qrels": [("q0", "d99")]}, "d99"),
        ({"qrels": [("q99", "d0")]}, "q99"),
        ({"qrels": []}, "gold"),
        ({"passages": [*PASSAGES, PASSAGES[0]]}, "d0"),
        ({"questions": [*QUESTIONS, QUESTIONS[3]]}, "q3"),
        ({"passages": [{"_id": "d0", "title": ""}]}, "line 1"),
        ({"questions": []}, "empty"),
    ],
)
def test_a_broken_data_set_is_refused_with_the_place(tmp_path, change, named):
    with pytest.raises(UsageError) as error:
        load_dataset(write(tmp_path, **change))
    assert named in error.value.happened
    assert error.value.do


def test_a_line_that_is_not_json_is_named(tmp_path):
    files = write(tmp_path)
    files.queries.write_text('{"_id": "q0", "text": "a"}\nnot json\n', encoding="utf-8")
    with pytest.raises(UsageError, match="line 2"):
        load_dataset(files)


def test_a_missing_file_is_named(tmp_path):
    files = write(tmp_path)
    files.corpus.unlink()
    with pytest.raises(UsageError, match="corpus"):
        load_dataset(files)


@pytest.mark.parametrize("other", [Question(id="a", text="Else?", metadata={}), Question(id="b", text="WHO did it", metadata={})])
def test_parts_that_share_a_question_by_id_or_by_text_are_refused(other):
    train = [Question(id="a", text="Who did it?", metadata={})]
    with pytest.raises(UsageError, match="train"):
        check_disjoint({"train": train, "dev": [other]})


def test_disjoint_parts_pass():
    check_disjoint({"train": [Question(id="a", text="Who?", metadata={})], "dev": [Question(id="b", text="When?", metadata={})]})


def test_distractors_leave_the_gold_passages_of_what_is_asked_and_that_many_others(tmp_path):
    files = write(tmp_path)
    whole, cut = load_dataset(files), load_dataset(files, distractors=3)
    gold = frozenset().union(*whole.qrels.values())
    assert gold <= set(cut.passages.ids)
    assert len(cut.passages) == len(gold) + 3
    assert [identifier for identifier in whole.passages.ids if identifier in cut.passages.ids] == list(cut.passages.ids)


def test_distractors_forget_the_gold_passages_of_questions_that_are_not_asked(tmp_path):
    cut = load_dataset(write(tmp_path), limit=1, distractors=0)
    assert set(cut.qrels) <= {cut.questions[0].id}
    assert set(cut.passages.ids) == frozenset().union(*cut.qrels.values())
