"""A template as lines for a person and as a document for programs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING

from tadarag.cli.output import one_line, table

if TYPE_CHECKING:
    from tadarag.templates.draft import Problem
    from tadarag.templates.library import Loaded, TemplateFile
    from tadarag.templates.template import Example, Template, Words


def listing_row(found: TemplateFile, loaded: Loaded) -> tuple[str, ...]:
    """Name, version, counts, where it is from, and what is wrong or what it is about."""
    template, problems = loaded.template, loaded.problems
    told = f"broken: {problems[0]}" if problems else ("(base) " if loaded.is_base else "") + template.description
    types, relations, examples = (str(len(values)) for values in (template.entity_types, template.relations, template.examples))
    return (found.name, str(template.version), types, relations, examples, _origin(found), told)


def listing_document(found: TemplateFile, loaded: Loaded) -> dict[str, object]:
    """The same for programs."""
    template = loaded.template
    return {
        "name": found.name,
        "version": template.version,
        "description": template.description,
        "is_base": loaded.is_base,
        "extends": list(loaded.extends),
        "from": _origin(found),
        "file": str(found.file),
        "n_entity_types": len(template.entity_types),
        "n_relations": len(template.relations),
        "n_question_facets": len(template.question_facets),
        "n_examples": len(template.examples),
        "fingerprint": template.fingerprint,
        "problems": [problem_document(problem) for problem in loaded.problems],
    }


def template_document(found: TemplateFile, loaded: Loaded) -> dict[str, object]:
    """The whole composed template for programs."""
    content = asdict(loaded.template)
    for entry in (*content["entity_types"], *content["relations"]):
        entry["names"] = _by_language(entry["names"])
    for facet in content["question_facets"]:
        facet["cues"] = _by_language(facet["cues"])
    content["cues"] = _by_language(content["cues"])
    content["examples"] = [_example_document(example) for example in loaded.template.examples]
    return {**listing_document(found, loaded), **content}


def template_lines(found: TemplateFile, loaded: Loaded) -> Iterator[str]:
    """The whole composed template as tables."""
    template = loaded.template
    yield from table(
        [
            ("name", template.name),
            ("version", str(template.version)),
            ("about", template.description),
            ("extends", ", ".join(loaded.extends) or "-"),
            ("from", f"{_origin(found)}, {found.file}"),
            ("fingerprint", template.fingerprint),
            ("cues", ", ".join(f"{len(words)} {language}" for language, words in template.cues) or "-"),
        ]
    )
    yield "\nentity types"
    yield from table(
        [("type", "linked as", "names", "definition")]
        + [(one.name, one.core, _names(one.names), one.definition) for one in template.entity_types],
    )
    yield "\nrelations"
    all_types = tuple(one.name for one in template.entity_types)
    yield from table(
        [("relation", "from", "to", "definition")]
        + [
            (
                one.name,
                _side(one.heads, all_types),
                _side(one.tails, all_types),
                one.definition + _marks(one.symmetric, one.same_type),
            )
            for one in template.relations
        ],
    )
    yield "\nwhat questions ask for"
    facets = template.question_facets
    yield from table(
        [("facet", "of", "told by", "asked with")]
        + [(one.name, _side(one.about, all_types), ", ".join(one.relations) or "-", _names(one.cues)) for one in facets],
    )
    yield "\ntasks"
    yield from table(
        [("task", "nodes", "edges", "tokens", "graph must hold")]
        + [(one.name, str(one.nodes), str(one.edges), str(one.tokens), one.must_hold) for one in template.tasks],
    )
    for example in template.examples:
        yield f"\nexample ({example.language}): {one_line(example.text)}"
        yield from _example_lines(example)


def problem_lines(problems: Iterable[Problem]) -> Iterator[str]:
    """Each problem with its file and line, and what to do."""
    for problem in problems:
        yield one_line(str(problem))
        yield f"  do:  {one_line(problem.do)}"


def problem_document(problem: Problem) -> dict[str, object]:
    """A problem for programs."""
    return {"file": problem.place.file, "line": problem.place.line, "happened": problem.happened, "do": problem.do}


def counts_line(template: Template) -> str:
    """What a checked template holds, in one line."""
    by_language = [f"{sum(one.language == language for one in template.examples)} {language}" for language in ("en", "zh")]
    return (
        f"{template.name} {template.version}: {len(template.entity_types)} types, {len(template.relations)} relations, "
        f"{len(template.question_facets)} question facets, examples {', '.join(by_language)}; fingerprint {template.fingerprint}"
    )


def _origin(found: TemplateFile) -> str:
    return "own" if found.is_own else "shipped"


def _by_language(words: Words) -> dict[str, list[str]]:
    return {language: list(found) for language, found in words}


def _names(words: Words) -> str:
    return " / ".join(", ".join(found) for _, found in words if found) or "-"


def _side(types: tuple[str, ...], all_types: tuple[str, ...]) -> str:
    return "*" if types == all_types else ", ".join(types)


def _marks(symmetric: bool, same_type: bool) -> str:
    marks = [mark for mark, holds in (("symmetric", symmetric), ("same type", same_type)) if holds]
    return f" ({', '.join(marks)})" if marks else ""


def _example_lines(example: Example) -> Iterator[str]:
    texts = [mention.span.of(example.text) for mention in example.mentions]
    yield "  " + one_line("; ".join(f"{text} ({mention.type})" for text, mention in zip(texts, example.mentions, strict=True)))
    for head, relation, tail in example.relations:
        yield f"  {one_line(texts[head])} {relation} {one_line(texts[tail])}"


def _example_document(example: Example) -> dict[str, object]:
    return {
        "language": example.language,
        "text": example.text,
        "mentions": [
            {"start": mention.span.start, "end": mention.span.end, "text": mention.span.of(example.text), "type": mention.type}
            for mention in example.mentions
        ],
        "relations": [list(triple) for triple in example.relations],
    }
