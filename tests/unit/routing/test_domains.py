"""The domain of a document, told by the trained head, and by cue words where it does not know a domain."""

from dataclasses import replace
from hashlib import sha256

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tadarag.routing.domains import FINGERPRINT, THRESHOLD, route_document, routing_fingerprint, settle
from tadarag.routing.heads import Head, document_head_hash, judge_words
from tadarag.routing.questions import route_question
from tadarag.templates.library import shipped_templates
from tadarag.templates.template import Template
from tadarag.values import Document

SAILING = Template(
    name="sailing", version=1, description="Boats.", cues=(("en", ("mast", "sail", "keel", "jib")),), entity_types=(), relations=()
)


@pytest.mark.parametrize(
    ("text", "domain"),
    [
        ("The patient received the drug; symptoms, diagnosis and treatment of the disease were recorded.", "bio_medical_research"),
        ("This agreement between the parties: breach, termination, liability and arbitration.", "legal_contracts"),
        ("Reset the password, press the button and restart the device before you install the update.", "customer_support"),
        ("Net income, dividends, shareholders' equity, revenue and operating income for the fiscal year.", "finance"),
        ("A police spokeswoman told the reporter on Monday that the government announced an election.", "news"),
        ("患者的症状、诊断和治疗，药物剂量与副作用。", "bio_medical_research"),
        ("甲方与乙方的合同条款：违约、赔偿、仲裁。", "legal_contracts"),
        ("Grass is green.", "general_knowledge"),
        ("", "general_knowledge"),
    ],
)
def test_the_domain_of_a_text(text: str, domain: str) -> None:
    assert route_document(Document(text=text))[0] == domain


def test_traditional_characters_are_read_as_simplified_ones() -> None:
    assert route_document(Document(text="甲方與乙方的合同條款：違約、賠償、仲裁、訴訟。"))[0] == "legal_contracts"


def test_only_the_beginning_is_read() -> None:
    early = "xx " * 1_000
    late = early + "patient drug symptoms diagnosis treatment disease clinical trial"
    assert route_document(Document(text=late)) == route_document(Document(text=early))


def test_a_text_without_words_is_general_knowledge_at_no_confidence() -> None:
    assert route_document(Document(text="12 34 !")) == ("general_knowledge", 0.0)


def test_the_head_reads_more_than_cues() -> None:
    text = "Serum creatinine rose in rats that were given doxorubicin."
    assert route_document(Document(text=text))[0] == "bio_medical_research"


def test_own_templates_take_the_place_of_the_shipped_ones() -> None:
    assert route_document(Document(text="mast, sail, keel and jib"), [SAILING])[0] == "sailing"


def test_own_templates_beside_the_shipped_ones_win_their_texts_and_leave_the_others_theirs() -> None:
    templates = (*shipped_templates(), SAILING)
    assert route_document(Document(text="mast, sail, keel and jib"), templates)[0] == "sailing"
    assert route_document(Document(text="甲方与乙方的合同条款：违约、赔偿、仲裁。"), templates)[0] == "legal_contracts"
    assert route_question("How long are mast, keel and jib?", templates).domain == "sailing"


def test_the_fingerprint_changes_with_the_cues_and_with_nothing_else_of_the_templates() -> None:
    shipped = shipped_templates()
    without_cues = replace(SAILING, cues=(("en", ()),))
    name = f"{FINGERPRINT}-{document_head_hash()}"
    assert routing_fingerprint() == routing_fingerprint(shipped) == routing_fingerprint(shipped[::-1]) == name
    assert routing_fingerprint((*shipped, without_cues)) == name
    assert routing_fingerprint((*shipped, SAILING)) == routing_fingerprint((SAILING, *shipped)) != name
    assert routing_fingerprint((*shipped, replace(SAILING, version=2))) == routing_fingerprint((*shipped, SAILING))


def test_the_cues_of_the_shipped_templates_are_those_that_the_fingerprint_stands_for() -> None:
    cues = repr(sorted((template.name, template.cues) for template in shipped_templates()))
    assert (FINGERPRINT, sha256(cues.encode()).hexdigest()[:12]) == ("domains-2", "a57f47bc823a"), (
        "shipped cues changed: change FINGERPRINT too"
    )


@given(st.lists(st.sampled_from(["patient", "drug", "contract", "party", "revenue", "hello", "合同", "患者"]), max_size=12))
def test_the_order_of_the_words_does_not_matter(words: list[str]) -> None:
    assert route_document(Document(text=", ".join(words))) == route_document(Document(text=", ".join(reversed(words))))


def test_a_text_that_nothing_tells_surely_is_general_knowledge_at_the_confidence_it_had() -> None:
    rows = np.zeros((3, 1), np.int8)
    doubtful = Head(
        labels=("finance", "general_knowledge", "news"), bias=(300, 0, 200), features={}, rows=rows, row_scale=1.0, temperature=1.0
    )
    sure = replace(doubtful, bias=(900, 0, 200))
    assert settle(doubtful, judge_words(doubtful, {}, [0])) == ("general_knowledge", 0.378, ())
    assert settle(sure, judge_words(sure, {}, [0]))[:2] == ("finance", 0.525)
    assert 0.378 < THRESHOLD < 0.525


def test_a_route_does_not_depend_on_what_was_routed_before() -> None:
    text, other = "Serum creatinine rose in rats that were given doxorubicin.", "甲方与乙方的合同条款：违约、赔偿、仲裁。"
    alone = route_document(Document(text=text))
    route_document(Document(text=other), [*shipped_templates(), SAILING])
    assert route_document(Document(text=text)) == alone
