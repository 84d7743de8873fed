"""What a push finds to do, from what a server has."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tadarag.integrations.neo4j_push import Plan, StoredLink, difference
from tadarag.integrations.neo4j_rows import THING, GraphRows, LinkRow, NodeRow

KEYS = st.sampled_from("abcd")
STATES = st.tuples(
    st.dictionaries(KEYS, st.sampled_from(["one", "other"])),
    st.sets(st.tuples(KEYS, KEYS, st.sampled_from(["first", "second"]))),
)
State = tuple[dict[str, str], set[tuple[str, str, str]]]


def rows_of(state: State) -> GraphRows:
    """A graph whose relationships join nodes that it has."""
    names, pairs = state
    nodes = {key: NodeRow(key, THING, {"name": name}) for key, name in sorted(names.items())}
    links = [LinkRow("/".join(pair), "FACT", pair[0], pair[1], {"way": pair[2]}) for pair in sorted(pairs) if {*pair[:2]} <= set(nodes)]
    return GraphRows(nodes=nodes, links={link.key: link for link in links})


def stored(rows: GraphRows) -> tuple[dict[str, str], list[StoredLink]]:
    return {key: row.digest for key, row in rows.nodes.items()}, [StoredLink(row.key, row.head, row.tail) for row in rows.links.values()]


def applied(plan: Plan, nodes: dict[str, str], links: list[StoredLink]) -> tuple[dict[str, str], list[StoredLink]]:
    """What a server has after a plan, by what its statements do there."""
    links = [link for link in links if link not in plan.links_to_delete and not {link.head, link.tail} & set(plan.nodes_to_delete)]
    nodes = {key: digest for key, digest in nodes.items() if key not in plan.nodes_to_delete}
    for row in (*plan.nodes_to_change, *plan.nodes_to_create):
        nodes[row.key] = row.digest
    return nodes, [*links, *(StoredLink(row.key, row.head, row.tail) for row in plan.links_to_create)]


def in_order(links: list[StoredLink]) -> list[StoredLink]:
    return sorted(links, key=lambda link: (link.key, link.head, link.tail))


@given(STATES, STATES, st.booleans())
def test_a_plan_makes_any_graph_the_wanted_one(before: State, wanted: State, has_duplicates: bool) -> None:
    rows = rows_of(wanted)
    nodes, links = stored(rows_of(before))
    there, joined = applied(difference(rows, nodes, links * (1 + has_duplicates)), nodes, links * (1 + has_duplicates))
    assert there == stored(rows)[0]
    assert in_order(joined) == in_order(stored(rows)[1])


@given(STATES)
def test_nothing_is_to_be_done_where_nothing_differs(state: State) -> None:
    rows = rows_of(state)
    plan = difference(rows, *stored(rows))
    assert plan == Plan(n_unchanged=len(rows.nodes) + len(rows.links))
    assert plan.n_rows == 0


def test_a_property_that_differs_changes_its_node_alone() -> None:
    before, wanted = (
        rows_of(({"a": "one", "b": "one"}, {("a", "b", "first")})),
        rows_of(({"a": "other", "b": "one"}, {("a", "b", "first")})),
    )
    plan = difference(wanted, *stored(before))
    assert (plan.n_rows, plan.nodes_to_change) == (1, (wanted.nodes["a"],))
