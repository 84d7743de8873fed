"""Items of a small world, and an answerer that knows it."""

from __future__ import annotations

import pytest

from tadarag.components import template_of
from tadarag.evaluation.beir import Question
from tadarag.graph.question_candidates import find_candidates
from tadarag.testing.stated_facts import stating
from tadarag.training.policy.items import PolicyItem, make_item
from tadarag.values import Route

GENERAL = template_of("general_knowledge", None)


@pytest.fixture
def make():
    """An item of a question for the home of a person, whose own sentence is one of several."""

    def made(number: int, *, is_train: bool = True) -> PolicyItem:
        person, place = f"Ada Moor{number}", f"Velmouth{number}"
        kinds = {person: "person", place: "location", "Quillen": "location"}
        told = [
            stating("home", (person, "lives_in", place), ("Otter", "sells", "Lamps"), kinds=kinds, scores=(0.5, 0.5)),
            stating("noise", ("Quillen", "lies_near", "Otter"), ("Lamps", "", "Quillen"), kinds=kinds, scores=(0.5, 0.4)),
        ]
        hits = [hit for hit, _ in told]
        extractions = {hit.passage.source: extraction for hit, extraction in told}
        question = Question(id=str(number), text=f"Where does {person} live?", metadata={"answers": [place]})
        candidates = find_candidates([hit.passage for hit in hits], extractions, GENERAL)
        return make_item(question, "world", Route(language="en"), hits, candidates, GENERAL, frozenset({"home"}), is_train=is_train)

    return made


class ByTheSentence:
    """Stands where the network stands: it finds the answer in the fewer words the more surely, where they hold it."""

    fingerprint = "by the sentence"

    def judge(self, item, texts):
        from tadarag.training.policy.frozen_answerer import WORST, Judged

        words = " ".join(texts).split()
        held = any(answer in " ".join(texts) for answer in item.answers)
        return Judged(min(WORST, 0.1 + len(words) / 40), item.answers[0]) if held else Judged(WORST, "")


@pytest.fixture
def answerer() -> ByTheSentence:
    return ByTheSentence()
