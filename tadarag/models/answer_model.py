"""The shipped answerer's network on onnxruntime: states of a question, a lead and passages in; places and verdicts out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tadarag.models.model_files import checked_file, open_session, read_manifest

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

SHIPPED_ANSWERER = Path(__file__).parent / "files" / "answerer"
MAX_PASSAGES = 6
"""Passages in one reading: each has its own role."""
MAX_ANSWER_PIECES = 30
MANIFEST, _GRAPH = "answerer.json", "answerer.onnx"
_REQUIRED = frozenset({"fingerprint", "trunk", "files", "shape"})
_QUESTION, _LEAD, _FIRST_PASSAGE = 0, 1, 2
_ANSWERED, _RELEVANT, _FIRST_KIND = 0, 1, 2
KINDS = ("span", "yes", "no")

States = NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class PieceSpan:
    """Pieces `first` to `last` of a passage, and the logit of the answer being these above that of its being nowhere."""

    passage: int
    first: int
    last: int
    margin: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What the network makes of one question and its passages.

    spans: the best answers, best first, that do not overlap. answered, relevant: probabilities that the passages answer the question, and
    that they belong to what answers it. kinds: probabilities by KINDS, given that they answer.
    """

    spans: tuple[PieceSpan, ...]
    answered: float
    relevant: float
    kinds: tuple[float, float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Logits:
    """The network's own figures of one reading.

    ends: float32[1 + pieces, 2], of the first and last piece of the answer; the mark ("not here") at 0, then the passages' pieces.
    verdicts: float32[5]: answered, relevant, and the kinds by KINDS.
    """

    ends: NDArray[np.float32]
    verdicts: NDArray[np.float32]


class AnswerModel:
    """A network from a folder with answerer.onnx and answerer.json.

    One question a run on the thread that asks: nothing beside it moves a result. Raises ModelFileDamaged for an unusable manifest; the graph
    is checked against its sha256 at the first run.
    """

    def __init__(self, folder: Path = SHIPPED_ANSWERER) -> None:
        self._folder = folder
        self._manifest = read_manifest(folder / MANIFEST, required=_REQUIRED)
        self._opened: InferenceSession | None = None
        self._opening = Lock()

    @property
    def fingerprint(self) -> str:
        """sha256 over the graph and the name of the trunk."""
        return str(self._manifest["fingerprint"])

    @property
    def trunk(self) -> str:
        """The states that it reads (`Encoder.trunk`)."""
        return str(self._manifest["trunk"])

    def read(
        self,
        question: States,
        passages: Sequence[States],
        *,
        lead: States | None = None,
        n_spans: int = 1,
    ) -> Reading:
        """Read 1 to MAX_PASSAGES passages together: trunk states float32[pieces, width] of each text. lead: of a sentence that led to them.

        Raises ValueError for no passage or too many.
        """
        logits = self.logits(question, passages, lead=lead)
        verdicts = logits.verdicts
        kinds = np.exp(verdicts[_FIRST_KIND:] - verdicts[_FIRST_KIND:].max())
        kinds /= kinds.sum()
        return Reading(
            spans=best_spans(logits.ends, [len(states) for states in passages], n=n_spans),
            answered=_logistic(verdicts[_ANSWERED]),
            relevant=_logistic(verdicts[_RELEVANT]),
            kinds=(float(kinds[0]), float(kinds[1]), float(kinds[2])),
        )

    def logits(self, question: States, passages: Sequence[States], *, lead: States | None = None) -> Logits:
        """What the network gives for such a reading, before anything is made of it; arguments and errors are those of `read`."""
        if not 0 < len(passages) <= MAX_PASSAGES:
            raise ValueError(f"{len(passages)} passages; a reading has 1 to {MAX_PASSAGES}")
        texts = [(_QUESTION, question), *([(_LEAD, lead)] if lead is not None else [])]
        before = sum(len(states) for _, states in texts)
        texts += [(_FIRST_PASSAGE + number, states) for number, states in enumerate(passages)]
        roles = np.repeat([role for role, _ in texts], [len(states) for _, states in texts]).astype(np.int64)
        inputs = {"states": np.concatenate([states for _, states in texts])[None].astype(np.float32), "roles": roles[None]}
        ends, verdicts = self._session.run(["ends", "verdicts"], inputs)
        return Logits(ends=np.concatenate([ends[:1], ends[before + 1 :]]), verdicts=verdicts)

    @property
    def _session(self) -> InferenceSession:
        with self._opening:
            if self._opened is None:
                self._opened = open_session(checked_file(self._folder, self._manifest, _GRAPH))
            return self._opened


def best_spans(ends: NDArray[np.float32], lengths: Sequence[int], *, before: int = 0, n: int) -> tuple[PieceSpan, ...]:
    """The n best spans inside one passage each that overlap no better one, best first, the earlier of equal ones.

    ends: float32[1 + pieces, 2], logits of the first and last piece of the answer, the mark at 0. lengths: pieces of each passage; they
    follow each other after `before` pieces.
    """
    nowhere = float(ends[0].sum())
    found: list[PieceSpan] = []
    offset = before + 1
    for passage, length in enumerate(lengths):
        starts, stops = ends[offset : offset + length, 0], ends[offset : offset + length, 1]
        offset += length
        sums = starts[:, None].astype(np.float64) + stops[None, :]
        reach = np.arange(length)[None, :] - np.arange(length)[:, None]
        sums[(reach < 0) | (reach >= MAX_ANSWER_PIECES)] = -np.inf
        for _ in range(min(n, length)):
            first, last = divmod(int(sums.argmax()), length)
            if sums[first, last] == -np.inf:
                break
            found.append(PieceSpan(passage=passage, first=first, last=last, margin=float(sums[first, last]) - nowhere))
            sums[: last + 1, first:] = -np.inf  # all that begin before its end and end after its start
    return tuple(sorted(found, key=lambda span: (-span.margin, span.passage, span.first))[:n])


def _logistic(logit: float) -> float:
    return float(1 / (1 + np.exp(-float(logit))))
