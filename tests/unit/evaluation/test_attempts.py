"""What goes wrong with one item does not stop the others, and is not forgotten."""

from __future__ import annotations

import pytest

from tadarag.errors import EndpointError
from tadarag.evaluation.attempts import attempt, too_many_failed


def test_what_an_item_gives_is_kept_with_its_time():
    done = attempt(lambda: "answer")
    assert (done.value, done.failed) == ("answer", "")
    assert done.seconds >= 0


def test_what_an_item_raises_becomes_its_reason_on_one_line():
    def fail() -> str:
        raise EndpointError("the endpoint is gone", "start it")

    done = attempt(fail)
    assert (done.value, done.failed) == (None, "EndpointError: the endpoint is gone start it")


def test_an_interrupt_goes_through():
    def interrupt() -> str:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        attempt(interrupt)


def test_five_in_a_hundred_may_fail_and_six_may_not():
    five = {f"q{number}": "EndpointError: gone" for number in range(5)}
    assert too_many_failed(five, 100) == ""
    assert too_many_failed({**five, "q5": "x"}, 100) == "6 of 100 items failed (6.0 %, at most 5 %); first: EndpointError: gone"
