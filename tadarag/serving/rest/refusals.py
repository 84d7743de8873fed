"""What every route may be refused with, for the OpenAPI document."""

from __future__ import annotations

from typing import Any

from tadarag.serving.problems import PROBLEM_TYPE, OpenAIError, Problem

_MEANING = {
    400: "The base cannot do what was asked.",
    401: "The token is missing or wrong.",
    404: "It is not there.",
    408: "The body came too slowly.",
    409: "The base is busy, or a safety limit stopped it.",
    413: "It is too large.",
    415: "Nothing here reads such files.",
    421: "This server is not of that host.",
    422: "The request does not have the form that is stated here.",
    429: "Too many requests.",
    502: "The model's endpoint failed.",
    503: "The server has more to do than it can hold, or is being stopped.",
}
Refusals = dict[int | str, dict[str, Any]]
REFUSALS: Refusals = {
    status: {"description": meaning, "content": {PROBLEM_TYPE: {"schema": Problem.model_json_schema()}}}
    for status, meaning in _MEANING.items()
}
OPENAI_REFUSALS: Refusals = {status: {"description": meaning, "model": OpenAIError} for status, meaning in _MEANING.items()}
"""The same in the form that clients of OpenAI's interface expect."""
