"""The name that a passage is about."""

from tadarag.extraction.subjects import with_subjects
from tadarag.values import Chunk, Document, Span


def subject(text: str, *, title: str = "", headings: tuple[str, ...] = ()) -> str:
    chunk = Chunk(id="one", span=Span(0, len(text)), heading_path=headings, sentences=(Span(0, len(text)),))
    return with_subjects(Document(text=text, title=title), [chunk])[0].subject


def test_the_title_is_the_subject_without_its_trailing_parenthesis() -> None:
    assert subject("It is hot.", title="Mercury (planet)", headings=("Mercury (planet)", "Orbit")) == "Mercury"


def test_a_title_that_is_all_parenthesis_stays() -> None:
    assert subject("It is hot.", title="(untitled)") == "(untitled)"


def test_without_a_title_the_innermost_heading_is_the_subject() -> None:
    assert subject("It is hot.", headings=("Planets", "Mercury")) == "Mercury"


def test_without_title_and_heading_the_first_name_near_the_beginning_is_the_subject() -> None:
    assert subject("The Ysk Narrows are deep.") == "Ysk Narrows"
    assert subject("据报道，奥罗文银行宣布降息。") == "奥罗文银行"


def test_a_name_that_comes_late_is_no_subject() -> None:
    assert subject("it was a long and rather dull evening when somebody saw Halvrin") == ""


def test_a_chunk_without_sentences_has_no_subject() -> None:
    assert with_subjects(Document(text="  "), [Chunk(id="one", span=Span(0, 2))])[0].subject == ""
