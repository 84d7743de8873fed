"""Cheating control: when names lead to other passages of the same degree, following them must gain nothing."""

import random
from dataclasses import replace

from tadarag.retrieval.retrieve import score

N_PAIRS = 30
VOWELS, CONSONANTS = "aeiou", "bdfgklmnprstvz"


def invented_name(generator):
    return "".join(generator.choice(letters) for letters in (CONSONANTS, VOWELS) * 3).capitalize()


def world_of_pairs(generator):
    """A yard names its owner; the owner's page says where he was born and nothing about yards."""
    names = [invented_name(generator) for _ in range(3 * N_PAIRS)]
    world, questions = {}, []
    for number in range(N_PAIRS):
        yard, first, town = names[3 * number : 3 * number + 3]
        owner = f"{first} {invented_name(generator)}"
        world[f"yard-{number}"] = (f"{yard} Yard", f"The company belongs to {owner}. It repairs boats and sells rope.")
        world[f"owner-{number}"] = (owner, f"He grew up in {town} and collects clocks.")
        questions.append((f"Which town is home to whoever has the {yard} Yard?", f"owner-{number}"))
    return world, questions


class LeadingAstray:
    """A snapshot whose names lead to the owners of other names; every name keeps its degree of one passage."""

    def __init__(self, snapshot, generator):
        self._snapshot = snapshot
        self.rows = replace(snapshot.rows)  # links are kept by rows
        subjects = sorted({int(key) for key in snapshot.rows.subjects if len(snapshot.postings("subject", int(key)).ids) == 1})
        self._astray = dict(zip(subjects, generator.sample(subjects, len(subjects)), strict=True))

    def __getattr__(self, name):
        return getattr(self._snapshot, name)

    def postings(self, field, key):
        return self._snapshot.postings(field, self._astray.get(key, key) if field == "subject" else key)


def gained_by_the_hop(snapshot, questions, encoder):
    """For how many questions the hop score of the page that answers is above zero."""
    sources = [info.source.path for info in snapshot.documents()]
    found = 0
    for question, gold in questions:
        scored = score(question, encoder.read(question, kind="query").vector, snapshot)
        row = next(row for row, document in enumerate(snapshot.rows.documents.tolist()) if sources[document] == gold)
        found += scored.links.first.scores[row] > 0
    return found


def test_the_hop_reaches_the_answering_page_only_while_names_lead_where_they_say(snapshot_of, encoder):
    generator = random.Random(7)
    world, questions = world_of_pairs(generator)
    snapshot = snapshot_of(world)
    honest = gained_by_the_hop(snapshot, questions, encoder)
    astray = gained_by_the_hop(LeadingAstray(snapshot, generator), questions, encoder)
    assert honest >= 0.9 * N_PAIRS
    assert astray <= 0.35 * honest
