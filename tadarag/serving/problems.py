"""What a refused or failed request is told: what happened and what to do, as problem JSON (RFC 9457), and as OpenAI writes errors under /v1."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.responses import Response

from tadarag.errors import BaseBusy, BaseMissing, DocumentError, EndpointError, ModelError, Refused, TadaragError, UsageError

PROBLEM_TYPE = "application/problem+json"
_STATUS: tuple[tuple[type[TadaragError], int], ...] = (
    (UsageError, 400),
    (DocumentError, 422),
    (BaseBusy, 409),
    (Refused, 409),
    (BaseMissing, 404),
    (EndpointError, 502),
    (ModelError, 503),
)
_DO = {
    404: "see what there is: GET /api/v1/openapi.json",
    405: "see which methods there are: GET /api/v1/openapi.json",
}
_IN_HTTP = (
    ("--type TYPE or --in SOURCE", "the parameters 'type' or 'source'"),
    ("give one of the two: OTHER, or --in SOURCE", "give one of the two: 'other' or 'source'"),
    ("tadarag list", "GET /api/v1/documents"),
    ("tadarag search", "POST /api/v1/search"),
    ("tadarag graph aliases", "GET /api/v1/graph/aliases"),
)
"""Words of the command line in remedies, and what stands for them here."""


class Problem(BaseModel):
    """What happened and what to do; `kind` is the class of the error, `status` repeats the status line."""

    type: str = "about:blank"
    title: str
    status: int
    kind: str
    happened: str
    do: str


class OpenAIErrorDetail(BaseModel):
    """What OpenAI's interface says of an error."""

    message: str
    type: str
    param: str | None
    code: str | None


class OpenAIError(BaseModel):
    """An error as clients of OpenAI's interface expect it."""

    error: OpenAIErrorDetail


class Rejected(HTTPException):
    """A request that goes no further. It is an HTTPException so that a reader of a body lets it through."""

    def __init__(
        self, status: int, happened: str, do: str, *, kind: str = "Rejected", headers: Mapping[str, str] | None = None, param: str = ""
    ) -> None:
        super().__init__(status, happened, headers=headers)
        self.problem = Problem(title=HTTPStatus(status).phrase, status=status, kind=kind, happened=happened, do=do)
        self.param = param


@contextmanager
def absent_if_unknown() -> Iterator[None]:
    """Inside, a name that the base does not know is a thing that is not there (404), not a wrong request."""
    try:
        yield
    except UsageError as error:
        raise Rejected(404, error.happened, _over_http(error.do), kind=type(error).__name__) from error


def rejected(error: TadaragError, folder: Path) -> Rejected:
    """An error of the base as an answer. folder: that of the documents, whose place on this computer is nobody's business."""
    status = next((status for kind, status in _STATUS if isinstance(error, kind)), 500)
    headers = {"Retry-After": "5"} if isinstance(error, BaseBusy) else None
    happened, do = (text.replace(str(folder), folder.name or ".") for text in (error.happened, error.do))
    return Rejected(status, happened, _over_http(do), kind=type(error).__name__, headers=headers)


def from_http(error: HTTPException) -> Rejected:
    """What the framework refuses by itself."""
    if isinstance(error, Rejected):
        return error
    do = _DO.get(error.status_code, "mend the request: GET /api/v1/openapi.json says what is expected")
    happened = error.detail if isinstance(error.detail, str) and error.detail else HTTPStatus(error.status_code).phrase
    return Rejected(error.status_code, happened, do, headers=error.headers)


def from_validation(errors: Sequence[Mapping[str, Any]]) -> Rejected:
    """A request that does not have the form that OpenAPI states; the values that were sent are not repeated."""
    places = [".".join(str(part) for part in error["loc"]) for error in errors]
    said = [f"{place}: {error['msg']}" for place, error in zip(places, errors, strict=True)]
    shown = "; ".join(said[:5]) + (f"; and {len(said) - 5} more" if len(said) > 5 else "")
    param = str(errors[0]["loc"][1]) if errors and len(errors[0]["loc"]) > 1 else ""
    is_json = not any(error.get("type") == "json_invalid" for error in errors)
    happened = shown if is_json else "the body is not JSON"
    return Rejected(
        422 if is_json else 400,
        _encodable(happened),
        "mend the request: GET /api/v1/openapi.json says what is expected",
        kind="InvalidRequest",
        param=_encodable(param),
    )


def response(rejected: Rejected, path: str) -> Response:
    """The answer in the form of the interface that was asked."""
    problem = rejected.problem
    headers = dict(rejected.headers or {})
    if path.startswith("/v1/"):
        return Response(_json(openai_error(rejected)), problem.status, headers, media_type="application/json")
    return Response(_json(problem.model_dump()), problem.status, headers, media_type=PROBLEM_TYPE)


def openai_error(rejected: Rejected) -> dict[str, Any]:
    """The form of errors that clients of OpenAI's interface expect."""
    problem = rejected.problem
    kind = "server_error" if problem.status >= 500 else "rate_limit_error" if problem.status == 429 else "invalid_request_error"
    return {
        "error": {
            "message": f"{problem.happened} ({problem.do})",
            "type": kind,
            "param": rejected.param or None,
            "code": {401: "invalid_api_key", 404: "model_not_found" if rejected.param == "model" else "not_found"}.get(problem.status),
        }
    }


def _over_http(do: str) -> str:
    for command, request in _IN_HTTP:
        do = do.replace(command, request)
    return do


def _json(document: Mapping[str, Any]) -> bytes:
    return json.dumps(document).encode()  # ASCII: it may hold what no UTF-8 can


def _encodable(text: str) -> str:
    return text.encode("utf-8", "backslashreplace").decode()
