# ruff: noqa: E402  # torch is not installed everywhere
"""The network: a text is scored alike whatever stands beside it, and an absent name costs nothing."""

import pytest

torch = pytest.importorskip("torch")

from tadarag.training.extractor.network import Extractor, Shape

SHAPE = Shape(trunk_layer=4, n_layers=2, max_width=3, inner=16, width=24, n_heads=4)


@pytest.fixture
def network():
    torch.manual_seed(1)
    return Extractor(SHAPE).eval()


def states(n_texts, n_pieces, seed=2):
    return torch.randn(n_texts, n_pieces, SHAPE.width, generator=torch.Generator().manual_seed(seed))


def test_padding_after_a_text_does_not_change_it(network):
    text = states(1, 5)
    padded = torch.cat([text, 9 * states(1, 3, seed=5)], 1)
    mask = torch.tensor([[True] * 5 + [False] * 3])
    assert torch.allclose(network.upper(padded, mask)[:, :5], network.upper(text, torch.ones(1, 5, dtype=torch.bool)), atol=1e-5)


def test_a_span_is_made_of_its_two_ends_and_its_width(network):
    hidden = states(1, 6)
    changed = hidden.clone()
    changed[0, 2] += 1  # inside the span of pieces 1 to 3, and at neither end
    before, after = network.spans(hidden), network.spans(changed)
    assert torch.equal(before[0, 1, 2], after[0, 1, 2])
    assert not torch.allclose(before[0, 1, 1], after[0, 1, 1])


def test_the_score_of_a_name_does_not_depend_on_the_other_names(network):
    spans, names = network.spans(states(1, 4)), states(1, 5, seed=8)[0]
    assert torch.allclose(network.type_scores(spans, names)[..., 2], network.type_scores(spans, names[2:3])[..., 0], atol=1e-5)


def test_what_a_head_gives_for_a_name_stays_when_names_are_read_around_another_centre(network):
    names = states(1, 5, seed=8)[0]
    vectors, biases = network.types(names)
    network.types.read_around(names.mean(0), 8.0)
    network.types.read_around(names[0], 2.0)
    again, biases_again = network.types(names)
    assert torch.allclose(vectors, again, atol=1e-5)
    assert torch.allclose(biases, biases_again, atol=1e-5)


def test_a_pair_is_scored_alike_at_any_offset_of_a_longer_text(network):
    hidden, names = states(2, 5), states(1, 3, seed=8)[0]
    spans = network.spans(hidden)
    heads, tails = torch.tensor([0, 1]), torch.tensor([1, 0])
    alone = network.pair_scores(hidden[1], spans[1], [(0, 1), (3, 4)], heads, tails, names)
    joined = network.pair_scores(hidden.flatten(0, 1), spans.flatten(0, 1), [(5, 6), (8, 9)], heads, tails, names)
    assert torch.allclose(alone, joined, atol=1e-5)


def test_a_pair_has_a_direction(network):
    hidden, names = states(1, 5)[0], states(1, 1, seed=8)[0]
    scores = network.pair_scores(
        hidden, network.spans(hidden[None])[0], [(0, 0), (3, 4)], torch.tensor([0, 1]), torch.tensor([1, 0]), names
    )
    assert not torch.allclose(scores[0], scores[1])
