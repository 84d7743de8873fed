"""What the router is trained on: licensed sources only, none of them too loud, and texts made here."""

import gzip
import json
from collections import Counter

import pytest

from tadarag.routing.domains import route_document
from tadarag.templates.library import shipped_templates
from tadarag.training.router_sources import (
    CORPUS_DOMAINS,
    DOCUMENT_LICENCES,
    EXTRACTION_DOMAINS,
    MOST,
    QUESTION_LICENCES,
    cue_documents,
    joined,
    made_documents,
    made_questions,
    questions,
    set_among,
)
from tadarag.values import Document

ROWS = [
    *({"text": f"question {place}", "task": "fact", "lang": "en", "source": "nq_open"} for place in range(MOST + 5)),
    {"text": "is it so", "task": "list", "lang": "en", "source": "lcquad"},
    {"text": "what comes after death", "task": "unanswerable", "lang": "en", "source": "nq_open"},
]


@pytest.fixture
def data(tmp_path):
    (tmp_path / "router_task").mkdir()
    for part in ("train", "dev"):
        with gzip.open(tmp_path / "router_task" / f"{part}.jsonl.gz", "wt", encoding="utf-8") as lines:
            lines.writelines(json.dumps(row) + "\n" for row in ROWS)
    return tmp_path


def test_only_licensed_sources_train_what_is_shipped_and_none_with_more_than_400_rows_of_a_label(data):
    assert Counter(row.source for row in questions(data, "task", "train")) == {"nq_open": MOST}
    assert Counter(row.source for row in questions(data, "task", "train", research=True)) == {"nq_open": MOST, "lcquad": 1}


def test_dev_is_whole_and_what_no_route_can_say_is_left_out(data):
    found = questions(data, "task", "dev")
    assert len(found) == len(ROWS) - 1
    assert {row.label for row in found} == {"fact", "list"}


def test_no_licence_forbids_what_is_shipped():
    stated = {*QUESTION_LICENCES.values(), *DOCUMENT_LICENCES.values()}
    assert all(stated)
    assert not [licence for licence in stated if "NC" in licence or "GPL" in licence or "research" in licence.lower()]
    assert DOCUMENT_LICENCES.keys() <= EXTRACTION_DOMAINS.keys() | CORPUS_DOMAINS.keys()


def test_made_texts_are_the_same_for_a_seed_and_know_every_domain_in_both_languages():
    assert made_documents() == made_documents(seed=13) != made_documents(seed=14)
    assert cue_documents(seed=1) == cue_documents(seed=1)
    assert {row.language for row in made_documents() if row.label == "news"} == {"en", "zh"}
    domains = {template.name for template in shipped_templates()}
    assert {(row.label, row.language) for row in made_questions("domain")} == {(name, code) for name in domains for code in ("en", "zh")}
    assert "{" not in "".join(row.text for kind in ("domain", "task") for row in made_questions(kind))


def test_made_texts_stand_also_behind_words_of_general_knowledge(data):
    text = made_documents()[0]
    background = [row for row in made_questions("domain") if row.label == "general_knowledge"]
    bare, mixed = set_among([text], background)
    assert bare == text
    assert mixed.text.endswith(text.text)
    assert mixed.label == text.label


def test_questions_are_joined_within_a_source_and_a_label():
    rows = [row for row in made_questions("domain") if row.language == "zh"]
    parts = joined(rows)
    assert len(parts) == sum(-(-size // 5) for size in Counter((row.label, row.source) for row in rows).values())
    assert {(row.label, row.source) for row in parts} == {(row.label, row.source) for row in rows}


@pytest.mark.parametrize(
    "text", ["The senator said on Tuesday that police had arrested a suspect.", "据报道，警方昨日通报，嫌疑人已被抓获。"]
)
def test_texts_like_those_made_here_are_routed_as_news(text):
    assert route_document(Document(text=text))[0] == "news"
