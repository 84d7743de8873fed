"""Trains the heads of the router: question_heads.npz and document_head.npz, with their MODEL_CARD.md.

    python -m tadarag.training.router_heads --data DIR --out tadarag/routing/data

Softmax over rules, wording and the shipped encoder's vector (questions) or hashed words (documents). A source has one label, or nearly, so a
head could learn its style: sources are capped and balanced, letter case and question marks are no features, and temperatures and the shifts
of documents are fitted on sources and folds that training leaves out. Only licensed sources enter; the research recipe takes all, and its
heads are not shipped. Same data and seed, same bytes on one kind of processor.
"""

from __future__ import annotations

import argparse
import json
import pickle
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack

from tadarag.models.encoder import EncodingRequest, read_all
from tadarag.models.onnx_encoder import OnnxEncoder, load_shipped
from tadarag.routing.document_words import N_BUCKETS, word_buckets
from tadarag.routing.domains import cue_features
from tadarag.routing.heads import DOCUMENT_HEAD, QUESTION_HEADS, Head, write_heads
from tadarag.routing.questions import question_features
from tadarag.training.router_card import CARD, model_card
from tadarag.training.router_left_out import describe_left_out, leave_out, shifted, shifts_of, temperature_of
from tadarag.training.router_sources import (
    DOCUMENT_LICENCES,
    QUESTION_LICENCES,
    SEED,
    Labelled,
    cue_documents,
    documents,
    joined,
    made_documents,
    made_questions,
    questions,
    set_among,
)
from tadarag.training.softmax_fit import Array, balanced_weights, fit_softmax, rounded_head

Recipe = Literal["shipped", "research"]

STRETCH = 10.0
"""Unit vectors less their mean times this: about as wide as the features, so that one penalty fits both."""
PENALTIES = {"domain": (1e-2, 3e-2), "task": (3e-2, 1e-2)}
"""Of the vector's weights and of the features', by head; chosen by sources left out."""
DOCUMENT_PENALTIES = (1e-4, 1e-3)
"""Of the words' weights and of the cues'."""
WORD_STRETCH = 4.0


def main(arguments: Sequence[str] | None = None) -> None:
    """Write the heads and their card to --out, and what they are worth on sources left out to standard output."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="folder with router_*, extraction_* and corpora")
    parser.add_argument("--out", type=Path, required=True, help="folder for the heads and their card")
    parser.add_argument("--recipe", choices=("shipped", "research"), default="shipped")
    parser.add_argument("--seed", type=int, default=SEED, help="of the texts that are made here")
    parser.add_argument("--vectors", type=Path, help="keeps the questions' vectors for the next run")
    options = parser.parse_args(arguments)
    report = train_router(options.data, options.out, seed=options.seed, recipe=options.recipe, vectors_file=options.vectors)
    print(json.dumps(report, indent=1, ensure_ascii=False))  # noqa: T201 (a training script's log)


def train_router(
    data: Path, out: Path, *, seed: int = SEED, recipe: Recipe = "shipped", vectors_file: Path | None = None
) -> dict[str, Any]:
    """Fit all heads and write them and their card to the folder `out`; returns what they are worth on rows left out, in per cent.

    data: folder with router_domain, router_task, extraction_* and corpora. seed: of the texts that are made here; fits draw nothing.
    recipe: "shipped" takes sources of `QUESTION_LICENCES` and `DOCUMENT_LICENCES` only, "research" all. vectors_file: keeps the
    questions' vectors for the next run. Raises OSError when a set of the recipe is missing.
    """
    is_research = recipe == "research"
    report = train_questions(data, out, is_research=is_research, vectors_file=vectors_file)
    report |= train_documents(data, out, seed=seed, is_research=is_research)
    (out / CARD).write_text(model_card(report, out, is_research=is_research), encoding="utf-8")
    return report


def train_questions(data: Path, out: Path, *, is_research: bool = False, vectors_file: Path | None = None) -> dict[str, Any]:
    """Fit and write the heads of questions; returns what they are worth, under "domain" and "task"."""
    encoder = load_shipped()
    rows = {kind: [*questions(data, kind, "train", research=is_research), *made_questions(kind)] for kind in ("domain", "task")}
    vectors = read_vectors(encoder, sorted({row.text for part in rows.values() for row in part}), vectors_file)
    heads, report = {}, {}
    for kind, part in rows.items():
        heads[kind], report[kind] = fit_question_head(part, np.stack([vectors[row.text] for row in part]), PENALTIES[kind])
    write_heads(out / QUESTION_HEADS, heads, {"encoder": encoder.fingerprint, **_origin(is_research, QUESTION_LICENCES)})
    return report


def fit_question_head(
    rows: Sequence[Labelled], vectors: NDArray[np.float32], penalties: tuple[float, float]
) -> tuple[Head, dict[str, Any]]:
    """A head over vectors float32[n, d] and features of the rows, and what it is worth on rows left out."""
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

    parts = leave_out(rows, inputs, gold, fit)
    temperature = temperature_of(parts)
    matrix, bias = fit(np.arange(len(rows)))
    of_vector = matrix[:, :width] * STRETCH
    head = rounded_head(labels, names, of_vector, matrix[:, width:], bias - of_vector @ mean, temperature=temperature)
    return head, {**describe_left_out(parts, labels), "temperature": temperature}


def train_documents(data: Path, out: Path, *, seed: int = SEED, is_research: bool = False) -> dict[str, Any]:
    """Fit and write the head of documents; returns what it is worth, under "documents"."""
    real = documents(data, "train", research=is_research)
    rows = [*real, *set_among([*cue_documents(seed=seed), *made_documents(seed=seed)], real, seed=seed)]
    short = joined([*questions(data, "domain", "train", research=is_research), *made_questions("domain")])
    head, report = fit_document_head(rows, short)
    write_heads(out / DOCUMENT_HEAD, {"domain": head}, _origin(is_research, {**DOCUMENT_LICENCES, **QUESTION_LICENCES}))
    return {"documents": report}


def fit_document_head(rows: Sequence[Labelled], short: Sequence[Labelled]) -> tuple[Head, dict[str, Any]]:
    """A head over hashed words and cues. short: questions, five by five, which count as much as all documents.

    Domains whose words are seldom known ones, as those of news are, lose to others; so each label's bias is shifted by what rows left out
    of training say.
    """
    labels = sorted({row.label for row in rows})
    both = [*rows, *short]
    counted = [cue_features(row.text) for row in both]
    names = sorted({name for features in counted for name in features})
    inputs = csr_matrix(hstack([_hashed(both), csr_matrix(_dense(counted, names))]))
    penalty = np.repeat(DOCUMENT_PENALTIES, (N_BUCKETS, len(names)))
    gold = np.array([labels.index(row.label) for row in both])
    shares = np.concatenate([balanced_weights(rows), balanced_weights(short)])

    def fit(places: NDArray[np.int64]) -> tuple[Array, Array]:
        return fit_softmax(inputs[places], gold[places], shares[places], penalty, n_labels=len(labels))

    parts = leave_out(both, inputs, gold, fit, sources={row.source for row in rows})
    shifts = shifts_of(parts, len(labels))
    judged = shifted(parts, shifts)
    # Many sources are alone with their domain in their language: left out, they would make all confidence too doubtful.
    temperature = temperature_of({"within": judged["within"]})
    matrix, bias = fit(np.arange(len(both)))
    of_words = matrix[:, :N_BUCKETS] * WORD_STRETCH
    head = rounded_head(labels, names, of_words, matrix[:, N_BUCKETS:], bias + shifts, temperature=temperature)
    said = {label: round(shift, 1) for label, shift in zip(labels, shifts.tolist(), strict=True) if shift}
    unshifted = describe_left_out(parts, labels)
    without = {name: unshifted[name]["macro_f1"] for name in parts}
    return head, {**describe_left_out(judged, labels), "temperature": temperature, "shifts": said, "without shifts": without}


def read_vectors(encoder: OnnxEncoder, texts: Sequence[str], file: Path | None) -> Mapping[str, NDArray[np.float32]]:
    """The vector of every text as a question. file: is read first and completed, if given; one of another encoder is made anew."""
    known: dict[str, NDArray[np.float32]] = {}
    if file and file.exists():
        made_with, found = pickle.loads(file.read_bytes())
        known = found if made_with == encoder.fingerprint else {}
    missing = [text for text in texts if text not in known]
    encoded = read_all(encoder, (EncodingRequest(text, kind="query") for text in missing), workers=2)
    known |= {text: one.vector for text, one in zip(missing, encoded, strict=True)}
    if file and missing:
        file.write_bytes(pickle.dumps((encoder.fingerprint, known)))
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


if __name__ == "__main__":
    main()
