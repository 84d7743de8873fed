import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import mom
from mom.judges import encoder_judge, lexical_judge, lexical_similarities, sections
from mom.scoring import score_memory
from mom.sentences import split_sentences
from mom.values import Item, Memory, OutlineEntry, Span
from mom.word_table import FrozenWordTable, shipped_word_table

WIND = "The turbine at Skomer failed in March. Its gearbox lost oil. The gearbox of the turbine was repaired in April."
BREAD = "Rye bread needs a sour dough. The dough rises for nine hours. Bake the bread at 220 degrees."
ZH = "斯科默岛的风力发电机三月停机。齿轮箱漏油。四月修好了齿轮箱。黑麦面包需要酸面团。面团发酵九小时。面包在二百二十度烘烤。"


def memory_of(text: str, *chunks: str, statements: tuple[str, ...] = ()) -> Memory:
    """A memory whose chunks are the given parts of the text, each with its first sentence as core, or with a statement."""
    items, start = [], 0
    for index, chunk in enumerate(chunks):
        span = Span(start, start + len(chunk))
        sentences = tuple(split_sentences(chunk, start=start))
        statement = statements[index] if statements else ""
        items.append(Item(span, (), sentences, sentences[:1], 0, statement=statement))
        start = span.end
    assert start == len(text)
    return Memory(tuple(items), (), "general", "test")


def item_product(text: str, statement: str | None) -> float:
    """gain * brevity * support of a one-chunk memory with this core; None for no core at all."""
    memory = memory_of(text, text, statements=(statement or "",))
    if statement is None:
        memory = replace(memory, items=(replace(memory.items[0], core=()),))
    scores = score_memory(text, memory).items[0].scores
    assert scores is not None
    return scores.gain * scores.brevity * scores.support


TRIAL = (
    "The trial of the drug pellucine began in May 2021 at Port Sele hospital. Children with fever received 5 mg of pellucine daily for ten days. "
    "Nurses recorded temperature, appetite and sleep every morning and evening. In the control group, parents gave a sugar syrup of the same colour. "
    "Fever fell below 38 degrees within two days in 61 of 70 children. Two children had a rash, which went away without treatment."
)
GOOD = "Pellucine, 5 mg daily, lowered fever in 61 of 70 children within two days; two had a rash."
CORES = {
    "copy": TRIAL,
    "empty": None,
    "tiny": "Fever.",
    "invented": "Aspirin, 80 mg hourly, cured malaria in 900 of 950 soldiers near Cairo, said Professor Whitmore.",
}


@pytest.mark.parametrize("name", CORES)
def test_a_bad_core_ranks_below_a_good_one_in_the_repaired_form(name: str) -> None:
    assert item_product(TRIAL, CORES[name]) < 0.5 * item_product(TRIAL, GOOD)


def test_the_published_form_ranks_a_copy_above_a_good_core() -> None:
    copy, good = (score_memory(TRIAL, memory_of(TRIAL, TRIAL, statements=(core,))).scores for core in (TRIAL, GOOD))
    assert copy is not None
    assert good is not None
    assert (copy.published_completeness or 0) > (good.published_completeness or 0)
    assert (copy.repaired_completeness or 0) < (good.repaired_completeness or 0)


@pytest.mark.parametrize("text", [f"{WIND} {BREAD}", ZH])
def test_the_boundary_between_two_topics_is_the_likeliest(text: str) -> None:
    cut = text.find("Rye") if "Rye" in text else text.find("黑")
    scored = score_memory(text, memory_of(text, text[:cut], text[cut:]))
    verdicts = lexical_judge().judge(text, memory_of(text, text[:cut], text[cut:]))
    assert scored.items[0].scores is not None
    assert scored.items[0].scores.clarity_left is None
    assert scored.items[1].scores is not None
    assert (scored.items[1].scores.clarity_left or 0) > max(p for verdict in verdicts for p in verdict.inner)


def test_cutting_where_the_topic_shifts_is_clearer_than_cutting_elsewhere() -> None:
    text = f"{WIND} {BREAD}"
    right, wrong = text.find("Rye"), text.find("Its")
    clear, blurred = (score_memory(text, memory_of(text, text[:cut], text[cut:])).scores for cut in (right, wrong))
    assert clear is not None
    assert blurred is not None
    assert (clear.repaired_clarity or 0) > (blurred.repaired_clarity or 0)
    assert (clear.published_clarity or 0) > (blurred.published_clarity or 0)


def test_one_chunk_has_no_published_clarity() -> None:
    scores = score_memory(WIND, memory_of(WIND, WIND)).scores
    assert scores is not None
    assert scores.published_clarity is None
    assert scores.repaired_clarity is not None


def test_one_sentence_is_neither_clear_nor_unclear() -> None:
    scores = score_memory("Buy milk.", mom.build("Buy milk.")).scores
    assert scores is not None
    assert (scores.published_clarity, scores.repaired_clarity) == (None, 0.5)


@pytest.mark.parametrize("text", ["", " \n "])
def test_a_text_without_words_has_no_completeness(text: str) -> None:
    scores = score_memory(text, mom.build(text)).scores
    assert scores is not None
    assert (scores.published_completeness, scores.repaired_completeness, scores.repaired_clarity) == (None, None, 0.5)


def test_both_forms_are_stored_with_the_name_of_the_judge() -> None:
    text = f"# Wind\n\n{WIND}\n\n# Bread\n\n{BREAD}\n"
    scores = score_memory(text, mom.build(text)).scores
    assert scores is not None
    assert scores.judge == "lexical"
    values = (scores.published_clarity, scores.published_completeness, scores.repaired_clarity, scores.repaired_completeness)
    assert all(value is not None and 0 < value <= 1 and round(value, 6) == value for value in values)


def test_a_heading_is_a_boundary_that_its_author_states() -> None:
    text = f"# Wind\n\n{WIND}\n\n# Bread\n\n{BREAD}\n"
    scored = score_memory(text, mom.build(text))
    assert [item.scores and item.scores.clarity_left for item in scored.items] == [None, 1.0]


def test_the_gap_between_a_heading_and_what_it_heads_is_not_judged() -> None:
    text = f"# Wind\n\n{WIND}\n"
    assert len(lexical_judge().judge(text, mom.build(text))[0].inner) == 2


def test_what_a_model_calls_an_item_makes_no_section() -> None:
    memory = replace(memory_of(WIND + BREAD, WIND, BREAD), outline=(OutlineEntry("A windy story", 1, 0), OutlineEntry("Baking", 1, 1)))
    assert list(sections(WIND + BREAD, memory)) == [[(0, 0), (1, 0)]]


def test_a_changed_section_leaves_the_scores_of_the_others() -> None:
    one, other = (f"# Wind\n\n{WIND}\n\n# Bread\n\n{body}\n" for body in (BREAD, f"Cold tea. {BREAD} More salt is bad."))
    before, after = (score_memory(text, mom.build(text)).items[0].scores for text in (one, other))
    assert before == after


def test_the_loss_is_of_a_mixture_of_core_and_background() -> None:
    table = FrozenWordTable("toy", {"fever": 3.0, "drug": 4.0}, 5.0)
    text = "Fever drug. Fever moon."
    verdict = lexical_judge(table).judge(text, memory_of(text, text, statements=("Fever.",)))[0]
    held = -math.log(0.5 * 1 + 0.5 * math.exp(-3) / 100)
    unseen = [weight + math.log(100) + math.log(2) for weight in (4.0, 5.0)]
    assert verdict.loss == pytest.approx((2 * held + math.fsum(unseen)) / 4, abs=1e-9)
    assert (verdict.chunk_length, verdict.core_length) == (4, 1)
    assert verdict.gain == pytest.approx(3 / 12, abs=1e-9)


def test_without_a_core_the_loss_is_the_background_alone() -> None:
    table = FrozenWordTable("toy", {"fever": 3.0, "drug": 4.0}, 5.0)
    memory = memory_of("Fever drug.", "Fever drug.")
    bare = replace(memory, items=(replace(memory.items[0], core=()),))
    assert lexical_judge(table).judge("Fever drug.", bare)[0].loss == pytest.approx(3.5 + math.log(100), abs=1e-9)


def test_gap_similarities_are_cosines_of_two_sentences_on_each_side() -> None:
    bags = [["a"], ["b"], ["a"], ["c"], ["b", "c"]]
    vectors = np.array([[1, 0, 0], [0, 1, 0], [1, 0, 0], [0, 0, 1], [0, math.sqrt(0.5), math.sqrt(0.5)]])
    sides = [(vectors[max(0, gap - 2) : gap].sum(axis=0), vectors[gap : gap + 2].sum(axis=0)) for gap in range(1, 5)]
    expected = [float(a @ b / np.linalg.norm(a) / np.linalg.norm(b)) for a, b in sides]
    assert lexical_similarities([], bags, dict.fromkeys("abc", 1.0)) == pytest.approx(expected, abs=1e-3)


def test_an_encoder_judges_the_gaps_by_its_vectors() -> None:
    directions = {"Wind": [1.0, 0.0], "Storm": [0.8, 0.6], "Bread": [0.0, 1.0]}

    def encode(sentences: object) -> np.ndarray:
        return np.array([directions[sentence.split()[0]] for sentence in sentences], np.float32)

    text = "Wind rises over the sea. Storm follows on the next day. Bread is baked in the morning."
    cut = text.find("Bread")
    scored = score_memory(text, memory_of(text, text[:cut], text[cut:]), judge=encoder_judge("toy", encode))
    assert scored.scores is not None
    assert scored.scores.judge == "toy"
    # similarities 0.8 and 0.6: depths 0 and 0.2, one standard deviation either side of their mean
    assert scored.scores.published_clarity == pytest.approx(1 / (1 + math.exp(-1)), abs=1e-6)


def test_a_judge_has_its_own_table() -> None:
    with pytest.raises(ValueError, match="by its own table"):
        score_memory(WIND, memory_of(WIND, WIND), table=shipped_word_table(), judge=lexical_judge())


PIECES = st.lists(st.sampled_from([WIND, BREAD, ZH, "# Note", "Yes.", "12 of 13", "\n\n", "é́", "《山》"]), max_size=8)


@given(pieces=PIECES)
def test_scores_of_any_text_stay_in_range_and_come_out_the_same_again(pieces: list[str]) -> None:
    text = "\n".join(pieces)
    memory = mom.build(text, max_length=30)
    scored = score_memory(text, memory)
    assert scored == score_memory(text, memory)
    assert [item.span for item in scored.items] == [item.span for item in memory.items]
    assert scored.scores is not None
    for value in (scored.scores.published_clarity, scored.scores.repaired_clarity, scored.scores.repaired_completeness):
        assert value is None or 0 <= value <= 1
    for item in scored.items:
        assert item.scores is not None
        assert all(0 <= value <= 1 for value in (item.scores.gain, item.scores.brevity, item.scores.support))
        assert item.scores.support == 1 or item.statement
