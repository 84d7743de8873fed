"""Estimates learn from recorded replies, measure a sample, and leave nothing behind."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import pytest

from tadarag.components import template_of
from tadarag.estimation import ReplyRates, reply_rates
from tadarag.extraction.llm_prompt import ask_about
from tadarag.knowledge_base import KnowledgeBase
from tadarag.testing.hashing_encoder import HashingEncoder
from tadarag.testing.unit_extractor_contract import unit_of_lines


def reply(
    number: int, *, text: int, completion: int, asked: str = "m", prompt: int = 100, counted: int = 100, **more: bool
) -> tuple[str, str]:
    tokens = {"prompt": prompt, "completion": completion, "are_estimates": more.get("are_estimates", False)}
    body = {"asked": asked, "text_tokens": text, "counted": counted, "tokens": tokens, "does_not_fit": more.get("does_not_fit", False)}
    return f"reading:{number}", json.dumps(body)


def expected(rates: ReplyRates, n_words: int) -> float:
    return rates.completion(ask_about(unit_of_lines("word " * n_words), template_of("news", None)))


def test_without_replies_a_reply_has_nine_tokens_for_ten_of_the_passage() -> None:
    rates = reply_rates([], "m")
    assert (rates.base, rates.share, rates.factor) == (pytest.approx(0.0, abs=1e-9), pytest.approx(0.9), 1.0)


def test_lengths_of_replies_are_learnt_with_what_every_reply_has() -> None:
    rates = reply_rates([reply(text, text=text, completion=20 + text // 2) for text in (20, 40, 60, 80, 100, 200)], "m")
    assert rates.base == pytest.approx(20, abs=4)
    assert rates.share == pytest.approx(0.5, abs=0.04)


def test_replies_of_another_model_and_other_records_teach_nothing() -> None:
    others = [reply(1, text=10, completion=900, asked="n"), ("reading:2", '{"text": "a memory"}'), ("reading:3", "[]")]
    assert reply_rates([*others, reply(4, text=10, completion=900, does_not_fit=True)], "m") == reply_rates([], "m")


def test_prompts_are_corrected_by_what_the_endpoint_counted() -> None:
    told = [reply(n, text=50, completion=45, prompt=130) for n in range(3)]
    assert reply_rates(told, "m").factor == pytest.approx(1.3)
    guessed = [reply(n, text=50, completion=45, prompt=130, are_estimates=True) for n in range(3)]
    assert reply_rates(guessed, "m").factor == 1.0


def test_no_reply_is_expected_to_be_longer_than_it_may_be_or_shorter_than_nothing() -> None:
    assert expected(ReplyRates(base=5000, share=1), 10) == ask_about(unit_of_lines("word " * 10), template_of("news", None)).max_tokens
    assert expected(ReplyRates(base=-50, share=0), 10) == 0


def test_an_estimate_measures_some_documents_and_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    folder = tmp_path / "docs"
    folder.mkdir()
    for number in range(40):
        (folder / f"{number}.txt").write_text(f"Ilse Mennick leads yard number {number} in Quillen. " * 60, encoding="utf-8")
    with KnowledgeBase.open(folder, encoder=HashingEncoder(), workers=1) as base:
        estimate = base.estimate(folder)
        assert base.list() == ()
        assert base.ledger() == ()
    assert estimate.n_documents == 40
    assert 0 < estimate.n_sampled < 40
    assert estimate.seconds > 0
    assert estimate.cpu_seconds > 0
    assert list(scratch.iterdir()) == []


def test_an_estimate_of_nothing_takes_nothing(tmp_path: Path) -> None:
    with KnowledgeBase.open(tmp_path, encoder=HashingEncoder(), workers=1) as base:
        estimate = base.estimate(tmp_path)
    assert (estimate.n_documents, estimate.tiers, estimate.n_sampled) == (0, (), 0)
