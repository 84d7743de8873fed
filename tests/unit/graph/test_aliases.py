"""Names of several documents become one thing only where the texts say so, and never by a chain."""

from itertools import pairwise, permutations

from hypothesis import given, settings
from hypothesis import strategies as st

from tadarag.graph.cannot_link import cannot_link, cannot_link_in
from tadarag.graph.document_entities import is_full_name
from tadarag.graph.view import CorpusView, corpus_view
from tadarag.testing.marked_records import marked_record
from tadarag.values import Record, SourceName


def groups(*records: Record, links: tuple = ()) -> list[tuple[str, str, int]]:
    """Name, type and number of entities of each thing that is no date."""
    return [(thing.name, thing.kind, len(thing.nodes)) for thing in corpus_view(records, links).things if thing.kind != "time"]


def shape(view: CorpusView) -> object:
    """Everything of a view that is not an index."""
    return view.things, view.aliases, view.facts, view.second_names, view.sentences


def person(path: str, name: str = "John Smith", *, born: str = "", place: str = "", title: str = "") -> Record:
    sentence = f"[{name}|person] was born" + (f" on [{born}|time]" if born else "") + (f" in [{place}|location]" if place else "")
    facts = [(name, "born_on", born)] * bool(born) + [(name, "born_in", place)] * bool(place)
    return marked_record(path, sentence, title=title, facts=facts)


def test_the_same_full_name_and_type_in_two_documents_is_one_thing() -> None:
    assert groups(marked_record("a", "[Petra Solvane|person]"), marked_record("b", "[Petra Solvane|person]")) == [
        ("Petra Solvane", "person", 2)
    ]


def test_a_full_chinese_name_is_joined_too() -> None:
    assert groups(marked_record("a", "[哈尔文水动力|organization]"), marked_record("b", "[哈尔文水动力|organization]")) == [
        ("哈尔文水动力", "organization", 2)
    ]


def test_a_short_name_is_never_joined() -> None:
    assert len(groups(marked_record("a", "[Solvane|person]"), marked_record("b", "[Solvane|person]"))) == 2


def test_the_name_of_a_substance_is_joined_though_it_is_one_word_but_not_its_abbreviation() -> None:
    assert groups(marked_record("a", "[lidocaine|chemical]"), marked_record("b", "[Lidocaine|chemical]"))[0][2] == 2
    assert len(groups(marked_record("a", "[CPA|chemical]"), marked_record("b", "[CPA|chemical]"))) == 2


def test_a_condition_of_one_word_is_not_joined_for_it_has_kinds() -> None:
    assert len(groups(marked_record("a", "[atrophy|disease]"), marked_record("b", "[atrophy|disease]"))) == 2
    assert len(groups(marked_record("a", "[optic atrophy|disease]"), marked_record("b", "[optic atrophy|disease]"))) == 1


def test_the_same_name_of_another_core_type_stays_apart() -> None:
    assert len(groups(marked_record("a", "[Jordan River|person]"), marked_record("b", "[Jordan River|location]"))) == 2


def test_types_of_one_core_type_are_joined() -> None:
    assert groups(marked_record("a", "[Aspen Phone|device]"), marked_record("b", "[Aspen Phone|product]")) == [
        ("Aspen Phone", "product", 2)
    ]


def test_a_full_name_of_unknown_type_joins_the_only_type_that_the_name_has() -> None:
    known, unknown = marked_record("a", "[Petra Solvane|person]"), marked_record("b", "[Petra Solvane|name]")
    assert groups(known, unknown) == [("Petra Solvane", "person", 2)]
    assert len(groups(known, unknown, marked_record("c", "[Petra Solvane|product]"))) == 3


def test_a_document_title_makes_a_short_name_stand_for_its_subject() -> None:
    page = marked_record("a", "[Velmouth|location]", title="Velmouth")
    assert groups(page, marked_record("b", "[Velmouth|location]")) == [("Velmouth", "location", 2)]


def test_a_title_that_two_documents_carry_joins_nothing() -> None:
    assert len(groups(*(marked_record(path, "[Velmouth|location]", title="Velmouth") for path in "ab"))) == 2


def test_a_title_that_needs_a_descriptor_joins_no_short_name() -> None:
    page = marked_record("a", "[Velmouth|location]", title="Velmouth (village)")
    assert len(groups(page, marked_record("b", "[Velmouth|location]"))) == 2


def test_titles_with_different_descriptors_tell_homonyms_apart() -> None:
    painter = marked_record("a", "[Marten Kroll|person]", title="Marten Kroll (painter)")
    master = marked_record("b", "[Marten Kroll|person]", title="Marten Kroll (harbour master)")
    again = marked_record("c", "[Marten Kroll|person]", title="Marten Kroll (painter)")
    assert sorted(size for _, _, size in groups(painter, master, again)) == [1, 2]


def test_a_document_that_describes_two_bearers_of_a_name_states_that_it_is_ambiguous() -> None:
    page = marked_record("a", "[Marten Kroll|person] (painter), born in Bonn.", "Marten Kroll (harbour master), a sailor.")
    others = [marked_record("b", "[Marten Kroll|person]"), marked_record("c", "[Marten Kroll|person]")]
    assert [size for _, _, size in groups(*others)] == [2]
    assert [size for _, _, size in groups(page, *others)] == [1, 1, 1]


def test_a_place_in_a_document_is_another_one_in_every_document() -> None:
    for name in ("Clause 5", "Table 2", "第三条"):
        assert len(groups(marked_record("a", f"[{name}|name]"), marked_record("b", f"[{name}|name]"))) == 2


def test_homonyms_with_different_birth_years_stay_apart_and_the_unknown_one_stays_alone() -> None:
    found = groups(person("a", born="1950"), person("b", born="1970"), person("c"), person("d", born="1950"))
    assert sorted(size for _, _, size in found) == [1, 1, 2]


def test_two_days_of_one_birth_year_are_a_contradiction_about_one_person() -> None:
    assert ("John Smith", "person", 2) in groups(person("a", born="1950-03-05"), person("b", born="1950-03-06"))


def test_birth_places_tell_apart_where_no_birth_year_is_stated() -> None:
    found = groups(person("a", place="Bonn"), person("b", place="Graz"))
    assert [size for name, _, size in found if name == "John Smith"] == [1, 1]


def test_a_stated_second_name_joins_two_full_names_across_documents() -> None:
    stated = marked_record("a", "[Halvrin Group|organization], formerly [Tarnwick Engines|organization], builds turbines.")
    assert [size for _, _, size in groups(stated, marked_record("b", "[Tarnwick Engines|organization]"))] == [3]


def test_a_second_name_in_another_script_joins_both_languages() -> None:
    stated = marked_record("a", "[奎伦湾航运公司|organization]（英语：[Quillen Bay Line|organization]）是航运企业。")
    others = [marked_record("b", "[Quillen Bay Line|organization]"), marked_record("c", "[奎伦湾航运公司|organization]")]
    assert [size for _, _, size in groups(stated, *others)] == [4]


def test_an_abbreviation_is_joined_in_the_document_that_states_it_and_nowhere_else() -> None:
    stated = marked_record("a", "The [World Hockey League|organization], known as [WHL|organization], met.")
    assert sorted(size for _, _, size in groups(stated, marked_record("b", "[WHL|organization]"))) == [1, 2]


def test_an_abbreviation_of_two_names_joins_neither() -> None:
    both = marked_record(
        "a",
        "The [World Hockey League|organization], known as [WHL|organization], met.",
        "The [Western Harbour Line|organization], known as [WHL|organization], sailed.",
    )
    assert max(size for _, _, size in groups(both)) == 1


def test_a_stated_second_name_of_another_type_joins_nothing() -> None:
    stated = marked_record("a", "[Halvrin Group|organization], formerly [Tarn Wick|location], left.")
    assert max(size for _, _, size in groups(stated)) == 1


def test_stated_second_names_do_not_chain() -> None:
    names = ["One Two", "Three Four", "Five Six", "Seven Eight", "Nine Ten"]
    records = [
        marked_record(str(number), f"[{one}|organization], formerly [{other}|organization], met.")
        for number, (one, other) in enumerate(pairwise(names))
    ]
    view = corpus_view(records)
    ends = {view.of[node] for node, entity in view.entities.items() if entity.name in (names[0], names[-1])}
    assert len(ends) == 2


def test_a_name_with_very_many_second_names_joins_none_of_them() -> None:
    records = [
        marked_record(str(number), f"[Acme One|organization], formerly [Acme {word} Two|organization], met.")
        for number, word in enumerate("ABCDEFG")
    ]
    assert [size for name, _, size in groups(*records) if size > 1] == [7]


def test_every_alias_edge_carries_the_sentences_that_state_it() -> None:
    (edge,) = corpus_view([marked_record("a", "[Ann Lee|person] came."), marked_record("b", "[Ann Lee|person] left.")]).aliases
    assert [(str(quote.source), quote.text) for quote in edge.support] == [("a", "Ann Lee came."), ("b", "Ann Lee left.")]


def test_values_are_no_names_of_each_other() -> None:
    assert corpus_view([marked_record("a", "[2022-03-09|time]"), marked_record("b", "[2022-03-09|time]")]).aliases == ()


def test_a_full_name_has_two_words_or_three_chinese_characters() -> None:
    assert [is_full_name(name) for name in ("ann lee", "lee", "北京大学", "北京")] == [True, False, True, False]


def test_a_cannot_link_parts_two_stated_names_and_nothing_else() -> None:
    stated = marked_record("a", "[Halvrin Group|organization], formerly [Tarnwick Engines|organization], met.")
    others = [marked_record("b", "[Tarnwick Engines|organization]"), marked_record("c", "[Halvrin Group|organization]")]
    assert sorted(groups(stated, *others, links=(cannot_link("tarnwick engines", "Halvrin Group"),))) == [
        ("Halvrin Group", "organization", 2),
        ("Tarnwick Engines", "organization", 2),
    ]


def test_a_cannot_link_holds_also_across_a_third_name() -> None:
    records = [
        marked_record("a", "[Halvrin Group|organization], formerly [Tarnwick Engines|organization], met."),
        marked_record("b", "[Halvrin Group|organization], formerly [Ysk Motors|organization], met."),
    ]
    assert max(size for _, _, size in groups(*records)) == 4
    parted = groups(*records, links=(cannot_link("Tarnwick Engines", "Ysk Motors"),))
    assert sorted(size for _, _, size in parted) == [1, 1, 2]


def test_a_cannot_link_of_one_source_takes_out_the_bearer_there() -> None:
    records = [marked_record(path, "[Marten Kroll|person]") for path in "abc"]
    parted = groups(*records, links=(cannot_link_in("Marten Kroll", SourceName(".", "b")),))
    assert sorted(size for _, _, size in parted) == [1, 2]


_NAMES = ["Ann Lee", "Bob Lee", "Lee", "北京大学", "Cam Orr", "Orr"]
_SENTENCES = st.one_of(
    st.builds("[{}|{}] came.".format, st.sampled_from(_NAMES), st.sampled_from(["person", "name", "organization"])),
    st.builds(
        "[{}|{}], formerly [{}|name], met.".format, st.sampled_from(_NAMES), st.sampled_from(["person", "name"]), st.sampled_from(_NAMES)
    ),
    st.builds("[{}|person] was born in [{}|time]".format, st.sampled_from(_NAMES), st.sampled_from(["1950", "1970"])),
)
_CORPORA = st.lists(
    st.tuples(st.lists(_SENTENCES, min_size=1, max_size=3), st.sampled_from(["", "Lee", "Ann Lee", "Orr (poet)"])), max_size=6
)
_LINKS = st.lists(
    st.one_of(
        st.builds(cannot_link, st.sampled_from(_NAMES[:3]), st.sampled_from(_NAMES[3:])),
        st.builds(cannot_link_in, st.sampled_from(_NAMES), st.builds(SourceName, st.just("."), st.sampled_from("012"))),
    ),
    max_size=2,
)


def records_of(corpus: list[tuple[list[str], str]]) -> list[Record]:
    return [marked_record(str(number), *sentences, title=title) for number, (sentences, title) in enumerate(corpus)]


@settings(deadline=None)
@given(_CORPORA, _LINKS, st.randoms(use_true_random=False))
def test_the_order_of_documents_and_decisions_does_not_matter(corpus: list, links: list, shuffle: object) -> None:
    records = records_of(corpus)
    mixed = sorted(records, key=lambda _: shuffle.random())  # type: ignore[attr-defined]
    assert shape(corpus_view(records, links)) == shape(corpus_view(mixed, links[::-1]))


@settings(deadline=None)
@given(_CORPORA, _LINKS)
def test_a_thing_never_holds_two_known_core_types_nor_both_sides_of_a_cannot_link(corpus: list, links: list) -> None:
    view = corpus_view(records_of(corpus), links)
    for thing in view.things:
        assert len({view.entities[node].core for node in thing.nodes} - {"name"}) <= 1
        entities = [view.entities[node] for node in thing.nodes]
        for link in links:
            for one, other in permutations(entities, 2):
                assert not (link.one.matches(one) and link.other.matches(other))


@settings(deadline=None)
@given(_CORPORA)
def test_names_that_no_document_has_together_are_one_thing_only_around_one_name(corpus: list) -> None:
    view = corpus_view(records_of(corpus))
    for thing in view.things:
        names = {(view.entities[node].folded, view.entities[node].is_full or node) for node in thing.nodes}
        stated = {
            frozenset((view.entities[edge.one].folded, view.entities[edge.other].folded))
            for edge in view.aliases_of(thing)
            if edge.reason == "stated"
        }
        full = {name for name, is_full in names if is_full is True}
        assert len(full) <= 1 or any(
            all(frozenset((centre, name)) in stated for name in full - {centre}) for centre in {n for n, _ in names}
        )
