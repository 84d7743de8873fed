from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

from tadarag.training.multihop_questions.passages import read_passages


def write(file: Path, *records: dict[str, Any]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(gzip.compress("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in records).encode()))


def test_corpora_reading_sets_and_multihop_sets_give_passages(tmp_path: Path) -> None:
    write(tmp_path / "a/corpus.jsonl.gz", {"_id": "d0", "title": "Ysk", "text": "Ysk is a river."})
    write(tmp_path / "b/train.jsonl.gz", {"question": "?", "title": "Olm", "context": "Olm is a town."})
    write(tmp_path / "c/train.jsonl.gz", {"question": "?", "paragraphs": [{"title": "Tor", "text": "Tor is a hill.", "supporting": True}]})
    found = read_passages(tmp_path, ["a/corpus.jsonl.gz", "b/train.jsonl.gz", "c/train.jsonl.gz"])
    assert [(one.corpus, one.title, one.text) for one in found] == [
        ("a", "Ysk", "Ysk is a river."),
        ("b", "Olm", "Olm is a town."),
        ("c", "Tor", "Tor is a hill."),
    ]


def test_a_passage_that_several_questions_share_is_read_once(tmp_path: Path) -> None:
    write(tmp_path / "b/train.jsonl.gz", *({"question": number, "title": "Olm", "context": "Olm is a town."} for number in range(3)))
    assert len(read_passages(tmp_path, ["b/train.jsonl.gz"])) == 1


def test_a_corpus_keeps_its_ids_and_other_passages_are_named_by_their_text(tmp_path: Path) -> None:
    write(tmp_path / "a/corpus.jsonl.gz", {"_id": "d0", "title": "Ysk", "text": "Ysk is a river."})
    write(tmp_path / "b/train.jsonl.gz", {"title": "Olm", "context": "Olm is a town."}, {"title": "Olm", "context": "Olm lies on the Ysk."})
    kept, *named = read_passages(tmp_path, ["a/corpus.jsonl.gz", "b/train.jsonl.gz"])
    assert kept.id == "d0"
    assert len({one.id for one in named}) == 2


def test_the_language_is_that_of_the_text(tmp_path: Path) -> None:
    write(
        tmp_path / "a/corpus.jsonl.gz",
        {"_id": "0", "title": "", "text": "青河镇位于云州。"},
        {"_id": "1", "title": "", "text": "Ysk (伊斯克) is a river in the north."},
    )
    assert [one.language for one in read_passages(tmp_path, ["a/corpus.jsonl.gz"])] == ["zh", "en"]
