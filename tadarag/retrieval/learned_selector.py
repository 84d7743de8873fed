"""The trained selector: trees over the features of all layers, steadied by formula S, with scores that are probabilities."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np

from tadarag import models
from tadarag.errors import ModelFileDamaged
from tadarag.models.model_files import checked_file, read_manifest
from tadarag.models.trees import trees_of
from tadarag.retrieval.candidates import Candidates
from tadarag.retrieval.features import FEATURES, candidate_features
from tadarag.retrieval.ranking import Scores, share_of_best
from tadarag.retrieval.selector import Selection

SHIPPED_FOLDER = Path(models.__file__).parent / "files" / "selector"
MANIFEST, TREES = "selector.json", "trees.npz"
_REQUIRED = frozenset({"fingerprint", "encoder", "features", "formula_weight", "calibration", "files"})
_SMALLEST = 1e-6


@cache
def load_selector() -> LearnedSelector:
    """The selector that comes with tadarag, read once. Raises ModelFileDamaged."""
    return LearnedSelector()


class LearnedSelector:
    """A selector from a folder with selector.json and trees.npz.

    Raises ModelFileDamaged for a file whose sha256 is not the manifest's, and for trees that were made for other features.
    """

    def __init__(self, folder: Path = SHIPPED_FOLDER) -> None:
        manifest = read_manifest(folder / MANIFEST, required=_REQUIRED)
        if tuple(manifest["features"]) != FEATURES:
            raise ModelFileDamaged(
                f"the trees in {folder} were made for other features than this version computes",
                "train them again: tadarag train run selector",
            )
        with np.load(checked_file(folder, manifest, TREES)) as arrays:
            self.trees = trees_of({name: arrays[name] for name in arrays.files})
        self._formula_weight = float(manifest["formula_weight"])
        self._slope, self._offset = (float(manifest["calibration"][name]) for name in ("slope", "offset"))
        self.fingerprint = str(manifest["fingerprint"])
        self.encoder = str(manifest["encoder"])
        """The fingerprint of the encoder whose cosines the trees were trained on."""

    def select(self, candidates: Candidates) -> Selection:
        """All candidates by blended score, ties by key; scores are the probability that a passage is one of those that answer."""
        blended = blend(self.trees.scores(candidate_features(candidates)), candidates.formula, formula_weight=self._formula_weight)
        order = np.lexsort((candidates.snapshot.rows.keys[candidates.rows], -blended))
        probabilities = 1.0 / (1.0 + np.exp(-(self._slope * blended[order] + self._offset)))
        return Selection(order=order, scores=np.maximum(probabilities, _SMALLEST))


def blend(trusted: Scores, formula: Scores, *, formula_weight: float) -> Scores:
    """float64[n]: what the trees say, float64[n], plus S as a share of the candidates' best, times its weight.

    Trees err where a question is unlike those they saw; S does not know what was seen.
    """
    return trusted + formula_weight * share_of_best(formula)
