"""The laws of exactness over random histories of a real folder: equal contents are equal bases, whatever happened before."""

import os
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tadarag.knowledge_base import KnowledgeBase
from tadarag.testing.hashing_encoder import HashingEncoder
from tadarag.testing.histories import (
    MAIL,
    N_BODIES,
    NAMES,
    QUESTIONS,
    CountingEncoder,
    LivingBase,
    Step,
    body,
    change_folder,
    fresh_base,
    run_killed,
)

# TADARAG_LAW_EXAMPLES=N tries N histories a law; the default keeps this file under a minute.
EXAMPLES = int(os.environ.get("TADARAG_LAW_EXAMPLES", "0"))


def tries(n):
    return settings(max_examples=EXAMPLES or n, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


names = st.sampled_from(NAMES)
numbers = st.integers(0, N_BODIES - 1)
changes = st.builds(Step, action=st.sampled_from(["write", "write", "move", "delete"]), name=names, other=names, number=numbers)
uses = st.builds(
    Step,
    action=st.sampled_from(["ingest", "sync", "sync", "vacuum", "reopen", "remove", "search", "reindex", "repair"]),
    number=numbers,
    workers=st.integers(1, 3),
)
histories = st.lists(st.one_of(changes, changes, uses), min_size=3, max_size=16)
folders = st.dictionaries(names, numbers, min_size=1, max_size=6)


def fill(folder, contents):
    for name, number in contents.items():
        change_folder(folder, Step(action="write", name=name, number=number))


def opened(folder, encoder=None, **options):
    folder.mkdir(parents=True, exist_ok=True)
    return KnowledgeBase.open(folder, encoder=encoder or HashingEncoder(), workers=1, **options)


@pytest.fixture(scope="module")
def empty_digests(tmp_path_factory):
    with opened(tmp_path_factory.mktemp("empty")) as base:
        return base.digests(QUESTIONS)


def write(name, number=0):
    return Step(action="write", name=name, number=number)


@tries(25)
@given(history=histories)
@example(history=[write("a.md"), Step(action="sync"), Step(action="move", name="a.md", other="notes/c.md"), Step(action="sync")])
@example(history=[write(MAIL, 3), write("rows.csv", 3), Step(action="sync", workers=2), write(MAIL, 4), write("rows.csv", 4)])
def test_whatever_happened_the_base_equals_one_made_anew(history):
    with TemporaryDirectory() as place:
        documents = Path(place) / "documents"
        documents.mkdir()
        living = LivingBase(documents, HashingEncoder)
        for step in history:
            living.take(step)
        living.mirror()
        with fresh_base(documents, Path(place) / "fresh", HashingEncoder()) as fresh:
            assert living.base.digests(QUESTIONS) == fresh.digests(QUESTIONS)
            assert [info.source for info in living.base.list()] == [info.source for info in fresh.list()]
        assert living.base.verify(deep=True) == ()
        living.close()


@tries(12)
@given(contents=folders, order=st.randoms(use_true_random=False), commit_passages=st.integers(1, 9))
def test_the_order_of_documents_and_the_size_of_commits_do_not_matter(contents, order, commit_passages):
    with TemporaryDirectory() as place:
        folder = Path(place)
        fill(folder / "one", contents)
        fill(folder / "two", contents)
        with opened(folder / "one") as one, opened(folder / "two") as two:
            one.ingest(folder / "one")
            paths = [folder / "two" / name for name in contents]
            order.shuffle(paths)
            for path in paths:
                two.ingest(path, commit_passages=commit_passages)
            assert one.digests(QUESTIONS) == two.digests(QUESTIONS)


@tries(8)
@given(contents=folders, vacuums=st.booleans())
def test_what_is_taken_in_and_deleted_was_never_there(contents, vacuums, empty_digests):
    with TemporaryDirectory() as place:
        folder = Path(place)
        fill(folder, contents)
        with opened(folder) as base:
            base.ingest(folder)
            base.delete(*[info.source for info in base.list()])
            if vacuums:
                base.vacuum()
            assert base.digests(QUESTIONS) == empty_digests


@tries(10)
@given(contents=folders, number=numbers)
def test_an_edit_equals_a_deletion_and_an_ingest(contents, number):
    with TemporaryDirectory() as place:
        folder = Path(place)
        name = sorted(contents)[0]
        fill(folder / "edited", contents)
        fill(folder / "deleted", contents)
        with opened(folder / "edited") as edited, opened(folder / "deleted") as deleted:
            edited.ingest(folder / "edited")
            change_folder(folder / "edited", write(name, number))
            edited.ingest(folder / "edited", sync=True, yes=True)
            deleted.ingest(folder / "deleted")
            (folder / "deleted" / name).unlink()
            deleted.ingest(folder / "deleted", sync=True, yes=True)
            change_folder(folder / "deleted", write(name, number))
            deleted.ingest(folder / "deleted")
            assert edited.digests(QUESTIONS) == deleted.digests(QUESTIONS)


@tries(8)
@given(contents=folders)
def test_an_import_of_an_export_is_the_same_base_and_exports_the_same_bytes(contents):
    with TemporaryDirectory() as place:
        folder = Path(place)
        fill(folder / "from", contents)
        with opened(folder / "from") as exported, opened(folder / "to") as imported:
            exported.ingest(folder / "from")
            exported.export(folder / "one.jsonl")
            imported.import_(folder / "one.jsonl")
            imported.export(folder / "two.jsonl")
            assert (folder / "one.jsonl").read_bytes() == (folder / "two.jsonl").read_bytes()
            assert imported.digests(QUESTIONS) == exported.digests(QUESTIONS)


@tries(8)
@given(contents=folders)
def test_the_same_again_changes_nothing_and_embeds_nothing(contents):
    with TemporaryDirectory() as place:
        folder, encoder = Path(place) / "documents", CountingEncoder(HashingEncoder())
        fill(folder, contents)
        with opened(folder, encoder) as base:
            base.ingest(folder)
            before, n_read = base.status().sequence, encoder.n_read
            report = base.ingest(folder, sync=True)
            assert (base.status().sequence, encoder.n_read) == (before, n_read)
            assert (report.added, report.replaced, report.renamed, report.removed) == ((), (), (), ())
            for name in contents:
                os.utime(folder / name, ns=(1, 1))  # another time, the same bytes
            base.ingest(folder, sync=True)
            assert encoder.n_read == n_read


@tries(8)
@given(contents=folders)
def test_a_moved_folder_is_renames_and_embeds_nothing(contents):
    with TemporaryDirectory() as place:
        folder, encoder = Path(place) / "documents", CountingEncoder(HashingEncoder())
        fill(folder / "old", contents)
        with opened(folder, encoder) as base:
            first = base.ingest(folder, sync=True)
            n_read = encoder.n_read
            (folder / "old").rename(folder / "new")
            report = base.ingest(folder, sync=True, yes=True)
            assert encoder.n_read == n_read
            assert len(report.renamed) == len(first.added)
            assert (report.added, report.removed) == ((), ())


@tries(5)
@given(before=folders, after=folders, sync=st.booleans())
def test_killed_anywhere_and_resumed_equals_uninterrupted(before, after, sync):
    with TemporaryDirectory() as place:
        documents = Path(place) / "documents"
        fill(documents, before)
        with opened(documents) as base:
            base.ingest(documents)
        for name in before:
            (documents / name).unlink()
        fill(documents, after)

        def ingest_again(folder, observe=None):
            with opened(folder, observe=observe) as base:
                base.ingest(folder, sync=sync, yes=True, commit_passages=2)
                return base.digests(QUESTIONS)

        def copied(to):
            shutil.copytree(documents, Path(place) / to)
            return Path(place) / to

        uninterrupted, counted = copied("uninterrupted"), copied("counted")
        expected = ingest_again(uninterrupted)
        n_steps = len(run_killed(lambda observe: ingest_again(counted, observe), kill_at=None))
        for kill_at in range(n_steps):
            killed = copied(f"killed-{kill_at}")
            assert run_killed(lambda observe, killed=killed: ingest_again(killed, observe), kill_at=kill_at) is None
            assert ingest_again(killed) == expected
            with opened(killed) as base:
                assert base.verify(deep=True) == ()


def test_the_bodies_of_histories_have_many_contents():
    assert all(len({body(name, number) for number in range(N_BODIES)}) >= 3 for name in (*NAMES, MAIL))
