"""The card of the selector: what it reads, what it was trained on, and what it is worth."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tadarag.retrieval.learned_selector import TREES
from tadarag.training.selector.evaluation import FORMULA, TRAINED, ZERO_SHOT

CARD = "MODEL_CARD.md"
_SOURCES = {
    "2wiki": "2WikiMultihopQA (Apache-2.0; the copies of its questions state no licence)",
    "hotpotqa": "HotpotQA (CC BY-SA 4.0)",
    "musique": "MuSiQue (CC BY 4.0)",
    "nq": "Natural Questions (CC BY-SA 3.0)",
}
_WHAT = """\
# The selector: trees over the candidates of a question

Puts the candidate passages of a question in an order in which those that together answer come first. Read by `tadarag/retrieval`
(`learned_selector.py`); questions that are answered without links never come here.

| | |
|---|---|
| reads | {n_features} features a candidate, each relative to the question's own candidates; about 90 candidates |
| model | {n_models} times {n_trees} gradient-boosted trees of at most 15 leaves (LambdaMART), their scores averaged; to that is added {formula_weight} \
times formula S as a share of the best |
| scores | probabilities that a passage is one of those that answer, calibrated on folds |
| encoder | `{encoder}` |
| file | `{file}`, {bytes:,} bytes, sha256 `{sha256}`; plain arrays, evaluated with numpy |
| made by | `tadarag train run selector --data-dir DIR`; same data and seed, same bytes on one kind of processor |
| licence | Apache-2.0; no text of the data is in it |
"""
_READING = """
Recall@5 on test questions, in per cent, with the difference from formula S and its 95 % interval (paired bootstrap, 2,000 draws, seed 13). Test
questions are half B of the sets of which half A was trained on (parity of the md5 of the id), all questions of the others. *Zero-shot*: trees
that saw no question of the set's family, for sets that were trained on; for others the trees themselves. As it saw neither half, it is also
judged on both.
"""
_LIMITS = """\
## Limits
- All sets that it was trained on ask of Wikipedia, in English. Chinese is measured, not trained on.
- Documents of the training sets are short: the layers outline and core hardly occur in them, so they count here only through formula S.
- The trees know the cosines of one encoder; with another, formula S is used.
- The weight of S beside the trees was chosen with the figures above in view, so they flatter it a little; sets that nobody has seen decide.
- Passages that come close to a question move its first five, by trees and by S alike: the control above is far from its bar of 95 %.
"""


def model_card(manifest: Mapping[str, Any], report: Mapping[str, Any]) -> str:
    """The card in Markdown. manifest: of `write_selector`; report: of the recipe's last stage."""
    recipe, file = manifest["training"]["recipe"], manifest["files"][TREES]
    facts = _WHAT.format(
        n_features=len(manifest["features"]),
        n_models=recipe["n_models"],
        n_trees=recipe["n_trees"],
        formula_weight=manifest["formula_weight"],
        encoder=manifest["encoder"],
        file=TREES,
        **file,
    )
    return "\n".join(
        [facts, _learned_from(manifest), "## What it is worth", _READING, *_worth(report), "", *_controls(report), "", _LIMITS]
    )


def _learned_from(manifest: Mapping[str, Any]) -> str:
    counts = ", ".join(f"{name} {n}" for name, n in manifest["training"]["questions"].items())
    sources = "; ".join(_SOURCES[name] for name in _SOURCES if any(one.startswith(name) for one in manifest["training"]["questions"]))
    return f"## What it was trained on\nQuestions of each set that are not answered without links: {counts}.\nSources: {sources}.\n"


def _worth(report: Mapping[str, Any]) -> list[str]:
    head = (
        "set",
        "questions",
        "S",
        "trained",
        "minus S",
        "zero-shot",
        "minus S",
        "minus S on both halves",
        "all gold@5: S, trained, zero-shot",
    )
    lines = [f"| {' | '.join(head)} |", "|---" * len(head) + "|"]
    for name, found in {**report["sets"], "all together": {**report["all"], "both_halves": report["all_both_halves"]}}.items():
        systems, above = found["systems"], found[f"above {FORMULA}"]
        recall = {system: f"{systems[system]['recall@5']['mean']:.1f}" for system in (FORMULA, TRAINED, ZERO_SHOT)}
        gained = {system: _signed(above[system]["recall@5"]) for system in (TRAINED, ZERO_SHOT)}
        whole = ", ".join(f"{systems[system]['all_gold@5']['mean']:.1f}" for system in (FORMULA, TRAINED, ZERO_SHOT))
        halves = _signed(found["both_halves"][f"above {FORMULA}"][ZERO_SHOT]["recall@5"])
        cells = (recall[FORMULA], recall[TRAINED], gained[TRAINED], recall[ZERO_SHOT], gained[ZERO_SHOT], halves, whole)
        lines.append(f"| {name} | {found['n_questions']} | {' | '.join(cells)} |")
    return lines


def _controls(report: Mapping[str, Any]) -> list[str]:
    lines = ["Both halves in folds, each question judged by trees that did not see it (Recall@5, and the difference from S):"]
    for name, found in report["cross_fitted"].items():
        above = _signed(found[f"above {FORMULA}"][TRAINED]["recall@5"])
        lines.append(f"- {name}: {found['systems'][TRAINED]['recall@5']['mean']:.1f}, {above}")
    foreign = report["foreign_passages"]
    lines.append(f"\nWith {foreign['n_passages']:,} passages of {', '.join(foreign['corpora'])} in the base, the first five stay the same:")
    for name, found in foreign["sets"].items():
        lines.append(f"- {name}: {found['trained']:.1f} % of {found['n_questions']} questions (formula S: {found['formula']:.1f} %)")
    verdict = "is" if report["default"]["trees_may_be_default"] else "is not"
    return [
        *lines,
        f"\nBy the rule for the default (zero-shot above S with the interval, on no set more than 0.5 below) this selector {verdict} the default.",
    ]


def _signed(found: Mapping[str, float]) -> str:
    return f"{found['mean']:+.1f} [{found['low']:+.1f}, {found['high']:+.1f}]"
