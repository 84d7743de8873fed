"""Measures an exported extractor: how many of its names and facts are those of its float32 form, and what a chunk costs.

    python -m tadarag.training.extractor_fidelity --weights FOLDER --data FILE.jsonl.gz [FILE.jsonl.gz ...] [--limit N]

FOLDER is a training run's, as for `extractor_export`; both forms are made from it. FILE is in the layout of the extraction sets, with its
types.json beside it. Needs `onnx`. Prints one JSON object.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import numpy as np

from mom.sentences import split_sentences
from tadarag.evaluation.extraction_data import GoldText, load_gold
from tadarag.extraction.asked_names import asked_names
from tadarag.extraction.assembly import UnitwiseExtractor
from tadarag.extraction.extractor import Unit
from tadarag.extraction.trained import TrainedUnits
from tadarag.models.extractor_model import ExtractorModel
from tadarag.models.onnx_encoder import OnnxEncoder, load_shipped
from tadarag.models.trunk import Trunk
from tadarag.training.extractor_export import export_extractor
from tadarag.values import Chunk, Document, Span

_MIN_TOKENS, _MAX_TOKENS = 8, 256
_TIMED = 40


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the agreement of names and facts, and milliseconds of CPU for a chunk by part, as JSON."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--weights", type=Path, required=True, help="folder with weights.npz and extractor.json of a training run")
    parser.add_argument("--data", type=Path, nargs="+", required=True, help="texts to compare on and to time")
    parser.add_argument("--limit", type=int, default=100, help="texts of each file, from its start")
    options = parser.parse_args(arguments)
    encoder = load_shipped()
    texts = [text for file in options.data for text in load_gold(file, limit=options.limit)]
    texts = [text for text in texts if _MIN_TOKENS <= encoder.count_tokens(text.text) <= _MAX_TOKENS]
    with TemporaryDirectory() as folder:
        models = []
        for name, in_int8 in (("int8", True), ("float32", False)):
            export_extractor(options.weights, Path(folder) / name, in_int8=in_int8)
            models.append(ExtractorModel(Path(folder) / name))
        exact, rounded = TrainedUnits(models[1], encoder), TrainedUnits(models[0], encoder)
        measured = {**agreement(rounded, exact, texts), **costs(rounded, models[0], encoder, texts[:: max(1, len(texts) // _TIMED)])}
    json.dump(measured, sys.stdout, indent=2)
    sys.stdout.write("\n")


def agreement(one: TrainedUnits, other: TrainedUnits, texts: Sequence[GoldText]) -> dict[str, float]:
    """Share of names and facts that two extractors have in common: twice the common ones over all of both."""
    n_common, n_all = Counter[str](), Counter[str]()
    for text in texts:
        for found, expected in zip(_reading(one, text), _reading(other, text), strict=True):
            n_common[found.what] += 2 * len(found.found & expected.found)
            n_all[found.what] += len(found.found) + len(expected.found)
    shares = {f"{what}_agreement": round(n_common[what] / n, 4) for what, n in n_all.items() if n}
    return {"n_texts": len(texts), **{f"n_{what}": n // 2 for what, n in n_all.items()}, **shares}


@dataclass(frozen=True, slots=True)
class _Reading:
    what: str
    found: frozenset[object]


def _reading(units: TrainedUnits, text: GoldText) -> tuple[_Reading, _Reading]:
    found = units.read(_unit(text.text), text.template)
    places = [(name.span, name.label) for name in found.names]
    facts = frozenset((places[fact.head], fact.relation, places[fact.tail]) for fact in found.facts if not fact.is_open)
    return _Reading("names", frozenset(places)), _Reading("facts", facts)


def costs(units: TrainedUnits, model: ExtractorModel, encoder: OnnxEncoder, texts: Sequence[GoldText]) -> dict[str, float]:
    """Median milliseconds of CPU for a text, by part, after a first text has opened the files.

    pass: the encoder's; trunk: its lower layers alone; network: layers and span scores; read: all of `TrainedUnits.read`, given states;
    assembly: of a document that is this text. share_of_a_pass: read and assembly over the pass.
    """
    trunk = Trunk(encoder)
    rows = [_parts(units, model, encoder, trunk, text) for text in [texts[0], *texts]][1:]
    medians = {name: median(row[name] for row in rows) for name in rows[0]}
    share = (medians["read"] + medians["assembly"]) / medians["pass"]
    return {**{f"{name}_ms": round(value, 2) for name, value in medians.items()}, "share_of_a_pass": round(share, 3)}


def _parts(units: TrainedUnits, model: ExtractorModel, encoder: OnnxEncoder, trunk: Trunk, text: GoldText) -> dict[str, float]:
    states, offsets = trunk.read(text.text)
    words = asked_names(text.template).words_of_types
    types, _ = model.project(np.array([encoder.read(one, kind="query").vector for one in words]))
    unit = replace(_unit(text.text), states=states, offsets=offsets)
    found = units.read(unit, text.template)
    document = Document(text=text.text)
    chunk = Chunk(id="text", span=Span(0, len(text.text)), sentences=unit.sentences)
    extractor = UnitwiseExtractor(units)
    return {
        "pass": _milliseconds(lambda: encoder.read(text.text, unit.sentences)),
        "trunk": _milliseconds(lambda: trunk.read(text.text)),
        "network": _milliseconds(lambda: model.spans(states, types)),
        "read": _milliseconds(lambda: units.read(unit, text.template)),
        "assembly": _milliseconds(lambda: extractor.extract(document, (chunk,), text.template, (found,))),
    }


def _milliseconds(part: Callable[[], object]) -> float:
    started = time.process_time()
    part()
    return 1000 * (time.process_time() - started)


def _unit(text: str) -> Unit:
    return Unit(text=text, sentences=tuple(Span(one.start, one.end) for one in split_sentences(text)))


if __name__ == "__main__":
    main()
