"""Amounts are read with what they count or measure; years, other things' numbers and rates are none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tadarag.generation.amounts import Amount, Wanted, amounts_of, measures, same_words


def first(wanted: Wanted, sentence: str) -> Amount | None:
    return next(amounts_of(wanted, sentence), None)


def of(noun: str, sentence: str) -> float | None:
    found = first(Wanted(nouns=same_words(noun)), sentence)
    return None if found is None else found.value


@pytest.mark.parametrize(
    ("noun", "sentence", "value"),
    [
        ("employees", "Halvrin employs 340 people in three plants.", 340),
        ("employees", "In 2021 it had about 1,200 full-time employees.", 1200),
        ("employees", "The staff of Halvrin grew to 90.", 90),
        ("species", "Dracula is a genus of 118 species of orchids.", 118),
        ("members", "The band has four members.", 4),
        ("population", "As of 2010, its population was 24,256,800 in 12 districts.", 24256800),
        ("population", "The town had 8,211 inhabitants at the 2010 census.", 8211),
        ("population", "The population at the 2010 census was 8,211.", 8211),
        ("population", "The density is 300 people per km2 where people live; the population density fell.", None),
        ("population", "The explosion killed 300 people.", None),
        ("revenue", "Revenue rose to 3.2 million euros in 2023.", 3200000),
        ("revenue", "Revenue in 2023 was €7.1 million.", 7100000),
        ("revenue", "Revenue was not stated; 300 people came.", None),
        ("员工", "公司现有员工63名。", 63),
        ("员工", "公司拥有1.2万名员工。", 12000),
        ("员工", "员工总数约1200人。", 1200),
        ("人口", "截至2020年，常住人口为2487万人。", 24870000),
        ("营收", "2023年营收为3.5亿元。", 350000000),
    ],
)
def test_what_is_counted_or_named(noun, sentence, value):
    assert of(noun, sentence) == value


@pytest.mark.parametrize(
    ("measure", "beside", "sentence", "value"),
    [
        ("length", "tall", "The tower is 100 feet tall.", pytest.approx(30.48)),
        ("length", "tall", "It lies 30 km west of the town.", None),
        ("area", "", "It covers 12 square kilometres.", 12e6),
        ("area", "", "It covers 12 sq mi.", pytest.approx(31.08e6)),
        ("area", "", "全市面积6340.5平方公里。", 6340.5e6),
        ("mass", "", "It weighs 2 tonnes.", 2000),
        ("money", "", "The basic plan costs $12 per month.", 12),
        ("length", "长", "桥全长2500米。", 2500),
    ],
)
def test_what_is_measured_in_the_first_unit(measure, beside, sentence, value):
    found = first(Wanted(measure=measure, beside=beside), sentence)
    assert (None if found is None else found.value) == value


def test_currencies_are_different_measures():
    euros, dollars = (first(Wanted(measure="money"), f"It costs {price}.") for price in ("12 euros", "$12"))
    assert euros is not None
    assert dollars is not None
    assert euros.measure != dollars.measure


@given(
    st.integers(1, 999),
    st.sampled_from(sorted(unit for units in measures()["units"].values() for unit in units if unit.isalpha() and unit.isascii())),
)
def test_every_unit_is_read_behind_a_number(number, unit):
    measure, factor = next((name, units[unit]) for name, units in measures()["units"].items() if unit in units)
    assert first(Wanted(measure=measure), f"About {number} {unit} of it.") == Amount(value=number * factor, measure=measure)
