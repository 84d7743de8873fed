"""An answer on the page."""

from dataclasses import replace

import pytest
from tadarag_studio.answer_view import answer_pieces, draft_html, how_html, token_words
from tadarag_studio.graph_page import facts_html, names_html
from tadarag_studio.memories_page import memory_html
from tadarag_studio.streaming import Draft, Piece

from tadarag.values import Usage

POISON = "<script>alert(1)</script><img src=x onerror=alert(1)>"


@pytest.fixture
def answer(base):
    return base.ask("What is the fare to Port Hesk?")


def test_a_citation_is_a_piece_of_its_own_in_the_text(answer):
    pieces = list(answer_pieces(answer))
    assert [piece["citation"] for piece in pieces if "citation" in piece] == [citation.number for citation in answer.citations]
    assert "ferry.md" in next(piece["label"] for piece in pieces if "citation" in piece)


def test_a_number_in_brackets_that_nothing_cites_is_text(answer):
    pieces = list(answer_pieces(replace(answer, text="see [99] there")))
    assert pieces == [{"text": "see [99] there"}]


def test_unchecked_and_withdrawn_text_is_marked():
    html = draft_html(Draft(pieces=(Piece(text="maybe", state="unchecked"), Piece(text="no", state="withdrawn"))))
    assert "unchecked" in html
    assert "withdrawn" in html


def test_tokens_are_none_where_no_model_was_asked_and_estimates_are_called_so(answer):
    assert token_words(answer) == "none: no language model was asked"
    asked = replace(answer, usage=Usage(model="m", prompt_tokens=7, completion_tokens=2, tokens_are_estimates=True))
    assert token_words(asked) == "m: 7 → 2 (estimated)"


def test_no_markup_of_a_document_is_rendered(base, answer, tmp_path):
    (tmp_path / "poison.md").write_text(
        f"# Poison {POISON}\n\nThe {POISON} of Port Hesk was opened by Anna Moor in 1998.\n", encoding="utf-8"
    )
    base.ingest(tmp_path / "poison.md")
    record = base.record("poison.md")
    hit = replace(answer.evidence.hits[0], passage=replace(answer.evidence.hits[0].passage, text=POISON, heading_path=(POISON,)))
    quoted = {"sentence": POISON, "source": POISON}
    fact = {
        "predicate": POISON,
        "direction": "out",
        "other": {"name": POISON, "type": POISON},
        "valid_from": "",
        "valid_to": "",
        "stated_on": POISON,
    }
    shown = [
        draft_html(Draft(pieces=(Piece(text=POISON, state="unchecked"),))),
        how_html(replace(answer, evidence=replace(answer.evidence, hits=(hit,)))),
        *(memory_html(chunk, record.document.text) for chunk in record.chunks),
        facts_html([{**fact, **quoted}]),
        names_html(
            {"names": [{"name": POISON, "sentences": [quoted]}], "aliases": [{"names": [POISON], "reason": POISON, "support": [quoted]}]}
        ),
    ]
    for html in shown:
        assert "<script" not in html
        assert "<img" not in html
        assert "alert(1)" in html
