"""SIGKILL at every step that the store names: the base opens, what was acknowledged is there, and doing it again ends as if nothing had been."""

import shutil

import pytest

from tadarag.testing.hashing_encoder import HashingEncoder
from tadarag.testing.histories import QUESTIONS, Step, change_folder, run_killed


def changed(folder):
    change_folder(folder, Step(action="write", name="a.md", number=17))
    change_folder(folder, Step(action="delete", name="b.txt"))
    change_folder(folder, Step(action="move", name="notes/c.md", other="deep/er/e.txt"))
    change_folder(folder, Step(action="write", name="lines.jsonl", number=2))


def sync(base, folder):
    base.ingest(folder, sync=True, yes=True, commit_passages=2)


def delete_and_vacuum(base, folder):
    for info in base.list():
        if info.source.path == "a.md":
            base.delete(info.source)
    base.vacuum()


def reindex(base, folder):
    base.reindex(HashingEncoder(32))


def reindex_alike(base, folder):
    base.reindex()


def repair(base, folder):
    base.repair()


def take_export(base, folder):
    base.import_(folder.parent / "other.jsonl")


ACTIONS = [sync, delete_and_vacuum, reindex, reindex_alike, repair, take_export]


@pytest.fixture
def other_export(tmp_path, open_base):
    change_folder(tmp_path / "other", Step(action="write", name="a.md", number=20))
    change_folder(tmp_path / "other", Step(action="write", name="new.txt", number=5))
    base = open_base(tmp_path / "other")
    base.ingest(tmp_path / "other")
    base.export(tmp_path / "other.jsonl")


def opened_as_it_is(open_base, folder, **options):
    """Open a base whose encoder may or may not have been exchanged before the kill."""
    from tadarag.errors import EncoderMismatch

    try:
        return open_base(folder, **options)
    except EncoderMismatch:
        return open_base(folder, encoder=HashingEncoder(32), **options)


@pytest.mark.parametrize("action", ACTIONS)
def test_a_kill_at_any_named_step_loses_nothing_and_can_be_done_again(action, documents, tmp_path, open_base, other_export):
    with open_base(documents) as base:
        base.ingest(documents)
        base.delete("rows.csv")  # its rows stay dead in database and index until a vacuum
        acknowledged = {info.source: info.content for info in base.list()}
    if action is sync:
        changed(documents)

    def run(folder, observe=None):
        with opened_as_it_is(open_base, folder, observe=observe) as base:
            action(base, folder)
            return base.digests(QUESTIONS)

    def copied(name):
        shutil.copytree(documents, tmp_path / name)
        return tmp_path / name

    uninterrupted, counted = copied("uninterrupted"), copied("counted")
    expected = run(uninterrupted)
    steps = run_killed(lambda observe: run(counted, observe), kill_at=None)
    assert steps
    for kill_at, step in enumerate(steps):
        killed = copied(f"killed-{kill_at}")
        assert run_killed(lambda observe, killed=killed: run(killed, observe), kill_at=kill_at) is None
        with opened_as_it_is(open_base, killed) as base:
            after = {info.source: info.content for info in base.list()}
            if action in (reindex, reindex_alike, repair):
                assert after == acknowledged, step
            assert all(base.document(source) for source in after)
            base.search(QUESTIONS[0])
            assert base.verify(deep=True) == (), step
        assert run(killed) == expected, step
        with opened_as_it_is(open_base, killed) as base:
            assert base.verify(deep=True) == (), step
        shutil.rmtree(killed)


def test_the_actions_pass_every_step_that_the_store_names(documents, open_base, other_export):
    """A step that no action reaches would never be tested: this list grows with the store."""
    with open_base(documents) as base:
        base.ingest(documents)
    seen = set()
    changed(documents)
    for action in ACTIONS:
        with opened_as_it_is(open_base, documents, observe=seen.add) as base:
            action(base, documents)
    assert seen == {
        "change:begin",
        "change:written",
        "change:committed",
        "segment:renamed",
        "manifest:written",
        "manifest:renamed",
        "index:caught-up",
        "vacuum:index-rewritten",
        "vacuum:rows-removed",
        "vacuum:committed",
        "vacuum:compacted",
        "derivations:replaced",
    }


def test_a_database_that_was_half_made_when_its_maker_died_is_made_again(tmp_path, open_base):
    (tmp_path / ".tadarag").mkdir()
    (tmp_path / ".tadarag" / "truth.sqlite3.part").write_bytes(b"SQLite format 3\0 and then the power went")
    (tmp_path / "a.txt").write_text("Anna met Bruno.")
    base = open_base(tmp_path)
    base.ingest(tmp_path)
    assert [str(info.source) for info in base.list()] == ["a.txt"]
    assert base.verify(deep=True) == ()


def test_an_error_at_any_step_leaves_a_base_that_goes_on_in_the_same_process(documents, tmp_path, open_base):
    with open_base(documents) as base:
        base.ingest(documents)
    changed(documents)
    expected = None
    for fail_at in range(40):
        place = shutil.copytree(documents, tmp_path / f"failed-{fail_at}")
        seen = []

        def observe(step, seen=seen, fail_at=fail_at):
            seen.append(step)
            if len(seen) == fail_at + 1:
                raise MemoryError(step)

        base = open_base(place, observe=observe)
        try:
            sync(base, place)
        except MemoryError:
            seen.extend([""] * 100)  # it fails once
        assert base.search(QUESTIONS[0])
        sync(base, place)
        digests = base.digests(QUESTIONS)
        expected = expected or digests
        assert digests == expected
        assert base.verify(deep=True) == ()
        base.close()
        if len(seen) < 100:
            return
    raise AssertionError("there are more steps than were tried")
