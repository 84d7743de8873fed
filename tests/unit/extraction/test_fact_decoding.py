"""Which pairs become facts, on probabilities made by hand."""

from __future__ import annotations

import numpy as np

from tadarag.extraction.asked_names import asked_names
from tadarag.extraction.fact_decoding import MAX_NAMES, MAX_PAIRS, all_pairs, choose_facts, near_pairs, with_open_facts
from tadarag.extraction.span_decoding import PlacedName
from tadarag.findings import FoundFact, FoundName
from tadarag.templates.template import EntityType, RelationType, Template
from tadarag.values import Span

TEMPLATE = Template(
    name="firms",
    version=1,
    description="",
    cues=(),
    entity_types=tuple(EntityType(name=name, core=core, definition="") for name, core in [("boss", "person"), ("firm", "organization")]),
    relations=(
        RelationType(name="leads", heads=("boss",), tails=("firm",), definition=""),
        RelationType(name="rival_of", heads=("firm",), tails=("firm",), definition="", symmetric=True),
        RelationType(name="sued", heads=("firm",), tails=("boss",), definition="", symmetric=True),
        RelationType(name="same_as", heads=("boss", "firm"), tails=("boss", "firm"), definition="", symmetric=True),
    ),
)
ASKED = asked_names(TEMPLATE)


def placed(*names: tuple[str, int], probability: float = 0.8) -> list[PlacedName]:
    """Names of five characters ten apart, given by label and sentence."""
    return [
        PlacedName(
            name=FoundName(span=Span(10 * place, 10 * place + 5), kind="", label=label, probability=probability),
            first=place,
            last=place,
            sentence=sentence,
        )
        for place, (label, sentence) in enumerate(names)
    ]


def facts_of(names: list[PlacedName], scores: dict[tuple[int, int, str], float]) -> list[FoundFact]:
    """scores: by head, tail and relation."""
    pairs = near_pairs(names, ASKED)
    probabilities = np.zeros((len(pairs), len(ASKED.relations)), np.float32)
    for (head, tail, relation), score in scores.items():
        probabilities[pairs.index((head, tail)), [one.name for one in ASKED.relations].index(relation)] = score
    return choose_facts(probabilities, pairs, names, ASKED, threshold=0.5)


def test_only_pairs_that_the_template_allows_are_asked_for() -> None:
    assert near_pairs(placed(("boss", 0), ("boss", 0)), ASKED) == []
    assert near_pairs(placed(("", 0), ("firm", 0)), ASKED) == []


def test_no_probability_is_asked_for_names_of_one_thing() -> None:
    assert "same_as" not in [relation.name for relation in ASKED.relations]


def test_pairs_stand_in_one_sentence_or_in_two_that_follow_each_other() -> None:
    names = placed(("boss", 0), ("firm", 0), ("firm", 1), ("firm", 2))
    assert (0, 2) in near_pairs(names, ASKED)
    assert (0, 3) not in near_pairs(names, ASKED)
    assert (0, 3) in all_pairs(names, ASKED)


def test_the_nearest_pairs_are_kept_of_too_many() -> None:
    pairs = near_pairs(placed(*[("firm", 0)] * 40), ASKED)
    assert len(pairs) == MAX_PAIRS
    assert max(abs(head - tail) for head, tail in pairs) < 10


def test_the_likeliest_names_are_kept_of_too_many() -> None:
    names = placed(*[("firm", 0)] * MAX_NAMES) + placed(("boss", 0), probability=0.5)
    assert not any(MAX_NAMES in pair for pair in near_pairs(names, ASKED))


def test_a_fact_leads_from_its_head_to_its_tail() -> None:
    (fact,) = facts_of(placed(("firm", 0), ("boss", 0)), {(1, 0, "leads"): 0.7})
    assert (fact.head, fact.relation, fact.tail, fact.sentence, fact.probability) == (1, "leads", 0, 0, 0.7)


def test_what_the_template_forbids_is_no_fact_however_likely() -> None:
    assert facts_of(placed(("boss", 0), ("firm", 0)), {(0, 1, "rival_of"): 1.0}) == []


def test_below_the_threshold_there_is_no_fact() -> None:
    assert facts_of(placed(("boss", 0), ("firm", 0)), {(0, 1, "leads"): 0.49}) == []


def test_a_symmetric_relation_is_one_fact_with_the_likelier_probability() -> None:
    (fact,) = facts_of(placed(("firm", 0), ("firm", 0)), {(0, 1, "rival_of"): 0.6, (1, 0, "rival_of"): 0.9})
    assert (fact.head, fact.tail, fact.probability) == (0, 1, 0.9)


def test_a_symmetric_relation_leads_the_way_that_the_template_allows() -> None:
    (fact,) = facts_of(placed(("boss", 0), ("firm", 0)), {(0, 1, "sued"): 0.6})
    assert (fact.head, fact.relation, fact.tail) == (1, "sued", 0)


def test_the_later_sentence_is_the_evidence_of_a_fact_across_two() -> None:
    (fact,) = facts_of(placed(("boss", 0), ("firm", 1)), {(0, 1, "leads"): 0.7})
    assert fact.sentence == 1


def test_neighbours_without_a_fact_are_joined_by_the_predicate_between_them() -> None:
    text = "Orvex acquired Tarnwick"
    names = [
        PlacedName(name=FoundName(span=Span(0, 5), kind="organization", probability=0.9), first=0, last=0, sentence=0),
        PlacedName(name=FoundName(span=Span(15, 23), kind="organization", probability=0.8), first=2, last=2, sentence=0),
    ]
    (fact,) = with_open_facts([], names, text)
    assert (fact.head, fact.relation, fact.tail, fact.is_open, fact.probability) == (0, "acquired", 1, True, 0.72)
    told = FoundFact(head=1, relation="sued", tail=0, sentence=0)
    assert with_open_facts([told], names, text) == (told,)


def test_no_predicate_leads_into_another_sentence() -> None:
    text = "Orvex acquired Tarnwick"
    names = [
        PlacedName(name=FoundName(span=Span(0, 5), kind="organization"), first=0, last=0, sentence=0),
        PlacedName(name=FoundName(span=Span(15, 23), kind="organization"), first=2, last=2, sentence=1),
    ]
    assert with_open_facts([], names, text) == ()
