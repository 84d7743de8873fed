"""The ledger: what was spent, appended line by line, whole after a power cut, and without a word of any document."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tadarag.knowledge_base import KnowledgeBase
from tadarag.ledger import LEDGER, Meter, Spent, append_entry, call_spent, read_ledger, total_spent
from tadarag.models.language_model import Tokens
from tadarag.testing.hashing_encoder import HashingEncoder

TOKENS = Tokens(prompt=10, completion=4, are_estimates=False)


def test_calls_from_many_threads_are_all_counted() -> None:
    meter = Meter()
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: meter.add(call_spent("llm", TOKENS, 0.5), key=str(number)), range(200)))
    (spent,) = meter.spent
    assert (spent.n_calls, spent.prompt_tokens, spent.completion_tokens, spent.cost) == (200, 2000, 800, 100.0)
    assert meter.was_asked("7")
    assert not meter.was_asked("200")


def test_a_cost_that_is_not_known_is_not_taken_for_nothing() -> None:
    meter = Meter()
    meter.add(call_spent("llm", TOKENS, 0.5))
    meter.add(call_spent("llm", TOKENS, None))
    assert meter.spent[0].cost is None


def test_entries_read_back_as_they_were_written(tmp_path: Path) -> None:
    meter = Meter()
    with meter.stage("parsing"):
        meter.add(Spent(what="rules", n_documents=2, seconds=0.25))
    first = meter.entry("ingest", n_documents=2, n_passages=5)
    second = meter.entry("reindex", n_documents=2, n_passages=5)
    append_entry(tmp_path, first)
    append_entry(tmp_path, second)
    assert read_ledger(tmp_path) == (first, second)
    assert [name for name, _ in first.stages] == ["parsing"]


def test_a_line_that_was_cut_is_passed_over_and_the_next_is_whole(tmp_path: Path) -> None:
    entry = Meter().entry("ingest", n_documents=1, n_passages=1)
    append_entry(tmp_path, entry)
    with (tmp_path / LEDGER).open("a", encoding="utf-8") as file:
        file.write('{"at": "2026-')
    append_entry(tmp_path, entry)
    assert read_ledger(tmp_path) == (entry, entry)


def test_a_base_without_a_ledger_has_no_entries(tmp_path: Path) -> None:
    assert read_ledger(tmp_path) == ()


def test_totals_are_summed_by_what_was_spent_on() -> None:
    meter = Meter()
    meter.add(call_spent("llm", TOKENS, 0.5))
    meter.add(Spent(what="rules", n_documents=3))
    entry = meter.entry("ingest", n_documents=4, n_passages=9)
    total = total_spent([entry, entry])
    assert [(spent.what, spent.n_calls, spent.n_documents, spent.cost) for spent in total] == [("llm", 2, 0, 1.0), ("rules", 0, 6, 0.0)]


def test_an_ingest_whose_ledger_cannot_be_written_keeps_its_documents_and_warns(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "note.md").write_text("The pump runs.", encoding="utf-8")
    with KnowledgeBase.open(tmp_path, encoder=HashingEncoder()) as base:
        (base.path / LEDGER).mkdir()
        base.ingest(tmp_path)
        assert [str(info.source) for info in base.list()] == ["note.md"]
    assert "ledger" in caplog.text
