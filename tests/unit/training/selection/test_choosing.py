"""The choice of items of medium difficulty, what was left out and why, and the baselines."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tadarag.errors import TrainingError
from tadarag.training.selection.band import DOUBTED, EASY, HARD, KNOWN
from tadarag.training.selection.choosing import CAPPED, EXTRA_SHARE, MOST_OF_GROUP, RETIRED, SPARE, STRATEGIES, Selection, Wanted, choose
from tadarag.training.selection.difficulty import reward_variance
from tadarag.training.selection.rollouts import Rollouts

N = 8


def rolled(item: str, n_right: int, *, domain: str = "", kind: str = "", wrong: str = "", known: int = 0) -> Rollouts:
    """Rollouts of which so many were right; the wrong ones all differ unless `wrong` is given."""
    answers = ["right"] * n_right + [wrong or f"wrong {index}" for index in range(N - n_right)]
    return Rollouts(
        item=item,
        answers=tuple(answers),
        is_right=tuple(index < n_right for index in range(N)),
        domain=domain,
        kind=kind,
        n_right_without_context=known,
    )


def drawn(seed: int, n: int = 2000) -> list[Rollouts]:
    """Items whose chance p is drawn from Beta(.5, .5), each asked eight times."""
    generator = np.random.default_rng(seed)
    rights = generator.binomial(N, generator.beta(0.5, 0.5, size=n))
    return [rolled(f"i{index}", int(right), domain=f"d{index % 4}") for index, right in enumerate(rights)]


def discarded(selection: Selection) -> dict[str, int]:
    return dict(selection.discarded)


def test_the_band_is_kept_with_its_most_varied_items_first() -> None:
    items = [rolled(f"{n_right} right", n_right) for n_right in range(N + 1)]
    selection = choose(items, "medium", Wanted())
    assert selection.items[0] == "4 right"
    assert set(selection.items) == {f"{n_right} right" for n_right in range(1, 7)}
    assert discarded(selection) == {EASY: 2, HARD: 1}


def test_of_equally_varied_items_the_harder_one_gains_more_by_sampling_and_comes_first() -> None:
    selection = choose([rolled("easier", 5), rolled("harder", 3)], "medium", Wanted())
    assert selection.items == ("harder", "easier")


def test_one_in_twenty_is_easy_and_one_in_twenty_hard() -> None:
    items = [rolled(f"m{i}", 4) for i in range(200)] + [rolled(f"e{i}", 8) for i in range(50)] + [rolled(f"h{i}", 0) for i in range(50)]
    selection = choose(items, "medium", Wanted(size=100))
    assert (len(selection.items), len(selection.easy), len(selection.hard)) == (100, 5, 5)
    assert discarded(selection) == {EASY: 45, HARD: 45, SPARE: 110}


def test_an_item_that_is_answered_without_its_text_is_dropped() -> None:
    selection = choose([rolled("a", 4, known=2), rolled("b", 4, known=1)], "medium", Wanted())
    assert selection.items == ("b",)
    assert discarded(selection) == {KNOWN: 1}


def test_a_retired_item_is_not_chosen() -> None:
    selection = choose([rolled("a", 4), rolled("b", 4)], "medium", Wanted(retired={"a"}))
    assert selection.items == ("b",)
    assert discarded(selection) == {RETIRED: 1}


def test_a_policy_that_keeps_to_one_other_answer_casts_doubt_on_the_label() -> None:
    assert rolled("a", 1, wrong="Paris").label_doubt == pytest.approx(6 / 8)
    assert rolled("a", 1).label_doubt == 0
    selection = choose([rolled("a", 1, wrong="Paris"), rolled("b", 1)], "medium", Wanted(most_doubt=0.5))
    assert selection.items == ("b",)
    assert discarded(selection) == {DOUBTED: 1}


def test_the_doubt_of_what_was_chosen_is_reported() -> None:
    assert choose([rolled("a", 1, wrong="Paris"), rolled("b", 1)], "medium", Wanted()).label_doubt == pytest.approx(0.375)


def test_no_domain_has_more_than_its_share() -> None:
    items = [rolled(f"{domain}{i}", 4, domain=domain) for domain, n in (("a", 300), ("b", 60), ("c", 50), ("d", 40)) for i in range(n)]
    selection = choose(items, "medium", Wanted())
    counts = Counter(item[0] for item in selection.items)
    assert max(counts.values()) <= MOST_OF_GROUP * len(selection.items)
    assert counts["b"] == 60
    assert discarded(selection)[CAPPED] == 450 - len(selection.items)


def test_no_kind_of_question_has_more_than_its_share() -> None:
    items = [rolled(f"{kind}{i}", 4, kind=kind) for kind, n in (("a", 90), ("b", 30), ("c", 30), ("d", 30)) for i in range(n)]
    selection = choose(items, "medium", Wanted())
    assert Counter(item[0] for item in selection.items)["a"] <= MOST_OF_GROUP * len(selection.items)


def test_two_domains_cannot_keep_to_the_share_and_are_not_cut() -> None:
    items = [rolled(f"{domain}{i}", 4, domain=domain) for domain in "ab" for i in range(10)]
    assert len(choose(items, "medium", Wanted()).items) == 20


@pytest.mark.parametrize("seed", range(5))
def test_with_chances_from_a_beta_the_best_quarter_has_twice_the_spread_of_all(seed: int) -> None:
    rollouts = drawn(seed)
    p = {one.item: one.p for one in rollouts}
    selection = choose(rollouts, "medium", Wanted(size=len(rollouts) // 4))
    kept = [reward_variance(p[item]) for item in selection.items if item not in {*selection.easy, *selection.hard}]
    assert np.mean(kept) >= 2 * np.mean([reward_variance(one) for one in p.values()])


@pytest.mark.parametrize("seed", range(5))
def test_with_chances_from_a_beta_half_of_the_items_are_in_the_band_and_vary_more_than_all(seed: int) -> None:
    rollouts = drawn(seed)
    p = {one.item: one.p for one in rollouts}
    selection = choose(rollouts, "medium", Wanted())
    kept = [item for item in selection.items if item not in {*selection.easy, *selection.hard}]
    assert 0.46 < len(kept) / len(rollouts) < 0.55
    assert np.mean([reward_variance(p[item]) for item in kept]) > 1.65 * np.mean([reward_variance(one) for one in p.values()])
    assert choose(drawn(seed), "medium", Wanted()) == selection


@settings(max_examples=30, deadline=None)
@given(st.randoms(use_true_random=False), st.sampled_from(sorted(STRATEGIES)))
def test_the_order_of_the_items_does_not_matter(random, strategy: str) -> None:
    items = drawn(1, n=60)
    shuffled = items[:]
    random.shuffle(shuffled)
    assert choose(shuffled, strategy, Wanted(size=20)) == choose(items, strategy, Wanted(size=20))


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.integers(0, N), st.sampled_from("abcde"), st.sampled_from("xyz")), max_size=60), st.integers(1, 40))
def test_every_item_is_chosen_or_counted_and_no_domain_is_above_its_share(drawn_items: list[tuple[int, str, str]], size: int) -> None:
    items = [rolled(f"i{index}", n, domain=domain, kind=kind) for index, (n, domain, kind) in enumerate(drawn_items)]
    selection = choose(items, "medium", Wanted(size=size))
    assert len(selection.items) <= size
    assert len(selection.items) + sum(discarded(selection).values()) == len(items)
    domains = {one.item: one.domain for one in items}
    counts = Counter(domains[item] for item in selection.items)
    if len(set(domains.values())) > 2:
        assert all(count <= max(1, MOST_OF_GROUP * len(selection.items)) for count in counts.values())
    assert max(len(selection.easy), len(selection.hard)) <= round(EXTRA_SHARE * size)


def test_the_baselines_take_as_many_of_all_items() -> None:
    items = [rolled(f"{n_right}", n_right) for n_right in range(N + 1)]
    assert choose(items, "easiest", Wanted(size=2)).items == ("8", "7")
    assert choose(items, "hardest", Wanted(size=2)).items == ("0", "1")
    assert choose(items, "random", Wanted(size=3)).discarded == ((SPARE, 6),)


def test_the_random_choice_is_another_with_another_seed() -> None:
    items = drawn(1, n=200)
    assert choose(items, "random", Wanted(size=20, seed=1)).items != choose(items, "random", Wanted(size=20, seed=2)).items


def test_the_names_of_the_strategies_are_fixed() -> None:
    assert sorted(STRATEGIES) == ["easiest", "hardest", "medium", "random"]


def test_an_unknown_strategy_is_refused_with_the_nearest_one() -> None:
    with pytest.raises(TrainingError, match="did you mean 'medium'"):
        choose([], "mediun", Wanted())


def test_a_baseline_without_a_size_is_refused() -> None:
    with pytest.raises(TrainingError, match="say how many"):
        choose([rolled("a", 4)], "random", Wanted())


def test_an_item_that_comes_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="twice"):
        choose([rolled("a", 4), rolled("a", 5)], "medium", Wanted())


def test_rollouts_without_a_sample_are_refused() -> None:
    with pytest.raises(ValueError, match="one at least"):
        Rollouts(item="a", answers=(), is_right=())
