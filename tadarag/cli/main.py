"""The entry point: finds the command, runs it, and turns every ending into an exit status and clear lines."""

from __future__ import annotations

import importlib
import json
import sys
import traceback
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from tadarag.answer_json import with_schema
from tadarag.cli.catalogue import COMMANDS
from tadarag.cli.output import ExitCode, PipeClosed, printable, silence_closed_pipe, use_utf8
from tadarag.errors import BaseBusy, Refused, TadaragError, UsageError
from tadarag.nearest import nearest

_EPILOG = 'Start with: tadarag ask FOLDER "question". Help for one command: tadarag COMMAND --help.'


def run() -> None:
    """The console script `tadarag`."""
    use_utf8()
    sys.exit(main(sys.argv[1:]))


def main(arguments: Sequence[str]) -> int:
    """Run one command line and return its exit status; results are on stdout, errors on stderr (JSON where `--json` was given)."""
    options = arguments[: arguments.index("--")] if "--" in arguments else arguments
    as_json, verbose = "--json" in options, "--verbose" in options
    try:
        status = typer.main.get_command(app).main(args=list(arguments) or ["--help"], prog_name="tadarag", standalone_mode=False)
    except PipeClosed:
        silence_closed_pipe()
        return ExitCode.DONE
    except TadaragError as error:
        return _report(type(error).__name__, error.happened, error.do, exit_code(error), as_json=as_json, verbose=verbose)
    except typer.TyperException as error:
        happened, do = _usage_lines(error)
        return _report("UsageError", happened, do, ExitCode.USAGE, as_json=as_json, verbose=False)
    except (KeyboardInterrupt, typer.Abort):
        status = ExitCode.INTERRUPTED
    except OSError as error:
        happened = f"{error.strerror or error}: {error.filename}" if error.filename else str(error.strerror or error)
        do = "check that the place exists, that you may use it, and that the disk has space"
        return _report("OSError", happened, do, ExitCode.FAILED, as_json=as_json, verbose=verbose)
    except Exception as error:  # noqa: BLE001 (the command line's door: the reason is reported, whatever it is)
        happened = f"tadarag failed unexpectedly: {type(error).__name__}: {error}"
        do = "your documents are untouched; run it again with --verbose for the details, and please report them"
        return _report("Unexpected", happened, do, ExitCode.FAILED, as_json=as_json, verbose=verbose)
    code = int(status) if isinstance(status, int) else ExitCode.DONE
    if code == ExitCode.INTERRUPTED:
        sys.stderr.write("interrupted; what was done is kept, and the same command goes on from here\n")
    return code


class _Commands(TyperGroup):
    """Lists commands from the table and imports one only when it runs, so that `--help` stays fast."""

    def list_commands(self, ctx: Any) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        return load_command(cmd_name) if cmd_name in COMMANDS else None

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        name = args[0]
        if name in COMMANDS or name.startswith("-"):
            return super().resolve_command(ctx, args)
        if Path(name).exists():
            raise UsageError(f"{name!r} is not a command", f'to ask about it: tadarag ask {name} "question"')
        raise UsageError(f"there is no command {name!r}", nearest(name, COMMANDS))

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        for group, entries in groupby(COMMANDS.items(), key=lambda item: item[1].group):
            with formatter.section(group):
                formatter.write_dl([(name, entry.help) for name, entry in entries])

    def shell_complete(self, ctx: Any, incomplete: str) -> Any:
        from typer._click.shell_completion import CompletionItem  # typer has no public name for it

        found = [CompletionItem(name, help=entry.help) for name, entry in COMMANDS.items() if name.startswith(incomplete)]
        return found or super().shell_complete(ctx, incomplete)


def load_command(name: str) -> Any:
    """The command object of that name, made from the function or the typer app that the table names."""
    entry = COMMANDS[name]
    target = getattr(importlib.import_module(f"tadarag.cli.{entry.module}"), entry.name)
    if isinstance(target, typer.Typer):
        target.info.name = name
        return typer.main.get_command(target)
    single = typer.Typer(add_completion=False, rich_markup_mode=None)
    single.command(name)(target)
    return typer.main.get_command(single)


app = typer.Typer(cls=_Commands, rich_markup_mode=None, pretty_exceptions_enable=False, epilog=_EPILOG)


def _print_version(value: bool) -> None:
    if value:
        from importlib.metadata import version

        sys.stdout.write(f"tadarag {version('tadarag')}\n")
        raise typer.Exit


@app.callback(no_args_is_help=True)
def tadarag(
    version: Annotated[
        bool, typer.Option("--version", is_eager=True, callback=_print_version, help="Print the version and leave.")
    ] = False,
) -> None:
    """Answers from your own documents, with citations that can be checked; offline."""


def exit_code(error: TadaragError) -> ExitCode:
    """The exit status that an error stands for."""
    if isinstance(error, UsageError):
        return ExitCode.USAGE
    return ExitCode.REFUSED if isinstance(error, Refused | BaseBusy) else ExitCode.FAILED


def _usage_lines(error: typer.TyperException) -> tuple[str, str]:
    context = getattr(error, "ctx", None)
    command = context.command_path if context is not None else "tadarag"
    return error.format_message().rstrip("."), f"see: {command} --help"


def _report(kind: str, happened: str, do: str, code: ExitCode, *, as_json: bool, verbose: bool) -> int:
    """Write what happened and what to do; called while the exception is at hand, so that --verbose can show where it arose."""
    if as_json:
        error = {"kind": kind, "happened": happened, "do": do, "exit_status": int(code)}
        sys.stderr.write(json.dumps(with_schema({"error": error}), ensure_ascii=False) + "\n")
    else:
        sys.stderr.write(f"error: {printable(happened)}\n  do:  {printable(do)}\n")
    if verbose:
        traceback.print_exc()
    return int(code)
