"""The cascade of checks, cheap ones first, by which a graph comes to its reward (training.md section 4)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from tadarag.analysis import is_cjk
from tadarag.graph.tuple_format import END, until_mark
from tadarag.models.language_model import estimate_tokens
from tadarag.templates.template import Template
from tadarag.training.rewards.emitted import EmittedGraph
from tadarag.training.rewards.parsing import STOP, graph_text, has_stray_marker, read_graph
from tadarag.training.rewards.sample import RewardItem, Sample
from tadarag.training.rewards.terms import TERMS
from tadarag.training.rewards.weighted import JUDGE, Weights, weighted_sum

GATE = "gate"
"""The term of what a failed gate costs; 0 when none failed."""
_BAD_FORM, _UNREADABLE = -0.5, -0.3
_COSTS = ("cost", "budget", "duplicates", "copying", "emptiness")
_RULES = ("anchored", "looseness", "evidence_recall")
TERM_NAMES = (GATE, *TERMS, JUDGE)

GainOf = Callable[[EmittedGraph, RewardItem], float]
"""L_base - L_graph under a frozen answerer, in nats a token."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scoring:
    """How graphs are scored. template_of: the template of a domain. gain_of: asked only where `answer_gain` has a weight and G5 is reached.

    max_tokens: the length at which a completion is too long, as `count_tokens` counts (a policy's own tokenizer, or the product's estimate).
    """

    weights: Weights
    template_of: Callable[[str], Template]
    gain_of: GainOf | None = None
    max_tokens: int = 2048
    count_tokens: Callable[[str], int] = field(default=estimate_tokens)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """A reward, the value of every term (None: not reached), and the gate that ended scoring ("" for none).

    is_dropped: the judge failed, so that the sample must not be learned from. graph: None where none could be read.
    """

    total: float
    terms: Mapping[str, float | None]
    failed: str = ""
    is_dropped: bool = False
    graph: EmittedGraph | None = None

    @property
    def is_undecided(self) -> bool:
        """Whether it passed every gate and rules could not tell its outcome: the item has no gold evidence."""
        return not self.failed and self.terms["evidence_recall"] is None


def score_completion(completion: str, item: RewardItem, scoring: Scoring) -> Scored:
    """The reward of what a language model wrote: G0 (length, end mark, language), G1 (it parses), then as `score_graph`."""
    if not _has_form(completion, item.source, scoring):
        return _failed("G0", _BAD_FORM)
    graph = read_graph(completion, item.source, scoring.template_of(item.domain))
    if _is_unreadable(completion, graph):
        return _failed("G1", _UNREADABLE)
    return score_graph(graph, item, scoring)


def score_graph(graph: EmittedGraph, item: RewardItem, scoring: Scoring) -> Scored:
    """The reward of a graph: G2 (places and names), G3 (costs), G4 (rules, gold evidence), G5 (the frozen answerer).

    A graph of which nothing is valid ends at G2 with what that costs; later terms are then None, not 0. Raises ValueError where the
    answerer gives no finite number.
    """
    sample = Sample(graph=graph, item=item)
    terms: dict[str, float | None] = {GATE: 0.0, **_reached(("well_formed", "validity"), sample)}
    if terms["validity"] == 1.0:
        return _scored(terms, scoring.weights, failed="G2", graph=graph)
    terms |= _reached((*_COSTS, *_RULES), sample)
    if scoring.gain_of is not None and scoring.weights.of("answer_gain"):
        terms |= _reached(("answer_gain",), Sample(graph=graph, item=item, gain=scoring.gain_of(graph, item)))
    return _scored(terms, scoring.weights, failed="", graph=graph)


def _reached(names: tuple[str, ...], sample: Sample) -> dict[str, float | None]:
    return {name: TERMS[name](sample) for name in names}


def _scored(terms: Mapping[str, float | None], weights: Weights, *, failed: str, graph: EmittedGraph) -> Scored:
    whole = {name: terms.get(name) for name in TERM_NAMES}
    return Scored(total=weighted_sum(whole, weights), terms=whole, failed=failed, graph=graph)


def _failed(gate: str, penalty: float) -> Scored:
    return Scored(total=penalty, terms={name: penalty if name == GATE else None for name in TERM_NAMES}, failed=gate)


def _has_form(completion: str, source: str, scoring: Scoring) -> bool:
    """G0: whether it is short enough, has an end mark and no marker inside, and is in the language of its source."""
    body, is_closed = graph_text(completion)
    body, end, _ = until_mark(body, END)
    is_ended = bool(end) or is_closed
    is_clean = is_ended and not has_stray_marker(completion)
    return is_clean and scoring.count_tokens(completion) <= scoring.max_tokens and is_in_language_of(body, source)


def is_in_language_of(body: str, source: str) -> bool:
    """Whether a graph is not in Chinese where its source has none, nor without any Chinese where its source is mostly that; an empty one is in any.

    The words of the wire format and of templates are Latin, so a Chinese graph needs some Chinese only.
    """
    letters = [character for character in body if character.isalpha()]
    of_source = [character for character in source if character.isalpha()]
    wide, wide_source = sum(map(is_cjk, letters)), sum(map(is_cjk, of_source))
    if not letters:
        return True
    return bool(wide) if 2 * wide_source > len(of_source) else bool(wide_source) or 2 * wide <= len(letters)


def _is_unreadable(completion: str, graph: EmittedGraph) -> bool:
    """G1: whether something was written and nothing of it is a tuple."""
    if graph.nodes or graph.edges or graph.n_rejected:
        return False
    body = until_mark(graph_text(completion)[0], END)[0]
    return bool(body.replace(STOP, "").strip())
