"""`tadarag eval segmentation` and `tadarag eval chunking` from the command line to the JSON they promise."""

from __future__ import annotations

import gzip
import json

import pytest

from tadarag.cli.main import main

FISH = ["The salmon swims up the river.", "Salmon spawn in the river.", "A young salmon leaves the river."]
TAX = ["The tax office wants a return.", "A tax return lists income.", "Income tax is due in May."]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "data" / "tiny"
    folder.mkdir(parents=True)
    text = " ".join(FISH) + "\n\n" + " ".join(TAX)
    reference = {"content": FISH[1], "start_index": text.index(FISH[1]), "end_index": text.index(FISH[1]) + len(FISH[1])}
    rows = {
        "segments.jsonl": [{"_id": "a", "segments": [FISH, TAX]}, {"_id": "b", "segments": [TAX]}],
        "corpus.jsonl": [{"_id": "book", "text": text}, {"_id": "other", "text": "Birds fly."}],
        "queries.jsonl": [
            {"_id": "q", "text": "Where do salmon spawn?", "metadata": {"corpus": "book", "references": [reference], "answers": ["river"]}}
        ],
    }
    for name, lines in rows.items():
        with gzip.open(folder / f"{name}.gz", "wt", encoding="utf-8") as stream:
            stream.writelines(json.dumps(line) + "\n" for line in lines)
    (folder / "dev.tsv").write_text("q\tbook\t1\n")
    return folder


@pytest.fixture
def segmentation(folder):
    return ["eval", "segmentation", "--data", str(folder / "segments.jsonl.gz"), "--encoder", "hashing"]


@pytest.fixture
def chunking(folder):
    files = ["--corpus", str(folder / "corpus.jsonl.gz"), "--queries", str(folder / "queries.jsonl.gz")]
    return ["eval", "chunking", *files, "--encoder", "hashing"]


def report_of(capsys, command):
    assert main([*command, "--json", "--quiet"]) == 0
    return json.loads(capsys.readouterr().out)


def test_segmentation_prints_the_promised_json(segmentation, capsys):
    report = report_of(capsys, segmentation)
    assert (report["corpus"], report["n_documents"], report["n_documents_of_one_segment"]) == ("segments", 2, 1)
    assert set(report["systems"]) == {"mom", "fixed", "recursive", "sentence-window", "texttiling", "semantic"}
    assert report["systems"]["sentence-window"]["pk"] == 0
    assert {"pk", "windowdiff", "pk_interval", "windowdiff_interval"} <= set(report["mom_minus"]["texttiling"])


def test_chunking_prints_the_promised_json(chunking, capsys):
    report = report_of(capsys, chunking)
    assert (report["corpus"], report["n_queries"], report["n_texts"], report["top"]) == ("tiny", 1, 2, 5)
    assert {"recall", "precision", "iou"} <= set(report["systems"]["mom"])
    assert {"recall", "iou", "iou_interval"} <= set(report["mom_minus"]["recursive-200"])


def test_chunking_with_qrels_asks_for_chunks_that_bear_an_answer(chunking, folder, capsys):
    report = report_of(capsys, [*chunking, "--qrels", str(folder / "dev.tsv"), "--join", "2"])
    assert report["n_texts"] == 1
    assert report["systems"]["mom"]["answer_recall"] == 1


def test_some_systems_and_fewer_chunks_can_be_asked_for(chunking, capsys):
    report = report_of(capsys, [*chunking, "--systems", "mom,fixed-200", "--top", "1"])
    assert (set(report["systems"]), report["top"]) == ({"mom", "fixed-200"}, 1)


def test_both_print_tables_for_people(segmentation, chunking, capsys):
    assert main(segmentation) == 0
    shown = capsys.readouterr()
    assert "segments: 2 documents, 9 sentences, 1.5 segments a document; lower is better" in shown.out
    assert "mom minus" in shown.out
    assert "segments: texttiling: 2 of 2" in shown.err
    assert main(chunking) == 0
    shown = capsys.readouterr()
    assert "tiny: 1 question on 2 texts, 5 chunks retrieved" in shown.out
    assert "reach both the recall and the IoU of mom:" in shown.out


@pytest.mark.parametrize("options", [[], ["--limit", "1", "--systems", "mom,texttiling"]])
def test_a_published_segmentation_verifies_as_the_same(segmentation, options, capsys, tmp_path):
    assert main([*segmentation, *options, "--quiet", "--publish", "mine"]) == 0
    capsys.readouterr()
    figures = report_of(capsys, ["eval", "verify", "mine", "--data-dir", str(tmp_path / "data" / "tiny")])["figures"]
    assert {row["verdict"] for row in figures} == {"same"}
    assert {"segments/mom/pk", "segments/mom minus texttiling/windowdiff"} <= {row["figure"] for row in figures}


def test_a_published_chunking_verifies_as_the_same_and_changed_data_do_not(chunking, folder, capsys, tmp_path):
    options = ["--qrels", str(folder / "dev.tsv"), "--join", "2", "--top", "3", "--quiet"]
    assert main([*chunking, *options, "--publish", "mine"]) == 0
    content = json.loads((tmp_path / "eval" / "results" / "mine.json").read_text())
    assert content["command"] == (
        "tadarag eval chunking --corpus tiny/corpus.jsonl.gz --queries tiny/queries.jsonl.gz --qrels tiny/dev.tsv --join 2 --top 3 "
        "--encoder hashing"
    )
    capsys.readouterr()
    verify = ["eval", "verify", "mine", "--data-dir", str(tmp_path / "data")]
    assert {row["verdict"] for row in report_of(capsys, verify)["figures"]} == {"same"}
    (folder / "dev.tsv").write_text("q\tother\t1\n")
    assert main([*verify, "--quiet"]) == 2
    assert "data of tiny" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [
        ["segmentation", "--data", "nowhere.jsonl"],
        ["chunking", "--corpus", "nowhere.jsonl", "--queries", "nowhere.jsonl"],
        ["segmentation"],
        ["chunking", "--corpus", "nowhere.jsonl"],
    ],
)
def test_what_cannot_be_run_ends_with_the_usage_status_and_a_remedy(arguments, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(["eval", *arguments]) == 2
    assert "do:" in capsys.readouterr().err
