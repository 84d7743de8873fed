"""Questions as the choice learns from them: over their evidence, and without what answers them."""

import numpy as np

from tadarag.evaluation.beir import Question
from tadarag.generation.answer_candidates import FEATURES
from tadarag.generation.extractive import ExtractiveAnswerer
from tadarag.models.passage_reader import FoundSpan, TextReading
from tadarag.training.answerer.choice_data import read_weighed, weigh_question, write_weighed
from tests.unit.generation.passages import evidence, passage, route

HOLM = passage("holm.md", "Anna Holm was born on 3 May 1987 in Velden.", title="Anna Holm")
FERRY = passage("ferry.md", "The ferry left at noon.", title="Ferry")


class Finds:
    """A reader that finds a date where one stands, and the first letter elsewhere."""

    def read(self, question, passages, *, lead="", n_spans=1):
        start = passages[0].find("3 May 1987")
        span = FoundSpan(passage=0, start=max(start, 0), end=start + 10 if start >= 0 else 1, margin=1.0)
        return TextReading(spans=(span,), answered=0.5, relevant=0.5, kinds=(1.0, 0.0, 0.0))


def weighed(text="When was Anna Holm born?", *, gold=("holm.md",), shown=(HOLM, FERRY), answers=("3 May 1987",)):
    question = Question(id="q", text=text, metadata={"answers": list(answers)})
    rest = [one for one in shown if one.source.path not in gold]
    return list(
        weigh_question(Finds(), ExtractiveAnswerer(), question, route(text), evidence(text, *shown), evidence(text, *rest), frozenset(gold))
    )


def test_a_question_is_weighed_with_what_answers_it_and_without():
    with_gold, without = weighed()
    assert [(one.answerable, one.found) for one in (with_gold, without)] == [(True, True), (False, False)]
    assert with_gold.shares.max() == 1.0
    assert not without.shares.any()


def test_an_answer_that_was_not_found_is_worth_nothing_though_there_is_one():
    present, without = weighed(gold=("elsewhere.md",))
    assert (present.answerable, present.found) == (True, False)
    assert (without.answerable, without.found) == (False, False)
    assert not present.shares.any()


def test_every_candidate_has_every_feature():
    for one in weighed():
        assert one.features.shape == (len(one.shares), len(FEATURES))
        assert np.isfinite(one.features).all()


def test_what_is_not_chosen_between_is_not_learned_from():
    assert weighed("What is known about Anna Holm?") == []


def test_a_list_is_learned_from_where_the_rules_find_no_members():
    assert [one.answerable for one in weighed("List all engineers.")] == [True, False]


def test_questions_come_back_from_their_file(tmp_path):
    questions = weighed()
    write_weighed(questions, tmp_path / "one.npz")
    again = read_weighed(tmp_path / "one.npz")
    assert [(one.id, one.answerable, one.found, one.shares.tolist()) for one in again] == [
        (one.id, one.answerable, one.found, one.shares.tolist()) for one in questions
    ]
    assert all(np.array_equal(one.features, other.features) for one, other in zip(again, questions, strict=True))
