"""Fits the weights of the answerer without a model: which sentence, which span, and whether to answer at all.

Conditional logistic regression over the sentences and then the spans of a question (softmax, L2), and logistic regression for support,
with the same question and the answering passages taken away as the negative. Run: python -m tadarag.training.answerer_weights --data DIR --out FILE
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from math import log
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from tadarag.analysis import terms
from tadarag.generation.question_form import read_question
from tadarag.generation.sentence_features import SENTENCE_FEATURES, Reading, read_evidence
from tadarag.generation.span_features import SPAN_FEATURES
from tadarag.generation.span_model import AnswererWeights, LanguageWeights, best_sentences, featured_spans, rank_spans
from tadarag.generation.support import SUPPORT_FEATURES, SUPPORT_SIGNS, support_features
from tadarag.models.encoder import Encoder
from tadarag.training.answerer_examples import Example, Pool, TrainingQuestion, build_examples, encode_pool, normalized, read_jsonl
from tadarag.values import Evidence, Route

SEED = 13
N_ENGLISH, N_CHINESE = 1200, 1200
MIN_CATEGORY = 12
MIN_TERM = 6
ANSWERABLE_REFUSED = 0.08  # the threshold refuses this share of the answerable training questions
# Licences that allow weights to be shipped, with attribution (NOTICE): SQuAD CC BY-SA 4.0, DRCD CC BY-SA 3.0, CMRC 2018 CC BY-SA 4.0, HotpotQA CC BY-SA 4.0.
SOURCES = ("reader_train (squad, squad_xquad)", "train_multihop/hotpotqa", "zh_reader_train (drcd)", "zh_cmrc/train_reader")


@dataclass(frozen=True, slots=True)
class Groups:
    """Rows of all questions below one another: matrix[rows, features], start of each question's rows, target share of each row."""

    matrix: csr_matrix
    starts: NDArray[np.int64]
    target: NDArray[np.float64]


def fit_softmax(groups: Groups, *, penalty: float) -> NDArray[np.float64]:
    """Weights that maximise the likelihood of the target rows within each question, with an L2 penalty a question."""
    n = len(groups.starts)
    sizes = np.diff(np.append(groups.starts, groups.matrix.shape[0]))

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        logits = groups.matrix @ weights
        highest = np.repeat(np.maximum.reduceat(logits, groups.starts), sizes)
        odds = np.exp(logits - highest)
        total = np.repeat(np.add.reduceat(odds, groups.starts), sizes)
        share = odds / total
        value = -float(groups.target @ (logits - highest - np.log(total))) / n + penalty * float(weights @ weights)
        return value, np.asarray(groups.matrix.T @ (share - groups.target)) / n + 2 * penalty * weights

    found = minimize(loss, np.zeros(groups.matrix.shape[1]), jac=True, method="L-BFGS-B", options={"maxiter": 150})
    return np.asarray(found.x, dtype=np.float64)


def fit_logistic(
    rows: NDArray[np.float64], labels: NDArray[np.float64], shares: NDArray[np.float64], signs: NDArray[np.float64], *, penalty: float
) -> tuple[NDArray[np.float64], float]:
    """Weights and bias of a logistic regression, fitted on standardised features and given back for raw ones; the bias is not penalised.

    shares: weight of each row. signs: 1 where a weight must not be negative, -1 where it must not be positive, 0 free. Without them,
    features that say nearly the same take opposite signs, and a term that no sentence holds can count for an answer.
    """
    mean, spread = rows.mean(axis=0), rows.std(axis=0) + 1e-6
    table = (rows - mean) / spread

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        logits = table @ weights[:-1] + weights[-1]
        error = shares * (1 / (1 + np.exp(-logits)) - labels)
        value = float(shares @ (np.logaddexp(0, logits) - labels * logits)) + penalty * float(weights[:-1] @ weights[:-1])
        return value, np.append(table.T @ error + 2 * penalty * weights[:-1], error.sum())

    bounds = [(0.0 if sign > 0 else None, 0.0 if sign < 0 else None) for sign in signs] + [(None, None)]
    found = minimize(loss, np.zeros(rows.shape[1] + 1), jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 500}).x
    weights = found[:-1] / spread
    return np.asarray(weights, dtype=np.float64), float(found[-1] - weights @ mean)


def token_f1(given: str, wanted: str) -> float:
    """Overlap of two answers in tokens (Chinese: characters). Source: SQuAD's measure."""
    left, right = _pieces(given), _pieces(wanted)
    shared = sum((Counter(left) & Counter(right)).values())
    return 2 * shared / (len(left) + len(right)) if shared else 0.0


def _pieces(text: str) -> list[str]:
    folded = normalized(text)
    return [piece for word in folded.split() for piece in (list(word) if not word.isascii() else [word])]


def count_terms(pools: Sequence[Pool], questions: Sequence[TrainingQuestion]) -> tuple[dict[str, float], float]:
    """Term weights: the lower of the inverse document frequencies in passages and in questions, and the weight of unknown terms."""
    n_passages, n_questions = sum(len(pool.passages) for pool in pools), len(questions)
    in_passages = Counter(term for pool in pools for passage in pool.passages for term in set(terms(passage.text)))
    in_questions = Counter(term for question in questions for term in set(terms(question.text)))
    unknown = round(log(n_passages / 2), 2)
    found = {}
    for term in {*in_passages, *in_questions}:
        if in_passages[term] >= MIN_TERM or in_questions[term] >= MIN_TERM:
            weight = min(log(n_passages / max(1, in_passages[term])), log(n_questions / max(1, in_questions[term])) + 0.5, unknown)
            if weight < unknown - 0.5:
                found[term] = round(max(0.2, weight), 1)
    return found, unknown


def span_groups(
    readings: Sequence[tuple[Reading, Example]], sentence: NDArray[np.float64], words: AnswererWeights, random: Random
) -> tuple[Groups, list[str]]:
    """Candidate rows of all questions whose best sentences hold a span that answers; the names of the categories used."""
    kept: list[list[tuple[NDArray[np.float64], tuple[str, ...], float]]] = []
    for reading, example in readings:
        gold = {example.answering.hits.index(hit) for hit in example.answering.hits if _is_gold(hit.passage.chunk, example)}
        rows = []
        for view, candidate, features in featured_spans(reading, [view for _, view in best_sentences(reading, sentence)], words):
            text = view.text[candidate.start : candidate.end]
            share = max((token_f1(text, answer) for answer in example.question.answers), default=0.0) if view.hit in gold else 0.0
            rows.append((np.concatenate([features.dense, view.features]), features.categories, share**2 if share > 0.6 else 0.0))
        if any(row[2] for row in rows):
            best = max(row[2] for row in rows)
            target = [row if row[2] >= 0.8 * best else (row[0], row[1], 0.0) for row in rows]
            hard = [row for row in target if row[2]] + random.sample(
                [row for row in target if not row[2]], min(140, sum(not row[2] for row in target))
            )
            kept.append(hard)
    counts = Counter(name for rows in kept for row in rows for name in row[1])
    names = sorted(name for name, count in counts.items() if count >= MIN_CATEGORY * 10)
    place = {name: index for index, name in enumerate(names)}
    n_dense = len(SPAN_FEATURES) + len(SENTENCE_FEATURES)
    data: list[float] = []
    indices: list[int] = []
    indptr, starts = [0], []
    target_shares: list[float] = []
    for rows in kept:
        starts.append(len(target_shares))
        total = sum(row[2] for row in rows)
        for dense, categories, share in rows:
            for index in np.flatnonzero(dense):
                data.append(float(dense[index]))
                indices.append(int(index))
            for name in categories:
                if name in place:
                    data.append(1.0)
                    indices.append(n_dense + place[name])
            indptr.append(len(data))
            target_shares.append(share / total)
    matrix = csr_matrix((data, indices, indptr), shape=(len(target_shares), n_dense + len(names)))
    return Groups(matrix, np.array(starts), np.array(target_shares)), names


def _is_gold(chunk: str, example: Example) -> bool:
    return int(chunk) in example.question.gold


def sentence_groups(readings: Sequence[tuple[Reading, Example]]) -> Groups:
    """Sentence rows of all questions; the target is the gold passages' sentences that hold an answer."""
    rows: list[NDArray[np.float64]] = []
    target: list[float] = []
    starts: list[int] = []
    for reading, example in readings:
        wanted = [normalized(answer) for answer in example.question.answers]
        holds = [
            float(_is_gold(reading.hits[view.hit].passage.chunk, example) and any(answer in normalized(view.text) for answer in wanted))
            for view in reading.sentences
        ]
        if sum(holds):
            starts.append(len(rows))
            rows.extend(view.features for view in reading.sentences)
            target.extend(value / sum(holds) for value in holds)
    return Groups(csr_matrix(np.array(rows)), np.array(starts), np.array(target))


def fit_language(
    examples: Sequence[Example], words: AnswererWeights, *, use_cosines: bool, say: Callable[[str], None]
) -> tuple[LanguageWeights, dict[str, float]]:
    """Weights of one language. Support is fitted on the second half of the questions, whose spans the span weights have not seen."""
    random = Random(SEED)
    half = len(examples) * 3 // 5
    fitted = [(_read(example.answering, words, use_cosines), example) for example in examples[:half]]
    sentence = fit_softmax(sentence_groups(fitted), penalty=1e-4)
    groups, names = span_groups(fitted, sentence, words, random)
    say(f"spans: {len(groups.starts)} questions, {groups.matrix.shape[0]} rows, {len(names)} categories")
    span = fit_softmax(groups, penalty=2e-4)
    n_dense = len(SPAN_FEATURES) + len(SENTENCE_FEATURES)
    categories = {name: round(float(value), 3) for name, value in zip(names, span[n_dense:], strict=True) if abs(value) >= 0.03}
    weights = LanguageWeights(
        sentence=sentence.round(4),
        span=span[:n_dense].round(4),
        categories=categories,
        support=np.zeros(len(SUPPORT_FEATURES)),
        support_bias=0.0,
        threshold=0.5,
    )
    return fit_support(weights, examples[half:], words, use_cosines=use_cosines, say=say)


def fit_support(
    weights: LanguageWeights, examples: Sequence[Example], words: AnswererWeights, *, use_cosines: bool, say: Callable[[str], None]
) -> tuple[LanguageWeights, dict[str, float]]:
    """The weights with those of support and the threshold. The answering rows weigh as much as the lacking and foreign ones together."""
    rows, labels, kinds, scores = [], [], [], []
    for example in examples:
        for kind, evidence in (("answering", example.answering), ("lacking", example.lacking), ("foreign", example.foreign)):
            if not evidence.hits:
                continue
            reading = _read(evidence, words, use_cosines)
            spans = rank_spans(reading, weights, words)
            if spans:
                rows.append(support_features(reading, spans))
                labels.append(float(kind == "answering"))
                kinds.append(kind)
                if kind == "answering":
                    scores.append(max(token_f1(spans[0].text, answer) for answer in example.question.answers))
    table, truth, kind_of = np.array(rows), np.array(labels), np.array(kinds)
    shares = np.where(truth == 1, 0.5 / truth.sum(), 0.5 / (1 - truth).sum())
    support, bias = fit_logistic(table, truth, shares, np.array(SUPPORT_SIGNS), penalty=1e-3)
    probability = 1 / (1 + np.exp(-(table @ support + bias)))
    threshold = float(np.quantile(probability[truth == 1], ANSWERABLE_REFUSED))
    report = {"span_f1": round(float(np.mean(scores)), 3)}
    report |= {f"{kind}_refused": round(float(np.mean(probability[kind_of == kind] < threshold)), 3) for kind in ("lacking", "foreign")}
    say(f"held-out half: {report}")
    return replace(weights, support=support.round(4), support_bias=round(bias, 4), threshold=round(threshold, 4)), report


def _read(evidence: Evidence, words: AnswererWeights, use_cosines: bool) -> Reading:
    language = evidence.hits[0].passage.language
    return read_evidence(read_question(evidence.question, Route(language=language)), evidence, words.weight, use_cosines=use_cosines)


def english_questions(data: Path) -> tuple[list[tuple[str, str]], list[TrainingQuestion]]:
    """Passages and questions of SQuAD's train articles and HotpotQA; a HotpotQA question is searched in its own paragraphs."""
    place: dict[tuple[str, str], int] = {}
    squad = [row for row in read_jsonl(data / "reader_train" / "train.jsonl.gz") if row["from"] in ("squad", "squad_xquad")]
    for row in squad:
        place.setdefault((row["title"], row["context"]), len(place))
    questions = [
        TrainingQuestion(text=row["question"], answers=tuple(row["answers"]), gold=(place[row["title"], row["context"]],), origin="squad")
        for row in squad
    ]
    Random(SEED).shuffle(questions)
    questions = questions[:N_ENGLISH]
    for row in read_jsonl(data / "train_multihop" / "hotpotqa" / "train.jsonl.gz"):
        keys = [(paragraph["title"], paragraph["text"]) for paragraph in row["paragraphs"]]
        indexes = [place.setdefault(key, len(place)) for key in keys]
        gold = tuple(index for index, paragraph in zip(indexes, row["paragraphs"], strict=True) if paragraph["supporting"])
        if row["answer"] not in ("yes", "no") and row["type"] == "bridge":
            questions.append(
                TrainingQuestion(text=row["question"], answers=(row["answer"],), gold=gold, candidates=tuple(indexes), origin="hotpotqa")
            )
    Random(SEED).shuffle(questions)
    return list(place), questions


def chinese_questions(data: Path) -> tuple[list[tuple[str, str]], list[TrainingQuestion]]:
    """Passages and questions of DRCD (traditional) and the train part of CMRC 2018 (simplified)."""
    rows = read_jsonl(data / "zh_reader_train" / "train.jsonl.gz") + read_jsonl(data / "zh_cmrc" / "train_reader.jsonl.gz")
    place: dict[tuple[str, str], int] = {}
    for row in rows:
        place.setdefault((row.get("title", ""), row["context"]), len(place))
    questions = [
        TrainingQuestion(
            text=row["question"], answers=tuple(row["answers"]), gold=(place[row.get("title", ""), row["context"]],), origin="zh"
        )
        for row in rows
    ]
    Random(SEED).shuffle(questions)
    return list(place), questions[:N_CHINESE]


def fit(encoder: Encoder, data: Path, say: Callable[[str], None]) -> dict[str, Any]:
    """The whole recipe: encode, count terms, fit both languages with and without cosines; gives the JSON form."""
    sets = {"en": english_questions(data), "zh": chinese_questions(data)}
    pools, vectors = {}, {}
    for language, (texts, questions) in sets.items():
        say(f"{language}: encoding {len(texts)} passages and {len(questions)} questions")
        pools[language] = encode_pool(encoder, language, texts)
        vectors[language] = np.array([encoder.read(question.text, kind="query").vector for question in questions])
    return fit_pools(pools, {language: questions for language, (_, questions) in sets.items()}, vectors, encoder.fingerprint, say)


def fit_pools(
    pools: dict[str, Pool],
    questions: dict[str, list[TrainingQuestion]],
    vectors: dict[str, NDArray[np.float32]],
    encoder: str,
    say: Callable[[str], None],
) -> dict[str, Any]:
    """Fit on pools that are encoded already."""
    found, unknown = count_terms(list(pools.values()), [question for rows in questions.values() for question in rows])
    words = AnswererWeights(languages={}, terms=found, unknown=unknown)
    languages, reports = {}, {}
    for language, pool in pools.items():
        examples = list(build_examples(pool, questions[language], vectors[language], seed=SEED))
        for name, use_cosines in ((language, True), (f"{language}-lexical", False)):
            say(f"fitting {name}")
            weights, reports[name] = fit_language(examples, words, use_cosines=use_cosines, say=say)
            languages[name] = {
                "sentence": weights.sentence.tolist(),
                "span": weights.span.tolist(),
                "categories": dict(sorted(weights.categories.items())),
                "support": weights.support.tolist(),
                "support_bias": weights.support_bias,
                "threshold": weights.threshold,
            }
    by_weight: dict[str, list[str]] = {}
    for term, weight in sorted(found.items()):
        by_weight.setdefault(str(round(weight * 100)), []).append(term)
    body = {
        "languages": languages,
        "terms": {key: " ".join(row) for key, row in sorted(by_weight.items(), key=lambda pair: int(pair[0]))},
        "unknown": unknown,
    }
    fingerprint = sha256(json.dumps(body, sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:16]
    header = {
        "made_by": "python -m tadarag.training.answerer_weights",
        "data": SOURCES,
        "licence": "weights derived from SQuAD 1.1 (CC BY-SA 4.0), HotpotQA (CC BY-SA 4.0), DRCD (CC BY-SA 3.0), CMRC 2018 (CC BY-SA 4.0)",
        "seed": SEED,
        "encoder": encoder,
        "features": {"sentence": SENTENCE_FEATURES, "span": SPAN_FEATURES, "support": SUPPORT_FEATURES},
        "held_out": reports,
        "fingerprint": fingerprint,
    }
    return {"header": header, **body}


def main(arguments: Sequence[str] | None = None) -> int:
    """Command line of the recipe."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with reader_train, zh_reader_train, zh_cmrc and train_multihop")
    parser.add_argument("--out", type=Path, required=True, help="the JSON file to write")
    options = parser.parse_args(arguments)
    from tadarag.models.onnx_encoder import load_shipped  # onnxruntime only when the recipe runs

    content = fit(load_shipped(), options.data, lambda line: print(line, file=sys.stderr, flush=True))  # noqa: T201
    options.out.write_text(json.dumps(content, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
