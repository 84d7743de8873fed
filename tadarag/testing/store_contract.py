"""The contract suite of Store: inherit it, give `make_store`, and every promise of the protocol is tested."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from tadarag.analysis import key, name_key, terms
from tadarag.store.protocol import TIER, Change, Decision, FileState, Quarantined, Snapshot, Store
from tadarag.testing.records import make_record
from tadarag.values import Extraction, SourceName


def facts(snapshot: Snapshot) -> dict[Any, Any]:
    """All facts of a snapshot keyed by passage, so that snapshots of equal bases compare equal whatever their numbering."""
    rows = snapshot.rows
    found: dict[Any, Any] = {}
    blocks = {field: list(snapshot.vector_blocks(field)) for field in ("passage", "sentence")}
    dense = {field: np.concatenate([block.vectors * block.scales[:, None] for block in blocks[field]]) for field in blocks}
    for row in np.flatnonzero(rows.live).tolist():
        passage = snapshot.passage(row)
        first, last = int(rows.starts[row]), int(rows.starts[row + 1])
        counts = {term: _count(snapshot, "passage", key(term), row) for term in terms(passage.text)}
        names = snapshot.mention_names(row)
        mentioned = [
            sorted(name for name in names[index] if first + index in snapshot.postings("mention", name_key(name.split(" "))).ids)
            for index in range(last - first)
        ]
        found[str(passage.source), passage.chunk] = (
            passage,
            int(rows.keys[row]),
            int(rows.subjects[row]),
            row in snapshot.postings("subject", int(rows.subjects[row])).ids,
            int(rows.passage_lengths[row]),
            rows.sentence_lengths[first:last].tolist(),
            (rows.core[first:last].tolist(), float(rows.core_norms[row]), rows.reach[row].tolist(), bool(rows.layered[row])),
            (int(rows.core_lengths[row]), int(rows.outline_lengths[row])),
            counts,
            mentioned,
            dense["passage"][row].round(6).tolist(),
            dense["sentence"][first:last].round(6).tolist(),
        )
    return found


def _count(snapshot: Snapshot, field: Any, term: int, row: int) -> int:
    postings = snapshot.postings(field, term)
    at = np.flatnonzero(postings.ids == row)
    return int(postings.counts[at[0]]) if len(at) else 0


class StoreContract:
    """What every Store promises."""

    def make_store(self) -> Store:
        """An empty store with the settings of `tadarag.testing.records.SETTINGS`."""
        raise AssertionError("give make_store in the class that inherits this suite")

    def test_an_empty_store_has_no_rows_and_no_postings(self) -> None:
        store = self.make_store()
        snapshot = store.snapshot()
        assert len(snapshot.rows.keys) == 0
        assert len(snapshot.postings("passage", key("river")).ids) == 0
        assert not snapshot.known("subject", np.array([1, 2], np.uint64)).any()
        snapshot.close()
        store.close()

    def test_a_put_document_is_seen_after_catching_up(self) -> None:
        store = self.make_store()
        record = make_record("a.md", "Anna met Bruno.\nThey spoke.", "Then Anna left.", title="Harbour")
        sequence = store.apply(Change(put=(record,)))
        assert store.catch_up() == sequence
        snapshot = store.snapshot()
        assert snapshot.sequence == sequence
        assert [snapshot.passage(row).text for row in range(2)] == ["Anna met Bruno.\nThey spoke.\n\n", "Then Anna left."]
        assert snapshot.document(record.source) == record.document
        assert snapshot.content(record.source) == record.content
        assert snapshot.content(SourceName(".", "absent.md")) is None
        assert snapshot.postings("mention", name_key(["anna"])).ids.tolist() == [0, 2]
        assert snapshot.postings("subject", name_key(["harbour"])).ids.tolist() == [0, 1]
        snapshot.close()
        store.close()

    def test_a_change_is_not_seen_before_catching_up(self) -> None:
        store = self.make_store()
        store.apply(Change(put=(make_record("a.md", "One."),)))
        snapshot = store.snapshot()
        assert snapshot.sequence in (0, 1)  # a store may catch up when it is asked for a snapshot, never show half a change
        assert int(snapshot.rows.live.sum()) == snapshot.sequence
        snapshot.close()
        store.close()

    def test_replacing_shows_only_the_new_content(self) -> None:
        store = self.make_store()
        store.apply(Change(put=(make_record("a.md", "The old Ferry sank."),)))
        store.catch_up()
        store.apply(Change(put=(make_record("a.md", "The new Bridge opened."),)))
        store.catch_up()
        snapshot = store.snapshot()
        assert len(snapshot.postings("mention", name_key(["ferry"])).ids) == 0
        assert not snapshot.known("passage", np.array([key("ferri")], np.uint64))[0]
        assert len(snapshot.postings("mention", name_key(["bridge"])).ids) == 1
        snapshot.close()
        store.close()

    def test_removing_everything_equals_never_having_put_it(self) -> None:
        store = self.make_store()
        store.apply(Change(put=tuple(make_record(f"{n}.md", f"Document {n} names Anna.") for n in range(12))))
        store.catch_up()
        store.apply(Change(removed=tuple(SourceName(".", f"{n}.md") for n in range(12))))
        store.catch_up()
        snapshot = store.snapshot()
        assert not snapshot.rows.live.any()
        assert facts_or_empty(snapshot) == {}
        assert store.sources() == {}
        snapshot.close()
        store.close()

    def test_the_order_of_changes_does_not_matter_for_the_facts(self) -> None:
        records = [make_record(f"{n}.md", f"Report {n} by Anna Stern.", f"Bruno answers {n}.", title=f"Report {n}") for n in range(9)]
        forward, backward = self.make_store(), self.make_store()
        for record in records:
            forward.apply(Change(put=(record,)))
            forward.catch_up()
        backward.apply(Change(put=tuple(reversed(records))))
        backward.catch_up()
        assert facts(forward.snapshot()) == facts(backward.snapshot())
        assert [(r.source, r.content, r.chunks, r.extraction) for r in forward.records()] == [
            (r.source, r.content, r.chunks, r.extraction) for r in backward.records()
        ]
        forward.close()
        backward.close()

    def test_equal_text_under_two_names_is_two_passages_with_one_vector_key(self) -> None:
        store = self.make_store()
        first, second = make_record("a.md", "Same words."), make_record("b.md", "Same words.")
        store.apply(Change(put=(first, second)))
        store.catch_up()
        snapshot = store.snapshot()
        assert int(snapshot.rows.live.sum()) == 2
        assert len(set(snapshot.rows.keys.tolist())) == 2
        assert set(store.vectors(first.vector_keys)) == set(first.vector_keys) == set(second.vector_keys)
        snapshot.close()
        store.close()

    def test_stored_vectors_come_back_unchanged(self) -> None:
        store = self.make_store()
        record = make_record("a.md", "First line.\nSecond line.")
        store.apply(Change(put=(record,)))
        stored = store.vectors([*record.vector_keys, "unknown"])
        assert set(stored) == set(record.vector_keys)
        back = stored[record.vector_keys[0]]
        assert np.array_equal(back.vector, record.vectors[0].vector)
        assert np.array_equal(back.sentences, record.vectors[0].sentences)
        assert np.array_equal(back.sentence_scales, record.vectors[0].sentence_scales)
        store.close()

    def test_quarantine_is_kept_until_the_source_is_put_or_forgotten(self) -> None:
        store = self.make_store()
        found = Quarantined(source=SourceName(".", "bad.pdf"), reason="it is encrypted", do="remove the password")
        store.apply(Change(quarantined=(found, Quarantined(source=SourceName(".", "worse.pdf"), reason="cut short", do="copy it again"))))
        store.catch_up()
        assert [one.reason for one in store.snapshot().quarantined()] == ["it is encrypted", "cut short"]
        store.apply(Change(put=(make_record("bad.pdf", "Readable now."),), forget_files=((".", "worse.pdf"),)))
        store.catch_up()
        assert list(store.snapshot().quarantined()) == []
        store.close()

    def test_files_decisions_and_recorded_results_are_kept_and_can_be_withdrawn(self) -> None:
        store = self.make_store()
        state = FileState(root=".", path="a.md", size=3, modified_ns=7, digest="d")
        decision = Decision(kind="cannot-link", body='["a","b"]')
        store.apply(Change(files=(state,), decisions=(decision,), recorded=(("k", "answer"),)))
        store.apply(Change(recorded=(("k", "another answer"),)))
        assert store.files() == {(".", "a.md"): state}
        assert list(store.decisions()) == [decision]
        assert store.recorded_result("k") == "answer"
        store.apply(Change(decisions=(Decision(kind="cannot-link", body='["a","b"]', is_withdrawn=True),), forget_files=((".", "a.md"),)))
        assert list(store.decisions()) == []
        assert store.files() == {}
        store.close()

    def test_a_vacuum_keeps_the_readings_that_a_present_memory_names_and_other_recorded_results(self) -> None:
        store = self.make_store()
        record = make_record("a.md", "Before the flood.")
        record = replace(record, memory=replace(record.memory, readings=("reading:1",)))
        store.apply(Change(put=(record,), recorded=(("reading:1", "kept"), ("reading:2", "gone"), ("other", "kept"))))
        store.vacuum()
        assert dict(store.recorded()) == {"reading:1": "kept", "other": "kept"}
        assert [one.memory.readings for one in store.records()] == [("reading:1",)]
        store.close()

    def test_a_held_snapshot_does_not_change(self) -> None:
        store = self.make_store()
        store.apply(Change(put=(make_record("a.md", "Before the flood."),)))
        store.catch_up()
        held = store.snapshot()
        before = facts(held)
        store.apply(Change(removed=(SourceName(".", "a.md"),), put=(make_record("b.md", "After the flood."),)))
        store.catch_up()
        assert facts(held) == before
        assert held.document(SourceName(".", "a.md")) is not None
        held.close()
        store.close()

    def test_a_renewed_content_is_derived_otherwise_for_every_source_that_has_it(self) -> None:
        store = self.make_store()
        one, copy = make_record("a.txt", "Anna Lind met Bo Velm."), make_record("b.txt", "Anna Lind met Bo Velm.")
        store.apply(Change(put=(one, copy)))
        store.catch_up()
        otherwise = replace(one, extraction=Extraction(), domain="finance")
        store.apply(Change(put=(otherwise,), renewed=(one.content,)))
        store.catch_up()
        assert [(str(record.source), record.domain, record.extraction) for record in store.records()] == [
            ("a.txt", "finance", Extraction()),
            ("b.txt", "finance", Extraction()),
        ]
        snapshot = store.snapshot()
        mentioning = snapshot.holding("mention")
        assert not snapshot.rows.live[snapshot.rows.owners[mentioning]].any()
        snapshot.close()
        store.close()

    def test_a_put_of_what_is_there_changes_nothing_unless_it_is_renewed(self) -> None:
        store = self.make_store()
        one = make_record("a.txt", "Anna Lind met Bo Velm.")
        store.apply(Change(put=(one,)))
        store.apply(Change(put=(replace(one, domain="finance"),), renewed=(one.content,)))
        assert [record.domain for record in store.records()] == ["finance"]
        store.close()

    def test_choices_of_tiers_go_with_a_vacuum_after_their_contents(self) -> None:
        store = self.make_store()
        one, other = make_record("a.txt", "Anna Lind."), make_record("b.txt", "Bo Velm.")
        choices = tuple(Decision(kind=TIER, body=f'["content","{record.content}","llm","x"]') for record in (one, other))
        store.apply(Change(put=(one, other), decisions=choices))
        store.catch_up()
        store.apply(Change(removed=(other.source,)))
        store.catch_up()
        assert set(store.decisions()) == set(choices)
        store.vacuum()
        assert tuple(store.decisions()) == choices[:1]
        store.close()


def facts_or_empty(snapshot: Snapshot) -> dict[Any, Any]:
    """The facts of a snapshot that may have no segment at all."""
    return facts(snapshot) if snapshot.rows.live.any() else {}
