"""A person who waits sees how far an ingest is; Ctrl-C ends it after the document at hand."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import FrameType
from typing import TYPE_CHECKING

from tadarag.cli.output import Output, one_line

if TYPE_CHECKING:
    from tadarag.reports import IngestProgress

_STAGES = {"scanning": "looking", "reading": "reading", "writing": "reading", "indexing": "indexing"}


@dataclass(slots=True)
class Interrupt:
    """Set by the first Ctrl-C; the second one stops at once (what was acknowledged is safe either way)."""

    asked: bool = field(default=False)

    def __call__(self) -> bool:
        return self.asked


@contextmanager
def stop_on_interrupt(output: Output) -> Iterator[Interrupt]:
    """While open, Ctrl-C and SIGTERM ask for a stop instead of raising."""
    interrupt = Interrupt()

    def ask(number: int, frame: FrameType | None) -> None:
        if interrupt.asked:
            raise KeyboardInterrupt
        interrupt.asked = True
        output.note("\nstopping after the document at hand (Ctrl-C again stops at once)")

    before = {number: signal.signal(number, ask) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield interrupt
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def progress_bar(output: Output) -> Iterator[Callable[[IngestProgress], None] | None]:
    """A bar with the time left, on a terminal; None elsewhere."""
    if not output.shows_progress:
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(bar_width=24), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, TextColumn("{task.fields[source]}", markup=False), console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("looking", total=None, source="")

        def show(progress: IngestProgress) -> None:
            bar.update(
                task,
                description=_STAGES[progress.stage],
                completed=progress.n_done,
                total=progress.n_total or None,
                source=one_line(progress.source)[-40:],
            )

        yield show


@contextmanager
def rows_bar(output: Output, what: str) -> Iterator[Callable[[int, int], None] | None]:
    """A bar for work that is counted in rows, done and in all, with the time left, on a terminal; None elsewhere."""
    if not output.shows_progress:
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(bar_width=24), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=None)
        yield lambda n_done, n_total: bar.update(task, completed=n_done, total=n_total)
