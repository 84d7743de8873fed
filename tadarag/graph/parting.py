"""Which cannot-link a person means who says that two things are not one."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tadarag.errors import Refused, UsageError
from tadarag.graph.cannot_link import CannotLink, cannot_link, cannot_link_in, to_decision
from tadarag.graph.resolve import folded_name
from tadarag.graph.view import CorpusView
from tadarag.store.protocol import Decision
from tadarag.values import SourceName


def parting(
    view: Callable[[], CorpusView], decisions: Sequence[Decision], name: str, other: str | SourceName, *, undo: bool = False
) -> Decision:
    """The decision to part a name from another name, or from its bearer in a source; with `undo` the withdrawal of that decision.

    view: made only where it is needed. decisions: those in force. Raises UsageError for what is not there to be parted or withdrawn.
    """
    if undo:
        link = cannot_link_in(name, other) if isinstance(other, SourceName) else cannot_link(name, other)
        if to_decision(link) not in decisions:
            raise UsageError(f"no decision parts {name!r} from {str(other)!r}", "see the decisions in force: tadarag graph aliases")
        return to_decision(link, is_withdrawn=True)
    if isinstance(other, SourceName):
        return to_decision(parting_bearer(view(), name, other))
    return to_decision(parting_names(view(), name, other))


def parting_names(view: CorpusView, name: str, other: str) -> CannotLink:
    """The link between two names of one thing.

    Raises UsageError when no thing has both names, Refused when one document makes them one inside: its clusters are its own.
    """
    if folded_name(name) == folded_name(other):
        raise UsageError(f"{name!r} and {other!r} are one name", "to part bearers of one name: tadarag graph unmerge NAME --in SOURCE")
    _known(view, name)
    _known(view, other)
    shared = [thing for thing in view.called(name) if thing in view.called(other)]
    if not shared:
        raise UsageError(f"{name!r} and {other!r} are not one thing in this base", "see what is: tadarag graph aliases")
    folded = {folded_name(name), folded_name(other)}
    for thing in shared:
        for node in thing.nodes:
            if folded <= {one for one, _ in view.entities[node].names}:
                raise Refused(
                    f"{node[0]} itself uses {name!r} and {other!r} for one thing",
                    "only what is joined across documents can be parted; to see the sentences: tadarag graph aliases NAME",
                )
    return cannot_link(name, other)


def parting_bearer(view: CorpusView, name: str, source: SourceName) -> CannotLink:
    """The link between a name and its bearer in one source. Raises UsageError when the bearer there is not joined with another document's."""
    _known(view, name)
    bearers = [thing for thing in view.called(name) if source in thing.sources]
    if not bearers:
        raise UsageError(f"{source} does not name {name!r}", f"see who does: tadarag graph show {name!r}")
    if all(len(thing.sources) == 1 for thing in bearers):
        raise UsageError(f"{name!r} in {source} is joined with no other document", "see what is joined: tadarag graph aliases")
    return cannot_link_in(name, source)


def _known(view: CorpusView, name: str) -> None:
    if not view.called(name):
        view.find(name)
