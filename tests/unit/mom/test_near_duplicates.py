from random import Random

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from mom.near_duplicates import near_duplicate_groups, signature, split_documents

WORDS = [f"word{n}" for n in range(3000)]


def document(seed: int, n: int = 400) -> str:
    return " ".join(Random(seed).choices(WORDS, k=n))


def test_a_small_change_leaves_a_near_duplicate() -> None:
    text = document(1)
    assert near_duplicate_groups([text, document(2), text.replace("word7 ", "other ") + " end"]) == [0, 1, 0]


def test_documents_with_half_their_text_in_common_are_not_near_duplicates() -> None:
    assert near_duplicate_groups([f"{document(1)} {document(2)}", f"{document(1)} {document(3)}"]) == [0, 1]


def test_the_share_of_equal_hashes_estimates_the_similarity() -> None:
    one, other = f"{document(1)} {document(2)}", f"{document(1)} {document(3)}"
    assert abs(float(np.mean(signature(one) == signature(other))) - 1 / 3) < 0.15


def test_near_duplicates_share_a_split() -> None:
    texts = [document(seed) for seed in range(40)]
    splits = split_documents([*texts, *(text + " end" for text in texts)])
    assert splits[:40] == splits[40:]
    assert set(splits) == {"train", "validation"}


@settings(max_examples=20, deadline=None)
@given(order=st.permutations(range(6)))
def test_the_split_of_a_document_does_not_depend_on_the_order(order: list[int]) -> None:
    texts = [document(seed, 60) for seed in range(4)] + [document(0, 60) + " x", "短文本。"]
    assert split_documents([texts[index] for index in order]) == [split_documents(texts)[index] for index in order]


def test_empty_and_short_texts_have_signatures() -> None:
    assert near_duplicate_groups(["", "one", "one", "山"]) == [0, 1, 1, 3]
