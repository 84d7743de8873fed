"""What language models made of documents: asked once, recorded under the hash of what was asked, and never asked again."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from typing import Protocol, runtime_checkable

from mom.language_model import CannotRead, Completion
from mom.language_model import LanguageModel as MomModel
from mom.language_model import Sampling as MomSampling
from mom.mem_reader import Estimate
from mom.memory_builder import MemoryBuilder
from mom.values import HeadingLike, SpanLike
from tadarag.document_json import canonical_json
from tadarag.errors import ContextOverflow, EndpointError
from tadarag.models.language_model import LanguageModel, Message, Sampling, Tokens
from tadarag.store.protocol import READING
from tadarag.values import Document, ReadingEstimate

Recall = Callable[[str], str | None]
"""The recorded result for a key, None if it never was asked for."""
Save = Callable[[Sequence[tuple[str, str]]], object]
"""Records replies at once."""
SAVE_EVERY = 32
"""So many new replies of one document are recorded before it is done: a book takes hours, and they were paid for."""


@runtime_checkable
class ModelDriven(Protocol):
    """A memory builder that asks a model, that can be given another object in its place, and that can say before what it would ask."""

    @property
    def model(self) -> MomModel: ...

    def with_model(self, model: MomModel) -> MemoryBuilder: ...

    def estimate(
        self, text: str, *, title: str = "", headings: Sequence[HeadingLike] = (), blocks: Sequence[SpanLike] = ()
    ) -> Estimate: ...


@dataclass(frozen=True, slots=True)
class ReadingModel:
    """One of our language models as mom asks it. Raises CannotRead for what does not fit, EndpointError for a reply that broke off."""

    model: LanguageModel

    @property
    def name(self) -> str:
        """The model's own name."""
        return self.model.name

    def complete(self, system: str, user: str, sampling: MomSampling) -> Completion:
        """The whole reply. A reply that the limit of tokens or of time has cut says so."""
        drawn = Sampling(
            temperature=sampling.temperature, top_p=sampling.top_p, seed=sampling.seed, repetition_penalty=sampling.repetition_penalty
        )
        messages = (Message("system", system), Message("user", user))
        try:
            events = list(self.model.stream(messages, max_tokens=sampling.max_tokens, sampling=drawn))
        except ContextOverflow as error:
            raise CannotRead(error.happened) from error
        done = events[-1]
        if done.finish == "interrupted" or done.tokens is None:
            raise EndpointError(f"the reply of {self.name!r} broke off", "run: tadarag retry")
        return Completion(
            text="".join(event.text for event in events),
            prompt_tokens=done.tokens.prompt,
            completion_tokens=done.tokens.completion,
            are_estimates=done.tokens.are_estimates,
            is_cut=done.finish != "stop",
        )

    def count_tokens(self, text: str) -> tuple[int, bool]:
        """The model's own count."""
        return self.model.count_tokens(text)


def estimate_readings(builder: MemoryBuilder, documents: Sequence[Document], model: LanguageModel | None) -> ReadingEstimate:
    """What building the memories of documents would ask; nothing of a builder that asks no model. model: knows the prices."""
    if not isinstance(builder, ModelDriven):
        return ReadingEstimate(
            model="", n_documents=len(documents), n_calls=0, prompt_tokens=0, completion_tokens=0, are_estimates=False, cost=None
        )
    parts = [
        builder.estimate(document.text, title=document.title, headings=document.headings, blocks=document.blocks) for document in documents
    ]
    prompt, completion = sum(part.prompt_tokens for part in parts), sum(part.completion_tokens for part in parts)
    are_estimates = any(part.are_estimates for part in parts)
    tokens = Tokens(prompt=prompt, completion=completion, are_estimates=are_estimates)
    return ReadingEstimate(
        model=builder.model.name,
        n_documents=len(documents),
        n_calls=sum(part.n_calls for part in parts),
        prompt_tokens=prompt,
        completion_tokens=completion,
        are_estimates=are_estimates,
        cost=None if model is None else model.cost(tokens),
    )


@dataclass(slots=True)
class Readings:
    """The replies that one ingest uses: those that `recall` knows, and those it had to ask for. A class because it gathers them.

    New ones are recorded with the documents that they were said of, by whoever takes them; `save` records those of a long document before.
    """

    recall: Recall
    save: Save
    _made: dict[str, str] = field(default_factory=dict)
    _fresh: list[str] = field(default_factory=list)
    _used: list[str] = field(default_factory=list)

    def remembering(self, model: MomModel) -> MomModel:
        """The model, asked only what has never been asked."""
        return _Remembering(model, self)

    def find(self, key: str) -> str | None:
        """The recorded reply for a key, noted as used."""
        self._used.append(key)
        return self._made.get(key) or self.recall(key)

    def keep(self, key: str, body: str) -> None:
        """Note a new reply."""
        self._made[key] = body
        self._fresh.append(key)
        if len(self._fresh) >= SAVE_EVERY:
            self.save(self.take_fresh())

    def take_used(self) -> tuple[str, ...]:
        """Keys of the replies used since this was last called, sorted, each once."""
        used, self._used = self._used, []
        return tuple(sorted(set(used)))

    def take_fresh(self) -> tuple[tuple[str, str], ...]:
        """New replies since this was last called: what the next change records."""
        fresh, self._fresh = self._fresh, []
        return tuple((key, self._made[key]) for key in fresh)


@dataclass(frozen=True, slots=True)
class _Remembering:
    model: MomModel
    readings: Readings

    @property
    def name(self) -> str:
        return self.model.name

    def complete(self, system: str, user: str, sampling: MomSampling) -> Completion:
        key = (
            READING + sha256(canonical_json([self.model.name, system, user, asdict(sampling)]).encode("utf-8", "surrogatepass")).hexdigest()
        )
        body = self.readings.find(key)
        if body is None:
            try:
                made = asdict(self.model.complete(system, user, sampling))
            except CannotRead as error:
                made = {"cannot_read": str(error)}
            body = json.dumps(made, sort_keys=True)
            self.readings.keep(key, body)
        value = json.loads(body)
        if "cannot_read" in value:
            raise CannotRead(value["cannot_read"])
        return Completion(**value)

    def count_tokens(self, text: str) -> tuple[int, bool]:
        return self.model.count_tokens(text)
