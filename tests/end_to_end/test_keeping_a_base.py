"""Ingesting, listing, deleting, checking, moving: the life of a base on the command line."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]


def _sources(run: Run) -> list[str]:
    return [document["source"] for document in run("list", "--json").document["documents"]]


def test_ingest_sums_up_and_a_second_run_changes_nothing(docs: Path, run: Run) -> None:
    first = run("ingest", "docs")
    assert first.status == 0
    assert first.out.startswith("3 added (")
    second = run("ingest", "docs")
    assert second.out == "3 unchanged\n"
    assert second.err == ""


def test_globs_files_and_a_list_on_stdin_are_understood(docs: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run("ingest", "docs/*.md").status == 0
    assert len(_sources(run)) == 2
    monkeypatch.setattr("sys.stdin", io.StringIO("docs/ferry.txt\n"))
    assert run("ingest", "-").status == 0
    assert len(_sources(run)) == 3


def test_a_document_that_cannot_be_read_is_quarantined_and_the_rest_goes_on(docs: Path, run: Run) -> None:
    (docs / "broken.pdf").write_bytes(b"%PDF-1.7 this is no pdf")
    ran = run("ingest", "docs")
    assert ran.status == 3
    assert "quarantined: docs/broken.pdf" in ran.out
    assert "3 added" in ran.out
    state = run("status", "--json").document
    assert state["n_documents"] == 3
    [quarantined] = state["quarantined"]
    assert quarantined["source"] == "docs/broken.pdf"
    assert quarantined["reason"]
    assert quarantined["do"]


def test_retry_reads_a_mended_document(docs: Path, run: Run) -> None:
    (docs / "broken.pdf").write_bytes(b"%PDF-1.7 this is no pdf")
    run("ingest", "docs")
    assert run("retry").status == 3
    (docs / "broken.pdf").unlink()
    run("ingest", "--sync", "docs")
    assert run("status", "--json").document["quarantined"] == []


def test_sync_makes_the_base_mirror_the_folder(docs: Path, run: Run) -> None:
    run("ingest", "docs")
    (docs / "ferry.txt").rename(docs / "boat.txt")
    (docs / "中文.md").unlink()
    ran = run("ingest", "--sync", "docs")
    assert ran.status == 0
    assert _sources(run) == ["docs/boat.txt", "docs/harbour.md"]


def test_sync_with_an_empty_or_missing_folder_is_refused_unless_confirmed(docs: Path, run: Run) -> None:
    run("ingest", "docs")
    for file in docs.iterdir():
        file.unlink()
    refused = run("ingest", "--sync", "docs")
    assert refused.status == 4
    assert "--yes" in refused.err
    assert len(_sources(run)) == 3
    docs.rmdir()
    assert run("ingest", "--sync", "docs").status == 4
    docs.mkdir()
    assert run("ingest", "--sync", "docs", "--yes").status == 0
    assert _sources(run) == []


def test_show_gives_text_passages_and_mentions(docs: Path, run: Run) -> None:
    run("ingest", "docs")
    assert "Ilse Mennick took over" in run("show", "docs/harbour.md").out
    assert "core: " in run("show", "docs/harbour.md", "--chunks").out
    assert "Mennick" in run("show", "docs/harbour.md", "--mentions").out
    shown = run("show", "docs/harbour.md", "--json").document
    assert "".join(shown["text"][start:end] for start, end in (chunk["span"] for chunk in shown["chunks"])) == shown["text"]
    assert all(shown["text"][slice(*mention["span"])] == mention["text"] for mention in shown["mentions"])


def test_an_unknown_source_is_told(docs: Path, run: Run) -> None:
    run("ingest", "docs")
    for command in ("show", "delete"):
        ran = run(command, "docs/nothing.md")
        assert ran.status in (1, 2)
        assert "docs/nothing.md" in ran.err
        assert "tadarag list" in ran.err


def test_a_deleted_document_is_found_no_more_and_its_file_stays(docs: Path, run: Run) -> None:
    run("ingest", "docs")
    assert run("delete", "docs/ferry.txt").out == "deleted docs/ferry.txt\n"
    assert _sources(run) == ["docs/harbour.md", "docs/中文.md"]
    assert (docs / "ferry.txt").exists()
    assert run("vacuum").status == 0


def test_an_intact_base_verifies_and_needs_no_repair(docs: Path, run: Run) -> None:
    run("ingest", "docs")
    assert run("verify").out == "the knowledge base is intact\n"
    assert run("verify", "--deep", "--json").document["sound"]
    assert run("repair").status == 0
    assert run("reindex").status == 0
    assert run("verify").status == 0


def test_a_backup_is_a_base_of_its_own(docs: Path, run: Run) -> None:
    run("ingest", "docs")
    assert run("backup", "copy").status == 0
    before = _sources(run)
    run("delete", "docs/ferry.txt")
    copied = [document["source"] for document in run("list", "--base", "copy", "--json").document["documents"]]
    assert copied == before
    assert run("backup", "copy").status == 4


def test_export_and_import_give_an_equal_base(docs: Path, run: Run) -> None:
    run("ingest", "docs")
    assert run("export", "--format", "jsonl", "one.jsonl").status == 0
    assert run("import", "one.jsonl", "--base", "other").status == 0
    assert run("export", "two.jsonl", "--base", "other").status == 0
    assert Path("one.jsonl").read_bytes() == Path("two.jsonl").read_bytes()
    assert run("export", "two.jsonl").status == 4
    assert run("export", "two.jsonl", "--force").status == 0


def test_the_graph_is_exported_as_graphml(docs: Path, run: Run) -> None:
    run("ingest", "docs")
    assert run("export", "--format", "graphml", "graph.graphml").status == 0
    assert "<graphml" in Path("graph.graphml").read_text(encoding="utf-8")


def test_init_fixes_the_encoder_and_is_harmless_twice(work: Path, run: Run) -> None:
    assert run("init", "--json").document["created"]
    again = run("init", "--json")
    assert again.status == 0
    assert not again.document["created"]


def test_another_encoder_is_refused_with_the_command_that_mends_it(docs: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    run("ingest", "docs")
    monkeypatch.setenv("TADARAG_ENCODER", "shipped")
    ran = run("search", "harbour")
    assert ran.status == 1
    assert "tadarag reindex" in ran.err


def test_an_unknown_encoder_names_those_that_exist(work: Path, run: Run) -> None:
    ran = run("init", "--encoder", "nothing")
    assert ran.status == 1
    assert "shipped" in ran.err


def test_the_log_file_is_written_and_stdout_stays_the_result(docs: Path, run: Run) -> None:
    ran = run("ingest", "docs", "--log-file", "logs/run.log", "--json")
    assert json.loads(ran.out)["n_passages"] >= 3
    assert Path("logs/run.log").is_file()


def test_quiet_leaves_stderr_empty(docs: Path, run: Run) -> None:
    assert run("ask", "docs", "Who took over as harbour master?", "--quiet").err == ""
