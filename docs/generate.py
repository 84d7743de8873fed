"""Rewrite what stands between "generated" markers in README.md and docs/: figures, error classes, registries, public names.

    python docs/generate.py            rewrite
    python docs/generate.py --check    say which page is stale, and fail

A page says `<!-- generated: NAME -->` … `<!-- end of generated -->`; NAME is a key of PARTS. docs/cli.md has its own generator, which knows
the commands: python -m tadarag.cli.reference.
"""

from __future__ import annotations

import json
import math
import re
import sys
import tomllib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import tadarag
from tadarag import errors
from tadarag.cli.main import exit_code
from tadarag.evaluation.measures import LOWER_IS_BETTER
from tadarag.evaluation.suite_run import HEADLINES
from tadarag.evaluation.suites import load_suite

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "eval" / "results"
_PART = re.compile(r"(<!-- generated: (?P<name>[\w-]+) -->\n).*?(<!-- end of generated -->)", re.DOTALL)
_PRIMARY = "recall@5"
_RETRIEVAL, _MEMORIES = ("retrieval", "suite"), ("segmentation", "chunking")

Run = dict[str, Any]


def published_runs() -> list[Run]:
    """All published runs, by name."""
    return [json.loads(file.read_text(encoding="utf-8")) for file in sorted(RESULTS.glob("*.json"))]


def retrieval_table() -> str:
    """recall@5 of every system on every set of the published retrieval runs, in percent, with 95 % intervals; the best of a row is bold."""
    runs = [run for run in published_runs() if run["request"]["kind"] in _RETRIEVAL]
    return "\n\n".join("\n".join(_retrieval_lines(run)) for run in runs) or "No retrieval run has been published yet."


def _retrieval_lines(run: Run) -> Iterator[str]:
    rows = _by_system([run], _PRIMARY)
    systems = _systems(rows)
    titles = "" if run["request"]["titles"] else ", titles removed"
    yield f"Recall@5 in percent{titles} (`tadarag eval verify {run['name']}` measures it again):\n"
    yield "| questions | " + " | ".join(systems) + " |"
    yield "|---|" + "---|" * len(systems)
    for corpus, row in sorted(rows.items(), key=lambda item: (item[0].startswith("pool"), item[0])):
        best = max(figure["value"] for figure in row.values())
        yield f"| {corpus} | " + " | ".join(_cell(row.get(system), best) for system in systems) + " |"


def _by_system(runs: Sequence[Run], measure: str, *, without: Sequence[str] = ()) -> dict[str, dict[str, Run]]:
    """By set or pool and by system the figures of one measure; differences of systems are left out."""
    rows: dict[str, dict[str, Run]] = {}
    for run in runs:
        for name, figure in run["figures"].items():
            part, system, of = name.split("/")
            if of == measure and " minus " not in system and system not in without:
                rows.setdefault(part, {})[system] = figure
    return rows


def _systems(rows: dict[str, dict[str, Run]]) -> list[str]:
    """All systems of some rows, tadarag first."""
    return sorted({system for row in rows.values() for system in row}, key=lambda system: (system != "tadarag", system))


def _cell(figure: Run | None, best: float) -> str:
    if figure is None:
        return ""
    low, high = figure["interval"]
    value = f"{100 * figure['value']:.1f}"
    return f"{f'**{value}**' if figure['value'] == best else value} [{100 * low:.1f}, {100 * high:.1f}]"


def answers_table() -> str:
    """Every figure of the published runs of answers, in percent, with 95 % intervals."""
    runs = [run for run in published_runs() if run["request"]["kind"] == "answers"]
    return "\n\n".join("\n".join(_answer_lines(run)) for run in runs) or "No run of answers has been published yet."


def _answer_lines(run: Run) -> Iterator[str]:
    corpora = ", ".join(run["data_sha256"])
    yield f"Answers on {corpora}, recipe `{run['request']['pipeline']}` (`tadarag eval verify {run['name']}` measures it again):\n"
    yield "| measure | percent | 95 % interval |\n|---|---|---|"
    for name, figure in run["figures"].items():
        low, high = figure["interval"]
        yield f"| {_measure(name)} | {100 * figure['value']:.1f} | {100 * low:.1f} to {100 * high:.1f} |"


def memories_tables() -> str:
    """Every measure of every system of the published runs of segmentation and chunking, in percent, with 95 % intervals."""
    runs = [run for run in published_runs() if run["request"]["kind"] in _MEMORIES]
    return "\n\n".join("\n".join(_memories_lines(run)) for run in runs) or "No run of segmentation or chunking has been published yet."


def _memories_lines(run: Run) -> Iterator[str]:
    rows: dict[str, dict[str, Run]] = {}
    for name, figure in run["figures"].items():
        _, system, measure = name.split("/")
        if " minus " not in system:
            rows.setdefault(system, {})[measure] = figure
    measures = sorted({measure for row in rows.values() for measure in row})
    yield f"{run['request']['kind'].capitalize()} on {', '.join(run['data_sha256'])} (`tadarag eval verify {run['name']}` measures it again):\n"
    yield "| system | " + " | ".join(measure.replace("_", " ") for measure in measures) + " |"
    yield "|---|" + "---|" * len(measures)
    for system, row in sorted(rows.items(), key=lambda item: (item[0] != "mom", item[0])):
        yield f"| {system} | " + " | ".join(_cell(row.get(measure), math.nan) for measure in measures) + " |"


def extraction_table() -> str:
    """F1 of entities and relations of the published runs of extraction, a row for each run, in percent, with 95 % intervals."""
    runs = [run for run in published_runs() if run["request"]["kind"] == "extraction"]
    if not runs:
        return "No run of extraction has been published yet."
    lines = [
        "Extraction, strict F1 in percent (`tadarag eval verify NAME` measures it again):\n",
        "| texts | extractor | entities | relations | relations, gold entities | NAME |",
        "|---|---|---|---|---|---|",
    ]
    for run in runs:
        cells = [_cell(run["figures"].get(f"{what}/f1"), math.nan) for what in ("entities", "relations", "relations_gold_entities")]
        lines.append(f"| {', '.join(run['data_sha256'])} | {run['request']['extractor']} | {' | '.join(cells)} | {run['name']} |")
    return "\n".join(lines)


def graph_worth_table() -> str:
    """Recall@5 with the links of each extractor, a row for each published run of `tadarag eval graph`, and what the small extractor adds."""
    runs = [run for run in published_runs() if run["request"]["kind"] == "graph"]
    names = sorted({name.split("/")[-2] for run in runs for name in run["figures"] if " minus " not in name})
    lines = [
        "Recall@5 in percent by whose links are followed (`tadarag eval verify NAME` measures it again):\n",
        f"| questions | {' | '.join(names)} | small minus the others | NAME |",
        f"|---|{'---|' * len(names)}---|---|",
    ]
    for run in runs:
        measures = {
            name.removesuffix("/recall@5").split("/")[-1]: one for name, one in run["figures"].items() if name.endswith("/recall@5")
        }
        cells = [_cell(measures.get(name), math.nan) for name in names]
        minus = [f"{other.removeprefix('small minus ')} {_difference(one)}" for other, one in measures.items() if " minus " in other]
        lines.append(f"| {', '.join(run['data_sha256'])} | {' | '.join(cells)} | {'; '.join(minus)} | {run['name']} |")
    return "\n".join(lines)


def link_worth_table() -> str:
    """How much Recall@5 is lost without each kind of link and layer, and with it permuted, by the trees and by S: a table a published run."""
    runs = [run for run in published_runs() if run["request"]["kind"] == "links"]
    return "\n\n".join("\n".join(_link_worth_lines(run)) for run in runs) or "No run of `tadarag eval links` has been published yet."


def _link_worth_lines(run: Run) -> Iterator[str]:
    found = {name: one for name, one in run["figures"].items() if name.endswith("/recall@5")}
    set_name = next(iter(run["data_sha256"]))
    shown = {system: label for system, label in _LINKED_SYSTEMS.items() if f"{set_name}/{system}, all/recall@5" in found}
    whole = ", ".join(f"{label} {_cell(found[f'{set_name}/{system}, all/recall@5'], math.nan)}" for system, label in shown.items())
    half = f", half {run['request']['half']}" if run["request"]["half"] else ""
    yield f"{set_name}{half}: Recall@5 {whole}. Points lost (`tadarag eval verify {run['name']}` measures it again):\n"
    columns = [(system, *form) for system in shown for form in _LINKED_FORMS]
    yield "| part | " + " | ".join(f"{shown[system]}, {label}" for system, label, _ in columns) + " |"
    yield "|---|" + "---|" * len(columns)
    for part in _LINKED_PARTS:
        cells = [found.get(f"{set_name}/{system}, all minus {variant.format(part)}/recall@5") for system, _, variant in columns]
        yield f"| {part} | " + " | ".join(_difference(cell) if cell else "" for cell in cells) + " |"


_LINKED_FORMS = (("without it", "without {}"), ("permuted", "{} permuted"))
_LINKED_SYSTEMS = {"tadarag": "trees", "tadarag-S": "S"}
_LINKED_PARTS = ("any link", "names", "title-link", "part-link", "mention-link", "residual", "title", "outline", "core")


def _difference(figure: Run) -> str:
    low, high = figure["interval"]
    return f"{100 * figure['value']:+.1f} [{100 * low:+.1f}, {100 * high:+.1f}]"


def router_table() -> str:
    """Macro-F1, accuracy and calibration error of the published runs of the router."""
    runs = [run for run in published_runs() if run["request"]["kind"] == "router"]
    if not runs:
        return "No run of the router has been published yet."
    lines = [
        "Routing of questions, in percent (`tadarag eval verify NAME` measures it again):\n",
        "| questions | what | macro-F1 | accuracy | calibration error | NAME |",
        "|---|---|---|---|---|---|",
    ]
    for run in runs:
        for what in ("domain", "task"):
            if f"{what}/macro_f1" in run["figures"]:
                cells = [_cell(run["figures"][f"{what}/{measure}"], math.nan) for measure in ("macro_f1", "accuracy", "ece")]
                lines.append(f"| {', '.join(run['data_sha256'])} | {what} | {' | '.join(cells)} | {run['name']} |")
    return "\n".join(lines)


HEADLINE_RUNS = ("multihop-b", "single-hop", "news")
HEADLINE_ANSWERS = "answers-b"
HEADLINE_WITHOUT = ("tadarag-S", "raptor", "llama-index")
"""Systems that are left out for want of room; `docs/evaluation.md` has them."""


def suite_tables() -> str:
    """The two measures that a suite puts first, a row a set or pool, a column a system, of every published run of `tadarag eval run`."""
    runs = [run for run in published_runs() if run["request"]["kind"] == "run"]
    return "\n\n".join("\n".join(_suite_lines(run, measure)) for run in runs for measure in _first_measures(run))


def _first_measures(run: Run) -> tuple[str, ...]:
    suite = load_suite(run["request"]["suite"])
    return (suite.headline or HEADLINES[suite.task])[:2]


def _suite_lines(run: Run, measure: str) -> Iterator[str]:
    rows = _by_system([run], measure)
    systems = _systems(rows)
    told = f"{_measure(measure).capitalize()} in percent, suite `{run['request']['suite']}`, {run['date']}"
    yield f"{told} (`tadarag eval verify {run['name']}` measures it again):\n"
    yield "| questions | " + " | ".join(systems) + " |"
    yield "|---|" + "---|" * len(systems)
    for part, row in sorted(rows.items(), key=lambda item: (item[0].startswith("pool"), item[0])):
        values = [figure["value"] for figure in row.values()]
        best = math.nan if len(systems) == 1 else min(values) if measure in LOWER_IS_BETTER else max(values)
        yield f"| {part} | " + " | ".join(_cell(row.get(system), best) for system in systems) + " |"


def figures() -> str:
    """Suites, retrieval, answers, memories, routing, then extraction."""
    parts = (suite_tables(), retrieval_table(), answers_table(), memories_tables(), router_table(), extraction_table())
    return "\n\n".join(part for part in parts if part)


def headline() -> str:
    """For the README: Recall@5 of several suites side by side, F1 of answers, and one line on answers to the sample questions."""
    runs = {run["name"]: run for run in published_runs()}
    parts = ["\n".join(_headline_lines([runs[name] for name in HEADLINE_RUNS if name in runs]))]
    parts += ["\n".join(_suite_lines(runs[HEADLINE_ANSWERS], "f1"))] if HEADLINE_ANSWERS in runs else []
    answers = next((run for run in runs.values() if run["request"]["kind"] == "answers" and "samples" in run["data_sha256"]), None)
    if answers:
        values = [f"{_measure(name)} {100 * figure['value']:.1f}" for name, figure in answers["figures"].items()]
        parts.append(f"Answers to the sample questions without a language model, in percent: {', '.join(values)}.")
    return "\n\n".join(parts)


def _headline_lines(runs: Sequence[Run]) -> Iterator[str]:
    rows = _by_system(runs, _PRIMARY, without=HEADLINE_WITHOUT)
    systems = _systems(rows)
    again = ", ".join(f"`tadarag eval verify {run['name']}`" for run in runs)
    yield f"Recall@5 in percent ({again} measure it again; an empty cell was not measured):\n"
    yield "| questions | " + " | ".join(systems) + " |"
    yield "|---|" + "---|" * len(systems)
    for part, row in rows.items():
        best = max(figure["value"] for figure in row.values())
        yield f"| {part} | " + " | ".join(_cell(row.get(system), best) for system in systems) + " |"


def _measure(name: str) -> str:
    return name.rpartition("/")[2].replace("_", " ")


def error_table() -> str:
    """Every class of tadarag/errors.py with its parent, its exit status and its meaning."""
    classes = [value for value in vars(errors).values() if isinstance(value, type) and issubclass(value, errors.TadaragError)]
    lines = ["| error | is a kind of | exit status | meaning |", "|---|---|---|---|"]
    for error in classes:
        parent = error.__bases__[0].__name__
        lines.append(f"| `{error.__name__}` | `{parent}` | {int(exit_code(error('', '')))} | {str(error.__doc__).strip()} |")
    return "\n".join(lines)


def registry_table() -> str:
    """Entry-point groups of pyproject.toml and the names that ship in each."""
    groups = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["entry-points"]
    lines = ["| group | names that ship |", "|---|---|"]
    lines += [f"| `{group}` | {', '.join(f'`{name}`' for name in sorted(names))} |" for group, names in sorted(groups.items())]
    return "\n".join(lines)


def public_names() -> str:
    """The names of tadarag.__all__ with the first line of what each says about itself."""
    lines = ["| name | what it is |", "|---|---|"]
    for name in tadarag.__all__:
        lines.append(f"| `{name}` | {str(getattr(tadarag, name).__doc__).strip().splitlines()[0]} |")
    return "\n".join(lines)


def reference() -> str:
    """For mkdocstrings: the public names of tadarag, errors after values, each once; the base first."""
    ordered = sorted(tadarag.__all__, key=lambda name: (name != "KnowledgeBase", _is_error(name), name))
    return "\n".join(f"\n::: tadarag.{name}" for name in ordered) + "\n"


def _is_error(name: str) -> bool:
    return issubclass(getattr(tadarag, name), errors.TadaragError)


def decisions() -> str:
    """The decisions by number, as links."""
    lines = ["| | decision |", "|---|---|"]
    for page in sorted((ROOT / "docs" / "decisions").glob("*.md")):
        number, title = re.match(r"# (\d+):? (.+)", page.read_text(encoding="utf-8")).groups()
        lines.append(f"| {number} | [{title}](decisions/{page.name}) |")
    return "\n".join(lines)


def extras_table() -> str:
    """The extras of pyproject.toml and the packages that each brings."""
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    lines = ["| extra | brings |", "|---|---|"]
    lines += [
        f"| `{extra}` | {', '.join(re.split(r'[<>=]', line)[0] for line in packages)} |" for extra, packages in sorted(extras.items())
    ]
    return "\n".join(lines)


def alias_figures() -> str:
    """Pairwise figures of how names are joined, from the published run of the benchmark."""
    run = json.loads((RESULTS / "benchmarks" / "aliases.json").read_text(encoding="utf-8"))["figures"]
    rows = {
        "sample corpus, as ingested": run["samples"],
        "Re-DocRED dev, names inside a document": run["redocred"]["names_inside_a_document"],
        "BC5CDR dev, across abstracts": run["bc5cdr"],
        "Fodors-Zagats dev, restaurants by name": run["magellan_fodors-zagats"],
        "iTunes-Amazon dev, songs by name": run["magellan_itunes-amazon"],
        "Beer dev, by name": run["magellan_beer"],
        "Amazon-Google dev, products by name": run["magellan_amazon-google"],
    }
    lines = ["| | precision | recall | F1 | homonym pairs apart |", "| --- | --- | --- | --- | --- |"]
    for name, row in rows.items():
        apart = f"{row['homonym_accuracy']:.1%} of {row['n_homonym_pairs']}" if row.get("n_homonym_pairs") else ""
        lines.append(f"| {name} | {row['precision']:.1%} | {row['recall']:.1%} | {row['f1']:.1%} | {apart} |")
    largest, gap = run["hotpotqa_largest"], run["gap"]
    lines += [
        "",
        f"GAP dev: of {gap['n']} texts that name two persons, {gap['persons_kept_apart']:.1%} keep them apart. "
        f"{largest['n_pages']:,} pages of hotpotqa: the largest thing ({largest['largest']}) holds {largest['largest_share']:.2%} of all entities, "
        f"no thing has more than {largest['most_names']} full names; the view takes {largest['view_seconds']:.1f} s of CPU.",
    ]
    return "\n".join(lines)


def adaptation_table() -> str:
    """What 200 labelled records of a domain that was never trained on give, from the published run of the benchmark."""
    run = _benchmark("adaptation")
    if not run:
        return "No run has been published yet."
    columns = {"before": "zero_shot", "a tagger from the same records alone": "tagger", "adapted": "adapted"}
    lines = [f"| F1 in percent, 95 % interval | {' | '.join(columns)} | gain | over the tagger |", "|---" * (len(columns) + 3) + "|"]
    for name in sorted(one for one in run if "adapted_minus" in run[one]):
        cells = [
            _percent(run[name][system]["entities"]["f1"], *run[name][system]["entities"]["f1_interval"]) for system in columns.values()
        ]
        gains = [
            _percent(*(run[name]["adapted_minus"][other][key] for key in ("mean", "low", "high"))) for other in ("zero_shot", "tagger")
        ]
        lines.append(f"| {name}, {run[name]['n_texts']} texts | {' | '.join([*cells, *gains])} |")
    minutes = {name: row["seconds"] / 60 for name, row in run["trained"].items() if name.endswith("_adapted")}
    return "\n".join([*lines, "", f"Adapting took {' and '.join(f'{one:.0f}' for one in minutes.values())} minutes of one thread."])


def reproducibility_table() -> str:
    """Whether two runs of a profile of each recipe gave the same, from the published run of the benchmark."""
    found = _benchmark("reproducibility")
    lines = ["| recipe | stages | files | with another hash | seconds of each run |", "|---|---|---|---|---|"]
    for name, row in found.items():
        seconds = " and ".join(f"{one:.0f}" for one in row["seconds"])
        lines.append(f"| {name} | {row['stages']} | {row['files']} | {', '.join(row['different']) or 'none'} | {seconds} |")
    return "\n".join(lines)


def _benchmark(name: str) -> Run:
    """The figures of a published benchmark, none where it has not been run."""
    file = RESULTS / "benchmarks" / f"{name}.json"
    figures: Run = json.loads(file.read_text(encoding="utf-8"))["figures"] if file.exists() else {}
    return figures


def _percent(value: float, low: float, high: float) -> str:
    return f"{100 * value:.1f} [{100 * low:.1f}, {100 * high:.1f}]"


def query_latency_table() -> str:
    """What a question takes in every way of asking it, from the published run of the benchmark."""
    run = json.loads((RESULTS / "benchmarks" / "query-latency.json").read_text(encoding="utf-8"))
    row, machine = run["figures"], run["machine"]
    lines = [
        f"{row['questions']} questions of {row['set']} over {row['passages']:,} passages, {machine['cores']} cores ({machine['processor']}):",
        "",
        "| found by | half within, ms | 95 % within, ms | times cosines alone |",
        "|---|---|---|---|",
    ]
    ways = [(name, figures) for name, figures in row.items() if isinstance(figures, dict)]
    lines += [f"| {name} | {one['p50']:.0f} | {one['p95']:.0f} | {one['times the baseline']:.1f} |" for name, one in ways]
    return "\n".join(lines)


def server_load() -> str:
    """What searches of many clients take while documents come in, from the published run of the benchmark."""
    run = json.loads((RESULTS / "benchmarks" / "server-load.json").read_text(encoding="utf-8"))
    row, machine = run["figures"], run["machine"]
    return (
        f"{row['clients']} clients at once, {row['searches']:,} searches while an ingest runs on the same {machine['cores']} cores "
        f"({machine['processor']}; {row['documents']} documents, {row['passages']:,} passages): {row['errors']} errors, "
        f"{row['searches_per_second']:.1f} searches a second, half of them within {row['p50_ms'] / 1000:.1f} s and 95 % within "
        f"{row['p95_ms'] / 1000:.1f} s. Measured by `{run['command']}`."
    )


PARTS: dict[str, Callable[[], str]] = {
    "headline": headline,
    "figures": figures,
    "adaptation": adaptation_table,
    "aliases": alias_figures,
    "extraction": extraction_table,
    "server-load": server_load,
    "query-latency": query_latency_table,
    "errors": error_table,
    "registries": registry_table,
    "public-names": public_names,
    "reference": reference,
    "reproducibility": reproducibility_table,
    "decisions": decisions,
    "extras": extras_table,
    "graph-worth": graph_worth_table,
    "link-worth": link_worth_table,
}


def regenerated(page: str) -> str:
    """The page with its generated parts as they should be now. Raises KeyError for a part that nobody makes."""
    return _PART.sub(lambda found: f"{found[1]}{PARTS[found['name']]()}\n{found[3]}", page)


def pages() -> list[Path]:
    """The pages that may have generated parts."""
    return [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


def main(arguments: list[str]) -> int:
    """Rewrite the pages, or with --check name the stale ones."""
    stale = [page for page in pages() if page.read_text(encoding="utf-8") != regenerated(page.read_text(encoding="utf-8"))]
    for page in stale:
        if "--check" in arguments:
            print(f"{page.relative_to(ROOT)} is stale: make docs")
        else:
            page.write_text(regenerated(page.read_text(encoding="utf-8")), encoding="utf-8")
            print(f"{page.relative_to(ROOT)} rewritten")
    return 1 if stale and "--check" in arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
