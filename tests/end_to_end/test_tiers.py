"""Choosing how documents are read, on the command line, against a real endpoint on the loopback interface."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from tadarag.models.language_model import Message
from tadarag.testing.scripted_endpoint import ScriptedEndpoint, Turn
from tadarag.testing.scripted_extraction import careful_reply

Run = Callable[..., Any]

YARD = "Ilse Mennick leads the Ostrevir Yard in Quillen. The yard was founded in 1911 and builds ferries. " * 3


class Careful(ScriptedEndpoint):
    """An endpoint whose model extracts by the word list, and counts no tokens."""

    def _next(self, body: dict[str, Any]) -> Turn:
        self.requests.append(body)
        turn = self.turns[min(len(self.requests), len(self.turns)) - 1]
        messages: Sequence[Message] = [Message(one["role"], one["content"]) for one in body["messages"]]
        return turn if turn.status != 200 else Turn(text=careful_reply(messages), usage=False)


@pytest.fixture
def endpoint(work: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Careful]:
    """The settings name an endpoint and its prices."""
    with Careful([Turn()]) as served:
        monkeypatch.setenv("TADARAG_MODEL_URL", served.url)
        monkeypatch.setenv("TADARAG_MODEL_NAME", "scripted")
        monkeypatch.setenv("TADARAG_MODEL_PRICE_IN", "1")
        monkeypatch.setenv("TADARAG_MODEL_PRICE_OUT", "4")
        yield served


@pytest.fixture
def folder(work: Path) -> Path:
    """Four documents."""
    place = work / "yard"
    place.mkdir()
    for number in range(4):
        (place / f"{number}.txt").write_text(f"{YARD} Number {number}.", encoding="utf-8")
    return place


def test_a_model_reads_documents_and_is_never_asked_twice(folder: Path, endpoint: Careful, run: Run) -> None:
    assert run("ingest", "--tier", "llm", "yard").status == 0
    n_calls = len(endpoint.requests)
    mentions = run("show", "yard/0.txt", "--json").document["mentions"]
    assert {"Ostrevir Yard", "Ilse Mennick"} <= {mention["text"] for mention in mentions}
    assert run("ingest", "--tier", "llm", "yard").out == "4 unchanged\n"
    assert run("reindex").status == 0
    assert len(endpoint.requests) == n_calls == 4
    assert run("status", "--json").document["tiers"] == {"llm": 4}


def test_a_tier_may_be_a_setting(folder: Path, endpoint: Careful, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TADARAG_TIER", "llm")
    assert run("ingest", "yard").status == 0
    assert run("status", "--json").document["tiers"] == {"llm": 4}


def test_status_counts_documents_by_tier_and_names_those_that_yield_nothing(folder: Path, run: Run) -> None:
    (folder / "dull.txt").write_text("there is nothing here, and even less below it.", encoding="utf-8")
    assert "no names found in 1 document: yard/dull.txt" in run("ingest", "yard").out
    status = run("status").out
    assert re.search(r"tiers +rules 5", status)
    assert "no names found in 1 document: yard/dull.txt" in status


def test_a_budget_is_kept_and_the_rest_is_read_by_a_cheaper_tier(folder: Path, endpoint: Careful, run: Run) -> None:
    ran = run("ingest", "--tier", "llm", "--budget", "4500 tokens", "yard")
    assert ran.status == 0
    assert "because the budget of 4,500 tokens does not allow llm: yard/" in ran.out
    assert 0 < len(endpoint.requests) < 4
    spent = {part["what"]: part for part in run("ledger", "--json").document["total"]}
    assert spent["llm"]["prompt_tokens"] + spent["llm"]["completion_tokens"] <= 4500


def test_a_budget_in_money_is_kept_by_the_prices(folder: Path, endpoint: Careful, run: Run) -> None:
    report = run("ingest", "--tier", "llm", "--budget", "0.006", "yard", "--json").document
    assert report["tiers"]["llm"] == len(endpoint.requests) in (1, 2, 3)
    assert len(report["lowered"]) == 4 - len(endpoint.requests)


def test_a_budget_in_money_without_prices_says_what_to_set(
    folder: Path, endpoint: Careful, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TADARAG_MODEL_PRICE_IN")
    monkeypatch.delenv("TADARAG_MODEL_PRICE_OUT")
    refused = run("ingest", "--tier", "llm", "--budget", "0.50", "yard")
    assert refused.status == 2
    assert "model.price_in" in refused.err


def test_a_price_that_is_no_number_is_refused(folder: Path, endpoint: Careful, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TADARAG_MODEL_PRICE_OUT", "cheap")
    refused = run("ingest", "yard")
    assert refused.status == 2
    assert "model.price_out is 'cheap'" in refused.err


def test_an_estimate_names_calls_tokens_cost_and_time_and_asks_nothing(folder: Path, endpoint: Careful, run: Run) -> None:
    lines = run("ingest", "--estimate", "--tier", "llm", "yard").out.splitlines()
    assert lines[0] == "4 documents to read"
    assert re.fullmatch(r"llm: 4 documents; at most 4 calls of scripted, about [\d,]+ tokens in, about [\d,]+ out; cost 0\.\d{4}", lines[1])
    assert re.fullmatch(r"about [\d.]+ s on this computer, [\d.]+ s of processor time \(measured on 4 documents\)", lines[2])
    assert endpoint.requests == []


def test_the_ledger_says_what_was_spent(folder: Path, endpoint: Careful, run: Run) -> None:
    assert run("ingest", "yard").status == 0
    assert run("ingest", "--tier", "llm", "yard").status == 0
    shown = run("ledger", "--last", "1").out
    assert re.search(r"llm +4 documents +4 calls +about [\d,]+ tokens in, [\d,]+ out +cost 0\.\d{4}", shown)
    assert re.search(r"rules +4 documents +no calls", shown)
    assert "yard/" not in shown
    document = run("ledger", "--json").document
    assert (document["n_entries"], document["entries"]) == (2, [])


def test_a_failing_endpoint_quarantines_and_a_retry_reads_on(folder: Path, endpoint: Careful, run: Run) -> None:
    endpoint.turns = [Turn(status=401)] * 4 + [Turn()]
    failed = run("ingest", "--tier", "llm", "yard")
    assert failed.status == 3
    assert failed.out.count("nothing could be extracted") == 4
    assert run("retry").status == 0
    assert run("status", "--json").document["tiers"] == {"llm": 4}


@pytest.mark.parametrize(
    ("tier", "problem"), [("oracle", "there is no tier 'oracle'"), ("llm", "none is set"), ("rules:x", "takes nothing after a colon")]
)
def test_a_tier_that_cannot_be_used_is_refused_before_anything_is_read(folder: Path, run: Run, tier: str, problem: str) -> None:
    refused = run("ingest", "--tier", tier, "yard")
    assert refused.status == 2
    assert problem in refused.err
    assert run("list", "--json").document["documents"] == []


def test_a_budget_that_is_no_amount_is_refused(folder: Path, run: Run) -> None:
    refused = run("ingest", "--budget", "lots", "yard")
    assert (refused.status, "is no budget" in refused.err) == (2, True)


def test_the_ledger_is_a_file_of_its_own_without_text(folder: Path, endpoint: Careful, run: Run) -> None:
    run("ingest", "--tier", "llm", "yard")
    (ledger,) = Path(".tadarag").glob("ledger*")
    assert all(set(json.loads(line)) >= {"at", "action", "seconds", "spent"} for line in ledger.read_text(encoding="utf-8").splitlines())
    assert "Mennick" not in ledger.read_text(encoding="utf-8")


def test_the_budget_of_a_question_is_not_that_of_an_ingest(
    folder: Path, endpoint: Careful, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TADARAG_BUDGET_TOKENS", "10")
    assert run("ingest", "--tier", "llm", "yard").status == 0
    assert run("status", "--json").document["tiers"] == {"llm": 4}
