"""A toy set in the layout of the extraction sets: people who live in towns."""

import gzip
import json

import numpy as np
import pytest

PEOPLE = ("Anna", "Boris", "Clara", "David", "Emma", "Frank")
TOWNS = ("Paris", "London", "Rome", "Berlin", "Madrid", "Oslo")


def made_record(number, person, town):
    text = f"{person} lives in {town}."
    start = text.index(town)
    return {
        "id": f"r{number}",
        "text": text,
        "entities": [
            {"id": "T1", "start": 0, "end": len(person), "type": "PER", "text": person},
            {"id": "T2", "start": start, "end": start + len(town), "type": "LOC", "text": town},
        ],
        "relations": [{"head": "T1", "tail": "T2", "type": "Live_In"}],
    }


def made_file(folder, records, *, types=("PER", "LOC"), relations=("Live_In",), name="train"):
    """Write NAME.jsonl.gz and types.json; returns the former."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "types.json").write_text(
        json.dumps({"entity_types": dict.fromkeys(types, 1), "relation_types": {one: {} for one in relations}})
    )
    with gzip.open(folder / f"{name}.jsonl.gz", "wt", encoding="utf-8") as lines:
        lines.writelines(f"{json.dumps(one)}\n" for one in records)
    return folder / f"{name}.jsonl.gz"


def made_toy_set(folder):
    """Every person in every town but one for train; each person in the town that was left out for dev."""
    pairs = [(person, town) for person in PEOPLE for town in TOWNS]
    dev = {(person, TOWNS[place]) for place, person in enumerate(PEOPLE)}
    made_file(folder, [made_record(number, *pair) for number, pair in enumerate(pairs) if pair not in dev])
    made_file(folder, [made_record(number, *pair) for number, pair in enumerate(sorted(dev))], name="dev")


@pytest.fixture
def record():
    """record(number, person, town): one sentence with its gold."""
    return made_record


@pytest.fixture
def write_records():
    """write_records(folder, records, types=, relations=, name=): a file of a set, and the path to it."""
    return made_file


@pytest.fixture
def toy_set(tmp_path):
    """The folder of a whole set."""
    made_toy_set(tmp_path / "toy")
    return tmp_path / "toy"


@pytest.fixture
def toy_corpus():
    """toy_corpus(records_of_pairs): examples of one sentence each, one piece a word, states that depend on the word alone; needs no encoder."""
    from tadarag.testing.hashing_encoder import HashingEncoder
    from tadarag.training.extractor.corpus import Corpus
    from tadarag.training.extractor.examples import Example

    encoder = HashingEncoder(384)

    def made(pairs, name="toy"):
        examples, states = [], []
        for number, (person, town) in enumerate(pairs):
            words = [person, "lives", "in", town, "."]
            text = " ".join(words)
            starts = [text.index(word) for word in words]
            examples.append(
                Example(
                    record=f"r{number}",
                    text=text,
                    pieces=tuple((start, start + len(word)) for start, word in zip(starts, words, strict=True)),
                    entities=((0, 0, "PER"), (3, 3, "LOC")),
                    relations=((0, 1, "Live_In"),),
                    unsure=(),
                    entity_types=("LOC", "PER"),
                    relation_types=("Live_In",),
                    clusters=("T1", "T2"),
                    facts=(("T1", "T2", "Live_In"),),
                    n_lost=0,
                )
            )
            states += [encoder.read(word).vector for word in words]
        lengths = [len(one.pieces) for one in examples]
        return Corpus(
            name=name,
            examples=tuple(examples),
            states=np.array(states, np.float16),
            starts=np.cumsum([0, *lengths]),
        )

    return made


@pytest.fixture
def toy_pairs():
    """(pairs to train on, pairs that combine the same names otherwise)."""
    pairs = [(person, town) for person in PEOPLE for town in TOWNS]
    dev = [(person, TOWNS[place]) for place, person in enumerate(PEOPLE)]
    return [pair for pair in pairs if pair not in dev], dev


@pytest.fixture
def start(tmp_path):
    """The folder of an untrained network of one layer, as a fit leaves it."""
    import torch

    from tadarag.training.extractor.artefact import About, write_artefact
    from tadarag.training.extractor.network import Extractor, Shape
    from tadarag.training.extractor.thresholds import Thresholds

    torch.manual_seed(3)
    network = Extractor(Shape(trunk_layer=4, n_layers=1, max_width=16, inner=16))
    about = About(
        shape=network.shape,
        trunk="",
        norm_epsilon=1e-12,
        thresholds=Thresholds(0.5, 0.5),
        seed=1,
        steps=0,
        settings={},
        data={},
        dev={},
    )
    (tmp_path / "start").mkdir()
    write_artefact(tmp_path / "start", network, about)
    return tmp_path / "start"
