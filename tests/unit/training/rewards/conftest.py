"""Rewards are tested in English and in Chinese."""

import pytest

from tadarag.testing.reward_worlds import WORLDS, World


@pytest.fixture(params=sorted(WORLDS))
def world(request: pytest.FixtureRequest) -> World:
    """The English and the Chinese world in turn."""
    return WORLDS[request.param]
