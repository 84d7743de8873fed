"""What is read around a name is there as it is in the view over all documents."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tadarag.errors import UsageError
from tadarag.graph.cannot_link import cannot_link
from tadarag.graph.paths import shortest_paths
from tadarag.graph.stored_documents import StoredDocuments
from tadarag.graph.vicinity import view_around, view_between
from tadarag.graph.view import CorpusView, corpus_view
from tadarag.graph_json import alias_json, entity_json, path_json
from tadarag.store.protocol import Change
from tadarag.testing.marked_records import marked_record, with_vectors
from tadarag.testing.memory_store import MemoryStore
from tadarag.testing.records import SETTINGS
from tadarag.values import Record

SENTENCES = [
    "[Ann Lee|person] met [Bo Orr|person] in [Quillen Bay|location].",
    "[Ann Lee|person] was born in [Port Hesk|location].",
    "[Ann Lee|person] was born in [Velmouth Town|location].",
    "[Lee|person] met [Cy Ash|person] at the [Tide House|organization].",
    "[Dora Lee|person] left [Port Hesk|location] with [Cy Ash|person].",
    "The [Halvrin Group|organization], formerly [Tarn Engines|organization], grew.",
    "The [Halvrin Group|organization] ([HG|organization]) hired [Bo Orr|person].",
    "[Tarn Engines|organization], formerly [Mill Works|organization], made [Velmouth Town|location] known.",
    "[Tarn Engines|organization], formerly [Ysk Works|organization], closed.",
    "[Aldmere (village)|name] and [Aldmere|location] are near [Quillen Bay|location].",
    "[奎伦湾航运公司|organization]（英语：[Halvrin Group|organization]）成立于[奎伦湾|location]。",
    "[Port Hesk|location] lies on the [Sele River|location].",
]
FACTS = [("Ann Lee", "born_in", "Port Hesk"), ("Ann Lee", "born_in", "Velmouth Town"), ("Halvrin Group", "hires", "Bo Orr")]
NAMES = [
    "Ann Lee",
    "Lee",
    "Bo Orr",
    "Halvrin Group",
    "Tarn Engines",
    "Mill Works",
    "奎伦湾航运公司",
    "Port Hesk",
    "Cy Ash",
    "Sele River",
    "HG",
]
CORPORA = st.lists(st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=3, unique=True), min_size=1, max_size=7)
LINKS = st.sampled_from([(), (cannot_link("Halvrin Group", "Tarn Engines"),)])


def records_of(corpus: list[list[str]]) -> list[Record]:
    records = []
    for number, sentences in enumerate(corpus):
        text = " ".join(sentences)
        stated = [fact for fact in FACTS if any(f"[{fact[0]}|" in one and f"[{fact[2]}|" in one for one in sentences)]
        title = "Lee" if "[Lee|" in text and number % 2 else ""
        records.append(with_vectors(marked_record(str(number), *sentences, title=title, date=f"20{number:02}", facts=stated)))
    return records


def stored(records: list[Record]) -> StoredDocuments:
    store = MemoryStore(SETTINGS)
    store.apply(Change(put=tuple(records)))
    store.catch_up()
    return StoredDocuments(store.snapshot())


def shown(view: CorpusView, name: str, depth: int) -> list[object]:
    things = view.called(name)
    return [entity_json(view, one, depth=depth, as_of="") if depth else alias_json(view, one) for one in things]


def chains(view: CorpusView, one: str, other: str, max_hops: int) -> object:
    ends = view.find(one), view.find(other)
    return [path_json(chain) for chain in shortest_paths(view, *ends, max_hops=max_hops)]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(CORPORA, st.sampled_from(NAMES), st.integers(0, 3), LINKS)
def test_a_thing_is_shown_as_in_the_whole_graph(corpus: list[list[str]], name: str, depth: int, links: tuple) -> None:
    records = records_of(corpus)
    part = view_around(stored(records), links, [name], depth=depth)
    assert shown(part, name, depth) == shown(corpus_view(records, links), name, depth)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(CORPORA, st.sampled_from(NAMES), st.sampled_from(NAMES), st.integers(1, 5), LINKS)
def test_the_shortest_chains_are_those_of_the_whole_graph(corpus: list[list[str]], one: str, other: str, hops: int, links: tuple) -> None:
    records = records_of(corpus)
    try:
        expected = chains(corpus_view(records, links), one, other, hops)
    except UsageError:
        with pytest.raises(UsageError):
            view_between(stored(records), links, [(one, None), (other, None)], max_hops=hops)
        return
    part = view_between(stored(records), links, [(one, None), (other, None)], max_hops=hops)
    assert chains(part, one, other, hops) == expected
