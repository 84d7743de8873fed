"""A host's conditions as filters of a search."""

from __future__ import annotations

import pytest

from tadarag import Filters, UsageError
from tadarag.integrations.host_filters import Condition, filters_of


def test_conditions_become_filters() -> None:
    conditions = [
        Condition("source", "in", ["a.md", "people"]),
        Condition("meta.language", "==", "zh"),
        Condition("domain", "==", "news"),
        Condition("date", ">=", "2024"),
        Condition("date", "<=", "2024-06-30"),
    ]
    assert filters_of(conditions) == Filters(
        sources=("a.md", "people"), languages=("zh",), domains=("news",), date_from="2024", date_to="2024-06-30"
    )


def test_no_condition_is_no_filter() -> None:
    assert filters_of([]) == Filters()


@pytest.mark.parametrize(
    "condition",
    [
        Condition("language", "!=", "zh"),
        Condition("colour", "==", "red"),
        Condition("date", "==", "2024"),
        Condition("date", ">=", "last week"),
        Condition("page", "==", 3),
        Condition("source", "==", None),
        Condition("source", "in", []),
    ],
)
def test_what_a_search_cannot_keep_is_refused_with_what_it_can(condition: Condition) -> None:
    with pytest.raises(UsageError) as caught:
        filters_of([condition])
    assert "language" in caught.value.do


def test_two_values_that_must_both_hold_are_refused() -> None:
    with pytest.raises(UsageError, match="twice"):
        filters_of([Condition("language", "==", "en"), Condition("language", "==", "zh")])
