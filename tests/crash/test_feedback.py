"""Feedback while another process ingests, in a folder that may not be written, and across a kill."""

import os
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest

from tadarag.answer_json import answer_id
from tadarag.errors import BaseError
from tadarag.memory.use_file import USE_FILE
from tadarag.testing.histories import Step, change_folder, run_killed

QUESTION = "Who leads the harbour office?"


@pytest.fixture
def base(documents, open_base):
    base = open_base(documents)
    base.ingest(documents)
    return base


def test_asking_and_feedback_wait_for_no_ingest(documents, base, open_base, other_process):
    change_folder(documents, Step(action="write", name="a.md", number=17))
    writer = other_process(lambda observe: open_base(documents, observe=observe).ingest(documents), at="change:written")
    said = open_base(documents, read_only=True).feedback(base.ask(QUESTION), 1.0)
    writer.finish()
    left = base.feedback_given()
    assert [one.id for one in left] in ([said.id], [])  # gone where the edited document was all that it rested on
    assert base.verify() == ()


def test_a_killed_feedback_leaves_the_file_as_it_was(base):
    base.keep_answer(base.ask(QUESTION))

    def act(observe):
        connection = sqlite3.connect(base.path / USE_FILE, isolation_level=None)
        connection.execute("PRAGMA cache_size = 1")
        connection.execute("BEGIN EXCLUSIVE")
        connection.execute("UPDATE kept_answer SET question = 'half done', body = zeroblob(200000)")
        os.kill(os.getpid(), 9)

    run_killed(act, kill_at=None)
    assert base.kept_answer(base.latest_answer())["question"] == QUESTION
    with closing(sqlite3.connect(base.path / USE_FILE)) as connection:
        assert connection.execute("SELECT question FROM kept_answer").fetchall() == [(QUESTION,)]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="needs root, to become a user who may not write")
@pytest.mark.skipif(
    not all(folder.stat().st_mode & stat.S_IXOTH for folder in Path(__file__).resolve().parents),
    reason="needs a checkout that other users may read",
)
def test_in_a_folder_that_may_not_be_written_feedback_is_refused_with_the_reason_and_asking_goes_on(open_base):
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as place:
        os.chmod(place, 0o755)
        with open(f"{place}/a.txt", "w") as file:
            file.write("Ilse Mennick leads the harbour office.\n")
        with open_base(place) as base:
            base.ingest(place)
            kept = base.keep_answer(base.ask("Who leads?"))

        def act(observe):
            os.setuid(65534)
            base = open_base(place)
            answer = base.ask(QUESTION)
            observe(answer_id(answer))
            observe(str(base.kept_answer(kept) is not None))
            try:
                base.feedback(answer, 1.0)
            except BaseError as error:
                observe(error.happened)

        answered, was_read, refused = run_killed(act, kill_at=None)
        assert answered
        assert was_read == "True"
        assert "cannot be written" in refused
