"""The corpus graph as `tadarag.graph_json` writes it, and what a person decides about names."""

from __future__ import annotations

from pydantic import Field

from tadarag.serving.schemas.form import Body, Form, Name, OptionalName, Result, Span


class ThingForm(Form):
    """Something that documents name."""

    name: str
    type: str
    types: list[str]
    sources: list[str]


class NamesResult(Result):
    """Things of which some name holds the text."""

    things: list[ThingForm]


class QuoteForm(Form):
    """A sentence of a document."""

    source: str
    span: Span
    sentence: str


class NameForm(Form):
    """A name with sentences that use it."""

    name: str
    sentences: list[QuoteForm]


class AliasForm(Form):
    """Why two names are taken for one thing."""

    reason: str
    names: list[str]
    sources: list[str]
    support: list[QuoteForm]


class AliasedThing(ThingForm):
    """A thing with its names."""

    names: list[NameForm]
    aliases: list[AliasForm]


class AliasesResult(Result):
    """Things with their names; `parted`: pairs that a person keeps apart."""

    things: list[AliasedThing]
    n_things: int
    parted: list[list[str]]


class OtherEnd(Form):
    """The other end of a fact."""

    name: str
    type: str


class FactForm(Form):
    """A fact with the sentence that states it."""

    predicate: str
    direction: str
    other: OtherEnd
    source: str
    content: str
    span: Span
    sentence: str
    probability: float
    stated_on: str
    valid_from: str
    valid_to: str


class ConflictStatement(Form):
    """A document's word in a conflict."""

    source: str
    stated_on: str
    sentence: str


class ConflictValue(Form):
    """One of the values that contradict each other."""

    value: str
    is_latest: bool
    statements: list[ConflictStatement]


class ConflictForm(Form):
    """Facts that contradict each other."""

    predicate: str
    values: list[ConflictValue]


class MayBeForm(Form):
    """A short name that may mean the thing."""

    name: str
    source: str
    weight: float


class NamedWithForm(Form):
    """A name that stands in the same sentences."""

    name: str
    sentences: int


class NearThing(ThingForm):
    """A thing some facts away."""

    facts: list[FactForm]


class NeighboursResult(AliasedThing, Result):
    """A thing with its facts and what is around it."""

    as_of: str
    facts: list[FactForm]
    conflicts: list[ConflictForm]
    may_also_be: list[MayBeForm]
    named_with: list[NamedWithForm]
    around: list[NearThing]


class StepForm(Form):
    """A step of a chain."""

    from_: str = Field(alias="from")
    to: str
    kind: str
    predicate: str
    is_reversed: bool
    weight: float
    sentences: list[QuoteForm]


class ChainForm(Form):
    """A chain of steps."""

    steps: list[StepForm]


class PathResult(Result):
    """The shortest chains between two things; none where nothing joins them."""

    from_: ThingForm = Field(alias="from")
    to: ThingForm
    paths: list[ChainForm]


class UnmergeBody(Body):
    """Two names, or a name and the document whose bearer of it is another, that are not one thing. undo: withdraw that."""

    name: Name
    other: OptionalName = ""
    source: OptionalName = ""
    undo: bool = False


class UnmergeResult(Result):
    """What was decided."""

    name: str
    other: str
    source: str
    undone: bool
