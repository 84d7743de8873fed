import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tadarag.training.selector.feature_file import Asked, read_asked, write_asked

passages = st.lists(st.sampled_from(["p1", "p2", "港"]), max_size=4)


@st.composite
def asked(draw):
    ids = tuple(draw(passages))
    n = len(ids)
    return Asked(
        id=draw(st.sampled_from(["a", "b-2", "问"])),
        ids=ids,
        gold=frozenset(draw(passages)),
        features=np.array(draw(st.lists(st.sampled_from([0.0, 0.25, 1e-6]), min_size=2 * n, max_size=2 * n))).reshape(n, 2),
        formula=np.arange(n, dtype=np.float64),
        is_direct=draw(st.booleans()),
        direct=tuple(draw(passages)),
        is_train=draw(st.booleans()),
    )


def as_lists(questions):
    return [
        (one.id, one.ids, one.gold, one.features.tolist(), one.formula.tolist(), one.is_direct, one.direct, one.is_train)
        for one in questions
    ]


@given(questions=st.lists(asked(), min_size=1, max_size=4))
def test_questions_are_read_as_they_were_written(questions, tmp_path_factory):
    file = tmp_path_factory.mktemp("features") / "set.npz"
    write_asked(file, questions)
    assert as_lists(read_asked(file)) == as_lists(questions)


def test_candidates_of_a_gold_passage_answer():
    one = Asked(
        id="q",
        ids=("p1", "p2", "p1"),
        gold=frozenset({"p1", "p9"}),
        features=np.zeros((3, 1)),
        formula=np.ones(3),
        is_direct=False,
        direct=(),
        is_train=True,
    )
    assert one.answers.tolist() == [True, False, True]
