from __future__ import annotations

from collections.abc import Callable

import pytest

from tadarag.training.multihop_questions.facts import Fact

FactsOf = Callable[..., dict[str, Fact]]


def test_a_definition_states_several_facts(facts_of: FactsOf) -> None:
    facts = facts_of("Grey Harbour (film)", "Grey Harbour is a 1971 Danish drama film directed by Ysolde Marlund and starring Tove Brink.")
    assert {name: fact.value.text for name, fact in facts.items()} == {
        "director": "Ysolde Marlund",
        "star": "Tove Brink",
        "released_on": "1971",
        "country_of_work": "Danish",
    }


def test_a_life_in_parentheses_gives_both_dates(facts_of: FactsOf) -> None:
    facts = facts_of("Tor Vik", "Tor Vik (4 May 1931 – 9 June 2001) was a Danish painter.")
    assert (facts["born_on"].value.text, facts["died_on"].value.text) == ("4 May 1931", "9 June 2001")


def test_a_value_is_where_the_fact_says(facts_of: FactsOf) -> None:
    text = "Tor Vik (born 4 May 1931) is a Danish painter. He was born in Skagen, Denmark."
    for fact in facts_of("Tor Vik", text).values():
        assert text[fact.value.start : fact.value.end] == fact.value.text != ""


@pytest.mark.parametrize(
    "text",
    [
        "Night Ferry is a 1990 film directed by Tor Vik and Ada Lund.",
        "Night Ferry is a 1990 film based on the novel directed by Tor Vik.",
        "Night Ferry is a 1990 film directed by Tor Vik's brother.",
        "Night Ferry is a 1990 film produced by Moss Pictures.",
    ],
)
def test_two_directors_other_works_and_owners_state_no_director(facts_of: FactsOf, text: str) -> None:
    assert {"director", "producer"}.isdisjoint(facts_of("Night Ferry", text))


def test_a_producer_named_behind_the_director_is_not_the_director(facts_of: FactsOf) -> None:
    facts = facts_of("Night Ferry", "Night Ferry is a 1990 film, directed by Tor Vik and produced by Ada Lund.")
    assert (facts["director"].value.text, facts["producer"].value.text) == ("Tor Vik", "Ada Lund")


def test_a_sport_is_no_nationality(facts_of: FactsOf) -> None:
    assert "nationality" not in facts_of("Bo Finn", "Bo Finn (born 5 May 1970) is a former Canadian football player.")


def test_a_list_of_namesakes_states_nothing(facts_of: FactsOf) -> None:
    assert facts_of("Vik", "Tor Vik (born 1950), Danish painter ; Ada Vik (born 1960), Danish singer ; Bo Vik (born 1970), poet") == {}


def test_the_capital_of_a_country_is_a_fact_about_the_country(facts_of: FactsOf) -> None:
    fact = facts_of("Olm", "Olm is the capital and largest city of the Kingdom of Ysk.")["capital"]
    assert (fact.subject_name, fact.value.text, fact.is_inverse) == ("the Kingdom of Ysk", "Olm", True)


def test_a_phrase_without_a_relation_is_an_open_fact(facts_of: FactsOf) -> None:
    fact = facts_of("Ada Lund", "Ada Lund (born 1960) is a Danish chemist. She collaborated with Karl Rosen for years.")[
        "open collaborated_with"
    ]
    assert (fact.phrase, fact.value.text) == ("collaborated with", "Karl Rosen")


def test_chinese_facts_are_read_from_simplified_and_traditional_text(facts_of: FactsOf) -> None:
    simplified = facts_of("青河大学", "青河大学是一所综合性大学，成立于1951年，位于云州市。", "zh")
    traditional = facts_of("青河大學", "青河大學是一所綜合性大學，成立於1951年，位於雲州市。", "zh")
    assert simplified["成立时间"].value.text == traditional["成立时间"].value.text == "1951年"


def test_a_chinese_population_keeps_its_ten_thousands(facts_of: FactsOf) -> None:
    value = facts_of("青河县", "青河县是云州的一个县，人口35万。", "zh")["人口"].value
    assert (value.text, value.order) == ("35万", (350000.0,))
