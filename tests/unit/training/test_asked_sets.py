"""Development questions asked of their corpus, with their gold passages and without."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from tadarag.models.encoder import heading_context
from tadarag.models.onnx_encoder import load_shipped
from tadarag.training.asked_sets import AskedSet, ask_set
from tadarag.training.policy.in_product import figures_in_product, graphs_of, shown_texts
from tadarag.values import Hit

PASSAGES = {
    "d1": ("Anna Holm", "Anna Holm was born on 3 May 1987 in Velden. She is an engineer."),
    "d2": ("Dusk", "The ferry Dusk was built by Holm Yard in 1999."),
    "d3": ("Velden", "Velden is a town on the river Sorrel."),
}
QUESTIONS = {"q1": ("When was Anna Holm born?", "d1", "3 May 1987"), "q2": ("Who built the ferry Dusk?", "d2", "Holm Yard")}
STATED = {"corpus": "set/corpus.jsonl.gz", "queries": "set/queries.jsonl.gz", "qrels": "set/qrels.tsv"}


def _write(file: Path, rows: list[dict[str, Any]]) -> None:
    with gzip.open(file, "wt", encoding="utf-8") as lines:
        lines.writelines(json.dumps(row) + "\n" for row in rows)


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> AskedSet:
    data = tmp_path_factory.mktemp("data")
    (data / "set").mkdir()
    _write(data / "set" / "corpus.jsonl.gz", [{"_id": key, "title": title, "text": text} for key, (title, text) in PASSAGES.items()])
    _write(
        data / "set" / "queries.jsonl.gz",
        [{"_id": key, "text": text, "metadata": {"answers": [answer]}} for key, (text, _, answer) in QUESTIONS.items()],
    )
    judged = "".join(f"{key}\t{gold}\t1\n" for key, (_, gold, _) in QUESTIONS.items())
    (data / "set" / "qrels.tsv").write_text(f"query-id\tcorpus-id\tscore\n{judged}", encoding="utf-8")
    return ask_set("set", STATED, data, data / "run", load_shipped(), lambda message: None, also_without_gold=True)


def _paths(answer: Any) -> set[str]:
    return {hit.passage.source.path for hit in answer.evidence.hits}


def test_every_question_is_asked_with_its_gold_passages_and_without(asked: AskedSet) -> None:
    assert {question.id for question, _ in asked.asked} == set(asked.without_gold) == set(QUESTIONS)
    for question, answer in asked.asked:
        (gold,) = asked.gold[question.id]
        assert gold in _paths(answer)
        assert gold not in _paths(asked.without_gold[question.id])


def test_what_a_graph_shows_keeps_to_its_budget_and_stands_in_its_passages(asked: AskedSet) -> None:
    for half in (True, False):
        for one in graphs_of(asked, {"formula": None}, of_half_a=half):
            for budget in (8, 32, 128):
                shown, tokens = shown_texts(one.graphs["formula"], one.hits, budget)
                assert tokens <= budget
                assert all(any(_stands_in(text, hit) for hit in one.hits) for text in shown)


def _stands_in(text: str, hit: Hit) -> bool:
    """Whether a text is the headings of a hit and sentences of it, or the beginning of both."""
    whole = heading_context(hit.passage.heading_path) + hit.passage.text
    rest = text.removeprefix(heading_context(hit.passage.heading_path))
    return whole.startswith(text) or all(sentence in hit.passage.text for sentence in rest.split(". "))


def test_the_same_scores_are_worth_the_same(asked: AskedSet) -> None:
    class FirstWords:
        fingerprint = "first words"

        def judge(self, question: Any, texts: Any) -> Any:
            from tadarag.training.policy.frozen_answerer import Judged

            return Judged(0.0, " ".join(texts)[:20])

    found = [one for half in (True, False) for one in graphs_of(asked, {"one": None, "other": None}, of_half_a=half)]
    document = figures_in_product(found, FirstWords(), ours="one", budgets=(64,))  # type: ignore[arg-type]
    row = document["budgets"]["64"]
    assert (row["one"]["f1"], row["one"]["tokens"]) == (row["other"]["f1"], row["other"]["tokens"])
    assert row["other"]["ours_minus"]["mean"] == 0.0
    assert document["n_items"] == len(QUESTIONS)
