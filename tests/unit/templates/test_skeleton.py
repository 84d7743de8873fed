"""The skeleton of a new template loads as it is, and its samples load when the marks before them are taken away."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tadarag.templates.library import core_type_names, load_template, shipped_templates
from tadarag.templates.skeleton import skeleton

from .files import composed, write

PARENTS = [template.name for template in shipped_templates()]


@pytest.mark.parametrize("parent", PARENTS)
def test_the_skeleton_is_a_template_that_adds_nothing(tmp_path: Path, parent: str) -> None:
    write(tmp_path, skeleton("mine", load_template(parent), core_types=core_type_names()), "mine")
    mine, extended = composed(tmp_path, "mine"), load_template(parent)
    assert (mine.entity_types, mine.relations, mine.tasks) == (extended.entity_types, extended.relations, extended.tasks)


def test_its_samples_are_a_whole_template(tmp_path: Path) -> None:
    text = skeleton("mine", load_template("general_knowledge"), core_types=core_type_names())
    write(tmp_path, re.sub(r"^# (?=- |  )", "", text, flags=re.MULTILINE), "mine")
    mine = composed(tmp_path, "mine")
    assert mine.entity_type("vessel") is not None
    assert [relation for _, relation, _ in mine.examples[0].relations] == ["calls_at"]
