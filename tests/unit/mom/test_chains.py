import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import mom
from mom.alignment import Anchors, align
from mom.chains import Refusal, Source, check_target, export_training, make_record
from mom.reply import parse_reply

TEXT = "# Care\n\nKeep the pump dry. It must not stand in water.\n\n# Use\n\nPress the green button. Wait for 5 seconds.\n"
ZH = "# 保养\n\n水泵要保持干燥。不得放在水中。\n\n# 使用\n\n按下绿色按钮。等待5秒。\n"


def source(text: str, name: str = "manual.md") -> Source:
    return Source(doc_id=name, text=text, memory=mom.build(text, title="Pump"), licence="CC0")


def records(*texts: str, **options: Any) -> list[dict[str, Any]]:
    found = list(export_training([source(text, f"{n}.md") for n, text in enumerate(texts)], **options))
    assert not any(isinstance(one, Refusal) for one in found)
    return [one for one in found if isinstance(one, dict)]


@pytest.mark.parametrize("text", [TEXT, ZH])
def test_a_target_leads_parser_and_aligner_back_to_the_same_offsets(text: str) -> None:
    for record in records(text):
        reply = parse_reply(record["target"])
        alignment = align(record["document"], [Anchors(one.head, one.tail) for one in reply.scenarios])
        assert [(chunk.span, chunk.gap) for chunk in alignment.chunks] == [(item.span, False) for item in mom.build(text).items]
        assert (alignment.score, reply.n_repairs) == (1.0, 0)
        assert [one.core for one in reply.scenarios] == [entry["core"] for entry in record["scenarios"]]
        assert [line.text for line in reply.outline] == record["outline"]


def test_the_target_is_written_in_the_published_form() -> None:
    first, second = (item.core[0].of(TEXT) for item in mom.build(TEXT).items)
    assert records(TEXT, thinking="without")[0]["target"] == (
        "<outline>\nCare\nUse\n</outline>\n"
        f"<scenario><chunk># Care[MASK]water.</chunk>{first}</scenario>\n"
        f"<scenario><chunk># Use P[MASK]conds.</chunk>{second}</scenario>"
    )


def test_there_is_a_record_with_thoughts_and_one_without() -> None:
    without, with_ = records(TEXT)
    assert (without["id"], with_["id"]) == ("0.md", "0.md/think")
    assert without["think"] == ""
    assert with_["target"] == f"<think>\n{with_['think']}\n</think>\n{without['target']}"
    assert parse_reply(with_["target"]).thoughts == with_["think"]


@pytest.mark.parametrize(("thinking", "ids"), [("with", ["0.md/think"]), ("without", ["0.md"]), ("both", ["0.md", "0.md/think"])])
def test_one_variant_can_be_asked_for(thinking: str, ids: list[str]) -> None:
    assert [record["id"] for record in records(TEXT, thinking=thinking)] == ids


def test_thoughts_without_a_guide_are_flagged_as_synthetic() -> None:
    without, with_ = records(TEXT)
    assert (without["meta"]["synthetic_path"], with_["meta"]["synthetic_path"]) == (False, True)


def test_a_record_is_a_chat_whose_last_turn_is_the_completion() -> None:
    for record in records(TEXT):
        assert [message["role"] for message in record["messages"]] == ["system", "user", "assistant"]
        assert record["messages"] == record["prompt"] + record["completion"]
        assert record["completion"][0]["content"] == record["target"]
        assert record["document"] in record["prompt"][1]["content"]


def test_thinking_is_asked_for_where_it_is_wanted() -> None:
    without, with_ = records(TEXT)
    assert with_["prompt"][1]["content"] == without["prompt"][1]["content"] + "\n\nThink first, between <think> and </think>."


def test_meta_says_what_made_the_record() -> None:
    meta = records(TEXT, thinking="without")[0]["meta"]
    assert meta["builder"] == mom.build(TEXT).fingerprint
    assert meta["scores"]["judge"] == "lexical"
    assert (meta["n_candidates"], meta["alignment_score"], meta["licence"]) == (1, 1.0, "CC0")
    assert meta["split"] in ("train", "validation")


def test_records_are_json() -> None:
    assert [json.loads(json.dumps(record)) for record in records(TEXT, ZH)] == records(TEXT, ZH)


def test_a_long_document_is_cut_into_windows_that_tile_it() -> None:
    text = "".join(f"# Part {n}\n\nPart {n} is about valve {n * n}. It opens at {n} bar. It closes at {n + 1} bar.\n\n" for n in range(9))
    found = records(text, thinking="without", window_units=40)
    assert len(found) > 1
    assert "".join(record["document"] for record in found) == text
    assert [record["id"] for record in found[:2]] == ["0.md#0", f"0.md#{len(found[0]['document'])}"]


def test_near_duplicates_share_a_split() -> None:
    texts = [f"# Pump {n}\n\nPump {n} weighs {n * 7} kilograms. It was made in {1900 + n}. It is {n} metres long.\n" for n in range(30)]
    splits = {record["document"].strip(): record["meta"]["split"] for record in records(*texts, *(text + "\n" for text in texts))}
    twice = [record["meta"]["split"] for record in records(*texts, *(text + "\n" for text in texts), thinking="without")]
    assert twice[:30] == twice[30:]
    assert set(splits.values()) == {"train", "validation"}


def test_a_short_note_gives_no_record() -> None:
    assert records("Buy milk.") == []


def test_an_empty_document_gives_no_record() -> None:
    assert records("") == []


def test_a_text_that_holds_the_forms_own_tags_is_refused() -> None:
    text = "The <chunk> tag holds two anchors. The <chunk> tag is closed. The <chunk> tag stands in a scenario."
    found = make_record(source(text))
    assert isinstance(found, Refusal)
    assert found.reason.startswith("the text holds what reads as part of the answer's form")


def test_a_target_that_leads_elsewhere_is_refused() -> None:
    memory = mom.build(TEXT)
    shifted = replace(
        memory, items=(replace(memory.items[0], span=mom.Span(0, 30)), replace(memory.items[1], span=mom.Span(30, len(TEXT))))
    )
    target = records(TEXT, thinking="without")[0]["target"]
    assert check_target(TEXT, memory, target)[1] == ""
    assert check_target(TEXT, shifted, target)[1] == "its anchors lead to other chunks"


SENTENCES = [
    "The pump is dry.",
    "It weighs 5 kilograms.",
    "水泵是干的。",
    "Press “start”…",
    "# Heading",
    "- item one",
    "Yes [MASK] no.",
    "\n",
    "A <b>bold</b> step.",
]


@settings(deadline=None)
@given(parts=st.lists(st.sampled_from(SENTENCES), max_size=12))
def test_every_record_of_any_text_round_trips(parts: list[str]) -> None:
    text = "\n".join(parts)
    one = Source(doc_id="x", text=text, memory=mom.build(text))
    for record in export_training([one]):
        if isinstance(record, dict):
            reply = parse_reply(record["target"])
            spans = [chunk.span for chunk in align(text, [Anchors(part.head, part.tail) for part in reply.scenarios]).chunks]
            assert spans == [item.span for item in one.memory.items]


def test_by_sections_a_short_document_too_is_cut_at_its_topmost_headings() -> None:
    text = TEXT.replace("Keep the pump", "The pump is old. Keep the pump").replace("Press the", "The button starts it. Press the")
    assert [record["document"] for record in records(text, thinking="without")] == [text]
    parts = [record["document"] for record in records(text, thinking="without", by_sections=True)]
    assert len(parts) == 2
    assert "".join(parts) == text
