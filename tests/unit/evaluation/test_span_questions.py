import gzip
import json

import pytest

from tadarag.errors import UsageError
from tadarag.evaluation.answer_questions import AnswerQuestion, Quote
from tadarag.evaluation.span_questions import find_answer, load_long_documents, load_meetings, locate_quotes
from tadarag.values import SourceName


def write(folder, name, rows):
    folder.mkdir(exist_ok=True)
    with gzip.open(folder / f"{name}.jsonl.gz", "wt", encoding="utf-8") as stream:
        stream.writelines(json.dumps(row) + "\n" for row in rows)


def quoted(spans, text):
    return [span.of(text) for span in spans]


def test_an_answer_is_found_whatever_its_case_width_and_line_breaks():
    text = "It began on 14\nNovember 2001. On 14 NOVEMBER ２００１ it ended."
    assert quoted(find_answer("14 November 2001", text), text) == ["14\nNovember 2001", "14 NOVEMBER ２００１"]


def test_a_choice_label_and_a_full_stop_are_not_part_of_an_answer():
    assert len(find_answer("(B) A doctor from the Corps.", "He is a doctor from the corps, he said.")) == 1


def test_an_answer_inside_a_longer_word_or_of_three_letters_is_not_found():
    assert find_answer("port", "A portrait of the airport.") == ()
    assert find_answer("Yes", "Yes, yes.") == ()


def test_a_chinese_answer_needs_no_word_border():
    text = "首都是维尔丹市的中心。"
    assert quoted(find_answer("维尔丹市", text), text) == ["维尔丹市"]


def test_a_topic_has_the_text_of_its_turns_as_gold(tmp_path):
    folder = tmp_path / "meetings"
    text = "A: Hello .\nB: The budget is small .\nA: Yes .\nB: Bye ."
    write(folder, "corpus", [{"_id": "m", "title": "", "text": text}])
    write(folder, "outlines", [{"_id": "m", "topics": [{"topic": "Budget", "turn_spans": [[1, 2]]}]}])
    asked = {"type": "specific", "meeting": "m", "turn_spans": [[3, 9]]}
    write(folder, "queries", [{"_id": "q", "text": "How did it end?", "metadata": asked}, {"_id": "g", "text": "Sum up.", "metadata": {}}])
    outlines, questions = load_meetings(folder)
    ((source, span),) = outlines.questions[0].gold
    assert (source, span.of(text)) == (SourceName(".", "m"), "B: The budget is small .\nA: Yes .")
    (question,) = questions.questions
    assert question.gold[0][1].of(text) == "B: Bye ."


def test_an_answer_that_stands_everywhere_or_nowhere_leaves_its_question_out(tmp_path):
    folder = tmp_path / "long"
    write(folder, "corpus", [{"_id": "d", "title": "", "text": "Velmouth is old. " + "The ferry sails. " * 6}])
    rows = [("once", "Velmouth"), ("often", "ferry"), ("never", "Aldmere")]
    write(
        folder, "queries", [{"_id": name, "text": "?", "metadata": {"doc": "d", "type": "t", "answers": [answer]}} for name, answer in rows]
    )
    assert [question.id for question in load_long_documents(folder).questions] == ["once"]


def test_quotes_are_located_in_files_and_rows_and_a_missing_one_is_an_error():
    texts = {SourceName(".", "a.md"): "One two\nthree.", SourceName(".", "t.csv", "7"): "Row seven."}
    asked = AnswerQuestion(
        id="q",
        text="?",
        answers=("x",),
        gold_sources=frozenset(),
        evidence=(Quote(source="a.md", text="two three"), Quote(source="t.csv#7", text="seven")),
        type="overview",
    )
    (located,) = locate_quotes([asked], texts)
    assert located.kind == "overview"
    assert [span.of(texts[source]) for source, span in located.gold] == ["two\nthree", "seven"]
    with pytest.raises(UsageError, match=r"a\.md"):
        locate_quotes([asked], {SourceName(".", "a.md"): "Other."})
