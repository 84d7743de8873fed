"""Answers of the network: what it finds is quoted with its sentence; what it does not find is not said."""

import pytest

from tadarag.generation.answering import make_answerer
from tadarag.generation.extractive import ExtractiveAnswerer
from tadarag.generation.trained import ANSWERED, N_READ, TrainedAnswerer
from tadarag.models.passage_reader import FoundSpan, TextReading
from tests.unit.generation.passages import evidence, passage, route

HOLM = passage("holm.md", "Anna Holm is an engineer. She was born on 3 May 1987 in Velden.", title="Anna Holm")
SONG = passage("song.md", "Get Low is a song. Anna Holm wrote it.", title="Get Low")
BORN = "When was the writer of Get Low born?"


class Found:
    """A reader that finds a given text where it stands; in other passages their first letter, with a lower margin."""

    def __init__(self, wanted="", *, answered=0.9):
        self.wanted, self.answered, self.asked = wanted, answered, []

    def read(self, question, passages, *, lead="", n_spans=1):
        (text,) = passages
        self.asked.append(text)
        start = text.find(self.wanted)
        span = FoundSpan(
            passage=0, start=max(start, 0), end=start + len(self.wanted) if start >= 0 else 1, margin=3.0 if start >= 0 else -2.0
        )
        return TextReading(spans=(span,), answered=self.answered, relevant=0.5, kinds=(1.0, 0.0, 0.0))


def drafted(reader, question=BORN, *passages):
    return TrainedAnswerer(reader).draft(question, route(question), evidence(question, *(passages or (SONG, HOLM))))


def test_what_is_found_is_quoted_with_its_sentence():
    draft = drafted(Found("3 May 1987"))
    assert (draft.found, draft.short) == (True, "3 May 1987")
    assert draft.citations[0].quote == "She was born on 3 May 1987 in Velden."
    assert draft.confidence == 0.9


def test_passages_are_read_one_by_one_as_the_encoder_read_them():
    reader = Found("3 May 1987")
    drafted(reader)
    assert reader.asked == ["Get Low. Get Low is a song. Anna Holm wrote it.", f"Anna Holm. {HOLM.text}"]


def test_an_answer_in_the_headings_cites_the_first_sentence():
    draft = drafted(Found("Get Low"))
    assert draft.citations[0].quote == "Get Low is a song."


def test_what_the_passages_do_not_answer_is_not_said():
    draft = drafted(Found("3 May 1987", answered=ANSWERED / 2))
    assert not draft.found
    assert draft.confidence == ANSWERED / 2


@pytest.mark.parametrize(
    "question",
    [
        "What is known about Anna Holm?",
        "Is Anna Holm an engineer?",
        "Which is older, Get Low or Anna Holm?",
        "List all engineers.",
        "安娜是工程师吗？",
    ],
)
def test_what_is_no_single_span_is_quoted_as_before(question):
    reader = Found("Anna")
    assert drafted(reader, question) == ExtractiveAnswerer().draft(question, route(question), evidence(question, SONG, HOLM))
    assert reader.asked == []


def test_no_passage_is_no_answer():
    assert not TrainedAnswerer(Found("x")).draft(BORN, route(BORN), evidence(BORN)).found


def test_only_the_best_passages_are_read():
    reader = Found("ferry")
    drafted(reader, "When did the ferry leave?", *(passage(f"{n}.md", f"Log {n} of the ferry.") for n in range(N_READ + 3)))
    assert len(reader.asked) == N_READ


def test_text_is_told_as_it_is_drafted():
    told = []
    TrainedAnswerer(Found("3 May 1987")).draft(BORN, route(BORN), evidence(BORN, SONG, HOLM), on_text=told.append)
    assert told == ["3 May 1987 [1]"]


@pytest.mark.parametrize("name", ["trained", "extractive"])
def test_without_a_reader_rules_quote(name):
    assert isinstance(make_answerer(name), ExtractiveAnswerer)
