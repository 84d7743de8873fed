"""Three layers over the same passages: votes, scores, and what must not change where there is nothing to tell apart."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tadarag.retrieval.layers import RANK_WEIGHTS, around, expand_to_documents, fuse_votes, one_vector_for_both, scope_of
from tadarag.store.protocol import Change
from tadarag.values import Route, SourceName

CHAPTERS = ("Harbours", "Bakeries", "Orchards", "Windmills")
BODIES = (
    "Ships wait for the tide. Ropes hold them at the quay.",
    "Bread leaves the oven at dawn. Flour covers the floor.",
    "Apples ripen late in the hills. Ladders lean on old trees.",
    "Sails turn in the wind. Stones grind the corn slowly.",
)
BOOK = ("", "".join(f"# {title}\n\n{body}\n\n" for title, body in zip(CHAPTERS, BODIES, strict=True)))
NOTE = ("", "A short note about clocks and brass.")


def chapters_of(record):
    return [chunk.heading_path[-1] for chunk in record.chunks]


def snapshot_with(make_store, records_of, number, **changed):
    """The book and a note, with something of the book's chunk `number` replaced."""
    book, note = records_of({"book": BOOK, "note": NOTE})
    assert chapters_of(book) == list(CHAPTERS)
    chunks = [replace(chunk, **changed) if at == number else chunk for at, chunk in enumerate(book.chunks)]
    store = make_store()
    store.apply(Change(put=(replace(book, chunks=tuple(chunks)), note)))
    store.catch_up()
    return store.snapshot()


def found(evidence):
    return {hit.passage.heading_path[-1] if hit.passage.heading_path else "note": hit.score for hit in evidence.hits}


def test_votes_are_fused_as_the_specification_computes_them():
    rankings = {"outline": [2, 0], "core": [0, 3], "chunk": [0, 2, 1]}
    even = dict(fuse_votes(rankings, {"outline": 1.0, "core": 1.0, "chunk": 1.0}))
    assert even == pytest.approx({0: 0.048915917504, 2: 0.032522474881, 3: 0.016129032258, 1: 0.015873015873}, abs=1e-9)
    assert list(even) == [0, 2, 3, 1]
    of_global = dict(fuse_votes(rankings, RANK_WEIGHTS["global"]))
    assert of_global == pytest.approx({0: 0.056848228451, 2: 0.040851401375, 3: 0.016129032258, 1: 0.007936507937}, abs=1e-9)


def test_equal_votes_go_by_the_better_rank_and_then_by_the_smaller_number():
    even = {"outline": 1.0, "core": 1.0, "chunk": 1.0}
    assert [item for item, _ in fuse_votes({"outline": [7], "core": [5]}, even)] == [5, 7]
    assert [item for item, _ in fuse_votes({"outline": [1, 9], "core": [9, 1], "chunk": [4]}, even)] == [1, 9, 4]
    skewed = {"outline": 62 / 61, "core": 1.0, "chunk": 1.0}
    assert [item for item, _ in fuse_votes({"outline": [8, 3], "core": [6]}, skewed)][1:] == [6, 3]


def test_one_vector_for_two_kinds_of_question_fits_neither():
    assert one_vector_for_both(0.6, 0.5) == pytest.approx((0.894427191000, 0.894427191000, 0.894427191000), abs=1e-9)
    assert one_vector_for_both(0.6, 0.3) == pytest.approx((0.912140340079, 0.789352217376, 0.964763821238), abs=1e-9)


@given(rho=st.floats(-0.9, 0.99), share=st.floats(0.01, 0.99))
def test_with_a_vector_for_each_kind_no_cosine_is_lost(rho, share):
    _, of_global, of_local = one_vector_for_both(rho, share)
    assert of_global < 1
    assert of_local < 1


def test_a_query_that_only_matches_an_outline_line_returns_that_chunk(make_store, records_of, snapshot_of, ask):
    query = "Quorvex almandine"
    plain = found(ask(snapshot_of({"book": BOOK, "note": NOTE}), query, system="layers"))
    lined = found(ask(snapshot_with(make_store, records_of, 2, outline=query), query, system="layers"))
    assert next(iter(lined)) == "Orchards"
    assert lined["Orchards"] > plain["Orchards"]
    assert {name: score for name, score in lined.items() if name != "Orchards"} == {
        name: score for name, score in plain.items() if name != "Orchards"
    }


def test_a_query_that_only_matches_a_core_statement_returns_that_chunk(make_store, records_of, snapshot_of, ask):
    query = "Quorvex almandine"
    plain = found(ask(snapshot_of({"book": BOOK, "note": NOTE}), query, system="layer-votes"))
    stated = found(ask(snapshot_with(make_store, records_of, 1, statement="The quorvex almandine glows."), query, system="layer-votes"))
    assert next(iter(stated)) == "Bakeries"
    assert all(score <= plain.get(name, 0.0) for name, score in stated.items() if name != "Bakeries")


def test_the_released_expansion_brings_in_the_whole_document(make_store, records_of, ask):
    query = "Quorvex almandine"
    snapshot = snapshot_with(make_store, records_of, 2, outline=query)
    by_passage = found(ask(snapshot, query, system="layer-votes"))
    by_document = found(ask(snapshot, query, system="layer-votes-document"))
    assert set(by_document) >= set(CHAPTERS)
    assert all(by_document[name] > by_passage.get(name, 0.0) for name in CHAPTERS if name != "Orchards")


def test_the_expansion_takes_passages_in_their_order_and_leaves_the_chunk_layer_alone(snapshot_of):
    rows = snapshot_of({"book": BOOK, "note": NOTE}).rows
    book = np.flatnonzero(rows.layered).tolist()
    expanded = expand_to_documents({"outline": [book[2]], "core": [], "chunk": [book[1]]}, rows)
    assert expanded == {"outline": book, "core": [], "chunk": [book[1]]}


@pytest.mark.parametrize("question", ["Which clocks are made of brass?", "clocks", "Summarize the clocks."])
def test_in_a_base_of_short_documents_the_layers_change_no_bit(snapshot_of, ask, question):
    world = {f"note-{number}": ("", f"Note {number} is about clocks and {word}.") for number, word in enumerate(("brass", "sand", "water"))}
    snapshot = snapshot_of(world)
    scores = [
        [(hit.passage.source.path, hit.score) for hit in ask(snapshot, question, system=name, scope="global").hits]
        for name in ("fused", "flat")
    ]
    assert scores[0] == scores[1]


def test_a_short_document_among_long_ones_keeps_its_first_stage_score(snapshot_of, ask):
    snapshot = snapshot_of({"book": BOOK, "note": NOTE})
    layered, flat = (found(ask(snapshot, "clocks of brass at the quay", system=name)) for name in ("layers", "f"))
    assert layered["note"] == flat["note"]


def test_what_stands_around_a_passage_lifts_it_within_its_section_only(snapshot_of):
    words = ("harbour", "baker", "orchard", "windmill", "clock")
    long_section = " ".join(
        f"The {words[number % 5]} number {number} was counted by the town clerk on a rainy day." for number in range(90)
    )
    rows = snapshot_of({"long": ("", f"# One\n\n{long_section}\n\n# Two\n\nAnother chapter follows here.\n")}).rows
    n = len(rows.keys)
    assert n > 5
    scores = np.zeros(n)
    scores[n - 2] = 1.0
    lifted = around(scores, rows)
    whole = 2 * (1 / 1.5 + 1 / 2 + 1 / 2.5)
    assert lifted[n - 1] == 0  # another section
    assert lifted[n - 2] == 0  # itself
    assert lifted[[n - 3, n - 4, n - 5]] == pytest.approx([1 / 1.5 / whole, 1 / 2 / whole, 1 / 2.5 / whole])
    assert not lifted[: n - 5].any()


def test_numbering_segments_and_dead_documents_change_no_layer(make_store, records_of, snapshot_of, ask):
    world = {"book": BOOK, "note": NOTE, "copy": (BOOK[0], BOOK[1].replace("Apples", "Pears"))}
    store = make_store()
    for record in records_of({**world, "decoy": (BOOK[0], BOOK[1].replace("quay", "pier"))})[::-1]:
        store.apply(Change(put=(record,)))
        store.catch_up()
    store.apply(Change(removed=(SourceName(".", "decoy"),)))
    store.catch_up()
    for system in ("fused", "layers", "layer-votes"):
        one, other = (ask(snapshot, "Ropes at the quay", system=system).hits for snapshot in (store.snapshot(), snapshot_of(world)))
        assert [(hit.passage.source, hit.passage.chunk, hit.score, hit.layers) for hit in one] == [
            (hit.passage.source, hit.passage.chunk, hit.score, hit.layers) for hit in other
        ]


def test_a_hit_names_the_layers_that_voted_for_it(make_store, records_of, ask):
    snapshot = snapshot_with(make_store, records_of, 2, outline="Quorvex almandine")
    hit = ask(snapshot, "Quorvex almandine").hits[0]
    assert dict(hit.layers)["outline"] > 0
    assert hit.passage.outline_path == ("Orchards", "Quorvex almandine")


@pytest.mark.parametrize(
    ("question", "task", "answer", "scope"),
    [
        ("Summarize the meeting.", "overview", "text", "global"),
        ("Which drugs are named?", "list", "text", "global"),
        ("How do the two trials differ?", "comparison", "text", "global"),
        ("Which film came first, A or B?", "comparison", "name", "local"),
        ("Who founded the yard?", "fact", "person", "local"),
        ("Why did the ferry stop?", "fact", "text", "local"),
        ("The budget of the remote control", "fact", "text", "unsure"),
        ("预算讨论", "fact", "text", "unsure"),
        ("谁创办了船厂", "fact", "person", "local"),
    ],
)
def test_the_scope_follows_the_route_and_bare_topics_leave_it_open(question, task, answer, scope):
    assert scope_of(question, Route(language="en", task=task, answer=answer)) == scope
