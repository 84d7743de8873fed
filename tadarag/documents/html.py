"""HTML: the readable text with its headings, lists and tables; navigation, scripts and hidden parts are left out."""

from __future__ import annotations

import re
from typing import Any

from tadarag.documents.building import DocumentBuilder, collapse
from tadarag.documents.dates import parse_date
from tadarag.documents.language import detect_language
from tadarag.documents.text import decode, normalise, one_line
from tadarag.errors import DocumentError
from tadarag.values import Document

MAX_HTML_BYTES = 32 * 2**20
_MAX_NODES = 2_000_000
_MAX_NESTING = 2_000  # the tree builder takes time with the square of the depth: 1 s at 20,000

_DROPPED = frozenset(
    "script style noscript template svg math head nav aside iframe object embed canvas form button select textarea audio video map dialog".split()
)
_BLOCKS = frozenset(
    "address article blockquote body center dd details div dl dt fieldset figcaption figure footer h1 h2 h3 h4 h5 h6 header hgroup hr html li main "
    "ol p pre section summary table ul".split()
)
_FURNITURE = frozenset(
    "nav navbar navigation menu sidebar breadcrumb breadcrumbs cookie cookies cookie-banner banner advert advertisement ad ads promo share sharing "
    "social related newsletter subscribe pagination site-header site-footer masthead skip-link visually-hidden sr-only comments".split()
)
_FURNITURE_ROLES = frozenset("navigation banner search complementary contentinfo menu menubar dialog alert".split())
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w-]{2,40})", re.IGNORECASE)
_XML_ENCODING = re.compile(rb"^\s*<\?xml[^>]{0,100}?encoding=[\"']([\w-]{2,40})")
_TAG = re.compile(
    r"<(/)?(?!(?:p|li|d[dt]|t[rdh]|tbody|thead|tfoot|option|br|hr|img|meta|link|input|col|wbr|source|area|base|embed|track|param)\b)[a-z]",
    re.IGNORECASE,
)
_DATE_NAMES = frozenset(
    "article:published_time datepublished date pubdate publishdate publish_date dc.date dc.date.issued dcterms.date dcterms.issued "
    "citation_publication_date og:published_time parsely-pub-date sailthru.date".split()
)
_LD_DATE = re.compile(r'"datePublished"\s*:\s*"([^"]{4,40})"')
_FURNITURE_TITLE = re.compile(r"\s+[|｜]\s+.*$|[|｜].*$")


def parse_html(name: str, data: bytes) -> Document:
    """Read a page. Raises DocumentError above MAX_HTML_BYTES, or when the tree is absurdly large."""
    if len(data) > MAX_HTML_BYTES:
        raise DocumentError(
            f"{one_line(name)} is {len(data) // 2**20} MB of HTML; pages are read up to {MAX_HTML_BYTES // 2**20} MB",
            "split the page, or save it as text",
        )
    declared = _CHARSET.search(data[:4096]) or _XML_ENCODING.search(data[:200])
    text = decode(name, data, declared=declared[1].decode("ascii") if declared else "")
    return html_to_document(name, text)


def html_to_document(name: str, markup: str) -> Document:
    """Markup that is already text becomes a Document."""
    from selectolax.lexbor import LexborHTMLParser

    if _nesting(markup) > _MAX_NESTING:
        raise DocumentError(f"{one_line(name)} nests HTML elements more than {_MAX_NESTING:,} deep", "save the page as text")
    tree = LexborHTMLParser(markup)
    builder = DocumentBuilder()
    if tree.body is not None:
        _Walk(builder, name).read(tree.body)
    title = _title(tree, builder)
    body = builder.document(media_type="text/html", title=title)
    if body.language == "und":
        language = _language(tree, body.text)
        body = builder.document(media_type="text/html", title=title, language=language)
    stated = _stated_date(tree, markup)
    return builder.document(media_type="text/html", title=title, language=body.language, date=stated) if stated else body


def _nesting(markup: str) -> int:
    """An upper estimate of how deep elements nest, in one pass; elements that may stay open (p, li, td, br ...) are not counted."""
    depth = deepest = 0
    for match in _TAG.finditer(markup):
        depth = max(0, depth - 1) if match[1] else depth + 1
        deepest = max(deepest, depth)
    return deepest


class _Walk:
    """A walk through the tree without recursion (hostile pages nest a hundred thousand levels); inline text waits for its block's end."""

    def __init__(self, builder: DocumentBuilder, name: str) -> None:
        self._builder = builder
        self._name = name
        self._inline: list[str] = []
        self._item_depth = 0
        self._after_item = False
        self._quote_depth = 0

    def read(self, root: Any) -> None:
        node, n_nodes = root.child, 0
        while node is not None:
            n_nodes += 1
            if n_nodes > _MAX_NODES:
                raise DocumentError(f"{one_line(self._name)} has more than {_MAX_NODES:,} HTML nodes", "save the page as text")
            descend = self._enter(node) if node.child is not None or node.tag != "-text" else self._text(node)
            if descend and node.child is not None:
                node = node.child
                continue
            if descend:
                self._leave(node)
            while node is not None and node.next is None:
                node = node.parent
                if node is None or node.mem_id == root.mem_id:
                    node = None
                    break
                self._leave(node)
            node = node.next if node is not None else None
        self._flush()

    def _text(self, node: Any) -> bool:
        text = node.text_content
        if text:
            self._inline.append(re.sub(r"\s+", " ", text))
        return False

    def _enter(self, node: Any) -> bool:
        """Handle a node at its start; False when its children are not to be walked."""
        tag = node.tag
        if tag.startswith(("-", "!")) or tag in _DROPPED or _is_furniture(node, tag):
            return False
        if tag == "br":
            self._inline.append("\n")
            return False
        if tag in _BLOCKS or tag == "tr":
            self._flush()
        if len(tag) == 2 and tag[0] == "h" and tag[1].isdigit():
            self._builder.heading(_visible_text(node), int(tag[1]))
            return False
        if tag == "pre":
            self._builder.verbatim(node.text(deep=True))
            return False
        if tag == "table" and _is_data_table(node):
            self._builder.rows(_rows(node))
            return False
        if tag == "li":
            self._item_depth += 1
        elif tag == "blockquote":
            self._quote_depth += 1
        return True

    def _leave(self, node: Any) -> None:
        tag = node.tag
        if tag in _BLOCKS or tag in ("tr", "td", "th"):
            self._flush()
        if tag == "li":
            self._item_depth -= 1
        elif tag == "blockquote":
            self._quote_depth -= 1

    def _flush(self) -> None:
        text = collapse("".join(self._inline))
        self._inline.clear()
        if not text:
            return
        if self._quote_depth:
            self._builder.block(text)
        elif self._item_depth:
            self._builder.paragraph("- " + text, joint="\n" if self._after_item else "\n\n")
        else:
            self._builder.paragraph(text)
        self._after_item = self._item_depth > 0


def _is_furniture(node: Any, tag: str) -> bool:
    """Whether a node is hidden or is navigation, advertising or a page frame by what its attributes say."""
    if tag == "footer":
        return not _is_inside_article(node)
    if tag == "header":
        return not _is_inside_article(node) and node.css_first("h1") is None
    attributes = node.attributes
    if not attributes:
        return False
    if "hidden" in attributes or attributes.get("aria-hidden") == "true" or _HIDDEN_STYLE.search(attributes.get("style") or ""):
        return True
    if (attributes.get("role") or "").lower() in _FURNITURE_ROLES:
        return True
    if tag not in ("div", "ul", "ol", "section", "span", "p", "table"):
        return False
    names = f"{attributes.get('class') or ''} {attributes.get('id') or ''}".lower().split()
    return not _FURNITURE.isdisjoint(names) and node.css_first("h1") is None


def _is_inside_article(node: Any) -> bool:
    parent = node.parent
    while parent is not None:
        if parent.tag in ("article", "main"):
            return True
        parent = parent.parent
    return False


def _is_data_table(node: Any) -> bool:
    """A table of values, in contrast to one that lays out a page (which holds headings, tables or long cells)."""
    return node.css_first("table table, h1, h2, h3") is None and (node.css_first("th") is not None or len(node.css("tr")) > 1)


def _rows(table: Any) -> list[str]:
    return [
        " | ".join(collapse(_visible_text(cell)).replace("\n", " ") for cell in row.css("td, th"))
        for row in table.css("tr, caption > *, caption")
    ]


def _visible_text(node: Any) -> str:
    """The text under a small node such as a heading or cell; hidden parts and scripts are left out."""
    parts = []
    for piece in node.traverse(include_text=True):
        if piece.tag == "-text":
            ancestor = piece.parent
            while ancestor is not None and ancestor.mem_id != node.mem_id and ancestor.tag not in _DROPPED:
                ancestor = ancestor.parent
            if ancestor is not None and ancestor.mem_id == node.mem_id:
                parts.append(piece.text_content or "")
        elif piece.tag in ("br", "p", "div", "li"):
            parts.append(" ")
    return " ".join("".join(parts).split())


def _title(tree: Any, builder: DocumentBuilder) -> str:
    """The only first-level heading, else the page's title without the name of its site."""
    top = [heading.title for heading in builder.headings if heading.level == 1]
    if len(top) == 1:
        return top[0]
    node = tree.css_first("title")
    title = collapse(normalise(node.text() or "")).replace("\n", " ") if node is not None else ""
    return _FURNITURE_TITLE.sub("", title) or title or (top[0] if top else "")


def _language(tree: Any, text: str) -> str:
    """The primary subtag that the page declares, where its text alone does not tell."""
    root = tree.css_first("html")
    declared = ((root.attributes.get("lang") or "") if root is not None else "").split("-")[0].lower()
    return declared if text and re.fullmatch(r"[a-z]{2,3}", declared) else detect_language(text)


def _stated_date(tree: Any, markup: str) -> str:
    for node in tree.css("meta"):
        attributes = node.attributes
        name = (attributes.get("property") or attributes.get("name") or attributes.get("itemprop") or "").lower()
        if name in _DATE_NAMES:
            iso = parse_date(attributes.get("content") or "")
            if iso:
                return iso
    for match in _LD_DATE.finditer(markup):
        iso = parse_date(match[1])
        if iso:
            return iso
    times = [node.attributes.get("datetime") or node.text() for node in tree.css("article time, main time, time[pubdate]")]
    return next((iso for iso in (parse_date(time or "") for time in times[:1]) if iso), "")
