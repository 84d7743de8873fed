"""The Evaluate page and the room in which suites run."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest
from tadarag_studio.desk import Desk
from tadarag_studio.evaluating import EvaluationRoom
from tadarag_studio.reading import ReadingRoom

from tadarag import Evaluations, UsageError
from tadarag.evaluation.new_suite import make_suite
from tadarag.testing.hashing_encoder import HashingEncoder


def evaluate(desk):
    from tadarag_studio.evaluate_page import evaluate_page

    evaluate_page(desk, {})


def page(base, language="en"):
    desk = Desk(base=base, room=ReadingRoom(base), pipeline="default", pipelines=("default",))
    test = AppTest.from_function(evaluate, kwargs={"desk": desk}, default_timeout=60)
    test.session_state["language"] = language
    return test.run()


def shown(test):
    return "\n".join(str(element.proto) for element in test.main).replace('\\"', '"')


@pytest.fixture
def finished(base, tmp_path):
    pytest.importorskip("sacrebleu")
    make_suite(tmp_path / "mine")
    room = EvaluationRoom(Evaluations(tmp_path, encoder=HashingEncoder(128)))
    assert room.start("mine", limit=2)
    assert room.wait(60)
    return room


@pytest.mark.parametrize(("language", "words"), [("en", "Nothing has been measured yet"), ("zh", "还没有评测结果")])
def test_before_the_first_run_the_page_says_what_to_do(base, language, words):
    test = page(base, language)
    assert not test.exception
    assert words in shown(test)
    assert "samples" in test.selectbox(key="evaluate-suite").options


def test_a_finished_run_is_shown_with_its_report(base, finished):
    test = page(base)
    assert not test.exception
    assert "Finished runs" in shown(test)
    assert "mine" in shown(test)
    assert test.selectbox(key="evaluate-suite").options[0] == "mine"


def test_a_room_runs_one_suite_at_a_time_and_keeps_its_name(finished):
    assert (finished.finished, finished.error, finished.running()) == ("mine", None, None)


def test_what_goes_wrong_is_kept_for_the_page(base, tmp_path):
    room = EvaluationRoom(Evaluations(tmp_path, encoder=HashingEncoder(128)))
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "suite.yaml").write_text("sets: []", encoding="utf-8")
    room.start("broken")
    assert room.wait(60)
    assert isinstance(room.error, UsageError)
    assert room.finished is None
