"""The generated world: a pure function of its seed, whose teacher's graphs are honest and hold more than is needed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tadarag.components import template_of
from tadarag.errors import TrainingError
from tadarag.graph.tuple_format import read_tuples
from tadarag.training.causal.graph_items import read_items, reward_columns, write_items
from tadarag.training.causal.world import LANGUAGES, WorldShape, make_items, make_restated_texts, world_pieces, world_words
from tadarag.training.rewards.gates import Scoring, score_completion
from tadarag.training.rewards.trl_functions import items_of_columns
from tadarag.training.rewards.weighted import read_weights

shapes = st.builds(
    WorldShape,
    n_ties=st.integers(2, 4),
    n_births=st.integers(0, 2),
    most_needless=st.integers(0, 2),
    language=st.sampled_from(LANGUAGES),
)


@given(shape=shapes, seed=st.integers(0, 1000))
def test_asked_for_more_items_the_first_ones_stay(shape, seed):
    assert make_items(shape, n=5, seed=seed, split="taught")[:3] == make_items(shape, n=3, seed=seed, split="taught")


def test_splits_and_seeds_differ():
    shape = WorldShape()
    taught, held_out = (make_items(shape, n=200, seed=1, split=split) for split in ("taught", "held out"))
    assert not {item.source for item in taught} & {item.source for item in held_out}
    assert make_items(shape, n=1, seed=2, split="taught") != taught[:1]


@given(shape=shapes, seed=st.integers(0, 1000))
def test_the_graph_leads_from_the_person_asked_about_to_the_answer(shape, seed):
    [item] = make_items(shape, n=1, seed=seed, split="taught")
    tie, birth = item.evidence
    facts = {fact.evidence: fact for fact in read_tuples(item.graph).relations}
    assert facts[tie].tail == facts[birth].head
    assert facts[birth].tail == item.answer
    assert facts[tie].head in item.question


@given(shape=shapes, seed=st.integers(0, 1000))
def test_teacher_graphs_hold_at_most_so_many_needless_facts_and_only_what_the_text_says(shape, seed):
    for item in make_items(shape, n=4, seed=seed, split="taught"):
        facts = read_tuples(item.graph).relations
        assert 2 <= len(facts) <= 2 + shape.most_needless
        assert all(fact.evidence in item.source for fact in facts)


@pytest.mark.parametrize(("plain_share", "sizes"), [(1.0, {2}), (0.0, {3, 4})])
def test_a_stated_share_of_teacher_graphs_holds_only_what_is_needed(plain_share, sizes):
    shape = WorldShape(most_needless=2, plain_share=plain_share)
    assert {len(read_tuples(item.graph).relations) for item in make_items(shape, n=40, seed=3, split="taught")} == sizes


def test_some_teacher_graphs_are_lean_and_some_are_not():
    sizes = {len(read_tuples(item.graph).relations) for item in make_items(WorldShape(), n=50, seed=3, split="taught")}
    assert sizes == {2, 3, 4, 5}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_teacher_graph_is_anchored_and_valid_under_the_rewards(language):
    items = make_items(WorldShape(language=language), n=20, seed=3, split="taught")
    scoring = Scoring(weights=read_weights({}, mode="evidence"), template_of=lambda domain: template_of(domain, None))
    asked = items_of_columns(reward_columns(items), len(items), scoring.template_of)
    for item, one in zip(items, asked, strict=True):
        scored = score_completion(item.graph, one, scoring)
        assert (scored.failed, scored.terms["validity"], scored.terms["anchored"]) == ("", 0.0, 1.0)


@pytest.mark.parametrize("language", LANGUAGES)
def test_prompts_graphs_and_answers_are_made_of_the_pieces_alone(language):
    pieces = sorted(world_pieces(language), key=len, reverse=True)
    for item in make_items(WorldShape(language=language), n=20, seed=3, split="taught"):
        for text in (f"{item.source}\n{item.question}\n", item.graph, item.answer):
            rest = text
            while rest:
                rest = rest[len(next(piece for piece in pieces if rest.startswith(piece))) :]


def test_items_come_back_from_their_file(tmp_path):
    items = make_items(WorldShape(language="zh"), n=3, seed=1, split="taught")
    write_items(items, tmp_path / "items.jsonl")
    assert read_items(tmp_path / "items.jsonl") == items


@pytest.mark.parametrize(
    ("text", "named"), [("{}", ":1:"), ("", "holds no item"), ('{"question": "q"', ":1:"), ('{"question": "q"}', "source")]
)
def test_a_row_that_is_no_item_is_named(tmp_path, text, named):
    (tmp_path / "items.jsonl").write_text(text, "utf-8")
    with pytest.raises(TrainingError) as caught:
        read_items(tmp_path / "items.jsonl")
    assert named in caught.value.happened


@pytest.mark.parametrize(
    "wrong",
    [
        {"language": "fr"},
        {"n_ties": 0},
        {"n_ties": 99},
        {"n_births": 9},
        {"most_needless": 99},
        {"n_people": 99},
        {"n_cities": 2},
        {"plain_share": 2},
    ],
)
def test_a_world_that_cannot_be_is_refused(wrong):
    with pytest.raises(TrainingError):
        WorldShape(**wrong)


@given(shape=shapes, seed=st.integers(0, 1000))
def test_a_restated_text_states_the_same_facts_twice(shape, seed):
    [(text, again)] = make_restated_texts(shape, n=1, seed=seed)
    assert sorted(text) == sorted(again)
    assert len(text) == len(again)


@given(shape=shapes, seed=st.integers(0, 1000))
def test_a_text_restated_as_a_graph_has_every_fact_with_its_sentence_as_evidence(shape, seed):
    [(text, graph)] = make_restated_texts(shape, n=1, seed=seed, graph_share=1)
    [(told, _)] = make_restated_texts(shape, n=1, seed=seed)
    evidence = [relation.evidence for relation in read_tuples(graph).relations]
    assert text == told
    assert sorted(evidence) == sorted(sentence for sentence in evidence if sentence in text)
    assert sum(map(len, evidence)) == len(text.strip()) - (len(evidence) - 1) * len(world_words(shape.language)["between"])


def test_names_are_drawn_from_as_many_as_there_are_to_be():
    items = make_items(WorldShape(n_people=8, n_cities=6), n=200, seed=1, split="taught")
    assert len({item.answer for item in items}) == 6
