"""mom: document memories, usable alone."""

from mom.memory_builder import MemoryBuilder, StructuralBuilder, build
from mom.scenarios import Scenario, UnknownScenario, load_scenario
from mom.sentences import split_sentences
from mom.values import Heading, Item, Memory, OutlineEntry, Span
from mom.word_table import WordTable, shipped_word_table

__all__ = [
    "Heading",
    "Item",
    "Memory",
    "MemoryBuilder",
    "OutlineEntry",
    "Scenario",
    "Span",
    "StructuralBuilder",
    "UnknownScenario",
    "WordTable",
    "build",
    "load_scenario",
    "shipped_word_table",
    "split_sentences",
]
