"""A recipe is read strictly: what is wrong is named with its file and line, and stages come out in the order of their inputs."""

from __future__ import annotations

import re
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tadarag.errors import TrainingError, UsageError
from tadarag.training.recipes import find_recipe, read_recipe, recipe_files, with_profile

HEAD = "name: mine\ndescription: One of mine.\nlicence: CC0-1.0\n"
STAGE = "stages:\n  - name: fit\n    run: my_stages:fit\n"


def write(folder: Path, text: str) -> Path:
    file = folder / "mine.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def problem(folder: Path, text: str) -> str:
    with pytest.raises(TrainingError) as caught:
        read_recipe(write(folder, text))
    assert caught.value.do
    return caught.value.happened.removeprefix(str(folder / "mine.yaml"))


def test_what_a_stage_does_not_say_has_plain_defaults(tmp_path: Path) -> None:
    recipe = read_recipe(write(tmp_path, HEAD + STAGE))
    [stage] = recipe.stages
    assert (recipe.seed, recipe.data, recipe.ships) == (13, (), False)
    assert (stage.inputs, stage.parameters, stage.extra, stage.minutes, stage.keeps_checkpoints) == ((), {}, "", 0.0, False)


def test_data_may_be_a_folder_alone_or_say_which_files_and_whose(tmp_path: Path) -> None:
    data = "data:\n  all: reviews\n  some: {folder: 评论, files: ['*.csv'], licence: MIT}\n"
    everything, some = read_recipe(write(tmp_path, HEAD + data + STAGE)).data
    assert (everything.folder, everything.files, everything.licence) == ("reviews", ("**/*",), "")
    assert (some.folder, some.files, some.licence) == ("评论", ("*.csv",), "MIT")


def test_parameters_are_what_json_knows_and_an_exponent_makes_a_number(tmp_path: Path) -> None:
    parameters = "    parameters: {rate: 1e-3, more: [2E4, '1e-3'], names: [a, b], 7: true, deep: {x: null}, word: 'no'}\n"
    [stage] = read_recipe(write(tmp_path, HEAD + STAGE + parameters)).stages
    assert stage.parameters == {"rate": 0.001, "more": [20000.0, "1e-3"], "names": ["a", "b"], "7": True, "deep": {"x": None}, "word": "no"}


@pytest.mark.parametrize(
    ("text", "happened"),
    [
        ("", ":1: here a mapping is expected"),
        ("name: [\n", ":2: this is not YAML"),
        (HEAD, ":1: the key 'stages' is missing"),
        (HEAD.replace("mine", "yours", 1) + STAGE, ":1: the recipe 'yours' stands in mine.yaml"),
        (HEAD + "stages: []\n", ":4: this recipe has no stage"),
        (HEAD + STAGE + "    parameter: {}\n", ":7: there is no key 'parameter' here"),
        (HEAD + STAGE + "    parameters: [1]\n", ":7: here a mapping is expected"),
        (HEAD + STAGE + "    parameters: {since: 2024-01-01}\n", ":7: this value cannot be kept in a manifest"),
        (HEAD + STAGE + "    minutes: soon\n", ":7: 'soon' is no number of minutes"),
        (HEAD + STAGE + "    minutes: -1\n", ":7: -1 is no number of minutes"),
        (HEAD + STAGE + "    minutes: true\n", ":7: True is no number of minutes"),
        (HEAD + STAGE.replace("my_stages:fit", "my_stages.fit"), ":6: 'my_stages.fit' is no function"),
        (HEAD + STAGE.replace("name: fit", "name: ../fit"), ":5: '../fit' is no name"),
        (HEAD + STAGE + "  - name: fit\n    run: a:b\n", ":7: the name 'fit' is taken"),
        (HEAD + "data: {fit: here}\n" + STAGE, ":6: the name 'fit' is taken"),
        (HEAD + "data: {texts: /tmp}\n" + STAGE, ":4: '/tmp' is outside the data folder"),
        (HEAD + "data:\n  texts: {folder: a, files: [../b]}\n" + STAGE, ":5: '../b' is outside the data folder"),
        (HEAD + STAGE + "    measured: [texts]\n", ":5: stage 'fit' measures on 'texts', which is none of its inputs"),
        (HEAD + "ships: perhaps\n" + STAGE, ":4: 'perhaps' is neither true nor false"),
        (HEAD + STAGE + "    inputs: [fit]\n", ":5: stages need each other in a circle: fit needs fit"),
    ],
)
def test_a_problem_is_named_with_its_line(tmp_path: Path, text: str, happened: str) -> None:
    assert problem(tmp_path, text).startswith(happened)


@pytest.mark.parametrize("licence", ["CC BY-NC 4.0", "none stated", ""])
def test_what_ships_learns_from_no_data_whose_licence_forbids_it(tmp_path: Path, licence: str) -> None:
    data = f"data:\n  texts: {{folder: a{f', licence: {licence}' if licence else ''}}}\n"
    learns = STAGE + "    inputs: [texts]\n"
    happened = problem(tmp_path, HEAD + "ships: true\n" + data + learns)
    assert happened.startswith(":6: this recipe ships what it makes, and stage 'fit' learns from 'texts': ")
    assert not read_recipe(write(tmp_path, HEAD + data + learns)).ships
    assert read_recipe(write(tmp_path, HEAD + "ships: true\n" + data + learns + "    measured: [texts]\n")).ships


def test_measuring_in_one_stage_does_not_allow_learning_in_another(tmp_path: Path) -> None:
    data = "ships: true\ndata:\n  texts: {folder: a, licence: research}\n"
    stages = STAGE + "    inputs: [texts]\n    measured: [texts]\n  - name: more\n    run: m:f\n    inputs: [texts]\n"
    assert "stage 'more' learns from 'texts': 'research' is for research only" in problem(tmp_path, HEAD + data + stages)


def test_the_hash_of_a_recipe_is_that_of_its_file_line_ends_and_all(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_bytes((HEAD + STAGE).replace("\n", "\r\n").encode())
    assert read_recipe(file).sha256 == sha256(file.read_bytes()).hexdigest()


@given(st.permutations(range(6)), st.sets(st.tuples(st.integers(0, 5), st.integers(0, 5))))
def test_every_stage_comes_after_its_inputs_however_the_file_has_them(
    tmp_path_factory: pytest.TempPathFactory, order: list[int], pairs: set[tuple[int, int]]
) -> None:
    needs = {number: sorted(low for low, high in pairs if high == number and low < high) for number in order}
    stages = [f"  - name: s{number}\n    run: m:f\n    inputs: [{', '.join(f's{one}' for one in needs[number])}]\n" for number in order]
    recipe = read_recipe(write(tmp_path_factory.mktemp("recipe"), HEAD + "stages:\n" + "".join(stages)))
    place = {stage.name: index for index, stage in enumerate(recipe.stages)}
    assert len(place) == 6
    assert all(place[f"s{one}"] < place[f"s{number}"] for number in order for one in needs[number])


def test_stages_that_do_not_need_each_other_stay_in_the_order_of_the_file(tmp_path: Path) -> None:
    stages = "".join(f"  - name: {name}\n    run: m:f\n" for name in ("c", "a", "b"))
    assert [stage.name for stage in read_recipe(write(tmp_path, HEAD + "stages:\n" + stages)).stages] == ["c", "a", "b"]


def test_a_recipe_of_ones_own_hides_the_shipped_one_of_its_name(tmp_path: Path) -> None:
    folder = tmp_path / "pipelines" / "train"
    folder.mkdir(parents=True)
    (folder / "router.yaml").write_text(HEAD + STAGE, encoding="utf-8")
    assert find_recipe("router", [tmp_path]) == folder / "router.yaml"
    assert [file for file in recipe_files([tmp_path]) if file.stem == "router"] == [folder / "router.yaml"]


def test_a_path_is_a_recipe_too_and_a_path_to_nothing_an_error(tmp_path: Path) -> None:
    file = write(tmp_path, HEAD + STAGE)
    assert find_recipe(str(file)) == file
    with pytest.raises(UsageError, match="there is no file"):
        find_recipe(str(tmp_path / "none.yaml"))


def test_every_shipped_recipe_passes_its_checks_and_is_called_like_its_file() -> None:
    recipes = [read_recipe(file) for file in recipe_files()]
    assert [recipe.name for recipe in recipes] == [file.stem for file in recipe_files()]
    assert all(stage.minutes > 0 for recipe in recipes for stage in recipe.stages)


def test_the_recipes_that_ship_what_they_make_are_these() -> None:
    shipping = {recipe.name for recipe in map(read_recipe, recipe_files()) if recipe.ships}
    assert {"answerer", "answerer-further", "extractor-shipped", "extractor-start", "multihop-questions", "router", "selector"} <= shipping
    assert shipping.isdisjoint({"extractor-research", "extractor-research-fine-tune", "extractor-unseen-templates"})


def test_sets_that_the_extractor_only_measures_on_have_only_their_dev_read() -> None:
    states = next(stage for stage in read_recipe(find_recipe("extractor-start")).stages if stage.name == "states")
    assert sorted(states.measured) == sorted(states.parameters["dev_only"])


@pytest.mark.parametrize("profile", ["", "short"])
@pytest.mark.parametrize("name", ["answerer", "answerer-further"])
def test_the_answerer_is_fitted_on_the_texts_whose_states_are_kept_in_its_short_profile_too(name: str, profile: str) -> None:
    recipe = read_recipe(find_recipe(name))
    stages = {stage.name: stage.parameters for stage in (with_profile(recipe, profile) if profile else recipe).stages}
    kept, fitted = stages["states"], stages["weights"]
    assert (kept["sets"], kept.get("dev_limit", 400)) == (fitted["sets"], fitted.get("dev_limit", 400))


def test_the_recipe_on_the_page_on_training_passes_its_checks(tmp_path: Path) -> None:
    page = (Path(__file__).parents[3] / "docs" / "training.md").read_text(encoding="utf-8")
    [text] = re.findall(r"^```yaml\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    (tmp_path / "reviews.yaml").write_text(text, encoding="utf-8")
    recipe = read_recipe(tmp_path / "reviews.yaml")
    assert [stage.name for stage in recipe.stages] == ["features", "weights", "figures"]
    assert recipe.stages[1].parameters == {"steps": 500, "rate": 0.01}
