import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tadarag.document_json import canonical_json, document_from_json, document_to_json
from tadarag.documents.columns import Columns
from tadarag.documents.parsing import EXTRA_SUFFIXES, SUFFIXES, columns_of, content_hash, parse
from tadarag.documents.sniffing import format_of, suffix_of
from tadarag.errors import DocumentError
from tadarag.testing.sample_files import docx, pdf
from tadarag.values import Document, Heading, Span

DOCUMENTS = st.builds(
    Document,
    text=st.text(st.characters(exclude_categories=["Cs"])),
    title=st.text(st.characters(exclude_categories=["Cs"]), max_size=5),
    headings=st.lists(
        st.builds(Heading, span=st.builds(Span, st.integers(0, 9), st.integers(0, 9)), level=st.integers(1, 6), title=st.just("h")),
        max_size=3,
    ).map(tuple),
    pages=st.lists(st.builds(Span, st.integers(0, 9), st.integers(0, 9)), max_size=3).map(tuple),
    fields=st.lists(st.tuples(st.just("k"), st.text(st.characters(exclude_categories=["Cs"]), max_size=3)), max_size=3).map(tuple),
)


@given(DOCUMENTS)
def test_a_document_survives_its_json(document):
    assert document_from_json(document_to_json(document)) == document


@given(DOCUMENTS, DOCUMENTS)
def test_documents_have_one_hash_exactly_when_they_are_equal(one, other):
    assert (content_hash(one) == content_hash(other)) == (one == other)


def test_the_hash_of_a_document_does_not_wobble():
    document = Document(text="渡轮", title="t", headings=(Heading(span=Span(0, 2), level=1, title="渡轮"),), fields=(("a", "b"),))
    assert canonical_json(document_to_json(document)) == (
        '{"blocks":[],"date":"","fields":[["a","b"]],"headings":[[0,2,1,"渡轮"]],"language":"und","media_type":"text/plain","pages":[],"text":"渡轮","title":"t"}'
    )
    assert content_hash(document) == "edc218ae493a1978fb4ec08e0d0f93ee0752971644641238d416c9039e3e04fa"


@pytest.mark.parametrize("suffix", sorted({*SUFFIXES, *EXTRA_SUFFIXES}))
def test_an_empty_file_is_an_empty_document(suffix):
    assert [(part.part, part.document.text) for part in parse(f"a{suffix}", b"")] == [("", "")]


@given(st.sampled_from([".txt", ".md", ".csv", ".json", ".jsonl", ".html", ".eml", ".pdf", ".docx"]), st.binary(max_size=60))
def test_any_bytes_give_documents_or_a_refusal(suffix, data):
    try:
        parts = parse(f"a{suffix}", data)
    except DocumentError as error:
        assert "\n" not in error.happened  # noqa: PT017 - either outcome is right, each has its form
        return
    assert parts
    for part in parts:
        for span in (*part.document.blocks, *part.document.pages, *(heading.span for heading in part.document.headings)):
            assert 0 <= span.start <= span.end <= len(part.document.text)


@pytest.mark.parametrize(
    ("name", "data", "found"),
    [
        ("a.TXT", b"x", "plain"),
        ("a.txt", pdf([("Hi.", 10.0)]), "pdf"),
        ("a.txt", b"{\\rtf1 x}", "rtf"),
        ("a.txt", docx(), "docx"),
        ("b/c.d/a.md", b"x", "markdown"),
    ],
)
def test_the_format_is_told_by_suffix_and_bytes(name, data, found):
    assert format_of(name, data) == found


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("a.md", b"\x89PNG\r\n\x1a\nxx", "is a PNG image, not text"),
        ("a.csv", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "is an old or encrypted Office file, not text"),
        ("a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old or password-protected Office file"),
        ("a.pdf", b"words", "does not begin with %PDF"),
        ("a.exe", b"MZ", r"\.exe files are not read"),
        ("README", b"x", "without a suffix"),
        ("folder.d/README", b"x", "without a suffix"),
    ],
)
def test_names_and_bytes_that_do_not_go_together_are_refused(name, data, message):
    with pytest.raises(DocumentError, match=message):
        parse(name, data)


def test_the_suffix_is_the_last_one_of_the_name():
    assert [suffix_of(name) for name in ("a.tar.GZ", ".hidden", "a.b/c", "x.md")] == [".gz", "", "", ".md"]


def test_guessed_columns_can_be_shown_and_overridden():
    data = b"key,name,text\n1,Otter,River.\n"
    assert columns_of("a.csv", data) == Columns(id="key", title="name", text="text")
    assert columns_of("a.md", b"x") is None
    assert parse("a.csv", data, columns=Columns(id="name", text="text"))[0].part == "Otter"


def test_importing_the_parsers_loads_no_heavy_library():
    heavy = "{'onnxruntime', 'docx', 'lxml', 'pypdfium2', 'selectolax', 'charset_normalizer', 'unstructured', 'spacy', 'torch'}"
    code = f"import sys; import tadarag.documents.parsing, tadarag.documents.pool, tadarag.documents.scan; print(sorted({heavy} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"
