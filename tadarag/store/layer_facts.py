"""What the outline and core layers know of a passage: its core sentences, how far its section reaches, and the exact norm of its core.

A core vector is the mean of sentence vectors that are stored anyway, so only its norm is kept: the product of a question with the mean is
the mean of its products with the sentences. Vectors are int8 with one scale each; a scale counts as a whole number of 2^-18, so that every
sum is an exact integer and depends on neither order nor machine. A document of one chunk has no entry in either layer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from tadarag.analysis import count_terms, terms
from tadarag.values import Chunk, Record

FARTHEST = 3
"""Passages on each side that count as around a passage."""
_SCALE_UNITS = 2**18


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerFacts:
    """The layers of one document of R passages and S sentences.

    core: bool[S], the sentence belongs to a core statement. core_norms: float64[R], norm of the sum of a passage's core sentences (vector
    times scale), 0 without core entry. reach: int8[R, 2], how many passages before and after, at most three, are of the same section.
    """

    core: NDArray[np.bool_]
    core_norms: NDArray[np.float64]
    reach: NDArray[np.int8]


def layer_facts(record: Record) -> LayerFacts:
    """The layers of a record, a pure function of its chunks and vectors."""
    is_layered = len(record.chunks) > 1
    flags = [np.array([is_layered and span in chunk.core for span in chunk.sentences], np.bool_) for chunk in record.chunks]
    norms = [
        _norm_of_sum(vectors.sentences[chosen], vectors.sentence_scales[chosen])
        for chosen, vectors in zip(flags, record.vectors, strict=True)
    ]
    return LayerFacts(
        core=np.concatenate([np.zeros(0, np.bool_), *flags]), core_norms=np.array(norms, np.float64), reach=_reach(record.chunks)
    )


def outline_terms(chunk: Chunk, of_passage: Mapping[int, int]) -> dict[int, int]:
    """Counts, by key, of the search terms that only a chunk's outline line holds; of_passage: those of its heading path and text.

    A line that was made of the chunk's own words would count these a second time, and that misleads (decisions/011).
    """
    return {term: count for term, count in count_terms(terms(chunk.outline)).items() if term not in of_passage}


def core_text(chunk: Chunk, text: str) -> str:
    """What a chunk's core statement is searched by: a model's words where there are any, else its sentences in the document's `text`."""
    return chunk.statement or "\n".join(span.of(text) for span in chunk.core)


def _reach(chunks: tuple[Chunk, ...]) -> NDArray[np.int8]:
    """A section is a run of chunks under one heading path."""
    reach: list[tuple[int, int]] = []
    for _, run in groupby(chunks, key=lambda chunk: chunk.heading_path):
        length = len(list(run))
        reach += [(min(FARTHEST, at), min(FARTHEST, length - 1 - at)) for at in range(length)]
    return np.array(reach, np.int8).reshape(-1, 2)


def _norm_of_sum(vectors: NDArray[np.int8], scales: NDArray[np.float32]) -> float:
    whole_scales = np.rint(scales.astype(np.float64) * _SCALE_UNITS).astype(np.int64)
    total = (vectors.astype(np.int64) * whole_scales[:, None]).sum(axis=0)
    return float(np.sqrt(np.float64((total * total).sum()))) / _SCALE_UNITS
