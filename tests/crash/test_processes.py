"""One writer and many readers across processes: nobody sees half a change, nobody waits who only reads."""

import os
import re
import signal
import threading

import pytest

from tadarag.errors import BaseBusy, BaseError
from tadarag.testing.hashing_encoder import HashingEncoder
from tadarag.testing.histories import NAMES, QUESTIONS, Step, change_folder, fresh_base


def test_a_reader_sees_the_state_before_while_another_process_is_writing(documents, open_base, other_process):
    reader = open_base(documents)
    reader.ingest(documents)
    before = reader.digests(QUESTIONS)
    change_folder(documents, Step(action="write", name="a.md", number=17))
    for at in ("change:written", "change:committed", "segment:renamed", "manifest:written"):
        writer = other_process(lambda observe: open_base(documents, observe=observe).ingest(documents, commit_passages=1), at=at)
        assert reader.digests(QUESTIONS).answers == before.answers
        assert open_base(documents, read_only=True).digests(QUESTIONS).answers == before.answers
        writer.kill()
    reader.ingest(documents)
    assert reader.digests(QUESTIONS) != before


def test_a_reader_of_a_base_that_is_being_made_finds_nothing_rather_than_an_error(documents, open_base, other_process):
    open_base(documents).close()
    writer = other_process(lambda observe: open_base(documents, observe=observe).ingest(documents), at="change:committed")
    assert open_base(documents).search("harbour") == ()
    assert open_base(documents, read_only=True).search("harbour") == ()
    writer.finish()
    assert open_base(documents, read_only=True).search("harbour")


def test_a_search_in_progress_keeps_its_state_through_a_vacuum_of_another_process(documents, open_base, other_process):
    reader = open_base(documents)
    reader.ingest(documents)
    before = reader.digests(QUESTIONS)

    def delete_all(observe):
        base = open_base(documents, observe=observe)
        base.delete(*[info.source for info in base.list()])
        base.vacuum()

    writer = other_process(delete_all, at="vacuum:index-rewritten")
    assert reader.search("harbour") == ()
    writer.finish()
    assert reader.search("harbour") == ()
    assert reader.list() == ()
    assert reader.digests(QUESTIONS) != before


def test_a_second_writer_is_told_which_process_holds_the_base(documents, open_base, other_process):
    open_base(documents).close()
    writer = other_process(lambda observe: open_base(documents, observe=observe).ingest(documents), at="change:written")
    with pytest.raises(BaseBusy) as caught:
        open_base(documents).ingest(documents)
    assert f"process {writer.pid}" in caught.value.happened
    writer.finish()
    open_base(documents).ingest(documents)


def test_a_second_writer_waits_when_asked_to(documents, open_base, other_process):
    open_base(documents).close()
    writer = other_process(lambda observe: open_base(documents, observe=observe).ingest(documents), at="change:written")
    patient = open_base(documents, wait_seconds=20.0)
    waiting = threading.Thread(target=patient.ingest, args=(documents,))
    waiting.start()
    writer.finish()
    waiting.join(20)
    assert not waiting.is_alive()
    assert len(patient.list()) >= 5


def test_the_lock_of_a_killed_process_is_taken_over(documents, open_base, other_process):
    open_base(documents).close()
    writer = other_process(lambda observe: open_base(documents, observe=observe).ingest(documents), at="change:written")
    os.kill(writer.pid, signal.SIGKILL)
    os.waitpid(writer.pid, 0)
    base = open_base(documents)
    base.ingest(documents)
    assert re.search(rf'"pid": {os.getpid()}', (documents / ".tadarag" / "writer.lock").read_text())
    assert base.verify(deep=True) == ()


def test_a_search_in_another_thread_does_not_wait_for_a_writing_one(documents, open_base):
    reached, go_on = threading.Event(), threading.Event()

    def observe(step):
        if step in ("change:written", "segment:renamed"):
            reached.set()
            assert go_on.wait(20)

    with open_base(documents) as base:
        base.ingest(documents)
        expected = base.digests(QUESTIONS).answers
    base = open_base(documents, observe=observe)
    change_folder(documents, Step(action="write", name="a.md", number=17))
    writing = threading.Thread(target=base.ingest, args=(documents,))
    writing.start()
    assert reached.wait(20)
    answers = []
    searching = threading.Thread(target=lambda: answers.append(base.digests(QUESTIONS).answers))
    searching.start()
    searching.join(10)
    go_on.set()
    writing.join(20)
    assert answers == [expected]


def test_many_threads_search_while_one_ingests_without_an_error(documents, open_base):
    base = open_base(documents)
    base.ingest(documents)
    failures, is_over = [], threading.Event()

    def search():
        while not is_over.is_set():
            try:
                base.search(QUESTIONS[0])
            except BaseException as error:  # noqa: BLE001 (what a thread raises must reach the test)
                failures.append(error)
                return

    threads = [threading.Thread(target=search) for _ in range(3)]
    for thread in threads:
        thread.start()
    for number in range(8):
        change_folder(documents, Step(action="write", name="a.md", number=number))
        change_folder(documents, Step(action="write" if number % 2 else "delete", name="b.txt", number=number))
        base.ingest(documents, sync=True, yes=True, commit_passages=1)
        if number % 3 == 2:
            try:
                base.vacuum()
            except BaseBusy:  # a searching thread held the log: said, and nothing is lost
                continue
    is_over.set()
    for thread in threads:
        thread.join(30)
    assert failures == []
    assert base.verify(deep=True) == ()


def test_a_base_that_was_derived_anew_by_another_process_must_be_opened_again(documents, open_base, other_process):
    base = open_base(documents)
    base.ingest(documents)
    other_process(lambda observe: open_base(documents, observe=observe).reindex(HashingEncoder(32)), at="derivations:replaced").finish()
    with pytest.raises(BaseError) as caught:
        base.search("harbour")
    assert "open it again" in caught.value.do
    assert open_base(documents, encoder=HashingEncoder(32)).search("harbour")


def test_two_threads_may_ingest_into_one_base(tmp_path, open_base):
    for name in NAMES[:6]:
        for folder in ("one", "two"):
            change_folder(tmp_path / "documents" / folder, Step(action="write", name=name, number=len(name) + len(folder)))
    base = open_base(tmp_path / "documents", workers=2)
    failures = []

    def ingest(folder):
        try:
            for _ in range(3):
                base.ingest(tmp_path / "documents" / folder, sync=True, yes=True, commit_passages=1)
                base.vacuum()
        except BaseException as error:  # noqa: BLE001 (what a thread raises must reach the test)
            failures.append(error)

    threads = [threading.Thread(target=ingest, args=(folder,)) for folder in ("one", "two")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failures == []
    with fresh_base(tmp_path / "documents", tmp_path / "fresh", HashingEncoder()) as fresh:
        assert base.digests(QUESTIONS) == fresh.digests(QUESTIONS)
    assert base.verify(deep=True) == ()
