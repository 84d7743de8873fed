"""What an ingest would take: tokens and money of its models by the prompts it would send, seconds by a sample of its documents."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import fsum
from pathlib import Path
from tempfile import TemporaryDirectory

from tadarag.components import Components, structural_builder
from tadarag.derivation import units_of
from tadarag.documents.parsing import content_hash
from tadarag.extraction.llm_prompt import Question, ask_about
from tadarag.ingestion import Ingest
from tadarag.models.language_model import LanguageModel, Tokens, estimate_tokens
from tadarag.readings import AskingUnits, ModelDriven, Recall, estimate_readings, reply_key
from tadarag.reports import IngestEstimate, TierEstimate
from tadarag.store.embedded import EmbeddedStore, create
from tadarag.store.protocol import Store
from tadarag.store.schema import FORMAT
from tadarag.values import Document, SourceName

SAMPLE_TOKENS = 12_000
"""Of each tier so much text is read to measure how fast it goes: some seconds, and within a tenth of the whole on mixed documents."""
USUAL_REPLIES = ((50, 45), (250, 225))
"""Before replies are recorded: (tokens of a passage, tokens of its reply). They weigh little beside recorded ones."""
_USUAL_WEIGHT = 0.02


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyRates:
    """What recorded replies of a model tell: a reply has `base` tokens and `share` more for each of its passage, a prompt `factor` times as many
    as were counted before."""

    base: float
    share: float
    factor: float = 1.0

    def completion(self, question: Question) -> float:
        """Tokens that the reply to a question is expected to have."""
        return min(question.max_tokens, max(0.0, self.base + self.share * question.text_tokens))


@dataclass(frozen=True, slots=True)
class _Measured:
    """How long documents took."""

    seconds: float
    cpu_seconds: float


def estimate_ingest(
    documents: Sequence[tuple[Document, str]],
    components: Components,
    store: Store,
    model: LanguageModel | None,
    *,
    workers: int,
    parsing_seconds: float,
) -> IngestEstimate:
    """What it would take to ingest documents, each with the tier that would read it. model: knows the prices of memories.

    parsing_seconds: what parsing all of them took just now.
    """
    by_tier: dict[str, list[Document]] = {}
    for document, tier in documents:
        by_tier.setdefault(tier, []).append(document)
    tiers = tuple(_tier_estimate(tier, by_tier[tier], components, store) for tier in sorted(by_tier))
    seconds = cpu_seconds = parsing_seconds
    n_sampled = 0
    for tier in sorted(by_tier):
        sample = _sample(by_tier[tier])
        took = _measure(by_tier[tier], sample, tier, components, store, workers=workers)
        n_sampled += len(sample)
        seconds, cpu_seconds = seconds + took.seconds, cpu_seconds + took.cpu_seconds
    return IngestEstimate(
        n_documents=len(documents),
        memories=estimate_readings(components.builder, [document for document, _ in documents], model),
        tiers=tiers,
        seconds=seconds,
        cpu_seconds=cpu_seconds,
        n_sampled=n_sampled,
    )


def reply_rates(recorded: Iterable[tuple[str, str]], asked: str) -> ReplyRates:
    """Rates of the recorded replies of a model: least squares over their lengths, with the usual replies as two more points."""
    points = [(_USUAL_WEIGHT, float(text), float(reply)) for text, reply in USUAL_REPLIES]
    n_counted = n_prompt = 0
    for _, body in recorded:
        value = json.loads(body)
        if not isinstance(value, dict) or value.get("asked") != asked or value["does_not_fit"]:
            continue
        points.append((1.0, float(value["text_tokens"]), float(value["tokens"]["completion"])))
        if not value["tokens"]["are_estimates"]:
            n_counted, n_prompt = n_counted + value["counted"], n_prompt + value["tokens"]["prompt"]
    n = fsum(weight for weight, _, _ in points)
    mean_text, mean_reply = (fsum(point[0] * point[at] for point in points) / n for at in (1, 2))
    spread = fsum(weight * (text - mean_text) ** 2 for weight, text, _ in points)
    share = fsum(weight * (text - mean_text) * (reply - mean_reply) for weight, text, reply in points) / spread
    factor = n_prompt / n_counted if n_counted and n_prompt else 1.0
    return ReplyRates(base=mean_reply - share * mean_text, share=share, factor=factor)


def _tier_estimate(tier: str, documents: Sequence[Document], components: Components, store: Store) -> TierEstimate:
    units = components.extractor_of(tier).units
    if not isinstance(units, AskingUnits):
        return TierEstimate(tier=tier, n_documents=len(documents))
    wanted = _questions(documents, units, components, store.recorded_result)
    rates = reply_rates(store.recorded(), units.asked)
    counts = [units.model.count_tokens(message.content) for question in wanted.values() for message in question.messages]
    tokens = Tokens(
        prompt=round(rates.factor * sum(count for count, _ in counts)),
        completion=round(fsum(rates.completion(question) for question in wanted.values())),
        are_estimates=any(is_estimate for _, is_estimate in counts),
    )
    return TierEstimate(
        tier=tier,
        n_documents=len(documents),
        model=units.model.name,
        n_calls=len(wanted),
        prompt_tokens=tokens.prompt,
        completion_tokens=tokens.completion,
        are_estimates=tokens.are_estimates,
        cost=units.model.cost(tokens),
    )


def _questions(documents: Sequence[Document], units: AskingUnits, components: Components, recall: Recall) -> Mapping[str, Question]:
    """What would be asked, each once, without what is recorded."""
    wanted: dict[str, Question] = {}
    for document in documents:
        chunks, template = units_of(document, components)
        for chunk in chunks:
            question = ask_about(chunk, template)
            key = reply_key(units, question)
            if key not in wanted and any(character.isalnum() for character in chunk.text) and recall(key) is None:
                wanted[key] = question
    return wanted


def _sample(documents: Sequence[Document]) -> list[Document]:
    """Documents of all lengths, evenly by their order of length, until they hold SAMPLE_TOKENS; all of them when they hold less."""
    ordered = sorted(documents, key=lambda document: (len(document.text), content_hash(document)))
    n_tokens = sum(estimate_tokens(document.text) for document in ordered)
    n_wanted = max(1, round(len(ordered) * min(1.0, SAMPLE_TOKENS / max(1, n_tokens))))
    step = len(ordered) / n_wanted
    return [ordered[int((number + 0.5) * step)] for number in range(n_wanted)]


def _measure(
    documents: Sequence[Document], sample: Sequence[Document], tier: str, components: Components, store: Store, *, workers: int
) -> _Measured:
    """The sample's time by the tokens of all documents: read into a base of its own, after one document that warms everything up."""
    n_all, n_sample = (sum(estimate_tokens(document.text) for document in some) for some in (documents, sample))
    asks_nothing = _without_models(components, tier)
    shortest = min(sample, key=lambda document: len(document.text))
    first = _timed([shortest], asks_nothing, store, workers=workers)
    took = _timed(sample, asks_nothing, store, workers=workers)
    n_first = estimate_tokens(shortest.text)
    return _Measured(
        _extrapolated(first.seconds, n_first, took.seconds, n_sample, n_all),
        _extrapolated(first.cpu_seconds, n_first, took.cpu_seconds, n_sample, n_all),
    )


def _extrapolated(first: float, n_first: int, took: float, n_sample: int, n_all: int) -> float:
    """Seconds of the sample by the tokens of all, and what the first document took beyond its share: models are loaded once."""
    rate = took / n_sample if n_sample else 0.0
    return max(0.0, first - rate * n_first) + (rate * n_all if n_sample else took)


def _without_models(components: Components, tier: str) -> Components:
    """Components that read as that tier does, but ask no model: what a model takes is waiting, not work of this computer."""
    extractor = components.extractor_of(tier)
    builder = components.builder
    return replace(
        components,
        builder=structural_builder(components.encoder) if isinstance(builder, ModelDriven) else builder,
        extractor=components.extractor if isinstance(extractor.units, AskingUnits) else extractor,
        tier_of={},
    )


def _timed(documents: Sequence[Document], components: Components, known: Store, *, workers: int) -> _Measured:
    with TemporaryDirectory(prefix="tadarag-estimate-") as temporary:
        folder = Path(temporary) / "base"
        create(folder, {**components.settings(), "format": FORMAT})
        store = EmbeddedStore(folder)
        began, began_cpu = time.perf_counter(), time.process_time()
        ingest = Ingest(store, components, lambda name, data: (), workers=workers, known=known, decisions=())
        ingest.documents((SourceName(".", f"{number}"), document) for number, document in enumerate(documents))
        took = _Measured(time.perf_counter() - began, time.process_time() - began_cpu)
        store.close()
    return took
