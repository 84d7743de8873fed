"""The command that checks, without a base and without documents, whether tadarag can run here."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import platform
import re
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Annotated, Literal

import typer

import tadarag
from tadarag.cli.disk import file_system_type, unsafe_reason, write_ahead_log_works
from tadarag.cli.output import ExitCode, table
from tadarag.cli.session import Session, finish, with_session
from tadarag.content import content_folder
from tadarag.errors import ContentMissing, UsageError

_MODEL_FILES = Path(tadarag.__file__).parent / "models" / "files" / "encoder"
_FREE_BYTES = 500_000_000


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the doctor: what was looked at, how it is, and what to do unless it is ok."""

    subject: str
    state: Literal["ok", "warn", "fail"]
    found: str
    do: str = ""


@with_session
def doctor(
    session: Session,
    folder: Annotated[
        Path | None, typer.Argument(metavar="FOLDER", show_default=False, help="Where a base would lie. Default: this folder.")
    ] = None,
) -> None:
    """Check that this computer and this folder can run tadarag.

    Each line says ok, warn or fail, and what to do. Exit status 1 if one says fail.
    """
    if folder is not None and not folder.is_dir():
        raise UsageError(f"there is no folder {str(folder)!r}", "name the folder that holds your documents")
    session = session if folder is None else session.beside(folder)
    place = session.base.parent
    checks = [check for look in (_python, _packages, _cores, model_files, _content) for check in look()]
    checks += [*base_place(place)]
    lines = table([(check.state, check.subject, check.found) for check in checks])
    advice = {position: f"      do: {check.do}" for position, check in enumerate(checks) if check.do}
    shown = [text for position, line in enumerate(lines) for text in (line, advice.get(position, "")) if text]
    document = [{"subject": check.subject, "state": check.state, "found": check.found, "do": check.do} for check in checks]
    failed = any(check.state == "fail" for check in checks)
    session.output.result({"healthy": not failed, "checks": document}, shown)
    finish(ExitCode.FAILED if failed else ExitCode.DONE)


def _python() -> Iterator[Check]:
    yield Check("python", "ok", f"{platform.python_version()} on {platform.system()} {platform.machine()}")
    # 3.35 brought RETURNING and the fixes of window functions that the store relies on
    is_new = sqlite3.sqlite_version_info >= (3, 35)
    yield Check(
        "sqlite", "ok" if is_new else "fail", sqlite3.sqlite_version, "" if is_new else "install a Python built with SQLite 3.35 or later"
    )


def _packages() -> Iterator[Check]:
    try:
        wanted = metadata.requires("tadarag") or []
        version = metadata.version("tadarag")
    except metadata.PackageNotFoundError:
        yield Check("packages", "warn", "tadarag runs from a folder and is not installed", "pip install tadarag")
        return
    core = [re.split(r"[^A-Za-z0-9._-]", line)[0] for line in wanted if "extra ==" not in line]
    missing = [name for name in core if _version_of(name) is None]
    if missing:
        yield Check("packages", "fail", f"missing: {', '.join(missing)}", f"pip install {' '.join(missing)}")
    else:
        yield Check("packages", "ok", f"tadarag {version}, onnxruntime {_version_of('onnxruntime')}, numpy {_version_of('numpy')}")
    has_extra = importlib.util.find_spec("unstructured") is not None
    yield Check(
        "extra formats",
        "ok",
        "PPTX, XLSX, EPUB … can be read" if has_extra else "not installed (PPTX, XLSX, EPUB …: pip install 'tadarag[parse]')",
    )


def _version_of(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def _cores() -> Iterator[Check]:
    count = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    yield Check("cores", "ok", f"{count}: one encoder session each")


def model_files(folder: Path = _MODEL_FILES) -> Iterator[Check]:
    """Whether the encoder's files are those that its card names; a corrupted one is named by its hash."""
    card = folder / "encoder.json"
    again = "reinstall tadarag: pip install --force-reinstall tadarag"
    if not card.is_file():
        yield Check("encoder", "fail", f"{card.name} is missing", again)
        return
    described = json.loads(card.read_text(encoding="utf-8"))
    for name, expected in described["files"].items():
        file = folder / name
        if not file.is_file():
            yield Check("encoder", "fail", f"{name} is missing", again)
            continue
        with file.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
        if digest != expected["sha256"]:
            yield Check("encoder", "fail", f"{name} is corrupted: sha256 {digest[:16]}…, not {expected['sha256'][:16]}…", again)
        else:
            yield Check("encoder", "ok", f"{name} {digest[:16]}…")


def _content() -> Iterator[Check]:
    for name in ("templates", "pipelines/answer", "data/samples"):
        try:
            content_folder(name)
        except ContentMissing as error:
            yield Check("content", "fail", error.happened, error.do)
            return
    yield Check("content", "ok", "templates, recipes and samples are there")


def base_place(place: Path, works: Callable[[Path], bool] = write_ahead_log_works) -> Iterator[Check]:
    """Whether a base can lie there; `works` tells whether SQLite's log does."""
    subject = "base folder"
    if not place.is_dir() or not os.access(place, os.W_OK):
        yield Check(
            subject, "warn", f"{place} cannot be written", "`ask` keeps a base in your cache folder; or choose another with --base DIR"
        )
        return
    try:
        is_working = works(place)
    except OSError as error:
        yield Check(subject, "fail", f"{place}: {error.strerror}", "free space or choose another place with --base DIR")
        return
    if not is_working:
        yield Check(subject, "fail", f"SQLite's write-ahead log does not work in {place}", "choose a local folder with --base DIR")
        return
    reason = unsafe_reason(place)
    if reason:
        yield Check(subject, "warn", f"{place}: {reason}", "keep the base on a local disk: --base DIR or TADARAG_BASE")
    else:
        kind = file_system_type(place)
        yield Check(subject, "ok", f"{place} can be written" + (f" ({kind})" if kind else ""))
    free = shutil.disk_usage(place).free
    is_enough = free >= _FREE_BYTES
    yield Check(
        "disk space",
        "ok" if is_enough else "warn",
        f"{free / 1e9:.1f} GB free",
        "" if is_enough else "free some space before a large ingest",
    )
