"""The façade: what a person can do with a base, and what it says when it cannot."""

import asyncio
import json

import pytest

from tadarag.errors import BaseMissing, DocumentError, UsageError
from tadarag.knowledge_base import KnowledgeBase
from tadarag.testing.hashing_encoder import HashingEncoder
from tadarag.testing.histories import QUESTIONS, CountingEncoder
from tadarag.values import Document, Filters, SourceName


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "ferry.md").write_text("# Ferry Dusk\n\nThe ferry Dusk was built at the Ostrevir Yard in 1998.\n")
    (tmp_path / "yard.md").write_text("# Ostrevir Yard\n\nThe yard belongs to Tomas Brandt.\n")
    (tmp_path / "rows.csv").write_text("id,title,text\n1,Veldam,Veldam has a theatre.\n2,Lissow,Lissow has none.\n")
    (tmp_path / "中文.md").write_text("# 扩港工程\n\n奎伦湾扩港工程由晨星建设公司承建。\n")
    return tmp_path


@pytest.fixture
def base(folder):
    with KnowledgeBase.open(folder, encoder=HashingEncoder(), workers=1) as base:
        base.ingest(folder)
        yield base


def first(hits):
    return str(hits[0].passage.source)


def test_what_was_taken_in_is_found_in_both_languages(base):
    assert first(base.search("Who owns the Ostrevir Yard?")) in ("yard.md", "ferry.md")
    assert first(base.search("谁承建扩港工程？")) == "中文.md"


def test_a_search_says_where_the_passage_stands(base):
    hit = base.search("theatre")[0]
    document = base.document(hit.passage.source)
    assert hit.passage.span.of(document.text) == hit.passage.text
    assert hit.passage.content == base.record(hit.passage.source).content


def test_filters_reach_the_search(base):
    hits = base.search("ferry", filters=Filters(sources=("rows.csv",)))
    assert {hit.passage.source.path for hit in hits} == {"rows.csv"}


def test_the_list_is_sorted_and_filtered(base):
    assert [str(info.source) for info in base.list()] == ["ferry.md", "rows.csv#1", "rows.csv#2", "yard.md", "中文.md"]
    assert [str(info.source) for info in base.list(Filters(languages=("zh",)))] == ["中文.md"]


def test_a_name_that_means_several_documents_is_asked_for_more_exactly(base):
    with pytest.raises(UsageError, match="2 documents"):
        base.document("rows.csv")
    assert base.document("rows.csv#1").text


def test_an_unknown_name_is_an_error_that_says_how_to_list(base):
    for ask in (base.document, base.record, base.delete):
        with pytest.raises(UsageError) as caught:
            ask("nothing.md")
        assert "tadarag list" in caught.value.do


def test_deleting_a_file_takes_all_its_rows(base):
    assert [str(source) for source in base.delete("rows.csv")] == ["rows.csv#1", "rows.csv#2"]
    assert all(hit.passage.source.path != "rows.csv" for hit in base.search("theatre"))


def test_an_unknown_name_among_several_deletes_nothing(base):
    with pytest.raises(UsageError):
        base.delete("ferry.md", "nothing.md")
    assert len(base.list()) == 5


def test_the_status_counts_what_is_there(base):
    status = base.status()
    assert (status.n_documents, status.n_passages) == (5, 5)
    assert dict(status.languages)["zh"] == 1
    assert status.sequence == status.indexed_sequence == 1
    assert status.n_bytes > 1000


def test_a_base_is_found_by_its_folder_or_by_the_documents_folder(base, folder):
    with KnowledgeBase.open(folder / ".tadarag", encoder=HashingEncoder()) as other:
        assert other.digests(QUESTIONS) == base.digests(QUESTIONS)


def test_opening_without_making_says_that_there_is_none(tmp_path):
    with pytest.raises(BaseMissing):
        KnowledgeBase.open(tmp_path, create=False, encoder=HashingEncoder())
    assert list(tmp_path.iterdir()) == []


def test_the_base_itself_is_never_read_as_a_document(base, folder):
    base.ingest(folder)
    assert all(".tadarag" not in str(info.source) for info in base.list())


def test_a_moved_project_folder_changes_nothing(folder, tmp_path_factory):
    with KnowledgeBase.open(folder, encoder=HashingEncoder(), workers=1) as base:
        base.ingest(folder)
        before = base.digests(QUESTIONS)
    place = tmp_path_factory.mktemp("moved") / "project"
    folder.rename(place)
    encoder = CountingEncoder(HashingEncoder())
    with KnowledgeBase.open(place, encoder=encoder, workers=1) as base:
        report = base.ingest(place, sync=True)
        assert (report.unchanged, report.added, report.removed) == (5, (), ())
        assert base.digests(QUESTIONS) == before
    assert encoder.n_read == 0


def test_equal_text_is_encoded_once(folder):
    encoder = CountingEncoder(HashingEncoder())
    with KnowledgeBase.open(folder, encoder=encoder, workers=1) as base:
        base.ingest(folder)
        n_read = encoder.n_read
        (folder / "copy.md").write_bytes((folder / "ferry.md").read_bytes())
        base.ingest(folder)
        assert encoder.n_read == n_read
        assert len(base.list()) == 6


def test_a_reindex_with_another_encoder_keeps_the_documents_and_opens_with_it(base, folder):
    before = [(info.source, info.content) for info in base.list()]
    base.reindex(HashingEncoder(32))
    assert [(info.source, info.content) for info in base.list()] == before
    assert first(base.search("theatre")) == "rows.csv#1"
    assert base.verify(deep=True) == ()
    with KnowledgeBase.open(folder, encoder=HashingEncoder(32)) as other:
        assert other.digests(QUESTIONS) == base.digests(QUESTIONS)


def test_a_reindex_that_leaves_the_passages_as_they_are_encodes_nothing_again(folder):
    encoder = CountingEncoder(HashingEncoder())
    with KnowledgeBase.open(folder, encoder=encoder, workers=1) as base:
        base.ingest(folder)
        before, n_read = base.digests(), encoder.n_read
        base.reindex()
        assert base.digests() == before
        assert encoder.n_read == n_read


def test_a_reindexed_base_equals_one_made_with_that_encoder(base, folder, tmp_path_factory):
    base.reindex(HashingEncoder(32))
    fresh = tmp_path_factory.mktemp("fresh")
    with KnowledgeBase.open(fresh, encoder=HashingEncoder(32)) as other:
        other.ingest_documents([(record.source, record.document) for record in base.records()])
        assert other.digests(QUESTIONS) == base.digests(QUESTIONS)


def test_an_import_whose_text_was_changed_is_refused_and_changes_nothing(base, tmp_path, tmp_path_factory):
    base.export(tmp_path / "out.jsonl")
    changed = (tmp_path / "out.jsonl").read_text().replace("theatre", "circus")
    (tmp_path / "out.jsonl").write_text(changed)
    with KnowledgeBase.open(tmp_path_factory.mktemp("other"), encoder=HashingEncoder()) as other:
        with pytest.raises(DocumentError, match="content hash"):
            other.import_(tmp_path / "out.jsonl")
        assert other.list() == ()


def test_an_export_is_one_json_value_a_line(base, tmp_path):
    base.export(tmp_path / "out.jsonl")
    lines = (tmp_path / "out.jsonl").read_text("utf-8").splitlines()
    assert json.loads(lines[0])["format"] == "tadarag-export/1"
    assert len(lines) == 6


def test_a_backup_into_a_used_folder_is_refused(base, folder):
    with pytest.raises(UsageError, match="not empty"):
        base.backup(folder)


def test_the_digests_tell_a_changed_answer(base):
    before = base.digests(QUESTIONS)
    base.ingest_documents([(SourceName("memory", "x"), Document(text="The harbour office of Quillen is led by Ilse Mennick."))])
    after = base.digests(QUESTIONS)
    assert before.truth != after.truth
    assert before.vectors != after.vectors
    assert before.answers != after.answers


def test_searches_can_be_awaited(base):
    assert asyncio.run(base.search_async("theatre")) == base.search("theatre")


def test_vacuum_frees_what_deletion_left(base, folder):
    for number in range(40):
        (folder / f"{number}.txt").write_text(f"Text {number} " * 400)
    base.ingest(folder)
    base.delete(*[info.source for info in base.list() if info.source.path.endswith(".txt")])
    assert base.vacuum() > 10_000
    assert len(base.list()) == 5


def test_repair_of_a_sound_base_changes_no_digest(base):
    before = base.digests(QUESTIONS)
    base.repair()
    assert base.digests(QUESTIONS) == before


ODD = {
    "surrogates.jsonl": b'{"id": "\\ud800", "title": "\\udfff Anna", "text": "Hello \\ud800 Anna Stern there."}\n',
    "nulls.jsonl": b'{"id": "a\\u0000b", "title": "x\\u0000y", "text": "Hello \\u0000 there."}\n',
    "twice.csv": "id,text\n1,One\n1,Two\n,Three\ncafe\u0301,Four\ncaf\u00e9,Five\n".encode(),
    "numbers.jsonl": b'{"id": 1e400, "text": "x y"}\n{"id": NaN, "text": "nan"}\n{"id": [1], "text": ["a"]}\n{"id": null, "text": "n"}\n',
    "deep.json": b"[" * 3000 + b"]" * 3000,
    "oneword.txt": b"a" * 200_000,
    "newlines.txt": b"\n" * 50_000 + b"x",
    "utf16.txt": "Hello Anna. 你好".encode("utf-16-le"),
    "gb.txt": "奎伦湾扩港工程由晨星建设公司承建。工程于二零二五年开工".encode("gb18030"),
    "broken.txt": b"Hello \xff\xfe\xfa there Anna.",
    "separators.txt": "One\u2028two\u2029three\x85four\x0bfive\x0csix.".encode(),
    "marks.txt": "\u202eabc Anna 👩‍👩‍👧 🇨🇭 met 𠀀𠀁公司 \ue000\U0010ffff １２３ ²³.".encode(),
    "heading.md": b"# " + b"T" * 50_000 + b"\n\ntext\n\n#\n##\n",
    "front.md": b"---\ntitle: [1,2\ndate: 2024-13-45\n---\nx y.\n",
}


def test_odd_contents_go_in_come_out_of_an_export_and_leave_again(tmp_path):
    for name, content in ODD.items():
        (tmp_path / name).write_bytes(content)
    with KnowledgeBase.open(tmp_path, encoder=HashingEncoder(), workers=1) as base:
        report = base.ingest(tmp_path)
        assert [str(source) for source, _, _ in report.quarantined] == ["deep.json"]
        assert {info.source.path for info in base.list()} == ODD.keys() - {"deep.json"}
        questions = ("Anna Stern", "\ud800 Anna", "公司", "\x00")
        digests = base.digests(questions)
        base.export(tmp_path / "out.jsonl")
        with KnowledgeBase.open(tmp_path / "other", encoder=HashingEncoder(), workers=1) as other:
            other.import_(tmp_path / "out.jsonl")
            assert other.digests(questions) == digests
        for record in base.records():
            text = record.document.text
            assert "".join(chunk.span.of(text) for chunk in record.chunks) in (text, "")
        assert base.verify(deep=True) == ()
        base.delete(*[info.source for info in base.list()])
        base.vacuum()
        assert base.list() == ()
