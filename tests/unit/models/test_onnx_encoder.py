"""The shipped encoder: what it finds near, how it cuts, and what it says when its files are damaged."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from tadarag.errors import ModelFileDamaged
from tadarag.models.encoder import EncodingRequest, read_all
from tadarag.models.onnx_encoder import SHIPPED_FOLDER, OnnxEncoder, load_shipped
from tadarag.values import Span


@pytest.fixture(scope="module")
def encoder() -> OnnxEncoder:
    return load_shipped()


def test_a_chinese_question_finds_its_passage_among_others_of_the_topic(encoder: OnnxEncoder) -> None:
    passages = ["这座桥于1931年建成，由林海设计。", "城里的博物馆每天开放。", "河流在春天常常泛滥。", "The museum is open every day."]
    vectors = np.array([encoder.read(passage).vector for passage in passages])
    assert (vectors @ encoder.read("谁设计了这座桥？", kind="query").vector).argmax() == 0


def test_an_english_question_finds_a_chinese_passage(encoder: OnnxEncoder) -> None:
    passages = ["城里的博物馆每天开放。", "这座桥于1931年建成，由林海设计。", "河流在春天常常泛滥。"]
    vectors = np.array([encoder.read(passage).vector for passage in passages])
    assert (vectors @ encoder.read("Who designed the bridge?", kind="query").vector).argmax() == 1


def test_a_question_is_nearest_to_the_sentence_that_answers_it(encoder: OnnxEncoder) -> None:
    text = "Marie Curie was born in Warsaw. She studied in Paris. In 1903 she won the Nobel Prize in Physics."
    spans = [Span(0, 31), Span(32, 53), Span(54, 97)]
    sentences = encoder.read(text, spans).sentence_vectors
    assert (sentences @ encoder.read("Which prize did she win?", kind="query").vector).argmax() == 2
    assert (sentences @ encoder.read("Where was she born?", kind="query").vector).argmax() == 0


def test_queries_and_passages_are_read_differently(encoder: OnnxEncoder) -> None:
    assert not np.array_equal(encoder.read("a bridge").vector, encoder.read("a bridge", kind="query").vector)


def test_one_sentence_over_all_of_a_text_leaves_only_prefix_and_marks_out(encoder: OnnxEncoder) -> None:
    text = "The bridge at Aldmoor carries two tracks and a footpath on its northern side."
    encoded = encoder.read(text, [Span(0, len(text))])
    assert encoded.sentence_vectors[0] @ encoded.vector > 0.97


def test_a_run_holds_512_tokens_and_the_rest_is_cut(encoder: OnnxEncoder) -> None:
    text = "harbour " * 600
    assert encoder.max_tokens == 512
    encoded = encoder.read(text, [Span(0, 7), Span(8 * 599, 8 * 600)])
    assert np.array_equal(encoded.vector, encoder.read(text + "and something else").vector)
    assert np.array_equal(encoded.sentence_vectors[1], encoded.vector)


def test_tokens_of_a_text_are_counted_without_prefix_and_marks(encoder: OnnxEncoder) -> None:
    assert encoder.count_tokens("harbour") == encoder.count_tokens("harbour harbour") // 2
    assert encoder.count_tokens("harbour " * 600) >= 600


def test_greek_letters_and_cyrillic_names_are_not_one_unknown_token(encoder: OnnxEncoder) -> None:
    assert not np.array_equal(encoder.read("TNF-α").vector, encoder.read("TNF-β").vector)
    assert not np.array_equal(encoder.read("Иванов").vector, encoder.read("Петров").vector)


@pytest.mark.parametrize("text", ["\x00", "\ufffd" * 50, "\ud800", "a\u0301" * 30, "<s></s><pad><mask>", "👩‍👩‍👧", "\n\n\t ", "‮אבג"])
def test_strange_text_has_a_vector_and_never_crashes(encoder: OnnxEncoder, text: str) -> None:
    encoded = encoder.read(text, [Span(0, len(text))])
    assert np.linalg.norm(encoded.vector) == pytest.approx(1, abs=1e-5)


def test_states_are_those_of_the_texts_own_tokens(encoder: OnnxEncoder) -> None:
    text = "Marie Curie 居里夫人"
    encoded = OnnxEncoder(SHIPPED_FOLDER, trunk="hidden_6").read(text)
    assert encoded.states is not None
    assert encoded.offsets is not None
    assert encoded.states.shape == (len(encoded.offsets), 384)
    assert "".join(text[start:end] for start, end in encoded.offsets) == text
    assert np.array_equal(encoded.vector, encoder.read(text).vector)


def test_states_are_not_made_unless_they_are_asked_for() -> None:
    assert OnnxEncoder(SHIPPED_FOLDER).read("text").states is None


def test_an_unknown_trunk_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ValueError, match="hidden_8"):
        OnnxEncoder(SHIPPED_FOLDER, trunk="hidden_99")


def test_a_first_text_from_many_threads_opens_the_model_once() -> None:
    encoder = load_shipped()
    with ThreadPoolExecutor(4) as pool:
        vectors = list(pool.map(lambda _: encoder.read("the bridge").vector.tobytes(), range(8)))
    assert len(set(vectors)) == 1


def test_one_session_on_three_threads_and_three_sessions_give_the_same_bytes() -> None:
    texts = [f"Passage {number} tells of the harbour. " * (1 + number % 7) for number in range(12)]
    shared = load_shipped()
    one_session = [encoded.vector.tobytes() for encoded in read_all(shared, map(EncodingRequest, texts), workers=3)]
    sessions = [load_shipped() for _ in range(3)]
    three_sessions = [sessions[number % 3].read(text).vector.tobytes() for number, text in enumerate(texts)]
    assert one_session == three_sessions


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    folder = tmp_path / "encoder"
    shutil.copytree(SHIPPED_FOLDER, folder)
    return folder


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json"])
def test_a_flipped_bit_is_named_by_file_and_hash(copy: Path, name: str) -> None:
    damaged = bytearray((copy / name).read_bytes())
    damaged[len(damaged) // 2] ^= 1
    (copy / name).write_bytes(damaged)
    expected = json.loads((copy / "encoder.json").read_bytes())["files"][name]["sha256"]
    encoder = OnnxEncoder(copy)
    with pytest.raises(ModelFileDamaged, match=f"{name} is damaged: its sha256 is [0-9a-f]+, not {expected}"):
        encoder.read("text")
    with pytest.raises(ModelFileDamaged, match=name):
        encoder.verify()


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json", "encoder.json"])
def test_a_missing_file_is_named(copy: Path, name: str) -> None:
    (copy / name).unlink()
    with pytest.raises(ModelFileDamaged, match=f"{name} is missing"):
        OnnxEncoder(copy).read("text")


@pytest.mark.parametrize("content", ["", "[", "{}", "[1]"])
def test_a_manifest_that_is_not_one_is_named(copy: Path, content: str) -> None:
    (copy / "encoder.json").write_text(content)
    with pytest.raises(ModelFileDamaged, match=r"encoder\.json"):
        OnnxEncoder(copy)


def test_the_shipped_files_are_those_of_the_manifest() -> None:
    load_shipped().verify()


def test_naming_the_encoder_opens_no_heavy_library() -> None:
    code = "import sys; from tadarag.models.onnx_encoder import load_shipped; load_shipped().fingerprint; "
    code += "assert not {'onnxruntime', 'tokenizers'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)
