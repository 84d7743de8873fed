"""What is left of a word in the files of a base: in bytes, in compressed values, and as keys that stand for it in the indexes."""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from pathlib import Path

import numpy as np

from tadarag.analysis import is_cjk, key, name_key, name_tokens, part_keys, terms
from tadarag.store.array_file import read_arrays


def traces(base: Path, words: Sequence[str], *, phrases: Iterable[str] = ()) -> list[str]:
    """Every place in the folder `base` where one of `words` is still to be found; empty when nothing is left.

    phrases: names that hold a word, whose own keys are looked for too.
    """
    needles = sorted({needle for word in words for needle in _forms(word)})
    found: list[str] = []
    for path in sorted(base.rglob("*")):
        name = str(path.relative_to(base)).encode("utf-8", "surrogatepass")
        found += [f"name of {path.name}" for needle in needles if needle in name]
        if path.is_file():
            content = path.read_bytes()
            found += [f"bytes of {path.name}" for needle in needles if needle in content]
    for database in sorted(base.rglob("*.sqlite3")):
        found += _in_database(database, needles)
    found += _in_index(base / "index", keys_of([*words, *phrases], words))
    return found


def keys_of(names: Iterable[str], words: Sequence[str]) -> frozenset[int]:
    """The 64-bit keys by which an index holds names and their terms, of those that contain one of `words`."""
    folded = [word.lower() for word in words]
    found: set[int] = set()
    for name in names:
        found |= {key(term) for term in terms(name) if is_cjk(term[0]) or any(term[:5] == word[:5] for word in folded)}
        tokens = [token.text for token in name_tokens(name)]
        found |= {name_key(tokens), *(part_keys(tokens, cjk=True) if is_cjk(name[0]) else ())}
    return frozenset(found)


def _forms(word: str) -> Iterator[bytes]:
    for written in (word, word.lower()):
        yield written.encode()
        yield written.encode("utf-16-le")
        yield json.dumps(written)[1:-1].encode()


def _in_database(path: Path, needles: Sequence[bytes]) -> Iterator[str]:
    with closing(sqlite3.connect(path)) as database:
        tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for table in tables:
            for row in database.execute(f"SELECT * FROM {table}"):
                for value in row:
                    plain = _unpacked(value)
                    yield from (f"table {table}" for needle in needles if needle in plain)


def _unpacked(value: object) -> bytes:
    if not isinstance(value, bytes):
        return str(value).encode("utf-8", "surrogatepass")
    try:
        return zlib.decompress(value[4:])
    except zlib.error:  # a value that is not compressed: vectors, recorded results
        return value


def _in_index(folder: Path, keys: frozenset[int]) -> Iterator[str]:
    wanted = np.array(sorted(keys), np.uint64)
    for path in sorted(folder.glob("*.segment")):
        for name, array in read_arrays(path).items():
            if array.dtype == np.uint64 and np.isin(wanted, array).any():
                yield f"keys of {name}"
