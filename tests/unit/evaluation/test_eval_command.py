"""`tadarag eval` from the command line to the JSON it promises."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from tadarag.cli.main import main
from tadarag.evaluation.beir import Dataset
from tadarag.evaluation.controls import with_permuted_titles


def write_dataset(folder: Path, dataset: Dataset) -> list[str]:
    folder.mkdir(parents=True)
    passages = dataset.passages
    with gzip.open(folder / "corpus.jsonl.gz", "wt", encoding="utf-8") as stream:
        for identifier, title, text in zip(passages.ids, passages.titles, passages.texts, strict=True):
            stream.write(json.dumps({"_id": identifier, "title": title, "text": text}) + "\n")
    with (folder / "queries.jsonl").open("w", encoding="utf-8") as stream:
        for question in dataset.questions:
            stream.write(json.dumps({"_id": question.id, "text": question.text, "metadata": {"answers": ["street"]}}) + "\n")
    lines = [f"{question}\t{passage}\t1" for question, gold in dataset.qrels.items() for passage in sorted(gold)]
    (folder / "dev.tsv").write_text("query-id\tcorpus-id\tscore\n" + "\n".join(lines) + "\n", encoding="utf-8")
    return ["--corpus", str(folder / "corpus.jsonl.gz"), "--queries", str(folder / "queries.jsonl"), "--qrels", str(folder / "dev.tsv")]


@pytest.fixture
def files(world, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return [*write_dataset(tmp_path / "data" / "world", world), "--encoder", "hashing", "--limit", "5"]


def test_retrieval_prints_the_promised_json(files, capsys):
    assert main(["eval", "retrieval", *files, "--json", "--quiet"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert (report["corpus"], report["n_queries"], report["n_passages"]) == ("world", 5, 141)
    assert set(report["systems"]) == {"tadarag", "bm25", "dense", "rrf", "ppr", "rrf+ppr"}
    ours = report["systems"]["tadarag"]
    assert 0.5 <= ours["recall@5"] <= 1
    assert {"recall@5_interval", "all_gold@5", "mrr@10", "query_ms_p50", "query_ms_p95", "index_seconds", "passages_per_second"} <= set(
        ours
    )


def test_retrieval_prints_a_table_for_people_and_progress_elsewhere(files, capsys):
    assert main(["eval", "retrieval", *files, "--systems", "tadarag,bm25"]) == 0
    shown = capsys.readouterr()
    assert "world: 5 questions, 141 passages" in shown.out
    assert "tadarag minus" in shown.out
    assert "asking tadarag: 5 of 5" in shown.err


def test_titles_can_be_dropped(files, capsys):
    assert main(["eval", "retrieval", *files, "--no-titles", "--json", "--quiet", "--systems", "tadarag"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["titles"] is False
    assert report["systems"]["tadarag"]["recall@5"] <= 0.5


def test_a_kept_base_is_used_again(files, capsys, tmp_path):
    command = ["eval", "retrieval", *files, "--systems", "tadarag", "--json", "--quiet", "--base", str(tmp_path / "kept")]
    reports = []
    for _ in range(2):
        assert main(command) == 0
        reports.append(json.loads(capsys.readouterr().out))
    assert [report["index_reused"] for report in reports] == [False, True]
    assert reports[0]["systems"]["tadarag"]["recall@5"] == reports[1]["systems"]["tadarag"]["recall@5"]


def test_a_published_run_verifies_as_the_same_and_changed_data_do_not(files, capsys, tmp_path, world):
    assert main(["eval", "retrieval", *files, "--systems", "tadarag,bm25", "--quiet", "--publish", "mine"]) == 0
    assert "data" in (tmp_path / "eval" / "results" / "mine.json").read_text()
    capsys.readouterr()
    assert main(["eval", "verify", "mine", "--data-dir", str(tmp_path / "data"), "--json", "--quiet"]) == 0
    assert {row["verdict"] for row in json.loads(capsys.readouterr().out)["figures"]} == {"same"}
    write_dataset(tmp_path / "other" / "world", with_permuted_titles(world))
    assert main(["eval", "verify", "mine", "--data-dir", str(tmp_path / "other"), "--quiet"]) == 2
    assert "data of world" in capsys.readouterr().err


def test_answers_are_judged_on_the_same_files(files, capsys):
    assert main(["eval", "answers", *files, "--json", "--quiet"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["n_queries"] == 5
    assert {"exact_match", "f1", "refused_answerable"} <= set(report["measures"])


@pytest.mark.parametrize(
    "arguments",
    [
        ["retrieval"],
        ["retrieval", "--corpus", "nowhere.jsonl", "--queries", "nowhere.jsonl", "--qrels", "nowhere.tsv"],
        ["suite", "retrieval-dev", "--data-dir", "nowhere", "--encoder", "hashing"],
        ["answers", "--documents", "nowhere", "--encoder", "hashing"],
    ],
)
def test_what_cannot_be_run_ends_with_the_usage_status_and_a_remedy(arguments, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(["eval", *arguments]) == 2
    assert "do:" in capsys.readouterr().err


def test_what_links_are_worth_is_shown_published_and_verified(files, capsys, tmp_path):
    assert main(["eval", "links", *files, "--half", "B", "--publish", "links", "--base", str(tmp_path / "kept")]) == 0
    shown = capsys.readouterr()
    assert "without title-link" in shown.out
    assert "all minus it, recall@5" in shown.out
    assert main(["eval", "verify", "links", "--data-dir", str(tmp_path / "data"), "--json", "--quiet"]) == 0
    verified = json.loads(capsys.readouterr().out)
    assert verified["command"].startswith("tadarag eval links --corpus world/corpus.jsonl.gz")
    assert "--half B" in verified["command"]
    assert {row["verdict"] for row in verified["figures"]} == {"same"}
