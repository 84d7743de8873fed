"""Deliberate faults in store, ingest, citation check and fusion: for each, some test must fail. A mutant that lives is a test that is missing."""

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Mutant:
    """A source text that is replaced by another, once, and the tests of which at least one must then fail."""

    name: str
    file: str
    old: str
    new: str
    tests: str
    only: str = ""


TIERS, GROUNDING = "tests/unit/test_reading_by_tiers.py", "tests/unit/extraction/test_llm_grounding.py"
STORES, INDEX, DELETION = "tests/contract/test_stores.py", "tests/unit/store/test_index.py", "tests/crash/test_deletion.py"
FAULTS, INGESTION, CITATIONS = "tests/crash/test_faults.py", "tests/unit/test_ingestion.py", "tests/unit/generation/test_citations.py"
RANKING, RETRIEVE = "tests/unit/retrieval/test_ranking.py", "tests/unit/retrieval/test_retrieve.py"

MUTANTS = (
    # Store.
    Mutant(
        "the-dead-stay-alive",
        "store/snapshot.py",
        "live_documents(segment, dead) for",
        "live_documents(segment, ()) for",
        STORES,
        "replacing or removing",
    ),
    Mutant(
        "postings-count-the-dead",
        "store/snapshot.py",
        "if len(own) and not self._is_whole[index]:",
        "if False:",
        STORES,
        "replacing or removing",
    ),
    Mutant(
        "vacuum-keeps-segments-with-dead",
        "store/index.py",
        "if live.all():\n            entries",
        "if True:\n            entries",
        DELETION,
        "delete_and_vacuum",
    ),
    Mutant(
        "vacuum-keeps-contents",
        "store/truth.py",
        '"DELETE FROM contents WHERE hash NOT IN (SELECT content FROM sources)"',
        '"SELECT 1"',
        DELETION,
        "delete_and_vacuum",
    ),
    Mutant(
        "vacuum-leaves-the-log", "store/embedded.py", "wal_checkpoint(TRUNCATE)", "wal_checkpoint(PASSIVE)", DELETION, "delete_and_vacuum"
    ),
    Mutant(
        "catching-up-repeats-a-change",
        "store/truth.py",
        "WHERE from_seq > ? AND from_seq",
        "WHERE from_seq >= ? AND from_seq",
        INDEX,
        "merged or merge",
    ),
    Mutant(
        "merge-forgets-to-renumber",
        "store/segment.py",
        'part["starts"][1:] + first',
        'part["starts"][1:] + 0 * first',
        "tests/unit/store/test_segment.py",
        "merge",
    ),
    Mutant(
        "manifest-checksum-ignored", "store/index.py", 'if checksum != f"{zlib.crc32(body.encode()):08x}":', "if False:", INDEX, "manifest"
    ),
    Mutant(
        "segment-checksum-ignored",
        "store/array_file.py",
        "zlib.crc32(mapped.data[body_start:]) != checksum",
        "False",
        "tests/unit/store/test_array_file.py",
        "flipped",
    ),
    Mutant("value-checksum-ignored", "store/codec.py", "!= zlib.crc32(body):", "== -1:", "tests/unit/store/test_codec.py", "seal"),
    Mutant(
        "restored-backup-not-told-apart",
        "store/index.py",
        "manifest.token == change_token(connection, manifest.sequence)",
        "True",
        FAULTS,
        "older_backup or same_number",
    ),
    Mutant(
        "index-of-another-analysis-trusted",
        "store/index.py",
        " and manifest.derived_by == derived_by(connection)",
        "",
        INDEX,
        "another_analysis",
    ),
    Mutant(
        "lock-not-taken",
        "store/lock.py",
        "fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)",
        "pass",
        "tests/unit/store/test_lock.py",
    ),
    # Ingest.
    Mutant("quarantine-never-cleared", "store/truth.py", "[(state.root, state.path) for state in change.files]", "[]", INGESTION, "mended"),
    Mutant("moved-file-stays-twice", "ingestion.py", "yield Remove(old, is_rename=True)", "pass", INGESTION, "moved_files"),
    Mutant("unreadable-file-loses-its-document", "ingestion.py", " if data is not None)", ")", INGESTION, "just_now"),
    Mutant(
        "large-sync-not-refused", "mirroring.py", "if len(present) > SYNC_GUARD_DOCUMENTS and", "if False and", INGESTION, "more_than_half"
    ),
    # Tiers.
    Mutant("budget-is-overdrawn", "budget.py", "> (limit or 0):", "> 2 * (limit or 0):", "tests/unit/test_budget.py"),
    Mutant("choices-outlive-their-contents", "store/truth.py", "        _remove_tiers(connection)\n", "", STORES, "tiers"),
    Mutant("name-across-sentences-kept", "extraction/llm_grounding.py", "unit.text, sentence.start, sentence.end", "unit.text", GROUNDING),
    Mutant(
        "reply-not-shared-by-threads",
        "readings.py",
        "            if body is not None:\n                return _reply_of",
        "            if False:\n                return _reply_of",
        TIERS,
        "second_ingest or threads",
    ),
    # Citation check.
    Mutant("quote-not-compared", "generation/citations.py", "span.of(stored[1]) == citation.quote", "True", CITATIONS),
    Mutant("document-hash-not-compared", "generation/citations.py", "or stored[0] != citation.content", "", CITATIONS),
    Mutant("support-not-checked", "generation/citations.py", "and supports(", "and (lambda *a, **k: True)(", CITATIONS),
    Mutant(
        "withdrawn-statements-stay-in-the-text",
        "generation/citations.py",
        "answer_text(supported, language)",
        "answer_text(statements, language)",
        CITATIONS,
    ),
    # Fusion.
    Mutant(
        "ties-by-numbering",
        "retrieval/ranking.py",
        "np.lexsort((keys[candidates], -values))",
        "np.lexsort((candidates, -values))",
        RANKING,
        "tie or numbering",
    ),
    Mutant("ties-at-the-cut-lost", "retrieval/ranking.py", "candidates[values >= cut]", "candidates[values > cut]", RANKING, "tie or sort"),
    Mutant(
        "equal-lists-become-one",
        "retrieval/ranking.py",
        "else np.zeros_like(values)",
        "else np.ones_like(values)",
        RANKING,
        "equal",
    ),
    Mutant("filters-ignored", "retrieval/filtering.py", "rows.live & passing[rows.documents]", "rows.live", RETRIEVE, "hidden"),
    Mutant("statistics-count-the-dead", "store/snapshot.py", "counts=counts(live)", "counts=counts(np.ones_like(live))", RETRIEVE, "dead"),
    Mutant(
        "links-do-not-count", "retrieval/retrieve.py", "total = once +", "total = seeds if once is not None else once +", RETRIEVE, "gain"
    ),
    Mutant(
        "a-passage-links-to-itself",
        "retrieval/links.py",
        "targets = ids[ids != row]\n        degree",
        "targets = ids\n        degree",
        RETRIEVE,
        "itself",
    ),
)


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """A copy of the package and its tests that a mutant may be written into."""
    place = tmp_path_factory.mktemp("mutants")
    leave = shutil.ignore_patterns("__pycache__", ".hypothesis")
    for name in ("tadarag", "mom", "tests", "templates", "pipelines"):
        shutil.copytree(ROOT / name, place / name, ignore=leave)
    shutil.copy(ROOT / "pyproject.toml", place)
    return place


def failing_tests(place, mutant):
    """The names of the tests that fail in `place`; raises when none ran."""
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", "--hypothesis-seed=0", *mutant.tests.split()]
    if mutant.only:
        command += ["-k", mutant.only]
    environment = {**os.environ, "PYTHONPATH": str(place), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(command, cwd=place, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode in (0, 1), done.stdout + done.stderr
    return re.findall(r"^(?:FAILED|ERROR) (\S+)", done.stdout, re.MULTILINE)


def test_every_mutant_still_has_its_place_in_the_source():
    for mutant in MUTANTS:
        assert (ROOT / "tadarag" / mutant.file).read_text("utf-8").count(mutant.old) == 1, mutant.name
    assert len({mutant.name for mutant in MUTANTS}) == len(MUTANTS) >= 20


@pytest.mark.slow
def test_the_copy_without_a_mutant_passes(copy):
    suites = {(mutant.tests, mutant.only) for mutant in MUTANTS}
    for tests in sorted({tests for tests, _ in suites}):
        only = " or ".join(sorted(only for other, only in suites if other == tests)) if ("", tests) not in suites else ""
        assert failing_tests(copy, Mutant("none", "", "", "", tests, only)) == []


@pytest.mark.slow
@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_the_mutant_is_killed(mutant, copy):
    file = copy / "tadarag" / mutant.file
    whole = file.read_text("utf-8")
    file.write_text(whole.replace(mutant.old, mutant.new), "utf-8")
    try:
        assert failing_tests(copy, mutant)
    finally:
        file.write_text(whole, "utf-8")
