"""The extractor that asks a language model: what it asks, what it makes of failures, and what names it."""

from __future__ import annotations

import pytest

from tadarag.components import template_of
from tadarag.errors import EndpointError, UsageError
from tadarag.extraction.llm_extractor import llm_extractor
from tadarag.extraction.llm_units import LlmUnits
from tadarag.findings import Findings
from tadarag.models.language_model import Sampling
from tadarag.models.openai_model import Limits, OpenAIModel
from tadarag.testing.scripted_endpoint import ScriptedEndpoint, Turn
from tadarag.testing.scripted_extraction import careful_reply
from tadarag.testing.scripted_model import ScriptedModel
from tadarag.testing.unit_extractor_contract import ENGLISH, unit_of_lines

GENERAL = template_of("general_knowledge", None)
UNIT = unit_of_lines(ENGLISH)


def test_names_and_facts_of_the_reply_are_found() -> None:
    found = LlmUnits(model=ScriptedModel(careful_reply)).read(UNIT, GENERAL)
    assert [name.span.of(ENGLISH) for name in found.names] == ["Marie Curie", "University of Paris", "Geneva", "Müller GmbH"]
    assert [(fact.head, fact.relation, fact.tail, fact.sentence) for fact in found.facts] == [(0, "member_of", 1, 0)]


def test_a_chunk_without_words_is_not_asked_about() -> None:
    model = ScriptedModel(careful_reply)
    assert LlmUnits(model=model).read(unit_of_lines("--- 🙂 ---"), GENERAL) == Findings()
    assert model.calls == []


def test_a_reply_of_which_nothing_can_be_made_is_counted_not_raised() -> None:
    assert LlmUnits(model=ScriptedModel("I would rather not.")).read(UNIT, GENERAL) == Findings(n_ungrounded=1)


def test_a_reply_that_was_cut_counts_as_far_as_it_goes() -> None:
    reply = '{"entities": [{"name": "Marie Curie", "type": "person"}, {"name": "Gen'
    found = LlmUnits(model=ScriptedModel(reply, finish="length")).read(UNIT, GENERAL)
    assert (len(found.names), found.n_ungrounded) == (1, 1)


def test_a_reply_that_breaks_off_is_an_error() -> None:
    with pytest.raises(EndpointError, match="broke off"):
        LlmUnits(model=ScriptedModel("half a", finish="interrupted")).read(UNIT, GENERAL)


def test_a_chunk_that_does_not_fit_the_model_gives_nothing() -> None:
    assert LlmUnits(model=ScriptedModel("{}", context_tokens=5)).read(UNIT, GENERAL) == Findings()


def test_the_fingerprint_names_the_model_and_how_it_is_asked() -> None:
    plain = LlmUnits(model=ScriptedModel("{}", name="one"))
    warm = LlmUnits(model=ScriptedModel("{}", name="one"), sampling=Sampling(temperature=0.7, seed=3))
    other = LlmUnits(model=ScriptedModel("{}", name="two"))
    assert len({plain.fingerprint, warm.fingerprint, other.fingerprint}) == 3


def test_an_endpoint_is_held_to_the_schema() -> None:
    with ScriptedEndpoint([Turn(text='{"entities": [{"name": "Geneva", "type": "location"}], "relations": []}')]) as endpoint:
        found = LlmUnits(model=OpenAIModel("scripted", base_url=endpoint.url)).read(UNIT, GENERAL)
    assert [name.span.of(ENGLISH) for name in found.names] == ["Geneva"]
    assert endpoint.requests[0]["response_format"]["json_schema"]["schema"]["required"] == ["entities", "relations"]
    assert endpoint.requests[0]["temperature"] == 0.0


def test_an_endpoint_that_refuses_schemas_is_asked_in_words() -> None:
    with ScriptedEndpoint([Turn(text='{"entities": [], "relations": []}', refuses=("response_format",))]) as endpoint:
        LlmUnits(model=OpenAIModel("scripted", base_url=endpoint.url)).read(UNIT, GENERAL)
    assert "Reply with JSON only, following this schema" in endpoint.requests[-1]["messages"][-1]["content"]


def test_an_endpoint_that_fails_is_an_error() -> None:
    with ScriptedEndpoint([Turn(status=503)]) as endpoint:
        model = OpenAIModel("scripted", base_url=endpoint.url, limits=Limits(max_attempts=2), sleep=lambda seconds: None)
        with pytest.raises(EndpointError, match="no answer in 2 tries"):
            LlmUnits(model=model).read(UNIT, GENERAL)


def test_the_tier_needs_a_model() -> None:
    with pytest.raises(UsageError, match="asks a language model, and none is set"):
        llm_extractor()
