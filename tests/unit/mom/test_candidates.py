import itertools

import mom
from mom.candidates import CORE_SHARES, GAMMAS, build_candidates
from mom.judges import encoder_judge
from mom.memory_builder import StructuralBuilder
from mom.selection import select

TEXT = " ".join(
    f"The {animal} colony of {place} grew by {n} animals after the mild winter, said the warden. Few {animal} chicks were lost near {place}."
    for animal, place in [("puffin", "Skomer"), ("seal", "Farne"), ("otter", "Shetland")]
    for n in range(2, 9)
)


def test_the_best_of_six_readings_is_chosen() -> None:
    memory = build_candidates(TEXT, builder=StructuralBuilder(max_length=120))
    assert len(memory.candidates) == 6
    assert memory.chosen == select(memory.candidates)
    assert memory.scores == memory.candidates[memory.chosen]


def test_the_fingerprint_names_the_settings_of_the_chosen_reading() -> None:
    memory = build_candidates(TEXT, builder=StructuralBuilder(max_length=120))
    gamma, share = list(itertools.product(GAMMAS, CORE_SHARES))[memory.chosen]
    assert memory == build_candidates(TEXT, builder=StructuralBuilder(max_length=120))
    assert memory.fingerprint == StructuralBuilder(max_length=120, gamma=gamma, core_share=share).fingerprint


def test_the_usual_settings_leave_the_fingerprint_as_it_is() -> None:
    assert StructuralBuilder(gamma=0.5, core_share=0.25).fingerprint == StructuralBuilder().fingerprint
    assert StructuralBuilder(gamma=1.0).fingerprint != StructuralBuilder().fingerprint


def test_a_dearer_segment_never_makes_more_chunks() -> None:
    counts = [len(StructuralBuilder(max_length=120, gamma=gamma).build(TEXT).items) for gamma in (0.001, 0.5, 500.0)]
    assert counts == sorted(counts, reverse=True)


def test_a_smaller_share_never_makes_a_longer_core() -> None:
    small, large = (StructuralBuilder(max_length=120, core_share=share).build(TEXT) for share in CORE_SHARES)
    assert all(len(one.core) <= len(other.core) for one, other in zip(small.items, large.items, strict=True))


def test_the_judge_that_is_given_judges_all_readings() -> None:
    import numpy as np

    judge = encoder_judge("lengths", lambda sentences: np.array([[len(one) % 7, 1.0] for one in sentences], np.float32))
    assert {scores.judge for scores in build_candidates(TEXT, judge=judge).candidates} == {"lengths"}


def test_an_empty_text_has_six_empty_readings_and_the_first_is_chosen() -> None:
    memory = build_candidates("")
    assert (memory.items, len(memory.candidates), memory.chosen) == ((), 6, 0)


def test_one_chunk_that_is_one_sentence_is_chosen_like_any_other() -> None:
    assert build_candidates("Buy milk.").items[0].core == mom.build("Buy milk.").items[0].core
