import json

import pytest

from tadarag.errors import UsageError
from tadarag.store.export import export_lines, read_export, truth_digest, vectors_digest, write_export
from tadarag.store.protocol import Change, Decision, FileState, Quarantined
from tadarag.testing.memory_store import MemoryStore
from tadarag.testing.records import SETTINGS, make_record
from tadarag.values import SourceName


@pytest.fixture
def store():
    store = MemoryStore(SETTINGS)
    decision = Decision(kind="cannot-link", body='["a","b"]')
    store.apply(Change(put=(make_record("b", "Two."), make_record("a", "One.")), decisions=(decision,), recorded=(("k", "said"),)))
    return store


def test_an_export_is_sorted_and_holds_no_vectors_times_or_scans(store):
    store.apply(
        Change(
            files=(FileState(root=".", path="a", size=1, modified_ns=5, digest="d"),),
            quarantined=(Quarantined(source=SourceName(".", "c"), reason="r", do="d"),),
        )
    )
    lines = [json.loads(line) for line in export_lines(store)]
    assert [line["source"][1] for line in lines if "source" in line] == ["a", "b"]
    assert not {key for line in lines for key in line} & {"vectors", "files", "quarantine", "sequence", "at"}


def test_what_is_read_back_are_the_documents_and_the_other_inputs(store, tmp_path):
    write_export(export_lines(store), tmp_path / "out.jsonl")
    documents, inputs = read_export(tmp_path / "out.jsonl")
    assert [(source.path, document.text) for source, _, document in documents] == [("a", "One."), ("b", "Two.")]
    assert inputs.decisions == tuple(store.decisions())
    assert inputs.recorded == (("k", "said"),)


def test_digests_tell_every_input_and_not_the_history(store):
    before = truth_digest(store), vectors_digest(store)
    store.apply(Change(removed=(SourceName(".", "a"),)))
    assert truth_digest(store) != before[0]
    assert vectors_digest(store) != before[1]
    store.apply(Change(put=(make_record("a", "One."),)))
    assert (truth_digest(store), vectors_digest(store)) == before
    store.apply(Change(recorded=(("other", "said"),)))
    assert truth_digest(store) != before[0]


@pytest.mark.parametrize(
    "content",
    [b"", b"{}\n", b'{"format":"other/1"}\n', b"not json\n", b"[1]\n", b'"x"\n'],
)
def test_what_is_no_export_is_refused(content, tmp_path):
    (tmp_path / "in.jsonl").write_bytes(content)
    with pytest.raises(UsageError):
        read_export(tmp_path / "in.jsonl")


@pytest.mark.parametrize(
    "line", [b"{", b"[]", b"7", b"null", b'{"source": 3}', b'{"source": ["."], "content": "x"}', b'{"recorded": []}', b"\xff\xfe"]
)
def test_a_broken_line_is_named_by_its_number(line, store, tmp_path):
    write_export(export_lines(store), tmp_path / "in.jsonl")
    with (tmp_path / "in.jsonl").open("ab") as file:
        file.write(line + b"\n")
    n_lines = len((tmp_path / "in.jsonl").read_bytes().splitlines())
    with pytest.raises(UsageError, match=f"line {n_lines}"):
        read_export(tmp_path / "in.jsonl")


def test_a_file_that_is_not_there_is_said(tmp_path):
    with pytest.raises(UsageError, match="cannot be read"):
        read_export(tmp_path / "nothing.jsonl")
