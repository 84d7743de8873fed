"""Names written with capital letters."""

from hypothesis import given
from hypothesis import strategies as st

from tadarag.analysis import capitalised_names
from tadarag.extraction.latin_names import capitalised_runs, find_names


@given(st.text(alphabet="AbÉé 19.'’-&\"“”_of\n,北Ⅷǅß", max_size=60))
def test_the_quick_scan_finds_the_runs_of_the_analysis(text: str) -> None:
    assert capitalised_runs(text, 0, len(text)) == [(name.start, name.end) for name in capitalised_names(text)]


def test_connectors_between_words_belong_to_the_name() -> None:
    text = "near the Bank of the River today, Ludwig van Beethoven"
    assert [text[start:end] for start, end in capitalised_runs(text, 0, len(text))] == ["Bank of the River", "Ludwig van Beethoven"]


def test_a_possessive_ending_is_not_part_of_the_name() -> None:
    text = "in Halvrin's yard"
    assert [text[found.start : found.end] for found in find_names(text, 0, len(text), is_common=set().__contains__)] == ["Halvrin"]
