"""The recipe of the selector says what its stages understand."""

from __future__ import annotations

from fnmatch import fnmatch

from tadarag.training.recipes import find_recipe, read_recipe
from tadarag.training.selector.learning import Recipe
from tadarag.training.selector.question_sets import read_sets


def stages():
    return {stage.name: stage for stage in read_recipe(find_recipe("selector")).stages}


def test_every_file_of_a_set_or_corpus_is_among_the_files_that_the_manifest_records():
    (texts,) = read_recipe(find_recipe("selector")).data
    features = stages()["features"].parameters
    sets = read_sets(features["sets"])
    files = [file for corpus in features["corpora"].values() for file in corpus]
    files += [file for one in sets for file in (one.queries, one.qrels, one.paragraphs) if file]
    assert [file for file in files if not any(fnmatch(file, pattern) for pattern in texts.files)] == []


def test_every_set_asks_a_corpus_that_is_indexed_and_no_name_stands_twice():
    features = stages()["features"].parameters
    sets = read_sets(features["sets"])
    assert {one.corpus for one in sets} <= set(features["corpora"])
    assert len({one.name for one in sets}) == len(sets)


def test_trees_are_fitted_and_judged_by_one_recipe_on_one_list_of_sets():
    fit, judge, features = (stages()[name].parameters for name in ("fit", "judge", "features"))
    assert fit["trees"] == judge["trees"]
    assert fit["sets"] == judge["sets"] == features["sets"]
    assert Recipe(**fit["trees"], seed=1).n_models >= 1


def test_a_family_that_is_only_tested_on_has_no_train_questions():
    sets = read_sets(stages()["features"].parameters["sets"])
    tested = {one.family for one in sets if one.use == "test"} - {one.family for one in sets if one.use != "test"}
    assert {"popqa", "clapnq", "zh_cmrc"} <= tested
