"""Chains between two names are the shortest there are, with sentences, or none."""

from tadarag.graph.paths import Path, shortest_paths
from tadarag.graph.short_names import possible_meanings
from tadarag.graph.view import corpus_view
from tadarag.testing.marked_records import marked_record
from tadarag.values import Record

LEADS = marked_record("a", "[Ann Lee|person] leads [Acme Works|organization].", facts=[("Ann Lee", "leads", "Acme Works")])
SITE = marked_record("b", "[Acme Works|organization] builds in [Port Hesk|location].")


def paths(one: str, other: str, *records: Record, max_hops: int = 4) -> tuple[Path, ...]:
    view = corpus_view(records)
    return shortest_paths(view, view.find(one), view.find(other), max_hops=max_hops)


def shown(chain: Path) -> list[str]:
    return [f"{step.one.name} {step.kind} {step.other.name}" for step in chain.steps]


def test_a_chain_crosses_documents_where_they_share_a_full_name() -> None:
    (chain,) = paths("Ann Lee", "Port Hesk", LEADS, SITE)
    assert shown(chain) == ["Ann Lee fact Acme Works", "Acme Works together Port Hesk"]
    assert [(str(step.quotes[0].source), step.quotes[0].text) for step in chain.steps] == [
        ("a", "Ann Lee leads Acme Works."),
        ("b", "Acme Works builds in Port Hesk."),
    ]


def test_the_way_back_says_that_the_fact_is_about_the_other_end() -> None:
    (chain,) = paths("Port Hesk", "Ann Lee", LEADS, SITE)
    assert [step.is_reversed for step in chain.steps] == [False, True]


def test_a_direct_step_is_shorter_than_a_way_round() -> None:
    direct = marked_record("c", "[Ann Lee|person] was seen in [Port Hesk|location].")
    assert [len(chain.steps) for chain in paths("Ann Lee", "Port Hesk", LEADS, SITE, direct)] == [1]


def test_what_is_not_connected_has_no_chain() -> None:
    assert paths("Ann Lee", "Far Away", LEADS, marked_record("c", "[Far Away|location] is far from [Near By|location].")) == ()


def test_a_longer_chain_than_asked_for_is_not_shown() -> None:
    assert paths("Ann Lee", "Port Hesk", LEADS, SITE, max_hops=1) == ()


def test_a_date_connects_nothing() -> None:
    records = [
        marked_record(path, f"[{name}|person] came in [2020|time].", facts=[(name, "occurs_on", "2020")])
        for path, name in (("a", "Ann Lee"), ("b", "Bob Orr"))
    ]
    assert paths("Ann Lee", "Bob Orr", *records) == ()


def test_a_stated_fact_comes_before_a_shared_sentence() -> None:
    other = marked_record("c", "[Ann Lee|person] saw [Bay Town|location]. ", "[Bay Town|location] is near [Port Hesk|location].")
    assert [shown(chain)[0] for chain in paths("Ann Lee", "Port Hesk", LEADS, SITE, other)] == [
        "Ann Lee fact Acme Works",
        "Ann Lee together Bay Town",
    ]


def test_a_short_name_is_followed_with_its_weight_and_never_merged() -> None:
    full = marked_record("a", "[Petra Solvane|person] met [Ilse Tamber|person].")
    short = marked_record("b", "[Solvane|person] left [Ilse Tamber|person] in [Port Hesk|location].")
    other = marked_record("c", "[Ada Solvane|person] sang.")
    view = corpus_view([full, short, other])
    assert [(one.full.name, one.weight) for one in possible_meanings(view)] == [("Petra Solvane", 0.25)]
    view = corpus_view(
        [full, marked_record("b", "[Solvane|person] met [Ilse Tamber|person].", "[Solvane|person] saw [Far Hill|location].")]
    )
    (chain,) = shortest_paths(view, view.find("Petra Solvane"), view.find("Far Hill"))
    assert shown(chain) == ["Petra Solvane may be Solvane", "Solvane together Far Hill"]


def test_the_last_word_of_a_name_is_short_for_persons_only() -> None:
    records = [
        marked_record("a", "[University of Tarnwick|organization] met [Ilse Tamber|person]."),
        marked_record("b", "[Tarnwick|name] welcomed [Ilse Tamber|person]."),
    ]
    assert possible_meanings(corpus_view(records)) == ()


def test_a_short_name_with_no_shared_context_is_not_followed() -> None:
    records = [
        marked_record("a", "[Petra Solvane|person] met [Ilse Tamber|person]."),
        marked_record("b", "[Solvane|person] saw [Far Hill|location]."),
    ]
    assert possible_meanings(corpus_view(records)) == ()
