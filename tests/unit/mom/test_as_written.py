"""A reply as the memory that it states: nothing is mended, so that it can be judged for itself."""

import mom
from mom.as_written import memory_as_written
from mom.chains import Source, export_training
from mom.reply import OutlineLine, Reply, Scenario, parse_reply

TEXT = "# Pump\n\nThe pump is red. It is heavy and old. It stands outside.\n\n# Motor\n\nThe motor is blue. It is light and new. It stands inside.\n"
HEADED = mom.build(TEXT)


def written(*scenarios):
    reply = Reply(outline=tuple(OutlineLine("a line") for _ in scenarios), scenarios=tuple(Scenario(*one) for one in scenarios))
    return memory_as_written(TEXT, reply, HEADED)


def test_the_target_of_a_record_has_the_scores_of_its_memory():
    [record] = export_training([Source(doc_id="d", text=TEXT, memory=HEADED)], thinking="without")
    memory, alignment = memory_as_written(TEXT, parse_reply(record["target"]), HEADED)
    assert alignment.score == 1
    assert memory.scores == HEADED.scores


def test_chunks_tile_the_text_and_a_missing_core_stays_missing():
    memory, _ = written(("# Pump", "outside.", "A red pump."), ("# Motor", "inside.", ""))
    assert "".join(item.span.of(TEXT) for item in memory.items) == TEXT
    assert [item.statement for item in memory.items] == ["A red pump.", ""]
    assert memory.items[1].scores.gain == 0


def test_one_chunk_stays_one_though_there_is_a_heading_inside():
    memory, _ = written(("# Pump", "inside.", "A pump and a motor."))
    assert len(memory.items) == 1
    assert [entry.title for entry in memory.outline] == ["Pump", "Motor"]


def test_a_reply_of_which_nothing_is_found_has_no_items():
    memory, alignment = written(("zzzzzzzzzz", "qqqqqqqqqq", "core"))
    assert memory.items == ()
    assert alignment.is_rejected
