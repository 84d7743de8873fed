import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tadarag.document_json import canonical_json, document_from_json, document_to_json
from tadarag.errors import BaseDamaged
from tadarag.store.codec import (
    chunks_from_json,
    chunks_to_json,
    extraction_from_json,
    extraction_to_json,
    pack_json,
    pack_vectors,
    seal,
    unpack_json,
    unpack_vectors,
    unseal,
)
from tadarag.testing.records import make_record
from tadarag.values import Document, Entity, Extraction, Heading, Mention, Relation, Span, Vectors

values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**40), 2**40) | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
)


@given(value=values)
def test_packed_json_comes_back(value):
    assert unpack_json(pack_json(value), "x") == value


@given(value=st.dictionaries(st.text(max_size=3), st.integers()))
def test_the_bytes_of_packed_json_do_not_depend_on_the_order_of_keys(value):
    assert pack_json(value) == pack_json(dict(reversed(value.items())))


def test_canonical_json_keeps_characters_and_uses_no_spaces():
    assert canonical_json({"b": [1, 2], "a": "奎"}) == '{"a":"奎","b":[1,2]}'


@given(body=st.binary(max_size=60), bit=st.integers(0, 7), at=st.integers(0, 1000))
def test_a_flipped_bit_anywhere_breaks_the_seal(body, bit, at):
    sealed = bytearray(seal(body))
    assert unseal(bytes(sealed), "x") == body
    sealed[at % len(sealed)] ^= 1 << bit
    with pytest.raises(BaseDamaged, match="the page"):
        unseal(bytes(sealed), "the page")


@given(n=st.integers(0, 5), seed=st.integers(0, 99))
def test_packed_vectors_come_back(n, seed):
    generator = np.random.default_rng(seed)
    vectors = Vectors(
        vector=generator.integers(-127, 128, 8).astype(np.int8),
        scale=0.25,
        sentences=generator.integers(-127, 128, (n, 8)).astype(np.int8),
        sentence_scales=generator.random(n, np.float32),
    )
    back = unpack_vectors(pack_vectors(vectors), "x")
    assert np.array_equal(back.vector, vectors.vector)
    assert np.array_equal(back.sentences, vectors.sentences)
    assert np.array_equal(back.sentence_scales, vectors.sentence_scales)
    assert back.scale == vectors.scale


def test_documents_chunks_and_extractions_come_back_whole():
    record = make_record("a", "Anna met Bruno.", "They left.", title="Harbour")
    document = Document(
        text="Head\nline",
        title="T",
        headings=(Heading(span=Span(0, 4), level=2, title="Head"),),
        pages=(Span(0, 9),),
        blocks=(Span(5, 9),),
        date="2024-01",
        fields=(("author", "Anna"), ("author", "Bruno")),
    )
    extraction = Extraction(
        mentions=(Mention(span=Span(0, 4), text="Anna", kind="person", chunk=0, sentence=0, normal="anna"),),
        entities=(Entity(name="Anna", kind="person", mentions=(0,)),),
        relations=(Relation(head=0, predicate="met", tail=0, evidence=Span(0, 15), probability=0.5),),
    )
    assert document_from_json(document_to_json(document)) == document
    assert chunks_from_json(chunks_to_json(record.chunks)) == record.chunks
    assert extraction_from_json(extraction_to_json(extraction)) == extraction
