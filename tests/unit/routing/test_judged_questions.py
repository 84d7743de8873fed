"""Routes of questions whose vector is known: the heads tell task and domain."""

from dataclasses import replace

import numpy as np
import pytest

from tadarag.models.onnx_encoder import load_shipped
from tadarag.routing.questions import route_question
from tadarag.templates.library import shipped_templates
from tadarag.templates.template import Template

ENCODER = load_shipped()
SAILING = Template(
    name="sailing", version=1, description="Boats.", cues=(("en", ("mast", "sail", "keel", "jib")),), entity_types=(), relations=()
)


def judged(question, templates=None):
    vector = ENCODER.read(question, kind="query").vector
    return route_question(question, templates, vector=vector, encoder=ENCODER.fingerprint)


@pytest.mark.parametrize(
    ("question", "task", "domain"),
    [
        ("Why do my gums bleed when I take warfarin?", "fact", "bio_medical_research"),
        ("My top-up has not arrived, what should I do?", "fact", "customer_support"),
        ("What was the gross margin in fiscal 2019?", "fact", "finance"),
        ("Can the receiving party disclose confidential information to its advisers?", "fact", "legal_contracts"),
        ("who wrote the opera carmen", "fact", "general_knowledge"),
        ("Who was born first, Ada Lovelace or Charles Babbage?", "comparison", "general_knowledge"),
        ("Where was the husband of the author of Middlemarch born?", "bridge", "general_knowledge"),
        ("Which club did Johan Cruyff play for from 1973 to 1978?", "temporal", "general_knowledge"),
        ("Give me all novels by Jane Austen.", "list", "general_knowledge"),
        ("老板拖欠工资，可以申请劳动仲裁吗？", "fact", "legal_contracts"),
        ("孕妇感冒了能吃什么药？", "fact", "bio_medical_research"),
        ("公司报告期内的净利润同比增长多少？", "fact", "finance"),
    ],
)
def test_the_task_and_the_domain_of_a_question(question, task, domain):
    route = judged(question)
    assert (route.task, route.domain) == (task, domain)


def test_summaries_are_overviews():
    assert judged("Summarize the discussion about the budget.").task == "overview"


def test_the_reasons_name_what_spoke_for_task_and_domain():
    route = judged("Can the receiving party disclose confidential information to its advisers?")
    assert route.reasons[0].startswith("task fact: ")
    assert route.reasons[-1].startswith(f"domain legal_contracts ({route.domain_confidence:.2f}): ")
    assert "its meaning" in route.reasons[-1]


def test_cues_among_the_reasons_are_quoted_from_the_question():
    route = judged("List all side effects of the drug for patients with renal disease.")
    assert route.reasons[0].startswith("task list: ")
    assert "'List'" in route.reasons[0]
    assert "cue" not in route.reasons[0] + route.reasons[-1]
    assert "'disease', 'drug', 'patients', 'side effects'" in route.reasons[-1]


def test_a_vector_of_another_encoder_is_not_read():
    question = "Why do my gums bleed when I take warfarin?"
    vector = ENCODER.read(question, kind="query").vector
    assert route_question(question, vector=vector, encoder="another") == route_question(question)


def test_the_answer_type_and_the_language_do_not_depend_on_the_vector():
    told, by_cues = judged("谁创办了哈尔夫林？"), route_question("谁创办了哈尔夫林？")
    assert (told.answer, told.language) == (by_cues.answer, by_cues.language) == ("person", "zh")


def test_an_own_template_is_told_by_its_cues_and_leaves_other_questions_to_the_head():
    templates = (*shipped_templates(), SAILING)
    assert judged("How long are mast, keel and jib?", templates).domain == "sailing"
    assert judged("What was the gross margin in fiscal 2019?", templates).domain == "finance"


def test_a_domain_without_a_template_is_never_chosen():
    templates = [template for template in shipped_templates() if template.name != "finance"]
    assert judged("What was the gross margin in fiscal 2019?", templates).domain != "finance"


def test_own_templates_alone_leave_other_questions_to_general_knowledge():
    route = judged("What was the gross margin in fiscal 2019?", [SAILING])
    assert (route.domain, route.domain_confidence) == ("general_knowledge", 0.0)


def test_confidence_is_told_to_a_thousandth():
    route = judged("who wrote the opera carmen")
    assert route == replace(route, confidence=round(route.confidence, 3), domain_confidence=round(route.domain_confidence, 3))
    assert 0.45 <= route.confidence <= 1


def test_a_little_noise_in_the_last_digits_of_the_vector_changes_nothing():
    question = "Which club did Johan Cruyff play for from 1973 to 1978?"
    vector = ENCODER.read(question, kind="query").vector
    wobbled = vector * np.float32(1 + 2e-7)
    assert route_question(question, vector=wobbled, encoder=ENCODER.fingerprint) == judged(question)


def test_an_own_template_with_chinese_cues_is_told_by_them_whatever_the_head_says():
    boats = Template(
        name="boats", version=1, description="船。", cues=(("en", ()), ("zh", ("桅杆", "船帆", "龙骨"))), entity_types=(), relations=()
    )
    route = judged("这条船的桅杆、船帆和龙骨有多长？", (*shipped_templates(), boats))
    assert route.domain == "boats"
    assert route.reasons[-1] == "domain boats: '桅杆', '船帆', '龙骨'"
    assert judged("公司报告期内的净利润同比增长多少？", (*shipped_templates(), boats)).domain == "finance"


def test_a_domain_that_nothing_tells_surely_is_general_knowledge_and_the_reason_says_so():
    routes = [judged(question) for question in ("Which?", "And what about the other one?", "那个呢？", "How much is it by then?")]
    doubtful = [route for route in routes if route.domain_confidence < 0.45]
    assert doubtful, "choose questions that say less"
    assert {route.domain for route in doubtful} == {"general_knowledge"}
    assert {route.reasons[-1] for route in doubtful} == {"domain general_knowledge: nothing tells another surely"}
