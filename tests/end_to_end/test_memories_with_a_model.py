"""A base whose memories a language model builds, on the command line, against a real endpoint on the loopback interface."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tadarag.testing.scripted_endpoint import ScriptedEndpoint, Turn
from tadarag.testing.scripted_reader import faithful_reply

Run = Callable[..., Any]

DAM = "The dam at Orsk was built in 1931 by Dr. Lind. It is 40 metres high. Its wall is of grey granite from Velm. " * 4


@pytest.fixture
def report(work: Path) -> Path:
    """One document."""
    (work / "dam.txt").write_text(DAM, encoding="utf-8")
    return work / "dam.txt"


@pytest.fixture
def endpoint(monkeypatch: pytest.MonkeyPatch) -> Iterator[ScriptedEndpoint]:
    """An endpoint whose model reads that document carefully; the settings name it."""
    with ScriptedEndpoint([Turn(text=faithful_reply(DAM))]) as served:
        monkeypatch.setenv("TADARAG_MODEL_URL", served.url)
        monkeypatch.setenv("TADARAG_MODEL_NAME", "scripted")
        yield served


def test_init_fixes_the_builder_and_the_model_for_later_commands(
    report: Path, endpoint: ScriptedEndpoint, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = run("init", "--memory", "mem-reader")
    assert "memory builder mem-reader" in made.out
    monkeypatch.delenv("TADARAG_MODEL_URL")
    monkeypatch.delenv("TADARAG_MODEL_NAME")
    assert run("ingest", "dam.txt").status == 0
    assert len(endpoint.requests) == 4
    settings = run("config", "show", "--json").document["settings"]
    assert settings["memory_builder"]["value"] == "mem-reader"
    assert settings["model.name"]["value"] == "scripted"


def test_an_estimate_says_what_would_be_asked_and_asks_nothing(report: Path, endpoint: ScriptedEndpoint, run: Run) -> None:
    run("init", "--memory", "mem-reader")
    told = run("ingest", "--estimate", "dam.txt")
    assert told.status == 0
    assert "\nmemories: at most 4 calls of scripted, about " in told.out
    assert "cost unknown\n" in told.out
    memories = run("ingest", "--estimate", "dam.txt", "--json").document["memories"]
    assert (memories["n_calls"], memories["cost"]) == (4, None)
    assert endpoint.requests == []
    assert run("list", "--json").document["documents"] == []


def test_an_estimate_of_a_base_without_a_model_says_so(report: Path, run: Run) -> None:
    told = run("ingest", "--estimate", "dam.txt").out.splitlines()
    assert told[:2] == ["1 document to read", "rules: 1 document; asks no model"]
    assert told[2].startswith("about ")
    assert told[2].endswith("of processor time (measured on 1 document)")


def test_reindex_changes_the_builder_and_back_without_asking_again(report: Path, endpoint: ScriptedEndpoint, run: Run) -> None:
    run("ingest", "dam.txt")
    assert endpoint.requests == []
    assert run("reindex", "--memory", "mem-reader").status == 0
    assert len(endpoint.requests) == 4
    assert run("reindex", "--memory", "structural").status == 0
    assert run("reindex", "--memory", "mem-reader").status == 0
    assert len(endpoint.requests) == 4
    assert run("ingest", "dam.txt").out == "1 unchanged\n"


def test_a_builder_that_needs_a_model_says_what_to_set(report: Path, run: Run) -> None:
    failed = run("init", "--memory", "mem-reader")
    assert failed.status == 2
    assert "TADARAG_MODEL_NAME" in failed.err


def test_a_builder_that_is_not_installed_is_refused_with_those_that_are(report: Path, run: Run) -> None:
    failed = run("init", "--memory", "oracle")
    assert failed.status != 0
    assert "choose one of: mem-reader, structural" in failed.err


def test_an_endpoint_that_is_out_of_reach_leaves_the_document_for_a_retry(report: Path, endpoint: ScriptedEndpoint, run: Run) -> None:
    endpoint.turns = [Turn(status=401), Turn(text=faithful_reply(DAM))]
    run("init", "--memory", "mem-reader")
    failed = run("ingest", "dam.txt")
    assert failed.status == 3
    assert "refused the key" in failed.out
    assert run("retry").status == 0
