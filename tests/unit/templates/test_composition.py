"""Templates are composed: base, domain, and what a person adds."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tadarag.templates.composition import compose
from tadarag.templates.draft import Draft, DraftRelation, DraftType, Place, Word
from tadarag.templates.library import core_type_names, load_template
from tadarag.templates.template import Template

from .files import SAILING, composed, write

TYPES = ("person", "event", "time", "number", "product")


def word(text: str) -> Word:
    return Word(text, Place("made.yaml", 1))


def draft(
    name: str, *, types: tuple[str, ...] = (), relations: tuple[DraftRelation, ...] = (), is_base: bool = False, extends: str = ""
) -> Draft:
    stated = tuple(DraftType(name=word(one), core=word(one), definition=one) for one in types)
    parents = tuple(word(parent) for parent in extends.split())
    return Draft(name=word(name), version=1, description=name, is_base=is_base, extends=parents, types=stated, relations=relations)


def relation(name: str, heads: str, tails: str) -> DraftRelation:
    return DraftRelation(
        name=word(name), heads=tuple(map(word, heads.split())), tails=tuple(map(word, tails.split())), definition=f"{heads} {name} {tails}"
    )


def made(*drafts: Draft) -> Template:
    template, problems = compose(drafts, core_type_names())
    assert problems == ()
    return template


BASE = draft("base", types=TYPES, relations=(relation("has_value", "*", "number"), relation("occurs_on", "event", "time")), is_base=True)


@given(st.sets(st.sampled_from(TYPES), min_size=1).map(sorted))
def test_of_a_base_a_template_has_the_types_it_names_and_the_relations_that_keep_both_sides(names: list[str]) -> None:
    template = made(BASE, draft("child", types=tuple(names), extends="base"))
    relations = {one.name: (one.heads, one.tails) for one in template.relations}
    assert [one.name for one in template.entity_types] == names
    assert relations.get("has_value") == ((tuple(names), ("number",)) if "number" in names else None)
    assert ("occurs_on" in relations) == ({"event", "time"} <= set(names))


@given(st.permutations(["one", "two", "three"]))
def test_the_order_in_which_unrelated_parents_come_does_not_change_what_a_relation_accepts(order: list[str]) -> None:
    parents = {
        "one": draft("one", types=("person", "product"), relations=(relation("uses", "person", "product"),)),
        "two": draft("two", types=("event", "product"), relations=(relation("uses", "event", "product"),)),
        "three": draft("three", types=("person", "event"), relations=(relation("uses", "person", "event"),)),
    }
    template = made(*(parents[name] for name in order), draft("child", extends="one two three"))
    uses = template.relation("uses")
    assert uses is not None
    assert (set(uses.heads), set(uses.tails)) == ({"person", "event"}, {"product", "event"})


def test_a_template_overrides_what_it_extends_field_by_field() -> None:
    parent = draft("parent", types=("person", "product"), relations=(relation("uses", "person", "product"),))
    narrower = Draft(
        name=word("child"),
        version=2,
        description="child",
        extends=(word("parent"),),
        types=(DraftType(name=word("person"), definition="a sailor"),),
        relations=(DraftRelation(name=word("uses"), heads=(word("product"),)),),
    )
    template = made(parent, narrower)
    person, uses = template.entity_type("person"), template.relation("uses")
    assert person is not None
    assert uses is not None
    assert (person.definition, person.core) == ("a sailor", "person")
    assert (uses.heads, uses.tails, uses.definition) == (("product",), ("product",), "person uses product")


def test_a_template_that_adds_nothing_has_the_content_of_its_parent() -> None:
    parent = draft("parent", types=("person", "number"), relations=(relation("counts", "person", "number"),))
    child = made(BASE, parent, draft("child", extends="parent"))
    whole = made(BASE, parent)
    assert (child.entity_types, child.relations) == (whole.entity_types, whole.relations)


def test_equal_content_has_one_fingerprint_however_it_was_composed() -> None:
    flat = draft("boats", types=("person", "product"), relations=(relation("uses", "person", "product"),))
    parts = [draft("a", types=("person",)), draft("boats", types=("product",), relations=flat.relations, extends="a")]
    assert made(flat).fingerprint == made(*parts).fingerprint


@pytest.mark.parametrize(
    "change", [("a vessel", "a ship"), ("[length]", "[beam]"), ("who sails", "who steers"), ("a boat of", "a ship of"), ("mast", "keel")]
)
def test_any_change_of_content_changes_the_fingerprint(tmp_path: Path, change: tuple[str, str]) -> None:
    write(tmp_path, SAILING)
    before = composed(tmp_path, "sailing").fingerprint
    write(tmp_path, SAILING.replace(*change))
    assert composed(tmp_path, "sailing").fingerprint != before


def test_a_person_extends_two_shipped_domains_and_a_template_of_their_own(tmp_path: Path) -> None:
    write(tmp_path, SAILING)
    write(
        tmp_path,
        "name: yachts\nversion: 1\ndescription: Yachts for sale.\nextends: [finance, legal_contracts, sailing]\n"
        "relations:\n  - {name: sold_under, heads: [boat], tails: [contract], definition: the deed}\n",
        "yachts",
    )
    template = composed(tmp_path, "yachts")
    names = [one.name for one in template.entity_types]
    finance = load_template("finance")
    assert names[: len(finance.entity_types)] == [one.name for one in finance.entity_types]
    assert {"contract", "clause", "judgment", "boat"} <= set(names)
    assert len(names) == len(set(names))
    assert {"owns", "party_to", "sails", "sold_under"} <= {one.name for one in template.relations}
    value = template.relation("has_value")
    assert value is not None
    assert set(value.heads) == set(names), "a shared relation leads from every type, also from added ones"
    assert template.cues == (), "cues tell domains apart and are not inherited"
    assert len(template.examples) == len(finance.examples) + len(load_template("legal_contracts").examples) + 1


def test_an_example_of_a_parent_that_the_child_made_wrong_is_left_out(tmp_path: Path) -> None:
    write(tmp_path, SAILING)
    write(
        tmp_path,
        "name: racing\nversion: 1\ndescription: Races.\nextends: [sailing]\nrelations:\n  - {name: sails, heads: [boat]}\n",
        "racing",
    )
    assert composed(tmp_path, "racing").examples == ()


@pytest.mark.parametrize("order", list(permutations(["news", "finance"])))
def test_a_shared_ancestor_counts_once(tmp_path: Path, order: tuple[str, str]) -> None:
    write(tmp_path, f"name: both\nversion: 1\ndescription: Both.\nextends: [{', '.join(order)}]\n", "both")
    relations = [one.name for one in composed(tmp_path, "both").relations]
    assert len(relations) == len(set(relations)) == 6 + 8 + 9
