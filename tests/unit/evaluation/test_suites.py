"""A suite is data inside the data folder, and a malformed one says what is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from tadarag.content import content_folder
from tadarag.errors import ContentMissing, UsageError
from tadarag.evaluation.ranked_questions import check_systems
from tadarag.evaluation.suites import load_suite, parse_suite

SET = "{name: one, corpus: one/corpus.jsonl.gz, queries: one/queries.jsonl.gz, qrels: one/dev.tsv}"


def test_the_development_suite_names_seven_sets_and_pools_the_single_hop_ones():
    suite = load_suite("retrieval-dev")
    assert [entry.name for entry in suite.sets] == ["2wiki", "hotpotqa", "musique", "nq", "popqa", "clapnq", "zh_cmrc"]
    assert suite.pools["single_hop"] == ("nq", "popqa", "clapnq")


def test_files_are_named_relative_to_the_data_folder():
    files = parse_suite("x", f"sets: [{SET}]").sets[0].files(Path("data"))
    assert files.corpus == Path("data/one/corpus.jsonl.gz")
    assert files.name == "one"


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("sets: []", "no set"),
        (f"sets: [{SET}, {SET}]", "twice"),
        (f"sets: [{SET}]\npool: {{}}", "pool"),
        (f"sets: [{SET}]\npools: {{all: [two]}}", "two"),
        ("sets: [{name: one, corpus: one/corpus.jsonl}]", "exactly"),
        (f"sets: [{SET.replace('one/dev.tsv', '/etc/dev.tsv')}]", "data folder"),
        (f"sets: [{SET.replace('one/dev.tsv', '../dev.tsv')}]", "data folder"),
        ("[", "YAML"),
        ("- 1", "mapping"),
    ],
)
def test_a_malformed_suite_is_refused_by_name(text, named):
    with pytest.raises(UsageError) as error:
        parse_suite("mine", text)
    assert "mine" in error.value.happened
    assert named in error.value.happened


def test_an_unknown_suite_lists_the_known_ones():
    with pytest.raises(ContentMissing) as error:
        load_suite("nowhere")
    assert "retrieval-dev.yaml" in error.value.do


def test_a_set_by_its_name_alone_lies_in_its_own_folder():
    one = parse_suite("x", "sets: [{name: nq}]").sets[0]
    assert (one.corpus, one.queries, one.qrels) == ("nq/corpus.jsonl.gz", "nq/queries.jsonl.gz", "nq/qrels/dev.tsv")


def test_a_person_s_own_suite_comes_before_a_shipped_one(tmp_path):
    (tmp_path / "eval" / "suites").mkdir(parents=True)
    (tmp_path / "eval" / "suites" / "multihop.yaml").write_text("{description: mine, sets: [{name: one}]}", encoding="utf-8")
    assert load_suite("multihop", user_folder=tmp_path).description == "mine"
    assert load_suite("multihop").description != "mine"


def test_a_suite_can_be_a_folder_or_a_file(tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "suite.yaml").write_text("sets: [{name: one}]", encoding="utf-8")
    assert load_suite("mine", user_folder=tmp_path).folder == tmp_path / "mine"
    assert load_suite(str(tmp_path / "mine" / "suite.yaml")).name == "mine"


def test_every_shipped_suite_can_be_read_and_says_in_both_languages_what_it_measures():
    pytest.importorskip("llama_index.retrievers.bm25")
    for file in sorted(content_folder("eval/suites").glob("*.yaml")):
        loaded = load_suite(file.stem)
        assert loaded.description, file.name
        if loaded.systems or loaded.task != "retrieval":
            check_systems(loaded.systems or ("tadarag",))
            assert loaded.description_zh, file.name


def test_the_suites_of_the_spec_are_there():
    known = {file.stem for file in content_folder("eval/suites").glob("*.yaml")}
    assert {"multihop", "single-hop", "news", "chinese", "answers", "silence"} <= known


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("{task: guess, sets: [{name: one}]}", "task"),
        ("{titles: maybe, sets: [{name: one}]}", "titles"),
        ("{titles: [true, true], sets: [{name: one}]}", "titles"),
        ("sets: [{name: one, documents: d, questions: q}]", "task: answers"),
        ("sets: [{name: one, part: held-out}]", "part is train or dev"),
        ("sets: [{name: one, limit: -1}]", "limit"),
        ("sets: [{name: ../one}]", "data folder"),
    ],
)
def test_a_malformed_run_is_refused_by_name(text, named):
    with pytest.raises(UsageError) as error:
        parse_suite("mine", text)
    assert named in error.value.happened
