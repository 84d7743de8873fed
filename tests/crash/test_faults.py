"""Full disks, damaged files, foreign versions and clocks: a clear sentence, the right remedy, and stored data untouched."""

import json
import os
import random
import resource
import shutil
import signal
import sqlite3
import stat
import sys
import time
from contextlib import closing, suppress
from pathlib import Path

import pytest

from tadarag.errors import BaseBusy, BaseDamaged, BaseError, BaseMissing, EncoderMismatch, FormatMismatch, IndexDamaged, TadaragError
from tadarag.testing.hashing_encoder import HashingEncoder
from tadarag.testing.histories import QUESTIONS, Step, change_folder, run_killed


@pytest.fixture
def base_folder(documents, open_base):
    with open_base(documents) as base:
        base.ingest(documents)
    return documents / ".tadarag"


def digests(open_base, folder, **options):
    with open_base(folder, **options) as base:
        return base.digests(QUESTIONS)


# The disk.


@pytest.mark.skipif(sys.platform == "win32", reason="limits of a process are a thing of POSIX")
@pytest.mark.parametrize("action", ["ingest", "vacuum", "reindex", "repair"])
def test_a_disk_that_is_full_at_any_write_is_said_and_leaves_the_old_state(action, documents, base_folder, open_base, tmp_path):
    before = digests(open_base, documents)
    change_folder(documents, Step(action="write", name="notes/d.txt", number=4))
    sizes = sorted({2**power for power in range(0, 20, 2)} | {path.stat().st_size + 1 for path in base_folder.rglob("*") if path.is_file()})
    failed = 0
    for size in sizes:
        copy = tmp_path / "copy"
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(documents, copy)

        def act(observe, copy=copy, size=size):
            base = open_base(copy)
            resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            try:
                {"ingest": lambda: base.ingest(copy), "vacuum": base.vacuum, "reindex": base.reindex, "repair": base.repair}[action]()
            except TadaragError as error:
                observe(f"{error.happened}|{error.do}")

        said = run_killed(act, kill_at=None)
        with open_base(copy) as base:
            assert base.verify(deep=True) == () or said
            if said:
                failed += 1
                happened, do = said[0].split("|")
                assert "could not" in happened or "cannot" in happened
                assert "free disk space" in do
            base.repair()
            after = base.digests(QUESTIONS)
            if action != "ingest":
                assert after == before
            base.ingest(copy)
            assert base.verify(deep=True) == ()
    assert failed >= 3


def test_a_base_that_cannot_be_made_for_want_of_space_is_said_and_made_later(tmp_path, open_base):
    def make(observe):
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, resource.RLIM_INFINITY))
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        try:
            open_base(tmp_path)
        except BaseError as error:
            observe(error.do)

    assert run_killed(make, kill_at=None) == ["free disk space or mend the permissions, then run the command again"]
    assert open_base(tmp_path).verify() == ()


# The index.


def cut_short(path):
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def emptied(path):
    path.write_bytes(b"")


def flipped(path):
    content = bytearray(path.read_bytes())
    content[len(content) * 2 // 3] ^= 4
    path.write_bytes(content)


def removed(path):
    path.unlink()


def garbled(path):
    path.write_bytes(b"\xff\xfe not a manifest \0")


@pytest.mark.parametrize("harm", [cut_short, emptied, flipped, removed, garbled])
@pytest.mark.parametrize("which", ["segment", "manifest"])
def test_a_damaged_index_is_noticed_and_rebuilt_with_the_same_answers(harm, which, documents, base_folder, open_base):
    expected = digests(open_base, documents)
    (target, *_) = sorted((base_folder / "index").glob("*.segment" if which == "segment" else "manifest.json"))
    harm(target)
    base = open_base(documents)
    if harm is removed and which == "manifest":
        assert [finding.place for finding in base.verify()] == ["index"]  # and the next search builds it
    else:
        (finding,) = base.verify()
        assert "repair" in finding.do
        with pytest.raises(IndexDamaged) as caught:
            base.search("harbour")
        assert "tadarag repair" in caught.value.do
        assert "rebuilt the index" in " ".join(base.repair())
    assert base.digests(QUESTIONS) == expected
    assert base.verify(deep=True) == ()


def test_every_flipped_byte_of_the_index_is_noticed(documents, base_folder, open_base):
    (segment,) = (base_folder / "index").glob("*.segment")
    whole = segment.read_bytes()
    generator = random.Random(7)
    for _ in range(60):
        at = generator.randrange(len(whole))
        segment.write_bytes(whole[:at] + bytes([whole[at] ^ (1 << generator.randrange(8))]) + whole[at + 1 :])
        with open_base(documents) as base:
            assert [finding.place for finding in base.verify()] == ["index"], at


def test_an_index_folder_that_is_gone_is_built_by_the_next_search(documents, base_folder, open_base):
    expected = digests(open_base, documents)
    shutil.rmtree(base_folder / "index")
    assert digests(open_base, documents) == expected


# The database.


def test_a_flipped_bit_in_a_stored_value_names_its_document_and_repair_takes_it_out(documents, base_folder, open_base):
    for table, column in (
        ("contents", "document"),
        ("contents", "chunks"),
        ("contents", "extraction"),
        ("contents", "domain"),
        ("vectors", "body"),
    ):
        with closing(sqlite3.connect(base_folder / "truth.sqlite3")) as database:
            key = "hash" if table == "contents" else "key"
            name, blob = database.execute(f"SELECT {key}, {column} FROM {table} ORDER BY {key} LIMIT 1").fetchone()
            harmed = blob[:-1] + bytes([blob[-1] ^ 1])
            database.execute(f"UPDATE {table} SET {column} = ? WHERE {key} = ?", (harmed, name))
            database.commit()
        base = open_base(documents)
        findings = base.verify(deep=True)
        named = {finding.place for finding in findings}
        assert named
        assert named <= {str(info.source) for info in base.list()}
        assert all("repair" in finding.do for finding in findings)
        done = base.repair()
        assert all(any(place in line for line in done) for place in named)
        assert base.verify(deep=True) == ()
        assert named.isdisjoint({str(info.source) for info in base.list()})
        base.ingest(documents)
        assert named <= {str(info.source) for info in base.list()}
        base.close()


def test_a_document_that_is_not_what_its_hash_says_is_named_and_taken_out(documents, base_folder, open_base):
    from tadarag.store.codec import pack_json, unpack_json

    with closing(sqlite3.connect(base_folder / "truth.sqlite3")) as database:
        name, blob = database.execute("SELECT hash, document FROM contents ORDER BY hash LIMIT 1").fetchone()
        value = unpack_json(blob, "x")
        database.execute("UPDATE contents SET document = ? WHERE hash = ?", (pack_json({**value, "title": "forged"}), name))
        database.commit()
    base = open_base(documents)
    named = {finding.place for finding in base.verify(deep=True)}
    assert named
    assert all(any(place in line for line in base.repair()) for place in named)
    assert base.verify(deep=True) == ()
    base.ingest(documents)
    assert named <= {str(info.source) for info in base.list()}


def test_a_document_whose_vectors_are_gone_is_named_and_taken_out(documents, base_folder, open_base):
    for statement in ("DELETE FROM content_vectors WHERE content = ?", "UPDATE content_vectors SET key = 'x' WHERE content = ?"):
        with closing(sqlite3.connect(base_folder / "truth.sqlite3")) as database:
            (name,) = database.execute("SELECT content FROM content_vectors ORDER BY content LIMIT 1").fetchone()
            database.execute(statement, (name,))
            database.commit()
        base = open_base(documents)
        assert [finding.do for finding in base.verify(deep=True)] == ["run: tadarag repair, then ingest the source again"]
        base.repair()
        assert base.verify(deep=True) == ()
        base.ingest(documents)
        assert len(base.list()) >= 5


def test_a_new_database_is_durable_under_its_name_before_anything_is_acknowledged(tmp_path, open_base, monkeypatch):
    synced, fsync = set(), os.fsync

    def recorded(descriptor):
        synced.add(os.fstat(descriptor).st_ino)
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", recorded)
    open_base(tmp_path / "documents")
    assert (tmp_path / "documents" / ".tadarag").stat().st_ino in synced
    assert (tmp_path / "documents").stat().st_ino in synced


def test_random_flips_anywhere_in_the_database_never_end_in_a_bare_error(documents, base_folder, open_base):
    database = base_folder / "truth.sqlite3"
    with open_base(documents) as base:
        base.vacuum()  # so that the write-ahead log holds nothing
        expected = base.digests(QUESTIONS)
    whole = database.read_bytes()
    used = [at for at, byte in enumerate(whole) if byte]
    generator = random.Random(11)
    noticed = 0
    for _ in range(60):
        at = generator.choice(used)
        database.write_bytes(whole[:at] + bytes([whole[at] ^ (1 << generator.randrange(8))]) + whole[at + 1 :])
        for leftover in ("truth.sqlite3-wal", "truth.sqlite3-shm"):
            (base_folder / leftover).unlink(missing_ok=True)
        try:
            with open_base(documents) as base:
                if base.verify(deep=True):
                    noticed += 1
                    with suppress(TadaragError):
                        base.search("harbour")
                    with suppress(TadaragError):
                        base.ingest(documents)
                    with suppress(TadaragError):
                        base.repair()
                else:
                    assert base.digests(QUESTIONS) == expected, at
        except TadaragError as error:
            noticed += bool(error.do)
    assert noticed > 40
    database.write_bytes(whole)
    assert digests(open_base, documents) == expected


def test_a_database_that_is_no_database_is_said_to_be_damaged(documents, base_folder, open_base):
    (base_folder / "truth.sqlite3").write_bytes(b"this is not a database" * 100)
    with pytest.raises(BaseDamaged) as caught:
        open_base(documents)
    assert "backup" in caught.value.do


def test_a_base_of_a_newer_format_is_refused_with_the_commands_that_help(documents, base_folder, open_base):
    with closing(sqlite3.connect(base_folder / "truth.sqlite3")) as database:
        database.execute("UPDATE meta SET value = '99' WHERE key = 'format'")
        database.commit()
    with pytest.raises(FormatMismatch) as caught:
        open_base(documents)
    assert "format 99" in caught.value.happened
    assert "tadarag export" in caught.value.do
    assert "tadarag import" in caught.value.do


def test_documents_derived_by_other_rules_are_not_mixed_in(documents, base_folder, open_base):
    with closing(sqlite3.connect(base_folder / "truth.sqlite3")) as database:
        database.execute("UPDATE meta SET value = 'older' WHERE key = 'setting:memory'")
        database.commit()
    base = open_base(documents)
    with pytest.raises(FormatMismatch) as caught:
        base.ingest(documents)
    assert "tadarag reindex" in caught.value.do
    assert base.search("harbour")
    base.reindex()
    base.ingest(documents)


def test_another_encoder_cannot_open_the_base_and_changes_nothing(documents, base_folder, open_base):
    expected = digests(open_base, documents)
    with pytest.raises(EncoderMismatch) as caught:
        open_base(documents, encoder=HashingEncoder(32))
    assert "tadarag reindex" in caught.value.do
    assert digests(open_base, documents) == expected


def test_a_base_whose_encoder_is_not_to_be_had_any_more_can_be_reindexed(documents, base_folder, open_base):
    base = open_base(documents, encoder=HashingEncoder(32), to_reindex=True)
    with pytest.raises(EncoderMismatch):
        base.search("harbour")
    with pytest.raises(FormatMismatch):
        base.ingest(documents)
    base.reindex()
    assert base.search("harbour")
    base.ingest(documents)
    assert digests(open_base, documents, encoder=HashingEncoder(32)) == base.digests(QUESTIONS)


def test_a_place_without_a_base_is_said_to_have_none(tmp_path, open_base):
    with pytest.raises(BaseMissing) as caught:
        open_base(tmp_path, create=False)
    assert "tadarag ingest" in caught.value.do
    assert not (tmp_path / ".tadarag").exists()


# The clock, permissions, copies.


def test_a_clock_that_goes_backwards_changes_nothing(documents, base_folder, open_base, monkeypatch):
    clock = iter(range(10**9, 0, -1))
    monkeypatch.setattr(time, "time", lambda: next(clock))
    base = open_base(documents)
    change_folder(documents, Step(action="write", name="a.md", number=9))
    os.utime(documents / "a.md", ns=(0, 0))  # an edit that looks older than what it replaces
    report = base.ingest(documents)
    assert [str(source) for source in report.replaced] == ["a.md"]
    fresh = open_base(shutil.copytree(documents, documents.parent / "fresh", ignore=shutil.ignore_patterns(".tadarag")))
    fresh.ingest(documents.parent / "fresh")
    assert base.digests(QUESTIONS) == fresh.digests(QUESTIONS)


def test_a_base_opened_for_reading_searches_and_refuses_to_change(documents, base_folder, open_base):
    expected = digests(open_base, documents)
    base = open_base(documents, read_only=True)
    assert base.digests(QUESTIONS) == expected
    with pytest.raises(BaseBusy):
        base.ingest(documents)
    assert base.digests(QUESTIONS) == expected


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="needs root, to become a user who may not write")
@pytest.mark.skipif(
    not all(folder.stat().st_mode & stat.S_IXOTH for folder in Path(__file__).resolve().parents),
    reason="needs a checkout that other users may read",
)
def test_a_folder_that_may_not_be_written_is_searched(open_base):
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as place:
        os.chmod(place, 0o755)
        with open(f"{place}/a.txt", "w") as file:
            file.write("Ilse Mennick leads the harbour office.\n")
        with open_base(place) as base:
            base.ingest(place)

        def search(observe):
            os.setuid(65534)
            base = open_base(place)
            observe(str(len(base.search("harbour"))))
            try:
                base.ingest_documents([])
            except BaseError as error:
                observe(error.happened)

        found, refused = run_killed(search, kill_at=None)
        assert int(found) == 1
        assert "cannot be written" in refused


def test_a_backup_made_while_another_process_writes_is_a_whole_base(documents, base_folder, open_base, other_process, tmp_path):
    expected = digests(open_base, documents)
    change_folder(documents, Step(action="write", name="a.md", number=17))
    writer = other_process(lambda observe: open_base(documents, observe=observe).ingest(documents), at="change:written")
    open_base(documents).backup(tmp_path / "copy")
    writer.finish()
    copy = open_base(tmp_path / "copy", read_only=True)
    assert copy.verify(deep=True) == ()
    assert copy.digests(QUESTIONS) == expected
    assert copy.verify(deep=True) == ()


def test_an_older_backup_put_back_under_a_newer_index_is_not_searched_with_it(documents, base_folder, open_base, tmp_path):
    with open_base(documents) as base:
        expected = base.digests(QUESTIONS)
        base.backup(tmp_path / "copy")
        for number in (3, 4, 5):
            change_folder(documents, Step(action="write", name="a.md", number=number))
            base.ingest(documents)
    for leftover in ("truth.sqlite3-wal", "truth.sqlite3-shm"):
        (base_folder / leftover).unlink(missing_ok=True)
    shutil.copy(tmp_path / "copy" / "truth.sqlite3", base_folder / "truth.sqlite3")
    with open_base(documents) as base:
        assert [finding.place for finding in base.verify()] == ["index"]
        assert base.digests(QUESTIONS) == expected


def test_a_backup_that_has_grown_to_the_same_number_of_changes_is_told_from_the_original(documents, base_folder, open_base, tmp_path):
    with open_base(documents) as base:
        base.backup(tmp_path / "copy")
        change_folder(documents, Step(action="write", name="a.md", number=3))
        base.ingest(documents)
    with open_base(tmp_path / "copy") as copy:
        (tmp_path / "copy" / "x.txt").write_text("The other history has this.")
        copy.ingest(documents / "b.txt", tmp_path / "copy" / "x.txt")
        expected = copy.digests(QUESTIONS)
    for leftover in ("truth.sqlite3-wal", "truth.sqlite3-shm"):
        (base_folder / leftover).unlink(missing_ok=True)
    shutil.copy(tmp_path / "copy" / "truth.sqlite3", base_folder / "truth.sqlite3")
    assert digests(open_base, documents) == expected


def test_a_backup_knows_the_roots_of_the_original(tmp_path, open_base):
    for name in ("one/docs", "two/docs"):
        (tmp_path / name).mkdir(parents=True)
        (tmp_path / name / "a.txt").write_text(f"This is of {name}.")
    (tmp_path / "home").mkdir()
    (tmp_path / "backups").mkdir()
    base = open_base(tmp_path / "home")
    base.ingest(tmp_path / "one" / "docs", tmp_path / "two" / "docs")
    base.backup(tmp_path / "backups" / "copy")
    copy = open_base(tmp_path / "backups" / "copy")
    report = copy.ingest(tmp_path / "two" / "docs")
    assert (report.unchanged, report.replaced) == (1, ())


def test_two_processes_that_name_roots_do_not_lose_each_others(tmp_path, open_base):
    for name in ("one", "two", "home"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.txt").write_text(f"This is of {name}.")
    first, second = open_base(tmp_path / "home"), open_base(tmp_path / "home")
    first.ingest(tmp_path / "one")
    second.ingest(tmp_path / "two")
    assert set(json.loads((tmp_path / "home" / ".tadarag" / "roots.json").read_text())) == {"one", "two"}
