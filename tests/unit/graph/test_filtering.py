"""A part of the corpus graph by type, date or letters is still a whole view."""

from __future__ import annotations

import pytest

from tadarag.errors import UsageError
from tadarag.graph.filtering import filtered, joined_things, things_named_like
from tadarag.graph.view import corpus_view
from tadarag.testing.marked_records import marked_record

LEADS = marked_record(
    "a",
    "[Ann Lee|person] leads [Acme Works|organization] in [Port Hesk|location].",
    date="2024-05-01",
    facts=[("Ann Lee", "leads", "Acme Works")],
)
LEFT = marked_record("b", "[Ann Lee|person] leads [Dusk Line|organization] since [2025|time].", facts=[("Ann Lee", "leads", "Dusk Line")])
CHINESE = marked_record("c", "[晨星公司|organization]在[奎伦湾|location]。")
VIEW = corpus_view([LEADS, LEFT, CHINESE])


def names(view):
    return {thing.name for thing in view.things}


def test_without_filters_the_view_is_the_same():
    assert filtered(VIEW) is VIEW


def test_only_things_of_the_types_are_left_with_what_is_stated_between_them():
    part = filtered(VIEW, types=("person", "organization"))
    assert names(part) == {"Ann Lee", "Acme Works", "Dusk Line", "晨星公司"}
    assert {fact.predicate for fact in part.facts} == {"leads"}
    assert filtered(VIEW, types=("person",)).facts == ()


def test_a_filtered_view_is_consistent():
    part = filtered(VIEW, types=("organization",))
    assert [thing.number for thing in part.things] == list(range(len(part.things)))
    assert all(node in part.things[part.of[node]].nodes for node in part.entities)
    assert set(part.of) == set(part.entities)
    assert all(node in part.of for sentence in part.sentences for node in sentence.nodes)
    assert part.find("Acme Works").kind == "organization"


def test_a_date_leaves_the_facts_that_hold_then():
    held = {VIEW.entities[fact.tail].name for fact in filtered(VIEW, as_of="2024-12-31").facts}
    assert held == {"Acme Works"}


def test_what_is_no_date_is_refused():
    with pytest.raises(UsageError, match="no date"):
        filtered(VIEW, as_of="lately")


def test_things_of_several_documents_come_first():
    assert [thing.name for thing in joined_things(VIEW)] == ["Ann Lee"]


@pytest.mark.parametrize(
    ("text", "found"), [("acme", ["Acme Works"]), ("晨星", ["晨星公司"]), ("LEE", ["Ann Lee"]), ("2025", []), (" ", [])]
)
def test_names_are_found_by_letters_in_them(text, found):
    assert [thing.name for thing in things_named_like(VIEW, text)] == found
