import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from tadarag.errors import IndexDamaged
from tadarag.store.array_file import read_arrays, write_arrays

arrays = st.dictionaries(
    st.sampled_from(["a", "b_keys", "c"]),
    st.one_of(
        hnp.arrays(np.uint64, st.integers(0, 9)),
        hnp.arrays(np.int8, st.tuples(st.integers(0, 5), st.just(3))),
        hnp.arrays(np.float32, st.integers(0, 4), elements=st.floats(-1, 1, width=32)),
        hnp.arrays(np.uint8, st.integers(0, 100)),
    ),
    min_size=1,
)


@given(written=arrays)
def test_what_is_written_is_read_back(written, tmp_path_factory):
    path = tmp_path_factory.mktemp("arrays") / "x.segment"
    write_arrays(path, written)
    back = read_arrays(path)
    assert back.keys() == written.keys()
    for name in written:
        assert back[name].dtype == written[name].dtype
        assert np.array_equal(back[name], written[name])


def test_what_is_read_may_not_be_changed(tmp_path):
    write_arrays(tmp_path / "x", {"a": np.arange(5)})
    with pytest.raises(ValueError, match="read-only"):
        read_arrays(tmp_path / "x")["a"][0] = 1


def test_every_flipped_bit_is_noticed(tmp_path):
    write_arrays(tmp_path / "x", {"a": np.arange(40), "b": np.zeros(3, np.uint8)})
    whole = (tmp_path / "x").read_bytes()
    for at in range(len(whole)):
        (tmp_path / "y").write_bytes(whole[:at] + bytes([whole[at] ^ 16]) + whole[at + 1 :])
        with pytest.raises(IndexDamaged):
            read_arrays(tmp_path / "y")


def test_every_cut_is_noticed(tmp_path):
    write_arrays(tmp_path / "x", {"a": np.arange(40)})
    whole = (tmp_path / "x").read_bytes()
    for length in range(len(whole)):
        (tmp_path / "y").write_bytes(whole[:length])
        with pytest.raises(IndexDamaged) as caught:
            read_arrays(tmp_path / "y")
    assert "tadarag repair" in caught.value.do


def test_no_temporary_file_is_left(tmp_path):
    write_arrays(tmp_path / "x", {"a": np.arange(4)})
    assert [path.name for path in tmp_path.iterdir()] == ["x"]
