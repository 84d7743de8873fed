"""Folds by template: what is held out is in no training text, and each template is held out once."""

import gzip
import json

import pytest

from tadarag.errors import TrainingError
from tadarag.training.extractor.folds import write_fold

TEMPLATES = tuple(f"ont_{number}" for number in range(7))


@pytest.fixture
def whole(tmp_path, record, write_records):
    records = [{**record(number, "Anna", "Paris"), "template": TEMPLATES[number % 7]} for number in range(28)]
    for name in ("train", "dev"):
        write_records(tmp_path / "whole", [*records, record(99, "Emma", "Oslo")], name=name)
    with gzip.open(tmp_path / "whole" / "ontologies.jsonl.gz", "wt") as lines:
        lines.writelines(json.dumps({"id": one, "concepts": [], "relations": []}) + "\n" for one in reversed(TEMPLATES))
    return tmp_path / "whole"


def templates_of(file):
    with gzip.open(file, "rt") as lines:
        return {json.loads(line).get("template") for line in lines}


def test_templates_that_are_held_out_are_in_no_training_text_and_alone_in_dev(whole, tmp_path):
    held_out = write_fold(whole, tmp_path / "fold", fold=1, n_folds=3)
    assert held_out == ("ont_1", "ont_4")
    assert templates_of(tmp_path / "fold" / "dev.jsonl.gz") == set(held_out)
    assert templates_of(tmp_path / "fold" / "train.jsonl.gz") == set(TEMPLATES) - set(held_out)


def test_every_template_is_held_out_in_one_fold(whole, tmp_path):
    folds = [write_fold(whole, tmp_path / str(fold), fold=fold, n_folds=3) for fold in range(3)]
    assert sorted(one for held_out in folds for one in held_out) == list(TEMPLATES)


def test_a_fold_made_twice_has_equal_bytes(whole, tmp_path):
    for name in ("one", "two"):
        write_fold(whole, tmp_path / name, fold=0, n_folds=3)
    for file in ("train.jsonl.gz", "dev.jsonl.gz"):
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes()


def test_a_set_without_templates_is_refused(toy_set, tmp_path):
    with pytest.raises(TrainingError, match="ontologies"):
        write_fold(toy_set, tmp_path / "fold", fold=0, n_folds=3)
