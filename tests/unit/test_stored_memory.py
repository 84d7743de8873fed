from dataclasses import replace

from mom.memory_builder import StructuralBuilder
from tadarag.components import default_components
from tadarag.derivation import derive
from tadarag.stored_memory import judge_by_encoder, memory_record, stored_memory
from tadarag.testing.hashing_encoder import HashingEncoder
from tadarag.values import Document, Record, SourceName

TEXT = "Before all headings.\n\n# Care\n\nKeep the pump dry. It must not stand in water.\n\n## Use\n\nPress the green button. Wait for 5 seconds.\n"
COMPONENTS = default_components(HashingEncoder())


def record(text: str = TEXT) -> Record:
    return derive(SourceName(".", "pump.md"), "hash", Document(text=text, title="Pump"), COMPONENTS)


def test_a_record_gives_back_the_memory_that_it_was_made_of() -> None:
    built = COMPONENTS.builder.build(TEXT, title="Pump")
    stored = stored_memory(record(), COMPONENTS.builder.fingerprint)
    assert [replace(item, terms=()) for item in built.items] == list(stored.items)
    assert replace(built, items=()) == replace(stored, items=())


def test_a_models_own_words_are_kept() -> None:
    first, *others = record().chunks
    said = replace(record(), chunks=(replace(first, statement="It opens."), *others))
    assert memory_record(said, "test")["items"][0]["core"] == "It opens."


def test_an_encoder_can_judge() -> None:
    scores = stored_memory(record(), "test", judge=judge_by_encoder(HashingEncoder())).scores
    assert scores is not None
    assert scores.judge.startswith("encoder ")


def test_a_document_without_text_has_no_items() -> None:
    assert memory_record(record(""), StructuralBuilder().fingerprint)["items"] == []
