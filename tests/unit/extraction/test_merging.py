"""How a model's names and the rules' finds become one row."""

from __future__ import annotations

import pytest

from tadarag.extraction.found import Found
from tadarag.extraction.merging import Merged, merge
from tadarag.findings import FoundName
from tadarag.values import Span


def name(start: int, end: int, kind: str, label: str = "", probability: float = 0.7) -> FoundName:
    return FoundName(span=Span(start, end), kind=kind, label=label, probability=probability)


def merged(names: list[FoundName], *by_rules: Found) -> list[Merged]:
    return merge("x" * 30, list(enumerate(names)), by_rules)


def test_a_date_is_the_rules_work_and_keeps_the_models_label() -> None:
    (one,) = merged([name(0, 4, "time", "release_date")], Found(0, 4, "time", "1998"))
    assert (one.found, one.label, one.probability, one.names) == (Found(0, 4, "time", "1998"), "release_date", 0.7, (0,))


def test_a_label_that_contradicts_the_rules_is_dropped() -> None:
    (one,) = merged([name(0, 5, "time", "deadline")], Found(0, 5, "money", "EUR 10"))
    assert (one.found.kind, one.label, one.probability, one.names) == ("money", "", 1.0, (0,))


def test_an_identifier_can_be_told_by_any_label() -> None:
    (one,) = merged([name(0, 6, "product", "pump")], Found(0, 6, "identifier", "HX-200"))
    assert (one.found.kind, one.label) == ("identifier", "pump")


@pytest.mark.parametrize("span", [(1, 4), (0, 3), (3, 9)])
def test_a_name_inside_or_across_a_value_stands_for_the_value(span: tuple[int, int]) -> None:
    (one,) = merged([name(*span, "number", "price")], Found(0, 5, "money", "EUR 10"))
    assert (one.found, one.label, one.names) == (Found(0, 5, "money", "EUR 10"), "", (0,))


def test_a_time_around_a_date_takes_over_its_normal_form() -> None:
    (one,) = merged([name(0, 15, "time", "time")], Found(6, 15, "time", "2022-03"))
    assert one.found == Found(0, 15, "time", "2022-03")


def test_an_amount_around_money_is_money() -> None:
    (one,) = merged([name(0, 15, "number")], Found(6, 15, "money", "EUR 10"))
    assert one.found == Found(0, 15, "money", "EUR 10")


def test_two_values_in_one_name_tell_no_normal_form() -> None:
    (one,) = merged([name(0, 15, "time")], Found(0, 4, "time", "1998"), Found(8, 12, "time", "2001"))
    assert one.found == Found(0, 15, "time", "")


def test_a_name_around_a_year_stays_whole() -> None:
    (one,) = merged([name(0, 20, "event", "event")], Found(0, 4, "time", "2008"))
    assert (one.found, one.label) == (Found(0, 20, "event", ""), "event")


def test_a_name_of_the_rules_that_the_model_does_not_touch_stays_as_a_name_of_unknown_kind() -> None:
    first, second = merged([name(10, 15, "person")], Found(0, 5, "organization"))
    assert (first.found, first.names) == (Found(0, 5, "name"), ())
    assert second.found.kind == "person"


def test_a_title_that_the_model_does_not_touch_stays_a_title() -> None:
    (one,) = merged([], Found(0, 5, "title"))
    assert one.found.kind == "title"


def test_a_name_of_the_rules_gives_way_to_the_models() -> None:
    (one,) = merged([name(0, 4, "person")], Found(0, 9, "name"))
    assert one.found == Found(0, 4, "person")


def test_what_the_models_names_leave_of_a_name_of_the_rules_stays_if_it_is_two_words() -> None:
    text = "King Hugh Orvel of Italy and Boso of Tuscany"
    found = merge(text, [(0, name(19, 24, "location"))], [Found(0, 44, "person")])
    assert [(text[one.found.start : one.found.end], one.found.kind) for one in found] == [
        ("King Hugh Orvel", "name"),
        ("Italy", "location"),
        ("Boso of Tuscany", "name"),
    ]
    assert [one.found for one in merge("King of Italy", [(0, name(8, 13, "location"))], [Found(0, 13, "name")])] == [
        Found(8, 13, "location")
    ]


def test_a_name_of_the_rules_stays_where_the_models_name_gave_way_to_a_value() -> None:
    found = [one.found for one in merged([name(3, 9, "product")], Found(0, 5, "identifier", "A-1"), Found(6, 12, "name"))]
    assert found == [Found(0, 5, "identifier", "A-1"), Found(6, 12, "name")]
