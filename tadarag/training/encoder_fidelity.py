"""Measures an exported encoder: cosine to its float32 form, passages a second, dense recall@5.

    python -m tadarag.training.encoder_fidelity --encoder FOLDER --reference FILE --corpus corpus.jsonl.gz
        [--retrieval CORPUS QUERIES QRELS] [--limit N]

FILE is what `encoder_export --reference` wrote; data is in the BEIR layout. Prints one JSON object.
"""

from __future__ import annotations

import argparse
import gzip
import json
import sys
import time
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tadarag.models.encoder import EncodingRequest, read_all
from tadarag.models.onnx_encoder import OnnxEncoder
from tadarag.models.quantization import dot, quantize

_N_TEXTS = 128
_MIN_WORDS, _MAX_WORDS = 70, 130
_CUTOFF = 5


def main(arguments: Sequence[str] | None = None) -> None:
    """Print cosine_mean, cosine_min, passages_per_second (1 and 2 threads) and, if asked, recall@5 as JSON."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--encoder", type=Path, required=True, help="folder of the exported encoder")
    parser.add_argument("--reference", type=Path, help="float32 graph written by encoder_export")
    parser.add_argument("--corpus", type=Path, required=True, help="passages to compare and to time")
    parser.add_argument("--retrieval", type=Path, nargs=3, metavar=("CORPUS", "QUERIES", "QRELS"), help="data for recall@5")
    parser.add_argument("--limit", type=int, help="passages of the retrieval corpus to use, from its start")
    options = parser.parse_args(arguments)
    encoder = OnnxEncoder(options.encoder)
    passages = (passage["title"] + ". " + passage["text"] for passage in read_jsonl(options.corpus))
    texts = list(islice((text for text in passages if _MIN_WORDS <= len(text.split()) < _MAX_WORDS), _N_TEXTS))
    measured: dict[str, float] = {"n_texts": len(texts), "tokens_mean": float(np.mean([encoder.count_tokens(text) for text in texts]))}
    for threads in (1, 2):
        measured[f"passages_per_second_{threads}_threads"] = measure_rate(encoder, texts, threads=threads)
    if options.reference is not None:
        cosines = cosines_to_reference(encoder, options.encoder, options.reference, texts)
        measured |= {"cosine_mean": float(cosines.mean()), "cosine_min": float(cosines.min())}
    if options.retrieval is not None:
        measured["recall@5"] = dense_recall(encoder, *options.retrieval, limit=options.limit)
    json.dump(measured, sys.stdout, indent=2)
    sys.stdout.write("\n")


def measure_rate(encoder: OnnxEncoder, texts: Sequence[str], *, threads: int) -> float:
    """Texts a second over one pass after a first text has opened the model."""
    encoder.read(texts[0])
    started = time.perf_counter()
    n_read = sum(1 for _ in read_all(encoder, map(EncodingRequest, texts), workers=threads))
    return n_read / (time.perf_counter() - started)


def cosines_to_reference(encoder: OnnxEncoder, folder: Path, reference: Path, texts: Sequence[str]) -> NDArray[np.float64]:
    """Cosine of each text's vector to the vector of the float32 graph, float64[texts]."""
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

    session = InferenceSession(reference, providers=["CPUExecutionProvider"])
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    cosines = []
    for text in texts:
        ids = np.array([tokenizer.encode("passage: " + text).ids[: encoder.max_tokens]], np.int64)
        exact = session.run(["last_hidden_state"], {"input_ids": ids})[0][0].mean(axis=0).astype(np.float64)
        cosines.append(float(encoder.read(text).vector @ exact / np.linalg.norm(exact)))
    return np.array(cosines)


def dense_recall(encoder: OnnxEncoder, corpus: Path, queries: Path, qrels: Path, *, limit: int | None = None) -> float:
    """Mean recall@5 of the int8 vectors, ties by id; queries whose relevant passages are not all in the corpus are left out.

    A passage is read as title, space, text. qrels: tab-separated query-id, corpus-id, score with a header line.
    """
    passages = sorted(islice(read_jsonl(corpus), limit), key=lambda passage: str(passage["_id"]))
    ids = [passage["_id"] for passage in passages]
    requests = (EncodingRequest(f"{passage['title']} {passage['text']}") for passage in passages)
    rows, scales = quantize(np.array([encoded.vector for encoded in read_all(encoder, requests, workers=2)]))
    relevant: dict[str, set[str]] = {}
    for line in qrels.read_text().splitlines()[1:]:
        query_id, passage_id, score = line.split("\t")
        if float(score) > 0:
            relevant.setdefault(query_id, set()).add(passage_id)
    recalls = []
    for query in read_jsonl(queries):
        wanted = relevant.get(query["_id"], set())
        if wanted and wanted <= set(ids):
            vector, _ = quantize(encoder.read(query["text"], kind="query").vector[None])
            top = np.argsort(-dot(vector[0], rows) * scales, kind="stable")[:_CUTOFF]
            recalls.append(len(wanted & {ids[place] for place in top}) / len(wanted))
    if not recalls:
        raise ValueError(f"no query of {queries} has its relevant passages in {corpus}")
    return float(np.mean(recalls))


def read_jsonl(file: Path) -> Any:
    """The objects of a gzipped JSON-lines file, one at a time."""
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


if __name__ == "__main__":
    main()
