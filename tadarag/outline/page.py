"""A document's memory as one HTML page: the outline beside the text, passages with their borders, core statements marked.

The page needs nothing beside itself and runs no script; its policy forbids both, so that a hostile document cannot change that.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator, Sequence
from hashlib import sha256
from importlib.resources import files

from tadarag.outline.lines import OutlineLine, outline_lines, page_at, passage_name
from tadarag.outline.text_drawing import draw_texts, escaped
from tadarag.outline.words import Words, words_for
from tadarag.values import Chunk, Record, Span

_MAP_WIDTH = 1000.0
_MAP_HEIGHT = 34
_MAP_BAND = 22
_MAP_GAP = 1.5
_CHIPS_AT_ONCE = 12


def outline_page(record: Record, *, builder: str = "") -> str:
    """The page. builder: fingerprint of what built the memory; it is shown up to its first "/", and whole when pointed at."""
    words = words_for(record.document.language)
    return "\n".join(
        [
            *_head(record, words),
            "<body>",
            f'<a class="skip" href="#text">{words.skip}</a>',
            *_banner(record, words, builder),
            '<div class="desk">',
            *_outline(outline_lines(record), words),
            f'<main id="text" tabindex="-1">{"" if record.chunks else f"<p>{words.empty}</p>"}',
            *_passages(record, words),
            "</main>",
            "</div>",
            f"<footer><span>{words.content}</span> <code>{escaped(record.content)}</code></footer>",
            "</body>",
            "</html>",
            "",
        ]
    )


def style_sheet() -> str:
    """The style of the page."""
    return files("tadarag.outline").joinpath("style.css").read_text(encoding="utf-8")


def _head(record: Record, words: Words) -> Iterator[str]:
    style = style_sheet()
    digest = b64encode(sha256(style.encode()).digest()).decode()
    yield "<!doctype html>"
    yield f'<html lang="{escaped(_language(record, words))}">'
    yield '<head>\n<meta charset="utf-8">'
    yield f"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'sha256-{digest}'\">"
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">\n<meta name="color-scheme" content="light dark">'
    yield f"<title>{escaped(_title(record))} · {words.outline}</title>"
    yield f"<style>{style}</style>\n</head>"


def _language(record: Record, words: Words) -> str:
    return words.language if record.document.language == "und" else record.document.language


def _title(record: Record) -> str:
    return record.document.title or str(record.source)


def _banner(record: Record, words: Words, builder: str) -> Iterator[str]:
    """What the document is, how much of what it holds, what read it, how well, and its map."""
    memory = record.memory
    about = [("source", str(record.source)), ("date", record.document.date)]
    yield '<header class="banner">'
    yield f'<p class="about">{"".join(f"<bdi class={name}>{escaped(value)}</bdi>" for name, value in about if value)}</p>'
    yield f'<h1 dir="auto">{escaped(_title(record))}</h1>'
    yield f'<ul class="counts">{"".join(_counts(record, words))}</ul>'
    yield f'<dl class="made">{"".join(_made(record, words, builder))}</dl>'
    if memory.scores:
        ranked = sorted(memory.scores, key=lambda score: (score[0].startswith("published"), score[0]))
        yield f'<dl class="made">{"".join(_score(name, value, words) for name, value in ranked)}{_fact(words.judge, memory.judge)}</dl>'
    if memory.notes:
        yield f'<details class="notes"><summary>{words.notes} ({len(memory.notes)})</summary><ul>'
        yield from (f"<li>{escaped(note)}</li>" for note in memory.notes)
        yield "</ul></details>"
    yield from _map(record, words)
    yield from _controls(words, has_topics=any(entry.is_topic for entry in memory.outline))
    yield "</header>"


def _counts(record: Record, words: Words) -> Iterator[str]:
    text = record.document.text
    n_core = sum(span.end - span.start for chunk in record.chunks for span in chunk.core)
    counted = [
        (len(record.chunks), words.passages),
        (sum(not entry.is_topic for entry in record.memory.outline), words.headings),
        (sum(entry.is_topic for entry in record.memory.outline), words.topics),
        (sum(len(chunk.sentences) for chunk in record.chunks), words.sentences),
        (len(record.document.pages), words.pages),
    ]
    for count, nouns in counted:
        if count:
            yield f"<li><b>{count:,}</b> {words.counted(count, nouns)}</li>"
    if text:
        yield f"<li><b>{_percent(n_core, len(text))}</b> {words.counted(1, words.core_share)}</li>"


def _made(record: Record, words: Words, builder: str) -> Iterator[str]:
    yield _fact(words.scenario, record.memory.scenario)
    yield _fact(words.builder, builder.partition("/")[0], hint=builder)


def _fact(label: str, value: str, *, hint: str = "") -> str:
    return f'<div><dt>{label}</dt><dd title="{escaped(hint or value)}">{escaped(value)}</dd></div>' if value else ""


def _score(name: str, value: float, words: Words) -> str:
    kind = "published" if name.startswith("published") else "repaired"
    gauge = (
        '<svg class="gauge" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true"><rect class="track" width="100" height="8"/>'
    )
    gauge += f'<rect class="value" width="{100 * min(max(value, 0.0), 1.0):.1f}" height="8"/></svg>'
    places = 2 if value >= 0.1 else 4  # the published completeness is a small number by its form
    return f'<div class="{kind}"><dt>{escaped(words.score(name))}</dt><dd>{value:.{places}f}{gauge}</dd></div>'


def _map(record: Record, words: Words) -> Iterator[str]:
    """The document drawn to scale: a band a passage, a mark a core sentence."""
    if not record.chunks:
        return
    text = record.document.text
    scale = _MAP_WIDTH / len(text)
    yield f'<svg class="map" viewBox="0 0 {_MAP_WIDTH:.0f} {_MAP_HEIGHT}" preserveAspectRatio="none" role="img" aria-label="{words.map}">'
    for number, chunk in enumerate(record.chunks, start=1):
        yield f'<a href="#p{number}" tabindex="-1"><title>{number} · {escaped(passage_name(text, chunk))}</title>'
        gap = _MAP_GAP if (chunk.span.end - chunk.span.start) * scale > 2 * _MAP_GAP else 0.0
        yield _rectangle("even" if number % 2 == 0 else "odd", chunk.span, scale, top=0, height=_MAP_BAND, gap=gap)
        yield (
            "".join(_rectangle("core", span, scale, top=_MAP_BAND + 2, height=_MAP_HEIGHT - _MAP_BAND - 2) for span in chunk.core) + "</a>"
        )
    yield "</svg>"


def _rectangle(kind: str, span: Span, scale: float, *, top: int, height: int, gap: float = 0.0) -> str:
    width = (span.end - span.start) * scale - gap
    return f'<rect class="{kind}" x="{span.start * scale:.2f}" y="{top}" width="{width:.2f}" height="{height}"/>'


def _controls(words: Words, *, has_topics: bool) -> Iterator[str]:
    """Which of the two views is shown, and what the signs mean."""
    yield f'<div class="controls"><fieldset><legend>{words.view}</legend>'
    yield f'<label><input type="radio" name="view" id="view-whole" checked>{words.whole}</label>'
    yield f'<label><input type="radio" name="view" id="view-core">{words.core_only}</label></fieldset>'
    yield f'<p class="legend"><mark>{words.legend_core}</mark><span class="border">{words.legend_border}</span>'
    yield f'<span class="chip">{words.legend_left_out}</span>{f"<span>◇ {words.legend_topic}</span>" if has_topics else ""}</p></div>'


def _outline(lines: Sequence[OutlineLine], words: Words) -> Iterator[str]:
    """The outline as a tree that folds; each line leads to its first passage."""
    yield f'<nav aria-label="{words.outline}"><details open><summary class="top">{words.outline}</summary>'
    depth = -1
    for index, line in enumerate(lines):
        yield "<ul>" if line.depth > depth else "</ul></details></li>" * (depth - line.depth)
        depth = line.depth
        has_lines_below = index + 1 < len(lines) and lines[index + 1].depth > line.depth
        yield f"<li><details open><summary>{_link(line, words)}</summary>" if has_lines_below else f"<li>{_link(line, words)}</li>"
    yield "</ul></details></li>" * depth + "</ul></details></nav>" if lines else "</details></nav>"


def _link(line: OutlineLine, words: Words) -> str:
    numbers = f"{line.first + 1}" if line.first == line.last else f"{line.first + 1}–{line.last + 1}"
    page = f'<span class="page">{words.page.format(line.page)}</span>' if line.page else ""
    kind = f'<span class="topic" title="{words.topic}">◇<span class="unseen">{words.topic} </span></span>' if line.is_topic else ""
    return f'<a href="#p{line.first + 1}"><span class="name">{kind}<bdi>{escaped(line.title)}</bdi></span>{page}<span class="number">{numbers}</span></a>'


def _passages(record: Record, words: Words) -> Iterator[str]:
    for number, (chunk, drawn) in enumerate(zip(record.chunks, draw_texts(record.document, record.chunks), strict=True), start=1):
        yield f'<section class="passage {"even" if number % 2 == 0 else "odd"}" id="p{number}" aria-labelledby="h{number}">'
        yield f'<h2 id="h{number}"><span class="number">{number}</span>{_path(record, chunk)}</h2>'
        yield f'<div class="body"><div class="text" dir="auto">{drawn}</div>'
        yield "".join(_memory(record, chunk, words)) + "</div></section>"


def _path(record: Record, chunk: Chunk) -> str:
    """The headings above the passage without the document's own title, and its topic."""
    path = chunk.heading_path
    below = list(path[1:] if len(path) > 1 and path[0] == record.document.title else path)
    if chunk.outline and chunk.outline not in path:
        below.append(chunk.outline)
    steps = below or [passage_name(record.document.text, chunk)]
    return '<span class="path">' + "".join(f"<bdi>{escaped(step)}</bdi>" for step in steps) + "</span>"


def _memory(record: Record, chunk: Chunk, words: Words) -> Iterator[str]:
    """The card beside the text: the core statement, what it left out, and where the passage lies."""
    text, span = record.document.text, chunk.span
    n_core = sum(core.end - core.start for core in chunk.core)
    yield f'<aside class="memory"><h3>{words.core}<span class="share">{_percent(n_core, span.end - span.start)}</span></h3>'
    if chunk.statement:
        yield f'<p class="statement" dir="auto">{escaped(chunk.statement)}</p><p class="manner">{words.in_other_words}</p>'
    elif chunk.core:
        yield "<ul>" + "".join(f'<li dir="auto">{escaped(" ".join(core.of(text).split()))}</li>' for core in chunk.core) + "</ul>"
    else:
        yield f'<p class="manner">{words.no_core}</p>'
    if chunk.left_out:
        first, rest = chunk.left_out[:_CHIPS_AT_ONCE], chunk.left_out[_CHIPS_AT_ONCE:]
        yield f"<h3>{words.left_out}</h3>{_chips(first)}"
        if rest:
            yield f"<details><summary>+{len(rest)}</summary>{_chips(rest)}</details>"
    page = page_at(record.document.pages, span.start)
    place = [words.page.format(page)] if page else []
    yield f'<p class="place">{" · ".join([*place, words.characters.format(f"{span.start:,}", f"{span.end:,}")])}</p></aside>'


def _chips(facts: Sequence[str]) -> str:
    chips = "".join(f'<li class="chip"><bdi>{escaped(fact)}</bdi></li>' for fact in facts)
    return f'<ul class="chips">{chips}</ul>'


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.0f} %" if whole else "0 %"
