"""How far the indexing of a corpus has come is told in passages, however many chunks they have."""

from __future__ import annotations

from itertools import count

from tadarag.evaluation import indexing
from tadarag.evaluation.beir import Passages
from tadarag.testing.hashing_encoder import HashingEncoder


def test_progress_counts_the_passages_that_are_written_and_not_their_chunks(tmp_path, monkeypatch):
    monkeypatch.setattr(indexing, "perf_counter", count(step=10).__next__)  # so that every event is told
    text = "\n\n".join(f"Paragraph {n} tells of a ferry that crosses the strait twice a day, whatever the wind." * 6 for n in range(40))
    passages = Passages(ids=("a", "b", "c"), titles=("", "", ""), texts=tuple(f"{name}. {text}" for name in "abc"))
    told = []
    with indexing.open_base(tmp_path / "base", HashingEncoder(64)) as base:
        indexed = indexing.index_corpus(base, passages, identity="x", progress=lambda *step: told.append(step))
    assert indexed.n_chunks > 3 * len(passages)
    assert [done for _, done, _ in told] == sorted(done for _, done, _ in told)
    assert {done for _, done, _ in told} >= {1, 2, 3}
    assert {total for _, _, total in told} == {3}
