"""Documents are read in the background."""

import threading
from pathlib import Path

import pytest
from tadarag_studio.reading import ReadingRoom, seconds_left

from tadarag.errors import BaseBusy
from tadarag.reports import IngestReport
from tadarag.store.embedded import EmbeddedStore


@pytest.fixture
def files(tmp_path):
    made = [tmp_path / f"{name}.md" for name in ("one", "two", "three")]
    for file in made:
        file.write_text(f"# {file.stem}\n\nThe bridge {file.stem} was built in 1998.\n", encoding="utf-8")
    return made


def test_what_was_read_is_in_the_base(empty_base, files):
    room = ReadingRoom(empty_base)
    room.read(files)
    assert room.wait(60)
    assert room.error is None
    assert len(room.report.added) == 3
    assert room.n_readings == 1


class Waiting:
    """Stands for a base whose ingest waits for a sign, so that what happens meanwhile can be seen."""

    def __init__(self):
        self.go = threading.Event()
        self.asked = []

    def ingest(self, *files, progress, stop):
        self.asked.append(files)
        self.go.wait(10)
        return IngestReport(unchanged=len(files), interrupted=stop())


def test_what_is_added_while_another_is_read_waits_and_is_read_together():
    base = Waiting()
    room = ReadingRoom(base)
    room.read([Path("a")])
    while not base.asked:
        pass
    room.read([Path("b")])
    room.read([Path("c"), Path("b")])
    assert room.progress().waiting == (Path("b"), Path("c"))
    base.go.set()
    assert room.wait(10)
    assert base.asked == [(Path("a"),), (Path("b"), Path("c"))]
    assert room.report.unchanged == 3


def test_a_stop_ends_the_reading_and_drops_what_waits():
    base = Waiting()
    room = ReadingRoom(base)
    room.read([Path("a")])
    while not base.asked:
        pass
    room.read([Path("b")])
    room.stop()
    assert room.progress().is_stopping
    base.go.set()
    assert room.wait(10)
    assert base.asked == [(Path("a"),)]
    assert room.report.interrupted


def test_a_person_asks_while_documents_are_read(base, files):
    room = ReadingRoom(base)
    room.read(files)
    assert base.ask("What is the fare to Port Hesk?").found
    assert room.wait(60)


def test_a_base_that_another_process_writes_is_kept_as_the_reason(base, files):
    room = ReadingRoom(base)
    other = EmbeddedStore(base.path)
    with other.writing():
        room.read(files)
        assert room.wait(60)
    other.close()
    assert isinstance(room.error, BaseBusy)
    room.read(files)
    assert room.wait(60)
    assert room.error is None


def test_the_time_left_goes_by_what_is_done():
    assert seconds_left(10, 0, 5) is None
    assert seconds_left(10, 2, 5) == 15
    assert seconds_left(10, 5, 5) == 0
