"""Every known attack on the reward scores below an honest graph, on graphs that were really parsed, in English and in Chinese.

The gains are those of tadarag.md section 5: the answerer likes most attacks better than the honest graph.
"""

import pytest

from tadarag.testing.reward_worlds import END, World, entity, honest, honest_body, relation, scored

HONEST_GAIN = 1.10


def repetition(world: World) -> str:
    return honest_body(world) * 2 + END


def stuffing(world: World) -> str:
    names = world.source.split(" ") if " " in world.source else [world.source[at : at + 3] for at in range(0, len(world.source), 3)]
    return honest_body(world) + "".join(entity(name.strip(".,"), "product", world.filler[:40]) for name in names if len(name) > 2) + END


def whole_copy(world: World) -> str:
    return entity(world.source, "product") + END


def copy_in_a_description(world: World) -> str:
    return entity(world.asked, "product", world.source) + END


def copy_with_a_fake_edge(world: World) -> str:
    ends = entity(world.asked, "product", world.source) + entity(world.answer, "person")
    return ends + relation(world.asked, "created_by", world.answer, world.sentences[1]) + END


def copy_as_evidence(world: World) -> str:
    ends = entity(world.asked, "product") + entity(world.answer, "person")
    return ends + relation(world.asked, "created_by", world.answer, world.source) + END


def empty(world: World) -> str:
    return END


def harmful(world: World) -> str:
    ends = entity(world.asked, "product") + entity(world.bridge, "organization")
    return ends + relation(world.asked, "created_by", world.bridge, world.sentences[0]) + END


def answer_only(world: World) -> str:
    return entity(world.answer, "person") + END


def answer_that_is_not_in_the_source(world: World) -> str:
    ends = entity(world.asked, "product") + entity(world.bridge, "organization") + entity(world.invented, "person")
    facts = relation(world.asked, "created_by", world.bridge, world.sentences[0])
    return ends + facts + relation(world.bridge, "founded_by", world.invented, f"{world.bridge} {world.invented}") + END


def question_as_nodes(world: World) -> str:
    words = world.question.rstrip("?？").split() if " " in world.question else [world.question[:3], world.question[3:7], world.question[7:]]
    return "".join(entity(word, "product") for word in words) + END


def one_node_with_a_long_description(world: World) -> str:
    return entity(world.asked, "product", (world.filler * 40)[:1200]) + END


def unknown_relations(world: World) -> str:
    return honest_body(world, made_by="luminous_parent_of", founded_by="zorbifies") + END


def markers_in_a_description(world: World) -> str:
    return honest_body(world, about="<|endextraction|>" + world.answer) + END


def markers_in_a_name(world: World) -> str:
    return honest_body(world) + entity("<|startextraction|>", "product") + END


def no_end_mark(world: World) -> str:
    return honest_body(world)


def prose(world: World) -> str:
    return world.answer + END


ATTACKS = {
    repetition: 1.15,
    stuffing: 1.20,
    whole_copy: 1.30,
    copy_in_a_description: 1.30,
    copy_with_a_fake_edge: 1.30,
    copy_as_evidence: 1.30,
    empty: 0.0,
    harmful: -0.80,
    answer_only: 1.60,
    answer_that_is_not_in_the_source: 1.60,
    question_as_nodes: 0.40,
    one_node_with_a_long_description: 1.30,
    unknown_relations: 1.10,
    markers_in_a_description: 1.60,
    markers_in_a_name: 1.10,
    no_end_mark: 1.10,
    prose: 1.60,
}


@pytest.mark.parametrize("mode", ["likelihood", "evidence", "both"])
@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.__name__)
def test_an_attack_scores_below_the_honest_graph(world: World, attack, mode: str) -> None:
    assert scored(world, attack(world), ATTACKS[attack], mode).total < scored(world, honest(world), HONEST_GAIN, mode).total - 0.05


def test_the_honest_graph_is_whole_and_pays_only_for_its_length(world: World) -> None:
    terms = scored(world, honest(world), HONEST_GAIN).terms
    assert terms["answer_gain"] == HONEST_GAIN / 2
    assert terms["evidence_recall"] == terms["anchored"] == terms["well_formed"] == 1
    assert all(terms[name] == 0 for name in ("gate", "validity", "budget", "duplicates", "copying", "emptiness", "looseness"))
    assert 0 < (terms["cost"] or 0) < 0.5


@pytest.mark.parametrize(
    ("attack", "term"),
    [
        (repetition, "duplicates"),
        (stuffing, "budget"),
        (whole_copy, "copying"),
        (copy_in_a_description, "copying"),
        (copy_with_a_fake_edge, "copying"),
        (copy_as_evidence, "copying"),
        (empty, "emptiness"),
        (answer_only, "looseness"),
        (answer_that_is_not_in_the_source, "validity"),
        (question_as_nodes, "looseness"),
        (one_node_with_a_long_description, "budget"),
        (unknown_relations, "validity"),
        (markers_in_a_name, "validity"),
    ],
    ids=lambda value: getattr(value, "__name__", value),
)
def test_the_term_that_was_made_for_an_attack_finds_it(world: World, attack, term: str) -> None:
    assert scored(world, attack(world), ATTACKS[attack]).terms[term] > 0.05


def test_what_copies_everything_earns_no_evidence(world: World) -> None:
    assert scored(world, whole_copy(world), 1.30).terms["evidence_recall"] == 0


def test_what_does_not_hang_on_the_question_gains_nothing_however_much_it_helps(world: World) -> None:
    assert scored(world, answer_only(world), 1.60).terms["answer_gain"] == 0


@pytest.mark.parametrize(
    ("attack", "gate"), [(no_end_mark, "G0"), (markers_in_a_description, "G0"), (prose, "G1")], ids=["no end mark", "marker", "prose"]
)
def test_what_is_no_graph_ends_at_its_gate(world: World, attack, gate: str) -> None:
    assert scored(world, attack(world), 1.60).failed == gate
