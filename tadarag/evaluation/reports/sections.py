"""What a report says, section by section; how it looks is the business of Markdown and HTML."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tadarag.evaluation.bootstrap import Interval
from tadarag.evaluation.reports.svg import bars, curve
from tadarag.evaluation.reports.tables import (
    Table,
    cost_table,
    failure_table,
    gap_table,
    measure_table,
    measure_words,
    type_table,
    worst_table,
)
from tadarag.evaluation.reports.words import say
from tadarag.evaluation.suite_results import OURS, SuitePart, SuiteRun, SystemValues, Values, blocks, summary


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A heading with what stands under it. plots: SVG, which Markdown leaves out. is_warning: it must not be overlooked."""

    title: str
    level: int = 2
    paragraphs: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()
    plots: tuple[str, ...] = ()
    is_warning: bool = False


def sections(run: SuiteRun, language: str) -> Iterator[Section]:
    """The sections of a report, in their order."""
    described = (run.description_zh if language == "zh" else "") or run.description
    yield Section(title=run.name, level=1, paragraphs=(described,) if described else ())
    if reasons := run.invalid():
        yield Section(title=say(language, "invalid"), paragraphs=reasons, is_warning=True)
    for name, systems in blocks(run).items():
        yield from _block(run, name, systems, language)
    if failures := failure_table(run, language):
        yield Section(title=say(language, "failed"), tables=(failures,))
    yield Section(
        title=say(language, "about"),
        paragraphs=(f"{say(language, 'suite')}: {run.suite}", *(f"{key}: {_told(value)}" for key, value in run.about.items())),
    )


def _block(run: SuiteRun, name: str, systems: Mapping[str, Mapping[str, Values]], language: str) -> Iterator[Section]:
    part = next((part for part in run.parts if part.name == name), None)
    n_questions = len(next(iter(next(iter(systems.values())).values()), ())) if systems else 0
    about = say(language, "questions", n=n_questions, passages=part.n_passages) if part else say(language, "pool_questions", n=n_questions)
    tables = [measure_table(systems, run.headline, language)]
    if gaps := gap_table(systems, run.headline, language):
        tables.append(gaps)
    yield Section(
        title=name,
        paragraphs=(about, *(part.notes if part else ()), say(language, "percent")),
        tables=tuple(tables),
        plots=tuple(_plots(run, systems, part, language)),
    )
    others = [
        measure for measure in dict.fromkeys(measure for values in systems.values() for measure in values) if measure not in run.headline
    ]
    if others:
        yield Section(title=say(language, "all_measures"), level=3, tables=(measure_table(systems, others, language),))
    if part:
        yield from _details(run, part, language)


def _details(run: SuiteRun, part: SuitePart, language: str) -> Iterator[Section]:
    main = run.headline[0]
    if costs := cost_table(part, language):
        yield Section(title=say(language, "costs"), level=3, tables=(costs,))
    if kinds := type_table(part, main, language):
        yield Section(title=say(language, "by_type", measure=measure_words(main)), level=3, tables=(kinds,))
    if worst := worst_table(part, main, language):
        yield Section(title=say(language, "worst"), level=3, tables=(worst,))
    if part.chance is not None:
        told = ", ".join(f"{system} {100 * value:.2f} %" for system, value in part.control.items())
        yield Section(title=say(language, "control", chance=f"{100 * part.chance:.2f} %"), level=3, paragraphs=(told,))


def _plots(run: SuiteRun, systems: Mapping[str, Mapping[str, Values]], part: SuitePart | None, language: str) -> Iterator[str]:
    for measure in run.headline[:2]:
        means: dict[str, Interval] = {}
        for name, values in systems.items():
            if (one := summary(values.get(measure, ()))) is not None:
                means[name] = one
        if means:
            yield bars(means, title=measure_words(measure), strong=OURS)
    for system in part.systems.values() if part else ():
        if system.curve:
            title = say(language, "curve")
            yield curve(system.curve, title=title, across=say(language, "wrong"), up=say(language, "right"), at=_own_point(system))


def _own_point(system: SystemValues) -> tuple[float, float] | None:
    """(wrong, right) refusals of the system as it is."""
    wrong, right = (summary(system.values.get(name, ())) for name in ("refused_answerable", "refused_unanswerable"))
    return (wrong.mean, right.mean) if wrong is not None and right is not None else None


def _told(value: object) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {inner}" for key, inner in value.items())
    return str(value)
