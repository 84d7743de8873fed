"""A base whose documents are read by tiers: asked once, recorded, exact under change, within the budget, and accounted for."""

from __future__ import annotations

import os
import threading
from collections.abc import Sequence
from pathlib import Path

import pytest

from tadarag.budget import parse_budget
from tadarag.components import template_of
from tadarag.errors import EndpointError, FormatMismatch, ModelError, UsageError
from tadarag.extraction.llm_extractor import llm_extractor
from tadarag.knowledge_base import KnowledgeBase
from tadarag.models.language_model import LanguageModel, Message
from tadarag.readings import SAVE_EVERY, Readings
from tadarag.reports import IngestReport
from tadarag.store.protocol import READING, TIER
from tadarag.testing.hashing_encoder import HashingEncoder
from tadarag.testing.scripted_extraction import careful_reply, passage_of
from tadarag.testing.scripted_model import ScriptedModel
from tadarag.testing.unit_extractor_contract import unit_of_lines
from tadarag.values import Document, SourceName

HEALTH = "Marie Curie joined the University of Paris. She bought 24 pumps in Geneva. " * 3
YARD = "Ilse Mennick leads the Ostrevir Yard in Quillen. The yard was founded in 1911 and builds ferries. " * 3
CHINESE = "王伟加入了世界卫生组织。他在日内瓦买了24台水泵。" * 3


def fail(messages: Sequence[Message]) -> str:
    raise EndpointError("the model gave no answer in 5 tries", "check that the endpoint runs")


def careful(**options: object) -> ScriptedModel:
    return ScriptedModel(careful_reply, **options)  # type: ignore[arg-type]


def open_base(folder: Path, model: LanguageModel | None = None, *, tier: str = "", workers: int = 1) -> KnowledgeBase:
    return KnowledgeBase.open(folder, encoder=HashingEncoder(), language_model=model, tier=tier, workers=workers)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three documents."""
    for name, text in (("health.txt", HEALTH), ("yard.txt", YARD), ("中文.txt", CHINESE)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def labelled(base: KnowledgeBase) -> set[str]:
    return {mention.text for record in base.records() for mention in record.extraction.mentions if mention.label}


def predicates(base: KnowledgeBase) -> set[str]:
    return {relation.predicate for record in base.records() for relation in record.extraction.relations}


def recorded(base: KnowledgeBase) -> set[str]:
    return {key for key, _ in base._store.recorded()}


def tiers(base: KnowledgeBase) -> dict[str, int]:
    return dict(base.status().tiers)


def names(report: IngestReport) -> list[str]:
    return [str(source) for source, _, _ in report.lowered]


def test_documents_are_read_by_the_tier_that_is_asked_for(folder: Path) -> None:
    with open_base(folder, careful()) as base:
        report = base.ingest(folder, tier="llm")
        assert dict(report.tiers) == {"llm": 3} == tiers(base)
        assert {"Marie Curie", "Ostrevir Yard", "世界卫生组织"} <= labelled(base)
        assert {"member_of", "leads"} <= predicates(base)


def test_without_a_flag_or_a_setting_no_model_is_asked(folder: Path) -> None:
    model = careful()
    with open_base(folder, model) as base:
        assert dict(base.ingest(folder).tiers) == {"rules": 3}
    assert model.calls == []


def test_the_setting_is_for_new_documents_and_leaves_present_ones_alone(folder: Path) -> None:
    with open_base(folder) as base:
        base.ingest(folder / "yard.txt")
    with open_base(folder, careful(), tier="llm") as base:
        base.ingest(folder)
        assert tiers(base) == {"llm": 2, "rules": 1}


def test_replies_are_recorded_with_the_documents(folder: Path) -> None:
    with open_base(folder, careful()) as base:
        base.ingest(folder, tier="llm")
        named = {key for record in base.records() for findings in record.findings for key in findings.readings}
        assert recorded(base) == named != set()
        assert all(key.startswith(READING) for key in named)


def test_a_second_ingest_and_a_reindex_ask_nothing(folder: Path) -> None:
    with open_base(folder, careful()) as base:
        base.ingest(folder, tier="llm")
        before = base.digests().truth
    with open_base(folder, ScriptedModel(fail)) as base:
        assert base.ingest(folder, tier="llm").unchanged == 3
        base.reindex()
        assert base.digests().truth == before
        assert tiers(base) == {"llm": 3}


def test_an_import_asks_nothing_and_keeps_the_tiers(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    out = tmp_path_factory.mktemp("export") / "base.jsonl"
    with open_base(folder, careful()) as base:
        base.ingest(folder / "yard.txt", tier="llm")
        base.ingest(folder)
        base.export(out)
        before = base.digests().truth
    with open_base(tmp_path_factory.mktemp("copy"), ScriptedModel(fail)) as copy:
        assert copy.import_(out).quarantined == ()
        assert copy.digests().truth == before


def test_changed_tiers_equal_a_base_that_was_made_with_them(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    with open_base(folder, careful(), workers=3) as base:
        base.ingest(folder)
        base.ingest(folder, tier="llm")
        base.ingest(folder / "yard.txt", tier="rules")
        (folder / "health.txt").write_text(HEALTH + "More.", encoding="utf-8")
        base.ingest(folder, sync=False)
        (folder / "health.txt").write_text(HEALTH, encoding="utf-8")
        base.ingest(folder)
        base.vacuum()
        changed = base.digests().truth
    other = tmp_path_factory.mktemp("other")
    for name, text in (("health.txt", HEALTH), ("yard.txt", YARD), ("中文.txt", CHINESE)):
        (other / name).write_text(text, encoding="utf-8")
    with open_base(other, careful()) as fresh:
        fresh.ingest(other / "yard.txt")
        fresh.ingest(other / "health.txt", other / "中文.txt", tier="llm")
        assert fresh.digests().truth == changed


def test_equal_documents_are_read_by_one_tier_whichever_of_them_is_named(folder: Path) -> None:
    (folder / "copy.txt").write_text(YARD, encoding="utf-8")
    with open_base(folder, careful()) as base:
        base.ingest(folder)
        base.ingest(folder / "copy.txt", tier="llm")
        assert tiers(base) == {"llm": 2, "rules": 2}
        assert base.record("yard.txt").extraction == base.record("copy.txt").extraction
        assert base.search("Ostrevir Yard")
        assert base.verify(deep=True) == ()


def test_delete_and_vacuum_sweep_replies_and_choices(folder: Path) -> None:
    with open_base(folder, careful()) as base:
        base.ingest(folder, tier="llm")
        base.delete("yard.txt")
        assert any("Ostrevir" in body for _, body in base._store.recorded())
        base.vacuum()
        assert not any("Ostrevir" in body for _, body in base._store.recorded())
        assert len([decision for decision in base._store.decisions() if decision.kind == TIER]) == 2
        assert recorded(base) == {key for record in base.records() for findings in record.findings for key in findings.readings}
    assert "Ostrevir" not in (folder / ".tadarag" / "ledger.jsonl").read_text(encoding="utf-8")


def test_a_deleted_document_leaves_no_choice_in_the_truth_before_the_vacuum(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    other = tmp_path_factory.mktemp("other")
    (other / "中文.txt").write_text(CHINESE, encoding="utf-8")
    with open_base(folder, careful()) as base, open_base(other, careful()) as fresh:
        base.ingest(folder, tier="llm")
        base.delete("yard.txt", "health.txt")
        fresh.ingest(other, tier="llm")
        assert base.digests().truth == fresh.digests().truth


def test_an_edit_asks_only_about_the_chunks_that_it_changed(folder: Path) -> None:
    model = careful()
    (folder / "parts.md").write_text(f"# One\n\n{HEALTH}\n\n# Two\n\n{YARD}\n", encoding="utf-8")
    with open_base(folder, model) as base:
        base.ingest(folder / "parts.md", tier="llm")
        n_calls = len(model.calls)
        (folder / "parts.md").write_text(f"# One\n\n{HEALTH}\n\n# Two\n\n{YARD}It has 12 docks.\n", encoding="utf-8")
        base.ingest(folder / "parts.md", tier="llm")
    assert n_calls >= 2
    assert all("docks" in passage_of(messages) for messages in model.calls[n_calls:])


def test_an_endpoint_that_fails_quarantines_new_documents_and_a_retry_reads_them_by_their_tier(folder: Path) -> None:
    with open_base(folder, ScriptedModel(fail)) as base:
        report = base.ingest(folder, tier="llm")
        assert len(report.quarantined) == 3
        assert "nothing could be extracted: the model gave no answer" in report.quarantined[0][1]
    with open_base(folder, careful()) as base:
        assert len(base.retry().added) == 3
        assert tiers(base) == {"llm": 3}


def test_an_endpoint_that_fails_leaves_present_documents_as_they_were(folder: Path) -> None:
    with open_base(folder, ScriptedModel(fail)) as base:
        base.ingest(folder)
        before = base.digests().truth
        report = base.ingest(folder, tier="llm")
        assert (report.quarantined, len(report.lowered)) == ((), 3)
        assert report.lowered[0][1] == "rules"
        assert base.digests().truth == before


def test_a_document_is_not_asked_about_again_once_its_model_has_failed(folder: Path) -> None:
    model = ScriptedModel(fail)
    (folder / "book.md").write_text("".join(f"# Part {n}\n\n{YARD}\n\n" for n in range(20)), encoding="utf-8")
    with open_base(folder, model) as base:
        base.ingest(folder / "book.md", tier="llm")
    assert len(model.calls) <= 2


def test_a_budget_gives_the_remaining_documents_to_a_cheaper_tier_and_says_so(tmp_path: Path) -> None:
    for number in range(6):
        (tmp_path / f"{number}.txt").write_text(f"{YARD} Number {number}.", encoding="utf-8")
    model = careful(price=0.001)
    with open_base(tmp_path, model) as base:
        report = base.ingest(tmp_path, tier="llm", budget=parse_budget("3500 tokens"))
        assert report.quarantined == ()
        read_by = dict(report.tiers)
        assert 0 < read_by["llm"] == len(model.calls) < 6
        assert len(report.lowered) == 6 - read_by["llm"]
        assert report.lowered[0][2] == "the budget of 3,500 tokens does not allow llm"
        (entry,) = base.ledger()
        assert sum(spent.prompt_tokens + spent.completion_tokens for spent in entry.spent) <= 3500


def test_the_same_command_with_another_budget_goes_on_where_the_first_stopped(tmp_path: Path) -> None:
    for number in range(4):
        (tmp_path / f"{number}.txt").write_text(f"{YARD} Number {number}.", encoding="utf-8")
    model = careful(price=0.001)
    with open_base(tmp_path, model) as base:
        first = base.ingest(tmp_path, tier="llm", budget=parse_budget("2.5"))
        second = base.ingest(tmp_path, tier="llm", budget=parse_budget("100"))
        assert dict(first.tiers)["llm"] + dict(second.tiers)["llm"] == 4 == len(model.calls)
        assert tiers(base) == {"llm": 4}


def test_replies_that_are_recorded_need_no_budget(folder: Path) -> None:
    with open_base(folder, careful()) as base:
        base.ingest(folder, tier="llm")
        base.ingest(folder, tier="rules")
        assert dict(base.ingest(folder, tier="llm", budget=parse_budget("0 tokens")).tiers) == {"llm": 3}


def test_auto_reads_each_document_by_what_it_is(folder: Path) -> None:
    (folder / "note.txt").write_text("Call Marie.", encoding="utf-8")
    contract = "This Agreement is made between the Licensor and the Licensee. The contract shall be governed by law. " * 8
    (folder / "contract.txt").write_text(contract, encoding="utf-8")
    with open_base(folder, careful()) as base:
        base.ingest(folder / "note.txt", folder / "contract.txt", tier="auto")
        assert tiers(base)["llm"] == 1
        assert tiers(base)["rules"] >= 1


def test_a_tier_that_is_not_set_up_is_refused_before_anything_is_read(folder: Path) -> None:
    with open_base(folder) as base:
        with pytest.raises(UsageError, match="asks a language model, and none is set"):
            base.ingest(folder, tier="llm")
        with pytest.raises(UsageError, match="there is no tier 'magic'"):
            base.ingest(folder, tier="magic")
        assert base.list() == ()


def test_another_model_under_the_name_of_a_tier_wants_a_reindex(folder: Path) -> None:
    with open_base(folder, careful(name="one")) as base:
        base.ingest(folder / "yard.txt", tier="llm")
    with open_base(folder, careful(name="two")) as base:
        with pytest.raises(FormatMismatch, match="by another extractor under the name 'llm'"):
            base.ingest(folder, tier="llm")
        base.reindex()
        base.ingest(folder, tier="llm")
        assert tiers(base) == {"llm": 3}


def test_a_reindex_whose_model_fails_changes_nothing(folder: Path) -> None:
    with open_base(folder, careful(name="one")) as base:
        base.ingest(folder, tier="llm")
        before = base.digests().truth
    with open_base(folder, ScriptedModel(fail, name="two")) as base:
        with pytest.raises(ModelError, match="nothing was changed"):
            base.reindex()
        assert base.digests().truth == before


def test_a_document_in_which_nothing_is_found_shows_as_such(folder: Path) -> None:
    (folder / "dull.txt").write_text("there is nothing here, and on 3 May 2021 there was even less of it.", encoding="utf-8")
    with open_base(folder) as base:
        report = base.ingest(folder / "dull.txt", folder / "yard.txt")
        assert [str(source) for source in report.nameless] == ["dull.txt"]
        assert [str(source) for source in base.status().nameless] == ["dull.txt"]


def test_the_ledger_counts_every_ingest_and_survives_a_reindex(folder: Path) -> None:
    with open_base(folder, careful(price=0.001)) as base:
        base.ingest(folder, tier="llm")
        base.ingest(folder)
        base.reindex()
        first, again = base.ledger()
        (spent,) = first.spent
        assert (first.action, again.action, first.n_documents) == ("ingest", "reindex", 3)
        assert (spent.what, spent.n_documents) == ("llm", 3)
        assert spent.cost == pytest.approx(0.001 * (spent.prompt_tokens + spent.completion_tokens))
        assert sum(part.n_calls for part in again.spent) == 0
        assert {"parsing", "memory", "encoding", "writing", "indexing"} <= {stage for stage, _ in first.stages}


def test_the_ledger_is_no_part_of_the_truth(folder: Path) -> None:
    with open_base(folder, careful()) as base:
        base.ingest(folder, tier="llm")
        before = base.digests().truth
        (folder / ".tadarag" / "ledger.jsonl").unlink()
        assert base.digests().truth == before
        assert base.ledger() == ()


def test_an_estimate_is_within_a_tenth_of_what_is_then_asked(tmp_path: Path) -> None:
    for number in range(12):
        (tmp_path / f"{number}.txt").write_text(f"{YARD if number % 2 else HEALTH} Number {number}. " * (1 + number % 3), encoding="utf-8")
    model = careful(price=0.001)
    with open_base(tmp_path, model) as base:
        base.ingest(*(tmp_path / f"{number}.txt" for number in range(4)), tier="llm")  # what replies are like is learnt from these
        n_calls = len(model.calls)
        (told,) = [part for part in base.estimate(tmp_path, tier="llm").tiers if part.tier == "llm"]
        assert len(model.calls) == n_calls
        base.ingest(tmp_path, tier="llm")
        (spent,) = base.ledger()[-1].spent
    assert told.n_calls == spent.n_calls == len(model.calls) - n_calls
    assert told.prompt_tokens == spent.prompt_tokens
    assert told.completion_tokens == pytest.approx(spent.completion_tokens, rel=0.5)
    assert told.prompt_tokens + told.completion_tokens == pytest.approx(spent.prompt_tokens + spent.completion_tokens, rel=0.1)
    assert told.cost == pytest.approx(spent.cost, rel=0.1)


def test_many_replies_of_one_document_are_recorded_before_it_is_done(tmp_path: Path) -> None:
    text = "".join(f"# Part {n}\n\n{YARD.replace('1911', str(1911 + n))}\n\n" for n in range(SAVE_EVERY + 10))
    (tmp_path / "book.md").write_text(text, encoding="utf-8")

    def stop_late(messages: Sequence[Message]) -> str:
        if f"Part {SAVE_EVERY + 5}" in messages[-1].content:
            raise KeyboardInterrupt
        return careful_reply(messages)

    with open_base(tmp_path, ScriptedModel(stop_late)) as base:
        with pytest.raises(KeyboardInterrupt):
            base.ingest(tmp_path, tier="llm")
        assert len(recorded(base)) >= SAVE_EVERY
        assert base.ledger()[-1].spent[0].n_calls > SAVE_EVERY
    model = careful()
    with open_base(tmp_path, model) as base:
        base.ingest(tmp_path, tier="llm")
    assert len(model.calls) <= 10


def test_threads_that_want_the_same_reply_ask_once() -> None:
    barrier, asked = threading.Barrier(4), []

    def slow(messages: Sequence[Message]) -> str:
        asked.append(1)
        return careful_reply(messages)

    readings = Readings(lambda key: None, lambda results: None)
    extractor = readings.remembering_extractor("llm", llm_extractor(ScriptedModel(slow)))
    assert extractor.units is not None
    units, unit, template = extractor.units, unit_of_lines(HEALTH), template_of("general_knowledge", None)
    found = []

    def read() -> None:
        barrier.wait()
        found.append(units.read(unit, template))

    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(asked), len(found), len(set(found))) == (1, 4, 1)


def test_documents_in_memory_are_read_by_the_setting(tmp_path: Path) -> None:
    with open_base(tmp_path, careful(), tier="llm") as base:
        base.ingest_documents([(SourceName(".", "a"), Document(text=YARD, language="en"))])
        assert tiers(base) == {"llm": 1}


def test_files_whose_documents_have_the_tier_already_are_not_opened_again(folder: Path) -> None:
    with open_base(folder, careful()) as base:
        base.ingest(folder, tier="llm")
        for file in folder.glob("*.txt"):
            state = file.stat()
            file.write_bytes(b"x" * state.st_size)
            os.utime(file, ns=(state.st_atime_ns, state.st_mtime_ns))
        assert base.ingest(folder, tier="llm").unchanged == 3
        assert len(base.ingest(folder, tier="rules").replaced) == 3


def test_a_copy_that_its_tier_could_not_read_leaves_the_present_document_at_its_own(folder: Path) -> None:
    with open_base(folder, ScriptedModel(fail)) as base:
        base.ingest(folder / "yard.txt")
        before = base.digests().truth
        (folder / "copy.txt").write_text(YARD, encoding="utf-8")
        assert len(base.ingest(folder / "copy.txt", tier="llm").quarantined) == 1
        assert base.digests().truth == before
        assert tiers(base) == {"rules": 1}
