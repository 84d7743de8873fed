# ruff: noqa: E402  # torch is not installed everywhere
"""Training: it learns, equal seeds give equal weights, and a run that was stopped goes on as if it had not been."""

from dataclasses import replace

import pytest

torch = pytest.importorskip("torch")

from tadarag.errors import TrainingError
from tadarag.testing.hashing_encoder import HashingEncoder
from tadarag.training.extractor.artefact import About, load_network, read_about, write_artefact
from tadarag.training.extractor.fit import Settings, train
from tadarag.training.extractor.names import NameVectors
from tadarag.training.extractor.network import Extractor, Shape
from tadarag.training.extractor.scoring import entity_counts, given_counts, read_corpus, relation_counts
from tadarag.training.extractor.thresholds import Thresholds
from tadarag.training.fitting import Checkpoint, rate_share

SHORT = Settings(steps=12, seed=5, batch_pieces=25, learning_rate=1e-3, head_rate=3e-3, threads=1)


@pytest.fixture
def fitted(toy_corpus, toy_pairs):
    def fit(settings, **options):
        torch.manual_seed(3)
        network = Extractor(Shape(trunk_layer=4, n_layers=1, max_width=2, inner=32))
        losses = train(network, [toy_corpus(toy_pairs[0])], settings, NameVectors(HashingEncoder(384)), **options)
        return network, losses

    return fit


def same(a, b):
    return all(torch.equal(value, b.state_dict()[name]) for name, value in a.state_dict().items())


def test_it_learns_names_and_relations_in_new_combinations(fitted, toy_corpus, toy_pairs):
    network, _ = fitted(replace(SHORT, steps=150))
    dev, vectors = toy_corpus(toy_pairs[1]), NameVectors(HashingEncoder(384))
    readings = read_corpus(network, dev, vectors)
    assert entity_counts(dev, readings, 0.5).f1 == 100
    assert relation_counts(dev, readings, 0.5, 0.5).f1 == 100
    assert given_counts(dev, readings, 0.5).f1 == 100


def test_equal_seeds_give_equal_weights_and_another_seed_others(fitted):
    first, second, other = (fitted(settings)[0] for settings in (SHORT, SHORT, replace(SHORT, seed=6)))
    assert same(first, second)
    assert not same(first, other)


def test_a_run_that_was_stopped_goes_on_exactly(fitted, tmp_path):
    class Stopped(Exception):
        pass

    def stop_at_seven(message):
        if message.startswith("checkpoint at step 7"):
            raise Stopped

    checkpoint = Checkpoint(file=tmp_path / "checkpoint.pt", every_seconds=0)
    with pytest.raises(Stopped):
        fitted(SHORT, checkpoint=checkpoint, report=stop_at_seven)
    told = []
    resumed, losses = fitted(SHORT, checkpoint=checkpoint, report=told.append)
    whole, all_losses = fitted(SHORT)
    assert told[0] == "going on from step 7"
    assert same(resumed, whole)
    assert losses == all_losses


def test_a_checkpoint_of_another_run_is_refused(fitted, tmp_path):
    checkpoint = Checkpoint(file=tmp_path / "checkpoint.pt", every_seconds=0)
    fitted(SHORT, checkpoint=checkpoint)
    with pytest.raises(TrainingError, match="checkpoint of another run"):
        fitted(replace(SHORT, learning_rate=1e-4), checkpoint=checkpoint)


def test_a_run_whose_rates_have_begun_to_fall_keeps_its_length(fitted, tmp_path):
    checkpoint = Checkpoint(file=tmp_path / "checkpoint.pt", every_seconds=0)
    fitted(SHORT, checkpoint=checkpoint)
    with pytest.raises(TrainingError):
        fitted(replace(SHORT, steps=30), checkpoint=checkpoint)


def test_the_rate_rises_stays_and_falls_to_nothing():
    settings = replace(SHORT, steps=1000, fall_share=0.4)
    shares = [rate_share(step, settings) for step in range(1000)]
    assert shares[0] < 0.05
    assert set(shares[60:600]) == {1.0}
    assert shares[599:] == sorted(shares[599:], reverse=True)
    assert shares[-1] < 0.01


def test_an_artefact_gives_back_the_network_and_what_is_said_of_it(fitted, tmp_path):
    network, _ = fitted(replace(SHORT, steps=2))
    about = About(
        shape=network.shape,
        trunk="f/hidden_4",
        norm_epsilon=1e-12,
        thresholds=Thresholds(0.4, 0.5),
        seed=5,
        steps=2,
        settings={},
        data={"toy": {}},
        dev={},
    )
    write_artefact(tmp_path, network, about)
    assert same(load_network(tmp_path), network)
    assert read_about(tmp_path) == about
