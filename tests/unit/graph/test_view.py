"""Names are looked up as a person gives them: exactly, with candidates, or with suggestions."""

import pytest

from tadarag.errors import UsageError
from tadarag.graph.cannot_link import cannot_link
from tadarag.graph.corpus import corpus_graph
from tadarag.graph.view import corpus_view
from tadarag.testing.marked_records import marked_record
from tadarag.values import SourceName

PERSON = marked_record("a", "[Marten Kroll|person] painted.")
PLACE = marked_record("b", "[Marten Kroll|location] is a hill.")


def test_a_name_is_found_whatever_its_case() -> None:
    assert corpus_view([PERSON]).find("MARTEN kroll").name == "Marten Kroll"


def test_an_ambiguous_name_lists_its_candidates() -> None:
    with pytest.raises(UsageError, match=r"may be one of 2: .*location, b.*person, a"):
        corpus_view([PERSON, PLACE]).find("Marten Kroll")


def test_a_type_or_a_source_chooses_among_candidates() -> None:
    view = corpus_view([PERSON, PLACE])
    assert view.find("Marten Kroll", kind="person").sources == (SourceName(".", "a"),)
    assert view.find("Marten Kroll", source=SourceName(".", "b")).kind == "location"


def test_a_near_miss_is_answered_with_suggestions() -> None:
    with pytest.raises(UsageError, match="did you mean 'Marten Kroll'"):
        corpus_view([PERSON]).find("Martin Krol")


def test_a_part_of_a_name_is_answered_with_the_names_that_hold_it() -> None:
    with pytest.raises(UsageError, match="Marten Kroll"):
        corpus_view([PERSON]).find("kroll")


def test_the_names_of_a_thing_come_with_one_sentence_a_document() -> None:
    view = corpus_view([PERSON, marked_record("c", "[Marten Kroll|person] died.", "[Marten Kroll|person] again.")])
    ((name, quotes),) = view.names(view.find("Marten Kroll"))
    assert (name, [quote.text for quote in quotes]) == ("marten kroll", ["Marten Kroll painted.", "Marten Kroll died."])


def test_decisions_are_told_in_the_words_of_present_documents() -> None:
    stated = marked_record("a", "[Halvrin Group|organization], formerly [Tarnwick Engines|organization], met.")
    links = [cannot_link("Halvrin Group", "Tarnwick Engines")]
    assert [set(pair) for pair in corpus_view([stated], links).parted()] == [{"halvrin group", "tarnwick engines"}]
    assert corpus_view([PERSON], links).parted() == ()


def test_the_networkx_graph_has_each_fact_and_each_alias_edge_with_its_spans() -> None:
    first = marked_record("a", "[Ann Lee|person] leads [Acme Works|organization].", facts=[("Ann Lee", "leads", "Acme Works")])
    graph = corpus_graph(corpus_view([first, marked_record("b", "[Ann Lee|person] left.")]))
    edges = {data["predicate"]: data for _, _, data in graph.edges(data=True)}
    assert edges["leads"]["evidence"].of(first.document.text) == "Ann Lee leads Acme Works."
    assert [str(source) for source, _ in edges["same_as"]["support"]] == ["a", "b"]
