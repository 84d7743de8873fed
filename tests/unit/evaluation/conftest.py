"""A world of links, and runs over it that several tests look at."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tadarag.evaluation.beir import Dataset, Passages, Question
from tadarag.evaluation.retrieval_run import RetrievalRun, run_retrieval
from tadarag.testing.hashing_encoder import HashingEncoder

Run = Callable[..., RetrievalRun]

_STARTS = ["Bra", "Cor", "Del", "Fen", "Gal", "Hol", "Kir", "Lum", "Mor", "Nev"]
_PRODUCT_ENDS = ["vix", "dast"]
_MAKER_ENDS = ["hurst", "wick"]
_PAGES = ["care", "colours", "spare parts", "safety"]


@pytest.fixture(scope="session")
def world() -> Dataset:
    """A made-up world in which half of the answers can only be reached by a link.

    A product's pages name its maker; the maker's page names no product. 20 products with five pages each, 20 makers and 20
    unrelated pages; every question needs a product's main page and its maker's page.
    """
    # a second name in each question: a question that names one subject only may leave before links are followed
    passages = [("country", "Veldland", "A country of rivers, woods and old towns.")]
    questions: list[Question] = []
    qrels: dict[str, frozenset[str]] = {}
    names = [(start + product, start + maker) for product, maker in zip(_PRODUCT_ENDS, _MAKER_ENDS, strict=True) for start in _STARTS]
    towns = [f"{start.lower()}ton" for start in _STARTS]
    for number, (product, maker) in enumerate(names):
        passages.append((f"p{number}", product, f"The {product} is a machine that comes from {maker}."))
        passages += [(f"p{number}-{page}", f"{product} {page}", f"The {product} and its {page}: notes for its owners.") for page in _PAGES]
        passages.append((f"m{number}", maker, f"Its works stand in {towns[number % 10]} near bridge {number} since long ago."))
        passages.append((f"x{number}", f"Weather report {number}", f"Rain fell on day {number} and the wind turned north."))
        questions.append(
            Question(
                id=f"q{number}", text=f"In Veldland, which street leads to the firm behind the {product}?", metadata={"type": "bridge"}
            )
        )
        qrels[f"q{number}"] = frozenset({f"p{number}", f"m{number}"})
    ids, titles, texts = zip(*passages, strict=True)
    return Dataset(
        name="link world",
        passages=Passages(ids=ids, titles=titles, texts=texts),
        questions=tuple(questions),
        qrels=qrels,
        digest="made here",
    )


@pytest.fixture(scope="session")
def run() -> Run:
    """Runs a data set with the hashing encoder; the same call gives the same run."""
    known: dict[object, RetrievalRun] = {}

    def run_once(dataset: Dataset, *systems: str) -> RetrievalRun:
        key = (dataset.name, dataset.passages.ids, systems)
        if key not in known:
            known[key] = run_retrieval(dataset, encoder=HashingEncoder(256), systems=systems)
        return known[key]

    return run_once
