"""Mentions become entities on stated evidence only."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tadarag.graph.resolve import folded_name, resolve, resolve_extraction
from tadarag.values import Document, Entity, Extraction, Mention, Relation, Span


def mentions_of(text: str, *names: tuple[str, str]) -> list[Mention]:
    """Mentions for (name, kind) pairs, each looked for after the one before."""
    found: list[Mention] = []
    position = 0
    for name, kind in names:
        start = text.index(name, position)
        position = start + len(name)
        found.append(Mention(span=Span(start, position), text=name, kind=kind, chunk=0, sentence=0))
    return found


def clusters(text: str, *names: tuple[str, str]) -> list[tuple[str, str, int]]:
    entities = resolve(Document(text=text), mentions_of(text, *names))
    return [(entity.name, entity.kind, len(entity.mentions)) for entity in entities]


def test_equal_names_are_one_entity() -> None:
    assert clusters("Halvrin and HALVRIN", ("Halvrin", "name"), ("HALVRIN", "name")) == [("Halvrin", "name", 2)]


def test_different_kinds_are_never_joined() -> None:
    assert clusters("Paris in Paris", ("Paris", "person"), ("Paris", "location")) == [("Paris", "person", 1), ("Paris", "location", 1)]


def test_a_name_of_unknown_kind_joins_the_only_known_one() -> None:
    assert clusters("Paris in Paris", ("Paris", "name"), ("Paris", "location")) == [("Paris", "location", 2)]


def test_a_name_of_unknown_kind_stays_apart_where_two_kinds_are_known() -> None:
    found = clusters("Paris, Paris, Paris", ("Paris", "name"), ("Paris", "location"), ("Paris", "person"))
    assert sorted(found) == [("Paris", "location", 1), ("Paris", "name", 1), ("Paris", "person", 1)]


def test_initials_in_parentheses_belong_to_the_name_before() -> None:
    text = "the World Health Organization (WHO). Then WHO"
    found = clusters(text, ("World Health Organization", "organization"), ("WHO", "name"), ("WHO", "name"))
    assert found == [("World Health Organization", "organization", 3)]


def test_other_letters_in_parentheses_do_not() -> None:
    text = "the World Health Organization (Geneva)"
    assert len(clusters(text, ("World Health Organization", "organization"), ("Geneva", "name"))) == 2


def test_a_last_name_belongs_to_the_person_named_before() -> None:
    assert clusters("Dario Mennick. Mennick", ("Dario Mennick", "person"), ("Mennick", "name")) == [("Dario Mennick", "person", 2)]
    assert clusters("Dario Mennick. Mr Mennick", ("Dario Mennick", "name"), ("Mennick", "person")) == [("Dario Mennick", "person", 2)]


def test_a_last_name_before_the_full_name_stays_apart() -> None:
    assert len(clusters("Mennick. Dario Mennick", ("Mennick", "name"), ("Dario Mennick", "person"))) == 2


def test_a_last_name_that_two_persons_share_stays_apart() -> None:
    text = "Dario Mennick. Lena Mennick. Mennick"
    assert len(clusters(text, ("Dario Mennick", "person"), ("Lena Mennick", "person"), ("Mennick", "person"))) == 3


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("the Empresa de Autobuses (ENASA)", ["Empresa de Autobuses", "ENASA"]),
        ("the Halvrin Group (Geneva)", ["Halvrin Group", "Geneva"]),
    ],
)
def test_letters_in_parentheses_that_do_not_stand_in_the_name_in_order_stay_apart(text: str, names: list[str]) -> None:
    assert len(clusters(text, *((name, "organization") for name in names))) == 2


def test_an_abbreviation_in_parentheses_need_not_be_initials() -> None:
    found = clusters("hepatocellular carcinoma (HCC)", ("hepatocellular carcinoma", "disease"), ("HCC", "disease"))
    assert found == [("hepatocellular carcinoma", "disease", 2)]
    assert clusters("奎伦湾航运公司（奎航）", ("奎伦湾航运公司", "organization"), ("奎航", "name")) == [
        ("奎伦湾航运公司", "organization", 2)
    ]


def test_initials_belong_to_the_only_name_of_their_kind_that_has_them() -> None:
    full, short = ("National Basketball League", "organization"), ("NBL", "organization")
    assert len(clusters("NBL. National Basketball League", short, full)) == 1
    two = (full, ("North Bay Line", "organization"), short)
    assert len(clusters("National Basketball League. North Bay Line. NBL", *two)) == 3
    assert len(clusters("Ann Lee. AL", ("Ann Lee", "person"), ("AL", "person"))) == 2


def test_a_person_is_known_without_the_middle_names_and_by_initials() -> None:
    names = ["Newell Convers Wyeth", "N. C. Wyeth", "Newell Wyeth", "Wyeth"]
    assert clusters(". ".join(names), *((name, "person") for name in names)) == [("Newell Convers Wyeth", "person", 4)]


def test_a_person_without_middle_names_that_two_have_stays_apart() -> None:
    names = ["Ann Mary Lee", "Ann Sue Lee", "Ann Lee"]
    assert len(clusters(". ".join(names), *((name, "person") for name in names))) == 3


def test_a_first_name_stays_apart() -> None:
    assert len(clusters("Victor Brooke. Victor", ("Victor Brooke", "person"), ("Victor", "person"))) == 2


def test_an_organization_is_known_without_its_form_and_a_place_is_not() -> None:
    assert len(clusters("Taito Corporation. Taito", ("Taito Corporation", "organization"), ("Taito", "organization"))) == 1
    assert len(clusters("Halvrin Bay. Halvrin", ("Halvrin Bay", "organization"), ("Halvrin", "organization"))) == 2
    assert len(clusters("Butler University. Butler", ("Butler University", "location"), ("Butler", "location"))) == 2


def test_an_article_makes_no_other_name() -> None:
    assert len(clusters("the Royal Court. Royal Court", ("the Royal Court", "organization"), ("Royal Court", "organization"))) == 1


def test_equal_values_are_one_entity_whatever_their_spelling() -> None:
    text = "9 March 2022, 2022-03-09"
    day = [
        Mention(span=Span(0, 12), text="9 March 2022", kind="time", chunk=0, sentence=0, normal="2022-03-09"),
        Mention(span=Span(14, 24), text="2022-03-09", kind="time", chunk=0, sentence=0, normal="2022-03-09"),
    ]
    assert [entity.mentions for entity in resolve(Document(text=text), day)] == [(0, 1)]


def test_a_folded_name_joins_latin_words_by_spaces_and_chinese_without() -> None:
    assert folded_name("The  O'Neill-Group") == "the o'neill-group"
    assert folded_name("維爾茅斯 ABC大學") == "维尔茅斯 abc 大学"


def test_relations_follow_their_mentions_into_the_clusters() -> None:
    text = "Dario Mennick leads Halvrin. Mennick leads Halvrin."
    mentions = mentions_of(text, ("Dario Mennick", "person"), ("Halvrin", "name"), ("Mennick", "person"), ("Halvrin", "name"))
    singles = tuple(Entity(name=mention.text, kind=mention.kind, mentions=(index,)) for index, mention in enumerate(mentions))
    relations = tuple(Relation(head=head, predicate="leads", tail=tail, evidence=Span(0, 51)) for head, tail in ((0, 1), (2, 3), (0, 2)))
    found = resolve_extraction(Document(text=text), Extraction(mentions=tuple(mentions), entities=singles, relations=relations))
    assert [(found.entities[one.head].name, found.entities[one.tail].name) for one in found.relations] == [("Dario Mennick", "Halvrin")]


_NAMES = st.sampled_from(
    ["Ann Lee", "Lee", "Bo Lee", "A. Lee", "Ann May Lee", "World Bank", "the World Bank", "WB", "World", "Paris", "北京大学"]
)
_KINDS = st.sampled_from(["person", "organization", "location", "name"])


@given(st.lists(st.tuples(_NAMES, _KINDS, st.sampled_from([" ", " (", ") "])), max_size=9), st.randoms(use_true_random=False))
def test_the_order_of_the_mentions_decides_nothing(parts: list[tuple[str, str, str]], shuffle: object) -> None:
    text, mentions = "", []
    for name, kind, gap in parts:
        start = len(text) + len(gap)
        text += gap + name
        mentions.append(Mention(span=Span(start, start + len(name)), text=name, kind=kind, chunk=0, sentence=0))
    document = Document(text=text + ")")
    mixed = sorted(mentions, key=lambda _: shuffle.random())  # type: ignore[attr-defined]
    straight = [(one.name, one.kind, [mentions[index].span for index in one.mentions]) for one in resolve(document, mentions)]
    assert straight == [(one.name, one.kind, [mixed[index].span for index in one.mentions]) for one in resolve(document, mixed)]
    assert sorted(span for _, _, spans in straight for span in spans) == [mention.span for mention in mentions]


@given(st.lists(st.tuples(_NAMES, _KINDS), max_size=9))
def test_no_cluster_holds_two_known_kinds(parts: list[tuple[str, str]]) -> None:
    text = " (".join(name for name, _ in parts)
    mentions = mentions_of(text, *parts)
    for entity in resolve(Document(text=text), mentions):
        assert len({mentions[index].kind for index in entity.mentions} - {"name"}) <= 1
