from dataclasses import replace

import numpy as np

from tadarag.analysis import count_terms, key, terms
from tadarag.store.layer_facts import layer_facts, outline_terms
from tadarag.testing.records import make_record


def test_a_document_of_one_chunk_has_no_core_entry():
    facts = layer_facts(make_record("a", "Anna met Bruno.\nThey spoke."))
    assert facts.core.tolist() == [False, False]
    assert facts.core_norms.tolist() == [0.0]
    assert facts.reach.tolist() == [[0, 0]]


def test_the_norm_of_a_core_is_that_of_the_sum_of_its_sentences():
    record = make_record("a", "Anna met Bruno.\nThey spoke.", "Nobody came.\nIt rained.")
    record = replace(record, chunks=tuple(replace(chunk, core=chunk.sentences) for chunk in record.chunks))
    facts = layer_facts(record)
    assert facts.core.all()
    for norm, vectors in zip(facts.core_norms, record.vectors, strict=True):
        total = (vectors.sentences.astype(np.float64) * vectors.sentence_scales[:, None]).sum(axis=0)
        assert np.isclose(norm, np.linalg.norm(total), rtol=1e-4)


def test_a_passage_reaches_three_others_on_each_side_of_its_own_section():
    record = make_record("a", *(f"Paragraph {number}." for number in range(6)))
    paths = [("One",)] * 5 + [("Two",)]
    record = replace(record, chunks=tuple(replace(chunk, heading_path=path) for chunk, path in zip(record.chunks, paths, strict=True)))
    assert layer_facts(record).reach.tolist() == [[0, 3], [1, 3], [2, 2], [3, 1], [3, 0], [0, 0]]


def test_an_outline_line_is_searched_by_the_words_that_its_passage_lacks():
    chunk = replace(make_record("a", "Turbines turn.").chunks[0], outline="turbines in winter")
    assert outline_terms(chunk, count_terms(terms("Turbines turn."))) == {key("winter"): 1}
