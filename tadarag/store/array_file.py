"""Named arrays in one file: written once, synced, renamed into place, mapped read-only, and checked against their checksum."""

from __future__ import annotations

import json
import os
import struct
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tadarag.errors import IndexDamaged

_MAGIC = b"TDRGARR1"
_HEAD = struct.Struct("<8sQII")  # magic, length of the JSON header, its CRC-32, CRC-32 of the arrays
_ALIGNMENT = 64


def write_arrays(path: Path, arrays: Mapping[str, NDArray[Any]]) -> None:
    """Write arrays to `path`, synced to disk under a temporary name first, so that `path` is whole or absent."""
    entries, offset = {}, 0
    contiguous = {name: np.ascontiguousarray(array) for name, array in arrays.items()}
    for name, array in contiguous.items():
        entries[name] = [array.dtype.str, list(array.shape), offset]
        offset += array.nbytes + (-array.nbytes) % _ALIGNMENT
    header = json.dumps(entries, separators=(",", ":")).encode()
    header += b" " * ((-(_HEAD.size + len(header))) % _ALIGNMENT)
    temporary = path.with_name(path.name + ".part")
    checksum = 0
    with temporary.open("wb") as file:
        file.write(_HEAD.pack(_MAGIC, len(header), zlib.crc32(header), 0))
        file.write(header)
        for array in contiguous.values():
            body = array.reshape(-1).data.cast("B") if array.size else memoryview(b"")
            padding = b"\0" * ((-array.nbytes) % _ALIGNMENT)
            file.write(body)
            file.write(padding)
            checksum = zlib.crc32(padding, zlib.crc32(body, checksum))
        file.seek(0)
        file.write(_HEAD.pack(_MAGIC, len(header), zlib.crc32(header), checksum))
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
    sync_folder(path.parent)


def read_arrays(path: Path) -> dict[str, NDArray[Any]]:
    """Map the arrays of `path` read-only. Raises IndexDamaged when the file is missing, cut short, or fails its checksum."""
    remedy = "run: tadarag repair (it rebuilds the index from the database)"
    try:
        mapped = np.memmap(path, dtype=np.uint8, mode="r")
    except (OSError, ValueError) as error:  # ValueError: an empty file cannot be mapped
        raise IndexDamaged(f"the index file {path.name} cannot be read ({error})", remedy) from error
    if len(mapped) < _HEAD.size:
        raise IndexDamaged(f"the index file {path.name} is cut short", remedy)
    magic, header_length, header_checksum, checksum = _HEAD.unpack(mapped[: _HEAD.size].tobytes())
    body_start = _HEAD.size + header_length
    header = mapped[_HEAD.size : body_start].tobytes()
    if magic != _MAGIC or zlib.crc32(header) != header_checksum or zlib.crc32(mapped.data[body_start:]) != checksum:
        raise IndexDamaged(f"the index file {path.name} does not match its checksum", remedy)
    arrays: dict[str, NDArray[Any]] = {}
    for name, (dtype_text, shape, offset) in json.loads(header).items():
        dtype = np.dtype(dtype_text)
        size = int(np.prod(shape)) * dtype.itemsize
        arrays[name] = np.asarray(mapped[body_start + offset : body_start + offset + size]).view(dtype).reshape(shape)
    return arrays


def sync_folder(folder: Path) -> None:
    """Make a rename in `folder` durable (a no-op where folders cannot be opened)."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
