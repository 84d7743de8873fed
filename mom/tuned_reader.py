"""A MemReader from a folder: a causal model that was tuned on memories, and the card that says how it is asked."""

from __future__ import annotations

import json
from dataclasses import dataclass
from hashlib import file_digest, sha256
from pathlib import Path
from typing import Any

from mom.language_model import Sampling
from mom.mem_reader import WINDOW_TOKENS, MemReader, Profile
from mom.memory_builder import StructuralBuilder
from mom.prompts import prompts_version
from mom.questions import PROMPTS
from mom.transformers_model import TransformersModel

CARD = "mem_reader.json"
_NAMED_BY = 12  # characters of the hash


class BadReader(ValueError):
    """The folder holds no MemReader that this version can ask; the message says what is wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderCard:
    """How a tuned model is asked. thinks: it writes down its path first. prompts: version of the prompts that it was tuned on.

    window_tokens, max_tokens: of what it reads and writes at once. temperature 0 takes the likeliest token each time.
    """

    thinks: bool = False
    prompts: str = ""
    window_tokens: int = WINDOW_TOKENS
    max_tokens: int = 2048
    temperature: float = 0.1
    top_p: float = 0.1
    repetition_penalty: float = 1.05

    @property
    def profile(self) -> Profile:
        """One reading, drawn as the card says."""
        drawn = Sampling(
            temperature=self.temperature, top_p=self.top_p, repetition_penalty=self.repetition_penalty, max_tokens=self.max_tokens
        )
        asked = f"{self.temperature:g}-{self.top_p:g}-{self.repetition_penalty:g}-{self.max_tokens}"
        return Profile(name=f"tuned{'-thinking' * self.thinks}-{asked}", samplings=(drawn,), thinks=self.thinks)


def current_prompts() -> str:
    """The version of the prompts that this version asks with."""
    return prompts_version(PROMPTS)


def write_card(card: ReaderCard, folder: Path) -> None:
    """Write the card beside a model's files."""
    values = {name: getattr(card, name) for name in ReaderCard.__slots__}
    (folder / CARD).write_text(json.dumps(values, indent=1, sort_keys=True) + "\n", "utf-8")


def read_card(folder: Path) -> ReaderCard:
    """The card of a folder. Raises BadReader when there is none, when it is no card, or when it was tuned on other prompts than these."""
    file = folder / CARD
    if not file.is_file():
        raise BadReader(f"there is no {CARD} in {folder}: it holds no tuned MemReader")
    try:
        values: Any = json.loads(file.read_text("utf-8"))
        card = ReaderCard(**values)
    except (ValueError, TypeError) as error:
        raise BadReader(f"{file} cannot be read: {error}") from error
    if card.prompts != current_prompts():
        raise BadReader(
            f"the model in {folder} was tuned on the prompts {card.prompts}, and this version asks {current_prompts()}: tune it again"
        )
    return card


def load_mem_reader(folder: Path, *, structural: StructuralBuilder | None = None, device: str = "cpu") -> MemReader:
    """The builder whose model is the one in a folder, as `transformers` saves it, asked as its card says.

    structural: the builder without a model that stands in where a reading is unusable. The model's name holds the beginning of its weights'
    SHA-256, so that memories of other weights are never taken for these. Raises BadReader, and ImportError without torch and transformers.
    """
    card = read_card(folder)
    weights = sorted(folder.glob("*.safetensors"))
    if not weights:
        raise BadReader(f"there are no weights (*.safetensors) in {folder}")
    loaded = TransformersModel.load(str(folder), device=device, name=f"{folder.resolve().name}@{_hash(weights)[:_NAMED_BY]}")
    return MemReader(model=loaded, structural=structural or StructuralBuilder(), profile=card.profile, window_tokens=card.window_tokens)


def _hash(files: list[Path]) -> str:
    """SHA-256 of the one file, or of the hashes of several, joined."""
    found = []
    for file in files:
        with file.open("rb") as stream:
            found.append(file_digest(stream, "sha256").hexdigest())
    return found[0] if len(found) == 1 else sha256("".join(found).encode()).hexdigest()
