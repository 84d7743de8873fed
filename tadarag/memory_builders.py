"""The memory builders that a base can be made with, by name: what the entry points of `tadarag.memory_builders` load."""

from __future__ import annotations

from pathlib import Path

from mom.mem_reader import MemReader
from mom.memory_builder import MemoryBuilder, StructuralBuilder
from tadarag.components import structural_builder
from tadarag.errors import ModelError, UsageError
from tadarag.models.encoder import Encoder
from tadarag.models.language_model import LanguageModel
from tadarag.plugins import load_plugin
from tadarag.readings import ReadingModel


def make_builder(name: str, encoder: Encoder, model: LanguageModel | None) -> MemoryBuilder:
    """The memory builder of that name; "name:argument" hands the argument on, such as the folder of "mem-reader:FOLDER".

    model: what it may ask. Raises PluginError, which names those that are installed.
    """
    plugin, _, argument = name.partition(":")
    make = load_plugin("tadarag.memory_builders", plugin)
    builder: MemoryBuilder = make(encoder, model, argument) if argument else make(encoder, model)
    return builder


def structural(encoder: Encoder, model: LanguageModel | None) -> MemoryBuilder:
    """The builder without a model; lengths are in the encoder's tokens."""
    return structural_builder(encoder)


def mem_reader(encoder: Encoder, model: LanguageModel | None, folder: str = "") -> MemoryBuilder:
    """The builder with a model; the one without cuts what is too long and reads what the model cannot.

    folder: of a model that was tuned for it, which then reads on this machine; "" to ask `model`. Raises UsageError without either, and
    ModelError for a folder that holds none.
    """
    if folder:
        return _tuned(Path(folder), structural_builder(encoder))
    if model is None:
        raise UsageError(
            "the memory builder mem-reader asks a language model, and none is set",
            "name one: model.name and model.url in tadarag.toml, or TADARAG_MODEL_NAME and TADARAG_MODEL_URL",
        )
    return MemReader(model=ReadingModel(model), structural=structural_builder(encoder))


def _tuned(folder: Path, structural: StructuralBuilder) -> MemoryBuilder:
    from mom.tuned_reader import BadReader, load_mem_reader

    try:
        return load_mem_reader(folder, structural=structural)
    except ImportError as error:
        raise ModelError(
            f"a model in a folder needs {error.name}, which is not installed", "run: pip install 'tadarag[train-lm]'"
        ) from error
    except (BadReader, OSError, ValueError) as error:
        raise ModelError(
            f"the memory reader in {folder} cannot be loaded: {error}", "name the folder that a stage of memory-reader has left"
        ) from error
