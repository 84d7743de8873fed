"""The examples of the four frameworks run on the sample documents and print what a stranger can follow."""

from __future__ import annotations

import runpy
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.docs
EXAMPLES = Path(__file__).resolve().parents[3] / "apps" / "examples"
QUESTION = "Who first described the disease that Fevrolin is used to treat?"


def printed(name: str, capsys: pytest.CaptureFixture[str]) -> str:
    runpy.run_path(str(EXAMPLES / name), run_name="__main__")
    return capsys.readouterr().out


def test_the_llama_index_example_shows_prompt_places_and_a_fact(capsys: pytest.CaptureFixture[str]) -> None:
    out = printed("llama_index_query_engine.py", capsys)
    assert "The disease was first described in 1954 by Halden Irwick" in out
    assert f"Query: {QUESTION}" in out
    assert "passage: encyclopaedia:damaro-fever.md, characters 300 to 836" in out
    assert "fact: Halden Irwick --died_on--> 1988, stated in encyclopaedia:damaro-fever.md" in out


def test_the_langchain_example_shows_the_prompt_with_both_documents(capsys: pytest.CaptureFixture[str]) -> None:
    out = printed("langchain_chain.py", capsys)
    assert "[encyclopaedia:damaro-fever.md] ## Discovery" in out
    assert "Fevrolin is used to treat Damaro fever" in out
    assert out.rstrip().endswith(f"Question: {QUESTION}")


def test_the_haystack_example_says_what_it_wrote_and_shows_the_prompt(capsys: pytest.CaptureFixture[str]) -> None:
    out = printed("haystack_pipeline.py", capsys)
    assert "{'documents_written': 7, 'unchanged': 0, 'failed': []}" in out
    assert "The disease was first described in 1954 by Halden Irwick" in out


def test_the_spacy_example_shows_names_and_facts_and_draws_them(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", ["spacy_component.py", str(tmp_path / "picture.html")])
    out = printed("spacy_component.py", capsys)
    assert "Dario Mennick (person" in out
    assert "奥罗文药品委员会 (organization" in out
    assert "菲弗洛林 --same_as--> Fevrolin (1.0)" in out
    assert "Dario Mennick" in (tmp_path / "picture.html").read_text(encoding="utf-8")
