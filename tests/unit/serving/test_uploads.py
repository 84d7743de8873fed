"""Uploads: what is accepted, how it is kept, and what goes with its documents."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from tadarag.serving.job_journal import JobJournal, JobOrder
from tadarag.serving.limits import Limits
from tadarag.serving.problems import Rejected
from tadarag.serving.uploads import accepted_names, keep_upload, remove_uploads
from tadarag.values import SourceName


@pytest.mark.parametrize(
    ("names", "status"), [([], 422), (["a.md"] * 101, 413), (["a.exe"], 415), (["noending"], 415), (["x/a.md", "y/a.md"], 400)]
)
def test_what_cannot_be_taken_in_is_refused(names: list[str], status: int) -> None:
    with pytest.raises(Rejected) as refused:
        accepted_names(names, Limits())
    assert refused.value.status_code == status


def test_names_are_made_safe_in_their_order() -> None:
    assert accepted_names(["b/年报.PDF", "../a.md"], Limits()) == ["年报.PDF", "a.md"]


def test_an_upload_of_a_known_name_replaces_the_file_and_leaves_nothing_else(tmp_path: Path) -> None:
    for content in (b"first", b"second"):
        assert keep_upload(tmp_path, "a.md", io.BytesIO(content)) == "uploads/a.md"
    assert (tmp_path / "uploads" / "a.md").read_bytes() == b"second"
    assert [file.name for file in (tmp_path / "uploads").iterdir()] == ["a.md"]


def test_a_file_goes_when_all_its_documents_have_gone(tmp_path: Path) -> None:
    keep_upload(tmp_path, "rows.csv", io.BytesIO(b"id,text\n1,a\n2,b\n"))
    first, second = SourceName(".", "uploads/rows.csv", "1"), SourceName(".", "uploads/rows.csv", "2")
    remove_uploads(tmp_path, [first], [second])
    assert (tmp_path / "uploads" / "rows.csv").exists()
    remove_uploads(tmp_path, [second], [])
    assert not (tmp_path / "uploads" / "rows.csv").exists()


@pytest.mark.parametrize("source", [SourceName(".", "own.md"), SourceName("uploads", "own.md"), SourceName(".", "uploads/deep/own.md")])
def test_files_that_were_not_uploaded_stay(tmp_path: Path, source: SourceName) -> None:
    for place in ("own.md", "uploads/own.md", "uploads/deep/own.md"):
        (tmp_path / place).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / place).write_text("mine", encoding="utf-8")
    remove_uploads(tmp_path, [source], [])
    assert all((tmp_path / place).exists() for place in ("own.md", "uploads/own.md", "uploads/deep/own.md"))


def test_the_journal_gives_back_what_was_written_in_order_and_forgets_what_is_removed(tmp_path: Path) -> None:
    journal = JobJournal(tmp_path)
    orders = [JobOrder(id=f"{number:x}", number=number, paths=("a.md", "中文.md"), tier="rules", created="now") for number in (12, 3, 7)]
    for order in orders:
        journal.write(order)
    journal.remove("7")
    journal.remove("never-there")
    assert JobJournal(tmp_path).unfinished() == [orders[1], orders[0]]


def test_half_a_journal_entry_of_a_crash_is_no_job(tmp_path: Path) -> None:
    (tmp_path / "jobs").mkdir()
    (tmp_path / "jobs" / ".1.part").write_text('{"id": ', encoding="utf-8")
    assert JobJournal(tmp_path).unfinished() == []
