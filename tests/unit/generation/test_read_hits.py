"""How passages are put to the network: alone, and after the sentence that leads to them."""

from tadarag.generation.read_hits import find_lead, read_hits
from tadarag.models.passage_reader import FoundSpan, TextReading
from tadarag.values import Hit
from tests.unit.generation.passages import passage

HOLM = Hit(passage=passage("holm.md", "Anna Holm is an engineer. She was born on 3 May 1987.", title="Anna Holm"), score=1.0)
SONG = Hit(passage=passage("song.md", "Get Low is a song. It was written by Anna Holm.", title="Get Low"), score=0.9)
BORN = "When was the writer of Get Low born?"


class Noted:
    """A reader that notes what it is given and finds the first letter."""

    def __init__(self):
        self.asked = []

    def read(self, question, passages, *, lead="", n_spans=1):
        self.asked.append((tuple(passages), lead))
        return TextReading(spans=(FoundSpan(passage=0, start=0, end=1, margin=1.0),), answered=0.5, relevant=0.5, kinds=(1.0, 0.0, 0.0))


def test_a_passage_is_read_alone_and_after_the_sentence_that_names_it():
    reader = Noted()
    read_hits(reader, BORN, [SONG, HOLM])
    assert sorted(reader.asked) == [
        (("Anna Holm. Anna Holm is an engineer. She was born on 3 May 1987.",), ""),
        (("Anna Holm. Anna Holm is an engineer. She was born on 3 May 1987.",), "It was written by Anna Holm."),
        (("Get Low. Get Low is a song. It was written by Anna Holm.",), ""),
    ]


def test_nothing_leads_to_what_the_question_names_itself():
    assert find_lead("When was Anna Holm born, who wrote Get Low?", 1, [SONG, HOLM]) is None


def test_no_sentence_leads_to_a_passage_that_none_names():
    ferry = Hit(passage=passage("f.md", "The ferry left.", title="Ferry"), score=0.1)
    assert find_lead(BORN, 1, [SONG, ferry]) is None


def test_a_passage_does_not_lead_to_itself():
    assert find_lead(BORN, 0, [HOLM]) is None


def test_the_lead_says_which_passage_it_is_from():
    lead = find_lead(BORN, 1, [SONG, HOLM])
    assert (lead.hit, lead.sentence) == (0, "It was written by Anna Holm.")


def read_hit(start, end):
    (one,) = read_hits(Noted(), "Who?", [HOLM])
    return one.crosses_sentences(FoundSpan(passage=0, start=start, end=end, margin=1.0))


def test_words_of_two_sentences_or_of_heading_and_text_are_no_answer():
    text = "Anna Holm. Anna Holm is an engineer. She was born on 3 May 1987."
    assert read_hit(text.index("engineer"), text.index("She") + 3)
    assert read_hit(0, text.index("is an"))
    assert not read_hit(0, len("Anna Holm"))
    assert not read_hit(text.index("3 May"), text.index("3 May") + len("3 May 1987"))
