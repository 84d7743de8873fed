"""Tiers: extractors by name, what `auto` means for a document, and how a choice is recorded."""

from __future__ import annotations

import pytest

from tadarag.errors import PluginError, UsageError
from tadarag.extraction.extractor import Extractor
from tadarag.extraction.rules import RuleExtractor
from tadarag.store.protocol import Decision
from tadarag.templates.library import shipped_templates
from tadarag.testing.scripted_model import ScriptedModel
from tadarag.tiers import TierOf, Tiers, cheaper, installed_tiers, made_by, make_extractor, routed_tier, tiers_of
from tadarag.values import Document

LEGAL = "This Agreement is made between the Licensor and the Licensee. The parties agree that the contract shall be governed by law. " * 8
NEWS = "The prime minister said on Monday that the parliament would vote, the spokesman told reporters, as protesters gathered. " * 8


def refuse() -> Extractor:
    raise UsageError("no model is set", "set one")


ALL = Tiers({"rules": RuleExtractor, "small": RuleExtractor, "llm": RuleExtractor})
NO_MODEL = Tiers({"rules": RuleExtractor, "small": RuleExtractor, "llm": refuse})
RULES_ONLY = Tiers({"rules": RuleExtractor, "llm": refuse})


def test_an_extractor_is_made_when_it_is_first_asked_for_and_once() -> None:
    made = []
    tiers = Tiers({"rules": lambda: made.append(1) or RuleExtractor()})
    assert (made, list(tiers), len(tiers), "rules" in tiers) == ([], ["rules"], 1, True)
    assert tiers["rules"] is tiers["rules"]
    assert made == [1]


def test_a_tier_that_does_not_exist_is_refused_with_those_that_do() -> None:
    with pytest.raises(UsageError, match="there is no tier 'magic'") as refusal:
        ALL["magic"]
    assert refusal.value.do == "choose one of: auto, llm, rules, small"


def test_the_shipped_tiers_are_installed() -> None:
    assert {"rules", "small", "llm", "spacy", "gliner"} <= set(installed_tiers())
    assert isinstance(make_extractor("rules"), RuleExtractor)
    assert make_extractor("llm", model=ScriptedModel("{}")).fingerprint.startswith("llm-1/")


def test_an_extractor_that_is_not_installed_is_refused() -> None:
    with pytest.raises(PluginError, match="'oracle' is not installed"):
        make_extractor("oracle")


def test_a_tier_without_its_model_is_not_ready() -> None:
    assert (NO_MODEL.is_ready("small"), NO_MODEL.is_ready("llm"), NO_MODEL.is_ready("magic")) == (True, False, False)


def test_cheaper_is_the_small_extractor_then_the_rules() -> None:
    assert [cheaper(tier, ALL) for tier in ("llm", "spacy", "small", "rules")] == ["small", "small", "rules", "rules"]
    assert cheaper("llm", RULES_ONLY) == "rules"


@pytest.mark.parametrize(
    ("document", "tier", "reason"),
    [
        (Document(text="A note.", language="en"), "rules", "short"),
        (Document(text=LEGAL * 200, language="en"), "small", "long"),
        (Document(text=LEGAL, language="en"), "llm", "domain legal_contracts"),
        (Document(text=NEWS, language="en"), "small", "domain news"),
        (Document(text="Der Hafen von Quillen wurde im Jahr 1998 gebaut. " * 12, language="de"), "llm", "language de"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_auto_chooses_by_length_language_and_domain(document: Document, tier: str, reason: str) -> None:
    assert routed_tier(document, ALL) == (tier, reason)


def test_auto_takes_the_next_cheaper_tier_for_one_that_is_not_set_up() -> None:
    document = Document(text=LEGAL, language="en")
    assert routed_tier(document, NO_MODEL) == ("small", "domain legal_contracts; llm is not set up here")
    assert routed_tier(document, RULES_ONLY)[0] == "rules"


def test_a_choice_reads_back_from_its_decision() -> None:
    one = TierOf("abc", "llm", "llm-1/model")
    assert tiers_of([Decision(kind="cannot-link", body="{}"), one.decision()]) == {"abc": one}
    assert one.decision(is_withdrawn=True).body == one.decision().body


def test_what_an_extractor_is_made_by_holds_the_templates_where_it_reads_by_them() -> None:
    model = make_extractor("llm", model=ScriptedModel("{}"))
    assert made_by(RuleExtractor(), None) == "rules-1"
    assert made_by(model, None) == made_by(model, shipped_templates()) != made_by(model, shipped_templates()[:2])


def test_extractors_are_changed_when_they_are_made() -> None:
    changed = ALL.through(lambda tier, extractor: (tier, extractor))  # type: ignore[arg-type,return-value]
    assert changed["small"] == ("small", ALL["small"])
