"""Templates are read strictly, and errors name file and line."""

from pathlib import Path

import pytest

from tadarag.errors import UsageError
from tadarag.routing.templates import load_templates, shipped_templates

GOOD = """\
name: sailing
version: 1
description: Boats and winds.
cues:
  en: [mast, main sail]
entity_types:
  - name: boat
    definition: a vessel
    facets: [length]
  - name: person
    definition: a named human
relations:
  - name: sails
    heads: [person]
    tails: [boat]
    definition: steers it
"""


def load(tmp_path: Path, text: str) -> object:
    (tmp_path / "sailing.yaml").write_text(text, encoding="utf-8")
    return load_templates([tmp_path])


def test_the_six_domains_are_shipped() -> None:
    assert [template.name for template in shipped_templates()] == [
        "bio_medical_research",
        "customer_support",
        "finance",
        "general_knowledge",
        "legal_contracts",
        "news",
    ]


@pytest.mark.parametrize("template", shipped_templates(), ids=lambda template: template.name)
def test_every_shipped_template_has_cues_in_both_languages_types_and_relations(template: object) -> None:
    assert [language for language, cues in template.cues if cues] == ["en", "zh"]  # type: ignore[attr-defined]
    assert {"has_value", "same_as", "related_to"} <= {relation.name for relation in template.relations} | {"has_value"}  # type: ignore[attr-defined]
    assert all(cue == cue.lower() for _, cues in template.cues for cue in cues)  # type: ignore[attr-defined]


def test_a_template_is_read_whole(tmp_path: Path) -> None:
    (template,) = load(tmp_path, GOOD)  # type: ignore[misc]
    assert (template.name, template.version, template.cues) == ("sailing", 1, (("en", ("mast", "main sail")),))
    assert [one.facets for one in template.entity_types] == [("length",), ()]
    assert (template.relations[0].heads, template.relations[0].symmetric) == (("person",), False)


@pytest.mark.parametrize(
    ("old", "new", "line", "happened"),
    [
        ("version: 1", "edition: 1", 2, "there is no key 'edition' here"),
        ("version: 1\n", "", 1, "the key 'version' is missing"),
        ("version: 1", "version: one", 2, "'one' is not a whole number"),
        ("version: 1", "name: again", 2, "the key 'name' stands here twice"),
        ("tails: [boat]", "tails: [ship]", 15, "'ship' is no entity type of this template"),
        ("heads: [person]", "heads: person", 14, "here a list is expected"),
        ("definition: steers it", "definition: steers it\n    symmetric: maybe", 17, "'maybe' is neither true nor false"),
        ("name: person", "name: boat", 10, "'boat' is defined twice"),
        ("en: [mast", "en: [mast, ,", 5, "this is not YAML"),
        ("definition: a vessel", "definition: [a]", 8, "here a word or a text is expected"),
    ],
)
def test_an_error_names_file_and_line(tmp_path: Path, old: str, new: str, line: int, happened: str) -> None:
    with pytest.raises(UsageError) as error:
        load(tmp_path, GOOD.replace(old, new, 1))
    assert error.value.happened.startswith(f"{tmp_path / 'sailing.yaml'}:{line}: {happened}")


def test_an_empty_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"sailing\.yaml:1: here a mapping is expected"):
        load(tmp_path, "")


def test_the_first_folder_wins(tmp_path: Path) -> None:
    for folder, version in (("own", 7), ("shipped", 1)):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "sailing.yaml").write_text(GOOD.replace("version: 1", f"version: {version}"), encoding="utf-8")
    (template,) = load_templates([tmp_path / "own", tmp_path / "shipped"])
    assert template.version == 7
