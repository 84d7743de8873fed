import json
from dataclasses import replace

import pytest

from tadarag.errors import IndexDamaged
from tadarag.store import index
from tadarag.store.embedded import EmbeddedStore, create
from tadarag.store.index import MERGE_FACTOR, Manifest, SegmentEntry, read_manifest, write_manifest
from tadarag.store.protocol import Change
from tadarag.store.segment import LAYOUT
from tadarag.testing.records import SETTINGS, make_record
from tadarag.values import SourceName


@pytest.fixture
def store(tmp_path):
    create(tmp_path, SETTINGS)
    store = EmbeddedStore(tmp_path)
    yield store
    store.close()


def put(store, *names):
    store.apply(Change(put=tuple(make_record(name, f"This is {name}.") for name in names)))
    store.catch_up()


def segments(tmp_path):
    return read_manifest(tmp_path / "index").segments


def test_a_manifest_comes_back(tmp_path):
    manifest = Manifest(sequence=7, dimension=16, token="t", segments=(SegmentEntry(name="x", n_rows=3),), derived_by="d")
    write_manifest(tmp_path, manifest, lambda step: None)
    assert read_manifest(tmp_path) == manifest


def test_a_changed_manifest_is_damaged_and_a_missing_one_is_none(tmp_path):
    assert read_manifest(tmp_path) is None
    write_manifest(tmp_path, Manifest(sequence=7, dimension=16), lambda step: None)
    file = tmp_path / "manifest.json"
    file.write_text(file.read_text().replace('"sequence":7', '"sequence":8'))
    with pytest.raises(IndexDamaged):
        read_manifest(tmp_path)


def test_small_segments_are_merged_so_that_their_number_stays_small(store, tmp_path):
    for number in range(MERGE_FACTOR**2):
        put(store, f"{number}")
    entries = segments(tmp_path)
    assert sum(entry.n_rows for entry in entries) == MERGE_FACTOR**2
    assert len(entries) < MERGE_FACTOR


@pytest.mark.parametrize(("n_documents", "sizes"), [(3, [3]), (20, [20]), (32, [32]), (37, [32, 5]), (70, [32, 32, 6])])
def test_what_a_bulk_ingest_cuts_becomes_few_segments_in_the_order_of_the_documents(store, tmp_path, monkeypatch, n_documents, sizes):
    monkeypatch.setattr(index, "SEGMENT_PASSAGES", 4)
    monkeypatch.setattr(index, "MAX_BULK_PASSAGES", 32)
    store.apply(Change(put=tuple(make_record(f"{number:02}", "a ferry") for number in range(n_documents))))
    store.catch_up()
    assert [entry.n_rows for entry in segments(tmp_path)] == sizes
    assert [info.source.path for info in store.snapshot().documents()] == [f"{number:02}" for number in range(n_documents)]


def test_a_merge_leaves_the_dead_out(store, tmp_path):
    for number in range(MERGE_FACTOR - 1):
        put(store, f"{number}")
    store.apply(Change(removed=(SourceName(".", "0"), SourceName(".", "1"))))
    store.catch_up()
    put(store, "last")
    assert sum(entry.n_rows for entry in segments(tmp_path)) == MERGE_FACTOR - 2


def test_files_that_the_manifest_does_not_name_are_removed_when_catching_up(store, tmp_path):
    put(store, "a")
    (tmp_path / "index" / "left-by-a-killed-process.segment").write_bytes(b"x")
    (tmp_path / "index" / "half.segment.part").write_bytes(b"x")
    put(store, "b")
    named = {entry.name for entry in segments(tmp_path)} | {"manifest.json"}
    assert {path.name for path in (tmp_path / "index").iterdir()} == named


def test_catching_up_with_nothing_new_writes_nothing(store, tmp_path):
    put(store, "a")
    before = (tmp_path / "index" / "manifest.json").stat()
    store.catch_up()
    assert (tmp_path / "index" / "manifest.json").stat().st_ino == before.st_ino


def test_an_index_of_another_analysis_is_built_anew(store, tmp_path):
    put(store, "a")
    manifest = read_manifest(tmp_path / "index")
    body = json.loads((tmp_path / "index" / "manifest.json").read_text().partition("\n")[2])
    assert body["derived_by"].startswith("analysis-")
    write_manifest(
        tmp_path / "index",
        Manifest(sequence=manifest.sequence, dimension=16, token=manifest.token, segments=(), derived_by="analysis-0/x"),
        lambda step: None,
    )
    snapshot = store.snapshot()
    assert len(snapshot.rows.keys) == 1
    snapshot.close()


def test_an_index_of_an_older_layout_is_built_anew(store, tmp_path):
    put(store, "a")
    manifest = read_manifest(tmp_path / "index")
    analysis, layout, settings = manifest.derived_by.split("/")
    assert layout == LAYOUT
    write_manifest(tmp_path / "index", replace(manifest, segments=(), derived_by=f"{analysis}/{settings}"), lambda step: None)
    snapshot = store.snapshot()
    assert len(snapshot.rows.keys) == 1
    snapshot.close()


def test_a_vacuum_rewrites_only_segments_that_hold_dead_documents(store, tmp_path):
    put(store, "a", "b")
    put(store, "c")
    first, second = segments(tmp_path)
    store.apply(Change(removed=(SourceName(".", "a"),)))
    store.vacuum()
    names = [entry.name for entry in segments(tmp_path)]
    assert second.name in names
    assert first.name not in names
