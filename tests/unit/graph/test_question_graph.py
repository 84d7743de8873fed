"""The question graph: what the selected passages say, pruned to a budget."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tadarag.graph.question_graph import join_facts
from tadarag.values import Entity, Extraction, Mention, Passage, Relation, SourceName, Span


def passage(path: str, text: str, *names: str, facts: tuple[tuple[int, str, int], ...] = ()) -> tuple[Passage, Extraction]:
    mentions = tuple(
        Mention(span=Span(text.index(name), text.index(name) + len(name)), text=name, kind="organization", chunk=0, sentence=0)
        for name in names
    )
    whole = Span(0, len(text))
    extraction = Extraction(
        mentions=mentions,
        entities=tuple(Entity(name=name, kind="organization", mentions=(index,)) for index, name in enumerate(names)),
        relations=tuple(Relation(head=head, predicate=predicate, tail=tail, evidence=whole) for head, predicate, tail in facts),
    )
    return Passage(source=SourceName(".", path), content=path, chunk=path, span=whole, text=text, sentences=(whole,)), extraction


def test_entities_of_two_passages_meet_in_their_common_name() -> None:
    first, one = passage("a", "Halvrin owns Otter.", "Halvrin", "Otter", facts=((0, "owns", 1),))
    second, two = passage("b", "Otter sells to Velmouth.", "Otter", "Velmouth")
    graph = join_facts("Who owns what Velmouth buys?", [first, second], [one, two])
    assert sorted(name for name, _ in graph.nodes) == ["halvrin", "otter", "velmouth"]
    assert len(graph.nodes["otter", "organization"]["spans"]) == 2


def test_every_edge_names_its_source_and_the_sentence() -> None:
    first, one = passage("a", "Halvrin owns Otter.", "Halvrin", "Otter", facts=((0, "owns", 1),))
    edges = list(join_facts("Halvrin?", [first], [one]).edges(data=True))
    assert [edge["predicate"] for _, _, edge in edges] == ["owns", "together"]
    for _, _, edge in edges:
        assert (edge["source"], edge["content"], edge["span"]) == (SourceName(".", "a"), "a", Span(0, 19))


def test_mentions_outside_the_passage_do_not_count() -> None:
    first, one = passage("a", "Halvrin owns Otter.", "Halvrin", "Otter")
    part = Passage(source=first.source, content="a", chunk="a", span=Span(0, 8), text="Halvrin ", sentences=(Span(0, 8),))
    assert [name for name, _ in join_facts("Halvrin?", [part], [one]).nodes] == ["halvrin"]


def test_what_overlaps_with_the_question_survives_the_budget() -> None:
    pairs = [passage(str(number), f"Alpha{number} meets Beta{number}.", f"Alpha{number}", f"Beta{number}") for number in range(30)]
    graph = join_facts("Whom does Alpha27 meet?", [one for one, _ in pairs], [two for _, two in pairs])
    assert ("alpha27", "organization") in graph.nodes
    assert graph.number_of_nodes() <= 20
    assert graph.number_of_edges() <= 24


def test_nothing_selected_is_an_empty_graph() -> None:
    assert len(join_facts("Who?", [], [])) == 0


def test_passages_and_extractions_must_pair() -> None:
    first, _ = passage("a", "Halvrin owns Otter.", "Halvrin", "Otter")
    with pytest.raises(ValueError):
        join_facts("Who?", [first], [])


@given(
    st.lists(st.lists(st.sampled_from(["Alpha", "Beta", "Gamma", "Delta", "Omega"]), unique=True, max_size=5), max_size=5),
    st.integers(0, 6),
    st.integers(0, 6),
)
def test_the_budget_is_kept(names: list[list[str]], max_nodes: int, max_edges: int) -> None:
    pairs = [passage(str(number), " ".join(one), *one) for number, one in enumerate(names)]
    graph = join_facts("Alpha or Omega?", [one for one, _ in pairs], [two for _, two in pairs], max_nodes=max_nodes, max_edges=max_edges)
    assert graph.number_of_nodes() <= max_nodes
    assert graph.number_of_edges() <= max_edges
