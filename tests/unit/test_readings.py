"""Memories built with a model: asked once, recorded with the documents, and never asked again."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from mom.language_model import CannotRead
from mom.language_model import Sampling as MomSampling
from mom.mem_reader import MemReader
from tadarag.components import structural_builder
from tadarag.errors import EndpointError, ModelError, UsageError
from tadarag.knowledge_base import KnowledgeBase
from tadarag.ledger import MEMORIES
from tadarag.memory_builders import make_builder
from tadarag.models.language_model import LanguageModel, Message, Sampling
from tadarag.models.openai_model import OpenAIModel, Prices
from tadarag.readings import ReadingModel
from tadarag.store.protocol import READING
from tadarag.testing.hashing_encoder import HashingEncoder
from tadarag.testing.scripted_endpoint import ScriptedEndpoint, Turn
from tadarag.testing.scripted_model import ScriptedModel
from tadarag.testing.scripted_reader import faithful_reply, fenced_document

DAM = "The dam at Orsk was built in 1931 by Dr. Lind. It is 40 metres high. Its wall is of grey granite from Velm. "
FISH = "The trout of the lake spawn in May. Their eggs lie in gravel. Anglers may take two a day. "
GREEDY = MomSampling(temperature=0.0)


def read_faithfully(messages: Sequence[Message]) -> str:
    return faithful_reply(fenced_document(messages[-1].content))


def fail(messages: Sequence[Message]) -> str:
    raise EndpointError("the model gave no answer in 5 tries", "check that the endpoint runs")


def open_base(folder: Path, model: LanguageModel) -> KnowledgeBase:
    encoder = HashingEncoder()
    return KnowledgeBase.open(folder, encoder=encoder, builder=make_builder("mem-reader", encoder, model), workers=1)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two documents."""
    (tmp_path / "dam.txt").write_text(DAM * 4, encoding="utf-8")
    (tmp_path / "fish.txt").write_text(FISH * 4, encoding="utf-8")
    return tmp_path


def statements(base: KnowledgeBase) -> list[str]:
    return [chunk.statement for record in base.records() for chunk in record.chunks]


def test_documents_are_read_by_the_model_and_its_replies_are_recorded_with_them(folder: Path) -> None:
    model = ScriptedModel(read_faithfully)
    with open_base(folder, model) as base:
        base.ingest(folder)
        assert all(statements(base))
        recorded = {key for key, _ in base._store.recorded()}
        named = {key for record in base.records() for key in record.memory.readings}
    assert len(model.calls) == 8
    assert recorded == named
    assert all(key.startswith(READING) for key in named)


def test_temperatures_and_seeds_reach_the_model(folder: Path) -> None:
    model = ScriptedModel(read_faithfully)
    with open_base(folder, model) as base:
        base.ingest(folder / "dam.txt")
    assert model.samplings == [Sampling(temperature=t, seed=seed) for seed, t in enumerate((0.3, 0.7, 0.7, 1.0), start=1)]


def test_a_rebuild_never_asks_again(folder: Path) -> None:
    with open_base(folder, ScriptedModel(read_faithfully)) as base:
        base.ingest(folder)
        before = base.digests().truth
    with open_base(folder, ScriptedModel(fail)) as base:
        base.reindex()
        assert base.digests().truth == before
        (folder / "dam.txt").touch()
        base.delete("fish.txt")
        assert base.ingest(folder).quarantined == ()
        assert base.digests().truth == before


def test_an_import_never_asks_again(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    out = tmp_path_factory.mktemp("export") / "base.jsonl"
    with open_base(folder, ScriptedModel(read_faithfully)) as base:
        base.ingest(folder)
        base.export(out)
        before = base.digests().truth
    with open_base(tmp_path_factory.mktemp("copy"), ScriptedModel(fail)) as copy:
        assert copy.import_(out).quarantined == ()
        assert copy.digests().truth == before


def test_an_edit_asks_only_about_what_has_changed(folder: Path) -> None:
    model = ScriptedModel(read_faithfully)
    with open_base(folder, model) as base:
        base.ingest(folder)
        model.calls.clear()
        (folder / "fish.txt").write_text(FISH * 5, encoding="utf-8")
        base.ingest(folder)
    assert {fenced_document(messages[-1].content) for messages in model.calls} == {FISH * 5}


def test_a_change_and_its_reversal_leave_the_same_truth(folder: Path) -> None:
    with open_base(folder, ScriptedModel(read_faithfully)) as base:
        base.ingest(folder)
        before = base.digests().truth
        (folder / "fish.txt").write_text(FISH * 5, encoding="utf-8")
        base.ingest(folder)
        (folder / "fish.txt").write_text(FISH * 4, encoding="utf-8")
        base.ingest(folder)
        assert base.digests().truth == before


def test_a_vacuum_removes_what_was_said_of_deleted_documents_and_nothing_else(folder: Path) -> None:
    with open_base(folder, ScriptedModel(read_faithfully)) as base:
        base.ingest(folder)
        base.delete("fish.txt")
        assert any("trout" in body for _, body in base._store.recorded())
        base.vacuum()
        kept = dict(base._store.recorded())
        assert not any("trout" in body for body in kept.values())
        assert set(kept) == {key for record in base.records() for key in record.memory.readings} != set()


def test_a_change_of_the_builder_asks_and_records_and_back_again_asks_nothing(folder: Path) -> None:
    encoder = HashingEncoder()
    model = ScriptedModel(read_faithfully)
    with KnowledgeBase.open(folder, encoder=encoder, workers=1) as base:
        base.ingest(folder)
        assert not any(statements(base))
        base.reindex(builder=make_builder("mem-reader", encoder, model))
        assert all(statements(base))
        n_calls = len(model.calls)
        base.reindex(builder=structural_builder(encoder))
        assert not any(statements(base))
        base.reindex(builder=make_builder("mem-reader", encoder, model))
        assert len(model.calls) == n_calls


def test_a_reindex_whose_model_fails_changes_nothing_and_keeps_what_was_said(folder: Path) -> None:
    encoder = HashingEncoder()

    def fail_on_fish(messages: Sequence[Message]) -> str:
        return fail(messages) if "trout" in messages[-1].content else read_faithfully(messages)

    with KnowledgeBase.open(folder, encoder=encoder, workers=1) as base:
        base.ingest(folder)
        before = base.digests(["Who built the dam?"])
        with pytest.raises(ModelError, match="nothing was changed, because 1 documents"):
            base.reindex(builder=make_builder("mem-reader", encoder, ScriptedModel(fail_on_fish)))
        assert base.digests(["Who built the dam?"]).answers == before.answers
        assert not any(statements(base))
        model = ScriptedModel(read_faithfully)
        base.reindex(builder=make_builder("mem-reader", encoder, model))
        assert {fenced_document(messages[-1].content) for messages in model.calls} == {FISH * 4}
        assert all(statements(base))


def test_what_was_said_of_a_long_document_survives_an_interrupt_also_of_a_reindex(tmp_path: Path) -> None:
    encoder = HashingEncoder()
    text = "".join(f"# Part {n}\n\n{DAM.replace('1931', str(1931 + n))}\n\n" for n in range(12))
    (tmp_path / "book.md").write_text(text, encoding="utf-8")

    def stop_at_part_ten(messages: Sequence[Message]) -> str:
        if "Part 10" in fenced_document(messages[-1].content):
            raise KeyboardInterrupt
        return read_faithfully(messages)

    with KnowledgeBase.open(tmp_path, encoder=encoder, workers=1) as base:
        base.ingest(tmp_path)
        with pytest.raises(KeyboardInterrupt):
            base.reindex(builder=make_builder("mem-reader", encoder, ScriptedModel(stop_at_part_ten)))
    model = ScriptedModel(read_faithfully)
    with KnowledgeBase.open(tmp_path, encoder=encoder, workers=1) as base:
        base.reindex(builder=make_builder("mem-reader", encoder, model))
        assert len(model.calls) == 4 * 12 - 32
        assert all(statements(base))


def test_a_document_whose_model_is_out_of_reach_is_quarantined_and_can_be_retried(folder: Path) -> None:
    with open_base(folder, ScriptedModel(fail)) as base:
        report = base.ingest(folder)
        assert len(report.quarantined) == 2
        assert "no answer in 5 tries" in report.quarantined[0][1]
        assert report.quarantined[0][2] == "check that the endpoint runs"
    with open_base(folder, ScriptedModel(read_faithfully)) as base:
        assert len(base.retry().added) == 2
        assert all(statements(base))


def test_what_does_not_fit_the_model_is_read_without_it_and_that_is_recorded(folder: Path) -> None:
    with open_base(folder, ScriptedModel(read_faithfully, context_tokens=20)) as base:
        report = base.ingest(folder)
        assert report.quarantined == ()
        assert not any(statements(base))
        notes = base.record("dam.txt").memory.notes
        before = base.digests().truth
        assert "do not fit 20" in notes[0]
    with open_base(folder, ScriptedModel(read_faithfully)) as base:
        base.reindex()
        assert base.digests().truth == before


def test_an_estimate_asks_nothing_and_counts_only_what_has_changed(folder: Path) -> None:
    model = ScriptedModel(read_faithfully, price=0.5)
    encoder = HashingEncoder()
    builder = make_builder("mem-reader", encoder, model)
    with KnowledgeBase.open(folder, encoder=encoder, builder=builder, language_model=model, workers=1) as base:
        whole = base.estimate(folder)
        assert model.calls == []
        memories = whole.memories
        assert (whole.n_documents, memories.n_calls, memories.are_estimates) == (2, 8, False)
        assert memories.cost == 0.5 * (memories.prompt_tokens + memories.completion_tokens)
        base.ingest(folder)
        assert base.estimate(folder).memories.n_calls == 0


def test_what_memories_took_is_in_the_ledger(folder: Path) -> None:
    with open_base(folder, ScriptedModel(read_faithfully, price=0.5)) as base:
        base.ingest(folder)
        base.ingest(folder)
        (entry,) = base.ledger()
    (memories,) = [part for part in entry.spent if part.what == MEMORIES]
    assert memories.n_calls == 8
    assert memories.cost == 0.5 * (memories.prompt_tokens + memories.completion_tokens)


def test_a_base_whose_builder_asks_no_model_estimates_nothing(folder: Path) -> None:
    with KnowledgeBase.open(folder, encoder=HashingEncoder(), workers=1) as base:
        estimate = base.estimate(folder)
    memories = estimate.memories
    assert (memories.model, memories.n_documents, memories.n_calls, memories.cost) == ("", 2, 0, None)


def test_an_openai_compatible_endpoint_builds_memories() -> None:
    with ScriptedEndpoint([Turn(text=faithful_reply(DAM * 4))]) as endpoint:
        model = OpenAIModel("scripted", base_url=endpoint.url, prices=Prices(prompt=1.0, completion=2.0))
        memory = MemReader(model=ReadingModel(model)).build(DAM * 4)
    assert memory.items[0].statement.startswith("The dam at Orsk")
    assert [request["temperature"] for request in endpoint.requests] == [0.3, 0.7, 0.7, 1.0]
    assert "scripted wrote 4 replies: 28 tokens in" in memory.notes[-1]


def test_a_reply_that_breaks_off_is_an_error() -> None:
    with pytest.raises(EndpointError, match="broke off"):
        ReadingModel(ScriptedModel("half a", finish="interrupted")).complete("", "", GREEDY)


def test_a_reply_that_is_cut_says_so() -> None:
    assert ReadingModel(ScriptedModel("half a", finish="time")).complete("", "", GREEDY).is_cut


def test_a_context_that_is_too_short_is_what_cannot_be_read() -> None:
    with pytest.raises(CannotRead, match="do not fit 1"):
        ReadingModel(ScriptedModel("x", context_tokens=1)).complete("one two", "three", GREEDY)


def test_the_builder_with_a_model_needs_one() -> None:
    with pytest.raises(UsageError, match="asks a language model, and none is set"):
        make_builder("mem-reader", HashingEncoder(), None)
