"""What a policy wrote becomes a graph with places in its source; a graph that is written is read again."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tadarag.graph.question_graph import join_facts
from tadarag.graph.tuple_format import graph_tuples, read_tuples
from tadarag.testing.reward_worlds import END, GENERAL, WORLDS, World, entity, honest, honest_body, relation
from tadarag.testing.stated_facts import stating
from tadarag.training.rewards.emitted import EmittedGraph, write_graph
from tadarag.training.rewards.parsing import START, STOP, read_graph
from tadarag.training.rewards.question_graphs import emitted_of, join_source
from tadarag.values import Route

EN = WORLDS["en"]
pieces = st.sampled_from(
    [entity(EN.asked, "product"), entity(EN.bridge, "organization"), entity(EN.answer, "person"), entity(EN.answer, "organization")]
    + [entity("Oslo Light Fair", "event", 'said "so", (here)'.replace('"', '\\"')), entity("Somebody", "nonsense"), entity("", "person")]
    + [
        relation(head, name, tail, sentence)
        for head, tail in ((EN.asked, EN.bridge), (EN.bridge, EN.asked), (EN.bridge, EN.answer), (EN.asked, "Nobody"))
        for name in ("created_by", "founded_by", "made by", "zorbifies", "repairs")
        for sentence in (EN.sentences[0], "", "It was not so.")
    ]
)


def read(text: str, world: World = EN) -> EmittedGraph:
    return read_graph(text, world.source, GENERAL)


@settings(deadline=None, max_examples=60)
@given(st.lists(pieces, max_size=10))
def test_a_graph_that_is_written_is_read_again(parts: list[str]) -> None:
    graph = read("".join(parts) + END)
    again = read(write_graph(graph))
    assert (again.nodes, again.edges) == (graph.nodes, graph.edges)
    assert (again.n_broken, again.n_rejected, again.n_fallbacks, again.n_swapped) == (0, 0, 0, 0)


@settings(deadline=None, max_examples=60)
@given(st.text(st.sampled_from('()（）"“”,，;；\\ \nEntityRelation实体关系<|COMPLETE|>ab'), max_size=120))
def test_nothing_that_a_policy_writes_raises(text: str) -> None:
    graph = read(text)
    assert all(0 <= end < len(graph.nodes) for edge in graph.edges for end in (edge.head, edge.tail))


def test_the_places_of_names_and_evidence_quote_the_source(world: World) -> None:
    graph = read(honest(world), world)
    for node in graph.nodes:
        assert [span.of(world.source) for span in node.spans] == [node.name] * len(node.spans)
        assert len(node.spans) >= 1
    assert [edge.span.of(world.source) for edge in graph.edges if edge.span] == list(world.sentences)


def test_full_width_punctuation_chinese_kinds_and_labels_are_read() -> None:
    world = WORLDS["zh"]
    text = (
        "（“实体”，“燕鸥灯”，“产品”，“一盏灯”）；（“实体”，“燕鸥实验室”，“组织”，“”）；"
        f"（“关系”，“燕鸥灯”，“制造者”，“燕鸥实验室”，“{world.sentences[0]}”）<|COMPLETE|>"
    )
    graph = read(text, world)
    assert [(node.name, node.type) for node in graph.nodes] == [("燕鸥灯", "product"), ("燕鸥实验室", "organization")]
    assert [edge.relation for edge in graph.edges] == ["created_by"]
    assert graph.n_broken == 0


def test_what_stands_around_the_marker_tokens_is_no_part_of_the_graph() -> None:
    graph = read(f"Let me see. {START}\n{honest_body(EN)}{STOP} The answer is {EN.answer}. {entity('Oslo Light Fair', 'event')}")
    assert [node.name for node in graph.nodes] == [EN.asked, EN.bridge, EN.answer]
    assert graph.is_complete


def test_a_graph_without_any_end_mark_is_not_complete() -> None:
    assert not read(honest_body(EN)).is_complete


def test_an_edge_that_leads_the_wrong_way_is_turned_round() -> None:
    ends = entity(EN.asked, "product") + entity(EN.bridge, "organization")
    graph = read(ends + relation(EN.bridge, "created_by", EN.asked, EN.sentences[0]) + END)
    assert [(edge.head, edge.relation, edge.tail) for edge in graph.edges] == [(0, "created_by", 1)]
    assert (graph.n_swapped, graph.n_fallbacks, graph.n_rejected) == (1, 0, 0)


def test_an_edge_that_joins_what_it_may_not_says_only_that_the_two_are_related() -> None:
    ends = entity(EN.asked, "product") + entity(EN.bridge, "organization")
    graph = read(ends + relation(EN.asked, "born_on", EN.bridge, EN.sentences[0]) + END)
    assert [edge.relation for edge in graph.edges] == ["related_to"]
    assert (graph.n_fallbacks, graph.n_rejected) == (1, 0)


@pytest.mark.parametrize(
    ("head", "name", "kind"),
    [
        (EN.asked, "created_by", "nonsense"),  # a type that the template does not have: nothing may join it
        (EN.asked, "zorbifies", "organization"),  # a relation that neither template nor evidence knows
        ("Nobody", "created_by", "organization"),  # an end that is no node
        (EN.bridge, "created_by", "organization"),  # a thing with itself
    ],
)
def test_an_edge_of_which_nothing_can_be_made_is_rejected_and_counted(head: str, name: str, kind: str) -> None:
    ends = entity(EN.asked, "product") + entity(EN.bridge, kind)
    graph = read(ends + relation(head, name, EN.bridge, EN.sentences[0]) + END)
    assert (graph.edges, graph.n_rejected) == ((), 1)


def test_a_relation_in_the_words_of_the_evidence_is_kept() -> None:
    graph = read(honest_body(EN, made_by="was made by") + END)
    assert graph.edges[0].relation == "was_made_by"
    assert graph.n_rejected == 0


def test_evidence_that_stands_nowhere_has_no_place() -> None:
    ends = entity(EN.asked, "product") + entity(EN.bridge, "organization")
    assert read(ends + relation(EN.asked, "created_by", EN.bridge, "Everybody knows it.") + END).edges[0].span is None


def test_evidence_that_stands_twice_is_placed_beside_a_mention_of_an_end() -> None:
    source = "It was made there. Otter was made there by Halvrin Works."
    text = (
        entity("Otter", "product") + entity("Halvrin Works", "organization") + relation("Otter", "created_by", "Halvrin Works", "{}") + END
    )
    graph = read_graph(text.replace("{}", "was made there"), source, GENERAL)
    assert graph.edges[0].span is not None
    graph = read_graph(text.replace("{}", "Otter was made there"), source, GENERAL)
    assert graph.edges[0].span is not None
    assert graph.edges[0].span.start == source.index("Otter")


def test_our_own_question_graph_has_its_places_in_the_joined_source() -> None:
    one, first = stating("a", ("Otter", "created_by", "Halvrin"), kinds={"Otter": "product"})
    two, second = stating("b", ("Halvrin", "founded_by", "Mara Quist"), kinds={"Mara Quist": "person"})
    hits = [one, two]
    graph = join_facts(
        "Who founded the maker of Otter?",
        Route(language="en", task="bridge"),
        hits,
        {one.passage.source: first, two.passage.source: second},
        GENERAL,
    )
    source = join_source(hits)
    emitted = emitted_of(graph, hits)
    assert source.text == "\n\n".join(hit.passage.text for hit in hits)
    assert all(span.of(source.text) == node.name for node in emitted.nodes for span in node.spans)
    assert {edge.evidence for edge in emitted.edges} == {"Otter created by Halvrin.", "Halvrin founded by Mara Quist."}
    tuples = graph_tuples(graph, hits)
    written = read_tuples(write_graph(emitted), GENERAL)
    assert (written.entities, written.relations) == (tuples.entities, tuples.relations)
    again = read_graph(write_graph(emitted), source.text, GENERAL)
    assert [(node.name, node.spans) for node in again.nodes] == [(node.name, node.spans) for node in emitted.nodes]
    assert [(edge.head, edge.relation, edge.tail, edge.span) for edge in again.edges] == [
        (edge.head, edge.relation, edge.tail, edge.span) for edge in emitted.edges
    ]


def test_the_evidence_of_a_long_sentence_keeps_both_ends_of_the_fact() -> None:
    hit, extraction = stating("a", ("Otter", "created_by" + "_very_slowly" * 30, "Halvrin"), kinds={"Otter": "product"})
    graph = join_facts("Who made Otter?", Route(language="en"), [hit], {hit.passage.source: extraction}, GENERAL)
    long = emitted_of(graph, [hit]).edges[0]
    assert long.evidence == hit.passage.sentence_text(0)[:-1]  # the ends are as far apart as that
