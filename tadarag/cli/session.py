"""What every command is given: its settings, its output, and the way to its knowledge base."""

from __future__ import annotations

import inspect
import logging
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Concatenate, ParamSpec

import typer

from tadarag.cli.model import language_model
from tadarag.cli.output import ExitCode, Output
from tadarag.cli.plugins import load_encoder
from tadarag.cli.settings import FILE_NAME, Settings, read_settings, with_setting
from tadarag.errors import BaseMissing
from tadarag.roots import DATABASE, base_folder

if TYPE_CHECKING:
    from tadarag.knowledge_base import KnowledgeBase

P = ParamSpec("P")
SHIPPED_BUILDER = "structural"

BaseOption = Annotated[Path | None, typer.Option("--base", metavar="DIR", help="The knowledge base. Default: .tadarag in this folder.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Write the result as JSON.")]
QuietOption = Annotated[bool, typer.Option("--quiet", help="Write nothing but the result and errors.")]
VerboseOption = Annotated[bool, typer.Option("--verbose", help="Say more on stderr; show tracebacks.")]
LogFileOption = Annotated[Path | None, typer.Option("--log-file", metavar="FILE", help="Append a detailed log to FILE.")]
WaitOption = Annotated[float, typer.Option("--wait", metavar="SECONDS", min=0.0, help="Wait for another writer of the base.")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One run of one command. `documents` is the folder beside which the base lies unless a setting names another."""

    output: Output
    settings: Settings
    flags: tuple[tuple[str, str | int | None], ...]
    documents: Path
    wait_seconds: float = 0.0

    def beside(self, documents: Path) -> Session:
        """The same run for other documents: their base's own settings are read."""
        return _session(self.output, self.flags, documents, self.wait_seconds)

    def with_flag(self, name: str, value: str | int | None) -> Session:
        """The same run with one more flag, which wins over files and variables; None changes nothing."""
        return self if value is None else _session(self.output, (*self.flags, (name, value)), self.documents, self.wait_seconds)

    def for_reading(self) -> Session:
        """The same run without the budget of a question: what reading documents may spend, `ingest --budget` says."""
        return self.with_flag("budget_tokens", 0) if self.settings.budget_tokens else self

    @property
    def place(self) -> Path:
        """What `KnowledgeBase.open` is given: the folder of the base, or the one that holds it."""
        return self.settings.base or self.documents

    @property
    def encoder_name(self) -> str:
        """The encoder that this run uses, by name."""
        return self.settings.encoder or "shipped"

    @property
    def builder_name(self) -> str:
        """The memory builder that this run uses, by name."""
        return self.settings.memory_builder or SHIPPED_BUILDER

    @property
    def base(self) -> Path:
        """The `.tadarag` folder that this run works on."""
        return base_folder(self.place)

    @property
    def has_base(self) -> bool:
        """Whether there is a base; a folder `.tadarag` that holds only a person's templates or recipes is none yet."""
        return (self.base / DATABASE).is_file()

    def open(self, *, create: bool = False, read_only: bool = False, to_reindex: bool = False) -> KnowledgeBase:
        """Open the base. Raises BaseMissing with the commands that make one, and whatever `KnowledgeBase.open` raises."""
        if not create and not self.has_base:
            raise BaseMissing(
                f"there is no knowledge base in {self.place}",
                'make one with: tadarag ingest PATH, or ask at once with: tadarag ask PATH "question"',
            )
        from tadarag.knowledge_base import KnowledgeBase  # numpy and SQLite are not needed to print help
        from tadarag.memory_builders import make_builder

        is_new = not self.has_base
        model = language_model(self.settings)
        is_shipped = self.builder_name == SHIPPED_BUILDER
        encoder = None if is_shipped and not self.settings.encoder else load_encoder(self.encoder_name)
        base = KnowledgeBase.open(
            self.place,
            create=create,
            read_only=read_only,
            to_reindex=to_reindex,
            encoder=encoder,
            builder=None if is_shipped or encoder is None else make_builder(self.builder_name, encoder, model),
            tier=self.settings.tier,
            language_model=model,
            wait_seconds=self.wait_seconds,
            workers=self.settings.workers or None,
        )
        if is_new and self.settings.encoder:
            self.remember("encoder", self.settings.encoder)
        if is_new and self.settings.memory_builder:
            self.remember_builder(self.settings.memory_builder)
        return base

    def remember(self, key: str, value: str) -> None:
        """Write a setting into the base's own file, so that later commands find what the base was made with."""
        file = self.base / FILE_NAME
        text = file.read_text(encoding="utf-8") if file.is_file() else ""
        file.write_text(with_setting(text, key, value), encoding="utf-8")

    def remember_builder(self, name: str) -> None:
        """Write the memory builder's name into the base's own file, and which model it asks: that is part of what the base is."""
        self.remember("memory_builder", name)
        for key in ("model.name", "model.url"):
            value = getattr(self.settings, key.replace(".", "_"))
            if name != SHIPPED_BUILDER and value and self.settings.origins.get(key.replace(".", "_")) != str(self.base / FILE_NAME):
                self.remember(key, value)


def with_session(command: Callable[Concatenate[Session, P], None]) -> Callable[..., None]:
    """Give a reading command its session, and the options that every command has."""
    return _command(command, writes=False)


def with_writing_session(command: Callable[Concatenate[Session, P], None]) -> Callable[..., None]:
    """Give a command that changes the base its session, and `--wait` besides the options that every command has."""
    return _command(command, writes=True)


def finish(code: ExitCode) -> None:
    """End the command with this status (0 ends it as usual)."""
    if code is not ExitCode.DONE:
        raise typer.Exit(int(code))


_SHARED = {"base": BaseOption, "as_json": JsonOption, "quiet": QuietOption, "verbose": VerboseOption, "log_file": LogFileOption}
_SHARED_DEFAULTS: dict[str, object] = {"base": None, "as_json": False, "quiet": False, "verbose": False, "log_file": None, "wait": 0.0}


def _command(command: Callable[..., None], *, writes: bool) -> Callable[..., None]:
    """A function whose signature is the command's own, without the session, followed by the shared options; typer reads the signature."""
    shared: dict[str, Any] = {**_SHARED, **({"wait": WaitOption} if writes else {})}
    own = list(inspect.signature(command, eval_str=True).parameters.values())[1:]
    extra = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=_SHARED_DEFAULTS[name], annotation=annotation)
        for name, annotation in shared.items()
    ]

    def run(**given: Any) -> None:
        options = {name: given.pop(name) for name in shared}
        output = Output(as_json=options["as_json"], quiet=options["quiet"], verbose=options["verbose"])
        _configure_logging(verbose=output.verbose, log_file=options["log_file"])
        base = options["base"]
        flags = (("base", None if base is None else str(base)),)
        command(_session(output, flags, Path.cwd(), options.get("wait", 0.0)), **given)

    keyword = [parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY) for parameter in own]
    signature = inspect.Signature([*keyword, *extra], return_annotation=None)
    run.__dict__["__signature__"] = signature
    run.__annotations__ = {parameter.name: parameter.annotation for parameter in signature.parameters.values()}
    run.__name__, run.__doc__ = command.__name__, command.__doc__
    return run


def _session(output: Output, flags: tuple[tuple[str, str | int | None], ...], documents: Path, wait_seconds: float) -> Session:
    settings = read_settings(flags=dict(flags), environment=os.environ, documents=documents)
    return Session(output=output, settings=settings, flags=flags, documents=documents, wait_seconds=wait_seconds)


def _configure_logging(*, verbose: bool, log_file: Path | None) -> None:
    """The library adds no handlers; the command line adds one for stderr and one for the log file."""
    logger = logging.getLogger("tadarag")
    for handler in [*logger.handlers]:
        logger.removeHandler(handler)
        handler.close()
    logger.setLevel(logging.DEBUG if log_file else logging.INFO if verbose else logging.WARNING)
    stream = logging.StreamHandler(sys.stderr)
    stream.setLevel(logging.INFO if verbose else logging.WARNING)
    stream.setFormatter(logging.Formatter("%(levelname)s %(name)s: %(message)s"))
    logger.addHandler(stream)
    if log_file is not None:
        log_file.parent.mkdir(parents=True, exist_ok=True)
        file = logging.FileHandler(log_file, encoding="utf-8")
        file.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
        logger.addHandler(file)
