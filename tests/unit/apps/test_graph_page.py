"""The drawing of what stands around a thing, and keeping names apart."""

from tadarag_studio.name_parting import parting_of
from tadarag_studio.neighbours import MOST, drawing, ends_of

THING = {"name": "Ostrevir Yard", "type": "organization"}


def fact(name, predicate="built"):
    return {"other": {"name": name, "type": "product"}, "predicate": predicate, "source": "a.md"}


def test_a_thing_of_several_facts_is_drawn_once_with_all_that_is_said():
    (end,) = ends_of([fact("Dusk"), fact("Dusk", "owns")], [])
    assert end.says == "built, owns"


def test_names_of_the_same_sentences_come_after_facts_and_only_where_no_fact_is():
    ends = ends_of([fact("Dusk")], [{"name": "Dusk", "sentences": 2}, {"name": "Port Hesk", "sentences": 1}])
    assert [(end.name, end.is_fact) for end in ends] == [("Dusk", True), ("Port Hesk", False)]


def test_the_drawing_stays_inside_its_field_whatever_the_number():
    for n in range(1, 2 * MOST):
        nodes, edges, height = drawing(THING, ends_of([fact(f"ferry {number} of a very long name") for number in range(n)], []))
        assert len(nodes) - 1 == len(edges) == min(n, MOST)
        assert all(node["width"] / 2 <= node["x"] <= 1000 - node["width"] / 2 and 20 <= node["y"] <= height - 20 for node in nodes)


def test_nothing_is_drawn_over_the_thing_itself():
    for n in range(1, MOST + 1):
        nodes, _, _ = drawing(THING, ends_of([fact(f"ferry {number}") for number in range(n)], []))
        centre, *others = nodes
        for node in others:
            assert abs(node["y"] - centre["y"]) >= 44 or abs(node["x"] - centre["x"]) >= (node["width"] + centre["width"]) / 2


def test_a_decision_in_words_is_what_unmerge_is_given():
    assert parting_of(("dusk", "dusk in a.md")) == ("dusk", "", "a.md")
    assert parting_of(("dusk", "the evening ferry")) == ("dusk", "the evening ferry", "")
