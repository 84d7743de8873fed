"""A person who waits for a recipe sees its stages: how long each has taken, about how long it will take, and what it says of itself."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tadarag.cli.output import Output, one_line
from tadarag.cli.train_text import estimate_lines, span

if TYPE_CHECKING:
    from tadarag.training.recipe_run import StageProgress
    from tadarag.training.run_plan import RunPlan

_NOTE_SECONDS = 30.0


def noted_plan(output: Output) -> Callable[[RunPlan], None]:
    """Tells the person who waits, before anything is performed, what will be and about how long it takes."""

    def note(plan: RunPlan) -> None:
        for line in estimate_lines(plan):
            output.note(line)

    return note


@contextmanager
def shown_stages(output: Output) -> Iterator[Callable[[StageProgress], None]]:
    """A moving line for each stage on a terminal; elsewhere a line at its start and end, and now and then between."""
    if not output.shows_progress:
        yield _noted(output)
        return
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(finished_text="·"), TextColumn("{task.description}", markup=False), TimeElapsedColumn())
    with Progress(*columns, TextColumn("{task.fields[message]}", markup=False), console=Console(stderr=True)) as lines:
        tasks: dict[str, TaskID] = {}
        begun: dict[str, float] = {}

        def show(state: StageProgress) -> None:
            if state.stage not in tasks:
                tasks[state.stage] = lines.add_task(_title(state), total=None, message="")
                begun[state.stage] = time.monotonic()
            elapsed = time.monotonic() - begun[state.stage]
            message = "" if state.is_done else ", ".join(part for part in (one_line(state.message), _left(state, elapsed)) if part)
            lines.update(tasks[state.stage], message=message)
            if state.is_done:
                lines.update(tasks[state.stage], total=1, completed=1)

        yield show


def _noted(output: Output) -> Callable[[StageProgress], None]:
    begun: dict[str, float] = {}
    noted: dict[str, float] = {}

    def note(state: StageProgress) -> None:
        now = time.monotonic()
        if state.stage not in begun:
            begun[state.stage] = noted[state.stage] = now
            expected = f", about {span(60 * state.minutes)} of one CPU" if state.minutes else ""
            output.note(f"{_title(state)}: {state.why}{expected}")
        elif state.is_done:
            output.note(f"{state.stage}: done, {span(now - begun[state.stage])}")
        elif now - noted[state.stage] >= _NOTE_SECONDS:
            noted[state.stage] = now
            elapsed = now - begun[state.stage]
            parts = (one_line(state.message), span(elapsed), _left(state, elapsed))
            output.note(f"{state.stage}: {', '.join(part for part in parts if part)}")

    return note


def _title(state: StageProgress) -> str:
    return f"{state.stage} ({state.place} of {state.n_stages})"


def _left(state: StageProgress, elapsed: float) -> str:
    """What the recipe's own guess leaves; nothing once that is used up."""
    left = 60 * state.minutes - elapsed
    return f"about {span(left)} left" if left > 0 else ""
