"""The pages of the studio as a person meets them, without a browser."""

import threading

import pytest
from streamlit.testing.v1 import AppTest
from tadarag_studio.ask_page import Turn
from tadarag_studio.desk import Desk
from tadarag_studio.reading import ReadingRoom
from tadarag_studio.streaming import Asking

from tadarag.errors import BaseBusy, UsageError

PAGES = ("documents", "ask", "memories", "graph", "compare")
QUESTION = "What is the fare to Port Hesk?"


def one_page(desk, name):
    from importlib import import_module

    getattr(import_module(f"tadarag_studio.{name}_page"), f"{name}_page")(desk, {})


def desk_of(base):
    return Desk(base=base, room=ReadingRoom(base), pipeline="default", pipelines=("default", "evidence-only", "llm"))


def page(name, base, language="en"):
    test = AppTest.from_function(one_page, kwargs={"desk": desk_of(base), "name": name}, default_timeout=30)
    test.session_state["language"] = language
    return test.run()


def shown(test):
    """All that stands on the page, as one text."""
    return "\n".join(str(element.proto) for element in test.main).replace('\\"', '"')


def ask(test, question=QUESTION):
    return test.chat_input(key="question").set_value(question).run()


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("name", PAGES)
def test_an_empty_base_has_the_next_step_on_every_page(empty_base, name, language):
    test = page(name, empty_base, language)
    assert not test.exception
    assert 'class="empty"' in shown(test)
    assert test.get("file_uploader") or test.button(key="to-documents")


@pytest.mark.parametrize("name", PAGES)
def test_every_page_shows_what_the_base_holds(base, name):
    test = page(name, base)
    assert not test.exception
    assert 'class="empty"' not in shown(test)
    assert 'class="failure' not in shown(test)


def test_a_question_is_answered_with_its_sources(base):
    test = ask(page("ask", base))
    assert not test.exception
    (turn,) = test.session_state["turns"]
    assert turn.answer.found
    assert test.button(key="turn-0-source-1").label.startswith("1 ·")


def test_a_suggestion_is_a_question_that_one_press_asks(base):
    test = page("ask", base)
    test.button(key="suggestion-0").click().run()
    assert "Ferry Dusk" in test.session_state["turns"][0].question


def test_suggestions_begin_in_the_person_s_language(base):
    assert "扩港工程" in page("ask", base, "zh").button(key="suggestion-0").label


def test_a_rerun_embeds_nothing_and_asks_nothing_again(base, encoder):
    test = ask(page("ask", base))
    answer, n_read = test.session_state["turns"][0].answer, encoder.n_read
    for _ in range(3):
        test.run()
    assert encoder.n_read == n_read
    assert test.session_state["turns"][0].answer is answer


def test_a_question_asked_while_another_is_answered_is_not_lost(base):
    test = page("ask", base)
    go = threading.Event()
    waiting = Asking(lambda tell: (go.wait(10), base.ask(QUESTION, on_event=tell))[1])
    test.session_state["turns"] = [Turn(question=QUESTION, asking=waiting)]
    threading.Timer(0.5, go.set).start()
    ask(test, "Who built the harbour?")
    assert [turn.asking for turn in test.session_state["turns"]] == [None, None]
    assert all(turn.answer is not None for turn in test.session_state["turns"])


def test_feedback_is_stored_with_one_press_and_its_comment_after(base):
    test = ask(page("ask", base))
    test.button(key="useful-0").click().run()
    assert [given.reward for given in base.feedback_given()] == [1]
    test.text_input(key="comment-text-0").input("the right ferry")
    next(button for button in test.button if button.label == "Send").click().run()
    assert [given.comment for given in base.feedback_given()] == ["", "the right ferry"]


def test_a_thumb_pressed_twice_is_one_feedback(base):
    test = ask(page("ask", base))
    test.button(key="not_useful-0").click().run()
    test.button(key="not_useful-0").click().run()
    assert len(base.feedback_given()) == 1


def test_layers_that_are_switched_off_find_nothing(base):
    test = page("ask", base)
    test.session_state["layers"] = ["words"]
    ask(test)
    found = {name for hit in test.session_state["turns"][0].answer.evidence.hits for name, score in hit.layers if score}
    assert "dense" not in found


def test_a_recipe_that_needs_a_model_says_what_to_do(base):
    test = page("ask", base)
    test.selectbox(key="pipeline").select("llm").run()
    ask(test)
    assert not test.exception
    assert "What to do" in shown(test)
    assert "Traceback" not in shown(test)


def how_of(answer):
    import streamlit as st
    from tadarag_studio.answer_view import how_html

    st.html(how_html(answer))


def test_why_a_question_was_read_so_is_said_in_chinese_to_who_reads_chinese(base):
    test = AppTest.from_function(how_of, kwargs={"answer": base.ask("奎伦湾扩港工程由谁承建？")})
    test.session_state["language"] = "zh"
    told = shown(test.run())
    assert "期望的答案：人物：“谁”" in told
    assert "answer person" not in told


def test_a_name_leads_to_its_sentences(base):
    test = page("graph", base)
    test.text_input(key="find-name").input("Ostrevir Yard").run()
    assert not test.exception
    assert "built at the Ostrevir Yard in 1998" in shown(test)


def test_a_name_that_no_document_has_is_said_with_what_to_try(base):
    test = page("graph", base)
    test.text_input(key="find-name").input("Nowhere Castle").run()
    assert not test.exception
    assert "no document names" in shown(test)


def test_a_name_that_no_document_has_is_said_in_chinese_to_who_reads_chinese(base):
    test = page("graph", base, "zh")
    test.text_input(key="find-name").input("Nowhere Castle").run()
    assert "没有文档提到“nowhere castle”" in shown(test).lower()
    assert "no document names" not in shown(test)


def test_a_part_of_a_name_leads_to_the_names_that_hold_it(base):
    test = page("graph", base)
    test.text_input(key="find-name").input("Ostrev").run()
    test.button(key="near-name-0").click().run()
    assert not test.exception
    assert "built at the Ostrevir Yard in 1998" in shown(test)


def test_a_date_that_is_none_is_said(base):
    test = page("graph", base)
    test.text_input(key="find-name").input("Ostrevir Yard").run()
    test.text_input(key="as-of").input("yesterday").run()
    assert "is no date" in shown(test)


def test_a_memory_stands_with_its_core_and_its_text(base):
    test = page("memories", base)
    assert "<mark>" in shown(test)
    test.text_input(key="find-memory").input("zebra").run()
    assert "No document matches." in shown(test)


def test_two_ways_stand_side_by_side(base):
    test = page("compare", base)
    test.text_input(key="compare-question").input(QUESTION)
    next(button for button in test.button if button.label == "Compare").click().run()
    assert not test.exception
    assert [tried.pipeline for tried in test.session_state["tried"]] == ["default", "evidence-only"]
    assert all(tried.answer.found for tried in test.session_state["tried"])


def test_a_way_that_fails_does_not_keep_the_other_from_answering(base):
    test = page("compare", base)
    test.text_input(key="compare-question").input(QUESTION)
    test.selectbox(key="other-way").select("llm")
    next(button for button in test.button if button.label == "Compare").click().run()
    one, other = test.session_state["tried"]
    assert one.answer.found
    assert other.error is not None
    assert "What to do" in shown(test)


def fails_with(error):
    from tadarag_studio.failures import told_calmly

    with told_calmly():
        raise error


def test_what_the_studio_has_no_chinese_for_is_said_by_its_kind_with_the_original_to_unfold():
    test = AppTest.from_function(fails_with, kwargs={"error": UsageError("the moon is full", "wait for a week")})
    test.session_state["language"] = "zh"
    told = shown(test.run())
    assert "这个请求无法执行。" in told
    assert "<details><summary>原文</summary>" in told
    assert "the moon is full" in told.partition("<details>")[2]
    assert "the moon is full" not in told.partition("<details>")[0]


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (UsageError("there is no such name", "try another"), "try another"),
        (BaseBusy("held by 1", "wait"), "Asking still works"),
        (OSError(28, "No space left on device"), "No space left"),
        (ValueError("strange <b>thing</b>"), "strange &lt;b&gt;thing"),
    ],
)
def test_every_failure_is_told_in_two_parts_without_a_traceback(error, said):
    test = AppTest.from_function(fails_with, kwargs={"error": error}).run()
    assert not test.exception
    assert said in shown(test)
    assert "What to do" in shown(test)
    assert "Traceback" not in shown(test)
