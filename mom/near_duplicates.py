"""Which documents are near-duplicates, and how documents are split so that those fall on one side."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import blake2b, sha256
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from mom.terms import terms

THRESHOLD = 0.8
N_HASHES, N_BANDS = 128, 32  # bands of four: a pair of similarity 0.8 shares one with probability 1 - 5e-8
SHINGLE = 5  # terms
HELD_OUT = 0.1


def signature(text: str) -> NDArray[np.uint64]:
    """MinHash of a text's shingles of five terms: uint64[128]. Source: Broder, SEQUENCES 1997."""
    words = terms(text)
    shingles = {" ".join(words[start : start + SHINGLE]) for start in range(max(1, len(words) - SHINGLE + 1))}
    keys = np.array([int.from_bytes(blake2b(one.encode(), digest_size=8).digest(), "little") for one in sorted(shingles)], np.uint64)
    low = np.full(N_HASHES, np.iinfo(np.uint64).max, np.uint64)
    for index in range(N_HASHES):
        low[index] = _mixed(keys ^ np.uint64((index + 1) * 0x9E3779B97F4A7C15 & 0xFFFFFFFFFFFFFFFF)).min()
    return low


def near_duplicate_groups(texts: Sequence[str], *, threshold: float = THRESHOLD) -> list[int]:
    """For each text the index of the first text of its group; texts that are similar through others share one.

    threshold: least estimated Jaccard similarity of two near-duplicates; pairs far below 0.8 may be missed.
    """
    signatures = [signature(text) for text in texts]
    parent = list(range(len(texts)))

    def root(index: int) -> int:
        while parent[index] != index:
            parent[index] = parent[parent[index]]
            index = parent[index]
        return index

    for one, other in sorted(_candidates(signatures)):
        if float(np.mean(signatures[one] == signatures[other])) >= threshold:
            low, high = sorted((root(one), root(other)))
            parent[high] = low
    return [root(index) for index in range(len(texts))]


def split_documents(texts: Sequence[str], *, held_out: float = HELD_OUT) -> list[str]:
    """ "train" or "validation" for each text. Near-duplicates fall on one side; which one follows from a text's hash alone, not from order.

    held_out: expected share of groups in "validation".
    """
    hashes = [sha256(text.encode("utf-8", "surrogatepass")).hexdigest() for text in texts]
    groups = near_duplicate_groups(texts)
    least: dict[int, str] = {}
    for group, digest in zip(groups, hashes, strict=True):
        least[group] = min(digest, least.get(group, digest))
    return ["validation" if int(least[group][:8], 16) < held_out * 2**32 else "train" for group in groups]


def _candidates(signatures: Sequence[NDArray[np.uint64]]) -> Iterable[tuple[int, int]]:
    """Pairs that share a whole band."""
    rows = N_HASHES // N_BANDS
    buckets: dict[tuple[int, bytes], list[int]] = {}
    for index, one in enumerate(signatures):
        for band in range(N_BANDS):
            buckets.setdefault((band, one[band * rows : (band + 1) * rows].tobytes()), []).append(index)
    return {pair for members in buckets.values() for pair in combinations(members, 2)}


def _mixed(keys: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """SplitMix64's finaliser: a bijection that scatters. Source: Steele, Lea and Flood, OOPSLA 2014."""
    keys = (keys ^ (keys >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    keys = (keys ^ (keys >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return keys ^ (keys >> np.uint64(31))
