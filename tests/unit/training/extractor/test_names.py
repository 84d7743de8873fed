# torch is not installed everywhere
"""What types are called in a batch: as the product calls them, by the set's own name, by a synonym or by the type they are a kind of."""

import numpy as np
import pytest

pytest.importorskip("torch")

from tadarag.templates.library import shipped_templates
from tadarag.testing.hashing_encoder import HashingEncoder
from tadarag.training.extractor.names import COARSE, NameVectors, NamingShares, drawn_foreign, drawn_names


def drawn(types, **shares):
    fields = {"own": 0.0, "coarse": 0.0, "synonym": 0.0, "dropping": 0.0, "dropped": 0.0} | shares
    return drawn_names(types, NamingShares(**fields), np.random.default_rng(4))


def test_types_are_called_as_the_templates_of_sets_call_them():
    assert drawn(["PER", "OrgBased"]) == {"PER": "person", "OrgBased": "org based"}


def test_a_set_has_its_own_names_in_some_batches():
    assert drawn(["PER", "OTHER_PERSON"], own=1.0) == {"PER": "per", "OTHER_PERSON": "other person"}


def test_two_types_share_the_name_of_the_type_that_both_are_a_kind_of():
    assert drawn(["writer", "person", "magazine"], coarse=1.0) == {"writer": "person", "person": "person", "magazine": "product"}


def test_a_type_has_a_synonym_in_some_batches():
    assert drawn(["Disease"], synonym=1.0)["Disease"] != "disease"


def test_types_are_left_out_of_the_template_in_some_batches():
    types = [f"type {number}" for number in range(40)]
    assert 0 < len(drawn(types, dropping=1.0, dropped=0.5)) < 40


def test_abstracts_of_medicine_are_asked_for_people_in_some_batches():
    asked = [drawn_foreign(["disease", "chemical"], NamingShares(foreign=0.5), np.random.default_rng(seed)) for seed in range(20)]
    assert {len(one) for one in asked} == {0, 3}
    assert "person" in {name for one in asked for name in one}


def test_texts_that_hold_people_are_not_asked_for_foreign_types():
    assert drawn_foreign(["disease", "person"], NamingShares(foreign=1.0), np.random.default_rng(4)) == []
    assert drawn_foreign(["law", "court"], NamingShares(foreign=1.0), np.random.default_rng(4)) == []


def test_a_template_never_becomes_empty():
    assert drawn(["PER"], dropping=1.0, dropped=1.0) == {"PER": "person"}


def test_kinds_are_grouped_under_types_of_the_shipped_templates():
    assert set(COARSE.values()) <= {one.name for template in shipped_templates() for one in template.entity_types}


def test_a_name_is_read_once():
    read = []

    class Counting(HashingEncoder):
        def read(self, text, sentence_spans=(), *, kind="passage"):
            read.append(text)
            return super().read(text, sentence_spans, kind=kind)

    vectors = NameVectors(Counting(384))
    vectors(["person", "place"])
    again = vectors(["place", "person", "place"])
    assert sorted(read) == ["person", "place"]
    assert (again[0] == again[2]).all()
