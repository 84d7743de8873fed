"""The installed `tadarag` as a shell sees it: start time, pipes, locales, signals."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

SCRIPT = Path(sys.executable).parent / "tadarag"
_HOLDER = """
import sys
import time
from pathlib import Path
from tadarag.store.lock import WriterLock
lock = WriterLock(Path(".tadarag/writer.lock"))
print("held", flush=True)
sys.stdin.read()
"""
pytestmark = pytest.mark.skipif(not SCRIPT.exists(), reason="tadarag is not installed in this environment")


def _environment(work: Path, **more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("TADARAG_", "LC_", "LANG", "PYTHON"))}
    return {**kept, "XDG_CONFIG_HOME": str(work / "config"), "TADARAG_ENCODER": "hashing", **more}


def _run(work: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([SCRIPT, *arguments], cwd=work, env=_environment(work, **more), capture_output=True, check=False)


def test_help_imports_nothing_heavy(work: Path) -> None:
    listed = _run(work, "--help", PYTHONPROFILEIMPORTTIME="1")
    imported = {line.rpartition("|")[2].strip() for line in listed.stderr.decode().splitlines() if line.startswith("import time:")}
    assert listed.returncode == 0
    assert "tadarag.cli.catalogue" in imported
    assert not imported & {"numpy", "onnxruntime", "tokenizers", "sqlite3", "yaml", "tadarag.knowledge_base"}


def test_importing_the_library_imports_nothing_heavy() -> None:
    code = "import tadarag, sys; print(*sys.modules)"
    imported = set(subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout.split())
    assert "tadarag" in imported
    assert not imported & {"numpy", "onnxruntime", "tokenizers", "sqlite3", "yaml", "tadarag.knowledge_base"}


def test_chinese_is_written_as_utf8_even_in_the_c_locale(docs: Path, work: Path) -> None:
    question = "奎伦湾扩港工程由哪家公司承建？"
    done = _run(work, "ask", "docs", question, LANG="C", LC_ALL="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0")
    assert done.returncode == 0, done.stderr
    assert "晨星建设公司" in done.stdout.decode("utf-8")


def test_a_reader_that_goes_away_is_no_error(docs: Path, work: Path) -> None:
    for number in range(400):
        (docs / f"note-{number:03}-{'x' * 150}.txt").write_text(f"Note {number}.\n", encoding="utf-8")
    assert _run(work, "ingest", "docs").returncode == 0
    listing = subprocess.Popen([SCRIPT, "list"], cwd=work, env=_environment(work), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert listing.stdout is not None
    assert listing.stderr is not None
    listing.stdout.read(1)
    listing.stdout.close()
    assert listing.wait(timeout=20) == 0
    assert listing.stderr.read() == b""
    listing.stderr.close()


def test_an_interrupted_ingest_ends_after_the_document_at_hand_and_goes_on_later(docs: Path, work: Path) -> None:
    for number in range(1500):
        text = " ".join(f"Buoy {number} of row {line} was anchored in {1900 + line}." for line in range(5))
        (docs / f"note-{number:04}.txt").write_text(text, encoding="utf-8")
    ingest = subprocess.Popen([SCRIPT, "ingest", "docs"], cwd=work, env=_environment(work), stderr=subprocess.PIPE, stdout=subprocess.PIPE)
    base = work / ".tadarag"
    deadline = time.monotonic() + 20
    while not base.exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    time.sleep(0.5)
    ingest.send_signal(signal.SIGINT)
    _, err = ingest.communicate(timeout=30)
    assert ingest.returncode == 130, err
    assert b"Traceback" not in err
    assert b"the same command goes on" in err
    verified = _run(work, "verify")
    assert verified.returncode == 0, verified.stdout


def test_watching_sees_a_new_file_and_ends_with_the_interrupt(docs: Path, work: Path) -> None:
    command = [SCRIPT, "ingest", "docs", "--watch", "--every", "0.2"]
    watch = subprocess.Popen(command, cwd=work, env=_environment(work), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert watch.stdout is not None
    assert watch.stdout.readline().startswith("3 added")
    (docs / "new.txt").write_text("The lighthouse of Quillen was painted red in 2019.\n", encoding="utf-8")
    assert watch.stdout.readline().startswith("1 added, 3 unchanged")
    watch.send_signal(signal.SIGINT)
    watch.communicate(timeout=20)
    assert watch.returncode == 130


def test_a_second_writer_is_refused_and_told_who_writes(docs: Path, work: Path) -> None:
    assert _run(work, "ingest", "docs").returncode == 0
    with subprocess.Popen([sys.executable, "-c", _HOLDER], cwd=work, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        refused = _run(work, "delete", "docs/ferry.txt")
        assert refused.returncode == 4
        assert f"process {process.pid}".encode() in refused.stderr
        assert _run(work, "search", "ferry").returncode == 0
        process.communicate()
    assert _run(work, "delete", "docs/ferry.txt").returncode == 0
