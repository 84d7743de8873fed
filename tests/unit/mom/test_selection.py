from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

import mom
from mom.scoring import score_memory
from mom.selection import competition_ranks, fuse_ranks, reasons_to_reject, select
from mom.values import MemoryScores

CLARITY, COMPLETENESS = [0.81, 0.76, 0.76, 0.70], [0.020, 0.031, 0.025, 0.031]


def scored(
    clarity: float | None, completeness: float | None, *, published: tuple[float | None, float | None] = (None, None)
) -> MemoryScores:
    return MemoryScores(
        judge="test",
        published_clarity=published[0],
        published_completeness=published[1],
        repaired_clarity=clarity,
        repaired_completeness=completeness,
    )


CANDIDATES = [scored(*pair) for pair in zip(CLARITY, COMPLETENESS, strict=True)]
SCORES = st.builds(scored, st.none() | st.integers(0, 5).map(lambda n: n / 5), st.none() | st.integers(0, 5).map(lambda n: n / 5))


def test_ties_share_the_smallest_rank() -> None:
    assert (competition_ranks(CLARITY), competition_ranks(COMPLETENESS)) == ([1, 2, 2, 4], [4, 1, 3, 1])


def test_ranks_are_fused_by_their_reciprocals() -> None:
    expected = [0.032018442623, 0.032522474881, 0.032002048131, 0.032018442623]
    assert [float(total) for total in fuse_ranks(CLARITY, COMPLETENESS)] == pytest.approx(expected, abs=1e-9)


def test_the_largest_sum_is_selected() -> None:
    assert select(CANDIDATES) == 1


def test_first_and_third_beat_twice_second() -> None:
    first_and_third, twice_second = fuse_ranks([3.0, 2.0, 1.0], [1.0, 2.0, 3.0])[:2]
    assert float(first_and_third) == pytest.approx(0.032266458496, abs=1e-9)
    assert float(twice_second) == pytest.approx(0.032258064516, abs=1e-9)
    assert first_and_third > twice_second


def test_a_tie_goes_to_the_larger_product_of_repaired_scores() -> None:
    assert select([scored(0.9, 0.2), scored(0.6, 0.5)]) == 1


def test_a_tie_in_everything_goes_to_the_smaller_index() -> None:
    assert select([scored(0.5, 0.5)] * 3) == 0


def test_one_candidate_is_selected() -> None:
    assert select([scored(None, None)]) == 0


def test_nothing_is_selected_from_nothing() -> None:
    assert select([]) is None


def test_nothing_is_selected_when_all_are_rejected() -> None:
    assert select(CANDIDATES, [True] * 4) is None


def test_a_rejected_candidate_takes_no_rank() -> None:
    assert select(CANDIDATES, [False, True, False, False]) == 3
    assert select([CANDIDATES[0], CANDIDATES[2], CANDIDATES[3]]) == 2


def test_as_many_flags_as_candidates_are_needed() -> None:
    with pytest.raises(ValueError, match="4 memories, but 1 flags"):
        select(CANDIDATES, [True])


def test_a_score_without_value_ranks_last() -> None:
    assert competition_ranks([None, 0.0, 0.3, None]) == [3, 2, 1, 3]


def test_the_published_form_chooses_by_the_published_scores() -> None:
    candidates = [scored(0.1, 0.1, published=(0.9, 0.9)), scored(0.9, 0.9, published=(0.1, 0.1))]
    assert (select(candidates, form="published"), select(candidates, form="repaired")) == (0, 1)


def test_a_memory_of_one_chunk_ranks_last_in_published_clarity() -> None:
    candidates = [scored(0.5, 0.5, published=(None, 0.2)), scored(0.5, 0.5, published=(0.01, 0.2))]
    assert select(candidates, form="published") == 1


@given(scores=st.lists(SCORES, min_size=1, max_size=6), k=st.integers(1, 100))
def test_what_is_selected_is_never_dominated(scores: list[MemoryScores], k: int) -> None:
    best = scores[select(scores, k=k) or 0]
    for other in scores:
        pairs = list(zip(values(best), values(other), strict=True))
        assert not all(theirs > ours for ours, theirs in pairs)


@given(scores=st.lists(SCORES, min_size=1, max_size=6), flags=st.lists(st.booleans(), min_size=6, max_size=6))
def test_leaving_rejected_candidates_out_changes_nothing(scores: list[MemoryScores], flags: list[bool]) -> None:
    rejected = flags[: len(scores)]
    standing = [index for index in range(len(scores)) if not rejected[index]]
    chosen = select([scores[index] for index in standing])
    assert select(scores, rejected) == (None if chosen is None else standing[chosen])


def values(scores: MemoryScores) -> tuple[float, float]:
    return tuple(-1.0 if value is None else value for value in (scores.repaired_clarity, scores.repaired_completeness))


TEXT = "# Care\n\nKeep the pump dry. It must not stand in water.\n\n# Use\n\nPress the green button. Wait for 5 seconds.\n"


def test_a_memory_as_it_was_built_passes_the_gates() -> None:
    assert reasons_to_reject(TEXT, score_memory(TEXT, mom.build(TEXT))) == ()


def test_a_memory_that_does_not_tile_the_text_is_rejected() -> None:
    memory = mom.build(TEXT)
    assert reasons_to_reject(TEXT, replace(memory, items=memory.items[1:])) == (
        "the chunks do not tile the text",
        "the outline names chunks that do not exist",
    )


def test_a_chunk_without_core_is_rejected() -> None:
    memory = mom.build(TEXT)
    bare = replace(memory, items=(replace(memory.items[0], core=()), *memory.items[1:]))
    assert reasons_to_reject(TEXT, bare) == ("1 of 2 chunks have no core statement",)


def test_a_chunk_that_passes_the_maximum_is_rejected() -> None:
    assert reasons_to_reject(TEXT, mom.build(TEXT), lengths=[60, 250], maximum=200) == ("a chunk is longer than 200",)


def test_cores_that_state_what_their_chunks_do_not_are_rejected() -> None:
    memory = mom.build(TEXT)
    invented = replace(memory, items=tuple(replace(item, statement="Mount Everest erupted in 1999.") for item in memory.items))
    assert reasons_to_reject(TEXT, score_memory(TEXT, invented)) == ("only 0.00 of what the cores state is in their chunks, 0.8 is needed",)
