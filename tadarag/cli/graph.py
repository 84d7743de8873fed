"""The command group `graph`: the names, facts and connections of all documents, and what a person decides about names."""

from __future__ import annotations

from typing import Annotated

import typer

from tadarag.cli.graph_exchange import pull, push
from tadarag.cli.graph_text import alias_lines, entity_lines, path_lines
from tadarag.cli.output import ExitCode, counted, one_line
from tadarag.cli.session import Session, finish, with_session, with_writing_session
from tadarag.graph_json import aliases_json, entity_json, paths_json

app = typer.Typer(add_completion=False, rich_markup_mode=None)

NameArgument = Annotated[str, typer.Argument(metavar="NAME", help="A name as documents write it.")]
TypeOption = Annotated[str, typer.Option("--type", metavar="TYPE", help="Which bearer of the name: of this type.")]
InOption = Annotated[str, typer.Option("--in", metavar="SOURCE", help="Which bearer of the name: the one in this document.")]


@app.callback(no_args_is_help=True)
def graph() -> None:
    """Show how the names of all documents hang together.

    Names meet across documents only where the texts say so; every name, fact and step is shown with its sentence.
    """


@with_session
def aliases(
    session: Session,
    name: Annotated[str, typer.Argument(metavar="[NAME]", help="Only what some document calls so.")] = "",
    limit: Annotated[int, typer.Option("--limit", metavar="N", min=1, help="Most things to list.")] = 50,
    kind: Annotated[list[str] | None, typer.Option("--type", metavar="TYPE", help="Only things of this type (repeatable).")] = None,
) -> None:
    """List the names that are taken for one thing, with the sentences that say so.

    Without NAME: everything that has several names or stands in several documents, most documents first.
    """
    with session.open(read_only=True) as base:
        view, chosen = base.aliases(name, types=kind or ())
    shown = chosen[:limit]
    if len(shown) < len(chosen):
        session.output.note(f"{len(chosen) - len(shown)} more are not shown; to see them: --limit {len(chosen)}")
    if not shown:
        session.output.note("no two names are taken for one thing")
    document = aliases_json(view, shown, n_things=len(chosen))
    session.output.result(document, alias_lines(view, shown, with_sentences=bool(name)))


@with_writing_session
def unmerge(
    session: Session,
    name: NameArgument,
    other: Annotated[str, typer.Argument(metavar="[OTHER]", help="Another name of the same thing.")] = "",
    source: Annotated[str, typer.Option("--in", metavar="SOURCE", help="Instead of OTHER: the bearer of NAME in this document.")] = "",
    undo: Annotated[bool, typer.Option("--undo", help="Withdraw this decision.")] = False,
) -> None:
    """Decide that two names, or two bearers of one name, are not one thing.

    The decision is kept through `reindex`, `export`, `import` and `backup`. No document is changed.
    """
    with session.open() as base:
        base.unmerge(name, other, source=source, undo=undo)
    what = f"{name!r} and {other!r}" if other else f"{name!r} in {source} and elsewhere"
    session.output.result({"name": name, "other": other, "source": source, "undone": undo}, [_said(what, undo=undo)])


def _said(what: str, *, undo: bool) -> str:
    return one_line(f"{what} are {'joined again where documents say so' if undo else 'kept apart'}")


@with_session
def show(
    session: Session,
    name: NameArgument,
    depth: Annotated[int, typer.Option("--depth", metavar="N", min=1, max=4, help="Also what is so many facts away.")] = 1,
    kind: TypeOption = "",
    source: InOption = "",
    as_of: Annotated[str, typer.Option("--as-of", metavar="DATE", help="Only facts that hold then by dates that documents state.")] = "",
) -> None:
    """Show a thing: its types, names and facts, each with document, sentence and date.

    Facts that contradict each other stand side by side. A name that several things bear is refused with the candidates.
    """
    from tadarag.graph.facts import check_date

    check_date(as_of)
    with session.open(read_only=True) as base:
        view, thing = base.thing(name, kind=kind, source=source, depth=depth)
    document = entity_json(view, thing, depth=depth, as_of=as_of)
    session.output.result(document, entity_lines(view, thing, depth=depth, as_of=as_of))


@with_session
def path(
    session: Session,
    one: Annotated[str, typer.Argument(metavar="A", help="A name.")],
    other: Annotated[str, typer.Argument(metavar="B", help="Another name.")],
    from_source: Annotated[str, typer.Option("--from", metavar="SOURCE", help="Which bearer of A: the one in this document.")] = "",
    to_source: Annotated[str, typer.Option("--to", metavar="SOURCE", help="Which bearer of B: the one in this document.")] = "",
    max_hops: Annotated[int, typer.Option("--max-hops", metavar="N", min=1, max=8, help="Longest chain to look for.")] = 4,
    limit: Annotated[int, typer.Option("--limit", metavar="N", min=1, help="Most chains to show.")] = 3,
) -> None:
    """Show the shortest chains of facts and shared sentences between two names.

    Exit status 1 when there is none.
    """
    with session.open(read_only=True) as base:
        found = base.chains((one, from_source or None), (other, to_source or None), max_hops=max_hops, limit=limit)
    document = paths_json(found.one, found.other, found.paths)
    if found.one == found.other:
        nothing = f"{one!r} and {other!r} are names of one thing: {found.view.described(found.one)}"
    else:
        nothing = (
            f"no chain of up to {counted(max_hops, 'step')} joins {found.view.described(found.one)} and {found.view.described(found.other)}"
        )
    session.output.result(document, path_lines(found.paths) if found.paths else [one_line(nothing)])
    finish(ExitCode.DONE if found.paths or found.one == found.other else ExitCode.FAILED)


app.command("aliases")(aliases)
app.command("unmerge")(unmerge)
app.command("show")(show)
app.command("path")(path)
app.command("push")(push)
app.command("pull")(pull)
