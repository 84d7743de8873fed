import pytest

from mom.sentences import MAX_CJK, MAX_WORDS, split_sentences
from mom.terms import count_cjk


def sentences(text: str) -> list[str]:
    return [span.of(text) for span in split_sentences(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Dr. Smith met Mrs. Jones in St. Louis. They talked for hours.",
            ["Dr. Smith met Mrs. Jones in St. Louis.", "They talked for hours."],
        ),
        (
            "J. R. R. Tolkien wrote it in the U.S. Army. It sold well there.",
            ["J. R. R. Tolkien wrote it in the U.S. Army.", "It sold well there."],
        ),
        ("The rate rose by 3.5 percent in May. It fell later on.", ["The rate rose by 3.5 percent in May.", "It fell later on."]),
        ('He said: "We will come back." Nobody believed him then.', ['He said: "We will come back."', "Nobody believed him then."]),
        ("She waited... and waited for him. Then she left town.", ["She waited... and waited for him.", "Then she left town."]),
        ("Was it really true? Yes! It was true after all.", ["Was it really true? Yes!", "It was true after all."]),
        ("The company (founded in 1990.) It grew quickly then.", ["The company (founded in 1990.)", "It grew quickly then."]),
    ],
)
def test_english_prose_is_split_at_its_sentences(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("今天下雨了。我们留在家里！你呢？", ["今天下雨了。", "我们留在家里！你呢？"]),
        ("他说：“我们走吧。”她没有回答；门开着。", ["他说：“我们走吧。”", "她没有回答；", "门开着。"]),
        ('老师说。"大家好"是问候语。', ["老师说。", '"大家好"是问候语。']),
        ("他等了很久……终于来了。价格是3.5亿元。", ["他等了很久……终于来了。", "价格是3.5亿元。"]),
        ("公司成立于1990年。The company grew.后来搬到上海。", ["公司成立于1990年。", "The company grew.后来搬到上海。"]),
    ],
)
def test_chinese_prose_is_split_at_its_sentences(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


def test_a_blank_line_ends_a_sentence_without_a_mark() -> None:
    assert sentences("A first thought without end\n\nand a second one") == ["A first thought without end", "and a second one"]


def test_a_wrapped_line_goes_on_with_the_sentence() -> None:
    text = "The committee met on Monday in the large hall of the\nMinistry and agreed on a plan. It was published."
    assert sentences(text) == ["The committee met on Monday in the large hall of the\nMinistry and agreed on a plan.", "It was published."]


def test_headings_list_items_and_fields_are_sentences_of_their_own() -> None:
    text = "# Results: 1. What? Then what\nName: Ada\nBorn: 1815\n- one apple\n- two pears\n1. first\n2. second"
    assert sentences(text) == [
        "# Results: 1. What? Then what",
        "Name: Ada",
        "Born: 1815",
        "- one apple",
        "- two pears",
        "1. first",
        "2. second",
    ]


def test_short_fragments_join_the_sentence_before() -> None:
    assert sentences("The whole team came to the party. Good. Nobody left early.") == [
        "The whole team came to the party. Good.",
        "Nobody left early.",
    ]


def test_a_very_long_sentence_is_cut_at_its_separators() -> None:
    text = "; ".join(f"clause {n} holds some words about matter {n}" for n in range(40)) + "."
    parts = sentences(text)
    assert all(len(part.split()) <= MAX_WORDS for part in parts)
    assert all(part[-1] in ";." for part in parts)


def test_a_very_long_chinese_sentence_is_cut_too() -> None:
    parts = sentences("我们在这里讨论很多事情，" * 60 + "完。")
    assert len(parts) > 3
    assert all(count_cjk(part) <= MAX_CJK for part in parts)
    assert all(part[-1] in "，。" for part in parts)


def test_offsets_count_from_the_given_start() -> None:
    assert [(span.start, span.end) for span in split_sentences("  Hello there, world.", start=100)] == [(102, 121)]


def test_text_without_anything_to_read_has_no_sentences() -> None:
    assert split_sentences(" \n\t ") == []
