"""Changes to a data set after which an honest system must score differently, or the same; for tests and for doubting a good figure.

1. `with_shuffled_gold`: the labels name other passages: every measure must fall to chance.
2. `with_permuted_titles`: titles lead to the wrong passages: what links gain must vanish.
3. `reordered`: the corpus in another order: nothing may change.
"""

from __future__ import annotations

from dataclasses import replace

from tadarag.evaluation.beir import Dataset, shuffle_key


def with_shuffled_gold(dataset: Dataset, *, seed: int = 1) -> Dataset:
    """The same questions with gold labels carried over to other passages by one fixed permutation of all passage ids."""
    circle = sorted(dataset.passages.ids, key=lambda identifier: shuffle_key(identifier, seed=seed))
    moved = dict(zip(circle, circle[1:] + circle[:1], strict=True))
    qrels = {question: frozenset(moved[passage] for passage in gold) for question, gold in dataset.qrels.items()}
    return replace(dataset, name=f"{dataset.name}, gold shuffled", qrels=qrels)


def with_permuted_titles(dataset: Dataset, *, seed: int = 1) -> Dataset:
    """The same passages, each under the title of another."""
    passages = dataset.passages
    donors = sorted(range(len(passages)), key=lambda place: shuffle_key(passages.ids[place], seed=seed))
    titles = [""] * len(passages)
    for place, donor in zip(donors, donors[1:] + donors[:1], strict=True):
        titles[place] = passages.titles[donor]
    return replace(dataset, name=f"{dataset.name}, titles permuted", passages=replace(passages, titles=tuple(titles)))


def reordered(dataset: Dataset, *, seed: int) -> Dataset:
    """The same data set with its passages in another order."""
    passages = dataset.passages
    order = sorted(range(len(passages)), key=lambda place: shuffle_key(passages.ids[place], seed=seed))
    return replace(dataset, passages=passages.taken(order))


def chance_of_recall(k: int, n_passages: int) -> float:
    """Expected recall@k of a ranking that knows nothing."""
    return min(1.0, k / n_passages)
