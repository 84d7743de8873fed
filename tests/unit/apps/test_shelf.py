"""What the base holds, file by file."""

from dataclasses import replace

from tadarag_studio.shelf import matching, shelve

from tadarag.values import SourceName


def test_a_file_is_ready_when_its_text_was_found(base):
    files = shelve(base.list(), base.status())
    assert [(file.name, file.state, file.title) for file in files] == [
        ("ferry.md", "ready", "Ferry Dusk"),
        ("扩港.md", "ready", "扩港工程"),
    ]


def test_a_file_without_text_is_empty(base, tmp_path):
    (tmp_path / "blank.txt").write_text(" \n")
    base.ingest(tmp_path / "blank.txt")
    assert [file.state for file in shelve(base.list(), base.status()) if file.name == "blank.txt"] == ["empty"]


def test_a_file_in_quarantine_says_why_and_what_to_do(base, tmp_path):
    (tmp_path / "cut.pdf").write_bytes(b"%PDF-1.4 nothing")
    base.ingest(tmp_path / "cut.pdf")
    (file,) = (file for file in shelve(base.list(), base.status()) if file.name == "cut.pdf")
    assert file.state == "quarantined"
    assert "cut.pdf" in file.reason
    assert file.do


def test_the_rows_of_a_table_are_parts_of_one_file(base, tmp_path):
    (tmp_path / "rows.csv").write_text("id,title,text\n1,Veldam,Veldam has a theatre.\n2,Lissow,Lissow has none.\n")
    base.ingest(tmp_path / "rows.csv")
    (file,) = (file for file in shelve(base.list(), base.status()) if file.name == "rows.csv")
    assert [source.part for source in file.sources] == ["1", "2"]


def test_a_file_that_was_added_and_not_yet_read_waits(base):
    files = shelve(base.list(), base.status(), ["ferry.md", "new.md"])
    assert [file.state for file in files if file.name == "new.md"] == ["waiting"]
    assert len(files) == 3


def test_a_file_is_found_by_name_or_title_and_by_state(base):
    files = shelve(base.list(), base.status())
    assert [file.name for file in matching(files, "DUSK", None)] == ["ferry.md"]
    assert matching(files, "", "quarantined") == ()


def test_a_part_in_quarantine_shows_on_its_file(base):
    status = replace(base.status(), quarantined=((SourceName(".", "uploads/ferry.md", "2"), "bad row", "mend it"),))
    (file,) = (file for file in shelve(base.list(), status) if file.name == "ferry.md")
    assert file.state == "quarantined"
    assert len(file.sources) == 2
