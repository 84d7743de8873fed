"""Every memory builder that mom ships keeps the builder's contract."""

from mom import MemoryBuilder, StructuralBuilder
from mom.terms import count_units
from tadarag.testing.memory_contract import MemoryBuilderContract


class TestStructuralBuilder(MemoryBuilderContract):
    def make_builder(self) -> MemoryBuilder:
        return StructuralBuilder()


class TestStructuralBuilderWithAMeasure(MemoryBuilderContract):
    def make_builder(self) -> MemoryBuilder:
        return StructuralBuilder(measure=count_units, max_length=80, measure_name="units")
