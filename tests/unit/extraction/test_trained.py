"""The trained extractor on the shipped files: what it promises for any text, whatever its weights are."""

from __future__ import annotations

import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mom.sentences import split_sentences
from tadarag.components import template_of
from tadarag.extraction.extractor import PairExtractor, Unit
from tadarag.extraction.set_template import set_template
from tadarag.extraction.small import is_shipped
from tadarag.extraction.trained import TrainedUnits
from tadarag.findings import FoundName
from tadarag.models.extractor_model import MANIFEST, SHIPPED_EXTRACTOR, ExtractorModel
from tadarag.models.onnx_encoder import SHIPPED_FOLDER, OnnxEncoder, load_shipped
from tadarag.templates.library import shipped_templates
from tadarag.values import Span

pytestmark = pytest.mark.skipif(not is_shipped(), reason="this installation holds no extractor")

TEXTS = (
    "Petra Solvane joined the World Health Organization (WHO) on 9 March 2022. She lives in Tarnwick.",
    "维尔茅斯大学2024年第三季度收到“里弗林”项目的拨款。校长陈静宜在上海宣布了这一消息。",
    "🙂 Naïve café, 12.5 % off.",
)
NEWS = template_of("news", None)


@pytest.fixture(scope="module")
def encoder() -> OnnxEncoder:
    return load_shipped()


@pytest.fixture(scope="module")
def units(encoder: OnnxEncoder) -> TrainedUnits:
    return TrainedUnits(ExtractorModel(), encoder)


@pytest.fixture(scope="module")
def rash(encoder: OnnxEncoder, tmp_path_factory: pytest.TempPathFactory) -> TrainedUnits:
    """The same network with thresholds so low that nearly everything is a name or a fact."""
    folder = tmp_path_factory.mktemp("rash") / "extractor"
    shutil.copytree(SHIPPED_EXTRACTOR, folder)
    manifest = json.loads((folder / MANIFEST).read_bytes())
    (folder / MANIFEST).write_text(json.dumps({**manifest, "fingerprint": "rash", "thresholds": {"span": 0.001, "pair": 0.001}}))
    return TrainedUnits(ExtractorModel(folder), encoder)


def unit_of_text(text: str, *, context: str = "") -> Unit:
    return Unit(text=text, sentences=tuple(Span(one.start, one.end) for one in split_sentences(text)), context=context)


def with_states(unit: Unit, encoder: OnnxEncoder) -> Unit:
    encoded = encoder.read(unit.context + unit.text)
    assert encoded.offsets is not None
    return replace(unit, states=encoded.states, offsets=encoded.offsets - len(unit.context))


@pytest.mark.parametrize("context", ["", "Annual report. Chapter 2. ", "年度报告. "])
@pytest.mark.parametrize("text", TEXTS)
def test_findings_are_the_same_with_and_without_states(rash: TrainedUnits, encoder: OnnxEncoder, text: str, context: str) -> None:
    unit = unit_of_text(text, context=context)
    assert rash.read(with_states(unit, encoder), NEWS) == rash.read(unit, NEWS)
    assert rash.read(unit, NEWS).names


def test_the_first_word_after_a_heading_can_be_a_name(rash: TrainedUnits) -> None:
    names = rash.read(unit_of_text("Tarnwick", context="Towns. "), NEWS).names
    assert names[0].span.start == 0


def test_findings_do_not_depend_on_what_else_is_read(rash: TrainedUnits) -> None:
    wanted = [(unit_of_text(text), template) for text in TEXTS for template in shipped_templates()[:3]]
    one_by_one = [rash.read(*one) for one in wanted]
    backwards = [rash.read(*one) for one in reversed(wanted)][::-1]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda one: rash.read(*one), wanted))
    assert one_by_one == backwards == together


@settings(max_examples=60, deadline=None)
@given(text=st.text(min_size=1, max_size=120), context=st.sampled_from(["", "Heading. ", "标题. "]))
def test_whatever_is_read_its_names_stand_in_its_sentences_and_do_not_touch(rash: TrainedUnits, text: str, context: str) -> None:
    unit = unit_of_text(text, context=context)
    names = rash.read(unit, NEWS).names
    assert [name.span for name in names] == sorted(name.span for name in names)
    for name in names:
        assert name.span.of(text) == name.span.of(text).strip() != ""
        assert any(one.start <= name.span.start and name.span.end <= one.end for one in unit.sentences)
        assert 0 < name.probability <= 1
    for left, right in pairwise(names):
        assert left.span.end <= right.span.start


@pytest.mark.parametrize("text", TEXTS)
def test_every_fact_is_one_that_the_template_allows_or_in_the_texts_own_words(rash: TrainedUnits, text: str) -> None:
    unit = unit_of_text(text)
    found = rash.read(unit, NEWS)
    for fact in found.facts:
        relation = NEWS.relation(fact.relation)
        assert fact.is_open or (
            relation is not None
            and relation.allows(found.names[fact.head].label, found.names[fact.tail].label)
            and relation.name != "same_as"
        )
        assert 0 <= fact.sentence < len(unit.sentences)
    assert list(found.facts) == sorted(found.facts, key=lambda fact: (fact.sentence, fact.head, fact.relation, fact.tail))


def test_kinds_are_core_types_and_labels_the_templates(rash: TrainedUnits) -> None:
    for template in shipped_templates():
        names = rash.read(unit_of_text(TEXTS[0]), template).names
        assert {name.label for name in names} <= {"", *(one.name for one in template.entity_types)}
        assert all(name.kind for name in names)


@pytest.mark.parametrize("text", ["", " \n ", "\ud800", "a" * 3000, "harbour " * 700])
def test_strange_texts_are_read(rash: TrainedUnits, text: str) -> None:
    rash.read(unit_of_text(text), NEWS)


def test_facts_between_given_names_go_by_their_own_indexes(rash: TrainedUnits) -> None:
    assert isinstance(rash, PairExtractor)
    text = "Petra Solvane joined the firm long ago. It was a good year. Orvex hired her."
    names = [
        FoundName(span=Span(0, 3000), kind="", label="person"),  # wider than any span that is scored
        FoundName(span=Span(0, 13), kind="", label="person"),
        FoundName(span=Span(60, 65), kind="", label="organization"),
    ]
    facts = rash.read_pairs(unit_of_text(text), NEWS, names)
    assert facts
    for fact in facts:
        relation = NEWS.relation(fact.relation)
        assert {fact.head, fact.tail} == {1, 2}
        assert relation is not None
        assert relation.allows(names[fact.head].label, names[fact.tail].label)


def test_probabilities_below_the_thresholds_are_left_out(units: TrainedUnits) -> None:
    model = ExtractorModel()
    found = [units.read(unit_of_text(text), NEWS) for text in TEXTS]
    assert all(name.probability >= round(model.span_threshold, 2) for one in found for name in one.names)
    assert all(fact.probability >= round(model.pair_threshold, 2) for one in found for fact in one.facts if not fact.is_open)


def test_states_of_another_trunk_are_refused() -> None:
    with pytest.raises(ValueError, match="hidden_8"):
        TrainedUnits(ExtractorModel(), OnnxEncoder(SHIPPED_FOLDER, trunk="hidden_8"))


def test_it_reads_the_trunk_of_the_shipped_encoder(units: TrainedUnits, encoder: OnnxEncoder) -> None:
    assert units.trunk == encoder.trunk
    assert ExtractorModel().fingerprint[:16] in units.fingerprint


def test_states_are_read_as_they_are_given(rash: TrainedUnits, encoder: OnnxEncoder) -> None:
    unit = with_states(unit_of_text(TEXTS[0]), encoder)
    assert unit.states is not None
    other = replace(unit, states=np.zeros_like(unit.states))
    assert rash.read(other, NEWS) != rash.read(unit, NEWS)


def test_a_template_without_relations_has_names_alone(rash: TrainedUnits) -> None:
    found = rash.read(unit_of_text(TEXTS[0]), set_template("names", ["PER"], {}))
    assert found.names
    assert all(fact.is_open for fact in found.facts)
