"""What every host is told about a passage."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis.strategies import text

from tadarag import KnowledgeBase
from tadarag.integrations.passage_metadata import SHOWN, passage_id, passage_metadata, split_passage_id
from tadarag.values import Hit, Link, Passage, SourceName, Span

PASSAGE = Passage(
    source=SourceName(".", "a.pdf"),
    content="c0ffee",
    chunk="ab:1",
    span=Span(10, 20),
    text="0123456789",
    sentences=(Span(10, 20),),
    heading_path=("Report", "Costs"),
    subject="Halvrin",
    page=3,
    date="2024-05",
    language="en",
    domain="finance",
    outline="wages, pensions",
)
LINK = Link(seed=SourceName(".", "b.md"), seed_chunk="cd:1", sentence="Halvrin reports.", name="Halvrin", kind="title")


def test_the_metadata_says_where_the_passage_stands_and_how_it_was_found() -> None:
    told = passage_metadata(Hit(passage=PASSAGE, score=1.5, layers=(("dense", 0.5),), path=(LINK,)))
    assert (told["source"], told["content"], told["chunk"], told["start"], told["end"]) == ("a.pdf", "c0ffee", "ab:1", 10, 20)
    assert (told["page"], told["date"], told["language"], told["domain"], told["subject"]) == (3, "2024-05", "en", "finance", "Halvrin")
    assert told["breadcrumb"] == "Report > Costs > wages, pensions"
    assert (told["score"], told["layers"]) == (1.5, {"dense": 0.5})
    assert told["path"] == [{"seed": "b.md", "sentence": "Halvrin reports.", "name": "Halvrin", "kind": "title"}]


def test_the_metadata_is_json(base: KnowledgeBase) -> None:
    for hit in base.search("Who founded the yard that built the ferry Dusk?"):
        told = passage_metadata(hit)
        assert json.loads(json.dumps(told)) == told
        assert set(SHOWN) <= told.keys()


@given(source=text(), chunk=text(alphabet="0123456789abcdef:", min_size=1))
def test_an_id_can_be_taken_apart(source: str, chunk: str) -> None:
    assert split_passage_id(passage_id(source, chunk)) == (source, chunk)


def test_what_is_no_id_names_nothing() -> None:
    assert split_passage_id("Tomas Brandt") == ("", "")
