"""Template files are found, the user's own first, and what they extend with them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tadarag.content import content_folder
from tadarag.errors import TemplateError, UsageError
from tadarag.templates.library import (
    check_file,
    copy_own_templates,
    core_type,
    load_file,
    load_template,
    load_templates,
    own_templates,
    template_files,
)

from .files import SAILING, write


def test_a_folder_of_ones_own_is_searched_first(tmp_path: Path) -> None:
    write(tmp_path, SAILING.replace("name: sailing", "name: news"), "news")
    news = next(template for template in load_templates([tmp_path]) if template.name == "news")
    assert news.description == "Boats and winds."
    assert [found.name for found in template_files([tmp_path]) if found.is_own] == ["news"]


def test_of_two_folders_the_earlier_one_wins(tmp_path: Path) -> None:
    for folder, version in (("first", 7), ("second", 1)):
        (tmp_path / folder).mkdir()
        write(tmp_path / folder, SAILING.replace("version: 1", f"version: {version}"))
    assert load_template("sailing", [tmp_path / "first", tmp_path / "second"]).version == 7


def test_an_own_template_joins_the_shipped_ones(tmp_path: Path) -> None:
    write(tmp_path, SAILING)
    assert [template.name for template in load_templates([tmp_path])][-2:] == ["news", "sailing"]


def test_without_templates_of_ones_own_there_is_nothing_to_load(tmp_path: Path) -> None:
    assert own_templates(tmp_path) is None
    write(tmp_path, SAILING)
    assert len(own_templates(tmp_path) or ()) == 7


def test_a_base_of_ones_own_is_no_domain_but_can_be_extended(tmp_path: Path) -> None:
    write(tmp_path, SAILING.replace("version: 1", "version: 1\nbase: true"))
    write(tmp_path, "name: yachts\nversion: 1\ndescription: Y.\nextends: [sailing]\nentity_types: [boat, person]\n", "yachts")
    assert [template.name for template in load_templates([tmp_path])][-1] == "yachts"
    assert load_template("yachts", [tmp_path]).relation("sails") is not None


def test_a_circle_of_extends_is_a_problem_and_ends(tmp_path: Path) -> None:
    write(tmp_path, "name: a\nversion: 1\ndescription: A.\nextends: [b]\n", "a")
    write(tmp_path, "name: b\nversion: 1\ndescription: B.\nextends: [a]\n", "b")
    assert [problem.happened for problem in load_file(tmp_path / "templates" / "a.yaml", [tmp_path]).problems] == [
        "a extends b extends a: a circle"
    ]


def test_a_problem_of_a_parent_is_told_with_the_parents_file_and_line(tmp_path: Path) -> None:
    parent = write(tmp_path, SAILING.replace("version: 1", "version: one"))
    child = write(tmp_path, "name: racing\nversion: 1\ndescription: R.\nextends: [sailing]\n", "racing")
    assert [str(problem) for problem in load_file(child, [tmp_path]).problems] == [
        f"{child}:4: the template 'sailing' has a problem: {parent}:2: 'one' is not a whole number"
    ]


def test_a_template_that_does_not_exist_names_the_nearest_one() -> None:
    with pytest.raises(UsageError, match=r"(?s)no template 'finanse'.*did you mean 'finance'"):
        load_template("finanse")


def test_core_types_are_frozen(tmp_path: Path) -> None:
    write(tmp_path, SAILING.replace("version: 1", "version: 1\ncore_types: [boat]"))
    with pytest.raises(TemplateError, match="only the product's own base states core_types"):
        load_template("sailing", [tmp_path])
    write(tmp_path, "name: core\nversion: 1\ndescription: Mine.\nbase: true\n", "core")
    with pytest.raises(TemplateError, match="'core' is the name of the product's own base"):
        load_template("core", [tmp_path])


def test_a_type_is_linked_alike_in_all_templates(tmp_path: Path) -> None:
    drug = "entity_types:\n  - {name: drug, core: concept, definition: a medicine}\n"
    file = write(tmp_path, f"name: herbs\nversion: 1\ndescription: Herbs.\n{drug}", "herbs")
    with pytest.raises(TemplateError) as raised:
        load_templates([tmp_path])
    assert raised.value.happened.startswith(
        f"{file}:5: the type 'drug' is linked as concept, in the template 'bio_medical_research' as product"
    )
    assert [problem.place.line for problem in check_file(file, [tmp_path]).problems] == [5]


@pytest.mark.parametrize(
    ("label", "core"),
    [
        ("drug", "product"),
        ("device", "product"),
        ("operation", "event"),
        ("money", "number"),
        ("Company", "organization"),
        ("日期", "time"),
        ("name", ""),
    ],
)
def test_a_type_and_a_label_have_one_core_type_whatever_the_domain(label: str, core: str) -> None:
    assert core_type(label) == core


def test_the_core_type_of_an_own_type_is_found_among_the_templates_given(tmp_path: Path) -> None:
    write(tmp_path, SAILING)
    assert (core_type("boat"), core_type("boat", load_templates([tmp_path]))) == ("", "product")


def test_own_templates_are_copied_with_a_base(tmp_path: Path) -> None:
    write(tmp_path, SAILING)
    copy_own_templates(tmp_path, tmp_path / "copy")
    assert load_template("sailing", [tmp_path / "copy"]) == load_template("sailing", [tmp_path])


def test_the_shipped_files_pass_the_check_by_whatever_path_they_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    folder = content_folder("templates")
    monkeypatch.chdir(folder.parent)
    for file in sorted(folder.glob("*.yaml")):
        assert check_file(file.relative_to(folder.parent)).problems == ()
