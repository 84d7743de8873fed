"""What a composed template answers."""

from __future__ import annotations

import pickle
from dataclasses import replace

from tadarag.templates.library import load_template
from tadarag.templates.template import shown_name

GENERAL = load_template("general_knowledge")


def test_a_relation_allows_its_heads_and_tails_only() -> None:
    born = GENERAL.relation("born_on")
    assert born is not None
    assert born.allows("person", "time")
    assert not born.allows("time", "person")


def test_a_relation_of_equal_types_allows_no_mixed_pair() -> None:
    part = GENERAL.relation("part_of")
    assert part is not None
    assert part.allows("location", "location")
    assert not part.allows("location", "person")


def test_the_relations_between_two_types_come_in_the_order_of_the_template() -> None:
    names = [relation.name for relation in GENERAL.allowed_relations("person", "time")]
    assert names == ["related_to", "born_on", "died_on"]


def test_a_label_is_read_whatever_its_case_and_language() -> None:
    for label in ("Born_In", "birth place", "BIRTH-PLACE", "出生地"):
        found = GENERAL.relation_labelled(label)
        assert found is not None
        assert found.name == "born_in"
    assert GENERAL.type_labelled("contract") is None


def test_a_model_is_shown_a_name_in_its_language() -> None:
    kin = GENERAL.relation("kin_of")
    assert kin is not None
    assert (shown_name(kin, "en"), shown_name(kin, "zh"), shown_name(kin, "fr")) == ("kin of", "亲属", "kin of")


def test_a_template_survives_pickling() -> None:
    assert pickle.loads(pickle.dumps(GENERAL)) == GENERAL


def test_a_changed_copy_of_a_template_has_a_fingerprint_of_its_own() -> None:
    before = GENERAL.fingerprint
    assert replace(GENERAL, version=GENERAL.version + 1).fingerprint != before
    assert replace(GENERAL).fingerprint == before
