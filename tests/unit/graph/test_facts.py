"""Facts keep their sentences and dates; those that contradict each other stand side by side."""

import pytest

from tadarag.errors import UsageError
from tadarag.graph.facts import conflicts, statements
from tadarag.graph.view import corpus_view
from tadarag.testing.marked_records import marked_record
from tadarag.values import Record


def leads(path: str, firm: str, *, date: str = "", when: str = "") -> Record:
    sentence = f"[Ann Lee|person] leads [{firm}|organization]{when}."
    return marked_record(path, sentence, date=date, facts=[("Ann Lee", "leads", firm)])


def governed(path: str, law: str, date: str) -> Record:
    return marked_record(path, f"[Ysk Agreement|product] is under [{law}|law].", date=date, facts=[("Ysk Agreement", "governed_by", law)])


def led(*records: Record, as_of: str = "") -> list[str]:
    view = corpus_view(records)
    return [statement.other.name for statement in statements(view, view.find("Ann Lee"), as_of=as_of)]


def test_a_fact_is_quoted_with_its_document() -> None:
    view = corpus_view([leads("a", "Acme Works")])
    (statement,) = statements(view, view.find("Ann Lee"))
    assert (str(statement.fact.evidence.source), statement.fact.evidence.text) == ("a", "Ann Lee leads Acme Works.")


def test_a_fact_is_seen_from_both_ends() -> None:
    view = corpus_view([leads("a", "Acme Works")])
    assert [one.direction for one in statements(view, view.find("Acme Works"))] == ["in"]


def test_a_fact_holds_from_the_date_of_its_sentence_before_that_of_its_document() -> None:
    own = leads("a", "Acme Works", date="2025-01-01", when=" since [2019-05-01|time]")
    assert led(own, as_of="2019-04-30") == []
    assert led(own, as_of="2019-05-01") == ["Acme Works"]
    assert led(leads("a", "Acme Works", date="2025-01-01"), as_of="2024") == []


def test_a_stated_interval_ends_a_fact() -> None:
    fact = leads("a", "Acme Works", when=" from [2019|time] to [2021|time]")
    assert [bool(led(fact, as_of=date)) for date in ("2018-12-31", "2019", "2021-12-31", "2022")] == [False, True, True, False]


def test_a_chinese_interval_is_understood() -> None:
    sentence = "[李大伟|person]于[2019|time]至[2021|time]领导[晨星公司|organization]。"
    view = corpus_view([marked_record("a", sentence, facts=[("李大伟", "leads", "晨星公司")])])
    assert [(fact.valid_from, fact.valid_to) for fact in view.facts] == [("2019", "2021")]


def test_a_sentence_with_unrelated_dates_says_nothing_of_when_a_fact_holds() -> None:
    fact = leads("a", "Acme Works", date="2025-01-01", when=", built [1990|time], sold [2001|time]")
    (stated,) = corpus_view([fact]).facts
    assert (stated.valid_from, stated.valid_to) == ("2025-01-01", "")


def test_a_fact_without_any_date_is_kept_at_every_date() -> None:
    assert led(leads("a", "Acme Works"), as_of="1900") == ["Acme Works"]


def test_what_is_no_date_is_refused() -> None:
    with pytest.raises(UsageError, match="no date"):
        led(leads("a", "Acme Works"), as_of="last year")


def test_conflicting_values_stand_side_by_side_and_the_latest_document_is_named() -> None:
    view = corpus_view([governed("a", "Velmouth Law", "2022-05-05"), governed("b", "Tarnwick Law", "2025-01-01")])
    (conflict,) = conflicts(view, statements(view, view.find("Ysk Agreement")))
    assert [(thing.name, str(facts[0].evidence.source)) for thing, facts in conflict.values] == [
        ("Tarnwick Law", "b"),
        ("Velmouth Law", "a"),
    ]
    assert conflict.latest is not None
    assert conflict.latest.name == "Tarnwick Law"


def test_documents_of_one_date_give_no_latest_value() -> None:
    view = corpus_view([governed("a", "Velmouth Law", "2025"), governed("b", "Tarnwick Law", "2025")])
    (conflict,) = conflicts(view, statements(view, view.find("Ysk Agreement")))
    assert conflict.latest is None


def test_an_earlier_date_leaves_no_conflict() -> None:
    view = corpus_view([governed("a", "Velmouth Law", "2022-05-05"), governed("b", "Tarnwick Law", "2025-01-01")])
    assert conflicts(view, statements(view, view.find("Ysk Agreement"), as_of="2024")) == ()


def test_equal_values_and_a_year_with_its_day_are_no_conflict() -> None:
    dates = {"a": "1950", "b": "1950-03-05", "c": "1950"}
    born = [
        marked_record(path, f"[Ann Lee|person] born [{date}|time]", facts=[("Ann Lee", "born_on", date)]) for path, date in dates.items()
    ]
    view = corpus_view(born)
    assert conflicts(view, statements(view, view.find("Ann Lee"))) == ()


def test_a_predicate_that_may_have_many_values_is_never_in_conflict() -> None:
    view = corpus_view([leads("a", "Acme Works"), leads("b", "Orr Mills")])
    assert conflicts(view, statements(view, view.find("Ann Lee"))) == ()
