import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tadarag.analysis import key, name_key
from tadarag.store.segment import Segment, StoredRecord, build_segment, iterate_batches, merge_segments, row_key
from tadarag.testing.records import DIMENSION, make_record
from tadarag.values import SourceName

SENTENCES = ("Anna met Bruno.", "The River Ost floods Veldam.", "Nobody came.", "Ost Harbour is old.")
contents = st.lists(st.lists(st.sampled_from(SENTENCES), max_size=3), min_size=1, max_size=6)


def stored(contents):
    return [
        StoredRecord(id=10 + at, record=make_record(f"{at}", *paragraphs, title=f"Title {at % 3}"))
        for at, paragraphs in enumerate(contents)
    ]


def equal(one, other):
    return one.keys() == other.keys() and all(
        one[name].dtype == other[name].dtype and np.array_equal(one[name], other[name]) for name in one
    )


@settings(deadline=None, max_examples=60)
@given(contents=contents, cut=st.integers(0, 6), dead=st.sets(st.integers(0, 5)))
def test_a_merge_equals_building_from_the_live_records(contents, cut, dead):
    records = stored(contents)
    parts = [part for part in (records[:cut], records[cut:]) if part]
    live = [np.array([one.id - 10 not in dead for one in part], np.bool_) for part in parts]
    merged = merge_segments([build_segment(part, dimension=DIMENSION) for part in parts], live)
    assert equal(merged, build_segment([one for one in records if one.id - 10 not in dead], dimension=DIMENSION))


def test_postings_give_rising_ids_and_counts():
    segment = Segment(build_segment(stored([["Anna met Anna."], ["Nobody came."], ["Anna left."]]), dimension=DIMENSION))
    ids, counts = segment.postings("passage", key("anna"))
    assert (ids.tolist(), counts.tolist()) == ([0, 2], [2, 1])
    assert segment.postings("passage", key("unknown"))[0].tolist() == []
    assert segment.postings("mention", name_key(["anna"]))[0].tolist() == [0, 2]


def test_a_subject_stands_under_its_own_key_and_under_those_of_its_parts():
    segment = Segment(build_segment([StoredRecord(id=1, record=make_record("a", "Text.", title="Great Ost Harbour"))], dimension=DIMENSION))
    assert segment.postings("subject", name_key(["great", "ost", "harbour"]))[0].tolist() == [0]
    assert segment.postings("part", name_key(["ost", "harbour"]))[0].tolist() == [0]
    assert segment.postings("part", name_key(["harbour"]))[0].tolist() == [0]
    assert segment.postings("part", name_key(["ost"]))[0].tolist() == []  # one short word says too little


def test_years_and_amounts_link_nothing():
    record = make_record("a", "It was in 2024.")
    assert (
        Segment(build_segment([StoredRecord(id=1, record=record)], dimension=DIMENSION)).postings("mention", name_key(["2024"]))[0].tolist()
        == []
    )


def test_a_row_key_tells_root_path_part_and_chunk_apart():
    names = [SourceName(".", "a"), SourceName("a", "."), SourceName(".", "a", "1"), SourceName(".", "a#1")]
    keys = {row_key(name, chunk) for name in names for chunk in ("x", "y")}
    assert len(keys) == 8


def test_batches_are_cut_at_the_limit_and_keep_everything_in_order():
    records = stored([["One."], ["One.", "Two."], ["One."], [], ["One."]])
    batches = list(iterate_batches(records, limit=2))
    assert [[one.id for one in batch] for batch in batches] == [[10, 11], [12, 13, 14]]
    assert list(iterate_batches([], limit=2)) == []
