"""The trained extractor: reads a chunk from trunk states, in the terms of any template."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from tadarag.extraction.asked_names import AskedNames, asked_names
from tadarag.extraction.extractor import Unit
from tadarag.extraction.fact_decoding import all_pairs, choose_facts, near_pairs, with_open_facts
from tadarag.extraction.span_decoding import PlacedName, choose_names, place_names
from tadarag.findings import Findings, FoundFact, FoundName
from tadarag.models.extractor_model import ExtractorModel, NameVectors, ScoredSpans
from tadarag.models.onnx_encoder import OnnxEncoder
from tadarag.models.trunk import Trunk
from tadarag.templates.template import Template

_DECODING = "trained-1"
_MAX_TEMPLATES = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class _Projected:
    """What a template asks for, and the vectors of its types and relations."""

    asked: AskedNames
    types: NameVectors
    relations: NameVectors


class TrainedUnits:
    """A network on the trunk of `encoder`, which also reads the names of types and relations, once for each template.

    Threads may read at once: every run is on the thread that asks for it. Raises ValueError when the network was trained on another trunk.
    """

    def __init__(self, model: ExtractorModel, encoder: OnnxEncoder) -> None:
        if model.trunk != encoder.trunk:
            raise ValueError(f"the extractor reads {model.trunk}, not the states {encoder.trunk or 'of no trunk'}")
        self._model = model
        self._encoder = encoder
        self._trunk = Trunk(encoder)
        self._templates: OrderedDict[str, _Projected] = OrderedDict()
        self._vectors: dict[str, NDArray[np.float32]] = {}
        self._projecting = Lock()

    @property
    def fingerprint(self) -> str:
        """How names and facts are chosen, and the network's own fingerprint (which holds the trunk's)."""
        return f"{_DECODING}-{self._model.fingerprint[:16]}"

    @property
    def trunk(self) -> str:
        """The states that it reads."""
        return self._model.trunk

    def read(self, unit: Unit, template: Template) -> Findings:
        """See `UnitExtractor.read`. Without states the lower layers are run first; the findings are the same. Names stand in one sentence."""
        states, offsets = self._states(unit)
        if not len(states) or not unit.sentences:
            return Findings()
        named = self._project(template)
        scored = self._model.spans(states, named.types)
        names = choose_names(scored.probabilities, offsets, unit.text, unit.sentences, named.asked, threshold=self._model.span_threshold)
        facts = with_open_facts(self._facts(scored, names, near_pairs(names, named.asked), named), names, unit.text)
        return Findings(names=tuple(one.name for one in names), facts=facts)

    def read_pairs(self, unit: Unit, template: Template, names: Sequence[FoundName]) -> tuple[FoundFact, ...]:
        """See `PairExtractor.read_pairs`: every pair of the names is scored, however far apart."""
        states, offsets = self._states(unit)
        placed = place_names(names, offsets, unit.sentences, max_width=self._model.max_width)
        if len(placed) < 2:
            return ()
        named = self._project(template)
        pairs = all_pairs(tuple(placed.values()), named.asked)
        scored = self._model.spans(states, named.types)
        facts = self._facts(scored, tuple(placed.values()), pairs, named)
        own = tuple(placed)
        return tuple(replace(fact, head=own[fact.head], tail=own[fact.tail]) for fact in facts)

    def _states(self, unit: Unit) -> tuple[NDArray[np.float32], NDArray[np.int32]]:
        if unit.states is not None and unit.offsets is not None:
            return unit.states, unit.offsets
        states, offsets = self._trunk.read(unit.context + unit.text)
        return states, offsets - np.int32(len(unit.context))

    def _facts(
        self, scored: ScoredSpans, names: Sequence[PlacedName], pairs: Sequence[tuple[int, int]], named: _Projected
    ) -> list[FoundFact]:
        if not pairs:
            return []
        chosen = np.array([(one.first, one.last) for one in names], np.int64)
        probabilities = self._model.pairs(scored, chosen, np.array(pairs, np.int64), named.relations)
        return choose_facts(probabilities, pairs, names, named.asked, threshold=self._model.pair_threshold)

    def _project(self, template: Template) -> _Projected:
        with self._projecting:
            known = self._templates.get(template.fingerprint)
            if known is None:
                asked = asked_names(template)
                types, _ = self._model.project(self._name_vectors(asked.words_of_types))
                _, relations = self._model.project(self._name_vectors(asked.words_of_relations))
                known = _Projected(asked=asked, types=types, relations=relations)
                self._templates[template.fingerprint] = known
                if len(self._templates) > _MAX_TEMPLATES:
                    self._templates.popitem(last=False)
            return known

    def _name_vectors(self, words: Sequence[str]) -> NDArray[np.float32]:
        for one in words:
            if one not in self._vectors:
                self._vectors[one] = self._encoder.read(one, kind="query").vector
        return np.array([self._vectors[one] for one in words], np.float32).reshape(len(words), self._model.width)
