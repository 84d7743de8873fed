"""Where a document's memory comes from: the base, or a file that is in none."""

from __future__ import annotations

from pathlib import Path

import pytest

from tadarag.cli.memory_source import read_memory, read_record
from tadarag.cli.output import Output
from tadarag.cli.session import Session
from tadarag.cli.settings import Settings
from tadarag.errors import DocumentError, UsageError

NOTE = "# Ferries\n\nThe Dusk was built in 1998.\n"


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with a note in it."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "note.md").write_text(NOTE, encoding="utf-8")
    return tmp_path


@pytest.fixture
def session(work: Path) -> Session:
    """A run with the hashing encoder, which needs no model."""
    return Session(output=Output(quiet=True), settings=Settings(encoder="hashing"), flags=(), documents=work)


def test_a_file_needs_no_base_and_leaves_none(session: Session, work: Path) -> None:
    record = read_record(session, "note.md")
    assert str(record.source) == "note.md"
    assert [entry.title for entry in record.memory.outline] == ["Ferries"]
    assert [file.name for file in work.iterdir()] == ["note.md"]


def test_a_file_and_the_base_give_the_same_memory(session: Session, work: Path) -> None:
    from_file = read_memory(session, "note.md")
    with session.open(create=True) as base:
        base.ingest(work)
    record, builder = read_memory(session, "note.md")
    assert (record.chunks, record.memory, record.content, builder) == (
        from_file[0].chunks,
        from_file[0].memory,
        from_file[0].content,
        from_file[1],
    )


def test_the_base_is_asked_before_the_folder(session: Session, work: Path) -> None:
    with session.open(create=True) as base:
        base.ingest(work)
    (work / "note.md").write_text("# Changed\n\nLater.\n", encoding="utf-8")
    assert read_record(session, "note.md").document.title == "Ferries"


def test_a_file_that_the_base_does_not_hold_is_read_from_the_folder(session: Session, work: Path) -> None:
    with session.open(create=True) as base:
        base.ingest(work)
    (work / "other.md").write_text("# Other\n\nText.\n", encoding="utf-8")
    assert read_record(session, "other.md").document.title == "Other"


def test_a_part_of_a_file_is_named_behind_a_hash(session: Session, work: Path) -> None:
    (work / "parts.csv").write_text("id,text\nBK-7,A bearing for the Otter.\nBK-9,A bearing for the Heron.\n", encoding="utf-8")
    assert "Heron" in read_record(session, "parts.csv#BK-9").document.text
    with pytest.raises(UsageError, match=r"holds 2 documents\nname one of them, such as parts\.csv#BK-7"):
        read_record(session, "parts.csv")
    with pytest.raises(UsageError, match="has no part 'BK-8'"):
        read_record(session, "parts.csv#BK-8")


@pytest.mark.usefixtures("work")
def test_a_name_that_nothing_has_is_an_error_with_and_without_a_base(session: Session) -> None:
    with pytest.raises(UsageError, match=r"no document and no file 'nothing\.md'"):
        read_record(session, "nothing.md")
    session.open(create=True).close()
    with pytest.raises(UsageError, match=r"the base has no document 'nothing\.md'"):
        read_record(session, "nothing.md")


def test_a_file_that_cannot_be_read_says_why(session: Session, work: Path) -> None:
    (work / "broken.pdf").write_bytes(b"%PDF-1.7 this is no pdf")
    with pytest.raises(DocumentError, match=r"broken\.pdf"):
        read_record(session, "broken.pdf")
