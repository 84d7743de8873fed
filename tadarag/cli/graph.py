"""The command group `graph`: the names, facts and connections of all documents, and what a person decides about names."""

from __future__ import annotations

from typing import Annotated

import typer

from tadarag.cli.graph_text import (
    alias_document,
    alias_lines,
    entity_document,
    entity_lines,
    path_document,
    path_lines,
    thing_document,
)
from tadarag.cli.output import ExitCode, counted, one_line
from tadarag.cli.session import Session, finish, with_session, with_writing_session

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
) -> None:
    """List the names that are taken for one thing, with the sentences that say so.

    Without NAME: everything that has several names or stands in several documents, most documents first.
    """
    with session.open(read_only=True) as base:
        view = base.graph(name, depth=0) if name else base.graph()
    if name:
        chosen = list(view.called(name)) or [view.find(name)]
    else:
        chosen = [thing for thing in view.things if view.aliases_of(thing) or len(view.names(thing)) > 1]
        chosen = [thing for thing in chosen if not view.entities[thing.nodes[0]].is_value]
        chosen.sort(key=lambda thing: (-len(thing.sources), thing.number))
    shown = chosen[:limit]
    if len(shown) < len(chosen):
        session.output.note(f"{len(chosen) - len(shown)} more are not shown; to see them: --limit {len(chosen)}")
    if not shown:
        session.output.note("no two names are taken for one thing")
    document = {
        "things": [alias_document(view, thing) for thing in shown],
        "n_things": len(chosen),
        "parted": [[one_line(name) for name in pair] for pair in view.parted()],
    }
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
        view = base.graph(name, depth=depth)
        wanted = base.record(source).source if source else None
    thing = view.find(name, kind=kind, source=wanted)
    document = entity_document(view, thing, depth=depth, as_of=as_of)
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
    from tadarag.graph.paths import shortest_paths

    with session.open(read_only=True) as base:
        view = base.graph_between((one, from_source or None), (other, to_source or None), max_hops=max_hops)
        sources = [base.record(source).source if source else None for source in (from_source, to_source)]
    ends = view.find(one, source=sources[0]), view.find(other, source=sources[1])
    found = shortest_paths(view, *ends, max_hops=max_hops, limit=limit)
    document = {"from": thing_document(ends[0]), "to": thing_document(ends[1]), "paths": [path_document(chain) for chain in found]}
    if ends[0] == ends[1]:
        nothing = f"{one!r} and {other!r} are names of one thing: {view.described(ends[0])}"
    else:
        nothing = f"no chain of up to {counted(max_hops, 'step')} joins {view.described(ends[0])} and {view.described(ends[1])}"
    session.output.result(document, path_lines(found) if found else [one_line(nothing)])
    finish(ExitCode.DONE if found or ends[0] == ends[1] else ExitCode.FAILED)


app.command("aliases")(aliases)
app.command("unmerge")(unmerge)
app.command("show")(show)
app.command("path")(path)
