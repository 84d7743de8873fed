"""The card of the router's heads: what they read, what they were trained on, and what they are worth."""

from __future__ import annotations

import textwrap
from collections import defaultdict
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from tadarag.routing.heads import DOCUMENT_HEAD, QUESTION_HEADS
from tadarag.training.router_sources import DOCUMENT_LICENCES, QUESTION_LICENCES

CARD = "MODEL_CARD.md"
_WIDTH = 140
_HEADS = {"domain": "domain of a question", "task": "task of a question", "documents": "domain of a document"}
_WHAT = """\
# The router's heads

Small softmax heads: `question_heads.npz` gives a question its domain (six) and task (six), `document_head.npz` a document its domain.

| | |
|---|---|
| read | questions: the shipped encoder's vector as int8[384], about 150 features of wording and cues; documents: 32,768 buckets of hashed \
words, counts of cue words |
| made by | `python -m tadarag.training.router_heads --data DIR --out tadarag/routing/data`; same data, same bytes on one kind of processor |
"""
_WEIGHTS = (
    "| weights | int8 rows with one scale, whole thousandths of a logit for features; licence of tadarag; no text is kept in them |\n"
)
_LEFT_OUT = """\
Left out: sources with no licence stated, non-commercial, GPL or research-only ones (ATEC, PolicyQA, RealtimeQA, FiQA, FinanceBench, CCKS,
GraphRAG-Bench, LC-QuAD, SelfAware, medical question pairs, Chinese news corpora). MIT is the licence file of the repository that
zh_medical_dialogue is from; finre_zh and sanwen_zh likewise. ODC-BY (MultiHop-RAG) covers the database, of which only passages are used.
Development questions were looked at when the patterns of made questions were written, those of MultiHop-RAG among them; the made sentences
of news were written in the knowledge of which kinds of news the development sets hold, without their texts.
"""
_LIMITS = """\
## Limits
- English and Chinese. News is the weakest: hardly any licensed set holds news, so news questions without a sign of their date are taken for
  general knowledge, and Chinese news texts often too.
- Chinese customer support and law are known from few sources; left out, law falls to about half.
- A question's task is read from its words: whether a fact needs two passages cannot be seen there.
"""


def model_card(report: Mapping[str, Any], folder: Path, *, is_research: bool = False) -> str:
    """The card in Markdown. report: of `train_router`; folder: holds the heads, whose hashes are stated."""
    hashes = ", ".join(f"`{name}` {sha256((folder / name).read_bytes()).hexdigest()}" for name in (QUESTION_HEADS, DOCUMENT_HEAD))
    return "\n".join(
        [
            f"{_WHAT}| sha256 | {hashes} |\n{_WEIGHTS}",
            "## Data",
            "All sources, whatever their licence: not to be shipped.\n" if is_research else _licensed(),
            _worth(report),
            _LIMITS.rstrip(),
            "",
        ]
    )


def _licensed() -> str:
    return "\n".join(
        [
            "Sources whose stated licence allows it, at most 400 texts a source and label:",
            "",
            _item(f"questions: {_by_licence(QUESTION_LICENCES)}"),
            _item(f"documents: {_by_licence(DOCUMENT_LICENCES)}; texts of random cue words of the templates; sentences made here"),
            "",
            _LEFT_OUT,
        ]
    )


def _by_licence(licences: Mapping[str, str]) -> str:
    groups: dict[str, list[str]] = defaultdict(list)
    for source, licence in licences.items():
        groups[licence].append(source)
    return "; ".join(f"{', '.join(sources)} ({licence})" for licence, sources in groups.items())


def _worth(report: Mapping[str, Any]) -> str:
    rows = [
        f"| {said} | {report[head]['unseen sources']['macro_f1']} | {report[head]['within']['macro_f1']} | {report[head]['temperature']} |"
        for head, said in _HEADS.items()
    ]
    documents = report["documents"]
    shifts = ", ".join(f"{label} {shift:+g}" for label, shift in documents["shifts"].items()) or "none"
    without = documents["without shifts"]
    return "\n".join(
        [
            "## What they are worth",
            'Per cent. "Source left out": trained again without each source in turn, its rows told by the rest, all rows pooled.',
            "",
            "| | source left out, macro-F1 | within sources (five folds), macro-F1 | temperature |",
            "|---|---|---|---|",
            *rows,
            "",
            _wrapped(
                f"Shifts of the logits of documents, chosen by the same rows, sources and languages balanced: {shifts}. Without them macro-F1 is"
                f" {without['unseen sources']} with the source left out and {without['within']} within."
            ),
            "",
            "Each source left out, share told rightly / macro-F1 (of the source's own labels: mostly one):",
            "",
            *(_item(f"{said}: {_by_source(report[head])}") for head, said in _HEADS.items()),
            "",
        ]
    )


def _by_source(of_head: Mapping[str, Any]) -> str:
    sources = of_head["unseen sources"]["by source"]
    return ", ".join(f"{source} {one['right']:g} / {one['macro_f1']:g}" for source, one in sources.items())


def _item(text: str) -> str:
    return _wrapped(f"- {text}", indent="  ")


def _wrapped(text: str, *, indent: str = "") -> str:
    return "\n".join(textwrap.wrap(text, _WIDTH, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False))
