"""Yes or no about one thing, as the network reads it in the passage that answers best."""

from __future__ import annotations

from collections.abc import Sequence

from tadarag.analysis import terms
from tadarag.generation.described import Described, own_sentences, two_named
from tadarag.generation.question_form import QuestionForm
from tadarag.generation.read_hits import ReadHit, title_terms
from tadarag.generation.shared_values import Verdict
from tadarag.values import Hit

LEAST = 0.8
"""Of the probability that a passage answers, times the share of one of the two words in what it answers with: less decides nothing."""


def read_verdict(form: QuestionForm, read: Sequence[ReadHit], described: Sequence[Described], hits: Sequence[Hit]) -> Verdict | None:
    """Yes or no by the one passage, of those read alone, that answers a question best; None where two things are asked about, or no passage
    is sure enough. `likely` is the probability that the network gives it."""
    if not read or two_named(form.text, described) is not None:
        return None
    best = max(read, key=lambda one: one.alone.answered)
    yes, no = best.alone.kinds[1:]
    likely = best.alone.answered * max(yes, no)
    if likely < LEAST:
        return None
    number = next(number for number, hit in enumerate(hits) if hit is best.hit)
    return Verdict(yes=yes > no, sides=(number,), said=((number, _deciding(form, best.hit)),), likely=likely)


def _deciding(form: QuestionForm, hit: Hit) -> str:
    """The sentence with most of the question's terms that are not in the passage's headings; the first of equal ones."""
    asked = set(terms(form.text))
    rest = asked - title_terms(hit) or asked
    passage = hit.passage
    best = max(own_sentences(passage), key=lambda index: len(rest & set(terms(passage.sentence_text(index)))))
    return passage.sentence_text(best)
