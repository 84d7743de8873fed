"""The derived index on disk: a manifest of immutable segments that catches up with the truth and can always be rebuilt from it."""

from __future__ import annotations

import json
import os
import sqlite3
import uuid
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tadarag.analysis import FINGERPRINT
from tadarag.errors import IndexDamaged
from tadarag.store.array_file import read_arrays, sync_folder, write_arrays
from tadarag.store.protocol import Observer
from tadarag.store.schema import read_settings
from tadarag.store.segment import LAYOUT, Arrays, Segment, build_segment, iterate_batches, merge_segments
from tadarag.store.truth import change_token, dead_ids, number, records_between

SEGMENT_PASSAGES = 4096
"""A bulk ingest cuts its segments at this many passages: what bounds memory while indexing."""
MERGE_FACTOR = 8
"""Segments of a tier before they are merged into the next: each passage is rewritten about log8(n) times."""
MAX_MERGED_PASSAGES = 500_000
MAX_BULK_PASSAGES = SEGMENT_PASSAGES * MERGE_FACTOR
"""What a bulk ingest has cut is merged at its end, up to this many passages a segment: a search pays for every segment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentEntry:
    """A segment's file name and its size in passages."""

    name: str
    n_rows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """Which segments make up the index, and the sequence and token of the last change that they contain.

    derived_by: the analysis, layout and settings by which it was derived; another one makes it worthless.
    """

    sequence: int
    dimension: int
    token: str = ""
    segments: tuple[SegmentEntry, ...] = ()
    derived_by: str = ""


def read_manifest(folder: Path) -> Manifest | None:
    """The manifest of an index folder, None when there is none yet. Raises IndexDamaged."""
    path = folder / "manifest.json"
    remedy = "run: tadarag repair (it rebuilds the index from the database)"
    try:
        checksum, _, body = path.read_text("utf-8").partition("\n")
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise IndexDamaged(f"the index manifest cannot be read ({error})", remedy) from error
    if checksum != f"{zlib.crc32(body.encode()):08x}":
        raise IndexDamaged("the index manifest does not match its checksum", remedy)
    value = json.loads(body)
    entries = tuple(SegmentEntry(name=name, n_rows=n_rows) for name, n_rows in value["segments"])
    return Manifest(
        sequence=value["sequence"], dimension=value["dimension"], token=value["token"], segments=entries, derived_by=value["derived_by"]
    )


def write_manifest(folder: Path, manifest: Manifest, observe: Observer) -> None:
    """Put a manifest in force, durably; segments that it does not name may be removed afterwards."""
    segments = [[entry.name, entry.n_rows] for entry in manifest.segments]
    value = {
        "sequence": manifest.sequence,
        "token": manifest.token,
        "dimension": manifest.dimension,
        "segments": segments,
        "derived_by": manifest.derived_by,
    }
    body = json.dumps(value, separators=(",", ":"))
    temporary = folder / "manifest.json.part"
    with temporary.open("w", encoding="utf-8") as file:
        file.write(f"{zlib.crc32(body.encode()):08x}\n{body}")
        file.flush()
        os.fsync(file.fileno())
    observe("manifest:written")
    temporary.replace(folder / "manifest.json")
    sync_folder(folder)
    observe("manifest:renamed")


def belongs_to(manifest: Manifest, connection: sqlite3.Connection) -> bool:
    """Whether an index was derived, by today's analysis and settings, from an earlier state of this very database."""
    return manifest.token == change_token(connection, manifest.sequence) and manifest.derived_by == derived_by(connection)


def derived_by(connection: sqlite3.Connection) -> str:
    """What an index of this database is derived by: the analysis, the segments' layout, and a hash of the base's settings."""
    settings = json.dumps(sorted(read_settings(connection).items()))
    return f"{FINGERPRINT}/{LAYOUT}/{sha256(settings.encode()).hexdigest()[:16]}"


def catch_up(folder: Path, connection: sqlite3.Connection, observe: Observer, *, anew: bool = False) -> Manifest:
    """Bring the index to the last change of the truth; a missing index, one of another analysis, or any when `anew`, is built anew."""
    folder.mkdir(exist_ok=True)
    target = number(connection, "sequence")
    dimension = int(read_settings(connection)["dimension"])
    manifest = None if anew else read_manifest(folder)
    if manifest is None or not belongs_to(manifest, connection):
        manifest = Manifest(sequence=0, dimension=dimension)
    elif manifest.sequence == target:
        return manifest
    dead = dead_ids(connection, target)
    new = [
        _write_segment(folder, build_segment(batch, dimension=dimension), observe)
        for batch in iterate_batches(records_between(connection, manifest.sequence, target), limit=SEGMENT_PASSAGES)
    ]
    entries = _merge_tiers(folder, [*manifest.segments, *_merge_bulk(folder, new, dead, observe)], dead, observe)
    caught_up = Manifest(
        sequence=target,
        dimension=dimension,
        token=change_token(connection, target),
        segments=tuple(entries),
        derived_by=derived_by(connection),
    )
    write_manifest(folder, caught_up, observe)
    remove_unnamed(folder, caught_up)
    observe("index:caught-up")
    return caught_up


def rewrite_without_dead(folder: Path, manifest: Manifest, dead: Sequence[int], observe: Observer) -> Manifest:
    """Rewrite every segment that holds a dead document, so that no byte and no key of it stays."""
    entries: list[SegmentEntry] = []
    for entry in manifest.segments:
        segment = load_segment(folder, entry)
        live = live_documents(segment, dead)
        if live.all():
            entries.append(entry)
        elif live.any():
            entries.append(_write_segment(folder, merge_segments([segment.arrays], [live]), observe))
    rewritten = replace(manifest, segments=tuple(entries))
    write_manifest(folder, rewritten, observe)
    remove_unnamed(folder, rewritten)
    return rewritten


def load_segment(folder: Path, entry: SegmentEntry) -> Segment:
    """Map a segment's file; raises IndexDamaged."""
    return Segment(read_arrays(folder / entry.name))


def live_documents(segment: Segment, dead: Sequence[int]) -> NDArray[np.bool_]:
    """bool[D]: which documents of a segment have not ended."""
    return np.isin(segment.arrays["source_ids"], np.array(dead, np.int64), invert=True)


def remove_unnamed(folder: Path, manifest: Manifest) -> None:
    """Remove files of the index folder that the manifest does not name: merged segments and what a killed process left."""
    named = {entry.name for entry in manifest.segments} | {"manifest.json"}
    for path in folder.iterdir():
        if path.name not in named:
            path.unlink(missing_ok=True)


def _write_segment(folder: Path, arrays: Arrays, observe: Observer) -> SegmentEntry:
    entry = SegmentEntry(name=f"{uuid.uuid4().hex}.segment", n_rows=len(arrays["row_keys"]))
    write_arrays(folder / entry.name, arrays)
    observe("segment:renamed")
    return entry


def _tier(n_rows: int) -> int:
    tier, size = 0, MERGE_FACTOR
    while n_rows >= size:
        tier, size = tier + 1, size * MERGE_FACTOR
    return tier


def _merge_bulk(folder: Path, entries: Iterable[SegmentEntry], dead: Sequence[int], observe: Observer) -> Iterator[SegmentEntry]:
    """Segments that were cut one after another, merged as far as MAX_BULK_PASSAGES lets them."""
    groups: list[list[SegmentEntry]] = []
    for entry in entries:
        if groups and sum(one.n_rows for one in groups[-1]) + entry.n_rows <= MAX_BULK_PASSAGES:
            groups[-1].append(entry)
        else:
            groups.append([entry])
    for group in groups:
        yield from group if len(group) == 1 else _merge(folder, group, dead, observe)


def _merge(folder: Path, entries: Sequence[SegmentEntry], dead: Sequence[int], observe: Observer) -> list[SegmentEntry]:
    """One segment with what lives of some, none where nothing does."""
    segments = [load_segment(folder, entry) for entry in entries]
    merged = merge_segments([segment.arrays for segment in segments], [live_documents(segment, dead) for segment in segments])
    return [_write_segment(folder, merged, observe)] if len(merged["source_ids"]) else []


def _merge_tiers(folder: Path, entries: Iterable[SegmentEntry], dead: Sequence[int], observe: Observer) -> list[SegmentEntry]:
    """Merge any tier that holds MERGE_FACTOR segments, smallest first, until none does."""
    current = list(entries)
    while True:
        by_tier: dict[int, list[SegmentEntry]] = {}
        for entry in current:
            if entry.n_rows < MAX_MERGED_PASSAGES // MERGE_FACTOR:
                by_tier.setdefault(_tier(entry.n_rows), []).append(entry)
        full = [tier for tier, members in sorted(by_tier.items()) if len(members) >= MERGE_FACTOR]
        if not full:
            return current
        members = by_tier[full[0]]
        current = [entry for entry in current if entry not in members] + _merge(folder, members, dead, observe)
