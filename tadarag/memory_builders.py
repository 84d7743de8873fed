"""The memory builders that a base can be made with, by name: what the entry points of `tadarag.memory_builders` load."""

from __future__ import annotations

from mom.mem_reader import MemReader
from mom.memory_builder import MemoryBuilder
from tadarag.components import structural_builder
from tadarag.errors import UsageError
from tadarag.models.encoder import Encoder
from tadarag.models.language_model import LanguageModel
from tadarag.plugins import load_plugin
from tadarag.readings import ReadingModel


def make_builder(name: str, encoder: Encoder, model: LanguageModel | None) -> MemoryBuilder:
    """The memory builder of that name. model: what it may ask. Raises PluginError, which names those that are installed."""
    builder: MemoryBuilder = load_plugin("tadarag.memory_builders", name)(encoder, model)
    return builder


def structural(encoder: Encoder, model: LanguageModel | None) -> MemoryBuilder:
    """The builder without a model; lengths are in the encoder's tokens."""
    return structural_builder(encoder)


def mem_reader(encoder: Encoder, model: LanguageModel | None) -> MemoryBuilder:
    """The builder with a model; the one without cuts what is too long and reads what the model cannot. Raises UsageError without a model."""
    if model is None:
        raise UsageError(
            "the memory builder mem-reader asks a language model, and none is set",
            "name one: model.name and model.url in tadarag.toml, or TADARAG_MODEL_NAME and TADARAG_MODEL_URL",
        )
    return MemReader(model=ReadingModel(model), structural=structural_builder(encoder))
