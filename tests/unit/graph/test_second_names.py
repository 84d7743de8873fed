"""Second names are read where a text states them, and nowhere else."""

import pytest

from tadarag.graph.second_names import second_names
from tadarag.testing.marked_records import marked_record


def stated(sentence: str) -> list[tuple[str, str]]:
    record = marked_record("a", sentence)
    mentions = record.extraction.mentions
    return [(mentions[one].text, mentions[other].text) for one, other in second_names(record.document.text, mentions)]


@pytest.mark.parametrize(
    "sentence",
    [
        "[Halvrin Group|organization], formerly [Tarnwick Engines|organization], grew.",
        "[Halvrin Group|organization] (formerly [Tarnwick Engines|organization]) grew.",
        "[Halvrin Group|organization], also known as [Tarnwick Engines|organization] grew.",
        "[Tarnwick Engines|organization] was renamed [Halvrin Group|organization] in May.",
        "[Halvrin Group|organization] plc (Chinese: [哈尔文集团|organization]; ticker HG) grew.",
        "[Halvrin Group|organization] plc ([Chinese|name]: [哈尔文集团|organization]) grew.",
        "[Office of Tides|organization] ([OT|name]) grew.",
        "[Halvrin Group|organization] ([哈尔文集团|organization]) grew.",
        "The [Ostrevir|product] ([PL-207|identifier]) helped.",
        "[哈尔文集团|organization]（英语：[Halvrin Group|organization]）成立。",
        "[哈尔文集团|organization]，简称“[哈集|organization]”，成立。",
        "[菲弗洛林|name]”（[Fevrolin|name]），上市。",
    ],
)
def test_a_turn_of_phrase_or_a_bracket_states_a_second_name(sentence: str) -> None:
    assert len(stated(sentence)) == 1


@pytest.mark.parametrize(
    "sentence",
    [
        "[Ann Lee|person], formerly [Halvrin Group|organization] engineer, left.",
        "[Ann Lee|person] ([Halvrin Group|organization]) spoke.",
        "[Ann Lee|person] and [Bob Orr|person] met.",
        "[Ann Lee|person] in [English Bay|location] sailed.",
        "[Ann Lee|person] ([12|identifier]) spoke.",
        "[王小明|person]和[李大伟|person]来了。",
        "[Ann Lee|person] was known for her work on what [Tidal Power|name] needs.",
    ],
)
def test_neighbours_without_such_a_statement_are_no_second_names(sentence: str) -> None:
    assert stated(sentence) == []


def test_a_chain_of_second_names_in_one_bracket_is_read_step_by_step() -> None:
    sentence = "[奎伦湾航运公司|organization]（英语：[Quillen Bay Line|organization]，缩写[QBL|organization]）成立。"
    assert stated(sentence) == [("奎伦湾航运公司", "Quillen Bay Line"), ("Quillen Bay Line", "QBL")]
