"""The OpenAI-compatible client against a real server with the faults of real endpoints."""

from __future__ import annotations

from random import Random

import pytest

from tadarag.errors import ContextOverflow, EndpointError
from tadarag.models.language_model import Message, ModelEvent, Sampling
from tadarag.models.openai_model import Limits, OpenAIModel, Prices
from tadarag.testing.scripted_endpoint import ScriptedEndpoint, Turn

PATIENT = Limits(timeout_seconds=2.0)
ASK = (Message("system", "Answer shortly."), Message("user", "How many?"))


def ask(
    endpoint: ScriptedEndpoint, *, waits: list[float] | None = None, limits: Limits = PATIENT, max_tokens: int = 50
) -> list[ModelEvent]:
    waited = [] if waits is None else waits
    model = OpenAIModel("scripted", base_url=endpoint.url, limits=limits, sleep=waited.append, random=Random(1))
    return list(model.stream(ASK, max_tokens=max_tokens))


def text_of(events: list[ModelEvent]) -> str:
    return "".join(event.text for event in events)


def test_a_reply_is_streamed_with_the_counts_of_the_endpoint() -> None:
    with ScriptedEndpoint([Turn(text="There are nine [1].")]) as endpoint:
        events = ask(endpoint)
    assert text_of(events) == "There are nine [1]."
    assert events[-1].tokens is not None
    assert (events[-1].tokens.prompt, events[-1].tokens.are_estimates) == (7, False)


def test_counts_are_estimates_when_the_endpoint_gives_none() -> None:
    with ScriptedEndpoint([Turn(usage=False)]) as endpoint:
        tokens = ask(endpoint)[-1].tokens
    assert tokens is not None
    assert tokens.are_estimates
    assert tokens.prompt > 0


def test_a_429_is_tried_again_after_the_time_that_the_endpoint_tells() -> None:
    waits: list[float] = []
    with ScriptedEndpoint([Turn(status=429, retry_after="3"), Turn(text="nine")]) as endpoint:
        assert text_of(ask(endpoint, waits=waits)) == "nine"
    assert waits == [3.0]


def test_waits_grow_with_jitter_and_a_500_forever_is_one_clear_error() -> None:
    waits: list[float] = []
    with ScriptedEndpoint([Turn(status=500)]) as endpoint, pytest.raises(EndpointError) as failure:
        ask(endpoint, waits=waits)
    assert len(endpoint.requests) == 5
    assert all(0 < wait <= 0.5 * 2**attempt for attempt, wait in enumerate(waits))
    assert "5 tries" in failure.value.happened


def test_a_slow_endpoint_times_out_and_is_tried_again() -> None:
    with ScriptedEndpoint([Turn(delay_seconds=0.6), Turn(text="nine")]) as endpoint:
        assert text_of(ask(endpoint, limits=Limits(timeout_seconds=0.2))) == "nine"


def test_an_endpoint_that_is_down_is_one_clear_error() -> None:
    model = OpenAIModel("scripted", base_url="http://127.0.0.1:9/v1", sleep=lambda _: None)
    with pytest.raises(EndpointError, match="no connection"):
        list(model.stream(ASK, max_tokens=5))


def test_malformed_json_before_any_text_is_tried_again() -> None:
    with ScriptedEndpoint([Turn(malformed=True), Turn(text="nine")]) as endpoint:
        assert text_of(ask(endpoint)) == "nine"


def test_half_a_stream_ends_as_interrupted_and_is_not_repeated() -> None:
    with ScriptedEndpoint([Turn(text="There are nine boats here", break_after=2)]) as endpoint:
        events = ask(endpoint)
    assert text_of(events) == "There are"
    assert events[-1].finish == "interrupted"
    assert len(endpoint.requests) == 1


def test_an_endless_stream_is_cut_by_its_length() -> None:
    with ScriptedEndpoint([Turn(text="on and", endless=True)]) as endpoint:
        events = ask(endpoint, max_tokens=20)
    assert events[-1].finish == "length"
    assert len(text_of(events)) < 400


def test_an_endless_stream_is_cut_by_its_time() -> None:
    with ScriptedEndpoint([Turn(text="on and", endless=True)]) as endpoint:
        events = ask(endpoint, limits=Limits(max_seconds=0.2), max_tokens=10_000_000)
    assert events[-1].finish == "time"


def test_too_long_a_context_is_told_apart_from_other_refusals() -> None:
    with (
        ScriptedEndpoint([Turn(status=400, error="This model's maximum context length is 4096 tokens")]) as endpoint,
        pytest.raises(ContextOverflow),
    ):
        ask(endpoint)


@pytest.mark.parametrize(("status", "told"), [(401, "key"), (404, "does not know the model"), (400, "refused the request")])
def test_a_refusal_is_not_tried_again_and_says_why(status: int, told: str) -> None:
    with ScriptedEndpoint([Turn(status=status)]) as endpoint, pytest.raises(EndpointError, match=told):
        ask(endpoint)
    assert len(endpoint.requests) == 1


def test_without_a_system_role_the_instructions_stand_in_the_question() -> None:
    with ScriptedEndpoint([Turn(refuses=("system",))]) as endpoint:
        ask(endpoint)
    assert [message["role"] for message in endpoint.requests[-1]["messages"]] == ["user"]
    assert endpoint.requests[-1]["messages"][0]["content"].startswith("Answer shortly.")


def test_what_an_endpoint_refused_once_is_not_sent_again() -> None:
    with ScriptedEndpoint([Turn(refuses=("stream_options",))]) as endpoint:
        model = OpenAIModel("scripted", base_url=endpoint.url)
        for _ in range(2):
            list(model.stream(ASK, max_tokens=5))
    assert ["stream_options" in request for request in endpoint.requests] == [True, False, False]


def test_the_key_never_stands_in_an_error() -> None:
    with ScriptedEndpoint([Turn(status=400, error="bad key sk-secret-123")]) as endpoint, pytest.raises(EndpointError) as failure:
        list(OpenAIModel("scripted", base_url=endpoint.url, api_key="sk-secret-123").stream(ASK, max_tokens=5))
    assert "sk-secret" not in str(failure.value)


def test_an_unknown_price_is_unknown_and_a_known_one_is_counted() -> None:
    with ScriptedEndpoint([Turn(text="nine")]) as endpoint:
        tokens = ask(endpoint)[-1].tokens
    assert tokens is not None
    assert OpenAIModel("scripted").cost(tokens) is None
    assert OpenAIModel("scripted", prices=Prices(prompt=1e6, completion=2e6)).cost(tokens) == tokens.prompt + 2 * tokens.completion


def drawn(endpoint: ScriptedEndpoint, sampling: Sampling | None) -> dict[str, object]:
    """The sampling options of the last request."""
    list(OpenAIModel("scripted", base_url=endpoint.url, limits=PATIENT).stream(ASK, max_tokens=50, sampling=sampling))
    names = ("temperature", "top_p", "seed", "repetition_penalty")
    return {name: endpoint.requests[-1][name] for name in names if name in endpoint.requests[-1]}


def test_without_sampling_settings_the_likeliest_reply_is_asked_for() -> None:
    with ScriptedEndpoint([Turn()]) as endpoint:
        assert drawn(endpoint, None) == {"temperature": 0}


def test_sampling_settings_reach_the_endpoint() -> None:
    with ScriptedEndpoint([Turn()]) as endpoint:
        sampling = Sampling(temperature=0.1, top_p=0.1, seed=7, repetition_penalty=1.05)
        assert drawn(endpoint, sampling) == {"temperature": 0.1, "top_p": 0.1, "seed": 7, "repetition_penalty": 1.05}


def test_sampling_settings_that_the_endpoint_refuses_are_left_out() -> None:
    with ScriptedEndpoint([Turn(refuses=("seed", "repetition_penalty"))]) as endpoint:
        assert drawn(endpoint, Sampling(temperature=0.7, seed=7, repetition_penalty=1.05)) == {"temperature": 0.7}
