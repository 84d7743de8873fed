"""The corpus graph on the command line: names of all documents, what a person decides about them, facts and chains."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tadarag.knowledge_base import KnowledgeBase
from tadarag.testing.canary import traces
from tadarag.testing.hashing_encoder import HashingEncoder

Run = Callable[..., Any]

DOCUMENTS = {
    "line.md": (
        "---\ndate: 2024-04-02\n---\n# The line\n\n"
        "The Quillen Bay Shipping Line, formerly known as the Sele Packet Company, runs ferries from Port Hesk. "
        "Its head is Margit Sollow. Margit Sollow was born in 1961.\n"
    ),
    "packet.txt": "The packet\n\nThe Sele Packet Company sailed to Velmouth Town with Barto Glenn on board.\n",
    "航运.md": "# 航运公司\n\n奎伦湾航运公司（英语：Quillen Bay Shipping Line）总部设在奎伦湾。钟履谦创办了奎伦湾航运公司。\n",
    "glenn.txt": "Glenn\n\nBarto Glenn met Margit Sollow at the Museum of the Rivers.\n",
}


@pytest.fixture
def base(work: Path, run: Run) -> Path:
    """A base over four documents that share names."""
    for name, text in DOCUMENTS.items():
        (work / name).write_text(text, encoding="utf-8")
    assert run("ingest", *DOCUMENTS).status == 0
    return work


def digest(place: Path) -> str:
    with KnowledgeBase.open(place, encoder=HashingEncoder(), read_only=True) as base:
        return base.digests().truth


def sources_of(run: Run, name: str) -> list[list[str]]:
    return [thing["sources"] for thing in run("graph", "aliases", name, "--json").document["things"]]


def test_aliases_are_listed_with_the_sentences_that_state_them(base: Path, run: Run) -> None:
    ran = run("graph", "aliases")
    assert ran.status == 0
    assert "Quillen Bay Shipping Line" in ran.out
    assert "      line.md: The Quillen Bay Shipping Line, formerly known as the Sele Packet Company, runs ferries" in ran.out


def test_one_name_leads_to_the_others_in_both_languages(base: Path, run: Run) -> None:
    (thing,) = run("graph", "aliases", "奎伦湾航运公司", "--json").document["things"]
    assert {name["name"] for name in thing["names"]} >= {"quillen bay shipping line", "sele packet company", "奎伦湾航运公司"}
    assert thing["sources"] == ["line.md", "packet.txt", "航运.md"]
    for alias in thing["aliases"]:
        for quote in alias["support"]:
            document = KnowledgeBase.open(base, encoder=HashingEncoder(), read_only=True)
            with document:
                text = document.document(quote["source"]).text
            assert text[quote["span"][0] : quote["span"][1]] == quote["sentence"]


def test_unmerge_parts_two_names_and_undo_restores_the_base_exactly(base: Path, run: Run) -> None:
    before = digest(base)
    assert run("graph", "unmerge", "Quillen Bay Shipping Line", "Sele Packet Company").status == 0
    assert sources_of(run, "Sele Packet Company") == [["line.md", "packet.txt"]]
    assert "kept apart by your decision: " in run("graph", "aliases").out
    after = digest(base)
    assert after != before
    assert run("graph", "unmerge", "Sele Packet Company", "Quillen Bay Shipping Line", "--undo").status == 0
    assert digest(base) == before
    assert sources_of(run, "Sele Packet Company") == [["line.md", "packet.txt", "航运.md"]]


def test_unmerge_takes_the_bearer_of_one_document_out(base: Path, run: Run) -> None:
    assert run("graph", "unmerge", "Barto Glenn", "--in", "glenn.txt").status == 0
    assert sources_of(run, "Barto Glenn") == [["glenn.txt"], ["packet.txt"]]
    assert run("graph", "unmerge", "Barto Glenn", "--in", "glenn.txt", "--undo").status == 0
    assert sources_of(run, "Barto Glenn") == [["glenn.txt", "packet.txt"]]


def test_what_cannot_be_parted_or_undone_is_said(base: Path, run: Run) -> None:
    never = run("graph", "unmerge", "Barto Glenn", "Margit Sollow")
    assert (never.status, "are not one thing" in never.err) == (2, True)
    undone = run("graph", "unmerge", "Barto Glenn", "Margit Sollow", "--undo")
    assert (undone.status, "no decision parts" in undone.err) == (2, True)
    assert run("graph", "unmerge", "Barto Glenn").status == 2


def test_a_decision_survives_reindex_export_import_and_backup(base: Path, run: Run, tmp_path: Path) -> None:
    run("graph", "unmerge", "Quillen Bay Shipping Line", "Sele Packet Company")
    parted = digest(base)
    assert run("reindex").status == 0
    assert digest(base) == parted
    run("export", "all.jsonl")
    copy = tmp_path / "copy"
    copy.mkdir()
    assert run("import", "all.jsonl", "--base", str(copy / ".tadarag")).status == 0
    assert digest(copy) == parted
    assert run("backup", str(tmp_path / "kept" / ".tadarag")).status == 0
    assert digest(tmp_path / "kept") == parted


def test_a_base_that_had_a_decision_equals_one_in_which_it_was_made_before_the_documents_came(base: Path, run: Run, tmp_path: Path) -> None:
    run("graph", "unmerge", "Quillen Bay Shipping Line", "Sele Packet Company")
    parted = digest(base)
    run("delete", "packet.txt")
    run("ingest", "packet.txt")
    assert digest(base) == parted


def test_the_last_sentence_that_states_an_alias_takes_it_away(base: Path, run: Run) -> None:
    run("delete", "line.md")
    assert sources_of(run, "Sele Packet Company") == [["packet.txt"]]
    assert sources_of(run, "Quillen Bay Shipping Line") == [["航运.md"]]


def test_a_thing_is_shown_with_its_facts_sources_and_dates(base: Path, run: Run) -> None:
    shown = run("graph", "show", "Margit Sollow", "--json").document
    assert (shown["name"], shown["sources"]) == ("Margit Sollow", ["glenn.txt", "line.md"])
    (born,) = [fact for fact in shown["facts"] if fact["predicate"] == "born_on"]
    assert (born["source"], born["sentence"], born["stated_on"]) == ("line.md", "Margit Sollow was born in 1961.", "2024-04-02")
    text = run("graph", "show", "Margit Sollow").out
    assert "  Margit Sollow born_on 1961, from 1961\n      line.md: Margit Sollow was born in 1961.\n" in text


def test_as_of_leaves_out_what_documents_date_later(base: Path, run: Run) -> None:
    assert run("graph", "show", "Margit Sollow", "--as-of", "1950", "--json").document["facts"] == []
    assert run("graph", "show", "Margit Sollow", "--as-of", "soon").status == 2


def test_conflicting_facts_stand_side_by_side_with_sources_and_dates(base: Path, run: Run) -> None:
    (base / "later.md").write_text("---\ndate: 2025-01-01\n---\n# Later\n\nMargit Sollow was born on 3 May 1961.\n", encoding="utf-8")
    (base / "wrong.md").write_text("---\ndate: 2023-01-01\n---\n# Wrong\n\nMargit Sollow was born on 9 June 1961.\n", encoding="utf-8")
    run("ingest", "later.md", "wrong.md")
    (conflict,) = run("graph", "show", "Margit Sollow", "--json").document["conflicts"]
    assert [(value["value"], value["is_latest"]) for value in conflict["values"]] == [("3 May 1961", True), ("9 June 1961", False)]
    assert "  the documents differ on born_on:" in run("graph", "show", "Margit Sollow").out


def test_a_path_is_shown_with_its_sentences(base: Path, run: Run) -> None:
    ran = run("graph", "path", "Velmouth Town", "Margit Sollow")
    assert ran.status == 0
    assert "packet.txt: The Sele Packet Company sailed to Velmouth Town with Barto Glenn on board." in ran.out
    assert "glenn.txt: Barto Glenn met Margit Sollow at the Museum of the Rivers." in ran.out


def test_no_path_is_said_with_exit_status_1(base: Path, run: Run) -> None:
    ran = run("graph", "path", "奎伦湾航运公司", "Museum of the Rivers", "--max-hops", "1")
    assert ran.status == 1
    assert "no chain of up to 1 step joins" in ran.out


def test_a_misspelt_name_is_answered_with_a_suggestion(base: Path, run: Run) -> None:
    ran = run("graph", "show", "Margit Solow")
    assert (ran.status, "did you mean 'Margit Sollow'" in ran.err) == (2, True)


def test_an_empty_name_is_refused_with_what_to_do(base: Path, run: Run) -> None:
    for arguments in (("show", " "), ("path", "", "Margit Sollow")):
        ran = run("graph", *arguments)
        assert (ran.status, "the name is empty" in ran.err) == (2, True)


def test_a_thing_without_facts_is_shown_with_the_names_beside_it(base: Path, run: Run) -> None:
    shown = run("graph", "show", "Museum of the Rivers", "--json").document
    assert shown["facts"] == []
    assert {"name": "Barto Glenn", "sentences": 1} in shown["named_with"]
    assert "  named together with: Barto Glenn (1)" in run("graph", "show", "Museum of the Rivers").out


def test_a_deleted_document_leaves_no_trace_even_of_a_decision_about_its_names(base: Path, run: Run) -> None:
    (base / "canary.md").write_text("# Canary\n\nThe Zyxbado Works, formerly known as the Zyxgimo Yard, closed.\n", encoding="utf-8")
    run("ingest", "canary.md")
    assert run("graph", "unmerge", "Zyxbado Works", "Zyxgimo Yard").status == 0
    run("delete", "canary.md")
    run("vacuum")
    (base / "canary.md").unlink()
    assert traces(base / ".tadarag", ["Zyxbado", "Zyxgimo"], phrases=["Zyxbado Works", "Zyxgimo Yard"]) == []
    assert "zyx" not in run("graph", "aliases").out.lower()
