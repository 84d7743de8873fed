"""An answer recipe chooses what puts candidates in order."""

import pytest

from tadarag import KnowledgeBase
from tadarag.answer_json import answer_json
from tadarag.cli.answer_text import answer_lines
from tadarag.errors import UsageError
from tadarag.models.openai_model import OpenAIModel
from tadarag.pipeline import DEFAULT_SELECTOR, load_pipeline
from tadarag.testing.hashing_encoder import HashingEncoder
from tadarag.testing.scripted_endpoint import ScriptedEndpoint, Turn


@pytest.fixture
def recipe(tmp_path):
    folder = tmp_path / "pipelines" / "answer"
    folder.mkdir(parents=True)

    def recipe(retrieval):
        (folder / "mine.yaml").write_text(f"retrieval: {retrieval}\nanswerer: evidence\n", encoding="utf-8")
        return load_pipeline("mine", user_folders=[tmp_path])

    return recipe


@pytest.mark.parametrize("selector", ["formula", "learned", "llm"])
def test_a_recipe_names_its_selector(recipe, selector):
    assert recipe(f"{{selector: {selector}}}").selector == selector


def test_a_recipe_that_names_none_has_the_products_own(recipe):
    assert recipe("{limit: 5}").selector == DEFAULT_SELECTOR


@pytest.mark.parametrize("retrieval", ["{selector: trees}", "{selector: 1}", "{selectr: learned}"])
def test_a_selector_that_there_is_not_is_refused(recipe, retrieval):
    with pytest.raises(UsageError):
        recipe(retrieval)


def test_a_recipe_names_what_scores_a_question_graph(tmp_path):
    folder = tmp_path / "pipelines" / "answer"
    folder.mkdir(parents=True)
    for scores in ("formula", "learned"):
        (folder / "mine.yaml").write_text(f"graph_scores: {scores}\n", encoding="utf-8")
        assert load_pipeline("mine", user_folders=[tmp_path]).graph_scores == scores
    (folder / "mine.yaml").write_text("graph_scores: policy\n", encoding="utf-8")
    with pytest.raises(UsageError, match="graph_scores is 'policy'"):
        load_pipeline("mine", user_folders=[tmp_path])


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


QUESTION = "Where was the owner of the Ostrevir Yard born?"
WORLD = {
    "yard": "The Ostrevir Yard belongs to Tomas Brandt. It repairs boats.",
    "owner": "Tomas Brandt was born in Veldam in 1961. He collects clocks.",
    "town": "Veldam has 41,000 inhabitants. It lies on a hill.",
}


@pytest.fixture
def ask_with(tmp_path):
    """Asks the question in a small base whose recipe lets a model choose. reply: of the endpoint; None for a base without a model."""
    folder = tmp_path / ".tadarag" / "pipelines" / "answer"

    def ask_with(reply):
        with ScriptedEndpoint([Turn(text=reply or "")]) as endpoint:
            model = OpenAIModel("chooser", base_url=endpoint.url) if reply is not None else None
            with KnowledgeBase.open(tmp_path, encoder=HashingEncoder(), language_model=model) as base:
                for name, text in WORLD.items():
                    (tmp_path / f"{name}.txt").write_text(text, encoding="utf-8")
                base.ingest(tmp_path)
                folder.mkdir(parents=True)
                (folder / "mine.yaml").write_text("retrieval: {selector: llm}\nanswerer: evidence\n", encoding="utf-8")
                return base.ask(QUESTION, pipeline="mine")

    return ask_with


def test_what_a_model_chose_comes_first_and_is_explained_and_paid_for(ask_with):
    answer = ask_with('{"passages": [2, 40]}')
    choice = answer.evidence.choice
    assert (choice.n_chosen, choice.n_unknown, choice.problem) == (1, 1, "")
    assert any("chooser chose 1 of" in line and "1 of its numbers" in line for line in answer_lines(answer, explain=True))
    assert answer.usage.model == "chooser"
    assert answer.usage.completion_tokens == choice.usage.completion_tokens > 0
    assert answer_json(answer)["evidence"]["choice"]["chosen"] == 1


def test_a_choice_that_cannot_be_used_is_explained_and_the_passages_are_found_all_the_same(ask_with):
    answer = ask_with("Take the second passage, please.")
    assert answer.evidence.hits
    assert any("the reply holds no JSON: the order before it stands" in line for line in answer_lines(answer, explain=True))


def test_a_recipe_that_lets_a_model_choose_is_refused_without_one(ask_with):
    with pytest.raises(UsageError, match="none is set"):
        ask_with(None)
