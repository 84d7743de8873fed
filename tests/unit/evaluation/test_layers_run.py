"""`tadarag eval layers` on a made-up meeting, from the command line to the JSON it promises."""

import gzip
import json

import pytest

from tadarag.cli.main import main

TOPICS = ("apples and orchards", "the harbour crane", "winter windmills")


def write(file, rows):
    with gzip.open(file, "wt", encoding="utf-8") as stream:
        stream.writelines(json.dumps(row) + "\n" for row in rows)


@pytest.fixture
def data(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "data" / "qmsum"
    folder.mkdir(parents=True)
    corpus, outlines, queries = [], [], []
    for number in range(2):
        turns = [f"Speaker {turn % 3}: about {topic} I say remark {number} {turn} ." for topic in TOPICS for turn in range(30)]
        spans = [[30 * at, 30 * at + 29] for at in range(len(TOPICS))]
        corpus.append({"_id": f"m{number}", "title": "", "text": "\n".join(turns)})
        outlines.append(
            {"_id": f"m{number}", "topics": [{"topic": topic, "turn_spans": [span]} for topic, span in zip(TOPICS, spans, strict=True)]}
        )
        metadata = {"type": "specific", "meeting": f"m{number}", "turn_spans": [spans[1]]}
        queries.append({"_id": f"q{number}", "text": "What was said about the crane?", "metadata": metadata})
    for name, rows in (("corpus", corpus), ("outlines", outlines), ("queries", queries)):
        write(folder / f"{name}.jsonl.gz", rows)
    return ["--data-dir", str(tmp_path / "data"), "--sets", "qmsum", "--encoder", "hashing", "--quiet"]


def test_layers_prints_every_system_with_intervals_and_paired_differences(data, capsys):
    assert main(["eval", "layers", *data, "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert list(report["systems"]) == ["chunk", "chunk+outline", "chunk+core", "layers", "layers-by-rank", "S-without-layers", "S"]
    outlines = report["sets"]["qmsum-outlines in-document"]
    assert outlines["n_queries"] == 6
    assert 0 < outlines["systems"]["layers"]["recall@5"] <= 1
    assert {"recall@5", "recall@5_interval"} <= set(outlines["layers_minus"]["chunk"])
    assert set(report["pools"]) == {"overview in-corpus", "overview in-document"}
    assert report["pools"]["overview in-corpus"]["n_queries"] == 8


def test_a_published_run_of_the_layers_verifies_as_the_same(data, capsys, tmp_path):
    assert main(["eval", "layers", *data, "--limit", "2", "--publish", "mine"]) == 0
    assert "layers minus chunk" in capsys.readouterr().out
    assert main(["eval", "verify", "mine", "--data-dir", str(tmp_path / "data"), "--json", "--quiet"]) == 0
    assert {row["verdict"] for row in json.loads(capsys.readouterr().out)["figures"]} == {"same"}


def test_an_unknown_set_ends_with_the_usage_status(data, capsys):
    assert main(["eval", "layers", *data, "--sets", "nowhere"]) == 2
    assert "choose from" in capsys.readouterr().err
