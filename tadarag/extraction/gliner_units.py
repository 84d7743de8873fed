"""Any GLiNER model as an extractor: the template's types enter as words, so that a new template works at once."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any, Protocol

from tadarag.errors import ModelError, UsageError
from tadarag.extraction.assembly import UnitwiseExtractor
from tadarag.extraction.extractor import Unit
from tadarag.findings import Findings, FoundName
from tadarag.templates.template import EntityType, Template, shown_name
from tadarag.values import Span

RULES = "gliner-1"  # raise with every change that can alter what is made of the same entities
THRESHOLD = 0.5
"""What GLiNER itself takes for found."""
_EDGE_BYTES = 1 << 20


class GlinerModel(Protocol):
    """The part of `gliner.GLiNER` that is called: entities of a text as dictionaries with start, end, text, label and score."""

    def predict_entities(
        self, text: str, labels: list[str], flat_ner: bool = True, threshold: float = 0.5, multi_label: bool = False
    ) -> list[dict[str, Any]]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class GlinerUnits:
    """A `UnitExtractor` over a GLiNER model. name: names its weights in the fingerprint. It states no facts: those are found by rules.

    Only one thread at a time is in the model.
    """

    model: GlinerModel
    name: str
    threshold: float = THRESHOLD
    _guard: threading.Lock = field(default_factory=threading.Lock, compare=False)

    @property
    def fingerprint(self) -> str:
        """Rules, weights and threshold."""
        return f"{RULES}/{self.name}/{self.threshold:g}"

    @property
    def trunk(self) -> str:
        """Empty: it reads text, not states."""
        return ""

    def read(self, unit: Unit, template: Template) -> Findings:
        """See `UnitExtractor`. What does not stand where the model says, or crosses a sentence's end, is dropped and counted."""
        if not any(character.isalnum() for character in unit.text):
            return Findings()
        types = {shown_name(one, "en"): one for one in template.entity_types}
        with self._guard:
            stated = self.model.predict_entities(unit.text, list(types), flat_ner=True, threshold=self.threshold, multi_label=False)
        found = [_name(one, unit, types) for one in stated]
        names = _without_overlaps([name for name in found if name is not None])
        return Findings(names=names, n_ungrounded=found.count(None))


def gliner_extractor(weights: str = "") -> UnitwiseExtractor:
    """The extractor over GLiNER weights. weights: a folder that `GLiNER.save_pretrained` wrote, or a name that GLiNER resolves.

    Raises UsageError where the extra `gliner` or the weights are missing, ModelError for weights that cannot be loaded.
    """
    if not weights:
        raise UsageError("the extractor gliner needs weights", "name them: gliner:FOLDER, or gliner:NAME of a published model")
    try:
        from gliner import GLiNER
    except ImportError as error:
        raise UsageError("the extractor gliner needs GLiNER, which is not installed", "run: pip install 'tadarag[gliner]'") from error
    try:
        model = GLiNER.from_pretrained(weights, local_files_only=Path(weights).is_dir())
    except (OSError, ValueError, RuntimeError) as error:
        raise ModelError(f"the GLiNER weights {weights!r} cannot be loaded ({error})", "check the name, or the folder's files") from error
    return UnitwiseExtractor(GlinerUnits(model=model, name=_weights_name(weights)))


def _weights_name(weights: str) -> str:
    """The name as given; of a folder its last part with a hash of its files' sizes and edges, so that other weights are told apart."""
    folder = Path(weights)
    if not folder.is_dir():
        return weights
    digest = sha256()
    for file in sorted(path for path in folder.iterdir() if path.is_file()):
        with file.open("rb") as stream:
            digest.update(f"{file.name}:{file.stat().st_size}".encode() + stream.read(_EDGE_BYTES))
            stream.seek(max(0, file.stat().st_size - _EDGE_BYTES))
            digest.update(stream.read())
    return f"{folder.resolve().name}-{digest.hexdigest()[:12]}"


def _name(stated: Mapping[str, Any], unit: Unit, types: Mapping[str, EntityType]) -> FoundName | None:
    start, end = int(stated["start"]), int(stated["end"])
    covered = unit.text[start:end]
    label = types.get(str(stated["label"]))
    start, end = start + len(covered) - len(covered.lstrip()), start + len(covered.rstrip())
    in_sentence = any(one.start <= start < end <= one.end for one in unit.sentences)
    if label is None or not in_sentence or str(stated.get("text", covered)).strip() != unit.text[start:end]:
        return None
    return FoundName(
        span=Span(start, end), kind=label.core, label=label.name, probability=min(1.0, max(0.01, round(float(stated["score"]), 2)))
    )


def _without_overlaps(names: Sequence[FoundName]) -> tuple[FoundName, ...]:
    return tuple(sorted(_best_first(names), key=lambda one: one.span))


def _best_first(names: Sequence[FoundName]) -> Iterator[FoundName]:
    kept: list[FoundName] = []
    for name in sorted(names, key=lambda one: (-one.probability, one.span, one.label)):
        if all(name.span.end <= other.span.start or other.span.end <= name.span.start for other in kept):
            kept.append(name)
            yield name
