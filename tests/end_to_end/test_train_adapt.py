"""Someone labels pages of her own domain, teaches the extractor, and reads documents with what it learned."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("torch", reason="the extra train")
pytest.importorskip("onnx", reason="the extra train")

Run = Callable[..., Any]
LIGHTS = ("Velmouth", "Quillen", "Otterby", "Marrow")
TEMPLATE = """\
name: keepers
version: 1
description: Who keeps which light.
extends: [core]
cues: {en: [lighthouse, keeper]}
entity_types:
  - {name: keeper, core: person, definition: who keeps a light, names: {en: [keeper]}}
  - {name: light, core: location, definition: a lighthouse, names: {en: [light]}}
relations:
  - {name: keeps, heads: [keeper], tails: [light], definition: the head keeps the tail, names: {en: [keeps]}}
"""
ADAPT = ("train", "adapt", "--template", "keepers", "--pages", "pages", "--labels", "labels.jsonl", "--steps", "3", "--out", "own")


@pytest.fixture
def labelled(work: Path) -> Path:
    """Twelve pages, their labels and the template."""
    (work / "pages").mkdir()
    (work / ".tadarag" / "templates").mkdir(parents=True)
    (work / ".tadarag" / "templates" / "keepers.yaml").write_text(TEMPLATE, "utf-8")
    rows = []
    for number in range(12):
        light = f"{LIGHTS[number % 4]} Light"
        (work / "pages" / f"{number}.txt").write_text(f"Ada Moor{number} keeps the {light}. It was built in 19{number + 10}.", "utf-8")
        entities = [{"text": f"Ada Moor{number}", "type": "keeper"}, {"text": light, "type": "light"}]
        rows.append({"page": f"{number}.txt", "entities": entities, "relations": [{"head": 0, "tail": 1, "type": "keeps"}]})
    (work / "labels.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return work


def test_labelled_pages_make_an_extractor_that_reads_documents(labelled: Path, run: Run) -> None:
    ran = run(*ADAPT, "--json")
    assert ran.status == 0, ran.err
    found = ran.document
    assert (found["n_learned"], found["n_chosen_on"], found["n_held_back"]) == (8, 2, 2)
    assert all(0 <= found[when]["entities"]["f1"] <= 1 for when in ("before", "after"))
    said = run(*ADAPT)
    assert "before" in said.out
    assert "--tier small:own/run/extractor" in said.out
    assert run("train", "verify", "own/run").status == 0
    assert run("ingest", "pages", "--tier", "small:own/run/extractor").status == 0
    assert "small:own/run/extractor" in run("status").out


def test_a_label_that_the_template_does_not_know_stops_before_anything_is_learned(labelled: Path, run: Run) -> None:
    text = (labelled / "labels.jsonl").read_text("utf-8").replace('"keeper"', '"kepper"', 1)
    (labelled / "labels.jsonl").write_text(text, "utf-8")
    said = run(*ADAPT)
    assert said.status != 0
    assert "line 1" in said.err
    assert "keeper" in said.err
    assert not (labelled / "own").exists()
