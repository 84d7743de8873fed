import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

import mom
from mom.memory_json import VERSION, memory_from_json, memory_to_json, text_hash
from mom.scoring import score_memory

TEXT = "# Care\n\nKeep the pump dry. It must not stand in water.\n\n# 使用\n\n按下绿色按钮。等待5秒。\n"


def scored(text: str = TEXT) -> mom.Memory:
    memory = score_memory(text, mom.build(text))
    return replace(memory, text_sha256=text_hash(text), candidates=(memory.scores,) if memory.scores else (), notes=("a note",))


def test_a_memory_comes_back_from_its_record() -> None:
    assert memory_from_json(json.loads(json.dumps(memory_to_json(scored(), TEXT)))) == scored()


@given(text=st.text(alphabet=st.sampled_from("ab .。\n#山水5\ud800é"), max_size=60))
def test_any_memory_comes_back_from_its_record(text: str) -> None:
    assert memory_from_json(json.loads(json.dumps(memory_to_json(scored(text), text)))) == scored(text)


def test_the_record_names_version_hash_scenario_and_builder() -> None:
    record = memory_to_json(scored(), TEXT, doc_id="manual.md")
    assert (record["version"], record["doc_id"], record["text_sha256"]) == (VERSION, "manual.md", text_hash(TEXT))
    assert (record["scenario"], record["builder"]) == (scored().scenario, scored().fingerprint)


def test_the_record_holds_both_forms_of_the_scores() -> None:
    scores = memory_to_json(scored(), TEXT)["scores"]
    assert scores["judge"] == "lexical"
    assert all(value is not None for form in ("published", "repaired") for value in scores[form].values())


def test_the_chunks_of_the_record_join_to_the_text() -> None:
    assert "".join(TEXT[item["start"] : item["end"]] for item in memory_to_json(scored(), TEXT)["items"]) == TEXT


def test_a_core_is_given_in_words_and_in_places() -> None:
    for item in memory_to_json(scored(), TEXT)["items"]:
        assert item["core"] == " ".join(TEXT[start:end] for start, end in item["core_spans"])


def test_a_record_of_another_text_is_refused() -> None:
    with pytest.raises(ValueError, match="another text"):
        memory_to_json(scored(), TEXT + "!")


def test_a_record_of_another_version_is_refused() -> None:
    with pytest.raises(ValueError, match="version 99"):
        memory_from_json({**memory_to_json(scored(), TEXT), "version": 99})
