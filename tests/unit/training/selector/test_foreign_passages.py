"""The control that foreign passages leave a question's best passages alone."""

import pytest

from tadarag.retrieval.learned_selector import load_selector
from tadarag.testing.hashing_encoder import HashingEncoder
from tadarag.testing.selector_contract import QUESTIONS, records_of_world, snapshot_of
from tadarag.training.selector.foreign_passages import undisturbed


@pytest.fixture(scope="module")
def alone():
    return snapshot_of(records_of_world())


def test_a_base_without_foreign_passages_disturbs_no_question(alone):
    assert undisturbed(QUESTIONS, alone, snapshot_of(records_of_world()), HashingEncoder(), load_selector()) == {
        "formula": 1.0,
        "trained": 1.0,
    }


def test_a_question_whose_best_passage_is_gone_is_counted(alone):
    fewer = snapshot_of([record for record in records_of_world() if record.source.path != "yard"])
    assert undisturbed(QUESTIONS[:1], alone, fewer, HashingEncoder(), load_selector()) == {"formula": 0.0, "trained": 0.0}
