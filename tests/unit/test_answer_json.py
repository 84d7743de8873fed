"""The forms that leave the program: plain JSON, whatever door they leave by."""

from __future__ import annotations

import json

import pytest

from tadarag.answer_json import SCHEMA, answer_id, answer_json, event_json, feedback_json, passage_json, search_json, with_schema
from tadarag.base_json import document_json, record_json, report_json, status_json
from tadarag.graph_json import aliases_json, entity_json, paths_json
from tadarag.knowledge_base import KnowledgeBase
from tadarag.testing.hashing_encoder import HashingEncoder
from tadarag.values import Span


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    folder = tmp_path_factory.mktemp("documents")
    (folder / "line.md").write_text(
        "# The line\n\nThe Quillen Bay Shipping Line, formerly known as the Sele Packet Company, runs ferries from Port Hesk.\n"
    )
    (folder / "packet.txt").write_text("The Sele Packet Company sailed to Velmouth Town with Barto Glenn on board.\n")
    (folder / "中文.md").write_text("# 扩港工程\n\n奎伦湾扩港工程由晨星建设公司承建。\n")
    with KnowledgeBase.open(folder, encoder=HashingEncoder(), workers=1) as base:
        base.ingest(folder)
        yield base


@pytest.fixture(scope="module")
def answer(base):
    return base.ask("Where does the Quillen Bay Shipping Line run ferries from?", with_graph=True)


def forms(base, answer):
    view, things = base.aliases()
    chains = base.chains(("Quillen Bay Shipping Line", None), ("Barto Glenn", None))
    return {
        "answer": answer_json(answer),
        "search": search_json("ferries", base.search("ferries")),
        "passage": passage_json(base.passage("line.md", Span(2, 10))),
        "feedback": feedback_json(base.feedback(answer, 1.0, token="once")),
        "documents": [document_json(info) for info in base.list()],
        "record": record_json(base.record("中文.md")),
        "status": status_json(base.status(), encoder="hashing"),
        "report": report_json(base.ingest(base.path.parent)),
        "aliases": aliases_json(view, things, n_things=len(things)),
        "entity": entity_json(*base.thing("Sele Packet Company"), depth=1),
        "chains": paths_json(chains.one, chains.other, chains.paths),
    }


def test_every_form_is_the_same_after_a_journey_as_json(base, answer):
    for name, form in forms(base, answer).items():
        assert json.loads(json.dumps(form, ensure_ascii=False)) == form, name


def test_the_schema_comes_first():
    assert list(with_schema({"found": True})) == ["schema", "found"]
    assert with_schema({})["schema"] == SCHEMA


def test_a_citation_of_the_form_stands_in_the_document_that_it_names(base, answer):
    cited = answer_json(answer)["citations"]
    assert cited
    for citation in cited:
        start, end = citation["span"]
        assert base.document(citation["source"]).text[start:end] == citation["quote"]


def test_the_last_event_carries_the_answer_with_its_id(base):
    events = []
    answer = base.ask("谁承建扩港工程？", on_event=lambda event: events.append(event_json(event)))
    assert events[-1]["event"] == "done"
    assert events[-1]["answer"]["id"] == answer_id(answer)
    assert all("answer" not in event for event in events[:-1])


def test_different_answers_have_different_ids(base, answer):
    assert answer_id(answer) != answer_id(base.ask("谁承建扩港工程？", with_graph=True))


def test_a_thing_is_found_by_a_part_of_its_name(base):
    _, things = base.search_names("packet")
    assert [thing.sources for thing in things] == [base.thing("Sele Packet Company")[1].sources]
    assert base.search_names("packet", types=["person"])[1] == ()
