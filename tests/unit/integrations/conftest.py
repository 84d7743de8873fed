"""A small base that the tests of every host read."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tadarag import KnowledgeBase
from tadarag.testing.hashing_encoder import HashingEncoder

os.environ.setdefault("HAYSTACK_TELEMETRY_ENABLED", "False")  # read when Haystack is imported

FILES = {
    "ferry.md": (
        "# Ferry Dusk\n\n## Yard\n\nThe ferry Dusk was built at the Ostrevir Yard in 1998. "
        "The Ostrevir Yard was founded by Tomas Brandt.\n\n## Route\n\nThe ferry Dusk sails from Quillen Bay to Port Hesk.\n"
    ),
    "people/brandt.md": "# Tomas Brandt\n\nDate: 2021-05-04\n\nTomas Brandt was born in Veldam in 1950. He is a shipbuilder.\n",
    "中文.md": "# 扩港工程\n\n奎伦湾扩港工程由晨星建设公司承建。\n",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The files, not yet read."""
    for name, text in FILES.items():
        file = tmp_path / "docs" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return tmp_path / "docs"


@pytest.fixture
def base(folder: Path) -> Iterator[KnowledgeBase]:
    """The files as a base of the hashing encoder."""
    with KnowledgeBase.open(folder, encoder=HashingEncoder(), workers=1) as opened:
        opened.ingest(folder)
        yield opened
