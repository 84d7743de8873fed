"""Every memory builder that mom ships keeps the builder's contract."""

from mom import MemoryBuilder, StructuralBuilder
from mom.mem_reader import TUNED, MemReader
from mom.terms import count_units
from tadarag.testing.memory_contract import MemoryBuilderContract
from tadarag.testing.scripted_reader import ScriptedReader, faithful_reply


class TestStructuralBuilder(MemoryBuilderContract):
    def make_builder(self) -> MemoryBuilder:
        return StructuralBuilder()


class TestStructuralBuilderWithAMeasure(MemoryBuilderContract):
    def make_builder(self) -> MemoryBuilder:
        return StructuralBuilder(measure=count_units, max_length=80, measure_name="units")


class TestMemReader(MemoryBuilderContract):
    def make_builder(self) -> MemoryBuilder:
        return MemReader(model=ScriptedReader())


class TestMemReaderWithAMeasure(MemoryBuilderContract):
    def make_builder(self) -> MemoryBuilder:
        return MemReader(
            model=ScriptedReader(lambda document, sampling: faithful_reply(document, sentences_a_chunk=9)),
            structural=StructuralBuilder(measure=count_units, max_length=80, measure_name="units"),
            window_tokens=60,
        )


class TestMemReaderWhoseModelWritesNothingUsable(MemoryBuilderContract):
    def make_builder(self) -> MemoryBuilder:
        return MemReader(model=ScriptedReader(lambda document, sampling: "I cannot do that."), profile=TUNED)
