"""The corpus graph joins names across documents only where the texts say so."""

from hypothesis import given
from hypothesis import strategies as st

from tadarag.graph.corpus import corpus_graph, entities, is_full_name
from tadarag.graph.export import graphml
from tadarag.values import Document, Entity, Extraction, Mention, Record, Relation, SourceName, Span


def record(path: str, *names: tuple[str, str], title: str = "", facts: tuple[tuple[int, str, int], ...] = ()) -> Record:
    """A record whose document is its names, one a line; every name is an entity. facts: (head, predicate, tail)."""
    text = "\n".join(name for name, _ in names)
    mentions: list[Mention] = []
    position = 0
    for name, kind in names:
        normal = name if kind == "time" else ""
        span = Span(position, position + len(name))
        mentions.append(Mention(span=span, text=name, kind=kind, chunk=0, sentence=0, normal=normal))
        position += len(name) + 1
    singles = tuple(Entity(name=mention.text, kind=mention.kind, mentions=(index,)) for index, mention in enumerate(mentions))
    relations = tuple(Relation(head=head, predicate=predicate, tail=tail, evidence=Span(0, len(text))) for head, predicate, tail in facts)
    extraction = Extraction(mentions=tuple(mentions), entities=singles, relations=relations)
    return Record(
        source=SourceName(".", path),
        content=path,
        document=Document(text=text, title=title),
        chunks=(),
        vectors=(),
        vector_keys=(),
        extraction=extraction,
    )


def groups(*records: Record) -> list[tuple[str, str, int]]:
    return [(group.name, group.kind, len(group.nodes)) for group in entities(corpus_graph(records))]


def test_the_same_full_name_and_kind_in_two_documents_is_one_thing() -> None:
    assert groups(record("a", ("Petra Solvane", "person")), record("b", ("Petra Solvane", "person"))) == [("Petra Solvane", "person", 2)]


def test_a_short_name_is_never_merged() -> None:
    assert len(groups(record("a", ("Solvane", "person")), record("b", ("Solvane", "person")))) == 2


def test_the_same_name_of_another_kind_stays_apart() -> None:
    assert len(groups(record("a", ("Jordan River", "person")), record("b", ("Jordan River", "location")))) == 2


def test_a_document_title_makes_a_short_name_stand_for_its_subject() -> None:
    page = record("a", ("Velmouth", "location"), title="Velmouth (city)")
    assert groups(page, record("b", ("Velmouth", "location"))) == [("Velmouth", "location", 2)]


def test_a_title_that_two_documents_carry_joins_nothing() -> None:
    pages = [record(path, ("Velmouth", "location"), title="Velmouth") for path in "ab"]
    assert len(groups(*pages)) == 2


def test_homonyms_with_different_birth_dates_stay_apart_and_the_unknown_one_stays_alone() -> None:
    first = record("a", ("John Smith", "person"), ("1950", "time"), facts=((0, "born_on", 1),))
    second = record("b", ("John Smith", "person"), ("1970", "time"), facts=((0, "born_on", 1),))
    third = record("c", ("John Smith", "person"))
    again = record("d", ("John Smith", "person"), ("1950", "time"), facts=((0, "born_on", 1),))
    found = [size for name, _, size in groups(first, second, third, again) if name == "John Smith"]
    assert sorted(found) == [1, 1, 2]


def test_a_year_and_a_day_of_that_year_do_not_conflict() -> None:
    first = record("a", ("John Smith", "person"), ("1950", "time"), facts=((0, "born_on", 1),))
    second = record("b", ("John Smith", "person"), ("1950-03-05", "time"), facts=((0, "born_on", 1),))
    assert ("John Smith", "person", 2) in groups(first, second)


def test_a_stated_second_name_joins_two_names_across_documents() -> None:
    alias = record("a", ("Halvrin Group", "organization"), ("Tarnwick Engines", "organization"), facts=((0, "same_as", 1),))
    other = record("b", ("Tarnwick Engines", "organization"))
    assert [size for _, _, size in groups(alias, other)] == [3]


def test_stated_second_names_do_not_chain() -> None:
    pairs = [("One Two", "Three Four"), ("Three Four", "Five Six"), ("Five Six", "Seven Eight")]
    records = [
        record(str(number), (first, "organization"), (second, "organization"), facts=((0, "same_as", 1),))
        for number, (first, second) in enumerate(pairs)
    ]
    assert max(size for _, _, size in groups(*records)) < 6


def test_alias_edges_carry_the_spans_that_state_them() -> None:
    graph = corpus_graph([record("a", ("Petra Solvane", "person")), record("b", ("Petra Solvane", "person"))])
    ((_, _, edge),) = graph.edges(data=True)
    assert edge["support"] == ((SourceName(".", "a"), Span(0, 13)), (SourceName(".", "b"), Span(0, 13)))


def test_values_are_no_aliases_of_each_other() -> None:
    assert corpus_graph([record("a", ("9 March 2022", "time")), record("b", ("9 March 2022", "time"))]).number_of_edges() == 0


def test_a_full_name_has_two_words_or_three_chinese_characters() -> None:
    assert [is_full_name(name) for name in ("ann lee", "lee", "北京大学", "北京")] == [True, False, True, False]


_RECORDS = st.lists(
    st.tuples(
        st.sampled_from(["Ann Lee", "Lee", "北京大学"]),
        st.sampled_from(["person", "organization"]),
        st.sampled_from(["", "Lee", "Ann Lee"]),
    ),
    max_size=6,
)


@given(_RECORDS, st.randoms(use_true_random=False))
def test_the_order_of_the_documents_does_not_matter(parts: list[tuple[str, str, str]], shuffle: object) -> None:
    records = [record(str(number), (name, kind), title=title) for number, (name, kind, title) in enumerate(parts)]
    mixed = sorted(records, key=lambda _: shuffle.random())  # type: ignore[attr-defined]
    assert graphml(corpus_graph(records)) == graphml(corpus_graph(mixed))
    assert entities(corpus_graph(records)) == entities(corpus_graph(mixed))


@given(_RECORDS)
def test_a_document_that_goes_away_leaves_the_graph_as_if_it_had_never_come(parts: list[tuple[str, str, str]]) -> None:
    records = [record(str(number), (name, kind), title=title) for number, (name, kind, title) in enumerate(parts)]
    passing = record("passing", ("Ann Lee", "person"), title="Lee")
    kept = [one for one in [*records, passing] if one.source.path != "passing"]
    assert graphml(corpus_graph(kept)) == graphml(corpus_graph(records))
