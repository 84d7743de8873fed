"""tadarag: answers from your own documents, with citations that can be checked."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tadarag.budget import Budget
    from tadarag.corpus_views import Chains
    from tadarag.digests import Digests
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
        GraphServerError,
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
    from tadarag.evaluation.evaluations import Evaluations
    from tadarag.graph.view import CorpusView, Thing
    from tadarag.knowledge_base import KnowledgeBase
    from tadarag.outline.lines import OutlineLine
    from tadarag.reports import BaseStatus, IngestEstimate, IngestProgress, IngestReport, ReadingEstimate, TierEstimate
    from tadarag.store.protocol import (
        DocumentInfo,
        Finding,
    )
    from tadarag.tiers import Tiers
    from tadarag.values import (
        Answer,
        AnswerEvent,
        Chunk,
        Citation,
        Document,
        Entity,
        Evidence,
        Extraction,
        FactSource,
        Feedback,
        Filters,
        GraphFact,
        GraphNode,
        Heading,
        Hit,
        Link,
        Mention,
        Passage,
        PassageInContext,
        QuestionGraph,
        Record,
        Relation,
        Route,
        SourceName,
        Span,
        Statement,
        Usage,
        UsedPassage,
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
    "Chains",
    "Chunk",
    "Citation",
    "ContentMissing",
    "ContextOverflow",
    "CorpusView",
    "Digests",
    "Document",
    "DocumentError",
    "DocumentInfo",
    "EncoderBroken",
    "EncoderMismatch",
    "EndpointError",
    "Entity",
    "Evaluations",
    "Evidence",
    "Extraction",
    "FactSource",
    "Feedback",
    "Filters",
    "Finding",
    "FormatMismatch",
    "GraphFact",
    "GraphNode",
    "GraphServerError",
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
    "OutlineLine",
    "Passage",
    "PassageInContext",
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
    "Thing",
    "TierEstimate",
    "Tiers",
    "TrainingError",
    "Usage",
    "UsageError",
    "UsedPassage",
]

_HOMES = {
    "Budget": "budget",
    "Tiers": "tiers",
    "KnowledgeBase": "knowledge_base",
    "Digests": "digests",
    "Evaluations": "evaluation.evaluations",
    "Chains": "corpus_views",
    "OutlineLine": "outline.lines",
    "CorpusView": "graph.view",
    "Thing": "graph.view",
    "DocumentInfo": "store.protocol",
    "Finding": "store.protocol",
    **dict.fromkeys(("BaseStatus", "IngestEstimate", "IngestProgress", "IngestReport", "ReadingEstimate", "TierEstimate"), "reports"),
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
