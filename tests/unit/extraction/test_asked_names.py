"""What a template asks a trained extractor for."""

from __future__ import annotations

import pytest

from tadarag.extraction.asked_names import asked_names
from tadarag.extraction.set_template import set_template
from tadarag.templates.library import core_type_names, shipped_templates
from tadarag.templates.template import Template


@pytest.mark.parametrize("template", shipped_templates(), ids=lambda template: template.name)
def test_every_core_type_is_asked_for_by_name(template: Template) -> None:
    asked = asked_names(template)
    assert set(core_type_names()) <= {*asked.kinds}
    assert set(core_type_names()) <= {*asked.words_of_types}
    assert len(asked.kinds) == len(asked.words_of_types)


def test_a_core_type_that_a_type_is_another_word_for_is_not_asked_for_again() -> None:
    asked = asked_names(set_template("news", ["PER"], {}))
    assert asked.words_of_types.count("person") == 1
    assert asked.labels == ("PER",)


def test_names_are_asked_for_in_words() -> None:
    asked = asked_names(set_template("news", ["ORG"], {"OrgBased_In": (["ORG"], ["ORG"])}))
    assert asked.words_of_types[0] == "organization"
    assert asked.words_of_relations == ("org based in",)


def test_what_may_join_two_labels_is_what_the_template_allows() -> None:
    for template in shipped_templates():
        asked = asked_names(template)
        for head in asked.labels:
            for tail in asked.labels:
                joined = {asked.relations[column].name for column in asked.allowed.get((head, tail), ())}
                assert joined == {relation.name for relation in template.allowed_relations(head, tail)} - {"same_as"}
