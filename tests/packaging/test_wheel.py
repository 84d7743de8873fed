"""What a newcomer installs: the wheel, built from the source archive, in an environment of its own, away from the checkout."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import venv
import zipfile
from dataclasses import dataclass
from email.parser import Parser
from importlib.util import find_spec
from pathlib import Path

import pytest

pytestmark = pytest.mark.packaging

ROOT = Path(__file__).resolve().parents[2]
MAX_WHEEL_BYTES = 98_000_000
MAX_ALL_WHEELS_BYTES = 200_000_000
MAX_DIRECT_DEPENDENCIES = 18


@dataclass(frozen=True, slots=True)
class Installed:
    """An environment that holds the wheel and what it needs, and the sizes of all wheels in bytes by file name."""

    folder: Path
    wheels: dict[str, int]

    def run(self, *command: str, cwd: Path, status: int = 0) -> str:
        """stdout of a command of the environment, run away from the checkout and from the settings of whoever runs the tests."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("TADARAG_", "PYTHON", "VIRTUAL_ENV"))}
        environment |= {"XDG_CONFIG_HOME": str(cwd / "config"), "XDG_CACHE_HOME": str(cwd / "cache")}
        words = [str(self.folder / "bin" / command[0]), *command[1:]]
        done = subprocess.run(words, cwd=cwd, env=environment, capture_output=True, text=True, encoding="utf-8", check=False)
        assert done.returncode == status, f"{command}: {done.returncode}\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}"
        return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from the source archive and from nothing else."""
    folder = tmp_path_factory.mktemp("built")
    build = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder)]
    subprocess.run([*build, "--sdist", str(ROOT)], check=True, capture_output=True)
    (archive,) = folder.glob("*.tar.gz")
    shutil.unpack_archive(archive, folder / "unpacked", filter="data")
    (source,) = (folder / "unpacked").iterdir()
    subprocess.run([*build, "--wheel", str(source)], check=True, capture_output=True)
    (found,) = folder.glob("*.whl")
    return found


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """A clean environment with the wheel and its dependencies, at the versions of the core lock."""
    folder = tmp_path_factory.mktemp("clean")
    wheels = folder / "wheels"
    lock = str(ROOT / "requirements-core.lock")
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "download", "--require-hashes", "--only-binary", ":all:", "-r", lock, "-d", str(wheels)], check=True)
    shutil.copy(wheel, wheels)
    venv.create(folder / "venv", with_pip=False, symlinks=True)
    python = str(folder / "venv" / "bin" / "python")
    subprocess.run([*pip, "--python", python, "install", "--no-index", "--find-links", str(wheels), str(wheel)], check=True)
    report = json.loads(subprocess.run([*pip, "--python", python, "inspect"], check=True, capture_output=True).stdout)
    names = {entry["metadata"]["name"].lower().replace("-", "_").replace(".", "_") for entry in report["installed"]}
    sizes = {file.name: file.stat().st_size for file in wheels.iterdir() if file.name.lower().split("-")[0].replace(".", "_") in names}
    assert len(sizes) == len(names), f"no wheel found for {names - {name.lower().split('-')[0] for name in sizes}}"
    return Installed(folder / "venv", sizes)


def test_the_wheel_is_small_enough_for_any_index(wheel: Path) -> None:
    assert wheel.stat().st_size < MAX_WHEEL_BYTES


def test_the_wheel_holds_code_content_models_and_licences_and_no_tests(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    wanted = [
        "tadarag/py.typed",
        "mom/py.typed",
        "mom/data/word_table.tsv",
        "mom/data/word_vectors.npy",
        "mom/data/boundary_weights.json",
        "mom/scenarios/general.yaml",
        "tadarag/models/files/encoder/model.onnx",
        "tadarag/models/files/encoder/MODEL_CARD.md",
        "tadarag/_content/templates/news.yaml",
        "tadarag/_content/pipelines/answer/default.yaml",
        "tadarag/_content/data/samples/demo.json",
        "tadarag/_content/apps/studio/app.py",
        "tadarag/_content/apps/studio/style.css",
        "tadarag/_content/eval/suites/retrieval-dev.yaml",
    ]
    assert [name for name in wanted if name not in names] == []
    assert {"LICENSE", "NOTICE"} <= {name.rpartition("/")[2] for name in names if ".dist-info/licenses/" in name}
    assert {name.split("/")[0].partition("-")[0] for name in names} == {"tadarag", "mom"}
    assert [name for name in names if "/.tadarag/" in name or "__pycache__" in name] == []


def test_the_wheel_asks_for_few_dependencies_and_never_for_torch(wheel: Path) -> None:
    archive = zipfile.ZipFile(wheel)
    (metadata,) = (name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
    requires = Parser().parsestr(archive.read(metadata).decode("utf-8")).get_all("Requires-Dist", [])
    core = [line for line in requires if "extra ==" not in line]
    assert len(core) <= MAX_DIRECT_DEPENDENCIES
    assert not any(line.lower().startswith("torch") for line in core)


def test_all_wheels_of_the_core_install_together_stay_under_200_mb(installed: Installed) -> None:
    total = sum(installed.wheels.values())
    assert total <= MAX_ALL_WHEELS_BYTES, f"{len(installed.wheels)} wheels take {total / 1e6:.1f} MB"
    assert not any(name.lower().startswith(("torch", "nvidia")) for name in installed.wheels)


def test_the_demo_answers_from_the_installed_wheel(installed: Installed, tmp_path: Path) -> None:
    shown = json.loads(installed.run("tadarag", "demo", "samples", "--json", "--quiet", cwd=tmp_path))
    bridge, chinese, unanswerable = shown["answers"]
    assert bridge["found"]
    assert len({citation["source"].partition("#")[0] for citation in bridge["citations"]}) >= 2
    assert chinese["found"]
    assert chinese["citations"]
    assert not unanswerable["found"]
    for answer in (bridge, chinese):
        for citation in answer["citations"]:
            text = installed.run("tadarag", "show", "--base", "samples", "--text", citation["source"], cwd=tmp_path)
            assert citation["quote"].split("\n")[0] in text


def test_what_is_installed_comes_from_the_wheel_and_starts_light(installed: Installed, tmp_path: Path) -> None:
    code = "import sys, tadarag; print(tadarag.__file__); print('numpy' in sys.modules or 'onnxruntime' in sys.modules)"
    place, is_heavy = installed.run("python", "-c", code, cwd=tmp_path).splitlines()
    assert Path(place).is_relative_to(installed.folder.resolve()) or Path(place).is_relative_to(installed.folder)
    assert is_heavy == "False"


def test_the_installed_command_finds_its_content_and_says_so(installed: Installed, tmp_path: Path) -> None:
    assert "Start with: tadarag ask" in installed.run("tadarag", "--help", cwd=tmp_path)
    report = installed.run("tadarag", "doctor", cwd=tmp_path)
    assert "fail" not in {word.strip(":") for word in report.split()}


def test_this_test_builds_with_the_locked_tools() -> None:
    assert find_spec("build")
    assert find_spec("hatchling")
