"""The file of the memory of use: whole or untouched, and what is wrong with it is said."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from tadarag.errors import BaseDamaged, BaseError, FormatMismatch
from tadarag.memory.answers import latest_kept
from tadarag.memory.use_file import USE_FILE, changing, compact, copy_use, reading, use_findings


def spoil(connection):
    connection.execute("DELETE FROM kept_answer")
    connection.execute("INSERT INTO kept_answer (id) VALUES (NULL)")


def test_a_change_that_fails_leaves_nothing(tmp_path, answer_from, kept_in):
    kept_in(answer_from("Who?", "a"))
    before = (tmp_path / USE_FILE).read_bytes()
    with pytest.raises(sqlite3.IntegrityError), changing(tmp_path) as connection:
        spoil(connection)
    assert (tmp_path / USE_FILE).read_bytes() == before


def test_a_copy_has_what_the_file_has(tmp_path, answer_from, kept_in):
    kept = kept_in(answer_from("Who?", "a"))
    (tmp_path / "copy").mkdir()
    copy_use(tmp_path, tmp_path / "copy")
    assert latest_kept(tmp_path / "copy") == kept


def test_copying_nothing_makes_nothing(tmp_path):
    copy_use(tmp_path, tmp_path)
    assert list(tmp_path.iterdir()) == []
    assert compact(tmp_path) == 0


def test_a_folder_that_is_not_there_is_a_base_error_with_a_remedy(tmp_path):
    with pytest.raises(BaseError, match="cannot be written") as caught, changing(tmp_path / "gone"):
        pass
    assert "permissions" in caught.value.do


def test_a_damaged_file_is_found_and_named(tmp_path):
    (tmp_path / USE_FILE).write_bytes(b"not a database" * 500)
    (finding,) = use_findings(tmp_path)
    assert finding.place == USE_FILE
    assert "from a backup" in finding.do
    with pytest.raises(BaseDamaged), changing(tmp_path):
        pass


def test_a_sound_file_and_none_have_no_findings(tmp_path, answer_from, kept_in):
    assert use_findings(tmp_path) == ()
    kept_in(answer_from("Who?", "a"))
    assert use_findings(tmp_path) == ()


def test_a_file_of_a_later_version_is_left_alone(tmp_path):
    with closing(sqlite3.connect(tmp_path / USE_FILE)) as connection:
        connection.execute("PRAGMA user_version = 99")
    with pytest.raises(FormatMismatch, match="format 99"), changing(tmp_path):
        pass
    with pytest.raises(FormatMismatch, match="format 99"), reading(tmp_path):
        pass


def test_a_reader_sees_the_last_whole_change_while_another_is_under_way(tmp_path, answer_from, kept_in):
    kept = kept_in(answer_from("Who?", "a"))
    with changing(tmp_path) as connection:
        connection.execute("DELETE FROM kept_answer")
        assert latest_kept(tmp_path) == kept
    assert latest_kept(tmp_path) is None
