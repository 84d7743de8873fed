"""What routes decide in a base, and what they leave alone."""

import sqlite3
from contextlib import closing

import pytest

from tadarag.errors import FormatMismatch
from tadarag.knowledge_base import KnowledgeBase
from tadarag.models.onnx_encoder import load_shipped
from tadarag.routing.domains import routing_fingerprint
from tadarag.routing.questions import route_question
from tadarag.store.codec import seal
from tadarag.testing.hashing_encoder import HashingEncoder

TEXTS = {
    "ferry.md": "# Ferry Dusk\n\nThe ferry Dusk leaves the harbour of Quillen at six in the morning.\n",
    "night.md": "# Night boat\n\nThe boat Lantern leaves the harbour at night. Its master is Tomas Brandt.\n",
    "drug.md": "# Fevrolin\n\nFevrolin lowers fever. Unwanted effects: headache, nausea and a rash. Patients with renal disease need a lower dose.\n",
}
QUESTIONS = (
    "which boats leave the harbour in the morning and which at night?",
    "Which unwanted effects does the prescribing information of Fevrolin list?",
)


@pytest.fixture
def folder(tmp_path):
    for name, text in TEXTS.items():
        (tmp_path / name).write_text(text)
    return tmp_path


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_trained_task_goes_to_the_answer_and_what_is_retrieved_hangs_on_cues(folder, question):
    with KnowledgeBase.open(folder, encoder=load_shipped(), workers=1) as base:
        base.ingest(folder)
        answer = base.ask(question)
        assert answer.route.task != route_question(question).task, "the question tells nothing: choose one that the heads judge otherwise"
        assert not answer.evidence.early_exit
        assert [(hit.passage.source, hit.score, hit.path) for hit in answer.evidence.hits] == [
            (hit.passage.source, hit.score, hit.path) for hit in base.search(question)
        ]


def test_a_base_that_other_routing_rules_made_says_so_and_is_right_after_a_reindex(folder):
    with KnowledgeBase.open(folder, encoder=HashingEncoder(), workers=1) as base:
        base.ingest(folder)
        rightly = base.digests(QUESTIONS)
    with closing(sqlite3.connect(folder / ".tadarag" / "truth.sqlite3")) as database:
        database.execute("UPDATE meta SET value = 'domains-1' WHERE key = 'setting:routing'")
        database.execute("UPDATE contents SET domain = ?", (seal(b"news"),))
        database.commit()
    with KnowledgeBase.open(folder, encoder=HashingEncoder(), workers=1) as base:
        assert base.search("ferry")
        with pytest.raises(FormatMismatch, match="routing") as refused:
            base.ingest(folder)
        assert "tadarag reindex" in refused.value.do
        assert base.record("drug.md").domain == "news"
        base.reindex()
        assert base.record("drug.md").domain == "bio_medical_research"
        assert base.ingest(folder).unchanged == len(TEXTS)
        assert base.digests(QUESTIONS) == rightly
    with closing(sqlite3.connect(folder / ".tadarag" / "truth.sqlite3")) as database:
        assert database.execute("SELECT value FROM meta WHERE key = 'setting:routing'").fetchone() == (routing_fingerprint(),)
