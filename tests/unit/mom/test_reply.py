"""Replies of models, whole and broken."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis.strategies import lists, sampled_from
from hypothesis.strategies import text as texts

from mom.reply import OutlineLine, Reply, Scenario, format_reply, parse_reply

ONE = "<scenario><chunk>The dam[MASK]in 1931.</chunk>Orsk's dam dates from 1931.</scenario>"
TWO = "<scenario><chunk>It holds[MASK]of water.</chunk>It holds 40 million tonnes.</scenario>"
SCENARIOS = (
    Scenario("The dam", "in 1931.", "Orsk's dam dates from 1931."),
    Scenario("It holds", "of water.", "It holds 40 million tonnes."),
)


def repairs(text: str) -> dict[str, int]:
    return dict(parse_reply(text).repairs)


def test_the_published_form_needs_no_repair() -> None:
    reply = parse_reply(f"<think>\nFirst the date.\n</think>\n<outline>\nbuilding\nsize\n</outline>\n{ONE}\n{TWO}")
    assert reply == Reply(thoughts="First the date.", outline=(OutlineLine("building"), OutlineLine("size")), scenarios=SCENARIOS)


@given(lists(sampled_from(SCENARIOS), max_size=4), lists(sampled_from([OutlineLine("building"), OutlineLine("尺寸")]), max_size=3))
def test_a_formatted_reply_is_read_as_it_was(scenarios: list[Scenario], lines: list[OutlineLine]) -> None:
    reply = Reply(outline=tuple(lines), scenarios=tuple(scenarios))
    assert parse_reply(format_reply(reply)) == reply


@pytest.mark.parametrize(
    ("broken", "repair"),
    [
        (f"<outline>a\nb</outline>{ONE.removesuffix('</scenario>')}{TWO}", "missing end tag"),
        (f"<outline>a\nb{ONE}{TWO}", "missing end tag"),
        (f"<outline>a\nb</outline>{ONE}{TWO.removesuffix('</scenario>')}", "missing end tag"),
        (f"<outline>a\nb</outline>{ONE.removeprefix('<scenario>')}{TWO}", "missing scenario tag"),
        (f"<outline>a\nb</outline>{ONE}And now the second one:\n{TWO}", "text between blocks"),
        (f"```xml\n<outline>a\nb</outline>{ONE}{TWO}\n```", "code fence"),
        (f"a\nb\n{ONE}{TWO}", "missing outline tag"),
        (f"<outline>a\nb</outline>{ONE.replace('[MASK]', ' ... ')}{TWO}", "missing mask"),
        (f"<outline>a\nb</outline></chunk>{ONE}{TWO}", "tag without its other half"),
        (f"<outline>a\nb</outline>{ONE}<scenario></scenario>{TWO}", "empty block"),
        (f"<outline>a\nb</outline>{ONE.replace('Orsk', '<core>Orsk').replace('1931.</s', '1931.</core></s')}{TWO}", "core tag"),
    ],
)
def test_what_is_broken_is_repaired_and_counted(broken: str, repair: str) -> None:
    reply = parse_reply(broken)
    assert reply.scenarios == SCENARIOS
    assert [line.text for line in reply.outline] == ["a", "b"]
    assert repairs(broken)[repair] >= 1


@pytest.mark.parametrize("mask", ["[mask]", "[ MASK ]", "<MASK>", "【MASK】", "{MASK}"])
def test_the_mask_is_known_in_other_forms(mask: str) -> None:
    assert parse_reply(ONE.replace("[MASK]", mask)).scenarios == SCENARIOS[:1]


def test_thoughts_whose_opening_tag_the_template_has_eaten_are_no_outline() -> None:
    reply = parse_reply(f"First the date, then the size.</think><outline>building</outline>{ONE}")
    assert reply.thoughts == "First the date, then the size."
    assert reply.outline == (OutlineLine("building"),)


def test_a_chunk_that_is_written_out_gives_its_ends() -> None:
    (scenario,) = parse_reply("<scenario><chunk>The dam at Orsk was built in 1931.</chunk>core</scenario>").scenarios
    assert scenario.head == scenario.tail == "The dam at Orsk was built in 1931."


def test_a_chunk_that_is_never_closed_leaves_its_core_on_the_next_line() -> None:
    (scenario,) = parse_reply("<scenario><chunk>The dam[MASK]in 1931.\nA dam of 1931.</scenario>").scenarios
    assert scenario == Scenario("The dam", "in 1931.", "A dam of 1931.")


def test_markers_of_outline_lines_give_their_depth() -> None:
    reply = parse_reply("<outline>\n1. Dams\n  1.1 Orsk\n- size\n## water\n一、大桥\n</outline>")
    assert [(line.text, line.depth) for line in reply.outline] == [("Dams", 0), ("Orsk", 1), ("size", 0), ("water", 1), ("大桥", 0)]


@given(
    lists(
        sampled_from(
            ["<think>", "</think>", "<outline>", "</outline>", "<scenario>", "</scenario>", "<chunk>", "</chunk>", "[MASK]", "a b", "\n"]
        )
    )
)
def test_any_order_of_tags_can_be_read(pieces: list[str]) -> None:
    reply = parse_reply("".join(pieces))
    assert all("<" not in part for scenario in reply.scenarios for part in (scenario.head, scenario.tail, scenario.core))


@given(texts())
def test_any_text_can_be_read(text: str) -> None:
    assert parse_reply(text).n_repairs >= 0
