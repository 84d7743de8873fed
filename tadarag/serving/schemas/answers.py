"""Questions and filters as they are sent; hits, answers and their events as `tadarag.answer_json` writes them."""

from __future__ import annotations

import datetime
from typing import Annotated, Literal

from pydantic import Field

from tadarag.serving.schemas.form import Body, Form, OptionalName, Question, Result, Span
from tadarag.values import Filters

Patterns = Annotated[list[OptionalName], Field(max_length=100)]


class FilterBody(Body):
    """Which documents may take part: glob patterns of names, an inclusive range of dates, languages, domains."""

    sources: Patterns = Field(default_factory=list)
    date_from: datetime.date | None = None
    date_to: datetime.date | None = None
    languages: Patterns = Field(default_factory=list)
    domains: Patterns = Field(default_factory=list)

    def filters(self) -> Filters:
        """As the base takes them."""
        return Filters(
            sources=tuple(self.sources),
            date_from=self.date_from.isoformat() if self.date_from else "",
            date_to=self.date_to.isoformat() if self.date_to else "",
            languages=tuple(self.languages),
            domains=tuple(self.domains),
        )


Layers = Annotated[
    list[Annotated[str, Field(max_length=40)]] | None, Field(max_length=20, description="only these layers count; all by default")
]


class SearchBody(Body):
    """A query."""

    query: Question
    limit: int = Field(10, ge=1, le=100)
    filters: FilterBody = FilterBody()
    layers: Layers = None


class AskBody(Body):
    """A question. stream: the answer as server-sent events. pipeline: a recipe, see /api/v1/status; the server's own by default."""

    question: Question
    pipeline: str = Field("", max_length=100)
    filters: FilterBody = FilterBody()
    layers: Layers = None
    with_graph: bool = False
    stream: bool = False


class LinkForm(Form):
    """A step of the path to a hit."""

    seed: str
    seed_chunk: str
    sentence: str
    name: str
    kind: Literal["title", "part", "mention", "residual"]


class HitForm(Form):
    """A passage with its score and how it was found."""

    rank: int
    source: str
    content: str
    chunk: str
    span: Span
    page: int | None
    heading_path: list[str]
    outline: str
    date: str
    language: str
    domain: str
    score: float
    layers: dict[str, float]
    path: list[LinkForm]
    text: str


class SearchResult(Result):
    """Hits, best first."""

    query: str
    hits: list[HitForm]


class CitationForm(Form):
    """`quote` stands at `span` in the document of hash `content`: that has been checked."""

    number: int
    source: str
    content: str
    span: Span
    quote: str
    page: int | None
    heading_path: list[str]
    date: str


class StatementForm(Form):
    """A sentence of the answer; one that is not supported is not in the answer's text."""

    text: str
    citations: list[int]
    supported: bool


class RouteForm(Form):
    """What the question was taken to ask for."""

    language: str
    task: str
    answer: str
    domain: str
    confidence: float
    domain_confidence: float
    reasons: list[str]


class UsageForm(Form):
    """What the answer cost; null where it is not known."""

    seconds: dict[str, float]
    prompt_tokens: int
    completion_tokens: int
    tokens_are_estimates: bool
    cost: float | None
    model: str


class ChoiceForm(Form):
    """What a language model chose among the passages; problem: why that could not be used, "" when it was."""

    shown: int
    chosen: int
    unknown: int
    problem: str


class EvidenceForm(Form):
    """The hits that the answer was made from."""

    sequence: int
    early_exit: bool
    choice: ChoiceForm | None = None
    hits: list[HitForm]


class PlaceForm(Form):
    """A place in a document."""

    source: str
    span: Span


class NodeForm(Form):
    """A thing that the passages name."""

    name: str
    kind: str
    label: str
    normal: str
    score: float
    is_asked: bool
    spans: list[PlaceForm]


class FactPlaceForm(PlaceForm):
    """A sentence that states a fact, and the number of its passage."""

    passage: int
    content: str


class QuestionFactForm(Form):
    """A fact; head and tail count into `nodes`."""

    head: int
    relation: str
    shown: str
    tail: int
    kind: str
    probability: float
    score: float
    stated_in: list[FactPlaceForm]


class QuestionGraphForm(Form):
    """What the passages state about the question."""

    task: str
    template: str
    is_poor: bool
    n_nodes_found: int
    n_facts_found: int
    n_unread: int
    nodes: list[NodeForm]
    facts: list[QuestionFactForm]


class AnswerForm(Form):
    """An answer whose citations have been checked."""

    id: str
    question: str
    text: str
    short: str
    found: bool
    confidence: float
    statements: list[StatementForm]
    citations: list[CitationForm]
    route: RouteForm
    evidence: EvidenceForm
    graph: QuestionGraphForm | None
    usage: UsageForm


class AnswerResult(AnswerForm, Result):
    """An answer."""


class EventForm(Result):
    """One server-sent event; its name is `event` too. "text" is unchecked (`is_checked` is false); "done" carries the answer; "error" a problem."""

    event: Literal["text", "checked", "withdrawn", "done"]
    is_checked: bool
    text: str
    statement: int
    answer: AnswerForm | None = None
