"""Rows are judged by what training without them teaches."""

import numpy as np
import pytest

from tadarag.training.router_left_out import LeftOut, describe_left_out, leave_out, macro_f1, shifted, shifts_of, temperature_of
from tadarag.training.router_sources import Labelled

LABELS = ["law", "news"]


def rows_of(**sources):
    return [
        Labelled(text=f"{source} {place}", label=label, language="en", source=source)
        for source, (label, size) in sources.items()
        for place in range(size)
    ]


def part_of(logits, gold):
    rows = tuple(Labelled(text=str(place), label=LABELS[label], language="en", source="a") for place, label in enumerate(gold))
    return LeftOut(rows=rows, logits=np.array(logits, float), gold=np.array(gold), weights=np.full(len(gold), 1 / len(gold)))


def test_no_row_is_judged_by_a_fit_that_saw_it_or_its_source():
    rows = rows_of(a=("law", 20), b=("news", 20), made_en=("news", 20))
    gold = np.array([LABELS.index(row.label) for row in rows])
    seen = []

    def fit(places):
        seen.append({rows[place].source for place in places})
        return np.zeros((2, 1)), np.array([len(seen), 0.0])

    parts = leave_out(rows, np.zeros((60, 1)), gold, fit)
    assert seen[:2] == [{"b", "made_en"}, {"a", "made_en"}]
    assert len(seen) == 2 + 5
    assert [row.source for row in parts["unseen sources"].rows] == ["a"] * 20 + ["b"] * 20
    assert parts["unseen sources"].logits[:, 0].tolist() == [1.0] * 20 + [2.0] * 20


def test_what_was_made_here_is_judged_in_no_part():
    rows = rows_of(a=("law", 10), made_zh=("news", 10), cues_en=("news", 10))
    gold = np.array([LABELS.index(row.label) for row in rows])
    parts = leave_out(rows, np.zeros((30, 1)), gold, lambda places: (np.zeros((2, 1)), np.zeros(2)))
    assert {row.source for part in parts.values() for row in part.rows} == {"a"}
    assert len(parts["within"].rows) == 10


def test_f1_is_the_mean_over_the_labels_of_gold():
    gold, found = np.array([0, 0, 1, 1]), np.array([0, 1, 1, 2])
    assert macro_f1(gold, found) == pytest.approx((2 / 3 + 2 / 4) / 2)
    assert macro_f1(gold, found, np.array([1.0, 0.0, 1.0, 0.0])) == 1.0


def test_each_source_is_reported_by_itself():
    report = describe_left_out({"within": part_of([[1, 0], [0, 1], [1, 0]], [0, 1, 1])}, LABELS)
    assert report["within"]["by source"]["a"] == {"n": 3, "right": 66.7, "macro_f1": 66.7}
    assert report["labels"] == LABELS


def test_a_label_that_always_loses_by_a_little_is_lifted_and_the_others_stay():
    part = part_of([[2.0, 0.0], [2.0, 0.0], [0.45, 0.0], [0.45, 0.0]], [0, 0, 1, 1])
    shifts = shifts_of({"unseen sources": part}, 2)
    assert macro_f1(part.gold, part.logits.argmax(axis=1)) < 1.0
    assert macro_f1(part.gold, shifted({"one": part}, shifts)["one"].logits.argmax(axis=1)) == 1.0
    assert np.abs(shifts).sum() == pytest.approx(0.5)


def test_nothing_is_shifted_where_nothing_is_gained():
    assert shifts_of({"within": part_of([[1, 0], [0, 1]], [0, 1])}, 2).tolist() == [0.0, 0.0]


def test_parts_count_alike_in_the_temperature_whatever_their_size():
    sure = part_of([[9.0, 0.0]] * 90 + [[0.0, 9.0]] * 90, [0] * 90 + [1] * 90)
    doubtful = part_of([[9.0, 0.0]] * 2 + [[0.0, 9.0]] * 2, [0, 1, 1, 0])
    assert temperature_of({"a": sure}) < temperature_of({"a": sure, "b": doubtful}) <= temperature_of({"b": doubtful})
