"""Questions over what the product ranks for them, half of them to learn from and half to measure on."""

import gzip
import json

import pytest

pytest.importorskip("bm25s", reason="evaluation's extra")

from tadarag.training.answerer.multihop_items import read_composed
from tadarag.training.answerer.ranked_stage import rank_questions
from tadarag.training.selector.question_sets import is_half_a
from tadarag.training.stage_run import StageRun

PLACES = ("Velden", "Quillen", "Tarnwick", "Harrow", "Port Hesk", "Ostrevir")


def write_lines(file, rows):
    file.parent.mkdir(parents=True, exist_ok=True)
    with gzip.open(file, "wt", encoding="utf-8") as lines:
        lines.writelines(f"{json.dumps(row)}\n" for row in rows)


@pytest.fixture
def data(tmp_path):
    folder = tmp_path / "data"
    write_lines(
        folder / "towns/corpus.jsonl.gz",
        [{"_id": f"d{n}", "title": place, "text": f"{place} was founded in {1300 + n}."} for n, place in enumerate(PLACES)],
    )
    write_lines(
        folder / "towns/queries.jsonl.gz",
        [
            {"_id": f"q{n}", "text": f"When was {place} founded?", "metadata": {"answers": [str(1300 + n)], "type": "fact"}}
            for n, place in enumerate(PLACES)
        ],
    )
    (folder / "towns/qrels").mkdir()
    lines = ["query-id\tcorpus-id\tscore", *(f"q{n}\td{n}\t1" for n in range(len(PLACES)))]
    (folder / "towns/qrels/dev.tsv").write_text("\n".join(lines) + "\n")
    return folder


def test_each_half_is_written_with_its_ranked_passages(data, tmp_path):
    files = {"corpus": "towns/corpus.jsonl.gz", "queries": "towns/queries.jsonl.gz", "qrels": "towns/qrels/dev.tsv"}
    run = StageRun(
        folder=tmp_path / "out",
        inputs={"texts": data},
        parameters={"sets": {"towns": files}},
        seed=1,
        device="cpu",
        report=lambda message: None,
    )
    rank_questions(run)
    halves = {part: read_composed(tmp_path / "out/towns" / f"{part}.jsonl.gz") for part in ("train", "dev")}
    n_train = sum(is_half_a(f"q{n}") for n in range(len(PLACES)))
    assert [len(halves["train"]), len(halves["dev"])] == [n_train, len(PLACES) - n_train]
    for one in (*halves["train"], *halves["dev"]):
        (gold,) = [paragraph for paragraph in one.paragraphs if paragraph.supporting]
        assert one.answers[0] in gold.text
        assert one.paragraphs[0] == gold
