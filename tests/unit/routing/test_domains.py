"""The domain of a document, told by cue words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tadarag.routing.domains import route_document
from tadarag.routing.templates import Template
from tadarag.values import Document


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
def test_cue_words_tell_the_domain(text: str, domain: str) -> None:
    assert route_document(Document(text=text))[0] == domain


def test_traditional_characters_are_read_as_simplified_ones() -> None:
    assert route_document(Document(text="甲方與乙方的合同條款：違約、賠償、仲裁、訴訟。"))[0] == "legal_contracts"


def test_only_the_beginning_is_read() -> None:
    late = "x " * 1_000 + "patient drug symptoms diagnosis treatment disease clinical trial"
    assert route_document(Document(text=late)) == ("general_knowledge", 0.0)


def test_own_templates_take_the_place_of_the_shipped_ones() -> None:
    sailing = Template(
        name="sailing", version=1, description="Boats.", cues=(("en", ("mast", "sail", "keel", "jib")),), entity_types=(), relations=()
    )
    assert route_document(Document(text="mast, sail, keel and jib"), [sailing])[0] == "sailing"


@given(st.lists(st.sampled_from(["patient", "drug", "contract", "party", "revenue", "hello", "合同", "患者"]), max_size=12))
def test_the_order_of_the_words_does_not_matter(words: list[str]) -> None:
    assert route_document(Document(text=", ".join(words))) == route_document(Document(text=", ".join(reversed(words))))
