"""The corpus graph and its decisions after any history equal those of a base made anew from what is left."""

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tadarag.errors import Refused, UsageError
from tadarag.graph.view import CorpusView
from tadarag.knowledge_base import KnowledgeBase
from tadarag.testing.hashing_encoder import HashingEncoder
from tadarag.values import Document, SourceName

NAMES = ["Petra Solvane", "Ilse Tamber", "Halvrin Group", "Tarnwick Engines"]
SENTENCES = [
    "Petra Solvane met Ilse Tamber in Quillen Bay.",
    "The Halvrin Group, formerly known as Tarnwick Engines, grew.",
    "Tarnwick Engines built a mill. Petra Solvane was born in 1950.",
    "Petra Solvane was born in 1970. She leads the Halvrin Group.",
    "奎伦湾航运公司（英语：Halvrin Group）总部设在奎伦湾。",
]
PLACES = "abc"
STEPS = st.one_of(
    st.tuples(st.just("put"), st.sampled_from(PLACES), st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=3)),
    st.tuples(st.just("delete"), st.sampled_from(PLACES), st.none()),
    st.tuples(st.just("unmerge"), st.sampled_from(NAMES), st.sampled_from([*NAMES, *PLACES])),
    st.tuples(st.just("undo"), st.sampled_from(NAMES), st.sampled_from([*NAMES, *PLACES])),
    st.tuples(st.just("reindex"), st.none(), st.none()),
)


def opened(place: str | Path) -> KnowledgeBase:
    return KnowledgeBase.open(place, encoder=HashingEncoder(), workers=1)


def document(sentences: list[str]) -> Document:
    return Document(text="\n\n".join(sentences) + "\n", language="en")


def shape(view: CorpusView) -> object:
    return view.things, view.aliases, view.facts, view.second_names, view.sentences, view.parted()


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(STEPS, min_size=2, max_size=10))
def test_any_history_gives_the_graph_and_the_truth_of_a_base_made_anew(history: list) -> None:
    present: dict[str, list[str]] = {}
    with TemporaryDirectory() as place, opened(Path(place) / "living") as living, opened(Path(place) / "fresh") as fresh:
        for action, what, how in history:
            if action == "put":
                present[what] = how
                living.ingest_documents([(SourceName(".", what), document(how))])
            elif action == "delete" and present.pop(what, None):
                living.delete(SourceName(".", what))
            elif action in ("unmerge", "undo"):
                try:
                    if how in PLACES:
                        living.unmerge(what, source=SourceName(".", how), undo=action == "undo")
                    else:
                        living.unmerge(what, how, undo=action == "undo")
                except (UsageError, Refused):  # there is nothing to part or to undo in this base, which then stays as it is
                    continue
            elif action == "reindex":
                living.reindex()
        living.export(Path(place) / "all.jsonl")
        fresh.import_(Path(place) / "all.jsonl")
        assert shape(living.graph()) == shape(fresh.graph())
        assert living.digests().truth == fresh.digests().truth
        assert [str(info.source) for info in fresh.list()] == sorted(present)


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=3), min_size=1, max_size=4), st.data())
def test_a_decision_that_is_undone_leaves_the_digests_of_one_that_was_never_made(bodies: list, data: st.DataObject) -> None:
    with TemporaryDirectory() as place, opened(place) as base:
        base.ingest_documents((SourceName(".", str(number)), document(body)) for number, body in enumerate(bodies))
        before, seen = base.digests(), shape(base.graph())
        name, other = data.draw(st.permutations(NAMES))[:2]
        try:
            base.unmerge(name, other)
        except (UsageError, Refused):
            return
        assert not set(base.graph().called(name)) & set(base.graph().called(other))
        base.unmerge(other, name, undo=True)
        assert (base.digests(), shape(base.graph())) == (before, seen)
