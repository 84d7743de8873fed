"""Commands that change which documents a base holds: init, ingest, delete, retry."""

from __future__ import annotations

import glob
import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tadarag.base_json import estimate_json, report_json
from tadarag.cli.output import ExitCode, one_line
from tadarag.cli.progress import Interrupt, progress_bar, stop_on_interrupt
from tadarag.cli.report_text import changes, estimate_lines, report_code, report_lines
from tadarag.cli.session import Session, finish, with_writing_session
from tadarag.errors import UsageError

if TYPE_CHECKING:
    from tadarag.budget import Budget
    from tadarag.knowledge_base import KnowledgeBase

_GLOB = frozenset("*?[")


@with_writing_session
def init(
    session: Session,
    folder: Annotated[Path | None, typer.Argument(metavar="FOLDER", show_default=False, help="Where. Default: this folder.")] = None,
    encoder: Annotated[str | None, typer.Option(metavar="NAME", help="Encoder of the base; it is fixed from now on.")] = None,
    memory: Annotated[
        str | None, typer.Option(metavar="NAME", help="Memory builder, fixed as well: structural, mem-reader or mem-reader:FOLDER.")
    ] = None,
) -> None:
    """Make an empty knowledge base.

    Asking and ingesting make a base by themselves; `init` is for choosing encoder and memory builder first. On an existing base it
    changes nothing.
    """
    if folder is not None and not folder.is_dir():
        raise UsageError(f"there is no folder {str(folder)!r}", "make it first, or name another one")
    session = (session if folder is None else session.beside(folder)).with_flag("encoder", encoder).with_flag("memory_builder", memory)
    existed = session.has_base
    with session.open(create=True) as base:
        status = base.status()
        with_what = f"encoder {session.encoder_name}, memory builder {session.builder_name}"
        line = f"{'there is already' if existed else 'made'} a knowledge base in {base.path} ({with_what})"
        made = {
            "base": str(base.path),
            "created": not existed,
            "encoder": session.encoder_name,
            "memory_builder": session.builder_name,
            "format": status.format,
        }
        session.output.result(made, [line])


@with_writing_session
def ingest(
    session: Session,
    paths: Annotated[
        list[str] | None,
        typer.Argument(metavar="PATH", show_default=False, help="Files, folders or globs; - reads a list of paths from stdin."),
    ] = None,
    sync: Annotated[Path | None, typer.Option(metavar="DIR", help="Make the base mirror DIR: what left DIR leaves the base.")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="With --sync: also when DIR is empty or much would be removed.")] = False,
    tier: Annotated[str | None, typer.Option(metavar="NAME", help="Extractor: rules, small, llm, auto; present documents too.")] = None,
    budget: Annotated[
        str | None, typer.Option(metavar="AMOUNT", help='Most to spend on models: "0.50" or "200k tokens"; then a cheaper tier reads.')
    ] = None,
    estimate: Annotated[bool, typer.Option("--estimate", help="Only say what it would take: tokens, money, seconds.")] = False,
    watch: Annotated[bool, typer.Option("--watch", help="Go on looking for changes until Ctrl-C.")] = False,
    every: Annotated[float, typer.Option(metavar="SECONDS", min=0.1, help="With --watch: how often to look.")] = 2.0,
) -> None:
    """Read documents into the knowledge base.

    What is already there and unchanged is skipped, so that an interrupted ingest goes on where it stopped. A document that cannot be
    read is quarantined with the reason (exit status 3); the rest goes on. With --tier, documents that another tier has read are read again.
    """
    if (sync is None) == (not paths):
        problem = "there is nothing to ingest" if sync is None else "--sync takes one folder and no other paths"
        raise UsageError(problem, "name files or folders: tadarag ingest PATH, or mirror one folder: tadarag ingest --sync DIR")
    chosen = [sync] if sync is not None else expand_paths(paths or [])
    allowed = _budget(budget)
    if estimate:
        with session.for_reading().open(create=True) as base:
            found = base.estimate(*chosen, tier=tier or "")
        session.output.result(estimate_json(found), estimate_lines(found))
        return
    how = _How(paths=chosen, sync=sync is not None, yes=yes, tier=tier or "", budget=allowed)
    with session.for_reading().open(create=True) as base, stop_on_interrupt(session.output) as interrupt:
        code = _ingest_once(session, base, how, interrupt, quiet_if_unchanged=False)
        while watch and not interrupt():
            _pause(every, interrupt)
            code = _ingest_once(session, base, how, interrupt, quiet_if_unchanged=True)
        if watch:
            code = ExitCode.INTERRUPTED
    finish(code)


@with_writing_session
def delete(
    session: Session,
    sources: Annotated[list[str], typer.Argument(metavar="SOURCE", help="Names as `tadarag list` shows them.")],
) -> None:
    """Delete documents from the knowledge base (never the files).

    They are no longer found from now on; `tadarag vacuum` removes their last traces from the disk.
    """
    with session.open() as base:
        deleted = base.delete(*sources)
    names = [str(source) for source in deleted]
    session.output.result({"deleted": names}, [*(f"deleted {one_line(name)}" for name in names)])


@with_writing_session
def retry(session: Session) -> None:
    """Read quarantined documents again.

    `tadarag status` names them with the reasons.
    """
    with session.for_reading().open() as base, stop_on_interrupt(session.output), progress_bar(session.output) as progress:
        report = base.retry(progress=progress)
    session.output.result(report_json(report), report_lines(report))
    finish(report_code(report))


def expand_paths(paths: Sequence[str]) -> list[Path]:
    """Files and folders that the arguments stand for: globs are expanded, "-" is a list on stdin. Raises UsageError for what is not there."""
    named: list[str] = []
    for path in paths:
        named.extend(_listed_on_stdin() if path == "-" else [path])
    chosen: list[Path] = []
    for name in named:
        if Path(name).exists():
            chosen.append(Path(name))
            continue
        found = sorted(glob.glob(name, recursive=True)) if _GLOB & set(name) else []
        if not found:
            raise UsageError(f"there is no file or folder {name!r}", "check the spelling, and the folder you are in")
        chosen.extend(Path(match) for match in found)
    return chosen


def _budget(text: str | None) -> Budget | None:
    from tadarag.budget import parse_budget  # what it prices is not needed to print help

    return None if text is None else parse_budget(text)


def _pause(seconds: float, interrupt: Interrupt) -> None:
    deadline = time.monotonic() + seconds
    while not interrupt() and time.monotonic() < deadline:  # a sleep goes on after a signal that was handled
        time.sleep(min(0.1, seconds))


def _listed_on_stdin() -> Iterable[str]:
    text = sys.stdin.read()
    separator = "\0" if "\0" in text else "\n"  # NUL for `find -print0`, because names may hold line ends
    return [name for name in (line.rstrip("\r") for line in text.split(separator)) if name]


@dataclass(frozen=True, slots=True, kw_only=True)
class _How:
    """What is ingested, and how."""

    paths: Sequence[Path]
    sync: bool
    yes: bool
    tier: str
    budget: Budget | None


def _ingest_once(session: Session, base: KnowledgeBase, how: _How, interrupt: Interrupt, *, quiet_if_unchanged: bool) -> ExitCode:
    with progress_bar(session.output) as progress:
        report = base.ingest(*how.paths, sync=how.sync, yes=how.yes, progress=progress, stop=interrupt, tier=how.tier, budget=how.budget)
    if session.output.as_json and quiet_if_unchanged and changes(report):
        session.output.json_line(report_json(report))  # one line each time, so that a reader can follow
    elif not quiet_if_unchanged or changes(report):
        session.output.result(report_json(report), report_lines(report))
    return report_code(report)
