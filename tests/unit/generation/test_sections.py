"""A question for what a heading names is answered by what stands under the heading."""

from dataclasses import replace

import pytest

from tadarag.generation.extractive import ExtractiveAnswerer
from tadarag.generation.sections import MOST_SENTENCES, section_draft
from tests.unit.generation.passages import evidence, passage, route


def under(title, heading, own):
    return replace(own, heading_path=(title, heading), subject=title)


EFFECTS = under(
    "Leaflet: Tarvexol", "Side effects", passage("leaflet.md", "## Side effects\n\nOne in ten gets a dry mouth. Headaches are rare.")
)
RISKS = under("产品评审会议纪要", "风险", passage("会议.md", "如果硅胶圈供应不足，上市时间将推迟。"))
TITLE = passage("song.md", "Side Effects is a song.", title="Side Effects")


def said(question, *passages):
    draft = section_draft(question, evidence(question, *passages).hits)
    return None if draft is None else [one.text for one in draft.statements]


@pytest.mark.parametrize(
    "question",
    [
        "What are the side effects?",
        "What are the side effects of Tarvexol?",
        "What does the leaflet say about side effects?",
        "what are side effects",
    ],
)
def test_what_stands_under_the_heading_is_said_sentence_by_sentence(question):
    assert said(question, RISKS, EFFECTS) == ["One in ten gets a dry mouth.", "Headaches are rare."]


@pytest.mark.parametrize("question", ["有什么风险？", "有哪些风险？", "会议的风险是什么？", "会议有哪些风险？"])
def test_chinese_questions_find_their_heading(question):
    assert said(question, EFFECTS, RISKS) == ["如果硅胶圈供应不足，上市时间将推迟。"]


@pytest.mark.parametrize(
    "question",
    [
        "What are the interactions?",
        "What are the side effects of Nordpharm?",
        "When are the side effects?",
        "What is the side effect?",
        "会议的预算是什么？",
    ],
)
def test_another_heading_another_thing_or_another_form_is_none(question):
    assert said(question, EFFECTS, RISKS) is None


PHONE = under(
    "Kestrel bike lock", "What if I lose my phone?", passage("faq.md", "Open the lock with the code on the card. Keep the card at home.")
)
RAIN = under("Kestrel bike lock", "Is it waterproof?", passage("faq.md", "The lock is rated IP67."))
WARRANTY = under("Kestrel bike lock", "How long is the warranty?", passage("faq.md", "Two years from the day of purchase."))
FAQ = (PHONE, RAIN, WARRANTY)


@pytest.mark.parametrize("question", ["What if I lose my phone?", "What happens if I lose my phone?"])
def test_a_question_that_a_heading_asks_is_answered_by_what_stands_under_it(question):
    assert said(question, *FAQ) == ["Open the lock with the code on the card.", "Keep the card at home."]


def test_the_title_s_words_may_stand_in_the_question():
    assert said("Is the Kestrel lock waterproof?", *FAQ) == ["The lock is rated IP67."]


@pytest.mark.parametrize("question", ["How long is the warranty?", "What if I break the lock?", "Is it warm?"])
def test_a_short_answer_or_another_question_is_left_to_the_others(question):
    assert said(question, *FAQ) is None


def test_a_title_is_no_such_heading():
    assert said("What are side effects?", TITLE) is None


def test_a_heading_in_several_documents_tells_nothing_unless_the_thing_is_named():
    other = under("Leaflet: Mirapol", "Side effects", passage("other.md", "Sleepiness."))
    assert said("What are the side effects?", EFFECTS, other) is None
    assert said("What are the side effects of Mirapol?", EFFECTS, other) == ["Sleepiness."]


def test_a_long_section_is_cut():
    lines = [f"Nobody may whistle in the {room}." for room in ("hall", "kitchen", "library", "garden", "attic", "cellar", "yard")]
    assert said("What are the rules?", under("House", "Rules", passage("a.md", " ".join(lines)))) == lines[:MOST_SENTENCES]


def test_the_answer_cites_each_sentence():
    question = "What are the side effects of Tarvexol?"
    draft = ExtractiveAnswerer().draft(question, route(question), evidence(question, EFFECTS))
    assert [citation.quote for citation in draft.citations] == ["One in ten gets a dry mouth.", "Headaches are rare."]
    assert [one.citations for one in draft.statements] == [(1,), (2,)]
