"""The studio is content, loaded by its path; after this its modules are importable as `tadarag_studio`."""

import pytest

pytest.importorskip("streamlit")

from tadarag.cli.studio_page import load_pages
from tadarag.knowledge_base import KnowledgeBase
from tadarag.testing.hashing_encoder import HashingEncoder
from tadarag.testing.histories import CountingEncoder

load_pages()

FERRY = "# Ferry Dusk\n\nThe ferry Dusk was built at the Ostrevir Yard in 1998. The fare to Port Hesk is 28 korla.\n"
HARBOUR = "# 扩港工程\n\n奎伦湾扩港工程由晨星建设公司承建。\n"


@pytest.fixture
def encoder():
    return CountingEncoder(HashingEncoder())


@pytest.fixture
def base(tmp_path, encoder):
    """A base of one English and one Chinese document, added as the studio adds them."""
    uploads = tmp_path / "uploads"
    uploads.mkdir()
    (uploads / "ferry.md").write_text(FERRY, encoding="utf-8")
    (uploads / "扩港.md").write_text(HARBOUR, encoding="utf-8")
    with KnowledgeBase.open(tmp_path, encoder=encoder, workers=1) as base:
        base.ingest(uploads)
        yield base


@pytest.fixture
def empty_base(tmp_path, encoder):
    with KnowledgeBase.open(tmp_path / "empty", encoder=encoder, workers=1) as base:
        yield base
