"""README and docs stay true: their code runs, their output is real, and they name everything that a user can meet."""

from __future__ import annotations

import re
import runpy
import shlex
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from tadarag import KnowledgeBase, errors
from tadarag.cli.catalogue import COMMANDS
from tadarag.cli.main import main
from tadarag.cli.settings import KEYS
from tadarag.content import content_folder
from tadarag.pipeline import load_pipeline

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")), *sorted((ROOT / "apps").glob("*.md"))]
_BLOCK = re.compile(r"^```(?P<language>\w*)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\]\((?P<target>[^)#\s]+)(?:#[\w-]+)?\)")
_NOT_RUN = ("pip install ", "make ", "cd ", "git clone ")
"""Commands of a console block that set things up: what they do is tested by installing, not here."""


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block of a page."""

    page: Path
    line: int
    language: str
    body: str

    def __str__(self) -> str:
        return f"{self.page.relative_to(ROOT)}:{self.line}"


def blocks(language: str) -> list[Block]:
    """All blocks in that language, in order."""
    found = []
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        for match in _BLOCK.finditer(text):
            if match["language"] == language:
                found.append(Block(page, text.count("\n", 0, match.start()) + 1, language, match["body"]))
    return found


def pages_with(language: str) -> list[str]:
    """Names of the pages that have such blocks."""
    return sorted({str(block.page.relative_to(ROOT)) for block in blocks(language)})


@pytest.fixture(scope="module")
def sample_base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the sample documents, read once with the shipped encoder."""
    folder = tmp_path_factory.mktemp("read-once") / "samples"
    shutil.copytree(content_folder("data/samples") / "documents", folder)
    with KnowledgeBase.open(folder) as base:
        base.ingest(folder)
    return folder


@pytest.fixture
def work(sample_base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder of a reader: `samples` is there and has been read, no settings of the person who runs the tests."""
    shutil.copytree(sample_base, tmp_path / "samples")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    for key in KEYS:
        monkeypatch.delenv(key.variable, raising=False)
    return tmp_path


@pytest.mark.parametrize("page", pages_with("python"))
def test_the_python_of_a_page_runs_from_top_to_bottom(page: str, work: Path) -> None:
    for block in blocks("python"):
        if str(block.page.relative_to(ROOT)) == page:
            script = work / f"block_{block.line}.py"
            script.write_text(block.body, encoding="utf-8")
            runpy.run_path(str(script), run_name="__main__")


@pytest.mark.parametrize("page", pages_with("console"))
def test_the_commands_of_a_page_give_the_output_that_it_shows(page: str, work: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for block in blocks("console"):
        if str(block.page.relative_to(ROOT)) != page:
            continue
        for command, shown in commands(block):
            if command.startswith(_NOT_RUN):
                continue
            assert command.startswith("tadarag "), f"{block}: this test does not run {command!r}"
            capsys.readouterr()
            status = main(shlex.split(command)[1:])
            printed = capsys.readouterr()
            assert status == 0, f"{block}: {command!r} failed: {printed.err}"
            assert fits(printed.out, shown), f"{block}: {command!r} gave\n{printed.out}"


def commands(block: Block) -> Iterator[tuple[str, str]]:
    """(command, output shown) of a console block; a lone … stands for anything."""
    for part in re.split(r"^\$ ", block.body, flags=re.MULTILINE)[1:]:
        command, _, shown = part.partition("\n")
        yield command.strip(), shown.rstrip()


def fits(printed: str, shown: str) -> bool:
    """Whether output is what a page shows, where … in a page stands for any text; a page that shows nothing promises nothing."""
    pattern = ".*".join(re.escape(piece) for piece in shown.split("…"))
    return not shown or re.fullmatch(pattern, printed.rstrip(), re.DOTALL) is not None


def test_a_page_that_shows_other_output_is_found() -> None:
    assert fits("the answer is 42 [1]\n", "the answer is … [1]")
    assert not fits("the answer is 42 [1]\n", "the answer is 41 [1]")


def test_yaml_and_toml_of_the_docs_can_be_read(tmp_path: Path) -> None:
    recipes = [block.body for block in blocks("yaml") if "answerer" in yaml.safe_load(block.body)]
    (tmp_path / "pipelines" / "answer").mkdir(parents=True)
    for recipe in recipes:
        (tmp_path / "pipelines" / "answer" / "mine.yaml").write_text(recipe, encoding="utf-8")
        assert load_pipeline("mine", user_folders=[tmp_path]).name == "mine"
    known = {key.name for key in KEYS}
    for block in blocks("toml"):
        assert set(tomllib.loads(block.body)) <= known, str(block)
    assert recipes


def test_links_between_pages_lead_somewhere() -> None:
    broken = []
    for page in [*PAGES, *(ROOT / name for name in ("CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md"))]:
        for match in _LINK.finditer(page.read_text(encoding="utf-8")):
            if "://" not in match["target"] and not (page.parent / match["target"]).exists():
                broken.append(f"{page.name}: {match['target']}")
    assert broken == []


def test_the_generated_parts_are_current() -> None:
    done = subprocess.run([sys.executable, str(ROOT / "docs" / "generate.py"), "--check"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_docs_name_everything_that_a_user_can_meet() -> None:
    text = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)
    groups = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["entry-points"]
    classes = [value for value in vars(errors).values() if isinstance(value, type) and issubclass(value, errors.TadaragError)]
    wanted = [
        *(f"`{error.__name__}`" for error in classes),
        *(f"`{group}`" for group in groups),
        *(f"`{name}`" for names in groups.values() for name in names),
        *(f"`{key.name}`" for key in KEYS),
        *(f"`{key.variable}`" for key in KEYS),
        *(f"## tadarag {name}\n" for name in COMMANDS),
        *(f"`{file.stem}`" for file in content_folder("pipelines/answer").glob("*.yaml")),
    ]
    assert [name for name in wanted if name not in text] == []


def test_the_page_on_the_library_names_every_method_of_a_base() -> None:
    page = (ROOT / "docs" / "library.md").read_text(encoding="utf-8")
    methods = [name for name, value in vars(KnowledgeBase).items() if not name.startswith("_") and callable(getattr(KnowledgeBase, name))]
    assert [name for name in methods if not re.search(rf"[`.]{name}[`(]", page)] == []


def test_the_first_screen_of_the_readme_shows_a_command_and_a_citation() -> None:
    lines = (ROOT / "README.md").read_text(encoding="utf-8").splitlines()
    assert any(line.startswith("$ tadarag ") for line in lines[:15])
    screen = "\n".join(lines[:60])
    assert re.search(r"^\[1\] \S+", screen, re.MULTILINE), "no output with a citation"
    assert re.search(r"!\[[^\]]+\]\(docs/pictures/[\w.-]+\)", screen), "no picture"
    assert all(picture.stat().st_size < 300_000 for picture in (ROOT / "docs" / "pictures").glob("*.svg"))
