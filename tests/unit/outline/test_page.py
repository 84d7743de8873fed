"""The page of a document's memory: complete in itself, readable by everybody, and deaf to what a document would have it do."""

from __future__ import annotations

import re
from base64 import b64encode
from dataclasses import replace
from hashlib import sha256
from html.parser import HTMLParser

import pytest

from tadarag.components import default_components
from tadarag.derivation import derive
from tadarag.documents.parsing import parse
from tadarag.outline.page import outline_page, style_sheet
from tadarag.outline.words import CHINESE, ENGLISH, words_for
from tadarag.testing.hashing_encoder import HashingEncoder
from tadarag.values import Document, DocumentMemory, Record, SourceName

TEXT = "# Ferries\n\n## Dusk\n\nThe Dusk was built in 1998. She is not for sale.\n\n## Dawn\n\nThe Dawn carries 240 passengers.\n"
HOSTILE = '<script>alert(1)</script><img src=x onerror="alert(2)">\'"&\u202e'
VOID = {"meta", "input", "rect"}


class _Page(HTMLParser):
    """Tags with their attributes, open tags at the end, and the text outside the head."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        if "head" not in self.open:
            self.text += data

    def values(self, attribute: str) -> list[str]:
        return [str(attributes[attribute]) for _, attributes in self.tags if attribute in attributes]


def record(text: str = TEXT, *, language: str = "en", title: str = "Ferries", source: str = "ferries.md") -> Record:
    """The record of a Markdown text, as a base derives it."""
    [part] = parse("text.md", text.encode())
    document = replace(part.document, title=title, language=language)
    return derive(SourceName(".", source), "0" * 64, document, default_components(HashingEncoder()))


def hostile() -> Record:
    """A record in which every part that a document can fill holds markup."""
    made = record(f"# {HOSTILE}\n\n{HOSTILE} was here in 1998.\n", title=HOSTILE, source=f"{HOSTILE}.md", language=f'en"{HOSTILE}')
    chunks = tuple(
        replace(chunk, outline=HOSTILE, left_out=(HOSTILE,), statement=HOSTILE, heading_path=(HOSTILE, HOSTILE)) for chunk in made.chunks
    )
    outline = tuple(replace(entry, title=HOSTILE, is_topic=True) for entry in made.memory.outline)
    memory = DocumentMemory(scenario=HOSTILE, judge=HOSTILE, notes=(HOSTILE,), scores=((HOSTILE, 0.5),), outline=outline)
    return replace(made, content=HOSTILE, chunks=chunks, memory=memory, document=replace(made.document, date=HOSTILE))


def test_every_tag_is_closed_in_order() -> None:
    assert _Page(outline_page(record())).open == []
    assert _Page(outline_page(hostile(), builder=HOSTILE)).open == []


def test_markup_in_text_title_and_names_stays_text() -> None:
    page = _Page(outline_page(hostile(), builder=HOSTILE))
    assert not {"script", "img", "iframe", "link", "object", "base", "form"} & {tag for tag, _ in page.tags}
    assert [name for _, attributes in page.tags for name in attributes if name.startswith("on")] == []
    assert page.text.count("<script>alert(1)</script>") >= 8


def test_the_page_allows_itself_nothing_but_its_own_style() -> None:
    html = outline_page(record())
    [style] = re.findall(r"<style>(.*?)</style>", html, re.DOTALL)
    digest = b64encode(sha256(style.encode()).digest()).decode()
    assert f"default-src 'none'; style-src 'sha256-{digest}'" in html
    assert _Page(html).values("style") == []


def test_the_page_asks_for_nothing_from_elsewhere() -> None:
    html = outline_page(record())
    page = _Page(html)
    assert page.values("src") == []
    assert all(target.startswith("#") for target in page.values("href"))
    assert not re.search(r"url\(|@import|//", style_sheet())


def test_every_link_leads_to_a_place_in_the_page() -> None:
    page = _Page(outline_page(record()))
    places = page.values("id")
    assert len(places) == len(set(places))
    assert {target[1:] for target in page.values("href")} <= set(places)
    assert set(page.values("aria-labelledby")) <= set(places)


def test_the_whole_text_is_on_the_page_with_its_core_marked() -> None:
    html = outline_page(record())
    for sentence in ("The Dusk was built in 1998.", "She is not for sale.", "The Dawn carries 240 passengers."):
        assert sentence in html
    assert "<mark>The Dawn carries 240 passengers.</mark>" in html


def test_outline_lines_lead_to_their_passages() -> None:
    made = record()
    numbers = {entry.title: entry.chunk + 1 for entry in made.memory.outline}
    html = outline_page(made)
    assert set(numbers) == {"Ferries", "Dusk", "Dawn"}
    for title, number in numbers.items():
        assert re.search(rf'<a href="#p{number}"><span class="name"><bdi>{title}</bdi>', html), title


def test_what_the_core_left_out_and_a_model_wrote_is_beside_the_text() -> None:
    made = record()
    chunk = replace(made.chunks[-1], left_out=("240",), statement="A ferry for many.")
    html = outline_page(replace(made, chunks=(*made.chunks[:-1], chunk)))
    assert '<li class="chip"><bdi>240</bdi></li>' in html
    assert '<p class="statement" dir="auto">A ferry for many.</p>' in html
    assert ENGLISH.in_other_words in html


def test_many_left_out_facts_fold_but_stay_on_the_page() -> None:
    made = record()
    facts = tuple(str(number) for number in range(100, 130))
    page = _Page(outline_page(replace(made, chunks=(*made.chunks[:-1], replace(made.chunks[-1], left_out=facts)))))
    assert page.open == []
    assert "+18" in page.text
    assert all(fact in page.text for fact in facts)


def test_the_header_says_scenario_builder_scores_and_notes() -> None:
    made = record()
    memory = replace(
        made.memory,
        scenario="general",
        judge="lexical",
        scores=(("repaired_clarity", 0.714),),
        notes=("one chunk was read without the model",),
    )
    text = _Page(outline_page(replace(made, memory=memory), builder="structural-1/words-1")).text
    for part in ("Scenariogeneral", "Builderstructural-1", "Clarity0.71", "Scored bylexical", "one chunk was read without the model"):
        assert part in text


def test_a_chinese_document_is_described_in_chinese() -> None:
    made = record("# 渡轮\n\n“黄昏号”建于1998年，载客240人。\n", language="zh", title="渡轮")
    html = outline_page(made)
    assert '<html lang="zh">' in html
    assert CHINESE.core in html
    assert ENGLISH.core not in html


@pytest.mark.parametrize(("language", "words"), [("zh", CHINESE), ("zh-Hant", CHINESE), ("en", ENGLISH), ("und", ENGLISH), ("de", ENGLISH)])
def test_the_words_follow_the_language_of_the_document(language: str, words: object) -> None:
    assert words_for(language) is words


def test_a_document_without_text_says_so() -> None:
    made = replace(record(), document=Document(text="", title="Nothing"), chunks=(), memory=DocumentMemory())
    page = _Page(outline_page(made))
    assert page.open == []
    assert ENGLISH.empty in page.text


def test_the_same_record_gives_the_same_page() -> None:
    assert outline_page(record()) == outline_page(record())


def _schemes() -> dict[str, dict[str, str]]:
    light, dark = re.findall(r":root \{(.*?)\}", style_sheet(), re.DOTALL)[:2]
    colours = {name: dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", block)) for name, block in (("light", light), ("dark", dark))}
    return {"light": colours["light"], "dark": {**colours["light"], **colours["dark"]}}


def _luminance(colour: str) -> float:
    """Relative luminance of an sRGB colour (WCAG 2.2)."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_what_lies_behind_it(scheme: str) -> None:
    colours = _schemes()[scheme]
    grounds = ("paper", "sheet", "band")
    pairs = [(ink, ground) for ink in ("ink", "quiet", "accent") for ground in grounds]
    pairs += [("mark-ink", "mark"), ("chip-ink", "chip"), ("sheet", "accent")]
    assert {
        pair: round(_contrast(colours[pair[0]], colours[pair[1]]), 2)
        for pair in pairs
        if _contrast(colours[pair[0]], colours[pair[1]]) < 4.5
    } == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_signs_without_letters_stand_out_too(scheme: str) -> None:
    colours = _schemes()[scheme]
    assert _contrast(colours["mark-line"], colours["sheet"]) >= 3.0
    assert _contrast(colours["accent"], colours["line"]) >= 3.0
