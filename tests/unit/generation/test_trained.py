"""Answers of the network: what it finds is quoted with its sentence; what it does not find is not said."""

import pytest

from tadarag.generation.answering import make_answerer
from tadarag.generation.extractive import ExtractiveAnswerer
from tadarag.generation.trained import ANSWERED, TrainedAnswerer
from tadarag.models.passage_reader import FoundSpan, TextReading
from tests.unit.generation.passages import evidence, passage, route

HOLM = passage("holm.md", "Anna Holm is an engineer. She was born on 3 May 1987 in Velden.", title="Anna Holm")
SONG = passage("song.md", "Get Low is a song. Anna Holm wrote it.", title="Get Low")
BORN = "When was the writer of Get Low born?"


class Found:
    """A reader that finds a given text in the first passage that holds it."""

    def __init__(self, wanted="", *, answered=0.9, kinds=(1.0, 0.0, 0.0)):
        self.wanted, self.answered, self.kinds, self.asked = wanted, answered, kinds, []

    def read(self, question, passages, *, documents=(), lead="", n_spans=1):
        self.asked.append(list(passages))
        number = next(index for index, text in enumerate(passages) if self.wanted in text)
        start = passages[number].index(self.wanted)
        span = FoundSpan(passage=number, start=start, end=start + len(self.wanted), margin=3.0)
        return TextReading(spans=(span,), answered=self.answered, relevant=0.5, kinds=self.kinds)


def drafted(reader, question=BORN, *passages):
    return TrainedAnswerer(reader).draft(question, route(question), evidence(question, *(passages or (SONG, HOLM))))


def test_what_is_found_is_quoted_with_its_sentence():
    draft = drafted(Found("3 May 1987"))
    assert (draft.found, draft.short) == (True, "3 May 1987")
    assert draft.citations[0].quote == "She was born on 3 May 1987 in Velden."
    assert draft.confidence == 0.9


def test_passages_are_read_as_the_encoder_read_them():
    reader = Found("3 May 1987")
    drafted(reader)
    assert reader.asked == [["Get Low. Get Low is a song. Anna Holm wrote it.", f"Anna Holm. {HOLM.text}"]]


def test_an_answer_in_the_headings_cites_the_first_sentence():
    draft = drafted(Found("Get Low"))
    assert draft.citations[0].quote == "Get Low is a song."


def test_what_the_passages_do_not_answer_is_not_said():
    draft = drafted(Found("3 May 1987", answered=ANSWERED / 2))
    assert not draft.found
    assert draft.confidence == ANSWERED / 2


def test_a_question_for_yes_or_no_is_answered_in_its_language():
    assert drafted(Found("Anna", kinds=(0.5, 0.2, 0.3)), "Is Anna Holm an engineer?").short == "No"
    assert drafted(Found("Anna", kinds=(0.5, 0.4, 0.1)), "安娜是工程师吗？").short == "是"


def test_an_overview_is_quoted_as_before():
    question = "What is known about Anna Holm?"
    reader = Found("Anna")
    assert drafted(reader, question) == ExtractiveAnswerer().draft(question, route(question), evidence(question, SONG, HOLM))
    assert reader.asked == []


def test_no_passage_is_no_answer():
    assert not TrainedAnswerer(Found("x")).draft(BORN, route(BORN), evidence(BORN)).found


def test_only_what_fits_is_read_together():
    long = passage("long.md", "The ferry left the harbour at noon. " * 200)
    reader = Found("ferry")
    drafted(reader, "When did the ferry leave?", long, HOLM)
    assert len(reader.asked[0]) == 1


def test_text_is_told_as_it_is_drafted():
    told = []
    TrainedAnswerer(Found("3 May 1987")).draft(BORN, route(BORN), evidence(BORN, SONG, HOLM), on_text=told.append)
    assert told == ["3 May 1987 [1]"]


@pytest.mark.parametrize("name", ["trained", "extractive"])
def test_without_a_reader_rules_quote(name):
    assert isinstance(make_answerer(name), ExtractiveAnswerer)
