"""The extractor over GLiNER, with an object of its shape in the model's place: published weights are not at hand in tests."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import pytest

from tadarag.components import template_of
from tadarag.errors import UsageError
from tadarag.extraction.gliner_units import GlinerUnits, gliner_extractor
from tadarag.testing.scripted_extraction import WordListGliner
from tadarag.testing.unit_extractor_contract import ENGLISH, unit_of_lines

GENERAL = template_of("general_knowledge", None)
UNIT = unit_of_lines(ENGLISH)


class Stating:
    """States what it was given."""

    def __init__(self, *stated: dict[str, Any]) -> None:
        self._stated = [*stated]

    def predict_entities(
        self, text: str, labels: list[str], flat_ner: bool = True, threshold: float = 0.5, multi_label: bool = False
    ) -> list[dict[str, Any]]:
        return self._stated


def stated(start: int, end: int, label: str = "person", score: float = 0.8, text: str | None = None) -> dict[str, Any]:
    return {"start": start, "end": end, "label": label, "score": score, "text": ENGLISH[start:end] if text is None else text}


def read(*entities: dict[str, Any]) -> tuple[list[tuple[str, str, float]], int]:
    found = GlinerUnits(model=Stating(*entities), name="x").read(UNIT, GENERAL)
    return [(name.span.of(ENGLISH), name.label, name.probability) for name in found.names], found.n_ungrounded


def test_the_template_s_types_are_asked_for_in_words() -> None:
    model = WordListGliner()
    GlinerUnits(model=model, name="x").read(UNIT, template_of("legal_contracts", None))
    assert model.labels == [["person", "organization", "location", "event", "time", "number", "contract", "clause", "judgment"]]


def test_scores_become_probabilities() -> None:
    assert read(stated(0, 11, score=0.8349)) == ([("Marie Curie", "person", 0.83)], 0)


def test_of_overlapping_entities_the_surest_is_kept() -> None:
    assert read(stated(0, 11, score=0.6), stated(0, 5, score=0.9))[0] == [("Marie", "person", 0.9)]


@pytest.mark.parametrize(
    "entity",
    [stated(0, 11, text="Maria Curie"), stated(30, 70), stated(0, 11, label="ghost"), stated(400, 410, text="x"), stated(5, 5)],
    ids=["another text", "across sentences", "unknown label", "outside", "empty"],
)
def test_what_does_not_stand_in_the_text_is_dropped_and_counted(entity: dict[str, Any]) -> None:
    assert read(entity) == ([], 1)


def test_weights_must_be_named() -> None:
    with pytest.raises(UsageError, match="needs weights"):
        gliner_extractor()


@pytest.mark.skipif(importlib.util.find_spec("gliner") is not None, reason="GLiNER is installed")
def test_without_the_extra_it_says_what_to_install(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="GLiNER, which is not installed") as refusal:
        gliner_extractor(str(tmp_path))
    assert "tadarag[gliner]" in refusal.value.do
