import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tadarag.models.quantization import quantize
from tadarag.retrieval.dense import cosines
from tadarag.store.embedded import EmbeddedStore, create
from tadarag.store.protocol import Change
from tadarag.testing.records import DIMENSION, SETTINGS, make_record
from tadarag.values import SourceName


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), n=st.integers(1, 12))
def test_cosines_are_the_exact_integer_products_times_the_scales(seed, n, tmp_path_factory):
    folder = tmp_path_factory.mktemp("base")
    create(folder, SETTINGS)
    store = EmbeddedStore(folder)
    records = [make_record(f"{number}", f"Text {number}.\nMore {seed}.") for number in range(n)]
    for record in records:
        store.apply(Change(put=(record,)))
        store.catch_up()
    store.apply(Change(removed=(SourceName(".", "0"),)))
    store.catch_up()
    snapshot = store.snapshot()
    query = np.random.default_rng(seed).standard_normal(DIMENSION).astype(np.float32)
    found = cosines(snapshot, "passage", query)
    (whole,), (scale,) = quantize(query[None, :])
    by_text = {record.source: record.vectors[0] for record in records}
    for row in np.flatnonzero(snapshot.rows.live):
        vectors = by_text[snapshot.passage(int(row)).source]
        product = sum(int(a) * int(b) for a, b in zip(whole, vectors.vector, strict=True))
        assert found[row] == product * (np.float64(np.float32(vectors.scale)) * float(scale))
    assert len(cosines(snapshot, "sentence", query)) == len(snapshot.rows.owners)
    snapshot.close()
    store.close()
