"""Readings of questions that several paragraphs answer together."""

from tadarag.training.answerer.multihop_items import MAX_PASSAGES, Composed, Paragraph, lead_sentence, pair_items, ranked_items, whole_items

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


def test_ranked_paragraphs_are_read_in_their_order_and_by_document():
    second = Paragraph(title="Anna Holm", text="She died on 9 June 2040.", supporting=True)
    one = Composed(id="r", question="When was Anna Holm born?", answers=("3 May 1987",), paragraphs=(SONG, SINGER, OTHERS[0], second))
    (item,) = [item for item in (next(ranked_items([one], seed=seed)) for seed in range(20)) if item.answered][:1]
    assert [passage.document for passage in item.passages] == [0, 1, 2, 1]
    assert [bool(passage.answers) for passage in item.passages] == [False, True, False, False]


def test_a_ranked_reading_without_its_answer_is_not_answered():
    items = [item for number in range(80) for item in ranked_items([question(number)], seed=1)]
    for item in items:
        assert item.answered == any(SINGER.text in passage.text for passage in item.passages)
    assert 0 < sum(not item.answered for item in items) < 40


def test_no_more_is_read_than_fits_together():
    long = tuple(Paragraph(title=f"T{n}", text="The ferry left at noon. " * 40, supporting=not n) for n in range(12))
    one = Composed(id="l", question="When did the ferry leave?", answers=("noon",), paragraphs=long)
    (item,) = ranked_items([one], seed=9)
    assert 1 < len(item.passages) <= MAX_PASSAGES
