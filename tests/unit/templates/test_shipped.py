"""The six shipped domains: what the specification's tables say, and examples that hold."""

from __future__ import annotations

from itertools import pairwise

import pytest

from tadarag.templates.library import core_type_names, load_template, shipped_templates
from tadarag.templates.template import Template, core_types, words_of

ENTITY_TYPES = {
    "bio_medical_research": "person organism symptom disease drug technique number device operation",
    "general_knowledge": "person organism organization location event time diet number product",
    "legal_contracts": "person organization location event time number contract clause judgment",
    "customer_support": "person technique operation event time number device product",
    "finance": "person organization event time number operation product policy",
    "news": "person organization location event time number product policy",
}
"""By domain, in the order as released (tadarag.md section 4)."""
SHARED = {"has_value", "occurs_on", "part_of", "same_as", "related_to", "before"}
RELATIONS = {
    "bio_medical_research": (
        "treats causes has_symptom diagnosed_by interacts_with contraindicated_for administered_by studied_in uses".split()
    ),
    "general_knowledge": (
        "located_in member_of founded_by participates_in created_by kin_of born_on died_on born_in instance_of contains".split()
    ),
    "legal_contracts": (
        "party_to contains_clause obliges permits forbids refers_to amends terminates effective_on expires_on governed_by decided_by "
        "rules_for rules_against limits_to".split()
    ),
    "customer_support": "affects fixed_by step_of next_step requires supports compatible_with reported_by".split(),
    "finance": "reports owns acquires invests_in issues regulates leads changes for_period".split(),
    "news": "announces attends happens_at affects issued_by member_of responds_to meets".split(),
}
BUDGETS = {
    "fact": (12, 12),
    "bridge": (20, 24),
    "comparison": (20, 24),
    "list": (40, 40),
    "temporal": (24, 24),
    "overview": (60, 60),
    "unanswerable": (12, 12),
}
every_template = pytest.mark.parametrize("template", shipped_templates(), ids=lambda template: template.name)


def test_there_are_six_domains_and_the_base_is_none() -> None:
    assert [template.name for template in shipped_templates()] == sorted(ENTITY_TYPES)


@every_template
def test_the_entity_types_are_those_of_the_table_in_its_order(template: Template) -> None:
    assert [one.name for one in template.entity_types] == ENTITY_TYPES[template.name].split()


@every_template
def test_the_relations_are_those_of_the_table_and_the_shared_ones(template: Template) -> None:
    names = {one.name for one in template.relations}
    assert set(RELATIONS[template.name]) == names - SHARED
    assert names & SHARED == (SHARED if template.entity_type("time") else SHARED - {"occurs_on"})


@every_template
def test_every_relation_has_heads_and_tails_among_the_types_of_its_domain(template: Template) -> None:
    known = {one.name for one in template.entity_types}
    for relation in template.relations:
        assert relation.heads, relation.name
        assert relation.tails, relation.name
        assert {*relation.heads, *relation.tails} <= known, relation.name


@every_template
def test_a_relation_in_which_both_sides_may_be_exchanged_has_equal_sides(template: Template) -> None:
    symmetric = {one.name for one in template.relations if one.symmetric}
    assert symmetric == {"same_as", "related_to"} | (
        {"interacts_with", "kin_of", "compatible_with", "meets"} & set(RELATIONS[template.name])
    )
    assert all(set(one.heads) == set(one.tails) for one in template.relations if one.symmetric)
    assert {one.name for one in template.relations if one.same_type} == {"part_of", "same_as"}


@pytest.mark.parametrize(
    ("domain", "relation", "heads", "tails"),
    [
        ("bio_medical_research", "treats", "drug operation technique", "disease symptom"),
        ("bio_medical_research", "before", "operation", "operation"),
        ("general_knowledge", "located_in", "organization location event organism", "location"),
        ("legal_contracts", "terminates", "contract clause event", "contract clause"),
        ("customer_support", "requires", "operation technique", "device product operation"),
        ("customer_support", "occurs_on", "event operation", "time"),
        ("finance", "regulates", "policy organization", "organization product operation"),
        ("news", "affects", "event policy", "organization location number person product"),
        ("news", "before", "event time", "event time"),
        ("news", "has_value", ENTITY_TYPES["news"], "number"),
    ],
)
def test_heads_and_tails_are_those_of_the_table(domain: str, relation: str, heads: str, tails: str) -> None:
    found = load_template(domain).relation(relation)
    assert found is not None
    assert (found.heads, found.tails) == (tuple(heads.split()), tuple(tails.split()))


@every_template
def test_task_types_have_the_budgets_of_the_table_and_eight_tokens_for_a_node_or_edge(template: Template) -> None:
    assert {task.name: (task.nodes, task.edges) for task in template.tasks} == BUDGETS
    assert all(task.tokens == 8 * (task.nodes + task.edges) for task in template.tasks)


@every_template
def test_types_and_relations_have_names_in_both_languages_and_types_have_facets(template: Template) -> None:
    named = (*template.entity_types, *template.relations)
    assert [one.name for one in named if not (words_of(one.names, "en") and words_of(one.names, "zh"))] == []
    assert [one.name for one in template.entity_types if not one.facets or not one.definition] == []


@every_template
def test_a_name_means_one_type_and_one_relation(template: Template) -> None:
    for named in (template.entity_types, template.relations):
        names = [name for one in named for _, found in one.names for name in found]
        assert sorted(names) == sorted(set(names))


@every_template
def test_cues_are_in_both_languages_and_lower_case(template: Template) -> None:
    assert [language for language, cues in template.cues if cues] == ["en", "zh"]
    assert all(cue == cue.lower() for _, cues in template.cues for cue in cues)


@every_template
def test_every_own_relation_is_what_some_question_facet_is_told_by(template: Template) -> None:
    asked = {relation for facet in template.question_facets for relation in facet.relations}
    assert set(RELATIONS[template.name]) - asked == set(), "no question would look for these"


@every_template
@pytest.mark.parametrize("language", ["en", "zh"])
def test_examples_show_every_type_and_every_own_relation(template: Template, language: str) -> None:
    examples = [example for example in template.examples if example.language == language]
    types = {mention.type for example in examples for mention in example.mentions}
    relations = {relation for example in examples for _, relation, _ in example.relations}
    assert {one.name for one in template.entity_types} - types == set()
    assert set(RELATIONS[template.name]) - relations == set()


@every_template
def test_every_example_respects_spans_and_sides(template: Template) -> None:
    for example in template.examples:
        spans = [mention.span for mention in example.mentions]
        assert all(0 <= span.start < span.end <= len(example.text) for span in spans)
        assert all(left.end <= right.start for left, right in pairwise(spans))
        for head, name, tail in example.relations:
            relation = template.relation(name)
            assert relation is not None
            assert relation.allows(example.mentions[head].type, example.mentions[tail].type), (example.text, name)


def test_every_type_is_linked_under_one_of_the_frozen_core_types() -> None:
    assert core_type_names() == tuple(
        "person organization location event time number product organism condition document concept".split()
    ), "bases link by these: a change makes new bases link otherwise than old ones"
    assert dict(core_types(shipped_templates())) == {
        **{name: name for name in "person organization location event time number product organism".split()},
        **dict.fromkeys(("drug", "device", "diet"), "product"),
        **dict.fromkeys(("symptom", "disease"), "condition"),
        **dict.fromkeys(("policy", "contract", "clause", "judgment"), "document"),
        "operation": "event",
        "technique": "concept",
    }


@pytest.mark.parametrize(
    ("label", "name"),
    [("date and time", "time"), ("legal clause", "clause"), ("drug category", "drug"), ("Money", "number"), ("疾病", "disease")],
)
def test_labels_from_elsewhere_mean_a_type(label: str, name: str) -> None:
    found = load_template("core").type_labelled(label)
    assert found is not None
    assert found.name == name
