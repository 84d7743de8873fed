"""The shipped extractor's network on onnxruntime: states and names in, probabilities of spans and pairs out."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tadarag.models.model_files import checked_file, open_session, read_manifest

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

SHIPPED_EXTRACTOR = Path(__file__).parent / "files" / "extractor"
MANIFEST = "extractor.json"
_FILES = ("names.onnx", "upper.onnx", "pairs.onnx")
_REQUIRED = frozenset({"fingerprint", "trunk", "files", "shape", "thresholds"})


@dataclass(frozen=True, slots=True, kw_only=True)
class NameVectors:
    """What spans or pairs are multiplied with: vectors float32[n, inner] and biases float32[n], one for each name."""

    vectors: NDArray[np.float32]
    biases: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.biases)


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoredSpans:
    """One text after its run.

    probabilities: float32[tokens, max_width, names], of the span from a token over 1 to max_width tokens; those of spans that reach beyond
    the text mean nothing. hidden float32[tokens, width] and edges float32[tokens, 2 * inner] are what pairs are scored from.
    """

    probabilities: NDArray[np.float32]
    hidden: NDArray[np.float32]
    edges: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class _Sessions:
    names: InferenceSession
    upper: InferenceSession
    pairs: InferenceSession


class ExtractorModel:
    """A network from a folder with names.onnx, upper.onnx, pairs.onnx and extractor.json.

    One text a run on the thread that asks, as the encoder's: nothing beside a text moves its probabilities. Raises ModelFileDamaged for an
    unusable manifest; the other files are checked against their sha256 at the first run.
    """

    def __init__(self, folder: Path = SHIPPED_EXTRACTOR) -> None:
        self._folder = folder
        self._manifest = read_manifest(folder / MANIFEST, required=_REQUIRED)
        self._opened: _Sessions | None = None
        self._opening = Lock()

    @property
    def fingerprint(self) -> str:
        """sha256 over the files, the thresholds and the name of the trunk."""
        return str(self._manifest["fingerprint"])

    @property
    def trunk(self) -> str:
        """The states that it reads (`Encoder.trunk`)."""
        return str(self._manifest["trunk"])

    @property
    def span_threshold(self) -> float:
        """From which probability on a span is a name."""
        return float(self._manifest["thresholds"]["span"])

    @property
    def pair_threshold(self) -> float:
        """From which probability on a pair is a fact."""
        return float(self._manifest["thresholds"]["pair"])

    @property
    def width(self) -> int:
        """Floats in a state and in a name's vector."""
        return int(self._manifest["shape"]["width"])

    @property
    def max_width(self) -> int:
        """Tokens in the widest span that it scores."""
        return int(self._manifest["shape"]["max_width"])

    def project(self, names: NDArray[np.float32]) -> tuple[NameVectors, NameVectors]:
        """Encoder vectors of names float32[n, width], as types and as relations."""
        outputs = ["type_vectors", "type_biases", "relation_vectors", "relation_biases"]
        types, type_biases, relations, relation_biases = self._sessions.names.run(outputs, {"names": names})
        return NameVectors(vectors=types, biases=type_biases), NameVectors(vectors=relations, biases=relation_biases)

    def spans(self, states: NDArray[np.float32], types: NameVectors) -> ScoredSpans:
        """Read one text of at least one token: trunk states float32[tokens, width]."""
        inputs = {"states": states[None], "vectors": types.vectors, "biases": types.biases}
        probabilities, hidden, edges = self._sessions.upper.run(["probabilities", "hidden", "edges"], inputs)
        return ScoredSpans(probabilities=probabilities, hidden=hidden, edges=edges)

    def pairs(
        self, scored: ScoredSpans, chosen: NDArray[np.int64], ordered: NDArray[np.int64], relations: NameVectors
    ) -> NDArray[np.float32]:
        """Probabilities float32[pairs, relations] of one text.

        chosen: first and last token of each span, int64[k, 2]. ordered: heads and tails as indexes of spans, int64[pairs, 2].
        """
        inputs = {
            "hidden": scored.hidden,
            "edges": scored.edges,
            "firsts": chosen[:, 0],
            "lasts": chosen[:, 1],
            "heads": ordered[:, 0],
            "tails": ordered[:, 1],
            "vectors": relations.vectors,
            "biases": relations.biases,
        }
        probabilities: NDArray[np.float32] = self._sessions.pairs.run(["probabilities"], inputs)[0]
        return probabilities

    def verify(self) -> None:
        """Read every file and compare it with the manifest. Raises ModelFileDamaged naming file, expected and found hash."""
        for name in self._manifest["files"]:
            checked_file(self._folder, self._manifest, name)

    @property
    def _sessions(self) -> _Sessions:
        with self._opening:
            if self._opened is None:
                self._opened = _Sessions(*(open_session(checked_file(self._folder, self._manifest, name)) for name in _FILES))
            return self._opened
