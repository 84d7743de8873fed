"""What is written in a manifest is read again just so; hashes do not depend on the order of files."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tadarag.errors import TrainingError
from tadarag.training.manifest import DataRecord, FileHash, Manifest, StageRecord, digest_of, hash_files, read_manifest

files = st.lists(
    st.builds(FileHash, st.text(min_size=1, max_size=5), st.integers(0, 2**40), st.text("0123456789abcdef", min_size=64, max_size=64)),
    max_size=4,
    unique_by=lambda file: file.path,
)


def record(made: tuple[FileHash, ...], parameters: dict[str, object]) -> StageRecord:
    return StageRecord(
        run="m:f",
        inputs={"texts": "aa"},
        parameters=parameters,
        seed=7,
        device="cpu",
        code="tadarag 0.1.0",
        module_sha256="bb",
        machine={"cores": 2},
        seconds=0.25,
        files=made,
    )


@given(files, files, st.dictionaries(st.text(max_size=4), st.none() | st.booleans() | st.integers() | st.lists(st.text(max_size=3))))
def test_a_manifest_is_read_as_it_was_written(
    tmp_path_factory: pytest.TempPathFactory, read: list[FileHash], made: list[FileHash], parameters: dict[str, object]
) -> None:
    folder = tmp_path_factory.mktemp("run")
    data = {"texts": DataRecord(folder="评论", licence="MIT", files=tuple(read))}
    manifest = Manifest(recipe="mine", recipe_sha256="cc", licence="MIT", data=data, stages={"fit": record(tuple(made), parameters)})
    manifest.write(folder)
    assert read_manifest(folder) == manifest


@given(files)
def test_the_digest_does_not_depend_on_the_order_and_tells_files_apart(made: list[FileHash]) -> None:
    assert digest_of(made) == digest_of(made[::-1])
    for place, file in enumerate(made):
        renamed = [*made[:place], FileHash(file.path + "x", file.bytes, file.sha256), *made[place + 1 :]]
        assert digest_of(renamed) != digest_of(made)


def test_files_are_hashed_by_path_without_hidden_ones(tmp_path: Path) -> None:
    for name in ("b/二.txt", "a.txt", ".hidden", ".folder/c.txt", "b/.d"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(name.encode())
    assert hash_files(tmp_path) == (
        FileHash("a.txt", 5, sha256(b"a.txt").hexdigest()),
        FileHash("b/二.txt", 9, sha256("b/二.txt".encode()).hexdigest()),
    )
    assert [file.path for file in hash_files(tmp_path, ["*.txt", "a.*"])] == ["a.txt"]


def test_a_folder_without_a_manifest_has_none(tmp_path: Path) -> None:
    assert read_manifest(tmp_path) is None


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"schema": "tadarag-train/9"}', json.dumps({"schema": "tadarag-train/1", "recipe": "x"})]
)
def test_a_file_that_is_no_manifest_is_said(tmp_path: Path, text: str) -> None:
    (tmp_path / "manifest.json").write_text(text, encoding="utf-8")
    with pytest.raises(TrainingError, match="is no manifest of a run"):
        read_manifest(tmp_path)
