"""Commands that keep a base sound: verify, repair, vacuum, reindex, backup, export, import."""

from __future__ import annotations

import shutil
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from tadarag.base_json import report_json
from tadarag.cli.output import ExitCode, counted
from tadarag.cli.progress import progress_bar
from tadarag.cli.report_text import report_code, report_lines
from tadarag.cli.session import Session, finish, with_session, with_writing_session
from tadarag.cli.settings import FILE_NAME
from tadarag.errors import Refused, UsageError


class ExportFormat(StrEnum):
    """What `export` writes: jsonl can be imported again; graphml is for graph programs."""

    JSONL = "jsonl"
    GRAPHML = "graphml"


@with_session
def verify(
    session: Session,
    deep: Annotated[bool, typer.Option("--deep", help="Also derive everything again and compare (slow).")] = False,
) -> None:
    """Check that the knowledge base is intact.

    Exit status 1 when something is wrong; each finding says what to do.
    """
    with session.open(read_only=True) as base:
        findings = base.verify(deep=deep)
    document = [{"place": finding.place, "problem": finding.problem, "do": finding.do} for finding in findings]
    lines = [line for finding in findings for line in (f"{finding.place}: {finding.problem}", f"  do: {finding.do}")]
    session.output.result({"sound": not findings, "findings": document}, lines or ["the knowledge base is intact"])
    finish(ExitCode.FAILED if findings else ExitCode.DONE)


@with_writing_session
def repair(session: Session) -> None:
    """Mend what `verify` finds, as far as it can be derived again."""
    with session.open() as base:
        done = base.repair()
    session.output.result({"done": list(done)}, done or ["there was nothing to repair"])


@with_writing_session
def vacuum(session: Session) -> None:
    """Remove all traces of deleted documents and free their space."""
    with session.open() as base:
        freed = base.vacuum()
    session.output.result({"n_bytes_freed": freed}, [f"freed {freed / 1_000_000:.1f} MB"])


@with_writing_session
def reindex(
    session: Session,
    encoder: Annotated[str | None, typer.Option(metavar="NAME", help="The encoder from now on. Default: the base's own.")] = None,
    memory: Annotated[str | None, typer.Option(metavar="NAME", help="The memory builder from now on. Default: the base's own.")] = None,
) -> None:
    """Derive all indexes again, with another encoder if named.

    Documents, decisions and what a language model said of the documents stay as they are; `--memory` also changes the memory builder.
    """
    session = session.with_flag("encoder", encoder).with_flag("memory_builder", memory)
    with session.for_reading().open(to_reindex=True) as base, progress_bar(session.output) as progress:
        base.reindex(progress=progress)
        status = base.status()
    if encoder is not None:
        session.remember("encoder", encoder)
    if memory is not None:
        session.remember_builder(memory)
    name = session.encoder_name
    line = f"indexed {counted(status.n_passages, 'passage')} of {counted(status.n_documents, 'document')} with {name}"
    session.output.result(
        {"encoder": name, "fingerprint": status.encoder, "n_documents": status.n_documents, "n_passages": status.n_passages}, [line]
    )


@with_session
def backup(
    session: Session,
    target: Annotated[Path, typer.Argument(metavar="TARGET", help="Where to copy it; it must not exist yet.")],
) -> None:
    """Copy the knowledge base, even while it is written.

    The copy is a base like any other: tadarag --base works on it.
    """
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise Refused(f"{str(target)!r} exists already", "name a place that does not exist yet, or remove it first")
    with session.open(read_only=True) as base:
        made = base.backup(target)
    if (session.base / FILE_NAME).is_file():
        shutil.copyfile(session.base / FILE_NAME, made / FILE_NAME)
    session.output.result({"backup": str(made)}, [f"copied to {made}"])


@with_session
def export(
    session: Session,
    out: Annotated[Path, typer.Argument(metavar="OUT", help="The file to write.")],
    format: Annotated[ExportFormat, typer.Option("--format", help="jsonl can be imported again; graphml is a graph.")] = ExportFormat.JSONL,  # noqa: A002
    force: Annotated[bool, typer.Option("--force", help="Replace OUT if it exists.")] = False,
) -> None:
    """Write all contents to a file.

    The jsonl form is canonical: equal bases give equal bytes, whatever their history.
    """
    if out.exists() and out.stat().st_size and not force:
        raise Refused(f"{str(out)!r} exists already", "name another file, or add --force to replace it")
    if not out.absolute().parent.is_dir():
        raise UsageError(f"there is no folder {str(out.parent)!r}", "make it first, or name another one")
    with session.open(read_only=True) as base:
        base.export(out, format=format.value)
        n_documents = base.status().n_documents
    session.output.result(
        {"file": str(out), "format": format.value, "n_documents": n_documents}, [f"wrote {counted(n_documents, 'document')} to {out}"]
    )


@with_writing_session
def import_file(
    session: Session,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A file made by `tadarag export --format jsonl`.")],
) -> None:
    """Read a file that `export --format jsonl` wrote.

    The documents are added to the base, which is made if there is none.
    """
    if not file.is_file():
        raise UsageError(f"there is no file {str(file)!r}", "check the spelling, and the folder you are in")
    with session.for_reading().open(create=True) as base, progress_bar(session.output) as progress:
        report = base.import_(file, progress=progress)
    session.output.result(report_json(report), report_lines(report))
    finish(report_code(report))
