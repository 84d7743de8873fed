"""What streamlit runs at every click of the studio: the pages of apps/studio over the base that the settings name.

The script lies in a folder of its own, for streamlit puts its folder on the path, where neighbours would hide other packages.
"""

from __future__ import annotations

import importlib
import importlib.util
import json
import os
import sys
from pathlib import Path
from types import ModuleType

from tadarag.cli.output import Output
from tadarag.cli.session import Session
from tadarag.cli.settings import read_settings
from tadarag.content import content_folder
from tadarag.knowledge_base import KnowledgeBase

PACKAGE = "tadarag_studio"
"""The name under which the pages are loaded: their folder is content, and no package on the path."""


def load_pages() -> ModuleType:
    """The module `app` of apps/studio, loaded by its path."""
    if PACKAGE not in sys.modules:
        folder = content_folder("apps/studio")
        spec = importlib.util.spec_from_file_location(PACKAGE, folder / "__init__.py", submodule_search_locations=[str(folder)])
        assert spec is not None
        assert spec.loader is not None
        package = importlib.util.module_from_spec(spec)
        sys.modules[PACKAGE] = package
        spec.loader.exec_module(package)
    return importlib.import_module(f"{PACKAGE}.app")


def pipelines(own: Path) -> tuple[str, ...]:
    """The recipes of pipelines/answer, a person's own too; the usual one first."""
    folders = (own / "pipelines/answer", content_folder("pipelines/answer"))
    names = sorted({file.stem for folder in folders for file in folder.glob("*.yaml")})
    return tuple(sorted(names, key=lambda name: name != "default"))


def main(argument: str) -> None:
    """Draw the studio. argument: JSON of the documents' folder and the flags that `tadarag studio` was given."""
    place = json.loads(argument)
    documents = Path(place["documents"])
    flags = dict(place["flags"])
    settings = read_settings(flags=flags, environment=os.environ, documents=documents)
    session = Session(output=Output(quiet=True), settings=settings, flags=tuple(flags.items()), documents=documents)

    def open_base() -> KnowledgeBase:
        return session.open(create=True)

    load_pages().show(open_base, place=str(session.base), pipeline=settings.pipeline, pipelines=pipelines(session.base))
