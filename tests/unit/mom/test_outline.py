import pytest

from mom.outline import cut_sections, find_headings, parse_numeral
from mom.values import Heading, Span


def outline(text: str) -> list[tuple[int, str]]:
    return [(heading.level, heading.title) for heading in find_headings(text)]


@pytest.mark.parametrize(
    ("numeral", "value"),
    [
        ("十", 10),
        ("十二", 12),
        ("二十", 20),
        ("一百零五", 105),
        ("两百三十", 230),
        ("一千零一", 1001),
        ("三", 3),
        ("②", 2),
        ("Ⅳ", 4),
        ("１２", 12),
        ("壹拾贰", 12),
        ("二〇二四", 2024),
        ("一万二千", 12000),
        ("XIV", 14),
        ("B", 2),
        ("Three", 3),
        ("hello", None),
        ("", None),
    ],
)
def test_numerals_are_read_as_mom_md_says(numeral: str, value: int | None) -> None:
    assert parse_numeral(numeral) == value


def test_markdown_headings_keep_their_nesting() -> None:
    assert outline("# Plan\ntext\n## Goals\ntext\n#### Deep\ntext\nUnder\n=====\n") == [(1, "Plan"), (2, "Goals"), (3, "Deep")]


def test_an_underlined_line_is_a_heading() -> None:
    assert outline("Overview\n========\n\nSome body text.\n\nDetails\n-------\n\nMore body.\n") == [(1, "Overview"), (2, "Details")]


def test_chinese_numbering_nests_in_the_order_of_its_forms() -> None:
    text = (
        "一、范围\n适用。\n（一）对象\n企业。\n1. 大型企业\n说明文字。\n（1）上市\n甲。\n"
        "2. 小型企业\n说明文字。\n（二）时间\n从今年起。\n二、定义\n定义如下。\n"
    )
    assert outline(text) == [
        (1, "一、范围"),
        (2, "（一）对象"),
        (3, "1. 大型企业"),
        (4, "（1）上市"),
        (3, "2. 小型企业"),
        (2, "（二）时间"),
        (1, "二、定义"),
    ]


def test_chapter_twelve_comes_before_chapter_thirteen() -> None:
    text = "第十二章 采购\n内容一。\n第十三章 合同\n内容二。\n第十四章 附则\n内容三。\n"
    assert [title for _, title in outline(text)] == ["第十二章 采购", "第十三章 合同", "第十四章 附则"]


def test_a_contents_page_is_skipped() -> None:
    contents = "Contents\n\nChapter 1 Start\nChapter 2 Middle\nChapter 3 End\n\n"
    text = contents + "Chapter 1 Start\n\nBody one.\n\nChapter 2 Middle\n\nBody two.\n\nChapter 3 End\n\nBye.\n"
    found = find_headings(text)
    assert [heading.title for heading in found] == ["Chapter 1 Start", "Chapter 2 Middle", "Chapter 3 End"]
    assert found[0].span.start == text.rindex("Chapter 1 Start")


def test_dot_leaders_with_a_page_number_make_no_heading() -> None:
    assert outline("目录\n第一章 总则……1\n第二章 细则……5\n\n第一章 总则\n说明。\n第二章 细则\n说明。\n") == [
        (1, "第一章 总则"),
        (1, "第二章 细则"),
    ]


def test_a_numbered_list_is_no_outline() -> None:
    assert outline("Things to buy today:\n\n1. Milk\n2. Bread\n3. Eggs\n\nThat is all.\n") == []


@pytest.mark.parametrize(
    "line",
    [
        "1.5 million people came",
        "A. Smith wrote this",
        "7. Something",
        "Chapter 3 shows that we were right about it all.",
        "1999 was a year",
    ],
)
def test_prose_that_begins_like_a_heading_is_body(line: str) -> None:
    assert outline(f"Opening words.\n\n{line}\n\nClosing words follow here.\n") == []


def test_articles_go_on_counting_across_chapters() -> None:
    text = "第一章 甲\n第一条 内容一\n正文。\n第二条 内容二\n正文。\n第二章 乙\n第三条 内容三\n正文。\n"
    assert outline(text) == [(1, "第一章 甲"), (2, "第一条 内容一"), (2, "第二条 内容二"), (1, "第二章 乙"), (2, "第三条 内容三")]


def test_nothing_inside_a_block_is_a_heading() -> None:
    text = "# Real\nbody\n```\n# not real\n```\n"
    block = Span(text.index("```"), len(text))
    assert [heading.title for heading in find_headings(text, [block])] == ["Real"]


def test_one_line_has_no_headings() -> None:
    assert find_headings("第一章 总则") == ()


def test_sections_carry_the_path_of_their_headings_under_the_title() -> None:
    text = "intro\nA\nbody\nB\nbody\n"
    headings = [Heading(Span(6, 8), 2, "A"), Heading(Span(13, 15), 5, "B")]
    sections = cut_sections(text, headings, title="Doc")
    assert [(section.path, section.level, section.span.of(text)) for section in sections] == [
        (("Doc",), 0, "intro\n"),
        (("Doc", "A"), 1, "A\nbody\n"),
        (("Doc", "A", "B"), 2, "B\nbody\n"),
    ]


def test_a_heading_that_repeats_the_title_adds_nothing_to_the_path() -> None:
    sections = cut_sections("Guide\nx\nUse\ny", [Heading(Span(0, 6), 1, "Guide"), Heading(Span(8, 12), 2, "Use")], title="guide")
    assert [section.path for section in sections] == [("guide",), ("guide", "Use")]


@pytest.mark.parametrize(
    "text",
    [
        "ANNA\nGood morning.\n\nBERT\nGood morning.\n\nANNA\nIt rains.\n\nBERT\nSo it does.\n\nANNA\nWell.\n\nBERT\nYes.\n",
        "**Anna:**\nGood morning.\n\n**Bert:**\nIt rains.\n\n**Anna:**\nWell.\n\n**Bert:**\nYes.\n",
        "Anna: Good morning.\nBert: It rains.\nAnna: Well.\n",
        "【主持人】\n大家好。\n【李雷】\n你好。\n【主持人】\n开始吧。\n【李雷】\n好的。\n【主持人】\n谢谢。\n【李雷】\n再见。\n",
        "主持人：大家好。\n李雷：你好。\n主持人：开始吧。\n",
    ],
)
def test_the_turns_of_a_dialogue_are_no_headings(text: str) -> None:
    assert outline(text) == []


def test_a_contents_page_with_page_numbers_after_wide_gaps_is_skipped() -> None:
    text = (
        "Contents\n\n1. Scope      2\n2. Duties      5\n3. Terms      9\n\n1. Scope\nWe do.\n\n2. Duties\nWe must.\n\n3. Terms\nWe end.\n"
    )
    assert [title for _, title in outline(text)] == ["1. Scope", "2. Duties", "3. Terms"]
    assert find_headings(text)[0].span.start == text.rindex("1. Scope")


def test_a_line_of_a_hundred_thousand_spaces_is_read_at_once() -> None:
    assert outline("1" + " " * 100_000 + "5\nBody text.\n") == []
