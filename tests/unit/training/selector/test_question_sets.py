import gzip
import json

import pytest

from tadarag.errors import UsageError
from tadarag.training.selector.question_sets import QuestionSet, is_half_a, load_corpus, load_judged, paragraph_id, read_sets

PARAGRAPHS = [
    {
        "question": "Who?",
        "paragraphs": [{"title": "A", "text": "One.", "supporting": True}, {"title": "B", "text": "Two.", "supporting": False}],
    },
    {
        "question": "Where?",
        "paragraphs": [{"title": "A", "text": "One.", "supporting": False}, {"title": "C", "text": "Three.", "supporting": True}],
    },
]


@pytest.fixture
def data(tmp_path):
    folder = tmp_path / "made"
    folder.mkdir()
    with gzip.open(folder / "train.jsonl.gz", "wt", encoding="utf-8") as stream:
        stream.writelines(json.dumps(row) + "\n" for row in PARAGRAPHS)
    queries = [{"_id": f"q{number}", "text": f"Question {number}?", "metadata": {"answers": ["secret"]}} for number in range(12)]
    (folder / "queries.jsonl").write_text("".join(json.dumps(row) + "\n" for row in queries))
    (folder / "qrels.tsv").write_text("query-id\tcorpus-id\tscore\n" + "".join(f"q{number}\tp{number}\t1\n" for number in range(10)))
    return tmp_path


def halved(**changes):
    fields = {
        "name": "made",
        "family": "made",
        "corpus": "made",
        "use": "halves",
        "queries": "made/queries.jsonl",
        "qrels": "made/qrels.tsv",
    }
    return QuestionSet(**{**fields, **changes})


def test_the_paragraphs_of_questions_make_one_corpus_in_which_each_stands_once(data):
    passages = load_corpus(data, ["made/train.jsonl.gz"])
    assert sorted(passages.titles) == ["A", "B", "C"]
    assert len(set(passages.ids)) == 3


def test_a_question_with_paragraphs_has_its_supporting_ones_as_gold(data):
    one = QuestionSet(name="made", family="made", corpus="made", use="train", paragraphs="made/train.jsonl.gz")
    gold = {question.text: question.gold for question in load_judged(data, one)}
    assert gold == {"Who?": {paragraph_id("A", "One.")}, "Where?": {paragraph_id("C", "Three.")}}


def test_half_a_may_be_trained_on_and_half_b_not(data):
    for question in load_judged(data, halved()):
        assert question.is_train == is_half_a(question.id)
    assert not any(question.is_train for question in load_judged(data, halved(use="test")))
    assert all(question.is_train for question in load_judged(data, halved(use="train")))


def test_only_questions_with_gold_passages_are_kept_and_a_limit_is_a_sample_of_them(data):
    everything = load_judged(data, halved())
    assert len(everything) == 10
    assert load_judged(data, halved(limit=4)) == everything[:4]


def test_a_judged_question_carries_nothing_of_its_metadata(data):
    assert all("secret" not in repr(question) for question in load_judged(data, halved()))


def test_an_unknown_use_is_refused():
    with pytest.raises(UsageError, match="no use"):
        read_sets([{"name": "x", "family": "x", "corpus": "x", "use": "dev"}])
