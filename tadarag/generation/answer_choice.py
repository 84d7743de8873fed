"""The trained choice between the answers that could be given: trees that say how likely each is right."""

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
from tadarag.models.model_files import checked_file, read_manifest
from tadarag.models.trees import Trees, trees_of

SHIPPED_FOLDER = Path(models.__file__).parent / "files" / "answer_choice"
MANIFEST, TREES = "answer_choice.json", "trees.npz"
_STRICT = ("who", "when", "howmany")
_REQUIRED = frozenset({"fingerprint", "answerer", "features", "threshold", "files"})


class AnswerChoice:
    """Trees over FEATURES and the least probability at which an answer is given.

    answerer: the fingerprint of the network whose readings the trees know.
    """

    def __init__(self, trees: Trees, *, threshold: float, answerer: str, fingerprint: str) -> None:
        self.threshold, self.answerer, self.fingerprint = threshold, answerer, fingerprint
        self._trees = trees

    def probabilities(self, features: NDArray[np.float64]) -> NDArray[np.float64]:
        """float64[n] in (0, 1): the F1 to expect of each candidate of float64[n, len(FEATURES)], as a share."""
        return expected_shares(self._trees, features)


def expected_shares(trees: Trees, features: NDArray[np.float64]) -> NDArray[np.float64]:
    """float64[n]: the logistic of the trees' scores; halved for words that cannot be the person, the time or the number that is asked for.

    Halving changes nothing on the questions that trees are trained on (half A: 48.8 F1 both times), and holds where documents are unlike those.
    """
    column = FEATURES.index
    is_words = np.isin(features[:, column("form")], [FORMS.index("span"), FORMS.index("quoted")])
    is_strict = np.isin(features[:, column("asks")], [ASKS.index(asked) for asked in _STRICT])
    clashes = is_words & is_strict & (features[:, column("clashes")] > 0)
    shares: NDArray[np.float64] = np.where(clashes, 0.5, 1.0) / (1.0 + np.exp(-trees.scores(features)))
    return shares


@cache
def load_choice(folder: Path = SHIPPED_FOLDER) -> AnswerChoice:
    """The choice in a folder, by default that which comes with tadarag, read once.

    Raises ModelFileDamaged for a file whose sha256 is not the manifest's, and for trees that were made for other features.
    """
    manifest: Mapping[str, Any] = read_manifest(folder / MANIFEST, required=_REQUIRED)
    if tuple(manifest["features"]) != FEATURES:
        raise ModelFileDamaged(
            f"the trees in {folder} were made for other features than this version computes", "train them again: tadarag train run answerer"
        )
    with np.load(checked_file(folder, manifest, TREES)) as arrays:
        trees = trees_of({name: arrays[name] for name in arrays.files})
    return AnswerChoice(
        trees,
        threshold=float(manifest["threshold"]),
        answerer=str(manifest["answerer"]),
        fingerprint=str(manifest["fingerprint"]),
    )
