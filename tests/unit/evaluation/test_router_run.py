"""A router run routes labelled questions and judges the routes."""

import gzip
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from tadarag.cli.main import app
from tadarag.errors import UsageError
from tadarag.evaluation.router_run import calibration_error, describe_router, f1_by_label, load_labelled, run_router
from tadarag.models.onnx_encoder import load_shipped
from tadarag.values import Route

ROWS = [
    {"text": "What are the symptoms of asthma?", "domain": "bio_medical_research", "lang": "en", "source": "a"},
    {"text": "how is a migraine treated", "domain": "bio_medical_research", "lang": "en", "source": "a"},
    {"text": "What was operating income in 2019?", "domain": "finance", "task": "fact", "lang": "en", "source": "b"},
    {"text": "What happens after death?", "task": "unanswerable", "lang": "en", "source": "c"},
]


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "dev.jsonl.gz"
    with gzip.open(path, "wt", encoding="utf-8") as stream:
        stream.writelines(json.dumps(row) + "\n" for row in ROWS)
    return path


def test_a_limit_takes_the_first_questions_of_every_source(file):
    assert [question.source for question in load_labelled(file, limit=1)] == ["a", "b", "c"]


def test_a_file_without_labels_is_refused(tmp_path):
    path = tmp_path / "plain.jsonl"
    path.write_text('{"text": "Who?"}\n')
    with pytest.raises(UsageError, match="labels no question"):
        load_labelled(path)


def test_questions_are_routed_by_the_heads_and_judged_by_label_and_source(file):
    questions = load_labelled(file)
    report = describe_router(questions, run_router(questions, load_shipped(), workers=1))
    assert report["domain"]["n"] == 3
    assert report["domain"]["macro_f1"] == 1.0
    assert report["task"]["n"] == 1, "unanswerable is no route"
    assert report["by_source"]["a"] == {"domain": {"n": 2, "accuracy": 1.0, "macro_f1": 1.0}}
    assert "c" not in report["by_source"]


def test_a_wrong_label_costs_both_labels():
    assert f1_by_label(["list", "list", "fact"], ["list", "fact", "fact"]) == {"fact": 2 / 3, "list": 2 / 3}


def test_confidence_that_is_as_often_right_as_it_says_has_no_calibration_error():
    assert calibration_error([(0.75, True), (0.75, True), (0.75, True), (0.75, False)]) == 0.0
    assert calibration_error([(1.0, False)]) == 1.0


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=30))
def test_the_calibration_error_lies_between_nothing_and_one_and_does_not_depend_on_order(judged):
    assert 0 <= calibration_error(judged) == calibration_error(judged[::-1]) <= 1


def test_a_route_that_abstains_is_wrong_unless_the_gold_is_general(file):
    questions = load_labelled(file)
    report = describe_router(questions, [Route(language="en")] * len(questions))
    assert report["domain"]["accuracy"] == 0.0
    assert report["task"]["accuracy"] == 1.0


def test_intervals_hold_their_figures(file):
    questions = load_labelled(file)
    routes = [Route(language="en", domain="finance", domain_confidence=0.6)] * len(questions)
    figures = describe_router(questions, routes)["domain"]
    for name in ("macro_f1", "accuracy", "ece"):
        low, high = figures[f"{name}_interval"]
        assert 0 <= low <= figures[name] <= high <= 1
    assert figures["accuracy_interval"][0] < figures["accuracy_interval"][1]


def test_a_file_with_one_of_the_labels_is_reported_without_the_other(file):
    questions = [question for question in load_labelled(file) if question.task]
    assert describe_router(questions, [Route(language="en", task="fact")] * 2).keys() == {"domain", "task", "by_source"}
    assert describe_router(questions[1:] + questions[:1], [Route(language="en")] * 2)["task"]["n"] == 1
    only_domain = [question for question in load_labelled(file) if not question.task]
    assert describe_router(only_domain, [Route(language="en")] * 2).keys() == {"domain", "by_source"}


def test_a_published_run_says_the_same_when_it_is_run_again(file, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    published = CliRunner().invoke(app, ["eval", "router", "--data", "dev.jsonl.gz", "--publish", "router", "--quiet"])
    assert published.exit_code == 0
    kept = json.loads((tmp_path / "eval" / "results" / "router.json").read_text())
    assert kept["command"] == "tadarag eval router --data dev.jsonl.gz"
    assert {"domain/macro_f1", "domain/ece", "task/macro_f1"} <= kept["figures"].keys()
    verified = CliRunner().invoke(app, ["eval", "verify", "router", "--data-dir", str(tmp_path), "--json", "--quiet"])
    assert verified.exit_code == 0
    assert all(figure["verdict"] == "same" for figure in json.loads(verified.stdout)["figures"])


def test_the_command_writes_the_figures_as_json(file):
    result = CliRunner().invoke(app, ["eval", "router", "--data", str(file), "--json", "--quiet"])
    assert result.exit_code == 0
    report = json.loads(result.stdout)
    assert {"macro_f1", "ece"} <= report["domain"].keys()
    assert report["by_source"]["b"]["task"] == {"n": 1, "accuracy": 1.0, "macro_f1": 1.0}
