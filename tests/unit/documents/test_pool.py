"""The children are made to hang, crash and grow by a third-party parser, installed for the test as its authors would."""

import logging
import os
import sys
import textwrap
import time
from pathlib import Path

import pytest

from tadarag.documents.columns import Columns
from tadarag.documents.parsing import parse, readable_suffixes
from tadarag.documents.pool import ParserPool
from tadarag.errors import DocumentError, UsageError
from tadarag.testing.parser_contract import ParserContract
from tadarag.testing.sample_files import PROSE, docx, mail, pdf, zip_bomb

HTML = b"<h1>Fares</h1><p>It is 35 korla.</p>"


@pytest.fixture
def third_party(tmp_path, monkeypatch):
    """A package that declares parsers: .echo reads text; .hang, .crash, .kill, .hungry and .bug misbehave."""
    (tmp_path / "misbehaving.py").write_text(
        textwrap.dedent(
            """
            import ctypes, os, signal, time
            from tadarag.documents.parsing import ParsedPart
            from tadarag.values import Document, Heading, Span

            def echo(name, data):
                text = data.decode()
                line = text.split("\\n")[0]
                return [ParsedPart(part="", document=Document(text=text, title=str(os.getpid()) if line == "pid" else line,
                    headings=(Heading(span=Span(0, len(line)), level=1, title=line),)))]
            def hang(name, data): time.sleep(600)
            def crash(name, data): ctypes.string_at(0)
            def kill(name, data): os.kill(os.getpid(), signal.SIGKILL)
            def hungry(name, data):
                held = []
                while True: held.append(bytearray(2**24))
            def bug(name, data): raise KeyError("ours")
            """
        )
    )
    info = tmp_path / "misbehaving-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: misbehaving\nVersion: 1.0\n")
    names = ("echo", "hang", "crash", "kill", "hungry", "bug")
    (info / "entry_points.txt").write_text("[tadarag.parsers]\n" + "".join(f".{name} = misbehaving:{name}\n" for name in names))
    monkeypatch.syspath_prepend(str(tmp_path))
    return names


def children():
    """Process ids of our parser processes (Linux only)."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parent = (folder / "stat").read_text().rpartition(")")[2].split()[1]
            command = (folder / "cmdline").read_text()
        except (FileNotFoundError, ProcessLookupError):  # it ended meanwhile
            continue
        if int(parent) == os.getpid() and "parser_process" in command:
            found.append(folder.name)
    return found


def test_text_formats_start_no_process():
    with ParserPool() as pool:
        for name, data in {
            "a.md": b"# x\n",
            "a.txt": b"x",
            "a.csv": b"a,b\n1,2\n",
            "a.json": b"{}",
            "a.jsonl": b"{}\n",
            "a.pdf": b"",
        }.items():
            pool.parse(name, data)
        assert children() == []


def test_the_pool_gives_what_the_parsers_give():
    files = {
        "a.html": HTML,
        "a.docx": docx(),
        "a.pdf": pdf([("Hello.", 10.0)]),
        "a.eml": bytes(mail(attach=(("a.csv", b"id,text\n7,x\n"),))),
    }
    with ParserPool() as pool:
        assert {name: pool.parse(name, data) for name, data in files.items()} == {name: parse(name, data) for name, data in files.items()}


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("a.crash", r"a\.crash made its parser crash \(signal SIGSEGV\)"),
        ("a.kill", r"a\.kill made its parser crash \(signal SIGKILL\)"),
        ("a.hungry", r"a\.hungry needs more than 128 MB of memory"),
        ("a.bug", r"a\.bug cannot be parsed \(KeyError: 'ours'\)"),
        ("a.hang", r"a\.hang takes longer than 2 seconds"),
    ],
)
def test_a_parser_that_misbehaves_is_an_error_and_the_pool_goes_on(third_party, name, message):
    with ParserPool(seconds=2, megabytes=128) as pool:
        with pytest.raises(DocumentError, match=message):
            pool.parse(name, b"x")
        assert pool.parse("a.html", HTML)[0].document.title == "Fares"


def test_a_child_serves_many_documents_and_ends_with_the_pool(third_party):
    with ParserPool() as pool:
        assert len({pool.parse("a.echo", b"pid\n" + str(number).encode())[0].document.title for number in range(5)}) == 1
        assert len(children()) == (sys.platform == "linux")
    assert children() == []


def test_a_child_is_recycled(third_party):
    with ParserPool(recycle_after=2) as pool:
        assert len({pool.parse("a.echo", b"pid\n")[0].document.title for _ in range(6)}) == 3


def test_refusals_of_the_child_arrive_as_they_were():
    with ParserPool() as pool, pytest.raises(DocumentError) as caught:
        pool.parse("bomb.docx", zip_bomb())
    with pytest.raises(DocumentError) as direct:
        parse("bomb.docx", zip_bomb())
    assert caught.value.args == direct.value.args


def test_warnings_of_the_child_are_logged_here(caplog):
    with ParserPool() as pool, caplog.at_level(logging.WARNING, "tadarag"):
        pool.parse("m.eml", bytes(mail(attach=(("photo.png", b"\x89PNG\r\n\x1a\n"),))))
    assert "photo.png: .png files are not read" in caplog.text


def test_columns_reach_the_parsers():
    with ParserPool() as pool:
        assert pool.parse("a.csv", b"k,v\n1,x\n", columns=Columns(id="v"))[0].part == "x"
        with pytest.raises(UsageError):
            pool.parse("a.csv", b"k,v\n1,x\n", columns=Columns(id="w"))


def test_a_module_in_the_current_folder_is_not_imported(tmp_path, monkeypatch):
    (tmp_path / "docx.py").write_text("raise SystemExit('imported from the documents')\n")
    monkeypatch.chdir(tmp_path)
    with ParserPool() as pool:
        assert PROSE.strip() in pool.parse("a.docx", docx())[0].document.text


def test_threads_share_a_pool(third_party):
    from concurrent.futures import ThreadPoolExecutor

    with ParserPool(workers=2) as pool, ThreadPoolExecutor(4) as threads:
        texts = list(threads.map(lambda number: pool.parse("a.echo", f"t\n{number}".encode())[0].document.text, range(20)))
    assert texts == [f"t\n{number}" for number in range(20)]


def test_a_closed_pool_refuses():
    pool = ParserPool()
    pool.close()
    pool.close()
    with pytest.raises(ValueError, match="closed"):
        pool.parse("a.html", HTML)


def test_a_hang_is_cut_long_before_its_own_end(third_party):
    with ParserPool(seconds=1) as pool:
        pool.parse("a.html", HTML)
        started = time.monotonic()
        with pytest.raises(DocumentError):
            pool.parse("a.hang", b"x")
        assert time.monotonic() - started < 300  # the parser would sleep for 600 s


def test_installed_parsers_are_listed_without_being_loaded(third_party):
    assert {f".{name}" for name in third_party} <= set(readable_suffixes())
    assert "misbehaving" not in sys.modules


@pytest.mark.usefixtures("third_party")
class TestAThirdPartyParser(ParserContract):
    def parser(self):
        return parse

    def files(self):
        return {"a.echo": b"Head\ntext of it"}

    def phrases(self):
        return {"a.echo": "text of it"}
