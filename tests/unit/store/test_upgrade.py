"""A base that an older version wrote is never lost."""

import tarfile
from pathlib import Path

import pytest

from tadarag import FormatMismatch, KnowledgeBase

KEPT = Path(__file__).parents[2] / "fixtures" / "base-structural-1.tar.gz"


@pytest.fixture
def old_base(tmp_path: Path) -> Path:
    with tarfile.open(KEPT) as archive:
        archive.extractall(tmp_path, filter="data")
    return tmp_path


def test_an_old_base_says_how_it_is_brought_up_to_date(old_base: Path) -> None:
    with pytest.raises(FormatMismatch, match="tadarag reindex"):
        KnowledgeBase.open(old_base, create=False)


def test_reindex_brings_an_old_base_to_what_a_fresh_one_holds(old_base: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    fresh_folder = tmp_path_factory.mktemp("fresh")
    for name in ("bridge.md", "茶.txt"):
        (fresh_folder / name).write_bytes((old_base / name).read_bytes())
    with KnowledgeBase.open(old_base, to_reindex=True) as base:
        base.reindex()
    with KnowledgeBase.open(old_base, create=False) as old, KnowledgeBase.open(fresh_folder) as fresh:
        fresh.ingest(fresh_folder)
        questions = ["Who designed the Harbour bridge?", "龙井茶产于哪里？"]
        # vectors that were kept may have been rounded by another class of CPU: what is stored is equal to the byte, what is answered in words
        assert old.digests(questions).truth == fresh.digests(questions).truth
        for question in questions:
            told, expected = old.ask(question), fresh.ask(question)
            assert expected.found
            assert told.short == expected.short
        assert old.ingest(old_base).unchanged == 2
