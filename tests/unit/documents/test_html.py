import pytest
from hypothesis import given
from hypothesis import strategies as st

from tadarag.documents.html import MAX_HTML_BYTES, html_to_document, parse_html
from tadarag.errors import DocumentError


def test_navigation_scripts_styles_and_hidden_parts_are_left_out():
    page = b"""<body><nav>Home</nav><header>Site</header><script>var x</script><style>p{}</style><div class="cookie banner">Accept</div>
    <p hidden>no</p><p style="display: none">no</p><p aria-hidden="true">no</p><main><p>Yes.</p></main><footer>Imprint</footer></body>"""
    assert parse_html("a.html", page).text == "Yes."


def test_headings_lists_tables_code_and_quotations_keep_their_structure():
    page = b"""<h1>Top <b>one</b></h1><p>Text<br>line</p><ul><li>one<li>two</ul><table><tr><th>a<th>b<tr><td>1<td>2</table>
    <h2>Code</h2><pre>x  y\n z</pre><blockquote>said</blockquote>"""
    document = parse_html("a.html", page)
    assert document.text == "Top one\n\nText\nline\n\n- one\n- two\n\na | b\n1 | 2\n\nCode\n\nx  y\n z\n\nsaid"
    assert [(heading.level, heading.span.of(document.text)) for heading in document.headings] == [(1, "Top one"), (2, "Code")]
    assert [block.of(document.text) for block in document.blocks] == ["a | b\n1 | 2", "x  y\n z", "said"]


def test_inline_elements_do_not_split_words():
    assert html_to_document("a.html", "<p>Otter<b>30</b> and <i>Heron</i></p>").text == "Otter30 and Heron"


def test_the_title_loses_the_name_of_the_site():
    assert html_to_document("a.html", "<title>Fares rise | The Courier</title><p>x").title == "Fares rise"


@pytest.mark.parametrize(
    "head",
    [
        '<meta name="date" content="2024-03-12">',
        '<meta property="article:published_time" content="2024-03-12T08:00:00Z">',
        '<script type="application/ld+json">{"datePublished": "2024-03-12"}</script>',
    ],
)
def test_the_date_is_read_from_what_the_page_says_about_itself(head):
    assert html_to_document("a.html", f"<head>{head}</head><p>x</p>").date == "2024-03-12"


def test_the_declared_encoding_is_used():
    assert parse_html("a.html", '<meta charset="gb2312"><p>渡轮</p>'.encode("gb2312")).text == "渡轮"


def test_the_declared_language_counts_where_the_text_does_not_tell():
    assert (
        html_to_document("a.html", '<html lang="fr-FR"><p>Le chat est sur la table et il ne veut pas manger la souris du jardin').language
        == "fr"
    )


def test_a_page_of_many_megabytes_is_refused():
    with pytest.raises(DocumentError, match="MB of HTML"):
        parse_html("a.html", b" " * (MAX_HTML_BYTES + 1))


@given(
    st.lists(
        st.one_of(
            st.sampled_from(
                [
                    "<p>",
                    "</p>",
                    "<h1>",
                    "</h1>",
                    "<ul><li>",
                    "</ul>",
                    "<table><tr><td>",
                    "</table>",
                    "<pre>",
                    "</pre>",
                    "<div>",
                    "<blockquote>",
                    "</blockquote>",
                    "<!--",
                    "-->",
                ]
            ),
            st.text(max_size=5),
        ),
        max_size=25,
    )
)
def test_any_markup_gives_spans_that_quote_the_text(pieces):
    document = html_to_document("a.html", "".join(pieces))
    for heading in document.headings:
        assert heading.span.of(document.text) == heading.title
    assert all(block.of(document.text).strip() for block in document.blocks)
