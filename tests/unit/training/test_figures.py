"""Figures are the numbers in JSON artefacts, each by the path that leads to it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tadarag.training.figures import MOST_BYTES, figure_differences, figures_of, largest_change

documents = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.floats(allow_infinity=False) | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("ab分", min_size=1, max_size=2), inner, max_size=3),
    max_leaves=12,
)


def written(file: Path, document: object) -> Path:
    file.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    return file


def test_numbers_are_found_by_their_path_and_truth_values_and_texts_are_none(tmp_path: Path) -> None:
    file = written(tmp_path / "a.json", {"test": {"f1": 0.5, "n": 3, "done": True, "name": "x"}, "curve": [1, {"y": 2}], "中": 7})
    assert figures_of(file) == {"test.f1": 0.5, "test.n": 3, "curve.0": 1, "curve.1.y": 2, "中": 7}


def test_lines_of_a_log_have_their_number_before_the_path(tmp_path: Path) -> None:
    file = tmp_path / "log.jsonl"
    file.write_text('{"loss": 2}\n\n{"loss": 1}\n', encoding="utf-8")
    assert figures_of(file) == {"1.loss": 2, "2.loss": 1}


@pytest.mark.parametrize(
    ("name", "content"), [("a.json", b"{"), ("a.jsonl", b"{}\nno"), ("a.json", b"\xff"), ("a.txt", b"1"), ("a.json", b"")]
)
def test_a_file_that_is_no_json_has_no_figures(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    assert figures_of(tmp_path / name) == {}


def test_a_file_of_megabytes_holds_weights_and_no_figures(tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    file.write_text("1" + " " * MOST_BYTES, encoding="utf-8")
    assert figures_of(file) == {}


@given(documents)
def test_a_document_differs_in_no_figure_from_itself(tmp_path_factory: pytest.TempPathFactory, document: object) -> None:
    file = written(tmp_path_factory.mktemp("one") / "a.json", document)
    assert figure_differences("a.json", file, file) == ()


@given(documents, documents)
def test_sides_can_be_changed_about(tmp_path_factory: pytest.TempPathFactory, one: object, other: object) -> None:
    folder = tmp_path_factory.mktemp("two")
    left, right = written(folder / "a.json", one), written(folder / "b.json", other)
    there = {(found.figure, repr(found.left), repr(found.right)) for found in figure_differences("a", left, right)}
    back = {(found.figure, repr(found.right), repr(found.left)) for found in figure_differences("a", right, left)}
    assert there == back


def test_the_largest_change_is_by_size_whatever_its_sign(tmp_path: Path) -> None:
    left = written(tmp_path / "a.json", {"up": 1.0, "down": 5, "gone": 100})
    right = written(tmp_path / "b.json", {"up": 1.5, "down": 4, "new": 100})
    found = figure_differences("a.json", left, right)
    assert [(one.figure, one.change) for one in found] == [("up", 0.5), ("down", -1), ("gone", None), ("new", None)]
    largest = largest_change(found)
    assert largest is not None
    assert largest.figure == "down"
    assert largest_change(found[2:]) is None
