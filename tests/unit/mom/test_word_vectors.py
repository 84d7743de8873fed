from hashlib import sha256
from importlib.resources import files

import numpy as np
import pytest

from mom.word_table import shipped_word_table
from mom.word_vectors import shipped_word_vectors


def cosine(one: str, other: str) -> float:
    vectors = shipped_word_vectors()
    left, right = vectors.total([one]).astype(float), vectors.total([other]).astype(float)
    return float(left @ right / np.sqrt((left @ left) * (right @ right)))


@pytest.mark.parametrize("name", ["word_vectors.npy", "word_table.tsv", "boundary_weights.json"])
def test_the_shipped_data_is_that_which_its_readme_names(name: str) -> None:
    content = files("mom").joinpath(f"data/{name}").read_bytes()
    readme = files("mom").joinpath("data/README.md").read_text("utf-8")
    assert sha256(content).hexdigest() in readme
    assert len(content) <= 3_500_000


def test_every_term_of_the_word_table_has_a_vector() -> None:
    vectors = shipped_word_vectors()
    assert vectors.rows.keys() == shipped_word_table().weights.keys()
    assert vectors.values.dtype == np.int8


def test_words_used_about_the_same_things_point_the_same_way() -> None:
    assert cosine("guitar", "album") > cosine("guitar", "river") + 0.1
    assert cosine("火山", "岩石") > cosine("火山", "歌手") + 0.1


def test_words_that_tell_little_are_short() -> None:
    the, volcano = (int(np.square(shipped_word_vectors().total([word])).sum()) for word in ("the", "volcano"))
    assert the * 2 < volcano


def test_sums_are_exact_and_unknown_words_add_nothing() -> None:
    vectors = shipped_word_vectors()
    total = vectors.total(["dam", "river", "xqzzt", "dam"])
    assert np.array_equal(total, 2 * vectors.total(["dam"]) + vectors.total(["river"]))
    assert not vectors.total(["xqzzt"]).any()
