from itertools import pairwise

import pytest

from mom import find_facts


def facts(text: str) -> list[tuple[str, str]]:
    return [(fact.span.of(text), fact.kind) for fact in find_facts(text)]


@pytest.mark.parametrize(
    ("text", "stated"),
    [
        ("It closed on 14 March 2018 after 58 years.", [("14 March 2018", "date"), ("58", "number")]),
        ("It rose by 3.5% to $41.5 million.", [("3.5%", "number"), ("41.5 million", "number")]),
        ("They met two hundred and five people.", [("two hundred and five", "number")]),
        ("He read J. K. Rowling at the Bank of England.", [("J. K. Rowling", "name"), ("Bank of England", "name")]),
        ("He saw Kroll's barn.", [("Kroll", "name")]),
        ("It was not restarted, without notice.", [("not restarted", "negation"), ("without notice", "negation")]),
        ("She didn't pay.", [("didn't pay", "negation")]),
        ("He took PL-207 in May.", [("PL-207", "name"), ("May", "date")]),
        ("全长十二公里，耗资45.6亿元。", [("十二公里", "number"), ("45.6亿元", "number")]),
        ("2023年3月，同比增长12%。", [("2023年3月", "date"), ("12%", "number")]),
        ("二〇二四年五月一日起施行第三十二条。", [("二〇二四年五月一日", "date"), ("第三十二条", "number")]),
        ("他读《红楼梦》。", [("《红楼梦》", "title")]),
        ("星河公司在上海市。", [("星河公司", "name"), ("上海市", "name")]),
        ("记者王建国说，约翰·史密斯未签署。", [("王建国", "name"), ("约翰·史密斯", "name"), ("未签署", "negation")]),
        ("甲方不得转让。", [("不得转让", "negation")]),
        ("", []),
    ],
)
def test_facts_are_found_with_their_kind(text: str, stated: list[tuple[str, str]]) -> None:
    assert facts(text) == stated


def test_a_word_that_opens_a_sentence_is_a_name_if_it_stands_inside_one_elsewhere() -> None:
    assert facts("Orsk fell. Nobody saw Orsk again.") == [("Orsk", "name"), ("Nobody saw", "negation"), ("Orsk", "name")]
    assert facts("Silence fell. It was late.") == []


def test_a_capital_that_a_sentence_owes_to_its_beginning_is_no_name() -> None:
    assert facts("The dam held. However it leaked.") == []


def test_facts_do_not_overlap() -> None:
    text = "On 3 May 2020 the 2nd Fleet of PL-207 met 王建国 at 10:30 in 2020年5月3日."
    found = find_facts(text)
    assert all(before.span.end <= after.span.start for before, after in pairwise(found))
