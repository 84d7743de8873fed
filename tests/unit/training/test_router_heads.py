"""The router's heads learn from what they are given, the same every time, and their card says what they are worth."""

from hashlib import sha256

import numpy as np
import pytest

from tadarag.routing.document_words import word_buckets
from tadarag.routing.heads import DOCUMENT_HEAD, QUESTION_HEADS, judge_vector, judge_words, write_heads
from tadarag.training.router_card import model_card
from tadarag.training.router_heads import fit_document_head, fit_question_head, main
from tadarag.training.router_sources import Labelled

SAID = {"finance": ("dividend", "revenue", "goodwill", "audit"), "news": ("storm", "election", "police", "senator")}
ROWS = tuple(
    Labelled(text=f"{word} {other} page {place}", label=label, language="en", source=f"{label}_{source}")
    for label, words in SAID.items()
    for source in ("a", "b")
    for place, (word, other) in enumerate((word, other) for word in words for other in words)
)


def vectors_of(rows):
    """One direction for each label, with some noise."""
    noise = np.random.default_rng(3).normal(scale=0.2, size=(len(rows), 4))
    vectors = noise + np.array([[1.0, 0, 0, 0] if row.label == "news" else [0, 1.0, 0, 0] for row in rows])
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


@pytest.fixture(scope="module")
def question():
    return fit_question_head(ROWS, vectors_of(ROWS), (1e-2, 3e-2))


@pytest.fixture(scope="module")
def document():
    return fit_document_head(ROWS, ROWS[:4] + ROWS[-4:])


def test_a_head_of_questions_reads_the_vector(question):
    head, report = question
    assert judge_vector(head, {}, np.array([1, 0, 0, 0], np.float32)).best()[0] == "news"
    assert judge_vector(head, {}, np.array([0, 1, 0, 0], np.float32)).best()[0] == "finance"
    assert report["unseen sources"]["macro_f1"] == 100.0
    assert set(report["unseen sources"]["by source"]) == {"finance_a", "finance_b", "news_a", "news_b"}


def test_a_head_of_documents_reads_the_words(document):
    head, report = document
    assert judge_words(head, {}, word_buckets("The senator met the police.")).best()[0] == "news"
    assert judge_words(head, {}, word_buckets("An audit of the goodwill.")).best()[0] == "finance"
    assert report["within"]["n"] == len(ROWS) + 8
    assert set(report["without shifts"]) == {"unseen sources", "within"}


def test_the_same_rows_give_the_same_bytes(question, tmp_path):
    again, _ = fit_question_head(ROWS, vectors_of(ROWS), (1e-2, 3e-2))
    for name, head in (("a", question[0]), ("b", again)):
        write_heads(tmp_path / name / QUESTION_HEADS, {"domain": head}, {})
    assert (tmp_path / "a" / QUESTION_HEADS).read_bytes() == (tmp_path / "b" / QUESTION_HEADS).read_bytes()


def test_the_card_states_hashes_licences_and_every_source_left_out(question, document, tmp_path):
    write_heads(tmp_path / QUESTION_HEADS, {"domain": question[0], "task": question[0]}, {})
    write_heads(tmp_path / DOCUMENT_HEAD, {"domain": document[0]}, {})
    report = {"domain": question[1], "task": question[1], "documents": document[1]}
    card = model_card(report, tmp_path)
    assert sha256((tmp_path / DOCUMENT_HEAD).read_bytes()).hexdigest() in card
    assert "hotpotqa, cmrc2018 (CC BY-SA 4.0)" in card
    assert "finance_a 100 / 100" in card
    assert max(len(line) for line in card.splitlines() if not line.startswith("|")) <= 140
    research = model_card(report, tmp_path, is_research=True)
    assert "not to be shipped" in research
    assert "CC BY-SA 4.0" not in research


def test_training_without_the_data_says_which_file_is_missing(tmp_path):
    with pytest.raises(OSError, match=r"router_domain.train\.jsonl\.gz"):
        main(["--data", str(tmp_path), "--out", str(tmp_path / "out")])
