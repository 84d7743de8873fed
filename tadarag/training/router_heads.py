"""Trains the heads of the router: tadarag/routing/data/question_heads.npz and document_head.npz.

    python -m tadarag.training.router_heads --data DIR --out tadarag/routing/data

Softmax over rules, wording and the shipped encoder's vector (questions) or hashed words (documents). A source has one label, or nearly, so a
head could learn its style: sources are capped and balanced, letter case and question marks are no features, the penalties and the questions
made here were chosen by sources that training leaves out, and the questions' temperature is fitted on sources and folds left out.
Only licensed sources enter; `--recipe research` takes all, and its heads are not shipped. Same data, same bytes.
"""

from __future__ import annotations

import argparse
import json
import pickle
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack

from tadarag.models.encoder import EncodingRequest, read_all
from tadarag.models.onnx_encoder import OnnxEncoder, load_shipped
from tadarag.routing.document_words import N_BUCKETS, word_buckets
from tadarag.routing.domains import cue_features
from tadarag.routing.heads import DOCUMENT_HEAD, QUESTION_HEADS, Head, write_heads
from tadarag.routing.questions import question_features
from tadarag.training.router_sources import (
    DOCUMENT_LICENCES,
    QUESTION_LICENCES,
    Labelled,
    cue_documents,
    documents,
    joined,
    made_documents,
    made_questions,
    questions,
    set_among,
)
from tadarag.training.softmax_fit import Array, balanced_weights, fit_softmax, fit_temperature, rounded_head

STRETCH = 10.0
"""Unit vectors less their mean times this: about as wide as the features, so that one penalty fits both."""
PENALTIES = {"domain": (1e-2, 3e-2), "task": (3e-2, 1e-2)}
"""Of the vector's weights and of the features', by head; chosen by sources left out."""
DOCUMENT_PENALTIES = (1e-4, 1e-3)
"""Of the words' weights and of the cues'."""
WORD_STRETCH = 4.0
SHIFTS = {"news": 0.5, "general_knowledge": -0.3}
"""Added to the logits of documents; chosen on development texts. Hardly any licensed set holds news, so its words are seldom known ones."""
DOCUMENT_TEMPERATURE = 1.0
"""Fits development texts. Fitted on sources left out it would be 1.5, too doubtful: many are alone with their domain in their language."""
N_FOLDS = 5
MADE = ("made_", "cues_")

Fit = Callable[[NDArray[np.int64]], tuple[Array, Array]]


def main(arguments: Sequence[str] | None = None) -> None:
    """Write the heads to --out, and what they are worth on sources left out to standard output."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="folder with router_*, extraction_* and corpora")
    parser.add_argument("--out", type=Path, required=True, help="folder for the heads")
    parser.add_argument("--recipe", choices=("shipped", "research"), default="shipped")
    parser.add_argument("--vectors", type=Path, help="keeps the questions' vectors for the next run")
    parser.add_argument("--only", choices=("questions", "documents"))
    options = parser.parse_args(arguments)
    is_research = options.recipe == "research"
    report: dict[str, Any] = {}
    if options.only != "documents":
        report |= train_questions(options.data, options.out, is_research, options.vectors)
    if options.only != "questions":
        report |= train_documents(options.data, options.out, is_research)
    print(json.dumps(report, indent=1, ensure_ascii=False))  # noqa: T201 (a training script's log)


def train_questions(data: Path, out: Path, is_research: bool, vectors_file: Path | None) -> dict[str, Any]:
    """Fit and write the heads of questions; returns what they are worth."""
    encoder = load_shipped()
    rows = {kind: [*questions(data, kind, "train", research=is_research), *made_questions(kind)] for kind in ("domain", "task")}
    vectors = read_vectors(encoder, sorted({row.text for part in rows.values() for row in part}), vectors_file)
    heads, report = {}, {}
    for kind, part in rows.items():
        heads[kind], report[kind] = fit_question_head(part, np.stack([vectors[row.text] for row in part]), PENALTIES[kind])
    header = {"encoder": encoder.fingerprint, **_origin(is_research, QUESTION_LICENCES)}
    write_heads(out / QUESTION_HEADS, heads, header)
    return report


def fit_question_head(
    rows: Sequence[Labelled], vectors: NDArray[np.float32], penalties: tuple[float, float]
) -> tuple[Head, dict[str, Any]]:
    """A head over vectors float32[n, d] and features of the rows."""
    labels = sorted({row.label for row in rows})
    counted = [question_features(row.text) for row in rows]
    names = sorted({name for features in counted for name in features})
    mean = vectors.mean(axis=0, dtype=np.float64)
    inputs = np.hstack([(vectors - mean) * STRETCH, _dense(counted, names)])
    width = vectors.shape[1]
    penalty = np.repeat(penalties, (width, len(names)))
    gold = np.array([labels.index(row.label) for row in rows])

    def fit(places: NDArray[np.int64]) -> tuple[Array, Array]:
        weights = balanced_weights([rows[place] for place in places])
        return fit_softmax(inputs[places], gold[places], weights, penalty, n_labels=len(labels))

    temperature, report = judge_left_out(rows, inputs, gold, labels, fit)
    matrix, bias = fit(np.arange(len(rows)))
    of_vector = matrix[:, :width] * STRETCH
    return rounded_head(labels, names, of_vector, matrix[:, width:], bias - of_vector @ mean, temperature=temperature), report


def train_documents(data: Path, out: Path, is_research: bool) -> dict[str, Any]:
    """Fit and write the head of documents; returns what it is worth."""
    real = documents(data, "train", research=is_research)
    rows = [*real, *set_among([*cue_documents(), *made_documents()], real)]
    short = joined([*questions(data, "domain", "train", research=is_research), *made_questions("domain")])
    head, report = fit_document_head(rows, short)
    write_heads(out / DOCUMENT_HEAD, {"domain": head}, _origin(is_research, {**DOCUMENT_LICENCES, **QUESTION_LICENCES}))
    return {"documents": report}


def fit_document_head(rows: Sequence[Labelled], short: Sequence[Labelled]) -> tuple[Head, dict[str, Any]]:
    """A head over hashed words and cues. short: questions, five by five, which count as much as all documents."""
    labels = sorted({row.label for row in rows})
    both = [*rows, *short]
    counted = [cue_features(row.text) for row in both]
    names = sorted({name for features in counted for name in features})
    inputs = csr_matrix(hstack([_hashed(both), csr_matrix(_dense(counted, names))]))
    penalty = np.repeat(DOCUMENT_PENALTIES, (N_BUCKETS, len(names)))
    gold = np.array([labels.index(row.label) for row in both])
    shares = np.concatenate([balanced_weights(rows), balanced_weights(short)])

    def fit(places: NDArray[np.int64]) -> tuple[Array, Array]:
        matrix, bias = fit_softmax(inputs[places], gold[places], shares[places], penalty, n_labels=len(labels))
        return matrix, bias + [SHIFTS.get(label, 0.0) for label in labels]

    _, report = judge_left_out(both, inputs, gold, labels, fit, sources={row.source for row in rows})
    matrix, bias = fit(np.arange(len(both)))
    of_words = matrix[:, :N_BUCKETS] * WORD_STRETCH
    return rounded_head(labels, names, of_words, matrix[:, N_BUCKETS:], bias, temperature=DOCUMENT_TEMPERATURE), report


def judge_left_out(
    rows: Sequence[Labelled],
    inputs: Array | csr_matrix,
    gold: NDArray[np.int64],
    labels: Sequence[str],
    fit: Fit,
    *,
    sources: set[str] | None = None,
) -> tuple[float, dict[str, Any]]:
    """The temperature that suits rows of sources left out and of folds left out, each half; and how both are told, in per cent.

    sources: those to leave out one by one; all that were not made here, if None.
    """
    left_out = [row.source for row in rows]
    folds = [f"fold {crc32(row.text.encode('utf-8', 'surrogatepass')) % N_FOLDS}" for row in rows]
    report: dict[str, Any] = {"n": len(rows)}
    parts = []
    for name, groups in (("unseen sources", left_out), ("within", folds)):
        chosen = sorted(
            group for group in set(groups) if not group.startswith(MADE) and (groups is folds or not sources or group in sources)
        )
        logits, places = _logits_left_out(inputs, groups, chosen, fit)
        real = np.array([not rows[place].source.startswith(MADE) and (not sources or rows[place].source in sources) for place in places])
        logits, places = logits[real], places[real]
        found = logits.argmax(axis=1)
        report[name] = {
            "macro_f1": _macro_f1(gold[places], found),
            "right by source": _right_by_source(rows, places, gold[places] == found),
        }
        weights = balanced_weights([rows[place] for place in places])
        parts.append((logits, gold[places], weights / weights.sum()))
    columns = zip(*parts, strict=True)
    temperature = fit_temperature(*(np.concatenate(column) for column in columns))
    report["temperature"] = temperature
    report["labels"] = list(labels)
    return temperature, report


def read_vectors(encoder: OnnxEncoder, texts: Sequence[str], file: Path | None) -> Mapping[str, NDArray[np.float32]]:
    """The vector of every text as a question. file: is read first and completed, if given."""
    known: dict[str, NDArray[np.float32]] = pickle.loads(file.read_bytes()) if file and file.exists() else {}
    missing = [text for text in texts if text not in known]
    encoded = read_all(encoder, (EncodingRequest(text, kind="query") for text in missing), workers=2)
    known |= {text: one.vector for text, one in zip(missing, encoded, strict=True)}
    if file and missing:
        file.write_bytes(pickle.dumps(known))
    return known


def _origin(is_research: bool, licences: Mapping[str, str]) -> dict[str, Any]:
    made_by = "python -m tadarag.training.router_heads --data DIR --out tadarag/routing/data"
    return (
        {"made_by": made_by, "recipe": "research"} if is_research else {"made_by": made_by, "recipe": "shipped", "licences": dict(licences)}
    )


def _dense(counted: Sequence[Mapping[str, int]], names: Sequence[str]) -> Array:
    place = {name: index for index, name in enumerate(names)}
    dense = np.zeros((len(counted), len(names)))
    for row, features in enumerate(counted):
        for name, count in features.items():
            dense[row, place[name]] = count
    return dense


def _hashed(rows: Sequence[Labelled]) -> csr_matrix:
    """float64[n, buckets]: 4 / root of a text's number of buckets in each of them."""
    buckets = [word_buckets(row.text) for row in rows]
    starts = np.cumsum([0, *map(len, buckets)])
    values = np.concatenate([np.full(len(one), WORD_STRETCH / max(1, len(one)) ** 0.5) for one in buckets])
    return csr_matrix((values, np.concatenate([np.array(one, np.int64) for one in buckets]), starts), shape=(len(rows), N_BUCKETS))


def _logits_left_out(inputs: Array | csr_matrix, groups: Sequence[str], chosen: Sequence[str], fit: Fit) -> tuple[Array, NDArray[np.int64]]:
    """The logits of the rows of each chosen group by what the others teach, and the places of these rows."""
    names = np.array(groups)
    logits, places = [], []
    for group in chosen:
        matrix, bias = fit(np.flatnonzero(names != group))
        places.append(np.flatnonzero(names == group))
        logits.append(np.asarray(inputs[places[-1]] @ matrix.T) + bias)
    return np.concatenate(logits), np.concatenate(places)


def _macro_f1(gold: NDArray[np.int64], found: NDArray[np.int64]) -> float:
    scores = [
        2 * np.count_nonzero((gold == label) & (found == label)) / (np.count_nonzero(gold == label) + np.count_nonzero(found == label))
        for label in sorted(set(gold.tolist()))
    ]
    return round(100 * sum(scores) / len(scores), 1)


def _right_by_source(rows: Sequence[Labelled], places: NDArray[np.int64], right: NDArray[np.bool_]) -> dict[str, float]:
    sizes: Counter[str] = Counter()
    hits: dict[str, int] = defaultdict(int)
    for place, is_right in zip(places.tolist(), right.tolist(), strict=True):
        sizes[rows[place].source] += 1
        hits[rows[place].source] += is_right
    return {source: round(100 * hits[source] / size, 1) for source, size in sorted(sizes.items())}


if __name__ == "__main__":
    main()
