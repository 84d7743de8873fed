"""A person adds a domain in ten minutes, by the docs and without code."""

from __future__ import annotations

from pathlib import Path

import pytest

from .conftest import Run

FILLED = """
cues:
  en: [ferry, harbour, crew, port, ship, passengers]
  zh: [渡轮, 港口, 扩港]
entity_types:
  - name: vessel
    core: product
    definition: a ship or boat with a name
    names: {en: [vessel, ferry, ship], zh: [船只, 渡轮]}
relations:
  - name: built_by
    heads: [vessel]
    tails: [organization]
    definition: the tail made the head
    names: {en: [built by], zh: [由其建造]}
question_facets:
  - name: builder
    about: [vessel]
    relations: [built_by]
    cues: {en: [who built, yard], zh: [谁建造]}
examples:
  - language: en
    text: The ferry Dusk was built by the Ostrevir yard.
    entities: {vessel: [Dusk], organization: [Ostrevir yard]}
    relations:
      - [Dusk, built_by, Ostrevir yard]
"""


@pytest.fixture
def harbour(docs: Path, run: Run) -> Path:
    """The file of a new template, as a person has filled it in."""
    assert run("templates", "new", "harbour", "--base", str(docs)).status == 0
    file = docs / ".tadarag" / "templates" / "harbour.yaml"
    head = file.read_text(encoding="utf-8").partition("\n# Words that tell")[0]
    file.write_text(head.replace("Say in one sentence what these documents are about.", "Ships and ports.") + FILLED, encoding="utf-8")
    return file


def test_from_new_over_edit_and_check_to_an_answer(docs: Path, run: Run, harbour: Path) -> None:
    checked = run("templates", "check", "harbour", "--base", str(docs))
    assert (checked.status, checked.err) == (0, "")
    assert checked.out.startswith("harbour 1: 10 types, 18 relations, ")
    listed = {one["name"]: one for one in run("templates", "list", "--base", str(docs), "--json").document["templates"]}
    assert (listed["harbour"]["from"], listed["harbour"]["problems"]) == ("own", [])
    assert len(listed) == 8
    answer = run("ask", str(docs), "How many passengers does the ferry carry to its port?", "--json")
    assert answer.status == 0
    assert answer.document["route"]["domain"] == "harbour"
    documents = {one["source"]: one["domain"] for one in run("list", "--base", str(docs), "--json").document["documents"]}
    assert documents["ferry.txt"] == "harbour"


def test_documents_that_are_there_already_get_the_new_domain_by_reindex(docs: Path, run: Run) -> None:
    assert run("ask", str(docs), "When was the ferry Dusk built?").status == 0
    assert run("templates", "new", "harbour", "--base", str(docs)).status == 0
    assert run("ask", str(docs), "When was the ferry Dusk built?").status == 0, "a template without cues changes nothing"
    file = docs / ".tadarag" / "templates" / "harbour.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("en: []", "en: [ferry, harbour, port, passengers, yard]"), encoding="utf-8")
    refused = run("ingest", str(docs), "--base", str(docs))
    assert (refused.status, "tadarag reindex" in refused.err) == (1, True)
    assert run("reindex", "--base", str(docs)).status == 0
    documents = {one["source"]: one["domain"] for one in run("list", "--base", str(docs), "--json").document["documents"]}
    assert documents["ferry.txt"] == "harbour"


def test_new_refuses_to_overwrite(docs: Path, run: Run, harbour: Path) -> None:
    before = harbour.read_text(encoding="utf-8")
    again = run("templates", "new", "harbour", "--base", str(docs))
    assert (again.status, harbour.read_text(encoding="utf-8")) == (4, before)


@pytest.mark.parametrize("arguments", [("two words",), ("../out",), ("ships", "--from", "financ")])
def test_new_refuses_a_name_that_is_none_and_a_domain_that_is_not_there(docs: Path, run: Run, arguments: tuple[str, ...]) -> None:
    assert run("templates", "new", *arguments, "--base", str(docs)).status == 2
    assert not list(docs.rglob("*.yaml"))


def test_check_names_every_problem_with_file_and_line(docs: Path, run: Run, harbour: Path) -> None:
    text = (
        harbour.read_text(encoding="utf-8")
        .replace("tails: [organization]", "tails: [organisation]")
        .replace("vessel: [Dusk]", "vessel: [Dawn]")
    )
    harbour.write_text(text, encoding="utf-8")
    lines = [text[: text.index(part)].count("\n") + 1 for part in ("tails: [organisation]", "vessel: [Dawn]")]
    checked = run("templates", "check", str(harbour), "--base", str(docs))
    assert checked.status == 1
    assert f"{harbour}:{lines[0]}: 'organisation' is no entity type of this template\n  do:  did you mean 'organization'?" in checked.out
    assert f"{harbour}:{lines[1]}: 'Dawn' stands nowhere in the example's text" in checked.out
    problems = run("templates", "check", "harbour", "--base", str(docs), "--json").document["problems"]
    assert [problem["line"] for problem in problems][:1] == lines[:1]


def test_a_broken_template_is_listed_as_broken_and_stops_asking_with_its_line(docs: Path, run: Run, harbour: Path) -> None:
    harbour.write_text(harbour.read_text(encoding="utf-8").replace("version: 1", "version: one"), encoding="utf-8")
    listed = run("templates", "list", "--base", str(docs))
    assert f"broken: {harbour}:2: 'one' is not a whole number" in listed.out
    asked = run("ask", str(docs), "Who?")
    assert asked.status == 1
    assert f"{harbour}:2: 'one' is not a whole number" in asked.err
    assert "tadarag templates check harbour" in asked.err


def test_show_has_everything_that_is_inherited(docs: Path, run: Run, harbour: Path) -> None:
    shown = run("templates", "show", "harbour", "--base", str(docs))
    assert all(name in shown.out for name in ("vessel", "born_on", "built_by", "builder", "unanswerable", "Dusk built_by Ostrevir yard"))
    document = run("templates", "show", "harbour", "--base", str(docs), "--json").document["template"]
    assert document["extends"] == ["core", "general_knowledge"]
    assert [one["core"] for one in document["entity_types"] if one["name"] == "vessel"] == ["product"]


def test_suggest_drafts_a_template_that_passes_check(docs: Path, run: Run) -> None:
    assert run("ingest", str(docs), "--base", str(docs)).status == 0
    drafted = run("templates", "suggest", "--min-count", "1", "--name", "drafted", "--base", str(docs))
    assert drafted.status == 0
    (docs / "drafted.yaml").write_text(drafted.out, encoding="utf-8")
    assert run("templates", "check", str(docs / "drafted.yaml"), "--base", str(docs)).status == 0
    suggested = run("templates", "suggest", "--min-count", "1", "--base", str(docs), "--json").document["suggestion"]
    assert suggested["n_documents"] == 3
    assert {"time", "number"} <= {one["name"] for one in suggested["types"]}


def test_a_backup_takes_the_templates_along(docs: Path, run: Run, harbour: Path) -> None:
    assert run("ingest", str(docs), "--base", str(docs)).status == 0
    assert run("backup", "copy", "--base", str(docs)).status == 0
    assert run("templates", "check", "harbour", "--base", "copy").status == 0
