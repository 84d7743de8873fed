"""tadarag: answers from your own documents, with citations that can be checked."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tadarag.budget import Budget
    from tadarag.errors import (
        BaseBusy,
        BaseDamaged,
        BaseError,
        BaseMissing,
        ContentMissing,
        ContextOverflow,
        DocumentError,
        EncoderBroken,
        EncoderMismatch,
        EndpointError,
        FormatMismatch,
        IndexDamaged,
        ModelError,
        ModelFileDamaged,
        PluginError,
        Refused,
        TadaragError,
        TemplateError,
        TrainingError,
        UsageError,
    )
    from tadarag.knowledge_base import (
        Digests,
        KnowledgeBase,
    )
    from tadarag.store.protocol import (
        DocumentInfo,
        Finding,
    )
    from tadarag.tiers import Tiers
    from tadarag.values import (
        Answer,
        AnswerEvent,
        BaseStatus,
        Chunk,
        Citation,
        Document,
        Entity,
        Evidence,
        Extraction,
        FactSource,
        Filters,
        GraphFact,
        GraphNode,
        Heading,
        Hit,
        IngestEstimate,
        IngestProgress,
        IngestReport,
        Link,
        Mention,
        Passage,
        QuestionGraph,
        ReadingEstimate,
        Record,
        Relation,
        Route,
        SourceName,
        Span,
        Statement,
        TierEstimate,
        Usage,
    )

__all__ = [
    "Answer",
    "AnswerEvent",
    "BaseBusy",
    "BaseDamaged",
    "BaseError",
    "BaseMissing",
    "BaseStatus",
    "Budget",
    "Chunk",
    "Citation",
    "ContentMissing",
    "ContextOverflow",
    "Digests",
    "Document",
    "DocumentError",
    "DocumentInfo",
    "EncoderBroken",
    "EncoderMismatch",
    "EndpointError",
    "Entity",
    "Evidence",
    "Extraction",
    "FactSource",
    "Filters",
    "Finding",
    "FormatMismatch",
    "GraphFact",
    "GraphNode",
    "Heading",
    "Hit",
    "IndexDamaged",
    "IngestEstimate",
    "IngestProgress",
    "IngestReport",
    "KnowledgeBase",
    "Link",
    "Mention",
    "ModelError",
    "ModelFileDamaged",
    "Passage",
    "PluginError",
    "QuestionGraph",
    "ReadingEstimate",
    "Record",
    "Refused",
    "Relation",
    "Route",
    "SourceName",
    "Span",
    "Statement",
    "TadaragError",
    "TemplateError",
    "TierEstimate",
    "Tiers",
    "TrainingError",
    "Usage",
    "UsageError",
]

_HOMES = {
    "Budget": "budget",
    "Tiers": "tiers",
    "KnowledgeBase": "knowledge_base",
    "Digests": "knowledge_base",
    "DocumentInfo": "store.protocol",
    "Finding": "store.protocol",
}


def __getattr__(name: str) -> object:
    """A public name, loaded when it is first used: `import tadarag` alone loads neither numpy nor the runtime of the encoder."""
    from importlib import import_module

    if name not in __all__:
        raise AttributeError(f"module 'tadarag' has no attribute {name!r}")
    errors = import_module("tadarag.errors")
    home = errors if hasattr(errors, name) else import_module(f"tadarag.{_HOMES.get(name, 'values')}")
    value: object = getattr(home, name)
    globals()[name] = value  # the next use finds it without this function
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
