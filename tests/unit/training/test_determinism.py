"""Gradients of rows that are taken more than once are added up in one order, however many threads do it."""

from __future__ import annotations

import pytest

torch = pytest.importorskip("torch", reason="the extra train")

from tadarag.training.determinism import deterministic_sums  # noqa: E402

CPU = torch.device("cpu")


def gradient(seed: int) -> torch.Tensor:
    """Of 300 rows that are taken 60,000 times, by two threads."""
    torch.manual_seed(seed)
    rows = torch.randn(300, 64, requires_grad=True)
    taken = torch.randint(300, (60_000,))
    torch.set_num_threads(2)
    (rows[taken] * torch.randn(60_000, 64)).sum().backward()
    assert rows.grad is not None
    return rows.grad


def test_the_same_rows_taken_again_have_the_same_gradient_to_the_bit() -> None:
    with deterministic_sums(CPU):
        first = gradient(13)
        assert all(torch.equal(gradient(13), first) for _ in range(10))


def test_torch_is_left_as_it_was() -> None:
    def stopped() -> None:
        with deterministic_sums(CPU):
            assert torch.are_deterministic_algorithms_enabled()
            raise RuntimeError("stopped")

    before = torch.are_deterministic_algorithms_enabled()
    with pytest.raises(RuntimeError, match="stopped"):
        stopped()
    assert torch.are_deterministic_algorithms_enabled() == before


def test_a_gpu_is_left_as_it_is() -> None:
    with deterministic_sums(torch.device("cuda")):
        assert not torch.are_deterministic_algorithms_enabled()
