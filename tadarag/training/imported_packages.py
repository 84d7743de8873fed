"""Which packages a process has imported, with their versions."""

from __future__ import annotations

import sys
from functools import cache
from importlib.metadata import packages_distributions, version


def imported_packages() -> dict[str, str]:
    """Name -> version of each installed package of which this process has imported something, by name."""
    owners = _owners()
    imported = {module.partition(".")[0] for module in tuple(sys.modules)}
    return {package: version(package) for package in sorted({owner for module in imported for owner in owners.get(module, ())})}


@cache
def _owners() -> dict[str, tuple[str, ...]]:
    """Top-level module -> the packages that hold it."""
    return {module: tuple(packages) for module, packages in packages_distributions().items()}
