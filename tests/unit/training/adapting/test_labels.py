"""Labels are checked against the pages and the template, line by line, before anything is learned from them."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from tadarag.errors import UsageError
from tadarag.evaluation.extraction_data import load_gold
from tadarag.extraction.set_template import set_template
from tadarag.training.adapting.labels import Labelled, read_labels
from tadarag.training.adapting.parts import CHOSEN_ON, HELD_BACK, LEARNED, part, write_parts

TEMPLATE = set_template("courts", ["judge", "court"], {"sits_in": (["judge"], ["court"])})
TEXT = "Judge Ada Moor sits in Velmouth. Ada Moor retired."


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    folder = tmp_path / "pages"
    folder.mkdir()
    (folder / "a.txt").write_text(TEXT, "utf-8")
    return folder


def labels(tmp_path: Path, *rows: object) -> Path:
    file = tmp_path / "labels.jsonl"
    file.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
    return file


def test_words_without_offsets_are_marked_wherever_they_stand(tmp_path: Path, pages: Path) -> None:
    row = {
        "page": "a.txt",
        "entities": [{"text": "Ada Moor", "type": "judge"}, {"text": "Velmouth", "type": "court"}],
        "relations": [{"head": 0, "tail": 1, "type": "sits_in"}],
    }
    (one,) = read_labels(labels(tmp_path, row), pages, TEMPLATE)
    assert [(one.text[start:end], kind) for start, end, kind in one.entities] == [
        ("Ada Moor", "judge"),
        ("Ada Moor", "judge"),
        ("Velmouth", "court"),
    ]
    assert one.relations == ((0, 2, "sits_in"),)


def test_offsets_and_a_text_of_its_own_are_taken_as_they_are(tmp_path: Path) -> None:
    row = {
        "id": "one",
        "text": "法官王梅在上海。",
        "entities": [{"id": "T1", "start": 2, "end": 4, "type": "judge", "text": "王梅"}],
        "relations": [],
    }
    assert read_labels(labels(tmp_path, row), None, TEMPLATE) == (Labelled("one", "法官王梅在上海。", ((2, 4, "judge"),), ()),)


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ({"page": "b.txt", "entities": []}, "there is no page b.txt"),
        ({"page": "../a.txt", "entities": []}, "there is no page"),
        ({"page": "a.txt", "entities": [{"text": "Ada Moor", "type": "juge"}]}, "no type 'juge'"),
        ({"page": "a.txt", "entities": [{"text": "Bo", "type": "judge"}]}, "does not hold 'Bo'"),
        ({"page": "a.txt", "entities": [{"start": 0, "end": 999, "type": "judge"}]}, "does not lie in the page"),
        ({"page": "a.txt", "entities": [{"start": 0, "end": 3, "type": "judge", "text": "Ada"}]}, "the page says 'Jud'"),
        ({"page": "a.txt", "entities": [{"type": "judge"}]}, "neither words nor offsets"),
        ({"page": "a.txt", "entities": [], "relations": [{"head": 0, "tail": 1, "type": "knows"}]}, "no relation 'knows'"),
        ({"page": "a.txt", "entities": [], "relations": [{"head": 0, "tail": 1, "type": "sits_in"}]}, "KeyError"),
        ({"entities": []}, "KeyError"),
    ],
)
def test_a_label_that_does_not_fit_is_told_with_its_line(tmp_path: Path, pages: Path, row: dict[str, object], told: str) -> None:
    with pytest.raises(UsageError, match="line 1") as caught:
        read_labels(labels(tmp_path, row), pages, TEMPLATE)
    assert told in str(caught.value)


def test_a_page_that_cannot_be_read_names_the_line(tmp_path: Path, pages: Path) -> None:
    (pages / "c.pdf").write_bytes(b"no pdf")
    with pytest.raises(UsageError, match="line 1"):
        read_labels(labels(tmp_path, {"page": "c.pdf", "entities": []}), pages, TEMPLATE)


def test_a_page_is_labelled_once_and_a_file_holds_labels(tmp_path: Path, pages: Path) -> None:
    row = {"page": "a.txt", "entities": []}
    with pytest.raises(UsageError, match="labelled twice"):
        read_labels(labels(tmp_path, row, row), pages, TEMPLATE)
    with pytest.raises(UsageError, match="holds no labels"):
        read_labels(labels(tmp_path), pages, TEMPLATE)


def many(n: int, word: str = "page") -> list[Labelled]:
    return [Labelled(f"{word} {number}", f"{word} {number}", ((0, 4, "judge"),), ()) for number in range(n)]


def test_every_page_has_one_part_and_keeps_it_when_the_order_changes() -> None:
    parts = part(many(40), held_back=0.2)
    assert (len(parts.learned), len(parts.chosen_on), len(parts.held_back)) == (27, 5, 8)
    assert {*parts.learned, *parts.chosen_on, *parts.held_back} == set(many(40))
    assert part(many(40)[::-1], held_back=0.2) == parts


def test_pages_to_measure_on_are_all_that_is_held_back_and_may_not_be_learned_from() -> None:
    parts = part(many(20), held_back=0.2, measured_on=many(3, "other"))
    assert parts.held_back == tuple(many(3, "other"))
    assert len(parts.learned) + len(parts.chosen_on) == 20
    with pytest.raises(UsageError, match="also among those"):
        part(many(20), held_back=0.2, measured_on=many(3))


@pytest.mark.parametrize(("n", "share"), [(9, 0.2), (40, 0.0), (40, 1.0)])
def test_too_few_pages_and_a_share_that_is_none_are_refused(n: int, share: float) -> None:
    with pytest.raises(UsageError):
        part(many(n), held_back=share)


def test_parts_are_written_as_sets_that_evaluation_reads(tmp_path: Path) -> None:
    write_parts(part(many(40), held_back=0.2), TEMPLATE, tmp_path)
    first = [(tmp_path / name).read_bytes() for name in (LEARNED, CHOSEN_ON, HELD_BACK)]
    texts = load_gold(tmp_path / HELD_BACK)
    assert len(texts) == 8
    assert {one.label for text in texts for one in text.names} == {"judge"}
    assert len(gzip.decompress(first[0]).splitlines()) == 27
    write_parts(part(many(40), held_back=0.2), TEMPLATE, tmp_path)
    assert [(tmp_path / name).read_bytes() for name in (LEARNED, CHOSEN_ON, HELD_BACK)] == first
