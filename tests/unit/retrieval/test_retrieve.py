"""Formula S over small worlds that can be followed by hand."""

import random

import pytest

from tadarag.store.protocol import Change
from tadarag.values import Filters, SourceName

WORLD = {
    "ferry": ("Ferry Dusk", "The ferry was built at the Ostrevir Yard in 1998. It carries cars."),
    "yard": ("Ostrevir Yard", "The company belongs to Tomas Brandt. It repairs boats."),
    "owner": ("Tomas Brandt", "He was born in Veldam on 3 May 1961. He collects clocks."),
    "town": ("Veldam", "The town has 41,000 inhabitants. It lies on a hill."),
    "baker": ("Olga Perrin", "She was born in Lissow in 1950. She bakes bread."),
    "clock": ("Astrolabe", "An instrument for measuring the height of stars. It is made of brass."),
    "storm": ("Great Storm", "The storm destroyed many roofs. Nobody was hurt."),
}
QUESTION = "Where was the owner of the Ostrevir Yard born?"


def by_source(evidence):
    return {hit.passage.source.path: hit for hit in evidence.hits}


def scored(evidence):
    return [(hit.passage.source.path, hit.passage.chunk, hit.score, hit.layers, hit.path, hit.sentence_scores) for hit in evidence.hits]


def test_a_path_says_which_sentence_led_where_and_by_which_name(snapshot_of, ask):
    hit = by_source(ask(snapshot_of(WORLD), QUESTION))["owner"]
    (link,) = hit.path
    assert (link.seed.path, link.sentence, link.name, link.kind) == (
        "yard",
        "The company belongs to Tomas Brandt.",
        "tomas brandt",
        "title",
    )
    layers = dict(hit.layers)
    assert layers["hop"] > 0
    assert layers["path"] > 0


def test_links_raise_the_second_step_above_what_only_looks_like_the_question(snapshot_of, ask):
    snapshot = snapshot_of(WORLD)
    with_links = [hit.passage.source.path for hit in ask(snapshot, QUESTION).hits]
    assert set(with_links[:2]) == {"yard", "owner"}


def test_a_passage_found_directly_has_no_path_when_nothing_leads_to_it(snapshot_of, ask):
    hits = by_source(ask(snapshot_of(WORLD), "Which instrument measures the height of stars?"))
    assert all(link.kind == "residual" for link in hits["clock"].path)
    assert next(iter(hits)) == "clock"


def test_a_passage_does_not_lead_to_itself(snapshot_of, ask):
    world = {**WORLD, "yard": ("Ostrevir Yard", "The Ostrevir Yard belongs to Tomas Brandt. The Ostrevir Yard repairs boats.")}
    for hit in ask(snapshot_of(world), QUESTION).hits:
        assert all((link.seed, link.seed_chunk) != (hit.passage.source, hit.passage.chunk) for link in hit.path)


def test_a_hidden_passage_is_neither_found_nor_a_bridge(snapshot_of, ask):
    snapshot = snapshot_of(WORLD)
    hidden = Filters(sources=tuple(name for name in WORLD if name != "yard"))
    hits = by_source(ask(snapshot, QUESTION, filters=hidden))
    assert "yard" not in hits
    assert all(link.seed.path != "yard" for hit in hits.values() for link in hit.path)
    assert dict(hits["owner"].layers).get("hop", 0) < dict(by_source(ask(snapshot, QUESTION))["owner"].layers)["hop"]


def test_no_path_of_any_filtered_search_begins_at_a_hidden_passage(snapshot_of, ask):
    snapshot = snapshot_of(WORLD)
    generator = random.Random(5)
    for _ in range(40):
        seen = tuple(generator.sample(sorted(WORLD), generator.randint(1, 6)))
        question = generator.choice([QUESTION, "Who is Tomas Brandt?", "How many inhabitants has the town where the owner was born?"])
        hits = by_source(ask(snapshot, question, filters=Filters(sources=seen)))
        assert set(hits) <= set(seen)
        assert {link.seed.path for hit in hits.values() for link in hit.path} <= set(seen)


def test_dead_documents_change_no_score(make_store, records_of, snapshot_of, ask):
    store = make_store()
    store.apply(
        Change(put=tuple(records_of({**WORLD, "decoy": ("Ostrevir Yard", "The owner of the yard was born in Veldam, Tomas Brandt says.")})))
    )
    store.catch_up()
    store.apply(Change(removed=(SourceName(".", "decoy"),)))
    store.catch_up()
    snapshot = store.snapshot()
    assert not snapshot.rows.live.all()
    assert scored(ask(snapshot, QUESTION)) == scored(ask(snapshot_of(WORLD), QUESTION))


@pytest.mark.parametrize("seed", range(6))
def test_numbering_and_segments_change_no_id_and_no_score(seed, make_store, records_of, snapshot_of, ask):
    generator = random.Random(seed)
    records = records_of(WORLD)
    generator.shuffle(records)
    store = make_store()
    for record in records:
        store.apply(Change(put=(record,)))
        if generator.random() < 0.6:
            store.catch_up()
    store.catch_up()
    for question in (QUESTION, "Who owns boats?", "Veldam", "维尔丹"):
        assert scored(ask(store.snapshot(), question)) == scored(ask(snapshot_of(WORLD), question))


def test_equal_passages_are_ordered_by_key_not_by_arrival(make_store, records_of, ask):
    twins = {f"twin-{number}": ("Twin", "The same words stand in each of these.") for number in range(6)}
    orders = []
    for records in (records_of(twins), records_of(twins)[::-1]):
        store = make_store()
        store.apply(Change(put=tuple(records)))
        store.catch_up()
        orders.append(scored(ask(store.snapshot(), "same words", limit=3)))
    assert orders[0] == orders[1]


def test_a_direct_question_that_names_no_subject_skips_the_links(snapshot_of, ask):
    snapshot = snapshot_of(WORLD)
    direct = ask(snapshot, "which instrument measures the height of stars?", task="fact")
    assert direct.early_exit
    assert all(hit.path == () for hit in direct.hits)
    assert direct.hits[0].passage.source.path == "clock"
    assert not ask(snapshot, QUESTION, task="fact").early_exit  # it names the yard
    assert not ask(snapshot, "which instrument measures the height of stars?", task="bridge").early_exit
    assert not ask(snapshot, "which instrument measures the height of stars?").early_exit


def test_the_only_passage_of_a_base_is_found(snapshot_of, ask):
    snapshot = snapshot_of({"only": ("", "The harbour office opens at nine.")})
    (hit,) = ask(snapshot, "When does the harbour office open?").hits
    assert hit.passage.source.path == "only"


def test_an_empty_base_and_an_empty_question_find_nothing_and_do_not_fail(snapshot_of, ask):
    assert ask(snapshot_of({}), QUESTION).hits == ()
    for question in ("", " ", "？", "the of", "\u0000", "a" * 5000):
        ask(snapshot_of(WORLD), question)


def test_the_parts_can_be_asked_for_alone(snapshot_of, ask):
    snapshot = snapshot_of(WORLD)
    for system in ("f", "dense", "lexical"):
        hits = ask(snapshot, QUESTION, system=system).hits
        assert hits
        assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
        assert all(hit.path == () for hit in hits)


def chains(n):
    """n pairs of documents: one names a founder, the other says, without any name, where that founder was born."""
    generator = random.Random(3)

    def name():
        return "".join(generator.choice("bdfgklmnprstvz") + generator.choice("aeiou") for _ in range(3)).title()

    firms = [f"{name()} {name()}" for _ in range(n)]
    founders = [f"{name()} {name()}" for _ in range(n)]
    towns = [name() for _ in range(n)]
    first = {f"firm-{k}": (firms[k], f"The firm was founded by {founders[k]} long ago. It makes tools.") for k in range(n)}
    second = {f"founder-{k}": (founders[k], f"This person was born in {towns[k]} and liked music.") for k in range(n)}
    return {**first, **second}, [(f"Where was the founder of {firms[k]} born?", f"founder-{k}") for k in range(n)]


def n_found(world, questions, snapshot_of, ask, system):
    snapshot = snapshot_of(world)
    return sum(
        target in [hit.passage.source.path for hit in ask(snapshot, question, system=system, limit=3).hits]
        for question, target in questions
    )


def test_what_links_gain_vanishes_when_titles_are_permuted(snapshot_of, ask):
    world, questions = chains(25)
    assert n_found(world, questions, snapshot_of, ask, "f") <= 5
    assert n_found(world, questions, snapshot_of, ask, "fused") >= 24
    names = sorted(world)
    titles = [world[name][0] for name in names]
    permuted = {name: (titles[(at + 7) % len(titles)], world[name][1]) for at, name in enumerate(names)}
    assert n_found(permuted, questions, snapshot_of, ask, "fused") <= 6
