# ruff: noqa: E402  # torch is not installed everywhere
"""The answerer learns where answers stand and when there are none; what is exported computes the same."""

import json

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("onnx")

from tadarag.models.answer_model import AnswerModel, best_spans
from tadarag.models.onnx_encoder import load_shipped
from tadarag.training.answerer.artefact import About, load_network, read_about, write_artefact
from tadarag.training.answerer.corpus import ItemSet, Placed
from tadarag.training.answerer.items import Item, ReadPassage
from tadarag.training.answerer.loss import batch_loss, padded
from tadarag.training.answerer.network import FIRST_PASSAGE, QUESTION, AnswerNetwork, NetworkShape
from tadarag.training.answerer.scoring import area_under_roc
from tadarag.training.answerer_export import export_answerer
from tadarag.training.fitting import FitSettings, fit_network

SHAPE = NetworkShape(trunk_layer=4, n_layers=2, width=48, n_heads=4)
N_WORDS = 12


def made_corpus(n=60):
    """States are word vectors; the question is one word, and the answer its twin in the passage, if there is one."""
    random = np.random.default_rng(8)
    vectors = random.standard_normal((N_WORDS, SHAPE.width)).astype(np.float16)
    items, placed, rows, starts = [], [], [], [0]
    for number in range(n):
        words = random.permutation(N_WORDS)[:8]
        answered = number % 3 > 0
        asked = int(words[2]) if answered else int(np.setdiff1d(np.arange(N_WORDS), words)[0])
        first = sum(len(part) for part in rows)
        rows.append(vectors[[asked, *words]])
        passage = ReadPassage(text="x", answers=((0, 1),) if answered else ())
        items.append(Item(id=str(number), question="q", passages=(passage,), answered=answered, relevant=answered, answers=("x",)))
        texts = ((QUESTION, first, first + 1), (FIRST_PASSAGE, first + 1, first + 9))
        placed.append(Placed(texts=texts, passages=((1, 9),), gold=((3, 3),) if answered else ()))
        starts.append(starts[-1] + 9)
    return ItemSet(name="made", items=tuple(items), placed=tuple(placed), states=np.concatenate(rows), starts=np.array(starts))


@pytest.fixture(scope="module")
def fitted():
    torch.manual_seed(3)
    network, corpus = AnswerNetwork(SHAPE), made_corpus()
    settings = FitSettings(steps=250, seed=2, batch_pieces=90, learning_rate=2e-3, head_rate=2e-3, threads=1)
    losses = fit_network(network, [corpus], settings, lambda own, indexes, random: batch_loss(network, own, indexes))
    return network.eval(), corpus, losses


def outputs(network, corpus, index):
    states, roles, mask = padded(corpus, [index])
    with torch.no_grad():
        ends, verdicts = network(states, roles, mask)
    return ends[0].numpy(), verdicts[0].numpy()


def test_it_learns_where_an_answer_stands_and_when_there_is_none(fitted):
    network, corpus, losses = fitted
    assert np.mean([loss for _, loss in losses[-20:]]) < 0.3 * np.mean([loss for _, loss in losses[:20]])
    found = [best_spans(outputs(network, corpus, index)[0], [8], before=1, n=1)[0] for index in range(len(corpus.items))]
    right = [
        (span.first, span.last) == (2, 2) and span.margin > 0 if item.answered else span.margin < 0
        for item, span in zip(corpus.items, found, strict=True)
    ]
    assert np.mean(right) > 0.9


def test_what_stands_beside_a_reading_in_a_batch_does_not_change_it(fitted):
    network, corpus, _ = fitted
    states, roles, mask = padded(corpus, [0, 1, 2])
    with torch.no_grad():
        together = network(states, roles, mask)[0][1]
    assert np.allclose(together, outputs(network, corpus, 1)[0], atol=1e-5)


def test_the_exported_graph_computes_the_network(fitted, tmp_path):
    network, corpus, _ = fitted
    about = About(
        shape=SHAPE, trunk=load_shipped().trunk, norm_epsilon=1e-12, seed=2, steps=250, settings={}, data={}, dev={"made": {"f1": 1.0}}
    )
    write_artefact(tmp_path, network, about)
    assert read_about(tmp_path) == about
    export_answerer(tmp_path, tmp_path / "out", in_int8=False)
    model = AnswerModel(tmp_path / "out")
    for index in range(6):
        states, _ = corpus.states_of(index)
        ends, verdicts = outputs(load_network(tmp_path), corpus, index)
        reading = model.read(states[:1].astype(np.float32), [states[1:].astype(np.float32)])
        (span,) = best_spans(ends, [8], before=1, n=1)
        assert (reading.spans[0].first, reading.spans[0].last) == (span.first, span.last)
        assert reading.spans[0].margin == pytest.approx(span.margin, abs=1e-3)
        assert reading.answered == pytest.approx(1 / (1 + np.exp(-verdicts[0])), abs=1e-4)


def test_weights_that_read_other_states_are_not_exported(fitted, tmp_path):
    about = About(shape=SHAPE, trunk="another/hidden_4", norm_epsilon=1e-12, seed=2, steps=1, settings={}, data={}, dev={})
    write_artefact(tmp_path, fitted[0], about)
    with pytest.raises(ValueError, match="another/hidden_4"):
        export_answerer(tmp_path, tmp_path / "out")


def test_an_artefact_is_json_and_arrays(fitted, tmp_path):
    about = About(shape=SHAPE, trunk="t", norm_epsilon=1e-12, seed=2, steps=1, settings={}, data={}, dev={})
    write_artefact(tmp_path, fitted[0], about)
    assert json.loads((tmp_path / "answerer.json").read_text())["trunk"] == "t"
    with np.load(tmp_path / "weights.npz") as weights:
        assert set(weights.files) == set(fitted[0].state_dict())


@pytest.mark.parametrize(
    ("truth", "values", "area"),
    [([0, 0, 1, 1], [1, 2, 3, 4], 1.0), ([1, 1, 0, 0], [1, 2, 3, 4], 0.0), ([0, 1, 0, 1], [1, 1, 1, 1], 0.5), ([0, 1], [5, 5], 0.5)],
)
def test_the_area_under_the_curve_counts_ordered_pairs(truth, values, area):
    assert area_under_roc(np.array(truth, bool), np.array(values, float)) == area
