"""Makes the frozen word vectors of `mom`: mom/data/word_vectors.npy, one row for each term of the word table.

    python -m tadarag.training.word_vectors --data DIR --out mom/data/word_vectors.npy

1. Every term is read alone by the shipped encoder; the mean and the first principal component are taken away, the next 96 kept, each vector
   as long as its term is rare.
2. Both languages are then taught on passages: the sum of the vectors of one to four sentences must point to that of the sentences that follow
   them, and not to those of other passages (InfoNCE; van den Oord, Li and Vinyals, 2018; AdaGrad with one rate a term). A part of the words is
   left out at every step, there are few steps, and the table is the mean of four runs: else it learns the passages by heart and cuts other
   texts worse.
3. Vectors are rounded to int8, on one scale a language; a few outliers are cut.

The encoder's vectors depend on the kind of processor, so another machine may make a slightly different table; the shipped one is the file whose
hash mom/data/README.md names.
"""

from __future__ import annotations

import argparse
import gzip
import json
import logging
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from mom.sentences import split_sentences
from mom.terms import FIRST_CJK, terms
from mom.word_table import FrozenWordTable, shipped_word_table
from tadarag.chinese import simplify
from tadarag.models.encoder import Encoder
from tadarag.models.onnx_encoder import load_shipped

SEEDS = (13, 14, 15, 16)
DIMENSION, DROPPED = 96, 1
COMMON, LEAST = 2.0, 0.3  # a vector begins as long as half of the term's weight above COMMON, at least half of LEAST
LONGEST_WINDOW = 4  # sentences
LEAST_TERMS = 20  # in a passage
BATCH, RATE, TEMPERATURE = 256, 0.3, 0.1
DROPOUT, SHORTEST = 0.3, 3  # the share of words left out of a window, and the words that a window must have for it
STEPS = {"english": 800, "chinese": 400}
OUTLIERS = 0.0005  # the share of numbers that int8 cuts
ENGLISH = ("2wiki/corpus", "hotpotqa/corpus", "musique/corpus", "nq/corpus", "popqa/corpus", "reader_train/train")
CHINESE = ("zh_cmrc/corpus", "zh_reader_train/train")

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Passage:
    """The rows of the known terms of each of its sentences."""

    sentences: tuple[NDArray[np.int64], ...]


def main(arguments: Sequence[str] | None = None) -> None:
    """Write the table to --out."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="folder with the collections of passages")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    table = shipped_word_table()
    is_chinese = np.array([term[0] >= FIRST_CJK for term in table.weights])
    vectors = first_vectors(load_shipped(), table, is_chinese)
    for language, names in (("english", ENGLISH), ("chinese", CHINESE)):
        texts = sorted({text for name in names for text in read_texts(options.data / f"{name}.jsonl.gz")})
        if language == "chinese":
            texts = sorted({*texts, *map(simplify, texts)})
        passages = read_passages(texts, table)
        _log.info("%s: %d passages", language, len(passages))
        vectors = np.mean([teach(vectors, passages, n_steps=STEPS[language], seed=seed) for seed in SEEDS], axis=0)
    np.save(options.out, in_int8(vectors, is_chinese), allow_pickle=False)


def first_vectors(encoder: Encoder, table: FrozenWordTable, is_chinese: NDArray[np.bool_]) -> NDArray[np.float32]:
    """float32[terms, DIMENSION]: what the encoder makes of each term. is_chinese: bool[terms]; each language is centred on its own."""
    with ThreadPoolExecutor(2) as pool:
        read = np.array(list(pool.map(lambda term: encoder.read(term, kind="query").vector, table.weights)), np.float64)
    vectors = np.empty((len(read), DIMENSION), np.float32)
    for chosen in (is_chinese, ~is_chinese):
        centred = read[chosen] - read[chosen].mean(axis=0)
        axes = np.linalg.eigh(centred.T @ centred)[1][:, ::-1]
        kept = centred @ axes[:, DROPPED : DROPPED + DIMENSION]
        vectors[chosen] = kept / np.linalg.norm(kept, axis=1, keepdims=True)
    weights = np.array(list(table.weights.values()), np.float32)
    vectors *= (np.maximum(weights - COMMON, LEAST) / 2)[:, None]
    return vectors


def read_texts(file: Path) -> Iterator[str]:
    """The texts of a JSONL file of passages or of questions with their context."""
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            yield row["context"] if "context" in row else row["text"]


def read_passages(texts: Sequence[str], table: FrozenWordTable) -> list[Passage]:
    """Passages of two sentences or more with enough known terms."""
    rows = {term: row for row, term in enumerate(table.weights)}
    passages = []
    for text in texts:
        sentences = [[rows[term] for term in terms(span.of(text)) if term in rows] for span in split_sentences(text)]
        if len(sentences) > 1 and sum(map(len, sentences)) > LEAST_TERMS:
            passages.append(Passage(tuple(np.array(sentence, np.int64) for sentence in sentences)))
    return passages


def teach(vectors: NDArray[np.float32], passages: Sequence[Passage], *, n_steps: int, seed: int) -> NDArray[np.float32]:
    """Vectors with which neighbouring sentences of a passage find each other among those of BATCH passages. The rate falls to zero."""
    random = np.random.default_rng(seed)
    vectors, squares = vectors.copy(), np.full(len(vectors), 1e-4, np.float32)
    batch = min(BATCH, len(passages))
    for step in range(n_steps):
        before, after = [], []
        for index in random.choice(len(passages), batch, replace=False):
            sentences = passages[index].sentences
            gap = random.integers(1, len(sentences))
            n_before, n_after = random.integers(1, LONGEST_WINDOW + 1, 2)
            before.append(_drop(np.concatenate(sentences[max(0, gap - n_before) : gap]), random))
            after.append(_drop(np.concatenate(sentences[gap : gap + n_after]), random))
        left, right = (_counts(side, len(vectors)) for side in (before, after))  # [batch, terms]
        loss, towards_left, towards_right = _contrast(left @ vectors, right @ vectors)
        touched = np.unique(np.concatenate([left.indices, right.indices]))
        gradient = left[:, touched].T @ towards_left + right[:, touched].T @ towards_right  # [touched, DIMENSION]
        squares[touched] += (gradient * gradient).mean(axis=1)
        vectors[touched] -= RATE * (1 - step / n_steps) * gradient / np.sqrt(squares[touched])[:, None]
        if step % 200 == 0:
            _log.info("step %d of %d: loss %.3f", step, n_steps, loss)
    return vectors


def _drop(rows: NDArray[np.int64], random: np.random.Generator) -> NDArray[np.int64]:
    return rows[random.random(len(rows)) >= DROPOUT] if len(rows) > SHORTEST else rows


def _counts(windows: Sequence[NDArray[np.int64]], n_terms: int) -> csr_matrix:
    rows = np.concatenate(windows)
    return csr_matrix((np.ones(len(rows), np.float32), rows, [0, *accumulate(map(len, windows))]), shape=(len(windows), n_terms))


def _contrast(left: NDArray[np.float32], right: NDArray[np.float32]) -> tuple[float, NDArray[np.float32], NDArray[np.float32]]:
    """The loss of both directions, and its gradients by the sums of either side. left, right: float32[batch, d]."""
    lengths = [np.linalg.norm(side, axis=1, keepdims=True) + 1e-6 for side in (left, right)]
    left, right = left / lengths[0], right / lengths[1]
    logits = left @ right.T / TEMPERATURE
    forward, backward = (np.exp(logits - logits.max(axis=axis, keepdims=True)) for axis in (1, 0))
    forward /= forward.sum(axis=1, keepdims=True)
    backward /= backward.sum(axis=0, keepdims=True)
    loss = -(np.log(np.diag(forward) + 1e-9).mean() + np.log(np.diag(backward) + 1e-9).mean()) / 2
    by_logits = (forward + backward - 2 * np.eye(len(left), dtype=np.float32)) / (2 * TEMPERATURE)
    by_left, by_right = by_logits @ right, by_logits.T @ left
    by_left = (by_left - (by_left * left).sum(axis=1, keepdims=True) * left) / lengths[0]
    by_right = (by_right - (by_right * right).sum(axis=1, keepdims=True) * right) / lengths[1]
    return float(loss), by_left, by_right


def in_int8(vectors: NDArray[np.float32], is_chinese: NDArray[np.bool_]) -> NDArray[np.int8]:
    """int8[terms, d], each language on the scale that cuts OUTLIERS of its numbers."""
    rounded = np.zeros(vectors.shape, np.int8)
    for chosen in (is_chinese, ~is_chinese):
        if chosen.any():
            scale = 127 / np.quantile(np.abs(vectors[chosen]), 1 - OUTLIERS)
            rounded[chosen] = np.clip(np.rint(vectors[chosen] * scale), -127, 127)
    return rounded


if __name__ == "__main__":
    main()
