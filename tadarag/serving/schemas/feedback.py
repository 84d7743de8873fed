"""What is said of answers."""

from __future__ import annotations

from pydantic import Field

from tadarag.serving.schemas.form import Body, Form, OptionalName, Result


class FeedbackBody(Body):
    """How good a kept answer is. token: a name of the client's own, so that sending it twice is sending it once."""

    answer: str = Field(pattern=r"^[0-9a-f]{16}$", description="the id of an answer")
    reward: float = Field(ge=-1, le=1, allow_inf_nan=False)
    comment: str = Field("", max_length=10_000)
    token: OptionalName = ""


class UsedForm(Form):
    """A passage that the answer was made from."""

    rank: int
    source: str
    content: str
    chunk: str
    score: float
    similarity: float
    cited: bool


class FeedbackForm(Form):
    """Feedback that was given."""

    id: str
    answer: str
    question: str
    reward: float
    source: str
    comment: str
    at: str
    token: str
    rests_on: list[UsedForm]


class FeedbackResult(FeedbackForm, Result):
    """Feedback as it was kept."""


class FeedbackList(Result):
    """All feedback, oldest first."""

    feedback: list[FeedbackForm]
