"""What every Encoder must do, as a pytest class to inherit: give `make_encoder`, and each test runs against your encoder."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from tadarag.models.encoder import Encoder, EncodingRequest, read_all
from tadarag.values import Encoded, Span

TEXT = "The bridge at Aldmoor was opened in 1931. It carries two tracks. 这座桥由林海设计。"
SENTENCES = (Span(0, 41), Span(42, 64), Span(65, 74))
COMPANY = (
    "A much longer neighbour, whose many words would stretch the range of any activation that is shared with it. " * 6,
    "短文本。",
    "",
    "1931",
    "!!! ??? …",
)
_ENCODERS: dict[type, Encoder] = {}


class EncoderContract:
    """Inherit in a class whose name starts with Test, and define `make_encoder`.

    same_bytes: False for remote models only. sentences_are_texts: True where a sentence has its own run, and so is read even where
    the text around it is cut.
    """

    same_bytes = True
    sentences_are_texts = False

    def make_encoder(self) -> Encoder:
        """A fresh encoder, up to three at once."""
        raise NotImplementedError("define make_encoder in the class that inherits EncoderContract")

    def encoder(self) -> Encoder:
        """One encoder for all tests of a class: opening a model takes longer than most of them."""
        if type(self) not in _ENCODERS:
            _ENCODERS[type(self)] = self.make_encoder()
        return _ENCODERS[type(self)]

    def test_vectors_have_the_stated_dimension_and_type(self) -> None:
        encoder = self.encoder()
        encoded = encoder.read(TEXT, SENTENCES)
        assert encoded.vector.shape == (encoder.dimension,)
        assert encoded.sentence_vectors.shape == (len(SENTENCES), encoder.dimension)
        assert encoded.vector.dtype == encoded.sentence_vectors.dtype == np.float32

    @pytest.mark.parametrize("kind", ["passage", "query"])
    def test_every_vector_has_unit_length(self, kind: str) -> None:
        encoder = self.encoder()
        for text, spans in ((TEXT, SENTENCES), *((text, (Span(0, len(text)),)) for text in COMPANY)):
            encoded = encoder.read(text, spans, kind="query" if kind == "query" else "passage")
            lengths = np.linalg.norm(np.vstack([encoded.vector, encoded.sentence_vectors]), axis=1)
            assert lengths == pytest.approx(1, abs=1e-5)

    def test_empty_text_has_a_vector(self) -> None:
        encoded = self.encoder().read("", [Span(0, 0)])
        assert np.isfinite(encoded.vector).all()
        assert np.array_equal(encoded.sentence_vectors[0], encoded.vector)

    def test_a_text_without_sentences_has_no_sentence_vectors(self) -> None:
        encoder = self.encoder()
        assert encoder.read(TEXT).sentence_vectors.shape == (0, encoder.dimension)

    @pytest.mark.parametrize("span", [Span(0, len(TEXT) + 1), Span(-1, 4), Span(9, 4)])
    def test_a_span_outside_the_text_is_refused(self, span: Span) -> None:
        with pytest.raises(ValueError, match="not inside a text"):
            self.encoder().read(TEXT, [span])

    def test_a_blank_sentence_gets_the_vector_of_the_text(self) -> None:
        encoded = self.encoder().read(TEXT, [Span(5, 5)])
        assert np.array_equal(encoded.sentence_vectors[0], encoded.vector)

    def test_asking_for_sentences_does_not_change_the_vector_of_the_text(self) -> None:
        encoder = self.encoder()
        self._assert_same(encoder.read(TEXT).vector, encoder.read(TEXT, SENTENCES).vector)

    def test_the_order_of_the_spans_is_the_order_of_the_vectors(self) -> None:
        encoder = self.encoder()
        forward, backward = encoder.read(TEXT, SENTENCES), encoder.read(TEXT, SENTENCES[::-1])
        self._assert_same(forward.sentence_vectors, backward.sentence_vectors[::-1])

    def test_different_texts_have_different_vectors(self) -> None:
        encoder = self.encoder()
        texts = [TEXT, *(text for text in COMPANY if any(map(str.isalnum, text)))]
        assert len({encoder.read(text).vector.tobytes() for text in texts}) == len(texts)

    def test_a_text_is_nearer_to_its_own_words_than_to_others(self) -> None:
        encoder = self.encoder()
        text = encoder.read("The bridge at Aldmoor was opened in 1931.").vector
        near = encoder.read("When was the bridge at Aldmoor opened?", kind="query").vector
        far = encoder.read("How do I grow tomatoes on a balcony?", kind="query").vector
        assert text @ near > text @ far

    @pytest.mark.parametrize("n_sessions", [1, 2, 3])
    def test_a_text_has_the_same_bytes_in_any_company(self, n_sessions: int) -> None:
        alone = self.encoder().read(TEXT, SENTENCES)
        crowd = [EncodingRequest(text) for text in COMPANY]
        requests = [*crowd, EncodingRequest(TEXT, SENTENCES), *crowd[::-1], EncodingRequest(TEXT, SENTENCES)]
        for encoder in [self.make_encoder() for _ in range(n_sessions)]:
            among = list(read_all(encoder, requests, workers=n_sessions))
            for encoded in (among[len(crowd)], among[-1]):
                self._assert_equal(encoded, alone)

    def test_results_come_in_the_order_of_the_requests(self) -> None:
        encoder = self.encoder()
        texts = [TEXT, *COMPANY]
        together = [encoded.vector for encoded in read_all(encoder, map(EncodingRequest, texts), workers=3)]
        self._assert_same(np.array(together), np.array([encoder.read(text).vector for text in texts]))

    def test_text_beyond_the_limit_is_cut_and_its_sentences_get_the_vector_of_the_text(self) -> None:
        encoder = self.encoder()
        text = "Aldmoor lies by the sea and has a harbour. " * 400
        first, last = Span(0, 42), Span(len(text) - 43, len(text) - 1)
        encoded = encoder.read(text, [first, last])
        assert not np.array_equal(encoded.sentence_vectors[0], encoded.vector)
        assert self.sentences_are_texts or np.array_equal(encoded.sentence_vectors[1], encoded.vector)

    def test_tokens_are_counted_without_a_limit(self) -> None:
        encoder = self.encoder()
        assert encoder.count_tokens("") == 0
        assert 3 <= encoder.count_tokens("the bridge at Aldmoor") <= 12
        assert encoder.count_tokens("the bridge at Aldmoor " * 1000) >= 3000

    def test_the_fingerprint_is_stable(self) -> None:
        assert self.make_encoder().fingerprint == self.make_encoder().fingerprint != ""

    def _assert_equal(self, encoded: Encoded, other: Encoded) -> None:
        self._assert_same(encoded.vector, other.vector)
        self._assert_same(encoded.sentence_vectors, other.sentence_vectors)

    def _assert_same(self, values: NDArray[np.float32], others: NDArray[np.float32]) -> None:
        if self.same_bytes:
            assert values.tobytes() == others.tobytes()
        else:
            assert values == pytest.approx(others, abs=1e-4)
