"""What was read in some chunks is named by what is stored of the whole document."""

from __future__ import annotations

from tadarag.graph.unit_entities import resolve_among
from tadarag.values import Document, Entity, Extraction, Mention, Relation, Span

TEXT = "Ada Lovelace wrote a note. Lovelace met Babbage in London."
STORED = ("Ada Lovelace", "Lovelace", "Babbage", "London")


def mention(name: str, kind: str, start: int = 0) -> Mention:
    """The first mention of a name from a place on."""
    at = TEXT.index(name, start)
    return Mention(span=Span(at, at + len(name)), text=name, kind=kind, chunk=0, sentence=0)


def stored() -> Extraction:
    """The whole document, in which both names are one person."""
    mentions = (
        mention("Ada Lovelace", "person"),
        mention("Lovelace", "person", 20),
        mention("Babbage", "name"),
        mention("London", "location"),
    )
    entities = (
        Entity(name="Ada Lovelace", kind="person", mentions=(0, 1)),
        Entity(name="Babbage", kind="name", mentions=(2,)),
        Entity(name="London", kind="location", mentions=(3,)),
    )
    return Extraction(mentions=mentions, entities=entities)


def read(*mentions: Mention, fact: tuple[int, str, int] | None = None) -> Extraction:
    """What was read in the second sentence."""
    single = tuple(Entity(name=one.text, kind=one.kind, mentions=(index,)) for index, one in enumerate(mentions))
    relations = (Relation(head=fact[0], predicate=fact[1], tail=fact[2], evidence=Span(27, len(TEXT))),) if fact else ()
    return resolve_among(Document(text=TEXT), Extraction(mentions=mentions, entities=single, relations=relations), stored())


def test_a_short_name_is_called_what_the_document_calls_it() -> None:
    extraction = read(mention("Lovelace", "person", 20), mention("Babbage", "person"), fact=(0, "meets", 1))
    assert [entity.name for entity in extraction.entities] == ["Ada Lovelace", "Babbage"]
    (relation,) = extraction.relations
    assert extraction.entities[relation.head].name == "Ada Lovelace"


def test_a_kind_that_was_read_wins_over_an_unknown_one() -> None:
    assert read(mention("Babbage", "person")).entities[0].kind == "person"


def test_a_stored_kind_wins_over_an_unknown_one() -> None:
    assert read(mention("London", "name")).entities[0].kind == "location"


def test_other_kinds_are_other_things() -> None:
    (entity,) = read(mention("Lovelace", "location", 20)).entities
    assert (entity.name, entity.kind) == ("Lovelace", "location")


def test_a_name_that_is_not_stored_stands_for_itself() -> None:
    (entity,) = read(mention("note", "document")).entities
    assert entity.name == "note"


def test_two_clusters_of_one_stored_cluster_become_one_and_keep_no_fact_between_them() -> None:
    extraction = read(mention("Ada Lovelace", "person"), mention("Lovelace", "person", 20), fact=(0, "kin_of", 1))
    assert [entity.mentions for entity in extraction.entities] == [(0, 1)]
    assert not extraction.relations


def test_nothing_read_is_nothing() -> None:
    assert read() == Extraction()
