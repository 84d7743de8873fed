from hashlib import sha256

import pytest

import mom
from mom.terms import count_units

PARAGRAPHS = [
    " ".join(f"The {animal} colony of {place} grew by {n} animals after the mild winter, said the warden." for n in range(2, 9))
    for animal, place in [("puffin", "Skomer"), ("seal", "Farne"), ("otter", "Shetland"), ("gannet", "Bass Rock")]
]


def chunks(text: str, memory: mom.Memory) -> list[str]:
    return [item.span.of(text) for item in memory.items]


def test_a_short_note_is_one_chunk_with_a_core() -> None:
    text = "Buy milk on Friday. Call Ann about the boiler.\n"
    memory = mom.build(text, title="Note")
    assert chunks(text, memory) == [text]
    assert memory.items[0].path == ("Note",)
    assert len(memory.items[0].core) == 1


def test_an_empty_text_has_no_items() -> None:
    assert mom.build("").items == ()


def test_white_space_is_one_chunk_without_sentences() -> None:
    memory = mom.build(" \n ")
    assert [(item.span, item.sentences, item.core) for item in memory.items] == [(mom.Span(0, 3), (), ())]


def test_a_text_that_fits_into_the_maximum_stays_whole_and_is_measured_once() -> None:
    measured: list[str] = []

    def measure(text: str) -> int:
        measured.append(text)
        return count_units(text)

    memory = mom.build(PARAGRAPHS[0], measure=measure, max_length=200)
    assert len(memory.items) == 1
    assert measured == [PARAGRAPHS[0]]


def test_a_long_text_is_cut_where_its_topics_shift() -> None:
    text = " ".join(PARAGRAPHS)
    memory = mom.build(text, max_length=170)
    assert [chunk.strip() for chunk in chunks(text, memory)] == PARAGRAPHS
    assert "puffin" in memory.items[0].terms
    assert [entry.is_topic for entry in memory.outline] == [True] * 4


def test_a_section_that_must_be_cut_has_chunks_well_under_the_maximum() -> None:
    text = " ".join(PARAGRAPHS)
    assert max(count_units(chunk) for chunk in chunks(text, mom.build(text, max_length=170))) <= 0.88 * 170


def test_no_chunk_with_its_path_passes_the_maximum() -> None:
    text = "# A heading of some length\n" + " ".join(PARAGRAPHS) + "\n" + "word " * 500 + "x" * 3000
    memory = mom.build(text, title="The whole title", measure=lambda part: len(part) // 4 + 1, max_length=60)
    for item in memory.items:
        assert len("\n".join(item.path)) // 4 + 1 + sum(len(sentence.of(text)) // 4 + 1 for sentence in item.sentences) <= 60


def test_sections_become_chunks_under_their_path() -> None:
    text = "# Guide\n\nIntro text here.\n\n## Use\n\nPress the button.\n\n## Care\n\nKeep it dry.\n"
    memory = mom.build(text, title="Manual")
    assert [item.path for item in memory.items] == [("Manual", "Guide"), ("Manual", "Guide", "Use"), ("Manual", "Guide", "Care")]
    assert [(entry.title, entry.level, entry.item) for entry in memory.outline] == [("Guide", 1, 0), ("Use", 2, 1), ("Care", 2, 2)]
    assert [item.core[0].of(text) for item in memory.items] == ["Intro text here.", "Press the button.", "Keep it dry."]


def test_a_section_that_is_only_its_heading_begins_the_next_chunk() -> None:
    text = "# Guide\n\n## Use\n\nPress the button.\n\n# Other\n\nText.\n"
    memory = mom.build(text)
    assert chunks(text, memory) == ["# Guide\n\n## Use\n\nPress the button.\n\n", "# Other\n\nText.\n"]
    assert [(entry.title, entry.item) for entry in memory.outline] == [("Guide", 0), ("Use", 0), ("Other", 1)]


def test_a_bare_heading_does_not_join_a_section_of_another_parent() -> None:
    text = "# One\n\nText.\n\n## Bare\n\n# Two\n\nMore text.\n"
    assert chunks(text, mom.build(text)) == ["# One\n\nText.\n\n", "## Bare\n\n", "# Two\n\nMore text.\n"]


def test_a_table_is_not_cut_while_it_fits() -> None:
    rows = "".join(f"| station {n} | {n * 3} mm |\n" for n in range(20))
    text = f"{PARAGRAPHS[0]}\n\n{rows}\n{PARAGRAPHS[1]}\n"
    for memory in (
        mom.build(text, max_length=110),
        mom.build(text, blocks=[mom.Span(text.index("| station 0"), text.index("|\n\n") + 2)], max_length=110),
    ):
        assert sum("| station" in chunk for chunk in chunks(text, memory)) == 1


def test_a_table_far_over_the_maximum_is_cut_at_line_ends() -> None:
    text = "".join(f"| station {n} | {n * 3} mm |\n" for n in range(200))
    memory = mom.build(text, max_length=100)
    assert len(memory.items) > 5
    assert all(chunk.startswith("| station") and chunk.endswith("mm |\n") for chunk in chunks(text, memory))


def test_parsers_may_hand_in_their_own_headings() -> None:
    text = "Alpha\nFirst body.\nBeta\nSecond body.\n"
    headings = [mom.Heading(mom.Span(0, 6), 3, "Alpha"), mom.Heading(mom.Span(18, 23), 3, "Beta")]
    assert [(item.path, item.level) for item in mom.build(text, headings=headings).items] == [(("Alpha",), 1), (("Beta",), 1)]


def test_a_page_break_is_a_good_place_to_cut() -> None:
    sentence = "The warden counted forty animals near the northern cliff today. "
    text = sentence * 20
    page = mom.Span(len(sentence) * 9, len(text))
    memory = mom.build(text, pages=[mom.Span(0, page.start), page], max_length=130)
    assert page.start in {item.span.start for item in memory.items}


def test_an_unknown_scenario_names_the_known_ones() -> None:
    with pytest.raises(mom.UnknownScenario, match="general"):
        mom.build("Some text.", scenario="poetry")


def test_a_measure_needs_a_maximum() -> None:
    with pytest.raises(ValueError, match="max_length"):
        mom.build("Some text.", measure=len)


def test_the_fingerprint_names_rules_table_measure_and_maximum() -> None:
    one = mom.StructuralBuilder(measure=len, max_length=200, measure_name="characters")
    other = mom.StructuralBuilder(measure=len, max_length=100, measure_name="characters")
    assert one.fingerprint != other.fingerprint
    assert one.build("Some text.").fingerprint == one.fingerprint
    assert mom.shipped_word_table().version in one.fingerprint


def test_each_chunk_has_a_line_of_the_outline() -> None:
    text = "# Guide\n\nIntro text here.\n\n## Use\n\nPress the button.\n"
    assert [item.outline for item in mom.build(text).items] == ["Guide", "Use"]


def test_the_line_of_a_chunk_that_a_shift_of_topic_set_apart_names_its_topic() -> None:
    items = mom.build(" ".join(PARAGRAPHS), title="Birds", max_length=170).items
    assert [item.outline for item in items] == [", ".join(item.terms) for item in items]
    assert all(item.terms for item in items)


def test_a_note_without_title_is_outlined_by_its_heaviest_words() -> None:
    assert "boiler" in mom.build("Call Ann about the boiler.").items[0].outline


def test_a_memory_carries_the_hash_of_its_text_and_scores_in_both_forms() -> None:
    text = " ".join(PARAGRAPHS)
    memory = mom.build(text, max_length=170)
    assert memory.text_sha256 == sha256(text.encode()).hexdigest()
    assert memory.scores is not None
    assert None not in (memory.scores.published_clarity, memory.scores.repaired_clarity, memory.scores.repaired_completeness)
    assert all(item.scores is not None for item in memory.items)


def test_a_builder_may_force_a_scenario_and_a_document_another() -> None:
    builder = mom.StructuralBuilder(scenario="policy")
    assert builder.build("Some text.").scenario == "policy"
    assert builder.build("Some text.", scenario="news").scenario == "news"
    assert builder.fingerprint != mom.StructuralBuilder().fingerprint


def test_an_edit_far_down_that_reads_like_another_scenario_leaves_the_other_sections() -> None:
    sections = [f"## Part {n}\n\n{PARAGRAPHS[n % 4]}\n\n" for n in range(12)]
    edited = [
        *sections[:11],
        "## Part 11\n\nThis Agreement binds the parties. The Supplier shall give notice. Either party may terminate.\n\n",
    ]

    def outside(text: str) -> list[tuple[tuple[str, ...], str, str, tuple[str, ...]]]:
        items = mom.build(text).items
        return [(item.path, item.span.of(text), item.outline, item.left_out) for item in items if "Part 11" not in item.path]

    assert outside("".join(sections)) == outside("".join(edited))
