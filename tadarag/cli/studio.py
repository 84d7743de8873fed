"""`tadarag studio`: the studio of apps/studio in the browser, on this computer only."""

from __future__ import annotations

import importlib
import importlib.util
import json
import os
import socket
import threading
import time
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from tadarag.cli.places import place_for
from tadarag.cli.session import Session, with_session
from tadarag.content import content_folder
from tadarag.errors import PluginError, UsageError

APP = "apps/studio"
PORT = 8501


@with_session
def studio(
    session: Session,
    path: Annotated[
        Path | None,
        typer.Argument(metavar="[PATH]", show_default=False, help="The folder whose knowledge base it shows. Default: this folder."),
    ] = None,
    port: Annotated[int, typer.Option("--port", metavar="N", min=1, max=65535, help="Where it listens, on this computer only.")] = PORT,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Say the address, and open no browser.")] = False,
) -> None:
    """Open the studio in the browser.

    It has pages for documents, questions, memories, the graph, two ways of answering side by side, and measuring answers.

    It listens on this computer only. Files that are added there are kept in `uploads` beside the base. Ctrl-C ends it.
    """
    if importlib.util.find_spec("streamlit") is None:
        raise PluginError("the studio needs streamlit, which is not installed", 'install it: pip install "tadarag[app]"')
    if path is not None:
        if not path.is_dir():
            raise UsageError(f"{path} is not a folder", "name the folder whose documents it is to show")
        session, _ = place_for(session, path)
    if _is_taken(port):
        raise UsageError(f"port {port} is in use on this computer, perhaps by another studio", f"choose another: --port {port + 1}")
    session.output.note(f"studio of {session.place.absolute()}: http://127.0.0.1:{port} (Ctrl-C ends it)")
    if status := start(session, port=port, opens_browser=not no_browser):
        raise typer.Exit(status)


def start(session: Session, *, port: int, opens_browser: bool) -> int:
    """Run streamlit in this process until it is interrupted; returns its exit status."""
    from streamlit.web import cli

    threading.Thread(target=_load_when_served, args=(port,), daemon=True).start()
    script = Path(__file__).parent / "studio_page" / "script.py"
    place = json.dumps({"documents": str(session.documents.absolute()), "flags": dict(session.flags)})
    options = [*theme_options(content_folder(APP)), f"--server.port={port}"]
    if opens_browser and not os.environ.get("CI"):
        options.append("--server.headless=false")
    return int(cli.main(["run", str(script), *options, "--", place], standalone_mode=False) or 0)


def theme_options(folder: Path) -> list[str]:
    """The options by which streamlit runs and looks as theme.toml says."""
    settings = tomllib.loads((folder / "theme.toml").read_text(encoding="utf-8"))
    return [option for name, value in _flattened(settings) for option in _options(name, value)]


def _load_when_served(port: int) -> None:
    """Import what the pages need as soon as the server listens: before, it would hold the server up; now the browser loads meanwhile."""
    while not _is_taken(port):
        time.sleep(0.05)
    importlib.import_module("tadarag.knowledge_base")


def _is_taken(port: int) -> bool:
    with socket.socket() as one:
        return one.connect_ex(("127.0.0.1", port)) == 0


def _flattened(settings: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in settings.items():
        name = f"{prefix}{key}"
        if isinstance(value, dict):
            yield from _flattened(value, f"{name}.")
        else:
            yield name, value


def _options(name: str, value: Any) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [f"--{name}={str(one).lower() if isinstance(one, bool) else one}" for one in values]
