"""The usual ways of cutting a text, for comparison: a text and its sentences in, ranges of characters out, in the order of the text."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from tadarag.evaluation.chunkers.fixed import fixed_chunks
from tadarag.evaluation.chunkers.recursive import recursive_chunks
from tadarag.evaluation.chunkers.semantic import semantic_chunks
from tadarag.evaluation.chunkers.sentence_window import sentence_windows
from tadarag.evaluation.chunkers.texttiling import texttile
from tadarag.values import Span

Chunker = Callable[[str, Sequence[Span]], list[Span]]
"""Told a text and the ranges of its sentences; a chunk may hold white space at its ends, and overlap others."""
Count = Callable[[str], int]
"""Length of a text in tokens."""
SentenceVectors = Callable[[Sequence[str]], NDArray[np.float32]]
"""Sentences in, float32[n, d] of unit length out."""

SEGMENTERS = ("fixed", "recursive", "sentence-window", "texttiling", "semantic")
CHUNKERS = (
    "fixed-200",
    "fixed-400",
    "fixed-400-overlap-200",
    "recursive-200",
    "recursive-400",
    "sentence-window",
    "texttiling",
    "semantic-95",
    "semantic-50",
)


def usual_segmenters(count: Count, vectors: SentenceVectors) -> Mapping[str, Chunker]:
    """One of each way of cutting, with the settings its makers give, by the names of `SEGMENTERS`."""
    return {
        "fixed": lambda text, sentences: fixed_chunks(text, n_tokens=200, count=count),
        "recursive": lambda text, sentences: recursive_chunks(text, n_tokens=200, count=count),
        "sentence-window": lambda text, sentences: sentence_windows(sentences),
        "texttiling": texttile,
        "semantic": lambda text, sentences: semantic_chunks(sentences, vectors(_texts(text, sentences)), percentile=95),
    }


def usual_chunkers(count: Count, vectors: SentenceVectors) -> Mapping[str, Chunker]:
    """Ways of cutting for retrieval, by the names of `CHUNKERS`; lengths are in tokens, percentiles in the name of the semantic ones."""
    return {
        "fixed-200": lambda text, sentences: fixed_chunks(text, n_tokens=200, count=count),
        "fixed-400": lambda text, sentences: fixed_chunks(text, n_tokens=400, count=count),
        "fixed-400-overlap-200": lambda text, sentences: fixed_chunks(text, n_tokens=400, overlap=200, count=count),
        "recursive-200": lambda text, sentences: recursive_chunks(text, n_tokens=200, count=count),
        "recursive-400": lambda text, sentences: recursive_chunks(text, n_tokens=400, count=count),
        "sentence-window": lambda text, sentences: sentence_windows(sentences),
        "texttiling": texttile,
        "semantic-95": lambda text, sentences: semantic_chunks(sentences, vectors(_texts(text, sentences)), percentile=95),
        "semantic-50": lambda text, sentences: semantic_chunks(sentences, vectors(_texts(text, sentences)), percentile=50),
    }


def _texts(text: str, sentences: Sequence[Span]) -> list[str]:
    return [sentence.of(text) for sentence in sentences]
