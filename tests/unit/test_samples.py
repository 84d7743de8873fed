"""The sample corpus keeps its own rules, and its checker sees when one is broken."""

from __future__ import annotations

import importlib.util
import json
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

DATA = Path(__file__).resolve().parents[2] / "data"
SAMPLES = DATA / "samples"


def load_script(name: str) -> ModuleType:
    """A script of data/, which is not a package."""
    spec = importlib.util.spec_from_file_location(name, DATA / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # dataclasses look their module up by name
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def check() -> ModuleType:
    return load_script("check_samples")


@pytest.fixture(scope="module")
def texts(check: ModuleType) -> dict[str, str]:
    read: dict[str, str] = check.read_documents(SAMPLES / "documents")
    return read


@pytest.fixture(scope="module")
def questions(check: ModuleType) -> list[dict[str, Any]]:
    read: list[dict[str, Any]] = check.read_questions(SAMPLES / "questions.jsonl")
    return read


def first_of_type(questions: list[dict[str, Any]], kind: str) -> dict[str, Any]:
    return next(question for question in questions if question["type"] == kind)


def test_every_question_keeps_the_rules_of_its_type(check: ModuleType, texts: dict[str, str], questions: list[dict[str, Any]]) -> None:
    assert list(check.check_questions(questions, texts)) == []


def test_the_set_has_enough_questions_of_every_type(check: ModuleType, questions: list[dict[str, Any]]) -> None:
    assert list(check.check_counts(questions)) == []


def test_the_corpus_has_every_format_and_both_languages(check: ModuleType, texts: dict[str, str]) -> None:
    assert list(check.check_corpus(SAMPLES / "documents", texts)) == []


def test_the_demo_shows_a_bridge_a_chinese_question_and_a_near_miss(check: ModuleType, questions: list[dict[str, Any]]) -> None:
    demo = json.loads((SAMPLES / "demo.json").read_text(encoding="utf-8"))
    assert list(check.check_demo(demo, questions)) == []


def test_a_quote_that_its_document_does_not_hold_is_reported(
    check: ModuleType, texts: dict[str, str], questions: list[dict[str, Any]]
) -> None:
    question = first_of_type(questions, "fact")
    wrong = question | {"evidence": [{"source": question["evidence"][0]["source"], "quote": "the moon over Velmouth"}]}
    assert any("does not say" in problem for problem in check.check_questions([wrong], texts))


def test_a_bridge_with_one_document_is_reported(check: ModuleType, texts: dict[str, str], questions: list[dict[str, Any]]) -> None:
    question = first_of_type(questions, "bridge")
    one_sided = question | {"evidence": question["evidence"][1:]}
    assert any("two documents" in problem for problem in check.check_questions([one_sided], texts))


def test_an_answer_to_an_unanswerable_question_is_reported(
    check: ModuleType, texts: dict[str, str], questions: list[dict[str, Any]]
) -> None:
    answered = first_of_type(questions, "unanswerable") | {"answers": ["twelve"]}
    assert any("no answers and no evidence" in problem for problem in check.check_questions([answered], texts))


def test_a_near_miss_about_something_absent_is_reported(check: ModuleType, texts: dict[str, str], questions: list[dict[str, Any]]) -> None:
    absent = first_of_type(questions, "unanswerable") | {"about": "the city of Atlantis", "near_miss": True}
    assert any("near_miss says otherwise" in problem for problem in check.check_questions([absent], texts))


def test_the_binary_documents_say_what_their_sources_say(check: ModuleType, texts: dict[str, str], tmp_path: Path) -> None:
    pytest.importorskip("reportlab")
    make = load_script("make_samples")
    for target, made in make.make_all():
        (tmp_path / target).parent.mkdir(exist_ok=True)
        (tmp_path / target).write_bytes(made)
    remade: dict[str, str] = check.read_documents(tmp_path)
    # Texts and not bytes: another version of zlib or reportlab may pack the same text otherwise.
    assert remade == {source: text for source, text in texts.items() if source.endswith((".docx", ".pdf"))}


def test_the_binary_documents_are_the_same_bytes_on_every_run() -> None:
    pytest.importorskip("reportlab")
    make = load_script("make_samples")
    assert list(make.make_all()) == list(make.make_all())


def test_every_name_of_the_aliases_stands_in_the_documents(texts: dict[str, str]) -> None:
    corpus = "\n".join(texts.values()).lower()
    things = [json.loads(line) for line in (SAMPLES / "aliases.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [name for thing in things for name in thing["names"] if name.lower() not in corpus] == []
    assert len({thing["thing"] for thing in things}) == len(things)
    assert {source.partition("#")[0] for thing in things for source in thing.get("sources", ())} <= {
        source.partition("#")[0] for source in texts
    }
