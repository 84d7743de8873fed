"""The registry of scenarios: how a kind of document wants to be read."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any


class UnknownScenario(ValueError):
    """No scenario of that name is registered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """Length targets of a kind of document, in Latin words and in CJK characters, where the caller does not measure by itself."""

    name: str
    min_words: int
    max_words: int
    min_characters: int
    max_characters: int


@cache
def load_scenario(name: str) -> Scenario:
    """The registered scenario of that name. Raises UnknownScenario."""
    import yaml  # here, because only a build that asks for a scenario's lengths needs it

    folder = files("mom.scenarios")
    known = sorted(entry.name.removesuffix(".yaml") for entry in folder.iterdir() if entry.name.endswith(".yaml"))
    if name not in known:
        raise UnknownScenario(f"there is no scenario {name!r}\nchoose one of: {', '.join(known)}")
    entry: dict[str, Any] = yaml.safe_load(folder.joinpath(f"{name}.yaml").read_text("utf-8"))
    lengths = entry["lengths"]
    return Scenario(
        name=entry["name"],
        min_words=lengths["words"]["min"],
        max_words=lengths["words"]["max"],
        min_characters=lengths["characters"]["min"],
        max_characters=lengths["characters"]["max"],
    )
