"""A published run can be read, repeated and compared; nothing unreadable becomes a figure."""

from __future__ import annotations

import json

import pytest

from tadarag.errors import ContentMissing, UsageError
from tadarag.evaluation.outcomes import Figure, Outcome
from tadarag.evaluation.provenance import machine
from tadarag.evaluation.requests import RunRequest
from tadarag.evaluation.results import TOLERANCE, compare, load_published, publish
from tadarag.evaluation.suites import SetPaths

PATHS = SetPaths(name="one", corpus="one/corpus.jsonl.gz", queries="one/queries.jsonl.gz", qrels="one/dev.tsv")
REQUEST = RunRequest(kind="retrieval", set_paths=PATHS, limit=5, titles=False, systems=("tadarag", "bm25"))


def outcome(recall: float = 0.9, *, digest: str = "abc", name: str = "one/tadarag/recall@5") -> Outcome:
    return Outcome(report={}, figures={name: Figure(value=recall, interval=(0.8, 0.95))}, data={"one": digest}, costs={"one/ms": 1.5})


def published(tmp_path, **change):
    folder = tmp_path / "eval" / "results"
    file = publish("mine", REQUEST, outcome(), folder)
    if change:
        file.write_text(json.dumps({**json.loads(file.read_text()), **change}))
    return load_published("mine", user_folder=tmp_path)


def test_a_published_run_comes_back_with_its_request_and_figures(tmp_path):
    run = published(tmp_path)
    assert run.request == REQUEST
    assert run.figures == outcome().figures
    assert run.tolerances == {"one/tadarag/recall@5": TOLERANCE}


def test_the_command_names_files_relative_to_the_data_folder():
    assert REQUEST.command() == (
        "tadarag eval retrieval --corpus one/corpus.jsonl.gz --queries one/queries.jsonl.gz --qrels one/dev.tsv "
        "--limit 5 --no-titles --systems tadarag,bm25"
    )
    assert RunRequest(kind="suite", suite="retrieval-dev").command() == "tadarag eval suite retrieval-dev"


def test_a_published_file_names_no_path_and_no_host(tmp_path):
    publish("mine", REQUEST, outcome(), tmp_path)
    text = (tmp_path / "mine.json").read_text()
    assert str(tmp_path) not in text
    assert '": "/' not in text
    assert not {"node", "host", "user"} & set(machine())


@pytest.mark.parametrize(
    ("measured", "verdict"), [(0.9, "same"), (0.9 + TOLERANCE / 2, "close"), (0.9 - TOLERANCE / 2, "close"), (0.85, "different")]
)
def test_a_figure_is_the_same_close_or_different(tmp_path, measured, verdict):
    assert [row.verdict for row in compare(published(tmp_path), outcome(measured))] == [verdict]


def test_a_figure_that_the_new_run_lacks_is_an_error_and_not_zero(tmp_path):
    with pytest.raises(UsageError, match="recall@5"):
        compare(published(tmp_path), outcome(name="one/tadarag/recall@6"))


def test_a_measured_figure_that_is_not_a_number_is_an_error_and_not_zero(tmp_path):
    with pytest.raises(UsageError, match="cannot be read"):
        compare(published(tmp_path), outcome(float("nan")))


@pytest.mark.parametrize("value", [None, "0.9", True])
def test_a_published_figure_that_cannot_be_read_is_an_error_and_not_zero(tmp_path, value):
    with pytest.raises(UsageError, match="cannot be read"):
        published(tmp_path, figures={"recall@5": {"value": value, "interval": [0, 1], "tolerance": 0.01}})


def test_other_data_are_not_compared(tmp_path):
    with pytest.raises(UsageError, match="data of one"):
        compare(published(tmp_path), outcome(digest="other"))


def test_a_command_that_does_not_belong_to_the_request_is_refused(tmp_path):
    with pytest.raises(UsageError, match="command"):
        published(tmp_path, command="tadarag eval retrieval --corpus other")


@pytest.mark.parametrize("change", [{"request": {}}, {"figures": {}}, {"data_sha256": None}])
def test_a_damaged_result_file_is_refused(tmp_path, change):
    with pytest.raises(UsageError):
        published(tmp_path, **change)


def test_a_result_that_is_not_there_is_named(tmp_path):
    with pytest.raises(ContentMissing, match=r"nothing\.json"):
        load_published("nothing", user_folder=tmp_path)


@pytest.mark.parametrize("name", ["", "../x", ".hidden", "a/b", "a b"])
def test_a_result_cannot_be_named_like_a_path(tmp_path, name):
    with pytest.raises(UsageError):
        publish(name, REQUEST, outcome(), tmp_path)
