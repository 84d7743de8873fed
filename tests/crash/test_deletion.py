"""A deleted document leaves nothing: no byte, no key, in no file of the base."""

import logging

import pytest

from tadarag.errors import TadaragError
from tadarag.testing.canary import traces as everything_left
from tadarag.testing.histories import run_killed

CANARY = "Zyxquorvane"
CANARY_ZH = "龘靐齉鄨"
PHRASE = f"{CANARY} Brixholmen"


def write_canaries(folder):
    (folder / f"{CANARY}-folder").mkdir(parents=True)
    (folder / f"{CANARY}-folder" / f"{CANARY}.md").write_text(
        f"---\ntitle: {PHRASE}\nauthor: {CANARY}\n---\n# {PHRASE}\n\nThe {PHRASE} was met by Anna Stern.\n\n## {CANARY}\n\n{CANARY_ZH}公司来了。\n"
    )
    (folder / "rows.csv").write_text(f"id,title,text\n{CANARY},{PHRASE},Seen {CANARY} twice\n2,Other,Nothing here\n")
    (folder / "mail.eml").write_text(f"From: {CANARY} <a@example.org>\nTo: b@example.org\nSubject: {CANARY}\n\nIs {PHRASE} here?\n")
    (folder / f"{CANARY}.pdf").write_bytes(b"%PDF-1.4 broken")
    (folder / "keep.md").write_text("# Harbour\n\nAnna Stern leads the harbour office.\n")


def traces(folder):
    return everything_left(folder, [CANARY, CANARY_ZH], phrases=[PHRASE])


@pytest.fixture
def watched(tmp_path, open_base):
    """A base that holds the canaries, and whose log went to a file in it."""
    write_canaries(tmp_path)
    base = open_base(tmp_path)
    handler = logging.FileHandler(base.path / "run.log", encoding="utf-8")
    logger = logging.getLogger("tadarag")
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    base.ingest(tmp_path)
    yield base
    logger.removeHandler(handler)
    handler.close()


def delete_canaries(base):
    base.delete(f"{CANARY}-folder", "rows.csv", "mail.eml", f"{CANARY}.pdf")


def test_the_search_for_traces_finds_them_while_the_documents_are_there(watched):
    found = traces(watched.path)
    assert any("passage_keys" in place for place in found)
    assert any("mention_keys" in place for place in found)
    assert any("subject_keys" in place for place in found)
    assert any("table contents" in place for place in found)
    assert any("table files" in place for place in found)
    assert any("table quarantine" in place for place in found)


def test_nothing_is_left_after_delete_and_vacuum(watched):
    delete_canaries(watched)
    watched.vacuum()
    assert traces(watched.path) == []
    assert watched.search(CANARY) == () or all(CANARY not in hit.passage.text for hit in watched.search(CANARY))
    assert [str(info.source) for info in watched.list()] == ["keep.md"]


def test_nothing_is_left_after_a_sync_without_the_files_and_a_vacuum(watched, tmp_path):
    for path in (tmp_path / f"{CANARY}-folder" / f"{CANARY}.md", tmp_path / "rows.csv", tmp_path / "mail.eml", tmp_path / f"{CANARY}.pdf"):
        path.unlink()
    watched.ingest(tmp_path, sync=True, yes=True)
    watched.vacuum()
    assert traces(watched.path) == []


def test_nothing_is_left_of_a_replaced_version(watched, tmp_path):
    watched.delete(f"{CANARY}-folder", f"{CANARY}.pdf")
    (tmp_path / "rows.csv").write_text("id,title,text\n1,A,Nothing here\n2,Other,Nothing here\n")
    (tmp_path / "mail.eml").write_text("From: a@example.org\nTo: b@example.org\nSubject: none\n\nNothing here.\n")
    watched.ingest(tmp_path / "rows.csv", tmp_path / "mail.eml")
    watched.vacuum()
    assert traces(watched.path) == []


def test_an_outside_folder_with_a_telling_name_is_forgotten_too(tmp_path, open_base):
    (tmp_path / "home").mkdir()
    write_canaries(tmp_path / "away")
    base = open_base(tmp_path / "home")
    base.ingest(tmp_path / "away" / f"{CANARY}-folder", tmp_path / "away" / "keep.md")
    assert traces(base.path)
    base.delete(f"{CANARY}-folder:{CANARY}.md")
    base.vacuum()
    assert traces(base.path) == []
    assert len(base.list()) == 1


def test_a_kill_at_any_step_of_other_work_leaves_nothing_that_the_next_vacuum_does_not_remove(tmp_path, open_base):
    write_canaries(tmp_path)
    with open_base(tmp_path) as base:
        base.ingest(tmp_path)

    def work(observe):
        base = open_base(tmp_path, observe=observe)
        base.reindex(None, progress=lambda progress: observe(f"reindex:{progress.stage}"))
        base.repair()

    names = run_killed(work, kill_at=None)
    for kill_at in range(0, len(names), 3):
        assert run_killed(work, kill_at=kill_at) is None
    with open_base(tmp_path) as base:
        delete_canaries(base)
        base.vacuum()
        assert traces(base.path) == []


def test_a_vacuum_that_was_killed_is_finished_by_the_next(tmp_path, open_base):
    write_canaries(tmp_path)
    with open_base(tmp_path) as base:
        base.ingest(tmp_path)
        delete_canaries(base)
    n_steps = len(run_killed(lambda observe: open_base(tmp_path, observe=observe).backup(tmp_path / "unused"), kill_at=None))
    assert n_steps == 0
    for kill_at in range(6):
        run_killed(lambda observe: open_base(tmp_path, observe=observe).vacuum(), kill_at=kill_at)
    with open_base(tmp_path) as base:
        base.vacuum()
        assert traces(base.path) == []


def test_a_vacuum_beside_a_reader_says_what_to_do_or_leaves_nothing(watched, open_base):
    delete_canaries(watched)
    reader = open_base(watched.path.parent)
    reader.search("harbour")
    remedy = ""
    try:
        watched.vacuum()
    except TadaragError as error:
        remedy = error.do
    assert remedy == "" or "tadarag vacuum" in remedy
    reader.close()
    watched.vacuum()
    assert traces(watched.path) == []
