"""Which scenarios there are: the shipped ones, and before them those in folders of a user."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from hashlib import sha256
from importlib.resources import files
from pathlib import Path

from mom.scenarios.scenario import BadScenario, Scenario, UnknownScenario
from mom.scenarios.yaml_form import read_scenario
from mom.terms import count_cjk


@dataclass(frozen=True, slots=True, kw_only=True)
class Registry:
    """Scenarios by name, and a version that changes whenever the content of any file does.

    phrases, chinese: each Latin and each Chinese cue with the names of the scenarios that list it.
    """

    scenarios: Mapping[str, Scenario]
    version: str
    phrases: Mapping[str, tuple[str, ...]]
    chinese: Mapping[str, tuple[str, ...]]


def scenario_names(folders: Sequence[Path] = ()) -> list[str]:
    """The names of all scenarios, sorted. Raises BadScenario for a file in `folders` that cannot be used."""
    return sorted(load_registry(folders).scenarios)


def load_scenario(name: str, folders: Sequence[Path] = ()) -> Scenario:
    """The scenario of that name. folders: of a user's own YAML files, one scenario each; an earlier folder wins, the shipped ones last.

    Raises UnknownScenario, which names the nearest known one, and BadScenario.
    """
    scenarios = load_registry(folders).scenarios
    if name not in scenarios:
        nearest = difflib.get_close_matches(name, scenarios, n=1, cutoff=0.0)
        known = ", ".join(sorted(scenarios))
        raise UnknownScenario(f"there is no scenario {name!r}; the nearest is {nearest[0]!r}\nchoose one of: {known}")
    return scenarios[name]


def registry_version(folders: Sequence[Path] = ()) -> str:
    """Names the content of all scenario files, for fingerprints: a changed scenario can move a span."""
    return load_registry(folders).version


def load_registry(folders: Sequence[Path] = ()) -> Registry:
    """All scenarios of the folders and the package. Files are read again only when a name, a size or a time of change differs."""
    stated = tuple(file for folder in folders for file in sorted(Path(folder).glob("*.yaml")))
    if not stated:
        return _shipped()
    return _with_folders(tuple((file, status.st_size, status.st_mtime_ns) for file in stated for status in (file.stat(),)))


@cache
def _shipped() -> Registry:
    entries = sorted(files("mom.scenarios").iterdir(), key=lambda entry: entry.name)
    contents = {f"mom/scenarios/{entry.name}": entry.read_text("utf-8") for entry in entries if entry.name.endswith(".yaml")}
    scenarios = [read_scenario(file, content) for file, content in contents.items()]
    return _registry({scenario.name: scenario for scenario in scenarios}, contents.values())


@lru_cache(maxsize=8)
def _with_folders(stated: tuple[tuple[Path, int, int], ...]) -> Registry:
    scenarios: dict[str, Scenario] = {}
    used: list[str] = []
    for file, _, _ in stated:
        try:
            content = file.read_text("utf-8")
        except UnicodeDecodeError as error:
            raise BadScenario(f"{file.name}, line 1: the file is not UTF-8 ({error.reason})\nsave it as UTF-8") from error
        scenario = read_scenario(file.name, content)
        if scenario.name not in scenarios:
            scenarios[scenario.name] = scenario
            used.append(content)
    return _registry({**_shipped().scenarios, **scenarios}, [_shipped().version, *used])


def _registry(scenarios: Mapping[str, Scenario], contents: Iterable[str]) -> Registry:
    listed: dict[str, list[str]] = {}
    for name in sorted(scenarios):
        for cue in dict.fromkeys(scenarios[name].cues):
            listed.setdefault(cue, []).append(name)
    cues = {cue: tuple(names) for cue, names in sorted(listed.items())}
    digest = sha256("\0".join(contents).encode()).hexdigest()
    return Registry(
        scenarios=scenarios,
        version=f"scenarios-{digest[:12]}",
        phrases={cue: names for cue, names in cues.items() if not count_cjk(cue)},
        chinese={cue: names for cue, names in cues.items() if count_cjk(cue)},
    )
