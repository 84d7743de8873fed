"""Judging an extractor on annotated texts: what is right, what is missed, and what counts as the same thing."""

import gzip
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tadarag.errors import UsageError
from tadarag.evaluation.extraction_data import load_gold, windows
from tadarag.evaluation.extraction_run import describe_extraction, run_extraction
from tadarag.evaluation.measures.typed_spans import Counts, f1_figures
from tadarag.extraction.extractor import Unit
from tadarag.extraction.rules import RuleExtractor
from tadarag.extraction.set_template import set_template, type_words
from tadarag.findings import Findings, FoundFact, FoundName
from tadarag.templates.template import Template
from tadarag.values import Chunk, Document, Extraction, Span

TYPES = {"entity_types": {"PER": 2, "Town": 1}, "relation_types": {"LivesIn": {"head_types": {"PER": 1}, "tail_types": {"Town": 1}}}}


def words(text: str) -> int:
    return len(text.split())


class Wordlist:
    """Finds the words that it is given, with their labels; a fact between each name and the next that it is told to join."""

    fingerprint = "wordlist"
    trunk = ""

    def __init__(self, labels: Mapping[str, str], relation: str = "") -> None:
        self._labels, self._relation = labels, relation

    def read(self, unit: Unit, template: Template) -> Findings:
        found = sorted((unit.text.index(word), word) for word in self._labels if word in unit.text)
        names = tuple(FoundName(span=Span(at, at + len(word)), kind="concept", label=self._labels[word]) for at, word in found)
        return Findings(names=names, facts=self.read_pairs(unit, template, names))

    def read_pairs(self, unit: Unit, template: Template, names: Sequence[FoundName]) -> tuple[FoundFact, ...]:
        pairs = range(len(names) - 1) if self._relation else ()
        return tuple(FoundFact(head=index, relation=self._relation, tail=index + 1, sentence=0) for index in pairs)


class Judged:
    """An extractor that is judged by its units alone."""

    fingerprint = "judged"

    def __init__(self, units: Wordlist) -> None:
        self.units = units

    def extract(self, document: Document, chunks: Sequence[Chunk], template: Template, findings: Sequence[Findings] = ()) -> Extraction:
        raise AssertionError("the units have been read already")


def a_set(folder: Path, *rows: Mapping[str, Any], types: Mapping[str, Any] = TYPES) -> Path:
    (folder / "types.json").write_text(json.dumps(types), encoding="utf-8")
    file = folder / "dev.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return file


def a_text(text: str, *names: tuple[str, str], relations: Sequence[Mapping[str, str]] = (), **more: Any) -> dict[str, Any]:
    entities = [
        {"id": f"T{number}", "start": text.index(name), "end": text.index(name) + len(name), "type": label, "text": name}
        for number, (name, label) in enumerate(names)
    ]
    return {"id": "one", "lang": "en", "text": text, "entities": entities, "relations": list(relations), **more}


def report(file: Path, units: Wordlist) -> dict[str, Any]:
    return describe_extraction(run_extraction(load_gold(file), Judged(units), words, workers=1), dataset="d", extractor="e", digest="0")


LIVES = {"head": "T0", "tail": "T1", "type": "LivesIn"}


def test_a_name_counts_only_with_its_span_and_its_type(tmp_path: Path) -> None:
    file = a_set(tmp_path, a_text("Ada met Bo in Cork.", ("Ada", "PER"), ("Bo", "PER"), ("Cork", "Town")))
    figures = report(file, Wordlist({"Ada": "PER", "Bo": "Town", "Cork": "Town", "met": "PER"}))["entities"]
    assert (figures["n_right"], figures["n_found"], figures["n_gold"]) == (2, 4, 3)
    assert figures["precision"] == 0.5
    assert figures["f1"] == pytest.approx(4 / 7, abs=1e-6)


def test_a_relation_is_strict_in_its_types_and_loose_in_the_boundaries_row(tmp_path: Path) -> None:
    file = a_set(tmp_path, a_text("Ada lives in Cork.", ("Ada", "PER"), ("Cork", "Town"), relations=[LIVES]))
    figures = report(file, Wordlist({"Ada": "Town", "Cork": "Town"}, "LivesIn"))
    assert figures["relations"]["f1"] == 0
    assert figures["relations_boundaries"]["f1"] == 1
    assert figures["relations_gold_entities"]["f1"] == 1


def test_any_mention_of_a_thing_can_state_its_relation_and_it_counts_once(tmp_path: Path) -> None:
    text = a_text(
        "Ada came. Ms Ada lives in Cork.", ("Ada", "PER"), ("Cork", "Town"), ("Ms Ada", "PER"), relations=[LIVES], coref=[["T0", "T2"]]
    )
    figures = report(a_set(tmp_path, text), Wordlist({"Ms Ada": "PER", "Cork": "Town"}, "LivesIn"))
    assert figures["relations"]["f1"] == 1
    assert figures["relations"]["n_gold"] == 1


def test_a_fact_of_things_may_join_sentences_that_lie_far_apart(tmp_path: Path) -> None:
    between = "Nothing happened there. " * 100
    named = a_text(
        f"Ada came. {between}In Cork she lives. Ms Ada left.", ("Ada", "PER"), ("Cork", "Town"), ("Ms Ada", "PER"), relations=[LIVES]
    )
    found = Wordlist({"Ada came": "PER", "Cork": "Town"}, "LivesIn")
    things = report(a_set(tmp_path, {**named, "coref": [["T0", "T2"]]}), found)["relations_gold_entities"]
    names = report(a_set(tmp_path, named), found)["relations_gold_entities"]
    assert (things["n_right"], names["n_right"]) == (1, 0)


def test_a_text_without_relations_has_no_figures_for_them(tmp_path: Path) -> None:
    figures = report(a_set(tmp_path, a_text("Ada came.", ("Ada", "PER"))), Wordlist({"Ada": "PER"}))
    assert figures["entities"]["f1"] == 1
    assert figures["relations"] == {}


def test_the_rules_are_judged_by_the_core_type_of_the_sets_types(tmp_path: Path) -> None:
    file = a_set(tmp_path, a_text("She moved to France.", ("France", "LOC")), types={"entity_types": {"LOC": 1}})
    run = run_extraction(load_gold(file), RuleExtractor(), words, workers=1)
    assert describe_extraction(run, dataset="d", extractor="rules", digest="0")["entities"]["recall"] == 1


def test_records_that_name_an_ontology_are_read_with_its_types(tmp_path: Path) -> None:
    with gzip.open(tmp_path / "ontologies.jsonl.gz", "wt", encoding="utf-8") as out:
        out.write(
            json.dumps({"id": "o1", "concepts": ["human"], "relations": [{"label": "spouse", "domain": "human", "range": ""}]}) + "\n"
        )
    (text,) = load_gold(a_set(tmp_path, a_text("Ada came.", ("Ada", "human"), template="o1")))
    assert [one.name for one in text.template.entity_types] == ["human"]
    assert text.template.relations[0].tails == ("human",)


def test_a_set_without_named_types_is_refused(tmp_path: Path) -> None:
    file = a_set(tmp_path, a_text("Ada came.", ("Ada", "PER")))
    (tmp_path / "types.json").unlink()
    with pytest.raises(UsageError, match=r"types\.json"):
        load_gold(file)


def test_an_entity_outside_its_text_is_refused_with_its_line(tmp_path: Path) -> None:
    row = a_text("Ada came.", ("Ada", "PER"))
    row["entities"][0]["end"] = 99
    with pytest.raises(UsageError, match="line 1"):
        load_gold(a_set(tmp_path, row))


def test_labels_become_words() -> None:
    assert [type_words(label) for label in ("OrgBased_In", "PER", "Gene_or_gene_product", "programlang", "event:Attack.Phishing")] == [
        "org based in",
        "person",
        "gene or gene product",
        "programlang",
        "attack phishing",
    ]


def test_the_types_of_a_set_are_its_template() -> None:
    template = set_template("s", ["PER", "Town"], {"LivesIn": (["PER"], [])})
    assert [(one.name, one.core) for one in template.entity_types] == [("PER", "person"), ("Town", "concept")]
    assert template.relations[0].allows("PER", "Town")
    assert not template.relations[0].allows("Town", "PER")


@given(st.lists(st.integers(1, 30), min_size=1, max_size=20), st.integers(1, 60))
def test_windows_hold_whole_sentences_in_order_and_are_no_longer_than_asked(lengths: list[int], longest: int) -> None:
    text = "".join("x" * length for length in lengths)
    starts = [sum(lengths[:index]) for index in range(len(lengths))]
    sentences = [Span(start, start + length) for start, length in zip(starts, lengths, strict=True)]
    found = list(windows(text, sentences, lengths, longest=longest))
    back = [Span(window.start + one.start, window.start + one.end) for window, inside in found for one in inside]
    assert back == sentences
    assert all(len(inside) == 1 or window.end - window.start <= longest for window, inside in found)


@given(st.lists(st.tuples(st.sets(st.integers(0, 9)), st.sets(st.integers(0, 9))), min_size=1, max_size=8))
def test_f1_lies_between_precision_and_recall(texts: list[tuple[set[int], set[int]]]) -> None:
    figures = f1_figures([Counts.of(found, gold) for found, gold in texts], n_draws=50)
    low, high = sorted((figures["precision"], figures["recall"]))
    assert low - 1e-6 <= figures["f1"] <= high + 1e-6
    assert figures["f1_interval"][0] <= figures["f1_interval"][1]
