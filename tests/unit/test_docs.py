"""README and docs stay true: they name everything that a user can meet, their links lead somewhere, their generated parts are current."""

from __future__ import annotations

import ast
import re
import runpy
import subprocess
import sys
import tomllib
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import pytest
import yaml

import tadarag
from tadarag import KnowledgeBase, errors
from tadarag.cli.catalogue import COMMANDS
from tadarag.cli.reference import all_commands
from tadarag.cli.settings import KEYS
from tadarag.content import content_folder
from tadarag.pipeline import load_pipeline

from .doc_pages import PAGES, ROOT, blocks, name_of

_LINK = re.compile(r"\]\((?P<target>[^)#\s]+)(?:#[\w-]+)?\)")
_LOADED = re.compile(r"""<(?:script|link|img)[^>]+(?:src|href)=["'](https?://[^"']+)""")
_PICTURE_BYTES = 300_000
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
TEXT = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)


def text_of(name: str) -> str:
    """A file of the repository."""
    return (ROOT / name).read_text(encoding="utf-8")


def test_yaml_and_toml_of_the_docs_can_be_read(tmp_path: Path) -> None:
    shown = [block.body for block in blocks("yaml") if "answerer" in yaml.safe_load(block.body)]
    (tmp_path / "pipelines" / "answer").mkdir(parents=True)
    for recipe in shown:
        (tmp_path / "pipelines" / "answer" / "mine.yaml").write_text(recipe, encoding="utf-8")
        assert load_pipeline("mine", user_folders=[tmp_path]).name == "mine"
    known = {key.name for key in KEYS}
    for block in blocks("toml"):
        assert set(tomllib.loads(block.body)) <= known, str(block)
    assert shown


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


def error_classes() -> list[str]:
    """Every class of tadarag/errors.py."""
    return [name for name, value in vars(errors).items() if isinstance(value, type) and issubclass(value, errors.TadaragError)]


def entry_points() -> list[str]:
    """Every entry-point group of pyproject.toml, and every name in it."""
    groups = PROJECT["entry-points"]
    return [*groups, *(name for names in groups.values() for name in names)]


def settings() -> list[str]:
    """Every key of the settings, and the variable that stands for it."""
    return [*(key.name for key in KEYS), *(key.variable for key in KEYS)]


def recipes() -> list[str]:
    """Every recipe that ships for answers."""
    return [file.stem for file in content_folder("pipelines/answer").glob("*.yaml")]


def integrations() -> list[str]:
    """What the modules for other frameworks offer, as their source says: no framework is imported for it. Neo4j is reached by commands."""
    offered: list[str] = []
    for file in sorted(one for one in (ROOT / "tadarag" / "integrations").rglob("*.py") if not one.name.startswith("neo4j")):
        for listed in re.findall(r"^__all__ = (\[.*?\])", file.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL):
            offered += ast.literal_eval(listed)
    return sorted(set(offered))


@pytest.mark.parametrize("names", [error_classes, entry_points, settings, recipes, integrations], ids=lambda names: names.__name__)
def test_the_docs_name_every_one_of_the(names: Callable[[], list[str]]) -> None:
    assert names()
    assert [name for name in names() if f"`{name}`" not in TEXT] == []


def test_the_docs_have_a_section_for_every_command_and_name_every_subcommand() -> None:
    assert [name for name, _ in all_commands() if f"## tadarag {name}\n" not in TEXT] == []
    assert {name.partition(" ")[0] for name, _ in all_commands()} == set(COMMANDS)


def test_the_docs_name_every_public_name_twice_in_the_table_and_in_the_reference() -> None:
    table, reference = (text_of("docs/library.md"), text_of("docs/api.md"))
    assert [name for name in tadarag.__all__ if f"\n| `{name}` |" not in table] == []
    assert [name for name in tadarag.__all__ if f"\n::: tadarag.{name}\n" not in reference] == []


def test_the_docs_say_how_to_install_every_extra() -> None:
    assert [
        extra for extra in PROJECT["optional-dependencies"] if not re.search(rf"tadarag\[{extra}\]|extra `{extra}`|\| `{extra}`", TEXT)
    ] == []


def test_the_page_on_the_library_names_every_method_of_a_base() -> None:
    page = text_of("docs/library.md")
    methods = [name for name, value in vars(KnowledgeBase).items() if not name.startswith("_") and callable(getattr(KnowledgeBase, name))]
    assert [name for name in methods if not re.search(rf"[`.]{name}[`(]", page)] == []


@pytest.mark.parametrize("example", sorted((ROOT / "apps" / "examples").glob("*.py")), ids=lambda example: example.stem)
def test_an_example_is_short_and_uses_public_names_only(example: Path) -> None:
    source = example.read_text(encoding="utf-8")
    imported = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.ImportFrom) and node.module]
    ours = {node.module: {one.name for one in node.names} for node in imported if str(node.module).partition(".")[0] == "tadarag"}
    assert len(source.splitlines()) < 60
    assert ours.get("tadarag", set()) <= set(tadarag.__all__)
    assert [module for module in ours if module != "tadarag" and not str(module).startswith("tadarag.integrations.")] == []
    assert f"`{example.name}" in text_of("apps/README.md")


def test_every_page_is_in_the_navigation_of_the_site_once() -> None:
    listed = re.findall(r"^ +- .*?: ([\w/.-]+\.md)$", text_of("mkdocs.yml"), re.MULTILINE)
    listed += re.findall(r"^  - .*?: ([\w/.-]+\.md)$", text_of("mkdocs.yml"), re.MULTILINE)
    pages = {name_of(page).removeprefix("docs/") for page in PAGES if page.is_relative_to(ROOT / "docs")}
    assert set(listed) == pages
    assert f"{len(list((ROOT / 'docs' / 'decisions').glob('*.md'))):03}-" in text_of("docs/decisions.md")


@pytest.mark.docs
def test_the_site_builds_without_a_warning(tmp_path: Path) -> None:
    if find_spec("material") is None or find_spec("mkdocstrings") is None:
        pytest.skip("mkdocs-material and mkdocstrings are not installed")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(tmp_path / "site")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "WARNING -" not in done.stderr
    page = (tmp_path / "site" / "api.html").read_text(encoding="utf-8")
    assert "Answer from the documents; every citation returned has been checked against the stored text." in page
    outside = [src for file in (tmp_path / "site").rglob("*.html") for src in _LOADED.findall(file.read_text(encoding="utf-8"))]
    assert outside == [], "the site loads something from elsewhere"


def test_pictures_are_small_and_those_of_pages_have_words_for_who_does_not_see_them() -> None:
    assert [picture.name for picture in (ROOT / "docs" / "pictures").glob("*.*g") if picture.stat().st_size > _PICTURE_BYTES] == []
    assert [name_of(page) for page in PAGES if "![](" in page.read_text(encoding="utf-8")] == []


def test_drawn_pictures_are_what_their_script_draws() -> None:
    drawn = runpy.run_path(str(ROOT / "docs" / "pictures" / "make_diagrams.py"))
    assert text_of("docs/pictures/pipeline.svg") == drawn["pipeline"]()
    assert text_of("docs/pictures/graph-on-the-fly.svg") == drawn["graph_on_the_fly"]()


def test_the_first_screen_of_the_readme_shows_a_command_and_a_citation() -> None:
    lines = text_of("README.md").splitlines()
    assert any(line.startswith("$ tadarag ") for line in lines[:15])
    screen = "\n".join(lines[:60])
    assert re.search(r"^\[1\] \S+", screen, re.MULTILINE), "no output with a citation"
    assert re.search(r"!\[[^\]]+\]\(docs/pictures/[\w.-]+\)", screen), "no picture"
