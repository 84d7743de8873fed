"""What language models made of documents: asked once, recorded under the hash of what was asked, and never asked again."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field, replace
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
from tadarag.extraction.extractor import Extractor, UnitExtractor
from tadarag.extraction.llm_prompt import Question
from tadarag.extraction.llm_units import Ask, ModelReply
from tadarag.ledger import MEMORIES, Meter, call_spent
from tadarag.models.language_model import LanguageModel, Message, Sampling, Tokens
from tadarag.reports import ReadingEstimate
from tadarag.store.protocol import READING
from tadarag.values import Document

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


@runtime_checkable
class AskingUnits(Protocol):
    """A unit extractor that asks a model, and that can be given another way to ask. asked: the model and how its reply is drawn."""

    @property
    def model(self) -> LanguageModel: ...

    @property
    def asked(self) -> str: ...

    def with_ask(self, ask: Ask) -> UnitExtractor: ...

    def ask_directly(self, question: Question) -> ModelReply: ...


@runtime_checkable
class AskingExtractor(Protocol):
    """An extractor that can be given other units in the place of its own."""

    def with_units(self, units: UnitExtractor) -> Extractor: ...


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
    Memories are built in one thread, extractors read in many: what `take_used` tells is of the memories alone. meter: counts what is asked.
    """

    recall: Recall
    save: Save
    meter: Meter = field(default_factory=Meter)
    _made: dict[str, str] = field(default_factory=dict)
    _fresh: list[str] = field(default_factory=list)
    _used: list[str] = field(default_factory=list)
    _guard: threading.Lock = field(default_factory=threading.Lock)
    _asking: dict[str, threading.Lock] = field(default_factory=dict)

    def remembering(self, model: MomModel) -> MomModel:
        """The model, asked only what has never been asked."""
        return _Remembering(model, self)

    def remembering_extractor(self, tier: str, extractor: Extractor) -> Extractor:
        """The extractor with its model asked only what has never been asked; one that asks no model as it is. tier: what it is counted as."""
        units = extractor.units
        if not isinstance(units, AskingUnits) or not isinstance(extractor, AskingExtractor):
            return extractor
        return extractor.with_units(units.with_ask(lambda question: self._reply(units, question, tier)))

    def knows(self, key: str) -> bool:
        """Whether the reply for a key needs not be asked for."""
        return self._known(key) is not None

    def find(self, key: str) -> str | None:
        """The recorded reply for a key, noted as used."""
        self._used.append(key)
        return self._known(key)

    def keep(self, key: str, body: str) -> None:
        """Note a new reply."""
        with self._guard:
            self._made[key] = body
            self._fresh.append(key)
            if len(self._fresh) >= SAVE_EVERY:
                # Under the guard: who takes what is left, to write it with a document, must not overtake what is being saved.
                self.save(self._take_fresh())

    def _known(self, key: str) -> str | None:
        with self._guard:
            made = self._made.get(key)
        return made or self.recall(key)

    def _reply(self, units: AskingUnits, question: Question, tier: str) -> ModelReply:
        """The recorded reply, or the model's own; two threads that want the same one ask once."""
        key = reply_key(units, question)
        with self._guard:
            asking = self._asking.setdefault(key, threading.Lock())
        with asking:
            body = self._known(key)
            if body is not None:
                return _reply_of(body, key)
            reply = units.ask_directly(question)
            self.meter.add(call_spent(tier, reply.tokens, units.model.cost(reply.tokens)), key=key)
            self.keep(key, _reply_body(units, question, reply))
            return replace(reply, key=key)

    def take_used(self) -> tuple[str, ...]:
        """Keys of the replies used since this was last called, sorted, each once."""
        used, self._used = self._used, []
        return tuple(sorted(set(used)))

    def take_fresh(self) -> tuple[tuple[str, str], ...]:
        """New replies since this was last called: what the next change records."""
        with self._guard:
            return self._take_fresh()

    def _take_fresh(self) -> tuple[tuple[str, str], ...]:
        fresh, self._fresh = self._fresh, []
        return tuple((key, self._made[key]) for key in fresh)


def reply_key(units: AskingUnits, question: Question) -> str:
    """Under what an extractor's reply is recorded."""
    return READING + question.key(units.asked)


def _reply_body(units: AskingUnits, question: Question, reply: ModelReply) -> str:
    """A reply as it is recorded. counted, text_tokens: what was estimated before, so that later estimates learn from it."""
    counted = sum(units.model.count_tokens(message.content)[0] for message in question.messages)
    body = {
        "asked": units.asked,
        "counted": counted,
        "text_tokens": question.text_tokens,
        "text": reply.text,
        "tokens": asdict(reply.tokens),
        "does_not_fit": reply.does_not_fit,
    }
    return json.dumps(body, sort_keys=True)


def _reply_of(body: str, key: str) -> ModelReply:
    value = json.loads(body)
    return ModelReply(text=value["text"], tokens=Tokens(**value["tokens"]), key=key, does_not_fit=value["does_not_fit"])


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
                completion = self.model.complete(system, user, sampling)
                self._count(completion, key)
                made = asdict(completion)
            except CannotRead as error:
                made = {"cannot_read": str(error)}
            body = json.dumps(made, sort_keys=True)
            self.readings.keep(key, body)
        value = json.loads(body)
        if "cannot_read" in value:
            raise CannotRead(value["cannot_read"])
        return Completion(**value)

    def _count(self, completion: Completion, key: str) -> None:
        tokens = Tokens(prompt=completion.prompt_tokens, completion=completion.completion_tokens, are_estimates=completion.are_estimates)
        cost = self.model.model.cost(tokens) if isinstance(self.model, ReadingModel) else None
        self.readings.meter.add(call_spent(MEMORIES, tokens, cost), key=key)

    def count_tokens(self, text: str) -> tuple[int, bool]:
        return self.model.count_tokens(text)
