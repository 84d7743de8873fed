"""Loads implementations by name from entry points, the only plug-in mechanism."""

from __future__ import annotations

from importlib.metadata import entry_points
from typing import Any

from tadarag.errors import PluginError


def load_plugin(group: str, name: str) -> Any:
    """Load the implementation that `name` stands for in an entry-point group such as "tadarag.encoders". Raises PluginError."""
    installed = entry_points(group=group)
    matches = [entry for entry in installed if entry.name == name]
    if len(matches) != 1:
        problem = "is not installed" if not matches else f"is claimed by {len(matches)} packages"
        raise PluginError(f"{group}: {name!r} {problem}", f"choose one of: {', '.join(sorted(installed.names))}")
    return matches[0].load()
