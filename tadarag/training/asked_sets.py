"""The questions of development sets, asked of their corpora as the product asks them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tadarag.evaluation.answers_run import literal_pattern
from tadarag.evaluation.beir import Question, load_qrels, load_queries, shuffle_key
from tadarag.evaluation.indexing import open_base
from tadarag.models.encoder import Encoder
from tadarag.training.selector.indexed import make_base
from tadarag.training.selector.question_sets import load_corpus
from tadarag.values import Answer, Filters

BASES = ".bases"
"""Where the indexed corpora are kept: hidden, for they are no artefact, and a stopped stage goes on with them."""
_TOLD_EVERY = 50
_RECIPE = "evidence-only"
"""Gives the passages and the route that an answerer is given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedSet:
    """base: the database of the set's corpus. asked: questions that have gold passages and answers, in a shuffled order that the file's order
    cannot influence, each with what was found for it. gold: source paths of the gold passages by question id. without_gold: what is found for
    each when these are left out before anything is scored; empty unless asked for.
    """

    base: Path
    asked: tuple[tuple[Question, Answer], ...]
    gold: Mapping[str, frozenset[str]]
    without_gold: Mapping[str, Answer]


def ask_set(
    name: str,
    stated: Mapping[str, Any],
    data: Path,
    folder: Path,
    encoder: Encoder,
    report: Callable[[str], None],
    *,
    also_without_gold: bool = False,
) -> AskedSet:
    """Index a set's corpus in `folder`, or find it done, and ask its questions.

    stated: {corpus, queries, qrels, limit}, files in BEIR layout below `data`; questions have their answers in their metadata.
    """
    gold = load_qrels(data / stated["qrels"])
    questions = [one for one in load_queries(data / stated["queries"]) if one.id in gold and one.metadata.get("answers")]
    questions.sort(key=lambda one: shuffle_key(one.id))
    questions = questions[: stated.get("limit")]
    own = folder / BASES / stated["corpus"].rpartition("/")[0].replace("/", "-")
    make_base(own, load_corpus(data, [stated["corpus"]]), report)
    asked: list[tuple[Question, Answer]] = []
    without: dict[str, Answer] = {}
    with open_base(own, encoder) as base:
        for question in questions:
            if len(asked) % _TOLD_EVERY == 0:
                report(f"{name}: {len(asked)} of {len(questions)} questions asked")
            asked.append((question, base.ask(question.text, pipeline=_RECIPE)))
            if also_without_gold:
                left_out = Filters(without=tuple(map(literal_pattern, sorted(gold[question.id]))))
                without[question.id] = base.ask(question.text, pipeline=_RECIPE, filters=left_out)
        return AskedSet(base=base.path, asked=tuple(asked), gold=gold, without_gold=without)
