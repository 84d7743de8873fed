import json
import os

import pytest

from tadarag.errors import BaseBusy
from tadarag.store.lock import WriterLock, is_held


def test_a_held_lock_names_its_process(tmp_path):
    path = tmp_path / "writer.lock"
    with WriterLock(path), pytest.raises(BaseBusy) as caught:
        WriterLock(path)
    assert f"process {os.getpid()}" in caught.value.happened


def test_a_released_lock_can_be_taken_again(tmp_path):
    WriterLock(tmp_path / "writer.lock").close()
    with WriterLock(tmp_path / "writer.lock"):
        assert json.loads((tmp_path / "writer.lock").read_text())["pid"] == os.getpid()


def test_asking_whether_a_lock_is_held_does_not_take_it(tmp_path):
    path = tmp_path / "writer.lock"
    assert not is_held(path)
    with WriterLock(path):
        assert is_held(path)
    assert not is_held(path)
    with WriterLock(path):
        assert is_held(path)


def test_a_garbled_lock_file_is_no_hindrance(tmp_path):
    path = tmp_path / "writer.lock"
    path.write_bytes(b"\xff\xfe{")
    with WriterLock(path):
        path.write_text("not json")
        with pytest.raises(BaseBusy, match="another process"):
            WriterLock(path)
