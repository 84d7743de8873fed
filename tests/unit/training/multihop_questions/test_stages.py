from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from tadarag.training.multihop_questions.frames import LANGUAGES, shipped_frames
from tadarag.training.multihop_questions.passages import Passage
from tadarag.training.multihop_questions.stages import QUESTIONS, REPORT, without_repeats, write_questions
from tadarag.training.recipes import find_recipe, read_recipe
from tadarag.training.stage_run import StageRun


def run_stage(folder: Path, data: Path) -> bytes:
    folder.mkdir()
    parameters = {"corpora": {"made": ["made/corpus.jsonl.gz"]}, "limits": {"bridge": 50, "single": 50}, "by_path": 50, "by_subject": 50}
    write_questions(StageRun(folder=folder, inputs={"texts": data}, parameters=parameters, seed=13, device="cpu", report=lambda _: None))
    return (folder / QUESTIONS).read_bytes()


@pytest.fixture
def data(tmp_path: Path, films: list[Passage]) -> Path:
    lines = "".join(json.dumps({"_id": one.id, "title": one.title, "text": one.text}) + "\n" for one in films)
    (tmp_path / "made").mkdir()
    (tmp_path / "made" / "corpus.jsonl.gz").write_bytes(gzip.compress(lines.encode()))
    return tmp_path


def test_the_stage_writes_the_same_bytes_each_time(tmp_path: Path, data: Path) -> None:
    assert run_stage(tmp_path / "one", data) == run_stage(tmp_path / "two", data)


def test_the_report_counts_what_was_written(tmp_path: Path, data: Path) -> None:
    written = gzip.decompress(run_stage(tmp_path / "one", data)).decode().splitlines()
    report = json.loads((tmp_path / "one" / REPORT).read_text(encoding="utf-8"))
    assert report["questions"] == len(written) == sum(report["corpora"]["made"].values()) > 0


def test_a_question_that_two_corpora_give_is_kept_once() -> None:
    records = [{"question": "a", "corpus": 1}, {"question": "b", "corpus": 1}, {"question": "a", "corpus": 2}]
    assert without_repeats(records) == records[:2]


def test_the_recipe_reads_only_files_that_it_names_and_no_questions_of_a_set() -> None:
    recipe = read_recipe(find_recipe("multihop-questions"))
    (texts,) = recipe.data
    read = {file for files in recipe.stages[0].parameters["corpora"].values() for file in files}
    assert read == set(texts.files)
    assert not any("queries" in file for file in read)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_relation_can_be_asked_about_or_compared(language: str) -> None:
    lonely = [one.name for one in shipped_frames(language).relations.values() if not (one.of("asks") or one.of("same"))]
    assert lonely == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_relation_that_is_asked_about_has_several_frames(language: str) -> None:
    assert [one.name for one in shipped_frames(language).relations.values() if 0 < len(one.of("asks")) < 2] == []
