"""The card of a run in Markdown, from its manifest: what was made, from what, under which licences, how, and what it is worth."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tadarag.errors import TrainingError
from tadarag.training.figures import figures_of
from tadarag.training.licences import why_not_shipped
from tadarag.training.manifest import Manifest
from tadarag.training.recipes import Recipe
from tadarag.training.run_check import verify_run
from tadarag.training.run_comparison import manifest_in, recipe_of
from tadarag.training.run_logs import StageSpikes, spike_logs, step_logs, thinned
from tadarag.training.shipping import verdict
from tadarag.training.spikes.diagnosis import diagnose
from tadarag.training.spikes.events import counts
from tadarag.training.spikes.plot import loss_plot

FILE_NAME = "MODEL_CARD.md"
MOST_FIGURES = 40
_NOT_IN_NAMES = re.compile(r"[^\w.-]+")
_MOST_CURVES, _MOST_IN_LIST = 8, 8


@dataclass(frozen=True, slots=True)
class Card:
    """A card and the pictures that it shows: file name -> SVG, to be laid beside it."""

    text: str
    pictures: Mapping[str, str]


def run_card(folder: Path) -> Card:
    """The card of a run. Raises UsageError where there is none, TrainingError when it is not whole or not as its manifest says."""
    manifest = manifest_in(folder)
    mismatches = verify_run(folder).mismatches
    if mismatches:
        raise TrainingError(
            f"a card would state what is not so: {mismatches[0].path} {mismatches[0].happened}",
            "see all with: tadarag train verify; then run the recipe again",
        )
    recipe = recipe_of(manifest)
    absent = [stage.name for stage in recipe.stages if stage.name not in manifest.stages]
    if absent:
        raise TrainingError(f"the run is not whole: stage {absent[0]!r} is not made yet", "finish it first: tadarag train run")
    pictures = dict(_pictures(folder, manifest))
    parameters = json.dumps({name: record.parameters for name, record in manifest.stages.items()}, indent=1, ensure_ascii=False)
    sections = (
        f"# {recipe.name}\n\n{recipe.description}",
        _verdict(recipe),
        _table(("", ""), _about(manifest)),
        _section(
            "Data", _table(("data", "licence", "may ship", "use", "files", "bytes", "sha256 of all", "made by"), _data(recipe, manifest))
        ),
        _section("Stages", _table(("stage", "function", "device", "seconds", "peak MiB", "sha256 of all"), _stages(manifest))),
        _section("Parameters", f"```json\n{parameters}\n```"),
        _section("Files", _table(("file", "bytes", "records", "sha256"), _files(manifest))),
        _section("Figures", "\n\n".join(_figures(folder, manifest))),
        _section("Curves", "\n\n".join(f"![{name.removesuffix('.svg')}]({name})" for name in pictures)),
        _section("Spike monitor", _spikes(spike_logs(folder))),
        _section("Packages", _packages(manifest)),
        _section("Recipe", f"```yaml\n{recipe.text.rstrip()}\n```"),
    )
    return Card("\n\n".join(section for section in sections if section) + "\n", pictures)


def _verdict(recipe: Recipe) -> str:
    said = verdict(recipe)
    return f"> **{said[0].upper()}{said[1:]}.**"


def _about(manifest: Manifest) -> Iterator[tuple[str, ...]]:
    records = manifest.stages.values()
    yield "licence", manifest.licence
    if manifest.profile:
        yield "profile", manifest.profile
    yield "recipe", f"`{manifest.recipe}`, sha256 {manifest.recipe_sha256}"
    yield "seed", ", ".join(sorted({str(record.seed) for record in records}))
    yield "code", ", ".join(sorted({record.code for record in records}))
    for machine in dict.fromkeys(json.dumps(record.machine, sort_keys=True) for record in records):
        yield "machine", ", ".join(f"{key} {value}" for key, value in json.loads(machine).items())
    yield "seconds", f"{sum(record.seconds for record in records):,.1f} in all"


def _data(recipe: Recipe, manifest: Manifest) -> Iterator[tuple[str, ...]]:
    learnt = {name for stage in recipe.stages for name in stage.inputs if name not in stage.measured}
    for name, record in manifest.data.items():
        parent = record.parent
        yield (
            name,
            record.licence or "none stated",
            why_not_shipped(record.licence) or "yes",
            "learnt from" if name in learnt else "only measured on",
            str(len(record.files)),
            f"{sum(file.bytes for file in record.files):,}",
            record.digest,
            f"stage {parent.stage} of {parent.recipe} ({parent.digest[:12]}…)" if parent else "",
        )


def _stages(manifest: Manifest) -> Iterator[tuple[str, ...]]:
    for name, record in manifest.stages.items():
        yield name, f"`{record.run}`", record.device, f"{record.seconds:,.1f}", f"{record.peak_bytes / 2**20:,.0f}", record.digest


def _files(manifest: Manifest) -> Iterator[tuple[str, ...]]:
    for name, record in manifest.stages.items():
        for file in record.files:
            yield f"{name}/{file.path}", f"{file.bytes:,}", str(record.records.get(file.path, "")), file.sha256


def _figures(folder: Path, manifest: Manifest) -> Iterator[str]:
    """A table for each .json artefact that holds numbers; long lists of them are no figures."""
    for name, record in manifest.stages.items():
        for file in record.files:
            found = _without_long_lists(figures_of(folder / name / file.path)) if file.path.endswith(".json") else {}
            if found:
                rows = [(path, f"{value:.6g}") for path, value in list(found.items())[:MOST_FIGURES]]
                more = f"\n\nand {len(found) - len(rows)} more" if len(found) > len(rows) else ""
                yield _table((f"{name}/{file.path}", ""), rows) + more


def _without_long_lists(figures: Mapping[str, float]) -> dict[str, float]:
    in_lists = Counter(path.rpartition(".")[0] for path in figures if path.rpartition(".")[2].isdecimal())
    return {
        path: value
        for path, value in figures.items()
        if not path.rpartition(".")[2].isdecimal() or in_lists[path.rpartition(".")[0]] <= _MOST_IN_LIST
    }


def _pictures(folder: Path, manifest: Manifest) -> Iterator[tuple[str, str]]:
    for stage, curves in step_logs(folder):
        for name, points in list(curves.items())[:_MOST_CURVES] if stage.partition("/")[0] in manifest.stages else ():
            shown = thinned(points)
            width = round(len(points) / len(shown))
            title = f"{stage}: {name}" + (f" (means of {width} steps)" if width > 1 else "")
            yield f"{Path(FILE_NAME).stem}-{_NOT_IN_NAMES.sub('-', f'{stage}-{name}')}.svg", loss_plot(shown, title=title)


def _spikes(logs: Sequence[StageSpikes]) -> str:
    rows = []
    for one in logs:
        found = counts(one.log.events)
        causes = "; ".join(f"steps {spike.first} to {spike.last}: {spike.cause}, {spike.reason}" for spike in diagnose(one.log))
        rows.append((one.name, str(one.log.settings.get("guard", "")), *(str(count) for count in found.values()), causes))
    return _table(("stage", "guard", "decays", "warnings", "alarms", "spikes", "likely causes"), rows) if rows else ""


def _packages(manifest: Manifest) -> str:
    packages = {f"{name} {version}" for record in manifest.stages.values() for name, version in record.packages.items()}
    return ", ".join(sorted(packages, key=str.lower))


def _section(title: str, body: str) -> str:
    return f"## {title}\n\n{body}" if body else ""


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = ["| " + " | ".join(" ".join(cell.split()).replace("|", "\\|") for cell in row) + " |" for row in rows]
    return "\n".join(["| " + " | ".join(head) + " |", "|" + "---|" * len(head), *lines]) if lines else ""
