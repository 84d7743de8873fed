"""Adding and deleting documents."""

import pytest
from streamlit.testing.v1 import AppTest
from tadarag_studio.desk import Desk
from tadarag_studio.documents_page import delete_file, progress_words, report_words
from tadarag_studio.reading import Progress, ReadingRoom
from tadarag_studio.shelf import shelve

from tadarag.reports import IngestReport
from tadarag.values import SourceName


@pytest.fixture
def desk(base):
    return Desk(base=base, room=ReadingRoom(base), pipeline="default", pipelines=("default",))


def shelved(desk, name):
    (file,) = (file for file in shelve(desk.base.list(), desk.base.status(), ["waits.md"]) if file.name == name)
    return file


def test_deleting_an_upload_deletes_its_file_too(desk, tmp_path):
    delete_file(desk, shelved(desk, "ferry.md"))
    assert [str(info.source) for info in desk.base.list()] == ["uploads/扩港.md"]
    assert not (tmp_path / "uploads/ferry.md").exists()


def test_deleting_a_person_s_own_document_leaves_the_file(desk, tmp_path):
    (tmp_path / "own.md").write_text("# Own\n\nVeldam has a theatre.\n")
    desk.base.ingest(tmp_path / "own.md")
    delete_file(desk, shelved(desk, "own.md"))
    assert (tmp_path / "own.md").exists()
    assert "own.md" not in {str(info.source) for info in desk.base.list()}


def test_an_upload_that_was_never_read_can_be_deleted(desk, tmp_path):
    (tmp_path / "uploads/waits.md").write_text("# Waits\n")
    delete_file(desk, shelved(desk, "waits.md"))
    assert not (tmp_path / "uploads/waits.md").exists()


def draw(desk):
    from tadarag_studio.documents_page import documents_page

    documents_page(desk, {})


def test_a_deletion_is_asked_about_first(desk):
    test = AppTest.from_function(draw, kwargs={"desk": desk}, default_timeout=30).run()
    test.button(key="delete-0").click().run()
    assert not test.exception
    assert test.button(key="delete-yes").label == "Delete"
    assert len(desk.base.list()) == 2


def test_what_a_person_drops_is_kept_and_read(desk, tmp_path):
    test = AppTest.from_function(draw, kwargs={"desk": desk}, default_timeout=30).run()
    test.get("file_uploader")[0].upload("../tower.md", b"# Tower\n\nThe tower of Lissow was built in 1911.\n", "text/markdown").run()
    assert not test.exception
    assert desk.room.wait(60)
    assert (tmp_path / "uploads/tower.md").is_file()
    assert "uploads/tower.md" in {str(info.source) for info in desk.base.list()}


def draw_words(report):
    import streamlit as st
    from tadarag_studio.documents_page import report_words as words

    st.text(words(report))


def words_of(report):
    return AppTest.from_function(draw_words, kwargs={"report": report}).run().text[0].value


def test_a_report_names_only_what_happened():
    report = IngestReport(added=(SourceName(".", "a"),), quarantined=((SourceName(".", "b"), "cut", "mend"),), seconds=2.0)
    assert words_of(report) == "Done in 2.0 s: 1 added, 1 could not be read."


def test_a_reading_that_was_stopped_says_so():
    assert "stopped before the end" in words_of(IngestReport(interrupted=True))


def test_the_progress_names_the_document_at_hand():
    assert "2" in progress_words(Progress(stage="reading", n_done=1, n_total=3, source="a.md"))
    assert report_words(IngestReport())
