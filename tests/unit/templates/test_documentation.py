"""The page on templates is true: its example loads, and it names every key that a file may have."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tadarag.templates.library import core_type_names

from .files import composed, write

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "templates.md").read_text(encoding="utf-8")


def test_the_template_of_the_page_passes_its_checks(tmp_path: Path) -> None:
    (example,) = re.findall(r"^```yaml\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    write(tmp_path, example, "ferries")
    assert {one.language for one in composed(tmp_path, "ferries").examples[:2]} == {"en", "zh"}


@pytest.mark.parametrize(
    "key",
    "name version description extends base cues entity_types relations question_facets tasks examples core definition names facets heads "
    "tails symmetric same_type about cue must_hold nodes edges tokens language text entities".split(),
)
def test_every_key_is_documented(key: str) -> None:
    assert re.search(rf"`{key}(?:`|: )", PAGE)


def test_the_core_types_are_listed() -> None:
    assert ", ".join(core_type_names()) in " ".join(PAGE.split())
