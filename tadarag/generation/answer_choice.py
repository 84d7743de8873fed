"""The trained choice between the answers that could be given: trees that say how likely each is right, and trees that say whether to speak at all."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tadarag import models
from tadarag.errors import ModelFileDamaged
from tadarag.generation.answer_candidates import ASKS, FEATURES, FORMS
from tadarag.generation.silence_features import SILENCE_FEATURES, silence_features
from tadarag.models.model_files import checked_file, read_manifest
from tadarag.models.trees import Trees, trees_of

SHIPPED_FOLDER = Path(models.__file__).parent / "files" / "answer_choice"
MANIFEST, TREES, SILENCE = "answer_choice.json", "trees.npz", "silence.npz"
Array = NDArray[np.float64]
_LEFT_WHERE_IT_CLASHES = {"who": 0.5, "when": 0.1, "howmany": 0.5}
"""By what is asked for: the part of a share that is left to words that cannot be that."""
_REQUIRED = frozenset({"fingerprint", "answerer", "features", "silence_features", "threshold", "files"})


class AnswerChoice:
    """Trees over FEATURES of candidates, trees over SILENCE_FEATURES, and the least probability at which an answer is given.

    answerer: the fingerprint of the network whose readings the trees know.
    """

    def __init__(self, trees: Trees, silence: Trees, *, threshold: float, answerer: str, fingerprint: str) -> None:
        self.threshold, self.answerer, self.fingerprint = threshold, answerer, fingerprint
        self._trees, self._silence = trees, silence

    def shares(self, features: Array) -> Array:
        """float64[n] in (0, 1): the F1 to expect of each candidate of float64[n, len(FEATURES)], as a share."""
        return expected_shares(self._trees, features)

    def confidence(self, shares: Array, features: Array) -> float:
        """The probability that what was read answers the question. shares: of all its candidates, as `shares` gives them."""
        return answered_probability(self._silence, shares, features)


def answered_probability(trees: Trees, shares: Array, features: Array) -> float:
    """The logistic of the trees' score of what was read; where the best candidate is a side, yes or no that passages decide, how likely they do.

    On half A 118 of 120 questions that passages about both things decide have these, though what makes trees sure differs between files. shares: as of
    `AnswerChoice.confidence`.
    """
    best = features[int(shares.argmax())]
    is_side_or_verdict = int(best[FEATURES.index("form")]) in (FORMS.index("side"), FORMS.index("yes_no"))
    if is_side_or_verdict and (decided := float(best[FEATURES.index("is_decided")])) > 0:
        return decided
    return float(1.0 / (1.0 + np.exp(-trees.scores(silence_features(shares, features)[None])[0])))


def expected_shares(trees: Trees, features: Array) -> Array:
    """float64[n]: the logistic of the trees' scores, 1 for what is decided; halved for words that cannot be the person or number asked for, a tenth for
    those that cannot be the time, and 0 for words of a passage where yes and no can be said.

    Lowering costs what lies within noise on encyclopaedias (half A: 62.9 F1 without, 62.5 with; half B: 58.5 both times), and holds where documents are
    unlike those.
    """
    column = FEATURES.index
    is_words = np.isin(features[:, column("form")], [FORMS.index("span"), FORMS.index("quoted")])
    left = np.array([_LEFT_WHERE_IT_CLASHES.get(asked, 1.0) for asked in ASKS])[features[:, column("asks")].astype(int)]
    clashes = is_words & (features[:, column("clashes")] > 0)
    shares: Array = np.where(clashes, left, 1.0) / (1.0 + np.exp(-trees.scores(features)))
    is_yes_no, is_span = (features[:, column("form")] == FORMS.index(form) for form in ("yes_no", "span"))
    shares = np.where(is_span & is_yes_no.any(), 0.0, shares)
    return np.where(features[:, column("is_decided")] > 0, 1.0, shares)


@cache
def load_choice(folder: Path = SHIPPED_FOLDER) -> AnswerChoice:
    """The choice in a folder, by default that which comes with tadarag, read once.

    Raises ModelFileDamaged for a file whose sha256 is not the manifest's, and for trees that were made for other features.
    """
    manifest: Mapping[str, Any] = read_manifest(folder / MANIFEST, required=_REQUIRED)
    if tuple(manifest["features"]) != FEATURES or tuple(manifest["silence_features"]) != SILENCE_FEATURES:
        raise ModelFileDamaged(
            f"the trees in {folder} were made for other features than this version computes", "train them again: tadarag train run answerer"
        )
    trees, silence = (_read_trees(checked_file(folder, manifest, name)) for name in (TREES, SILENCE))
    return AnswerChoice(
        trees,
        silence,
        threshold=float(manifest["threshold"]),
        answerer=str(manifest["answerer"]),
        fingerprint=str(manifest["fingerprint"]),
    )


def _read_trees(file: Path) -> Trees:
    with np.load(file) as arrays:
        return trees_of({name: arrays[name] for name in arrays.files})
