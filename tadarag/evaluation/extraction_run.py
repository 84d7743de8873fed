"""Runs an extractor over annotated texts and judges its names and facts: strict, by boundaries, and given the gold names."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from mom.sentences import split_sentences
from tadarag.evaluation.extraction_data import GoldText, windows
from tadarag.evaluation.indexing import Progress
from tadarag.evaluation.measures.typed_spans import Counts, f1_figures
from tadarag.extraction.extractor import Extractor, PairExtractor, Unit
from tadarag.findings import Findings, FoundFact, FoundName
from tadarag.templates.template import Template
from tadarag.values import Chunk, Document, Span

WINDOW_TOKENS, DOCUMENT_TOKENS = 256, 448
"""Longest window that an extractor is given, and that of a text with coreference, whose facts join sentences far apart; training reads the same."""

_Place = tuple[int, int, str]
_Thing = int | _Place
"""A gold cluster by its number, or a found name that is no gold mention by its place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedText:
    """What was right in one text.

    by_type: names by their type. relations: strict (both spans, both types, the relation); boundaries: without the types; given: relations
    between the gold names, None where the extractor cannot be asked so. n_grounded: found names that stand in the text, of `names.n_found`.
    """

    names: Counts
    by_type: dict[str, Counts]
    relations: Counts
    boundaries: Counts
    given: Counts | None
    n_grounded: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtractionRun:
    """The judged texts of a run, in order, and the seconds that extraction took (of all threads together)."""

    texts: tuple[JudgedText, ...]
    seconds: float


def run_extraction(
    texts: Sequence[GoldText],
    extractor: Extractor,
    count_tokens: Callable[[str], int],
    *,
    workers: int = 2,
    progress: Progress = lambda stage, done, total: None,
) -> ExtractionRun:
    """Read each text, cut at sentence ends into windows, with the set's own types as the template.

    An extractor that reads no single chunks (the rules) is judged by its mentions: a kind counts as the set's first type of that core type.
    """
    judged: list[JudgedText] = []
    started = time.perf_counter()

    def judge(text: GoldText) -> JudgedText:
        return _judged(text, extractor, count_tokens)

    with ThreadPoolExecutor(workers) as pool:
        for one in pool.map(judge, texts):
            judged.append(one)
            progress("extracting", len(judged), len(texts))
    return ExtractionRun(texts=tuple(judged), seconds=time.perf_counter() - started)


def describe_extraction(run: ExtractionRun, *, dataset: str, extractor: str, digest: str) -> dict[str, Any]:
    """Precision, recall and F1 in [0, 1] of entities and relations, micro-averaged over texts, F1 with its bootstrap interval over texts."""
    texts = run.texts
    types = sorted({label for text in texts for label in text.by_type})
    has_relations = any(text.relations.n_gold or text.relations.n_found for text in texts)
    report: dict[str, Any] = {
        "entities": f1_figures([text.names for text in texts]),
        "relations": f1_figures([text.relations for text in texts]) if has_relations else {},
    }
    if has_relations:
        report["relations_boundaries"] = f1_figures([text.boundaries for text in texts])
        given = [text.given for text in texts if text.given is not None]
        report |= {"relations_gold_entities": f1_figures(given)} if given else {}
    report["by_type"] = {label: f1_figures([text.by_type.get(label, Counts()) for text in texts], n_draws=0) for label in types}
    n_found = sum(text.names.n_found for text in texts)
    report["grounding"] = round(sum(text.n_grounded for text in texts) / n_found, 6) if n_found else 1.0
    about = {"dataset": dataset, "extractor": extractor, "n_texts": len(texts), "seconds": round(run.seconds, 3), "data_sha256": digest}
    return {**report, **about}


def _judged(text: GoldText, extractor: Extractor, count_tokens: Callable[[str], int]) -> JudgedText:
    units = extractor.units
    names: list[FoundName] = []
    facts: list[FoundFact] = []
    given: set[tuple[_Thing, str, _Thing]] = set()
    sentences = tuple(Span(one.start, one.end) for one in split_sentences(text.text))
    lengths = [count_tokens(one.of(text.text)) for one in sentences]
    longest = DOCUMENT_TOKENS if text.has_coreference else WINDOW_TOKENS
    for window, inside in windows(text.text, sentences, lengths, longest=longest):
        unit = Unit(text=window.of(text.text), sentences=inside, language=text.language)
        found = units.read(unit, text.template) if units else _by_rules(extractor, unit, text.template)
        labelled = [number for number, name in enumerate(found.names) if name.label]
        place = {number: len(names) + index for index, number in enumerate(labelled)}
        names += [_moved(found.names[number], window.start) for number in labelled]
        facts += [
            FoundFact(head=place[one.head], relation=one.relation, tail=place[one.tail], sentence=one.sentence)
            for one in found.facts
            if not one.is_open and one.head in place and one.tail in place
        ]
        if isinstance(units, PairExtractor):
            given |= _between_gold(text, window, unit, units)
    return _compared(text, names, facts, given if isinstance(units, PairExtractor) else None)


def _between_gold(text: GoldText, window: Span, unit: Unit, units: PairExtractor) -> set[tuple[_Thing, str, _Thing]]:
    """Facts between the clusters of the gold names in one window."""
    inside = [number for number, name in enumerate(text.names) if window.start <= name.span.start and name.span.end <= window.end]
    given = units.read_pairs(unit, text.template, [_moved(text.names[number], -window.start) for number in inside])
    return {(text.clusters[inside[one.head]], one.relation, text.clusters[inside[one.tail]]) for one in given}


def _compared(
    text: GoldText, names: Sequence[FoundName], facts: Sequence[FoundFact], given: set[tuple[_Thing, str, _Thing]] | None
) -> JudgedText:
    gold = {_place(name) for name in text.names}
    found = {_place(name) for name in names}
    labels = {label for _, _, label in gold | found}
    strict: dict[_Place, _Thing] = {_place(name): cluster for name, cluster in zip(text.names, text.clusters, strict=True)}
    loose: dict[_Place, _Thing] = {_bare(name): cluster for name, cluster in zip(text.names, text.clusters, strict=True)}
    return JudgedText(
        names=Counts.of(found, gold),
        by_type={label: Counts.of({one for one in found if one[2] == label}, {one for one in gold if one[2] == label}) for label in labels},
        relations=Counts.of(_things(names, facts, strict, _place), text.facts),
        boundaries=Counts.of(_things(names, facts, loose, _bare), text.facts),
        given=None if given is None else Counts.of(given, text.facts),
        n_grounded=sum(bool(name.span.of(text.text).strip()) for name in {_place(name): name for name in names}.values()),
    )


def _things(
    names: Sequence[FoundName], facts: Sequence[FoundFact], known: Mapping[_Place, _Thing], place: Callable[[FoundName], _Place]
) -> set[tuple[_Thing, str, _Thing]]:
    """The facts between gold clusters where their ends are gold mentions, else between places."""
    thing = [known.get(place(name), place(name)) for name in names]
    return {(thing[one.head], one.relation, thing[one.tail]) for one in facts}


def _by_rules(extractor: Extractor, unit: Unit, template: Template) -> Findings:
    """What an extractor that reads whole documents finds in one window, in the set's types."""
    label_of: dict[str, str] = {}
    for one in template.entity_types:
        label_of.setdefault(one.core, one.name)
    document = Document(text=unit.text, language=unit.language)
    chunk = Chunk(id="window", span=Span(0, len(unit.text)), sentences=unit.sentences)
    extraction = extractor.extract(document, (chunk,), template)
    names = tuple(FoundName(span=one.span, kind=one.kind, label=label_of.get(one.kind, "")) for one in extraction.mentions)
    first = {index: entity.mentions[0] for index, entity in enumerate(extraction.entities)}
    facts = tuple(FoundFact(head=first[one.head], relation=one.predicate, tail=first[one.tail], sentence=0) for one in extraction.relations)
    return Findings(names=names, facts=facts)


def _moved(name: FoundName, shift: int) -> FoundName:
    return FoundName(span=Span(name.span.start + shift, name.span.end + shift), kind=name.kind, label=name.label)


def _place(name: FoundName) -> _Place:
    return name.span.start, name.span.end, name.label


def _bare(name: FoundName) -> _Place:
    return name.span.start, name.span.end, ""
