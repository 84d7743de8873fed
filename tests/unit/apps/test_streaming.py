"""An answer while it is made."""

import pytest
from tadarag_studio.streaming import Asking, Draft, Piece, after

from tadarag.errors import UsageError
from tadarag.values import AnswerEvent


def text(words):
    return AnswerEvent(kind="text", text=words)


def test_text_is_unchecked_until_its_statement_is():
    draft = after(after(Draft(), text("The fare ")), text("is 28."))
    assert draft.pieces == (Piece(text="The fare is 28.", state="unchecked"),)


def test_checks_take_the_place_of_the_unchecked_text():
    draft = after(Draft(), text("The fare is 28. It is free."))
    draft = after(draft, AnswerEvent(kind="checked", text="The fare is 28.", statement=0))
    draft = after(draft, AnswerEvent(kind="withdrawn", text="It is free.", statement=1))
    assert [piece.state for piece in draft.pieces] == ["checked", "withdrawn"]


def test_the_last_draft_has_the_answer(base):
    *_, last = Asking(lambda tell: base.ask("What is the fare to Port Hesk?", on_event=tell)).drafts()
    assert last.answer.found
    assert last.pieces


def test_who_comes_back_finds_the_answer_again(base):
    asking = Asking(lambda tell: base.ask("What is the fare to Port Hesk?", on_event=tell))
    assert list(asking.drafts())[-1] == list(asking.drafts())[-1]


def test_what_asking_raises_is_raised_where_the_person_waits():
    def fail(tell):
        raise UsageError("there is no such recipe", "choose another")

    with pytest.raises(UsageError, match="no such recipe"):
        list(Asking(fail).drafts())
