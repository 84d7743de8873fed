from pathlib import Path

import pytest

from tadarag.errors import UsageError
from tadarag.knowledge_base import KnowledgeBase
from tadarag.scenarios import own_scenarios
from tadarag.testing.hashing_encoder import HashingEncoder

OWN = """name: recipe
cues: {en: [oven, flour, butter, bake, teaspoon]}
lengths: {words: {min: 10, max: 30}, characters: {min: 10, max: 40}}
"""
TEXT = "Heat the oven, mix flour and butter, and bake with a teaspoon of salt."


def make_own(folder: Path, content: str) -> None:
    (folder / ".tadarag" / "scenarios").mkdir(parents=True, exist_ok=True)
    (folder / ".tadarag" / "scenarios" / "recipe.yaml").write_text(content, "utf-8")


def test_a_base_reads_documents_by_a_scenario_of_its_own(tmp_path: Path) -> None:
    make_own(tmp_path, OWN)
    (tmp_path / "cake.txt").write_text(TEXT, "utf-8")
    with KnowledgeBase.open(tmp_path, create=True, encoder=HashingEncoder()) as base:
        base.ingest(tmp_path / "cake.txt")
        base.export(tmp_path / "out.jsonl")
    assert "recipe" in (tmp_path / "out.jsonl").read_text("utf-8")


def test_a_mistake_in_a_scenario_of_its_own_stops_the_base_with_file_and_line(tmp_path: Path) -> None:
    make_own(tmp_path, OWN.replace("lengths:", "lenghts:"))
    with pytest.raises(UsageError, match=r"scenarios/recipe\.yaml, line 3: unknown key 'lenghts'"):
        KnowledgeBase.open(tmp_path, create=True, encoder=HashingEncoder())


def test_a_backup_keeps_the_scenarios(tmp_path: Path) -> None:
    make_own(tmp_path, OWN)
    with KnowledgeBase.open(tmp_path, create=True, encoder=HashingEncoder()) as base:
        copy = base.backup(tmp_path / "copy")
    assert (own_scenarios(copy)[0] / "recipe.yaml").read_text("utf-8") == OWN


def test_a_base_without_scenarios_of_its_own_has_no_folder_for_them(tmp_path: Path) -> None:
    assert own_scenarios(tmp_path) == ()
