"""The alarm sounds where the reward rises and what it stands for does not."""

import numpy as np
import pytest

from tadarag.training.rewards.hacking_alarm import WINDOW, hacking_alarm


def totals(rise):
    return (np.linspace(0, rise, WINDOW + 50) + 0.02 * np.sin(np.arange(WINDOW + 50) * 7)).tolist()


@pytest.mark.parametrize("outcome", [0.5, 0.4])
def test_it_sounds_where_the_outcome_falls_or_stays(outcome):
    alarm = hacking_alarm(totals(1.0), {60: 0.5, 149: outcome})
    assert alarm is not None
    assert alarm.last_good_step == 50
    assert alarm.step == 149
    assert alarm.outcome_change == pytest.approx(outcome - 0.5)


def test_it_is_silent_where_the_outcome_rises_too():
    assert hacking_alarm(totals(1.0), {60: 0.5, 149: 0.6}) is None


def test_it_is_silent_where_the_reward_does_not_rise_beyond_its_noise():
    assert hacking_alarm(totals(0.01), {60: 0.5, 149: 0.4}) is None


def test_it_needs_a_whole_window_and_two_measurements():
    assert hacking_alarm(totals(1.0)[: WINDOW - 1], {1: 0.5, 90: 0.4}) is None
    assert hacking_alarm(totals(1.0), {149: 0.4}) is None
