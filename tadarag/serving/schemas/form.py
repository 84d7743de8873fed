"""What all forms have in common."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

MOST_CHARACTERS = 10_000
"""Of a question; a longer one is a document."""


class Form(BaseModel):
    """A part of a result. A later version of the server may add keys."""

    model_config = ConfigDict(extra="allow")


class Result(Form):
    """A whole result, with the version of its form first."""

    schema_: str = Field(alias="schema", examples=["tadarag/1"])


class Body(BaseModel):
    """What a client sends; a key that is not known is an error, so that no wish is dropped in silence."""

    model_config = ConfigDict(extra="forbid")


Span = Annotated[list[int], Field(min_length=2, max_length=2, description="[start, end) in code points of the document's text")]


def _not_blank(text: str) -> str:
    if not text.strip():
        raise ValueError("it is empty")
    return text


def _no_control(text: str) -> str:
    if "\0" in text:
        raise ValueError("it holds a NUL character")
    return text


Question = Annotated[str, Field(min_length=1, max_length=MOST_CHARACTERS), AfterValidator(_not_blank), AfterValidator(_no_control)]
Name = Annotated[str, Field(min_length=1, max_length=1000), AfterValidator(_not_blank), AfterValidator(_no_control)]
OptionalName = Annotated[str, Field(max_length=1000), AfterValidator(_no_control)]
Json = dict[str, Any]
