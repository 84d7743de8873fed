"""mom: document memories, usable alone."""

from mom.candidates import build_candidates
from mom.facts import Fact, find_facts
from mom.mem_reader import MemReader
from mom.memory_builder import MemoryBuilder, StructuralBuilder, build
from mom.memory_json import memory_from_json, memory_to_json
from mom.scenarios import BadScenario, Facet, Scenario, UnknownScenario, detect_scenario, load_scenario, scenario_names
from mom.scoring import score_memory
from mom.selection import select
from mom.sentences import split_sentences
from mom.values import Heading, Item, ItemScores, Memory, MemoryScores, OutlineEntry, Span
from mom.word_table import WordTable, shipped_word_table

__all__ = [
    "BadScenario",
    "Facet",
    "Fact",
    "Heading",
    "Item",
    "ItemScores",
    "MemReader",
    "Memory",
    "MemoryBuilder",
    "MemoryScores",
    "OutlineEntry",
    "Scenario",
    "Span",
    "StructuralBuilder",
    "UnknownScenario",
    "WordTable",
    "build",
    "build_candidates",
    "detect_scenario",
    "find_facts",
    "load_scenario",
    "memory_from_json",
    "memory_to_json",
    "scenario_names",
    "score_memory",
    "select",
    "shipped_word_table",
    "split_sentences",
]
