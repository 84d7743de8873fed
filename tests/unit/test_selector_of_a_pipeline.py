"""An answer recipe chooses what puts candidates in order."""

import pytest

from tadarag import KnowledgeBase
from tadarag.errors import UsageError
from tadarag.pipeline import DEFAULT_SELECTOR, load_pipeline
from tadarag.testing.hashing_encoder import HashingEncoder


@pytest.fixture
def recipe(tmp_path):
    folder = tmp_path / "pipelines" / "answer"
    folder.mkdir(parents=True)

    def recipe(retrieval):
        (folder / "mine.yaml").write_text(f"retrieval: {retrieval}\nanswerer: evidence\n", encoding="utf-8")
        return load_pipeline("mine", user_folders=[tmp_path])

    return recipe


@pytest.mark.parametrize("selector", ["formula", "learned"])
def test_a_recipe_names_its_selector(recipe, selector):
    assert recipe(f"{{selector: {selector}}}").selector == selector


def test_a_recipe_that_names_none_has_the_products_own(recipe):
    assert recipe("{limit: 5}").selector == DEFAULT_SELECTOR


@pytest.mark.parametrize("retrieval", ["{selector: trees}", "{selector: 1}", "{selectr: learned}"])
def test_a_selector_that_there_is_not_is_refused(recipe, retrieval):
    with pytest.raises(UsageError):
        recipe(retrieval)


def test_trees_do_not_judge_cosines_of_an_encoder_that_they_do_not_know(tmp_path):
    folder = tmp_path / ".tadarag" / "pipelines" / "answer"
    with KnowledgeBase.open(tmp_path, encoder=HashingEncoder()) as base:
        (tmp_path / "note.txt").write_text("The Ostrevir Yard belongs to Tomas Brandt.", encoding="utf-8")
        base.ingest(tmp_path)
        folder.mkdir(parents=True)
        (folder / "mine.yaml").write_text("retrieval: {selector: learned}\nanswerer: evidence\n", encoding="utf-8")
        answer = base.ask("Who owns the Ostrevir Yard?", pipeline="mine")
    assert answer.evidence.hits
    assert all("selector" not in dict(hit.layers) for hit in answer.evidence.hits)
