"""A suite is data inside the data folder, and a malformed one says what is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from tadarag.errors import ContentMissing, UsageError
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
        ("sets: [{name: one}]", "exactly"),
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
