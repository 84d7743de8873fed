import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tadarag.retrieval.links import SentenceLink
from tadarag.retrieval.reached import Reached, make_steps

N_ROWS = 6


def link_to(targets, kind="title"):
    return SentenceLink(
        sentence=0,
        name="",
        kind=kind,
        targets=np.array(targets, np.int64),
        covers=np.ones(len(targets)),
        degree=1,
        target_sentences=np.zeros(0, np.int64),
        sentence_targets=np.zeros(0, np.int64),
    )


values_of_links = st.lists(st.dictionaries(st.integers(0, N_ROWS - 1), st.sampled_from([0.0, 0.25, 0.5, 1.0])), max_size=6)


@given(given_by_link=values_of_links)
def test_a_passage_has_its_best_value_by_the_first_link_that_gives_it(given_by_link):
    links = [link_to(sorted(values)) for values in given_by_link]
    flat = np.array([values[row] for values in given_by_link for row in sorted(values)], np.float64)
    reached = Reached.by(make_steps(links, flat, seeds=[0] * len(links), matches=[0.0] * len(links)), N_ROWS)
    for row in range(N_ROWS):
        best, via = 0.0, -1
        for number, values in enumerate(given_by_link):
            if values.get(row, 0.0) > best:
                best, via = values[row], number
        assert (reached.scores[row], reached.via[row]) == (best, via)


def test_steps_are_told_by_the_kind_of_their_link():
    steps = make_steps([link_to([1, 2]), link_to([3], "part")], np.array([0.1, 0.2, 0.3]), seeds=[0, 1], matches=[0.5, 0.5])
    assert steps.of_kind("part").tolist() == [False, False, True]
    assert steps.of_kind("mention").tolist() == [False, False, False]
