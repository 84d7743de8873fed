"""Answers of the network: the likeliest is quoted with its sentence; what is not likely enough is not said."""

from dataclasses import replace

import numpy as np
import pytest

from tadarag.generation.answer_candidates import FEATURES
from tadarag.generation.answer_choice import AnswerChoice
from tadarag.generation.answering import make_answerer
from tadarag.generation.extractive import ExtractiveAnswerer
from tadarag.generation.read_hits import N_READ
from tadarag.generation.silence_features import SILENCE_FEATURES
from tadarag.generation.trained import TrainedAnswerer
from tadarag.models.passage_reader import FoundSpan, TextReading
from tadarag.models.trees import Trees
from tadarag.values import Link
from tests.unit.generation.passages import evidence, passage, route

HOLM = passage("holm.md", "Anna Holm is an engineer. She was born on 3 May 1987 in Velden.", title="Anna Holm")
SONG = passage("song.md", "Get Low is a song. Anna Holm wrote it.", title="Get Low")
BORN = "When was the writer of Get Low born?"


class Found:
    """A reader that finds a given text where it stands; in other passages their first letter, with a lower margin."""

    def __init__(self, wanted="", *, kinds=(1.0, 0.0, 0.0)):
        self.wanted, self.kinds, self.asked = wanted, kinds, []

    def read(self, question, passages, *, lead="", n_spans=1):
        self.asked.append((tuple(passages), lead))
        number = next((number for number, text in enumerate(passages) if self.wanted in text), -1)
        start = passages[number].find(self.wanted) if number >= 0 else 0
        end = start + len(self.wanted) if number >= 0 else 1
        span = FoundSpan(passage=max(number, 0), start=start, end=end, margin=3.0 if number >= 0 else -2.0)
        return TextReading(spans=(span,), answered=0.9, relevant=0.5, kinds=self.kinds)


def by_one(names, name):
    """Trees of one tree: what has a positive value of a feature is likely."""
    return Trees(
        columns=np.array([[names.index(name)]], np.int16),
        thresholds=np.array([[0.0]]),
        masks=np.array([[0b10]], np.uint16),
        leaves=np.array([[-2.0, 2.0]]),
    )


def choosing_by(feature, *, threshold=0.5):
    """A choice that looks at one feature of candidates, and speaks where the best one has a positive value of it."""
    return AnswerChoice(by_one(FEATURES, feature), by_one(SILENCE_FEATURES, feature), threshold=threshold, answerer="", fingerprint="")


def drafted(reader, question=BORN, *passages, by="margin_alone", threshold=0.5):
    answerer = TrainedAnswerer(reader, choosing_by(by, threshold=threshold))
    return answerer.draft(question, route(question), evidence(question, *(passages or (SONG, HOLM))))


def test_the_likeliest_answer_is_quoted_with_its_sentence():
    draft = drafted(Found("3 May 1987"))
    assert (draft.found, draft.short) == (True, "3 May 1987")
    assert draft.citations[0].quote == "She was born on 3 May 1987 in Velden."
    assert draft.confidence == pytest.approx(1 / (1 + np.exp(-2)))


def test_what_is_not_likely_enough_is_not_said():
    draft = drafted(Found("3 May 1987"), threshold=0.95)
    assert not draft.found
    assert draft.confidence == pytest.approx(1 / (1 + np.exp(-2)))


def test_an_answer_in_the_headings_cites_the_first_sentence():
    draft = drafted(Found("Get Low"), "Which song did Anna Holm write?", threshold=0.2)
    assert draft.citations[0].quote == "Get Low is a song."


def test_yes_is_said_where_the_passages_together_say_so():
    question = "Were Anna Holm and Ben Hill born in Velden?"
    draft = drafted(Found("Velden", kinds=(0.0, 1.0, 0.0)), question, HOLM, by="kind_together")
    assert draft.short == "Yes"
    assert {citation.source.path for citation in draft.citations} == {"holm.md"}


SAILS = passage("dusk.md", "The ferry Dusk carries 40 cars. She sails on Tuesdays in winter. She does not carry lorries.", title="Dusk")


@pytest.mark.parametrize(
    ("question", "word", "sentence"),
    [
        ("Does the Dusk carry 40 cars?", "Yes", "The ferry Dusk carries 40 cars."),
        ("Does the Dusk carry lorries?", "No", "She does not carry lorries."),
        ("Does the Dusk sail on Wednesdays?", "No", "She sails on Tuesdays in winter."),
        ("Does the Dusk carry 60 cars?", "No", "The ferry Dusk carries 40 cars."),
    ],
)
def test_yes_or_no_about_one_thing_cites_the_sentence_that_bears_it_out(question, word, sentence):
    draft = drafted(Found("Dusk"), question, SAILS, by="is_decided", threshold=0.8)
    assert (draft.found, draft.short) == (True, word)
    assert [citation.quote for citation in draft.citations][:1] == [sentence]
    assert draft.confidence == pytest.approx(0.9)


@pytest.mark.parametrize(
    "question", ["Does the Dusk carry bicycles?", "Is the Dusk painted blue?", "Does the Dusk carry 40 cars on Tuesdays?"]
)
def test_what_is_neither_said_nor_denied_of_one_thing_is_not_decided(question):
    assert not drafted(Found("Dusk"), question, SAILS, by="is_decided", threshold=0.0).found


@pytest.mark.parametrize("hours", ["from Tuesday to Sunday", "every day but Monday", "for more than 5 hours"])
def test_a_value_that_may_lie_in_a_range_is_no_no(hours):
    museum = passage("museum.md", f"The museum is open {hours}.", title="Museum")
    assert not drafted(Found("museum"), "Is the museum open on Wednesdays?", museum, by="is_decided", threshold=0.0).found


def test_a_passage_that_does_not_answer_decides_nothing():
    class Doubting(Found):
        def read(self, question, passages, *, lead="", n_spans=1):
            return replace(super().read(question, passages, lead=lead, n_spans=n_spans), answered=0.4)

    assert not drafted(Doubting("Dusk"), "Does the Dusk carry 40 cars?", SAILS, by="is_decided", threshold=0.0).found


def test_one_passage_does_not_decide_between_two_things():
    other = passage("hill.md", "Ben Hill is a writer.", title="Ben Hill")
    question = "Did Anna Holm and Ben Hill sail to Velden?"
    assert not drafted(Found("Velden", kinds=(0.0, 1.0, 0.0)), question, HOLM, other, by="is_decided").found


def test_words_of_a_passage_never_answer_a_question_for_yes_or_no():
    draft = drafted(
        Found("Velden", kinds=(0.0, 0.9, 0.1)), "Were Anna Holm and Ben Hill born in Velden?", HOLM, by="margin_alone", threshold=0.0
    )
    assert draft.short in ("Yes", "No")


def test_no_is_said_where_the_first_sentences_of_both_things_decide_so_whatever_the_network_says():
    painter = (
        passage("moor.md", "She paints boats. She is famous.", title="Works of Ada Moor"),
        passage("ada.md", "Ada Moor is a Norwegian painter. She won prizes.", title="Ada Moor"),
    )
    writer = passage("hill.md", "Ben Hill is a writer from Canada. He and Ada Moor met once.", title="Ben Hill")
    question = "Are Ada Moor and Ben Hill from the same country?"
    draft = drafted(Found("painter", kinds=(0.0, 1.0, 0.0)), question, *painter, writer, by="is_decided")
    assert draft.short == "No"
    assert {"Ada Moor is a Norwegian painter.", "Ben Hill is a writer from Canada."} <= {one.quote for one in draft.citations}


def test_a_side_that_dates_decide_is_said_with_what_tells_them():
    older = passage("a.md", "Get Low is a 1990 song.", title="Get Low"), passage("b.md", "Get High is a 1980 song.", title="Get High")
    draft = drafted(Found("Get Low"), "Which song was released first, Get Low or Get High?", *older, by="is_decided")
    assert draft.short == "Get High"
    assert {citation.quote for citation in draft.citations} == {"Get Low is a 1990 song.", "Get High is a 1980 song."}


def test_a_side_that_dates_decide_cites_the_sentence_with_the_date():
    club = passage("club.md", "# Harbour Club\n\nHarbour Club is a society of sailors. It was founded in 1888.", title="Harbour Club")
    guild = passage("guild.md", "The Weavers' Guild was founded in 1702.", title="Weavers' Guild")
    draft = drafted(Found("sailors"), "Which is older, the Harbour Club or the Weavers' Guild?", club, guild, by="is_decided")
    assert draft.short == "Weavers' Guild"
    assert "It was founded in 1888." in {citation.quote for citation in draft.citations}


def test_the_side_with_more_of_something_is_said_by_its_short_name_with_both_amounts():
    ferries = passage("halvrin.md", "Halvrin Marine builds ferries. It employs 340 people.", title="Halvrin Marine Ltd")
    pumps = passage("brenta.md", "Brenta Works makes pumps. It has 1,200 employees.", title="Brenta Works")
    draft = drafted(Found("pumps"), "Which has fewer employees, Halvrin or Brenta?", ferries, pumps, by="score", threshold=0.99)
    assert (draft.found, draft.short) == (True, "Halvrin")
    assert {"It employs 340 people.", "It has 1,200 employees."} <= {citation.quote for citation in draft.citations}


def test_more_than_the_other_is_answered_by_yes_or_no():
    ferries = passage("halvrin.md", "Halvrin Marine builds ferries. It employs 340 people.", title="Halvrin Marine")
    pumps = passage("brenta.md", "Brenta Works makes pumps. It has 1,200 employees.", title="Brenta Works")
    draft = drafted(Found("pumps"), "Does Halvrin Marine have more employees than Brenta Works?", ferries, pumps, by="is_decided")
    assert draft.short == "No"
    assert {"It employs 340 people.", "It has 1,200 employees."} <= {citation.quote for citation in draft.citations}


def test_when_something_ends_is_not_when_it_begins():
    terms = passage("terms.md", "The autumn term begins on 1 September 2025 and ends on 19 December 2025.", title="Handbook")
    assert drafted(Found("1 September 2025"), "When does the autumn term end?", terms, by="is_decided").short == "19 December 2025"


@pytest.mark.parametrize(("sentence", "is_cited"), [("Get Low was written by Anna Holm.", True), ("Anna Holm came too.", False)])
def test_a_sentence_that_led_to_the_answer_is_cited_where_it_holds_a_word_of_the_question(sentence, is_cited):
    other = passage("other.md", sentence, title="Notes")
    link = Link(seed=other.source, seed_chunk=other.chunk, sentence=sentence, name="Anna Holm", kind="title")
    shown = evidence(BORN, HOLM, other, paths={"holm.md": (link,)})
    draft = TrainedAnswerer(Found("3 May 1987"), choosing_by("margin_alone")).draft(BORN, route(BORN), shown)
    assert (sentence in {citation.quote for citation in draft.citations}) == is_cited


def test_an_answer_in_a_line_that_is_a_heading_cites_what_is_said_below_it():
    song = passage("song.md", "# Get Low\n\nIt is a song that Anna Holm wrote.", title="Get Low")
    draft = drafted(Found("Get Low"), "Which song did Anna Holm write?", song, threshold=0.2)
    assert [citation.quote for citation in draft.citations] == ["It is a song that Anna Holm wrote."]


def test_a_fact_of_a_life_is_said_whatever_else_the_network_finds():
    draft = drafted(Found("engineer"), BORN, by="is_decided")
    assert draft.short == "3 May 1987"
    assert draft.citations[0].quote == "She was born on 3 May 1987 in Velden."


def test_a_date_that_was_found_in_part_is_said_whole():
    text = passage("line.md", "本线于1983年5月2日开办。", title="12M线")
    assert drafted(Found("1983年"), "12M线是什么时候开办的？", text).short == "1983年5月2日"


def test_a_chinese_question_is_answered_in_chinese():
    text = passage("zh.md", "安娜是工程师。", title="安娜")
    assert drafted(Found("工程师"), "安娜是工程师吗？", text, by="is_decided").short == "是"


def test_a_side_that_the_question_names_can_be_the_answer():
    older = passage("a.md", "Get Low appeared in 1990.", title="Get Low"), passage("b.md", "Get High appeared in 1980.", title="Get High")
    draft = drafted(Found("Get High"), "Which song is older, Get Low or Get High?", *older, by="margin_together")
    assert draft.short == "Get High"


def test_an_answer_that_the_rules_give_too_keeps_their_citations():
    question = "When was Anna Holm born?"
    rules = ExtractiveAnswerer().draft(question, route(question), evidence(question, HOLM))
    draft = drafted(Found("3 May 1987"), question, HOLM)
    assert rules.short == "3 May 1987"
    assert draft.citations == rules.citations


FEVER = passage("fever.md", "Larger outbreaks of Damaro fever occurred in 1954, 1978 and 1999.", title="Damaro fever")
OLD_PRICE = passage("2023.md", "The fee for the ferry is 14 korla.", title="Fees", date="2023-01-05")
NEW_PRICE = passage("2024.md", "The fee for the ferry is 19 korla.", title="Fees", date="2024-01-05")


@pytest.mark.parametrize(
    ("question", "passages", "ending"),
    [
        ("What is known about Anna Holm?", (SONG, HOLM), ""),
        ("List the years in which larger outbreaks of Damaro fever occurred.", (FEVER,), "1954, 1978, 1999"),
        ("What is the current fee for the ferry?", (OLD_PRICE, NEW_PRICE), "19 korla"),
    ],
)
def test_overviews_lists_of_members_and_values_that_changed_are_quoted_as_the_rules_have_them(question, passages, ending):
    reader = Found("Anna")
    draft = drafted(reader, question, *passages)
    assert draft == ExtractiveAnswerer().draft(question, route(question), evidence(question, *passages))
    assert draft.found
    assert draft.short.endswith(ending)
    assert reader.asked == []


@pytest.mark.parametrize("question", ["What are the names of the writers of Get Low?", "Who is the current writer of Get Low?"])
def test_one_member_and_one_value_are_weighed_against_the_other_answers(question):
    assert drafted(Found("Anna Holm"), question).short == "Anna Holm"


def test_no_passage_is_no_answer():
    reader = Found("x")
    assert not TrainedAnswerer(reader, choosing_by("rank")).draft(BORN, route(BORN), evidence(BORN)).found


def test_only_the_best_passages_are_read():
    reader = Found("ferry")
    drafted(reader, "When did the ferry leave?", *(passage(f"{n}.md", f"Log {n} of the ferry.") for n in range(N_READ + 3)))
    assert len({texts for texts, _ in reader.asked}) == N_READ


def test_text_is_told_as_it_is_drafted():
    told = []
    answerer = TrainedAnswerer(Found("3 May 1987"), choosing_by("margin_alone"))
    answerer.draft(BORN, route(BORN), evidence(BORN, SONG, HOLM), on_text=told.append)
    assert told == ["3 May 1987 [1]"]


@pytest.mark.parametrize("name", ["trained", "extractive"])
def test_without_a_reader_rules_quote(name):
    assert isinstance(make_answerer(name), ExtractiveAnswerer)
