"""Keys of all windows of a text: each is the key of the words that stand in it."""

from hypothesis import given
from hypothesis import strategies as st

from tadarag.analysis import name_key, window_keys

WORDS = st.lists(st.sampled_from(["anna", "karenin", "of", "ost", "1954", "王", "菲"]), max_size=12)


@given(WORDS, st.integers(1, 15))
def test_every_window_has_the_key_of_its_words_and_what_passes_the_end_has_none(words, longest):
    windows = window_keys(words, longest)
    assert windows.shape == (len(words), longest)
    for first in range(len(words)):
        for length in range(1, longest + 1):
            inside = first + length <= len(words)
            assert int(windows[first, length - 1]) == (name_key(words[first : first + length]) if inside else 0)
