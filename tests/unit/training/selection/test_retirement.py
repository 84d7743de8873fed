"""Retirement: two epochs in a row outside the band, and an item is asked no more."""

from tadarag.training.selection.retirement import count_outside, retired
from tadarag.training.selection.rollouts import Rollouts


def rolled(item: str, n_right: int) -> Rollouts:
    return Rollouts(item=item, answers=("x",) * 8, is_right=(True,) * n_right + (False,) * (8 - n_right))


def test_an_item_retires_after_two_epochs_outside_the_band() -> None:
    once = count_outside({}, [rolled("a", 8), rolled("b", 4)])
    assert retired(once) == frozenset()
    assert retired(count_outside(once, [rolled("a", 0), rolled("b", 4)])) == {"a"}


def test_an_epoch_inside_the_band_starts_the_count_anew() -> None:
    counts: dict[str, int] = {}
    for n_right in (8, 4, 8):
        counts = count_outside(counts, [rolled("a", n_right)])
    assert counts == {"a": 1}


def test_what_has_retired_stays_so() -> None:
    counts = count_outside({"a": 2, "b": 1}, [rolled("a", 4)])
    assert counts == {"a": 2, "b": 1}
