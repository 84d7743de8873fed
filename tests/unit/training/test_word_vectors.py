import numpy as np

from mom.word_table import FrozenWordTable
from tadarag.training.word_vectors import DIMENSION, in_int8, read_passages, teach

TABLE = FrozenWordTable("test", {f"{topic}{index}": 5.0 for topic in "abcd" for index in range(8)}, 9.0)


def text(topic: str, shift: int) -> str:
    words = [f"{topic}{(index * 3 + shift) % 8}" for index in range(30)]
    return " ".join(f"{' '.join(['The', *words[start : start + 6]])}." for start in range(0, 30, 6))


def cosine(vectors: np.ndarray, one: str, other: str) -> float:
    left, right = (vectors[list(TABLE.weights).index(term)].astype(float) for term in (one, other))
    return float(left @ right / np.linalg.norm(left) / np.linalg.norm(right))


def test_words_of_the_same_passages_are_drawn_together() -> None:
    first = np.random.default_rng(5).normal(size=(32, DIMENSION)).astype(np.float32)
    passages = read_passages([text(topic, shift) for topic in "abcd" for shift in range(8)], TABLE)
    taught = teach(first, passages, n_steps=60, seed=1)
    assert cosine(taught, "a1", "a6") > cosine(first, "a1", "a6") + 0.2
    assert cosine(taught, "a1", "a6") > cosine(taught, "a1", "b6") + 0.2


def test_teaching_twice_gives_the_same_vectors() -> None:
    first = np.random.default_rng(5).normal(size=(32, DIMENSION)).astype(np.float32)
    passages = read_passages([text(topic, 0) for topic in "abcd"], TABLE)
    assert np.array_equal(teach(first, passages, n_steps=3, seed=1), teach(first, passages, n_steps=3, seed=1))


def test_a_passage_of_one_sentence_or_of_few_known_words_teaches_nothing() -> None:
    assert read_passages(["A1 b2 c3 unknown words. Second one.", "x " * 50], TABLE) == []


def test_each_language_fills_the_range_of_int8() -> None:
    vectors = np.array([[1.0, -0.5], [0.2, 0.1], [100.0, 50.0]], np.float32)
    rounded = in_int8(vectors, np.array([False, False, True]))
    assert rounded.dtype == np.int8
    assert np.abs(rounded[:2]).max() == np.abs(rounded[2]).max() == 127
