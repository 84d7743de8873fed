"""Feedback on the answers of a base: given at any time, exact, and never longer there than what it rests on."""

from __future__ import annotations

import pytest

from tadarag.answer_json import answer_id, answer_json
from tadarag.errors import UsageError
from tadarag.knowledge_base import KnowledgeBase
from tadarag.memory.use_file import USE_FILE
from tadarag.testing.canary import traces
from tadarag.testing.hashing_encoder import HashingEncoder
from tadarag.values import Filters

CANARY = "Zyxquorvane"


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "canary.md").write_text(f"# {CANARY}\n\nThe {CANARY} was built by Tomas Brandt in 1998.\n")
    (tmp_path / "yard.md").write_text("# Ostrevir Yard\n\nThe yard belongs to Tomas Brandt. It lies in Quillen.\n")
    (tmp_path / "中文.md").write_text("# 扩港工程\n\n奎伦湾扩港工程由晨星建设公司承建。\n")
    return tmp_path


def open_base(folder, **options):
    return KnowledgeBase.open(folder, encoder=HashingEncoder(), workers=1, **options)


@pytest.fixture
def base(folder):
    with open_base(folder) as base:
        base.ingest(folder)
        yield base


def test_the_same_question_asked_twice_has_one_id_and_a_kept_form(base):
    first, second = base.ask("Who built it?"), base.ask("Who built it?")
    assert base.keep_answer(first) == base.keep_answer(second) == answer_id(first)
    assert base.kept_answer(answer_id(first)) == answer_json(second)
    assert base.latest_answer() == answer_id(first)


def test_changes_of_the_base_that_leave_it_as_it_was_change_no_id(base, folder):
    before = base.ask("谁承建扩港工程？")
    base.delete("yard.md")
    base.ingest(folder)
    after = base.ask("谁承建扩港工程？")
    assert after.evidence.sequence > before.evidence.sequence
    assert answer_id(after) == answer_id(before)


def test_feedback_takes_an_answer_or_its_id(base):
    answer = base.ask("Who built it?")
    by_answer = base.feedback(answer, 1.0, token="a")
    by_id = base.feedback(answer_id(answer), -1.0, comment="no", token="b")
    assert base.feedback_given() == (by_answer, by_id)


def test_feedback_is_no_part_of_any_digest_and_changes_no_answer(base):
    question = "Who built it?"
    before, answer = base.digests([question]), base.ask(question)
    base.feedback(answer, -1.0)
    assert base.digests([question]) == before
    assert answer_id(base.ask(question)) == answer_id(answer)


def test_feedback_is_given_on_a_base_opened_for_reading(base, folder):
    with open_base(folder, read_only=True) as reading:
        reading.feedback(reading.ask("Who built it?"), 1.0)
    assert len(base.feedback_given()) == 1


def test_an_answer_from_a_document_that_was_edited_meanwhile_is_not_kept(base, folder):
    answer = base.ask("Who built it?")
    (folder / "canary.md").write_text("# Other\n\nOther text.\n")
    base.ingest(folder)
    with pytest.raises(UsageError, match="has changed since"):
        base.keep_answer(answer)


def test_a_renamed_document_keeps_its_answers(base, folder):
    answer = base.ask("Who built it?")
    kept = base.keep_answer(answer)
    (folder / "canary.md").rename(folder / "renamed.md")
    base.ingest(folder, sync=True)
    assert base.kept_answer(kept) is not None
    assert base.keep_answer(answer) == kept


@pytest.mark.parametrize("go", ["delete", "edit", "sync"])
def test_an_answer_goes_with_its_document_however_that_goes(base, folder, go):
    base.feedback(base.ask(f"Who built the {CANARY}?", filters=Filters(sources=("canary.md",))), 1.0)
    kept = base.latest_answer()
    if go == "delete":
        base.delete("canary.md")
    elif go == "edit":
        (folder / "canary.md").write_text("# Other\n\nOther text.\n")
        base.ingest(folder)
    else:
        (folder / "canary.md").unlink()
        base.ingest(folder, sync=True)
    assert base.kept_answer(kept) is None
    assert base.feedback_given() == ()


def test_no_byte_of_a_deleted_document_is_left_in_the_memory_of_use(base, folder):
    answer = base.ask(f"Who built the {CANARY}?", with_graph=True)
    base.feedback(answer, 1.0, comment=f"the {CANARY} it is")
    assert any("kept_answer" in place for place in traces(base.path, [CANARY]))
    base.delete("canary.md")
    base.vacuum()
    assert traces(base.path, [CANARY]) == []


def test_vacuum_makes_up_for_a_deletion_that_was_cut_off_before_the_memory_of_use(base, folder):
    base.keep_answer(base.ask(f"Who built the {CANARY}?"))
    remembered = (base.path / USE_FILE).read_bytes()
    base.delete("canary.md")
    (base.path / USE_FILE).write_bytes(remembered)
    base.vacuum()
    assert traces(base.path, [CANARY]) == []


def test_a_backup_takes_feedback_and_ledger_along(base, tmp_path_factory):
    said = base.feedback(base.ask("Who built it?"), 1.0, comment="yes")
    target = tmp_path_factory.mktemp("backup")
    base.backup(target)
    with open_base(target) as copy:
        assert copy.feedback_given() == (said,)
        assert copy.kept_answer(said.answer) == base.kept_answer(said.answer)
        assert copy.ledger() == base.ledger() != ()


def test_a_reindex_keeps_answers_and_feedback(base):
    said = base.feedback(base.ask("Who built it?"), 1.0)
    base.reindex()
    assert base.feedback_given() == (said,)


def test_damage_of_the_memory_of_use_is_found_and_stops_neither_asking_nor_ingest(base, folder):
    base.keep_answer(base.ask("Who built it?"))
    (base.path / USE_FILE).write_bytes(b"damaged" * 1000)
    assert [finding.place for finding in base.verify()] == [USE_FILE]
    assert base.ask("Who built it?").text
    (folder / "new.txt").write_text("Something new.\n")
    assert len(base.ingest(folder).added) == 1
