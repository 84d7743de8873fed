"""docs/cli.md is generated from the commands and stays true."""

from __future__ import annotations

import pytest

from tadarag.cli.catalogue import COMMANDS
from tadarag.cli.reference import BEGIN, DOCUMENT, END, all_commands, with_reference
from tadarag.cli.settings import KEYS


def test_the_page_is_what_the_commands_say() -> None:
    page = DOCUMENT.read_text(encoding="utf-8")
    assert page == with_reference(page), "run: python -m tadarag.cli.reference"


def test_every_command_and_setting_is_documented() -> None:
    page = DOCUMENT.read_text(encoding="utf-8")
    names = [name for name, _ in all_commands()]
    assert set(COMMANDS) <= set(names)
    assert [name for name in names if f"\n## tadarag {name}\n" not in page] == []
    assert [key.variable for key in KEYS if key.variable not in page] == []


def test_a_page_without_markers_is_an_error() -> None:
    with pytest.raises(ValueError, match="marker"):
        with_reference("# nothing here\n")


def test_text_outside_the_markers_is_kept() -> None:
    page = with_reference(f"before\n{BEGIN}\nstale words\n{END}\nafter\n")
    assert page.startswith(f"before\n{BEGIN}\n")
    assert page.endswith(f"{END}\nafter\n")
    assert "stale words" not in page
