"""Template files in a folder of a test."""

from __future__ import annotations

from pathlib import Path

from tadarag.templates.library import load_file
from tadarag.templates.template import Template

SAILING = """\
name: sailing
version: 1
description: Boats and winds.
extends: [core]
cues:
  en: [mast, main sail]
entity_types:
  - person
  - number
  - name: boat
    core: product
    definition: a vessel
    names: {en: [boat, sailing boat], zh: [帆船]}
    facets: [length]
relations:
  - name: sails
    heads: [person]
    tails: [boat]
    definition: steers it
question_facets:
  - name: crew
    about: [boat]
    relations: [sails]
    cues: {en: [who sails], zh: [谁驾驶]}
examples:
  - language: en
    text: Ada sails the Dusk, a boat of 9 m.
    entities: {person: [Ada], boat: [Dusk], number: [9 m]}
    relations:
      - [Ada, sails, Dusk]
      - [Dusk, has_value, 9 m]
"""


def write(folder: Path, text: str, name: str = "sailing") -> Path:
    """The file of a template among the folder's own."""
    file = folder / "templates" / f"{name}.yaml"
    file.parent.mkdir(exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file


def composed(folder: Path, name: str) -> Template:
    """A template of the folder that has no problems."""
    loaded = load_file(folder / "templates" / f"{name}.yaml", [folder])
    assert loaded.problems == ()
    return loaded.template
