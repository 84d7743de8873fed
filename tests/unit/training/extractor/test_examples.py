"""What gold records become: windows with spans in pieces, and relations between the mentions that state them."""

import pytest
from tokenizers import Tokenizer

from tadarag.models.onnx_encoder import SHIPPED_FOLDER
from tadarag.training.extractor.examples import DOCUMENT_WINDOW, read_examples

TOKENIZER = Tokenizer.from_file(str(SHIPPED_FOLDER / "tokenizer.json"))


@pytest.fixture
def examples_of(tmp_path, write_records):
    def read(records, *, folder="set", max_width=16, **names):
        return list(read_examples(write_records(tmp_path / folder, records, **names), TOKENIZER, max_width=max_width))

    return read


def entity(id_, text, quote, kind="PER", occurrence=0):
    start = -1
    for _ in range(occurrence + 1):
        start = text.index(quote, start + 1)
    return {"id": id_, "start": start, "end": start + len(quote), "type": kind, "text": quote}


def quotes(example):
    return [example.text[example.pieces[first][0] : example.pieces[last][1]] for first, last, _ in example.entities]


def test_entities_quote_the_text_and_relations_name_their_ends(examples_of, record):
    (example,) = examples_of([record(1, "Anna", "Paris")])
    assert quotes(example) == ["Anna", "Paris"]
    assert example.relations == ((0, 1, "Live_In"),)


def test_the_template_is_all_types_of_the_set(examples_of, record):
    (example,) = examples_of([record(1, "Anna", "Paris")], types=("PER", "LOC", "ORG"))
    assert example.entity_types == ("LOC", "ORG", "PER")


def test_an_entity_that_is_too_wide_or_cuts_a_piece_is_counted_as_lost(examples_of):
    text = "Anna lives in Paris."
    wide, inside = entity("T1", text, "Anna lives in Paris"), entity("T2", text, "nna")
    (example,) = examples_of([{"id": "a", "text": text, "entities": [wide, inside], "relations": []}], max_width=3)
    assert (example.entities, example.n_lost) == ((), 2)


def test_a_document_level_relation_is_stated_by_the_nearest_mentions_and_the_others_are_unsure(examples_of):
    text = "Anna came. Anna lives in Paris."
    first, second, town = entity("T1", text, "Anna"), entity("T2", text, "Anna", occurrence=1), entity("T3", text, "Paris", "LOC")
    relation = {"head": "T1", "tail": "T3", "type": "Live_In"}
    (example,) = examples_of(
        [{"id": "a", "text": text, "entities": [first, second, town], "coref": [["T1", "T2"]], "relations": [relation]}]
    )
    assert example.relations == ((1, 2, "Live_In"),)
    assert example.unsure == ((0, 2, "Live_In"),)
    assert example.clusters == ("T1", "T1", "T3")


def test_a_relation_over_a_window_end_is_a_fact_of_the_record_that_no_window_states(examples_of):
    filler = "Nothing of note happened on that day in the whole of the country. " * 60
    text = f"Anna came. {filler}Paris is far."
    ends = [entity("T1", text, "Anna"), entity("T2", text, "Paris", "LOC")]
    made = examples_of([{"id": "a", "text": text, "entities": ends, "relations": [{"head": "T1", "tail": "T2", "type": "Live_In"}]}])
    assert len(made) > 1
    assert all(example.relations == () and example.facts == (("T1", "T2", "Live_In"),) for example in made)


def test_records_with_coreference_have_longer_windows(examples_of):
    text = "Nothing of note happened on that day in the whole of the country. " * 25
    plain = {"id": "a", "text": text, "entities": [], "relations": []}
    joined = {**plain, "coref": [["T1", "T2"]]}
    assert len(examples_of([plain], folder="plain")) == 2
    assert len(examples_of([joined], folder="joined")) == 1
    assert DOCUMENT_WINDOW < 512 - 8  # the encoder's room, prefix and marks taken off


def test_two_entities_of_equal_span_and_type_are_one_thing(examples_of):
    text = "Anna lives in Paris."
    twice = [entity("T1", text, "Anna"), entity("T2", text, "Anna"), entity("T3", text, "Paris", "LOC")]
    relation = {"head": "T2", "tail": "T3", "type": "Live_In"}
    (example,) = examples_of([{"id": "a", "text": text, "entities": twice, "relations": [relation]}])
    assert example.clusters == ("T1", "T3")
    assert example.facts == (("T1", "T3", "Live_In"),)
