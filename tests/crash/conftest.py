"""A folder of documents, and a second process that stops at a named step of the store until it is told to go on."""

import os
import signal
import traceback

import pytest

from tadarag.knowledge_base import KnowledgeBase
from tadarag.testing.hashing_encoder import HashingEncoder
from tadarag.testing.histories import Step, change_folder


@pytest.fixture
def documents(tmp_path):
    folder = tmp_path / "documents"
    for number, name in enumerate(("a.md", "b.txt", "notes/c.md", "rows.csv", "中文.md")):
        change_folder(folder, Step(action="write", name=name, number=number + 1))
    return folder


@pytest.fixture
def open_base():
    opened = []

    def open_base(folder, **options):
        options = {"encoder": HashingEncoder(), "workers": 1, **options}
        opened.append(KnowledgeBase.open(folder, **options))
        return opened[-1]

    yield open_base
    for base in opened:
        base.close()


class OtherProcess:
    """A forked child that runs `action(observe)`, and stops at the first step named `at`."""

    def __init__(self, action, at):
        self._said, saying = os.pipe()
        listening, self._told = os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            self._run(action, at, saying, listening)
        os.close(saying)
        os.close(listening)
        assert os.read(self._said, 4096) == b"reached", "the other process ended before the step"

    def _run(self, action, at, saying, listening):
        waiting = True

        def observe(step):
            nonlocal waiting
            if waiting and step == at:
                waiting = False
                os.write(saying, b"reached")
                os.read(listening, 1)

        try:
            action(observe)
        except BaseException:  # noqa: BLE001 (the last door of the child)
            os.write(saying, traceback.format_exc().encode())
            os._exit(1)
        os._exit(0)

    def finish(self):
        os.write(self._told, b".")
        _, status = os.waitpid(self.pid, 0)
        failure = os.read(self._said, 65536).decode()
        assert status == 0, failure

    def kill(self):
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)


@pytest.fixture
def other_process():
    started = []

    def start(action, *, at):
        started.append(OtherProcess(action, at))
        return started[-1]

    yield start
    for one in started:
        try:
            os.kill(one.pid, signal.SIGKILL)
            os.waitpid(one.pid, 0)
        except (ProcessLookupError, ChildProcessError):
            continue  # it has come to its end, as it should
