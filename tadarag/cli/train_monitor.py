"""The command `train monitor`: what the spike monitor saw while stages trained."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tadarag.cli.output import counted, table
from tadarag.cli.session import Session, with_session
from tadarag.cli.train_options import RunArgument, run_folder

if TYPE_CHECKING:
    from tadarag.training.run_logs import StageSpikes
    from tadarag.training.spikes.events import TensorSummary


@with_session
def monitor(
    session: Session,
    run: RunArgument,
    top: Annotated[int, typer.Option("--top", metavar="N", min=1, help="How many tensors and how many events of a stage to show.")] = 10,
    plot: Annotated[
        Path | None,
        typer.Option("--plot", metavar="FILE", help="Draw loss, margin and decay as SVG; of several stages, each in a file of its own."),
    ] = None,
) -> None:
    """Show what the spike monitor saw in the stages of a run, also while they train.

    Events: `decay`, a tensor's second moment falls by itself; `warning` and `alarm`, the step comes near or passes the stability limit;
    `spike`, the loss stands far out. The top tensors are those whose second moment has decayed longest. --json holds all of them.
    """
    from tadarag.training.run_logs import is_run, spike_logs
    from tadarag.training.spikes.plot import spike_plot

    folder = run_folder(session, run, is_run)
    logs = spike_logs(folder)
    pictures: dict[str, Path] = {}
    if plot is not None and logs:
        plot.parent.mkdir(parents=True, exist_ok=True)
        for one in logs:
            pictures[one.name] = plot if len(logs) == 1 else plot.with_stem(f"{plot.stem}-{one.name.replace('/', '-')}")
            pictures[one.name].write_text(spike_plot(one.log, one.losses, title=one.name), encoding="utf-8")
    document = {"run": str(folder), "stages": [_document(one, pictures.get(one.name)) for one in logs]}
    session.output.result(document, _lines(logs, pictures, top) if logs else _empty(folder))


def _document(one: StageSpikes, picture: Path | None) -> dict[str, Any]:
    from tadarag.training.spikes.diagnosis import diagnose
    from tadarag.training.spikes.events import counts

    return {
        "name": one.name,
        "is_finished": one.is_finished,
        "settings": dict(one.log.settings),
        "counts": counts(one.log.events),
        "events": [{**asdict(event), "value": _json_number(event.value)} for event in one.log.events],
        "spikes": [asdict(spike) for spike in diagnose(one.log)],
        "tensors": [asdict(tensor) for tensor in _by_decay(one.log.tensors)],
        "plot": None if picture is None else str(picture),
    }


def _lines(logs: Sequence[StageSpikes], pictures: dict[str, Path], top: int) -> Iterator[str]:
    from tadarag.training.spikes.diagnosis import diagnose
    from tadarag.training.spikes.events import counts

    for place, one in enumerate(logs):
        if place:
            yield ""
        events = one.log.events
        found = ", ".join(counted(count, kind) for kind, count in counts(events).items() if count)
        state = "" if one.is_finished else " (not finished)"
        yield f"{one.name}{state}: {found or 'no event'}; guard {one.log.settings['guard']}, beta2 {one.log.settings['beta2']}"
        if events:
            rows = [
                (str(event.step), event.kind, event.tensor or "loss", f"{event.value:.4g}", f"{event.limit:g}") for event in events[:top]
            ]
            yield from table([("step", "event", "where", "value", "limit"), *rows])
            if len(events) > top:
                yield f"and {counted(len(events) - top, 'event')} more: --top {len(events)}"
        for spike in diagnose(one.log):
            yield f"spike of steps {spike.first} to {spike.last}: {spike.cause}, {spike.reason}"
        for rollback in one.log.settings.get("rollbacks", ()):
            yield f"at step {rollback['step']} the run went back to the weights of step {rollback['to']}"
        tensors = _by_decay(one.log.tensors)[:top]
        if tensors:
            head = ("tensor", "steps decaying", "longest", "last kappa")
            yield from table([head, *((tensor.name, str(tensor.n_decaying), str(tensor.longest), _kappa(tensor)) for tensor in tensors)])
        if one.name in pictures:
            yield f"drawn: {pictures[one.name]}"


def _empty(folder: Path) -> Iterator[str]:
    yield f"no stage of {folder} has a log of the spike monitor (spikes.jsonl)"
    yield "stages that fit a network with torch write one when they are done; run the recipe again with --again STAGE if it is an older run"


def _by_decay(tensors: Sequence[TensorSummary]) -> list[TensorSummary]:
    """Those that decayed longest first; equal ones by name."""
    return sorted(tensors, key=lambda tensor: (-tensor.n_decaying, -tensor.longest, tensor.name))


def _kappa(tensor: TensorSummary) -> str:
    return "-" if tensor.kappa is None else f"{tensor.kappa:.3f}"


def _json_number(value: float) -> float | str:
    return value if abs(value) < float("inf") else str(value)
