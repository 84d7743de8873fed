from hypothesis import given
from hypothesis import strategies as st

from tadarag.documents.markdown import parse_markdown
from tadarag.documents.text import normalise

LINES = st.lists(
    st.one_of(
        st.sampled_from(
            ["# One", "## Two ##", "Title", "===", "---", "", "> quote", "| a | b |", "|---|---|", "```", "~~~", "- item", "date: x"]
        ),
        st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=12),
    ),
    max_size=20,
)


@given(LINES)
def test_the_text_is_the_normalised_source_and_every_span_quotes_it(lines):
    source = "\n".join(lines)
    document = parse_markdown("a.md", b"\xef\xbb\xbf" + ("words and words\n" * 3 + source).encode())
    assert document.text == normalise("words and words\n" * 3 + source)
    for heading in document.headings:
        assert heading.span.of(document.text).strip() != ""
        assert heading.span.start == 0 or document.text[heading.span.start - 1] == "\n"
    for before, after in zip(document.blocks, document.blocks[1:], strict=False):
        assert before.end <= after.start


def test_headings_of_both_kinds_are_found_with_levels_and_plain_titles():
    document = parse_markdown("a.md", b"Top *one*\n===\n\n## Two [link](x) ##\n\ntext\n\nThree\n---\n")
    assert [(heading.level, heading.title) for heading in document.headings] == [(1, "Top one"), (2, "Two link"), (2, "Three")]
    assert document.title == "Top one"
    assert document.headings[0].span.of(document.text) == "Top *one*\n==="


def test_a_heading_inside_a_code_fence_is_code():
    document = parse_markdown("a.md", b"# Real\n\n```sh\n# comment\n```\n")
    assert [heading.title for heading in document.headings] == ["Real"]
    assert [block.of(document.text) for block in document.blocks] == ["```sh\n# comment\n```"]


def test_tables_and_quotations_are_blocks():
    document = parse_markdown("a.md", b"text\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n> one\n> two\n\nend\n")
    assert [block.of(document.text) for block in document.blocks] == ["| a | b |\n|---|---|\n| 1 | 2 |", "> one\n> two"]


def test_front_matter_gives_title_date_and_fields():
    document = parse_markdown("a.md", b'---\ntitle: "Fares"\npublished: 12 March 2024\n---\n# Other\n')
    assert (document.title, document.date) == ("Fares", "2024-03-12")
    assert document.fields == (("title", "Fares"), ("published", "12 March 2024"))


def test_a_rule_is_no_front_matter_and_no_heading():
    document = parse_markdown("a.md", b"---\n\ntext\n\n---\n")
    assert (document.fields, document.headings) == ((), ())
