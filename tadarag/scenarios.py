"""A base's own scenarios: YAML files in its folder `scenarios`, read before the shipped ones."""

from __future__ import annotations

from pathlib import Path

from mom.scenarios import BadScenario, scenario_names
from tadarag.errors import UsageError

FOLDER = "scenarios"


def own_scenarios(folder: Path) -> tuple[Path, ...]:
    """The folders of a base's own scenarios, checked; none where the shipped ones are all there are. Raises UsageError with file and line."""
    own = (folder / FOLDER,) if any((folder / FOLDER).glob("*.yaml")) else ()
    try:
        scenario_names(own)
    except BadScenario as error:
        happened, _, do = str(error).partition("\n")
        raise UsageError(f"{FOLDER}/{happened}", do) from error
    return own


def copy_own_scenarios(folder: Path, target: Path) -> None:
    """Copy a folder's own scenario files, if it has any, into another's."""
    for file in sorted((folder / FOLDER).glob("*.yaml")):
        (target / FOLDER).mkdir(parents=True, exist_ok=True)
        (target / FOLDER / file.name).write_bytes(file.read_bytes())
