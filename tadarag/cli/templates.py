"""The command group `templates`: what domains there are, and how a person adds one."""

from __future__ import annotations

import re
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from tadarag.cli.output import ExitCode, table
from tadarag.cli.session import Session, finish, with_session
from tadarag.cli.template_text import (
    counts_line,
    listing_document,
    listing_row,
    problem_document,
    problem_lines,
    template_document,
    template_lines,
)
from tadarag.errors import Refused, UsageError

app = typer.Typer(add_completion=False, rich_markup_mode=None)

_NAME = re.compile(r"[^\W\d]\w*")
NameArgument = Annotated[str, typer.Argument(metavar="NAME", help="A template as `tadarag templates list` shows it.")]


@app.callback(no_args_is_help=True)
def templates() -> None:
    """Show, check and write domain templates.

    A template says what the texts of a domain speak of. Your own stand in `.tadarag/templates` and are found before the shipped ones.
    """


@with_session
def list_templates(session: Session) -> None:
    """List the templates: version, number of types, relations and examples, where from.

    A template that does not pass its checks is listed with its first problem.
    """
    from tadarag.templates.library import load_file, template_files

    folders = [session.base]
    loaded = [(found, load_file(found.file, folders)) for found in template_files(folders)]
    rows = [("name", "version", "types", "relations", "examples", "from", "about"), *(listing_row(*pair) for pair in loaded)]
    session.output.result({"templates": [listing_document(*pair) for pair in loaded]}, table(rows))


@with_session
def show(session: Session, name: NameArgument) -> None:
    """Show a template with everything it has from those it extends."""
    from tadarag.templates.library import find_template, load_file, raise_problems

    found = find_template(name, [session.base])
    loaded = load_file(found.file, [session.base])
    raise_problems(loaded.problems)
    session.output.result({"template": template_document(found, loaded)}, template_lines(found, loaded))


@with_session
def check(
    session: Session, template: Annotated[str, typer.Argument(metavar="FILE|NAME", help="A YAML file, or the name of a template.")]
) -> None:
    """Check a template and its examples; name every problem with its file and line.

    Exit status 1 when there is one.
    """
    from tadarag.templates.library import check_file, find_template

    file = Path(template)
    if not (file.suffix == ".yaml" or file.is_file()):
        file = find_template(template, [session.base]).file
    elif not file.is_file():
        raise UsageError(f"there is no file {template}", "name a file, or a template as `tadarag templates list` shows it")
    loaded = check_file(file, [session.base])
    document = {
        "name": loaded.template.name,
        "file": str(file),
        "fingerprint": loaded.template.fingerprint,
        "problems": [problem_document(problem) for problem in loaded.problems],
    }
    session.output.result(document, problem_lines(loaded.problems) if loaded.problems else [counts_line(loaded.template)])
    finish(ExitCode.FAILED if loaded.problems else ExitCode.DONE)


@with_session
def new(
    session: Session,
    name: Annotated[str, typer.Argument(metavar="NAME", help="The name of the new domain: letters, digits and _.")],
    parent: Annotated[str, typer.Option("--from", metavar="DOMAIN", help="The template that it builds on.")] = "general_knowledge",
) -> None:
    """Write the skeleton of a template into `.tadarag/templates`, with comments that say what to fill in.

    Never overwrites a file.
    """
    from tadarag.templates.library import FOLDER, core_type_names, load_template
    from tadarag.templates.skeleton import skeleton

    if not _NAME.fullmatch(name):
        raise UsageError(f"{name!r} is no name of a template", "use letters, digits and _, a letter first")
    file = session.base / FOLDER / f"{name}.yaml"
    text = skeleton(name, load_template(parent, [session.base]), core_types=core_type_names())
    if file.exists():
        raise Refused(f"{file} is there already", f"edit it, or choose another name; to see it: tadarag templates show {name}")
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    session.output.result(
        {"name": name, "file": str(file), "extends": [parent]},
        [f"wrote {file}", f"fill it in, then: tadarag templates check {name}"],
    )


@with_session
def suggest(
    session: Session,
    name: Annotated[str, typer.Option("--name", metavar="NAME", help="The name that the draft gives itself.")] = "my_domain",
    min_count: Annotated[int, typer.Option("--min-count", metavar="N", min=1, help="Leave out what is seen less often.")] = 3,
    limit: Annotated[int, typer.Option("--limit", metavar="N", min=1, help="Most types of its own, and most relations.")] = 12,
) -> None:
    """Draft a template from what the documents of the base hold, as YAML with counts and sentences.

    A suggestion for a person to edit, made by counting: frequent kinds of names, nouns, definitions ("X is a Y", X是一种Y), and words that
    stand between names.
    """
    from tadarag.extraction.suggestion import suggest as suggest_template
    from tadarag.extraction.suggestion_yaml import suggestion_yaml
    from tadarag.templates.library import CORE, load_template

    if not _NAME.fullmatch(name):
        raise UsageError(f"{name!r} is no name of a template", "use letters, digits and _, a letter first")
    with session.open(read_only=True) as base:
        suggestion = suggest_template(base.records(), load_template(CORE), min_count=min_count, limit=limit)
    draft = suggestion_yaml(suggestion, name)
    session.output.note(
        f"a draft from {suggestion.n_documents} documents; save it as {name}.yaml in {session.base / 'templates'} and edit it"
    )
    session.output.result({"suggestion": asdict(suggestion), "yaml": draft}, draft.splitlines())


app.command("list")(list_templates)
app.command("show")(show)
app.command("check")(check)
app.command("new")(new)
app.command("suggest")(suggest)
