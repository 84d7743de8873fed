"""Readings of questions that several paragraphs answer together."""

from tadarag.training.answerer.multihop_items import Composed, Paragraph, lead_sentence, pair_items, whole_items

SONG = Paragraph(title="Get Low", text="Get Low is a song. It was written by Anna Holm.", supporting=True)
SINGER = Paragraph(title="Anna Holm", text="Anna Holm was born on 3 May 1987 in Velden.", supporting=True)
OTHERS = tuple(Paragraph(title=f"Other {n}", text=f"Other {n} was born on 4 June 19{n}.", supporting=False) for n in range(10, 16))


def question(number=0, answer="3 May 1987"):
    return Composed(id=f"c{number}", question="When was the writer of Get Low born?", answers=(answer,), paragraphs=(SONG, SINGER, *OTHERS))


def test_a_whole_reading_holds_every_gold_paragraph_or_is_not_answered():
    for item in whole_items([question(number) for number in range(50)], seed=5):
        texts = [passage.text for passage in item.passages]
        assert item.answered == all(any(gold.text in text for text in texts) for gold in (SONG, SINGER))
        assert item.answered == any(passage.answers for passage in item.passages)


def test_some_whole_readings_are_not_answered():
    answered = [item.answered for item in whole_items([question(number) for number in range(120)], seed=5)]
    assert 0.05 < answered.count(False) / len(answered) < 0.35


def test_yes_and_no_are_kinds_of_their_own_and_have_no_place():
    items = [item for item in whole_items([question(number, "Yes") for number in range(20)], seed=5) if item.answered]
    assert {item.kind for item in items} == {"yes"}
    assert not any(passage.answers for item in items for passage in item.passages)


def test_an_answer_that_stands_nowhere_makes_no_whole_reading():
    assert not [item for item in whole_items([question(0, "a llama")], seed=1) if item.answered]


def test_a_pair_belongs_when_its_paragraph_is_gold_and_answers_when_it_holds_the_answer():
    for item in pair_items([question(number) for number in range(20)], seed=5):
        (passage,) = item.passages
        assert item.relevant == (SONG.text in passage.text or SINGER.text in passage.text)
        assert item.answered == (SINGER.text in passage.text)


def test_a_lead_is_the_sentence_that_names_the_target():
    assert lead_sentence(SONG, SINGER) == "It was written by Anna Holm."


def test_a_lead_never_comes_from_the_paragraph_itself():
    for item in pair_items([question(number) for number in range(30)], seed=2):
        assert not item.lead or item.lead not in item.passages[0].text
