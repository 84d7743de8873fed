"""What an ingest does with files: what changed, what went, what cannot be read, and what looks like an accident."""

import os
import sys

import pytest

from tadarag import Document, SourceName
from tadarag.errors import Refused
from tadarag.extraction.rules import RuleExtractor
from tadarag.knowledge_base import KnowledgeBase
from tadarag.testing.hashing_encoder import HashingEncoder


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "a.txt").write_text("Anna met Bruno.")
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "b.md").write_text("# Bridge\n\nThe bridge is old.\n")
    (tmp_path / "docs" / "rows.csv").write_text("id,title,text\n1,One,First row.\n2,Two,Second row.\n")
    return tmp_path


@pytest.fixture
def base(folder):
    with KnowledgeBase.open(folder, encoder=HashingEncoder(), workers=1) as base:
        yield base


def names(sources):
    return sorted(map(str, sources))


def present(base):
    return names(info.source for info in base.list())


def quarantined(base):
    return {str(source): reason for source, reason, _ in base.status().quarantined}


# What changed.


def test_the_first_ingest_adds_every_file_and_every_row(base, folder):
    report = base.ingest(folder)
    assert names(report.added) == ["a.txt", "docs/b.md", "docs/rows.csv#1", "docs/rows.csv#2"]
    assert report.n_passages == 4
    assert report.sequence == base.status().sequence == base.status().indexed_sequence


def test_an_edit_replaces_and_a_row_that_went_is_removed(base, folder):
    base.ingest(folder)
    (folder / "a.txt").write_text("Anna met Carla.")
    (folder / "docs" / "rows.csv").write_text("id,title,text\n2,Two,Second row.\n3,Three,Third row.\n")
    report = base.ingest(folder)
    assert names(report.replaced) == ["a.txt"]
    assert names(report.added) == ["docs/rows.csv#3"]
    assert names(report.removed) == ["docs/rows.csv#1"]
    assert report.unchanged == 2


def test_a_file_that_went_stays_until_a_sync(base, folder):
    base.ingest(folder)
    (folder / "a.txt").unlink()
    assert base.ingest(folder).removed == ()
    assert "a.txt" in present(base)
    assert names(base.ingest(folder, sync=True).removed) == ["a.txt"]
    assert "a.txt" not in present(base)


def test_a_sync_of_one_folder_leaves_the_others_alone(base, folder):
    base.ingest(folder)
    (folder / "a.txt").unlink()
    (folder / "docs" / "b.md").unlink()
    assert names(base.ingest(folder / "docs", sync=True).removed) == ["docs/b.md"]
    assert "a.txt" in present(base)


def test_several_moved_files_are_each_a_rename_and_nothing_else(base, folder):
    base.ingest(folder)
    (folder / "new").mkdir()
    (folder / "a.txt").rename(folder / "new" / "z.txt")
    (folder / "docs" / "b.md").rename(folder / "new" / "c.md")
    report = base.ingest(folder, sync=True)
    assert sorted((str(old), str(new)) for old, new in report.renamed) == [("a.txt", "new/z.txt"), ("docs/b.md", "new/c.md")]
    assert (report.added, report.replaced, report.removed) == ((), (), ())
    assert present(base) == ["docs/rows.csv#1", "docs/rows.csv#2", "new/c.md", "new/z.txt"]


def test_a_rename_is_one_change_whatever_the_size_of_commits(folder):
    steps = []
    with KnowledgeBase.open(folder, encoder=HashingEncoder(), workers=1, observe=steps.append) as base:
        base.ingest(folder)
        (folder / "a.txt").rename(folder / "b.txt")
        steps.clear()
        base.ingest(folder, sync=True, commit_passages=1)
        counts = [steps[: at + 1].count("change:committed") for at, step in enumerate(steps) if step == "change:committed"]
        assert counts[-1] <= 2  # the rename, and what is forgotten of the old file


def test_a_case_only_rename_is_a_rename(base, folder):
    base.ingest(folder)
    (folder / "a.txt").rename(folder / "A.txt")
    report = base.ingest(folder, sync=True)
    assert [(str(old), str(new)) for old, new in report.renamed] == [("a.txt", "A.txt")]


def test_a_file_of_an_unknown_kind_that_was_named_itself_stays_in_quarantine_while_it_is_there(base, folder):
    (folder / "notes.xyz").write_text("Anna wrote this.")
    base.ingest(folder / "notes.xyz")
    base.ingest(folder, sync=True)
    assert list(quarantined(base)) == ["notes.xyz"]
    (folder / "notes.xyz").unlink()
    base.ingest(folder, sync=True)
    assert quarantined(base) == {}


def test_swapped_files_swap_their_contents(base, folder):
    (folder / "b.txt").write_text("Bruno left.")
    base.ingest(folder)
    (folder / "a.txt").rename(folder / "t")
    (folder / "b.txt").rename(folder / "a.txt")
    (folder / "t").rename(folder / "b.txt")
    base.ingest(folder, sync=True, yes=True)
    assert (base.document("a.txt").text.strip(), base.document("b.txt").text.strip()) == ("Bruno left.", "Anna met Bruno.")


def test_a_decomposed_name_is_the_composed_one(base, folder):
    (folder / "cafe\u0301.txt").write_text("Coffee.")
    base.ingest(folder)
    assert "caf\u00e9.txt" in present(base)
    assert base.ingest(folder, sync=True).removed == ()


def test_documents_in_memory_that_come_twice_end_as_the_last_one_says(base):
    from tadarag.values import Document, SourceName

    name = SourceName("memory", "x")
    one, two = Document(text="First."), Document(text="Second.")
    base.ingest_documents([(name, one)])
    base.ingest_documents([(name, two), (name, one)])
    assert base.document(name).text == "First."


def test_an_interrupted_ingest_says_so_and_the_next_one_ends_it(base, folder):
    seen = []
    report = base.ingest(
        folder, stop=lambda: len(seen) > 0, progress=lambda progress: seen.append(progress) if progress.stage == "reading" else None
    )
    assert report.interrupted
    assert len(present(base)) < 4
    assert not base.ingest(folder).interrupted
    assert len(present(base)) == 4


def test_a_document_without_text_is_empty_and_not_done(base, folder):
    (folder / "nothing.txt").write_text("")
    (folder / "blank.txt").write_text(" \n\t\n")
    report = base.ingest(folder)
    assert names(report.empty) == ["blank.txt", "nothing.txt"]
    assert names(base.status().empty) == ["blank.txt", "nothing.txt"]


# What cannot be read.


def test_a_file_that_makes_no_document_is_quarantined_with_a_reason_and_the_rest_goes_on(base, folder):
    (folder / "docs" / "broken.pdf").write_bytes(b"%PDF-1.4 nothing")
    report = base.ingest(folder)
    assert len(report.added) == 4
    ((source, reason, remedy),) = report.quarantined
    assert str(source) == "docs/broken.pdf"
    assert reason
    assert "\n" not in reason
    assert remedy
    assert quarantined(base) == {"docs/broken.pdf": reason}


def test_a_mended_file_leaves_the_quarantine_at_the_next_ingest(base, folder):
    (folder / "docs" / "rows.csv").write_bytes(b"\x00\x01\x02" * 100)
    base.ingest(folder)
    assert list(quarantined(base)) == ["docs/rows.csv"]
    (folder / "docs" / "rows.csv").write_text("id,title,text\n1,One,First row.\n")
    base.ingest(folder)
    assert quarantined(base) == {}
    assert "docs/rows.csv#1" in present(base)


def test_retry_reads_again_what_is_in_quarantine_and_forgets_what_is_gone(base, folder):
    (folder / "one.pdf").write_bytes(b"%PDF-1.4 nothing")
    (folder / "two.pdf").write_bytes(b"%PDF-1.4 nothing")
    base.ingest(folder)
    (folder / "one.pdf").unlink()
    report = base.retry()
    assert [str(source) for source, _, _ in report.quarantined] == ["two.pdf"]
    assert list(quarantined(base)) == ["two.pdf"]


class Choking(RuleExtractor):
    def extract(self, document, chunks, template, findings=()):
        raise ValueError("the extractor choked")


def test_retry_leaves_what_was_never_a_file(folder):
    with KnowledgeBase.open(folder, encoder=HashingEncoder(), extractor=Choking(), workers=1) as base:
        base.ingest_documents([(SourceName("notes", "one"), Document(text="Bitter gall."))])
        assert base.retry().quarantined == ()
        assert list(quarantined(base)) == ["notes:one"]


def test_a_quarantined_file_that_went_is_forgotten_by_a_sync(base, folder):
    (folder / "one.pdf").write_bytes(b"%PDF-1.4 nothing")
    base.ingest(folder, sync=True)
    assert list(quarantined(base)) == ["one.pdf"]
    (folder / "one.pdf").unlink()
    base.ingest(folder, sync=True)
    assert quarantined(base) == {}


def test_a_quarantined_file_can_be_deleted_by_its_name(base, folder):
    (folder / "one.pdf").write_bytes(b"%PDF-1.4 nothing")
    base.ingest(folder)
    base.delete("one.pdf")
    assert quarantined(base) == {}


def test_content_that_breaks_replaces_what_was_there(base, folder):
    base.ingest(folder)
    (folder / "docs" / "b.md").write_bytes(b"\x00\x01\x02\xff" * 100)
    base.ingest(folder)
    assert "docs/b.md" not in present(base)
    assert list(quarantined(base)) == ["docs/b.md"]


@pytest.mark.skipif(sys.platform == "win32", reason="links and pipes of POSIX")
def test_a_file_that_cannot_be_read_just_now_keeps_what_was_stored(base, folder):
    base.ingest(folder)
    target = folder / "away.txt"
    (folder / "a.txt").rename(target)
    (folder / "a.txt").symlink_to(folder / "not-mounted.txt")
    base.ingest(folder, sync=True)
    assert "a.txt" in present(base)
    assert "link to nothing" in quarantined(base)["a.txt"]
    (folder / "a.txt").unlink()
    target.rename(folder / "a.txt")  # the same size and time as when it was read
    base.ingest(folder, sync=True)
    assert quarantined(base) == {}
    assert "a.txt" in present(base)


@pytest.mark.skipif(sys.platform == "win32", reason="links and pipes of POSIX")
def test_loops_pipes_and_links_to_nothing_are_said_and_the_rest_goes_on(base, folder):
    (folder / "docs" / "loop").symlink_to(folder / "docs")
    (folder / "pipe.txt").symlink_to("pipe.txt")
    os.mkfifo(folder / "fifo.txt")
    report = base.ingest(folder)
    assert {str(source) for source, _, _ in report.quarantined} == {"docs/loop", "pipe.txt", "fifo.txt"}
    assert len(report.added) == 4


def test_odd_names_are_kept_and_shown_on_one_line(base, folder):
    (folder / "two\nlines.txt").write_text("Odd.")
    (folder / "right\u202eleft.txt").write_text("Odd too.")
    (folder / "two\nlines.pdf").write_bytes(b"%PDF-1.4 nothing")
    report = base.ingest(folder)
    assert len(report.added) == 6
    assert all("\n" not in reason for _, reason, _ in report.quarantined)


def test_a_folder_in_quarantine_is_forgotten_when_its_files_are_read(base, folder):
    (folder / "later").symlink_to(folder / "elsewhere")
    base.ingest(folder)
    assert list(quarantined(base)) == ["later"]
    (folder / "later").unlink()
    (folder / "later").mkdir()
    (folder / "later" / "x.txt").write_text("Now.")
    base.ingest(folder)
    assert quarantined(base) == {}
    assert "later/x.txt" in present(base)


# What looks like an accident.


def test_a_sync_of_a_missing_folder_is_refused_and_changes_nothing(base, folder):
    base.ingest(folder)
    before = base.digests()
    (folder / "docs").rename(folder.parent / f"{folder.name}-moved")
    with pytest.raises(Refused) as caught:
        base.ingest(folder / "docs", sync=True)
    assert "--yes" in caught.value.do
    assert base.digests() == before
    assert quarantined(base) == {}
    base.ingest(folder / "docs", sync=True, yes=True)
    assert present(base) == ["a.txt"]


def test_a_sync_of_an_emptied_folder_is_refused_and_changes_nothing(base, folder):
    base.ingest(folder)
    for path in (folder / "docs").iterdir():
        path.unlink()
    for paths in ([folder / "docs"], [folder / "a.txt", folder / "docs"]):
        with pytest.raises(Refused, match="empty"):
            base.ingest(*paths, sync=True)
    assert len(present(base)) == 4
    base.ingest(folder / "docs", sync=True, yes=True)
    assert present(base) == ["a.txt"]


def test_a_sync_of_an_outside_folder_that_is_not_mounted_is_refused(tmp_path):
    (tmp_path / "home").mkdir()
    (tmp_path / "away" / "docs").mkdir(parents=True)
    (tmp_path / "away" / "docs" / "a.txt").write_text("Anna met Bruno.")
    with KnowledgeBase.open(tmp_path / "home", encoder=HashingEncoder(), workers=1) as base:
        base.ingest(tmp_path / "away" / "docs", sync=True)
        (tmp_path / "away" / "docs").rename(tmp_path / "unmounted")
        with pytest.raises(Refused):
            base.ingest(tmp_path / "away" / "docs", sync=True)
        assert present(base) == ["docs:a.txt"]
        base.ingest(tmp_path / "away" / "docs", sync=True, yes=True)
        assert present(base) == []


def test_a_sync_that_would_remove_more_than_half_of_a_larger_base_is_refused(base, folder):
    for number in range(24):
        (folder / "docs" / f"{number}.txt").write_text(f"Text {number}.")
    base.ingest(folder)
    for number in range(15):
        (folder / "docs" / f"{number}.txt").unlink()
    with pytest.raises(Refused, match="15 of 28"):
        base.ingest(folder, sync=True)
    assert len(present(base)) == 28
    assert len(base.ingest(folder, sync=True, yes=True).removed) == 15


def test_a_small_base_may_lose_more_than_half(base, folder):
    base.ingest(folder)
    (folder / "docs" / "rows.csv").unlink()
    (folder / "docs" / "b.md").unlink()
    assert len(base.ingest(folder, sync=True).removed) == 3


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_what_lies_in_a_folder_that_may_not_be_entered_is_kept(base, folder):
    base.ingest(folder)
    (folder / "docs").chmod(0)
    try:
        base.ingest(folder, sync=True, yes=True)
        assert len(present(base)) == 4
    finally:
        (folder / "docs").chmod(0o755)


def test_what_lies_behind_a_broken_link_is_kept(base, folder):
    (folder / "real").mkdir()
    (folder / "real" / "x.txt").write_text("Behind the link.")
    (folder / "linked").symlink_to(folder.parent / f"{folder.name}-disk")
    (folder / "real").rename(folder.parent / f"{folder.name}-disk")
    base.ingest(folder)
    assert "linked/x.txt" in present(base)
    (folder.parent / f"{folder.name}-disk").rename(folder.parent / f"{folder.name}-away")
    base.ingest(folder, sync=True)
    assert "linked/x.txt" in present(base)
    assert list(quarantined(base)) == ["linked"]
