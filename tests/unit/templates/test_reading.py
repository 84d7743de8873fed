"""Templates are read strictly, and every problem has its file and line."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tadarag.errors import TemplateError
from tadarag.templates.library import load_file, load_templates

from .files import SAILING, composed, write


def test_a_template_is_read_whole(tmp_path: Path) -> None:
    write(tmp_path, SAILING)
    template = composed(tmp_path, "sailing")
    boat = template.entity_type("boat")
    assert (template.name, template.version, template.cues) == ("sailing", 1, (("en", ("mast", "main sail")),))
    assert boat is not None
    assert (boat.core, boat.facets, boat.names) == ("product", ("length",), (("en", ("boat", "sailing boat")), ("zh", ("帆船",))))
    assert [mention.span.of(example.text) for example in template.examples for mention in example.mentions] == ["Ada", "Dusk", "9 m"]


@pytest.mark.parametrize(
    ("old", "new", "line", "happened", "do"),
    [
        ("version: 1", "versoin: 1", 2, "there is no key 'versoin' here", "did you mean 'version'?"),
        ("version: 1\n", "", 1, "the key 'version' is missing", "add it"),
        ("version: 1", "version: one", 2, "'one' is not a whole number", "write a number such as 1"),
        ("version: 1", "name: sailing", 2, "the key 'name' stands here twice", "keep one of them"),
        ("name: sailing", "name: boats", 1, "the template 'boats' stands in sailing.yaml", "name the file boats.yaml"),
        ("extends: [core]", "extends: [cores]", 4, "there is no template 'cores' to extend", "did you mean 'core'?"),
        ("main sail", "Main sail", 6, "the cue 'Main sail' would never be found", "write cues in lower case"),
        ("main sail", "the main sail", 6, "the cue 'the main sail' would never be found", "use one word or a pair"),
        ("main sail", "wi-fi", 6, "the cue 'wi-fi' would never be found", "use the letters a to z"),
        (
            "  en: [mast, main sail]",
            "  zh: [渡輪]",
            6,
            "the cue '渡輪' would never be found",
            "texts are read as simplified Chinese: write 渡轮",
        ),
        ("  en: [mast", "  eng: [mast", 6, "there is no key 'eng' here", "did you mean 'en'?"),
        ("en: [mast", "en: [mast, ,", 6, "this is not YAML", "mend that line"),
        ("- person", "- perso", 8, "the type 'perso' has no definition", "write a definition and a core type"),
        ("core: product", "core: thing", 11, "'thing' is no core type", "use one of: concept, condition, document"),
        ("    core: product\n", "", 10, "the type 'boat' has no core", "write a definition and a core type"),
        ("definition: a vessel", "definition: [a]", 12, "here a word or a text is expected", "write it in quotes"),
        ("facets: [length]", "facet: [length]", 14, "there is no key 'facet' here", "did you mean 'facets'?"),
        ("name: boat", "name: person", 10, "'person' is defined twice", "keep one of them"),
        ("name: boat", "name: sailing boat", 10, "'sailing boat' is no name", "use letters, digits and _"),
        ("heads: [person]", "heads: person", 17, "here a list is expected", "write [one, two]"),
        ("tails: [boat]", "tails: [boats]", 18, "'boats' is no entity type of this template", "did you mean 'boat'?"),
        ("    tails: [boat]\n", "", 16, "the relation 'sails' has no tails", "write it"),
        (
            "definition: steers it",
            "definition: steers it\n    symmetric: maybe",
            20,
            "'maybe' is neither true nor false",
            "write true or false",
        ),
        (
            "definition: steers it",
            "definition: steers it\n    symmetric: true",
            16,
            "'sails' is symmetric, but its heads and tails differ",
            "give",
        ),
        ("definition: steers it", "definition: steers it\n    same_type: true", 16, "'sails' joins equal types, but its heads and", "give"),
        ("relations: [sails]", "relations: [sail]", 23, "'sail' is no relation of this template", "did you mean 'sails'?"),
        ("language: en", "language: fr", 26, "'fr' is no language of examples", "use one of: en, zh"),
        ("[Ada]", "[Adam]", 28, "'Adam' stands nowhere in the example's text", "copy it from the text exactly"),
        ("[Dusk]", "[Dus]", 28, "'Dus' stands only inside a longer name or word", "copy it from the text exactly"),
        ("boat: [Dusk]", "ship: [Dusk]", 28, "'ship' is no entity type of this template", "the known ones are: boat, number, person"),
        (
            "[Ada, sails, Dusk]",
            "[Dusk, sails, Ada]",
            30,
            "'sails' does not lead from boat to person",
            "between these types the template has:",
        ),
        ("[Ada, sails, Dusk]", "[Ada, sail, Dusk]", 30, "'sail' is no relation of this template", "did you mean 'sails'?"),
        ("[Ada, sails, Dusk]", "[Eve, sails, Dusk]", 30, "'Eve' is no entity of this example", "the known ones are: 9 m, Ada, Dusk"),
        ("[Ada, sails, Dusk]", "[Ada, sails]", 30, "a relation of an example has three parts", "write [head, relation, tail]"),
    ],
)
def test_a_problem_names_file_and_line_and_a_remedy(tmp_path: Path, old: str, new: str, line: int, happened: str, do: str) -> None:
    file = write(tmp_path, SAILING.replace(old, new, 1))
    problems = load_file(file, [tmp_path]).problems
    found = [problem for problem in problems if str(problem).startswith(f"{file}:{line}: {happened}")]
    assert found, [str(problem) for problem in problems]
    assert found[0].do.startswith(do)


def test_all_problems_of_a_file_are_found_at_once(tmp_path: Path) -> None:
    broken = SAILING.replace("tails: [boat]", "tails: [boats]").replace("[Ada]", "[Adam]").replace("core: product", "core: thing")
    assert [problem.place.line for problem in load_file(write(tmp_path, broken), [tmp_path]).problems] == [11, 18, 28, 30, 30]


@given(st.data())
def test_whatever_is_typed_into_a_file_becomes_a_template_or_problems_with_lines(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(SAILING)))
    typed = data.draw(
        st.sampled_from(["", "*", "- ", "[", "]", "{", ":", "\n", "  ", '"', "&a *a", "\t", "\x00", "\ud800", "~", "!!int 3", "#", "'"])
    )
    text = SAILING[:start] + typed + SAILING[start + data.draw(st.integers(0, 12)) :]
    file = tmp_path_factory.mktemp("typed") / "sailing.yaml"
    file.write_bytes(text.encode("utf-8", "surrogatepass"))
    loaded = load_file(file)
    assert all(problem.place.file == str(file) for problem in loaded.problems)
    assert all(1 <= problem.place.line <= text.count("\n") + 2 for problem in loaded.problems)
    assert loaded.problems or loaded.template.name == "sailing"


def test_an_empty_file_and_one_that_is_not_utf8_are_problems_of_line_one(tmp_path: Path) -> None:
    file = write(tmp_path, "")
    assert str(load_file(file).problems[0]) == f"{file}:1: here a mapping is expected"
    file.write_bytes(b"name: caf\xe9\n")
    assert str(load_file(file).problems[0]).startswith(f"{file}:1: this file is not UTF-8")


def test_nothing_behind_a_key_is_an_empty_list(tmp_path: Path) -> None:
    write(tmp_path, "name: sailing\nversion: 1\ndescription: Boats.\nextends: [news]\nentity_types:\nrelations:\nexamples:\n")
    assert composed(tmp_path, "sailing").entity_type("policy") is not None


def test_loading_all_raises_for_a_file_with_problems_and_says_how_to_see_them(tmp_path: Path) -> None:
    file = write(tmp_path, SAILING.replace("[Ada]", "[Adam]"))
    with pytest.raises(TemplateError) as raised:
        load_templates([tmp_path])
    assert raised.value.happened == f"{file}:28: 'Adam' stands nowhere in the example's text (and 1 more)"
    assert raised.value.do.endswith("see all: tadarag templates check sailing")
