"""Tuples: what is written is read again, whatever models do to quotes and commas is read, and what is broken is counted."""

from hypothesis import example, given, settings
from hypothesis import strategies as st

from tadarag.components import template_of
from tadarag.graph.question_graph import join_facts
from tadarag.graph.tuple_format import END, EntityTuple, RelationTuple, Tuples, graph_tuples, read_tuples, write_tuples
from tadarag.testing.stated_facts import stating
from tadarag.values import Route

GENERAL = template_of("general_knowledge", None)
said = st.text(st.characters(codec="utf-8"), max_size=20)
names = said.filter(str.strip)


@settings(deadline=None)
@given(
    st.lists(st.builds(EntityTuple, names, said, said), max_size=4),
    st.lists(st.builds(RelationTuple, names, names, names, said), max_size=4),
)
@example([EntityTuple(END, '("Entity", "a"', 'x"), ("Entity", "b"')], [])
def test_what_is_written_is_read_again(entities: list[EntityTuple], relations: list[RelationTuple]) -> None:
    tuples = Tuples(entities=tuple(entities), relations=tuple(relations), is_complete=True)
    assert read_tuples(write_tuples(tuples)) == tuples


@settings(deadline=None)
@given(st.text(st.sampled_from('()（）"“”,，;\\ \nEntityRelation实体关系<|COMPLETE|>ab'), max_size=200))
def test_nothing_that_a_model_writes_raises(text: str) -> None:
    assert read_tuples(text).n_broken >= 0


def test_the_form_is_one_tuple_a_line_and_the_end_mark() -> None:
    written = write_tuples(
        Tuples(entities=(EntityTuple("Ada Brandt", "person", "founder"),), relations=(RelationTuple("a", "b", "c", "d"),))
    )
    assert written == '("Entity", "Ada Brandt", "person", "founder")\n("Relation", "a", "b", "c", "d")\n<|COMPLETE|>\n'


def test_full_width_punctuation_and_chinese_kinds_are_read() -> None:
    read = read_tuples(
        '（“实体”，“韩若溪”，“人物”，“创办人”）；（"关系"，"燕鸥实验室"，"founded_by"，"韩若溪"，"韩若溪创办了燕鸥实验室。"）'
    )
    assert read.entities == (EntityTuple("韩若溪", "人物", "创办人"),)
    assert read.relations == (RelationTuple("燕鸥实验室", "founded_by", "韩若溪", "韩若溪创办了燕鸥实验室。"),)
    assert not read.is_complete


def test_names_without_quotes_are_read_with_the_brackets_in_them() -> None:
    read = read_tuples("Here it is:\n(entity, World Health Organization (WHO), organization, a UN agency)\n<|COMPLETE|>\n(entity, x, y, z)")
    assert read.entities == (EntityTuple("World Health Organization (WHO)", "organization", "a UN agency"),)
    assert (read.n_broken, read.is_complete) == (0, True)


def test_broken_tuples_are_counted_and_the_rest_is_read() -> None:
    read = read_tuples(
        '("Entity", "a")\n("Entity", "", "person", "x")\n("Relation", "a", "b")\n("Entity", "b", "person", "ok")\n("Entity", "c", "per'
    )
    assert [one.name for one in read.entities] == ["b"]
    assert read.n_broken == 4


def test_labels_become_the_names_of_the_template() -> None:
    read = read_tuples(
        '("Entity", "4 May", "date and time", "")("Relation", "a", "founded by", "b", "")("Entity", "x", "weather", "")', GENERAL
    )
    assert [one.type for one in read.entities] == ["time", "weather"]
    assert read.relations[0].relation == "founded_by"


def test_a_question_graph_is_written_with_the_sentences_that_state_its_facts() -> None:
    hit, extraction = stating("a", ("Otter", "created_by", "Halvrin"), kinds={"Otter": "product"})
    graph = join_facts("Who made Otter?", Route(language="en"), [hit], {hit.passage.source: extraction}, GENERAL)
    tuples = graph_tuples(graph, [hit])
    assert tuples.relations == (RelationTuple("Otter", "created_by", "Halvrin", "Otter created by Halvrin."),)
    assert {(one.name, one.type) for one in tuples.entities} == {("Otter", "product"), ("Halvrin", "organization")}
    assert read_tuples(write_tuples(tuples), GENERAL) == tuples
