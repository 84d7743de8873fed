"""Where answers stand: as a data set says, or looked up in gold passages that were joined into longer texts."""

from __future__ import annotations

import json

import pytest

from tadarag.errors import UsageError
from tadarag.evaluation.chunking_data import ChunkingFiles, load_chunking
from tadarag.evaluation.records import SourceSpan
from tadarag.values import Span


def write(path, rows):
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path


@pytest.fixture
def spans(tmp_path):
    corpus = write(
        tmp_path / "corpus.jsonl", [{"_id": "sea", "text": "Cafe\u0301s close. The ship sank."}, {"_id": "sky", "text": "Birds fly."}]
    )
    reference = {"content": "The ship sank.", "start_index": 14, "end_index": 28}
    queries = [
        {"_id": "q1", "text": "What sank?", "metadata": {"corpus": "sea", "references": [reference]}},
        {"_id": "q2", "text": "Why?", "metadata": {"corpus": "sky", "references": []}},
    ]
    return ChunkingFiles(name="tiny", corpus=corpus, queries=write(tmp_path / "queries.jsonl", queries))


@pytest.fixture
def answers(tmp_path):
    passages = [{"_id": f"d{n}", "text": text} for n, text in enumerate(["青山。", "江水在此，江水长。", "月亮。", "江水。"])]
    queries = [
        {"_id": "q1", "text": "什么长？", "metadata": {"answers": ["江水", "江水长"]}},
        {"_id": "q2", "text": "谁？", "metadata": {"answers": ["没有"]}},
    ]
    qrels = tmp_path / "dev.tsv"
    qrels.write_text("query-id\tcorpus-id\tscore\nq1\td1\t1\nq2\td2\t1\n")
    return ChunkingFiles(
        name="tiny",
        corpus=write(tmp_path / "corpus.jsonl", passages),
        queries=write(tmp_path / "queries.jsonl", queries),
        qrels=qrels,
    )


def test_stated_spans_count_in_the_text_as_it_is(spans):
    data = load_chunking(spans)
    assert data.kind == "spans"
    assert data.texts["sea"].startswith("Cafe\u0301s")  # not composed: offsets would move
    (question,) = data.questions
    assert question.references == (SourceSpan(source="sea", span=Span(14, 28)),)
    assert data.n_left_out == 1


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"start_index": 13}, "does not stand at"),
        ({"end_index": 99}, "does not stand at"),
        ({"start_index": None}, "start_index"),
    ],
)
def test_a_span_that_is_not_what_its_content_says_is_refused(spans, change, problem):
    reference = {"content": "The ship sank.", "start_index": 14, "end_index": 28} | change
    write(spans.queries, [{"_id": "q1", "text": "?", "metadata": {"corpus": "sea", "references": [reference]}}])
    with pytest.raises(UsageError, match=problem):
        load_chunking(spans)


def test_a_question_about_an_unknown_text_is_refused(spans):
    write(spans.queries, [{"_id": "q1", "text": "?", "metadata": {"corpus": "lake", "references": []}}])
    with pytest.raises(UsageError, match="lake"):
        load_chunking(spans)


def test_passages_with_stated_spans_cannot_be_joined(spans):
    with pytest.raises(UsageError, match="cannot be joined"):
        load_chunking(spans, join=2)


def test_answers_are_looked_up_in_the_gold_passage_inside_the_joined_text(answers):
    data = load_chunking(answers, join=3)
    assert data.texts == {"d0+d2": "青山。\n\n江水在此，江水长。\n\n月亮。", "d3": "江水。"}
    (question,) = data.questions
    quotes = {(place.source, place.span.start, place.span.of(data.texts[place.source])) for place in question.references}
    assert quotes == {("d0+d2", 5, "江水"), ("d0+d2", 10, "江水"), ("d0+d2", 10, "江水长")}  # not the one in d3
    assert (data.kind, data.n_left_out) == ("answers", 1)


def test_qrels_that_name_an_unknown_passage_are_refused(answers):
    answers.qrels.write_text("q1\td9\t1\n")
    with pytest.raises(UsageError, match="d9"):
        load_chunking(answers)


def test_a_set_without_any_answer_in_place_is_refused(answers):
    answers.qrels.write_text("q2\td2\t1\n")
    with pytest.raises(UsageError, match="no question"):
        load_chunking(answers)


def test_the_digest_changes_with_any_file(answers):
    before = load_chunking(answers).digest
    answers.qrels.write_text("q1\td1\t1\n")
    assert load_chunking(answers).digest != before
