# ruff: noqa: E402  # torch is not installed everywhere
"""A plain tagger says entities as tags and reads them back, learns from its labels alone, and stands in the place of an extractor."""

import gzip
import json
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

torch = pytest.importorskip("torch")
pytest.importorskip("onnx")

from tadarag.extraction.extractor import Unit
from tadarag.extraction.set_template import set_template
from tadarag.training.adapting.tagger import OUTSIDE, Tagger, best_tags, entities_of, load_tagger, tag_loss, tags_of, write_tagger
from tadarag.training.adapting.tagger_reading import TaggerExtractor
from tadarag.training.extractor.corpus import Corpus
from tadarag.training.extractor.examples import read_examples
from tadarag.training.fitting import FitSettings, fit_network
from tadarag.training.trunk_states import Trunk

TYPES = ("LOC", "PER")
TOWNS = ("Paris", "London", "Rome", "Berlin", "Madrid", "Oslo")


@st.composite
def flat_entities(draw):
    """Entities of which none shares a piece with another, in text order."""
    edges = sorted(draw(st.sets(st.integers(0, 19), max_size=10)))
    return [(first, after - 1, draw(st.sampled_from(TYPES))) for first, after in zip(edges[::2], edges[1::2], strict=False)]


@given(flat_entities())
def test_flat_entities_come_back_from_their_tags(entities):
    assert entities_of(tags_of(entities, 20, TYPES), TYPES) == entities


@given(st.lists(st.integers(0, 2 * len(TYPES)), max_size=20))
def test_any_tags_say_flat_entities_that_cover_all_pieces_not_outside(tags):
    found = entities_of(tags, TYPES)
    covered = [place for first, last, _ in found for place in range(first, last + 1)]
    assert covered == [place for place, tag in enumerate(tags) if tag != OUTSIDE]


def test_of_entities_that_share_a_piece_the_longest_is_tagged():
    assert entities_of(tags_of([(0, 0, "LOC"), (0, 2, "PER"), (2, 3, "LOC")], 5, TYPES), TYPES) == [(0, 2, "PER")]


@given(st.integers(1, 4), st.integers(0, 2**32 - 1))
def test_the_best_tags_are_those_of_all_that_fit_one_another(n_pieces, seed):
    scores = np.random.default_rng(seed).normal(size=(n_pieces, 1 + 2 * len(TYPES))).astype(np.float32)

    def fit(tags):
        return all(tag in (0, 1, 3) or before in (tag, tag - 1) for before, tag in zip((0, *tags), tags, strict=False))

    possible = [tags for tags in product(range(5), repeat=n_pieces) if fit(tags)]
    assert best_tags(scores) == list(max(possible, key=lambda tags: sum(float(row[tag]) for row, tag in zip(scores, tags, strict=True))))


def test_a_tag_that_goes_on_without_a_beginning_begins_an_entity():
    assert entities_of([OUTSIDE, 2, 4, 4, 3], TYPES) == [(1, 1, "LOC"), (2, 3, "PER"), (4, 4, "PER")]


@pytest.fixture(scope="module")
def trunk():
    return Trunk(4)


@pytest.fixture
def corpus(tmp_path, trunk):
    (tmp_path / "types.json").write_text(json.dumps({"entity_types": dict.fromkeys(TYPES, 1), "relation_types": {}}))
    with gzip.open(tmp_path / "train.jsonl.gz", "wt", encoding="utf-8") as lines:
        for number, town in enumerate(TOWNS):
            entity = {"id": "T1", "start": 14, "end": 14 + len(town), "type": "LOC", "text": town}
            lines.write(json.dumps({"id": str(number), "text": f"He lives near {town}.", "entities": [entity], "relations": []}) + "\n")
    examples = tuple(read_examples(tmp_path / "train.jsonl.gz", trunk.tokenizer, max_width=8))
    states = [trunk.read(one.text).astype(np.float16) for one in examples]
    starts = np.cumsum([0, *map(len, states)]).astype(np.int64)
    return Corpus(name="towns", examples=examples, states=np.concatenate(states), starts=starts)


def fitted(corpus):
    torch.manual_seed(1)
    network = Tagger(TYPES, 1, 1e-12)
    settings = FitSettings(seed=1, steps=40, batch_pieces=80, learning_rate=1e-3, head_rate=1e-2, threads=1)
    losses = fit_network(network, [corpus], settings, lambda one, indexes, random: tag_loss(network, one, indexes))
    return network, [loss for _, loss in losses]


def test_it_learns_and_reads_what_it_learned_in_the_place_of_an_extractor(corpus, trunk, tmp_path):
    network, losses = fitted(corpus)
    assert losses[-1] < losses[0] / 4
    write_tagger(tmp_path, network)
    units = TaggerExtractor(load_tagger(tmp_path), trunk).units
    text = "He lives near Rome."
    names = units.read(Unit(text=text, sentences=()), set_template("towns", TYPES, {})).names
    assert [(one.span.of(text), one.label) for one in names] == [("Rome", "LOC")]


def test_the_same_labels_and_seed_give_the_same_weights(corpus):
    one, other = fitted(corpus)[0].state_dict(), fitted(corpus)[0].state_dict()
    assert all(torch.equal(one[name], other[name]) for name in one)
