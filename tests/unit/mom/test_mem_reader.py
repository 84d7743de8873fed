"""The builder with a model, and what it makes of replies that are good, poor and impossible."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mom.language_model import CannotRead, Sampling
from mom.mem_reader import PROMPTED, TUNED, TUNED_THINKING, MemReader
from mom.memory_builder import StructuralBuilder
from mom.terms import count_units
from mom.values import Memory
from tadarag.testing.scripted_reader import ScriptedReader, faithful_reply, reply_of

DAM = "The dam at Orsk was built in 1931 by Dr. Lind. It is 40 metres high. Its wall is of grey granite from Velm. "
FISH = "The trout of the lake spawn in May. Their eggs lie in gravel. Anglers may take two a day. "
TEXT = DAM * 3 + FISH * 4
GOOD = reply_of(
    ["the dam", "its trout"],
    [
        ("The dam at Orsk", "granite from Velm.", "Dr. Lind built the dam at Orsk in 1931."),
        ("The trout of the", "two a day.", "Trout spawn in May."),
    ],
)
ONCE = replace(TUNED, name="once")


def reader(*replies: str, **options: object) -> MemReader:
    """One reading a reply, in the order of the sampling seeds."""
    samplings = tuple(Sampling(temperature=0.1, seed=seed) for seed in range(len(replies)))
    model = ScriptedReader(lambda document, sampling: replies[sampling.seed])
    return MemReader(model=model, profile=replace(ONCE, samplings=samplings), **options)  # type: ignore[arg-type]


def chunks(memory: Memory, text: str = TEXT) -> list[str]:
    return [item.span.of(text) for item in memory.items]


def test_chunks_begin_where_the_model_says() -> None:
    memory = reader(GOOD).build(TEXT)
    assert chunks(memory) == [DAM * 3, FISH * 4]
    assert [item.statement for item in memory.items] == ["Dr. Lind built the dam at Orsk in 1931.", "Trout spawn in May."]
    assert [item.outline for item in memory.items] == ["the dam", "its trout"]
    assert [(entry.title, entry.item, entry.is_topic) for entry in memory.outline] == [("the dam", 0, True), ("its trout", 1, True)]


def test_the_core_is_the_sentences_that_bear_the_statement_out() -> None:
    memory = reader(GOOD).build(TEXT)
    assert [core.of(TEXT) for core in memory.items[0].core] == ["The dam at Orsk was built in 1931 by Dr. Lind."]
    assert [core.of(TEXT) for core in memory.items[1].core] == ["The trout of the lake spawn in May."]


def test_a_head_inside_a_sentence_moves_to_the_sentence_that_it_stands_in() -> None:
    shifted = GOOD.replace("<chunk>The trout of the", "<chunk>of the lake spawn in")
    assert chunks(reader(shifted).build(TEXT)) == [DAM * 3, FISH * 4]


def test_the_best_of_several_readings_is_kept() -> None:
    poor = reply_of(["all"], [("The dam at Orsk", "two a day.", "Dams.")])
    memory = reader(poor, GOOD).build(TEXT)
    assert memory.chosen == 1
    assert len(memory.candidates) == 2
    assert chunks(memory) == [DAM * 3, FISH * 4]
    assert memory.scores is not None
    assert memory.scores.judge == "lexical"


def test_readings_with_equal_scores_keep_the_first() -> None:
    assert reader(GOOD, GOOD, GOOD).build(TEXT).chosen == 0


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        ("I am sorry, but no.", "the reply names no chunk"),
        (reply_of(["x", "y"], [("qqqq zzzz wwww", "vvvv", "a"), ("kkkk jjjj hhhh", "pppp", "b")]), "0 of 2 of its chunks"),
        (
            reply_of(["x"], [("The dam at Orsk", "a day.", "Napoleon conquered Vienna with cannons and cavalry.")]),
            "of what the cores state",
        ),
    ],
)
def test_unusable_readings_fall_back_to_the_builder_without_a_model_and_say_so(reply: str, reason: str) -> None:
    memory = reader(reply, reply).build(TEXT)
    plain = StructuralBuilder().build(TEXT)
    assert [(item.span, item.core) for item in memory.items] == [(item.span, item.core) for item in plain.items]
    assert memory.notes[0].startswith("“The dam at Orsk")
    assert "without the model" in memory.notes[0]
    assert reason in memory.notes[0]


def test_a_text_that_the_model_cannot_read_is_read_without_it() -> None:
    def refuse(document: str, sampling: Sampling) -> str:
        raise CannotRead("its context is too short")

    memory = MemReader(model=ScriptedReader(refuse)).build(TEXT)
    assert "its context is too short" in memory.notes[0]
    assert all(not item.statement for item in memory.items)


def test_other_errors_of_the_model_come_through() -> None:
    def fail(document: str, sampling: Sampling) -> str:
        raise ConnectionError("no route")

    with pytest.raises(ConnectionError):
        MemReader(model=ScriptedReader(fail)).build(TEXT)


def test_only_the_part_whose_reading_fails_is_read_without_the_model() -> None:
    text = f"# Dam\n\n{DAM * 3}\n\n# Fish\n\n{FISH * 4}\n"
    model = ScriptedReader(lambda document, sampling: "no" if "trout" in document else faithful_reply(document))
    memory = MemReader(model=model).build(text)
    assert {bool(item.statement) for item in memory.items if item.path == ("Dam",)} == {True}
    assert {bool(item.statement) for item in memory.items if item.path == ("Fish",)} == {False}
    assert [note for note in memory.notes if "without the model" in note] == [memory.notes[0]]
    assert memory.notes[0].startswith("“Fish”")


def test_a_statement_with_a_number_that_its_chunk_has_not_gives_way_to_sentences() -> None:
    memory = reader(GOOD.replace("in 1931.</scen", "in 1932.</scen")).build(TEXT)
    assert [bool(item.statement) for item in memory.items] == [False, True]
    assert any("1 core statements said what their chunks do not" in note for note in memory.notes)


def test_a_statement_with_a_name_that_its_chunk_has_not_gives_way_to_sentences() -> None:
    memory = reader(GOOD.replace("Dr. Lind built the dam", "Dr. Lind and Napoleon built the dam")).build(TEXT)
    assert [bool(item.statement) for item in memory.items] == [False, True]


def test_a_chunk_over_the_maximum_is_cut_and_one_part_has_the_statement() -> None:
    structural = StructuralBuilder(measure=count_units, max_length=50, measure_name="units")
    memory = reader(GOOD, structural=structural).build(TEXT)
    assert all(count_units(chunk) <= 50 for chunk in chunks(memory))
    assert "".join(chunks(memory)) == TEXT
    assert sum(item.statement == "Trout spawn in May." for item in memory.items) == 1


def test_short_chunks_are_joined_with_their_lines_and_cores() -> None:
    reply = reply_of(
        ["the dam", "height", "its trout"],
        [
            ("The dam at Orsk", "by Dr. Lind.", "Dr. Lind built the dam at Orsk in 1931."),
            ("It is 40 metres", "granite from Velm.", "It is 40 metres high."),
            ("The trout of the", "two a day.", "Trout spawn in May."),
        ],
    )
    memory = reader(reply).build(TEXT)
    assert [item.outline for item in memory.items] == ["the dam / height", "its trout"]
    assert memory.items[0].statement == "Dr. Lind built the dam at Orsk in 1931. It is 40 metres high."


def test_an_extra_outline_line_heads_the_items_after_it() -> None:
    memory = reader(GOOD.replace("<outline>\n", "<outline>\nA visit\n")).build(TEXT)
    assert [(entry.title, entry.level, entry.item) for entry in memory.outline] == [
        ("A visit", 1, 0),
        ("the dam", 2, 0),
        ("its trout", 2, 1),
    ]


def test_a_scenario_without_an_outline_line_is_named_by_the_first_clause_of_its_core() -> None:
    memory = reader(GOOD.replace("its trout\n", "").replace("Trout spawn in May.", "Trout spawn, in May.")).build(TEXT)
    assert [item.outline for item in memory.items] == ["the dam", "Trout spawn"]


def test_chunks_never_cross_a_heading() -> None:
    text = f"# Dam\n\n{DAM}\n\n## Fish\n\n{FISH * 2}\n\n# End\n\nThis is the end."
    reply = reply_of(["all"], [("# Dam", "two a day.", "The trout of the lake spawn in May.")])
    memory = reader(reply).build(text)
    assert [item.path for item in memory.items] == [("Dam",), ("Dam", "Fish"), ("End",)]
    assert [item.statement for item in memory.items] == ["", "The trout of the lake spawn in May.", ""]


def test_tables_are_not_cut() -> None:
    table = "".join(f"| station {n} | {n * 3} mm |\n" for n in range(8))
    text = f"{DAM * 2}\n\n{table}\n{FISH * 2}"
    reply = reply_of(["a", "b"], [("The dam at Orsk", "3 | 9 mm |", "The dam is of granite."), ("| station 4", "two a day.", "Trout.")])
    bounds = {item.span.start for item in reader(reply).build(text).items}
    assert not [place for place in bounds if text.index(table) < place < text.index(table) + len(table)]


def test_two_calls_ask_for_the_outline_first() -> None:
    def script(document: str, sampling: Sampling) -> str:
        return GOOD  # each question takes from it what it asked for

    model = ScriptedReader(script)
    memory = MemReader(model=model, profile=replace(ONCE, calls="two")).build(TEXT)
    assert len(model.calls) == 2
    assert [item.outline for item in memory.items] == ["the dam", "its trout"]


def test_a_model_tuned_on_thoughts_is_asked_for_them_and_they_are_no_part_of_the_memory() -> None:
    memory = MemReader(
        model=ScriptedReader(lambda document, sampling: f"<think>\nThe dam, then the fish.\n</think>\n{GOOD}"), profile=TUNED_THINKING
    ).build(TEXT)
    assert chunks(memory) == [DAM * 3, FISH * 4]
    assert not any("repaired" in note for note in memory.notes)


def test_an_edit_of_one_section_asks_only_about_that_section() -> None:
    text = f"# Dam\n\n{DAM * 3}\n\n# Fish\n\n{FISH * 4}\n"
    model = ScriptedReader()
    MemReader(model=model).build(text)
    before = set(model.calls)
    model.calls.clear()
    MemReader(model=model).build(text.replace("two a day", "three a day"))
    assert all("trout" in document for document in set(model.calls) - before)


def test_a_long_section_is_read_in_parts() -> None:
    model = ScriptedReader()
    memory = MemReader(model=model, window_tokens=300).build(TEXT * 4)
    assert len(model.calls) > len(PROMPTED.samplings)
    assert all(model.count_tokens(document)[0] <= 300 for document in model.calls)
    assert "".join(chunks(memory, TEXT * 4)) == TEXT * 4


def test_a_chinese_document_is_read_like_any_other() -> None:
    bridge = "黄河大桥建成于1998年，全长三公里。王工程师负责设计。桥面宽四十米，可并行八辆汽车。" * 3
    fish = "湖里的鲑鱼五月产卵。鱼卵在砾石里。每人每天可钓两条。" * 4
    reply = reply_of(
        ["大桥", "鲑鱼"],
        [("黄河大桥建成于", "八辆汽车。", "黄河大桥1998年建成，由王工程师设计。"), ("湖里的鲑鱼五", "可钓两条。", "鲑鱼五月产卵。")],
    )
    memory = reader(reply).build(bridge + fish)
    assert chunks(memory, bridge + fish) == [bridge, fish]
    assert [item.outline for item in memory.items] == ["大桥", "鲑鱼"]
    assert memory.items[1].core[0].of(bridge + fish) == "湖里的鲑鱼五月产卵。"


def test_facts_that_a_statement_lacks_are_listed() -> None:
    left_out = reader(GOOD).build(TEXT).items[0].left_out
    assert "40" in " ".join(left_out)
    assert "1931" not in " ".join(left_out)


def test_a_chunk_that_ends_elsewhere_than_the_model_said_is_noted() -> None:
    memory = reader(GOOD.replace("granite from Velm.</chunk>", "built in 1931</chunk>")).build(DAM + FISH * 4)
    assert any("1 chunks end elsewhere" in note for note in memory.notes)


def test_the_notes_say_what_the_replies_took() -> None:
    memory = reader(GOOD, GOOD).build(TEXT)
    assert memory.notes[-1].startswith("scripted-reader wrote 2 replies: ")


def test_an_estimate_asks_nothing_and_counts_what_a_build_will_ask() -> None:
    model = ScriptedReader()
    builder = MemReader(model=model)
    estimate = builder.estimate(TEXT)
    assert model.calls == []
    builder.build(TEXT)
    assert estimate.n_calls == len(model.calls) == len(PROMPTED.samplings)
    assert estimate.prompt_tokens > 4 * model.count_tokens(TEXT)[0]
    assert estimate.completion_tokens > 0


def test_a_short_note_asks_nothing() -> None:
    model = ScriptedReader()
    MemReader(model=model).build("Call Anna. Buy milk.")
    assert model.calls == []


def test_the_fingerprint_names_model_profile_and_builder() -> None:
    one = MemReader(model=ScriptedReader())
    assert one.fingerprint != MemReader(model=ScriptedReader(name="other")).fingerprint
    assert one.fingerprint != MemReader(model=ScriptedReader(), profile=TUNED).fingerprint
    assert one.fingerprint.endswith(StructuralBuilder().fingerprint)


def test_the_question_is_in_the_language_of_the_text_and_fences_it() -> None:
    questions: list[tuple[str, str]] = []

    class Listening(ScriptedReader):
        def complete(self, system: str, user: str, sampling: Sampling):  # type: ignore[no-untyped-def]
            questions.append((system, user))
            return super().complete(system, user, sampling)

    MemReader(model=Listening(), profile=ONCE).build("黄河大桥建成于1998年。全长三公里。耗资五亿元。王工程师负责设计。" * 4)
    MemReader(model=Listening(), profile=ONCE).build(TEXT)
    assert "文档到此结束" in questions[0][1]
    assert "The document ends here" in questions[1][1]
    assert TEXT in questions[1][1]
