"""A question graph as one HTML page: the drawing, and beside it every fact and thing with the sentences that state it.

The page needs nothing beside itself and runs no script; its policy forbids both, so that a hostile document cannot change that. What is
pointed at is told by style rules that are made for the graph at hand. What is only named together is faint, and shown when its switch is on:
from the start where nothing else is there.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator, Sequence
from hashlib import sha256
from html import escape
from importlib.resources import files

from tadarag.graph.question_drawing import draw_graph, kind_group, loose_nodes
from tadarag.graph.question_words import Words, words_for
from tadarag.graph.resolve import folded_name
from tadarag.values import Answer, FactSource, GraphFact, GraphNode, Passage, QuestionGraph, SourceName, Span

_SENTENCES_OF_A_THING = 3
_MOST_BESIDE_A_LIST = 22  # a larger drawing takes the whole width


def question_page(answer: Answer, *, is_framed: bool = False) -> str:
    """The page of an answer's graph, an empty one where it has none. is_framed: without question and answer, which stand around its frame."""
    graph = answer.graph or QuestionGraph()
    words = words_for(answer.route.language)
    told = told_nodes(graph, answer)
    together = frozenset(number for number, fact in enumerate(graph.facts) if fact.kind == "together")
    return "\n".join(
        [
            *_head(answer, graph, words),
            "<body>",
            *_banner(answer, graph, words, is_framed=is_framed),
            f'<main class="desk{" wide" * (len(graph.nodes) > _MOST_BESIDE_A_LIST)}">',
            "<figure>",
            *_legend(graph, words, has_told=bool(told)),
            draw_graph(graph, told=told, words=words),
            '<div class="cards">',
            *(f'<div class="card" id="c{number}">{_fact(graph, fact, answer, words)}</div>' for number, fact in enumerate(graph.facts)),
            *(f'<div class="card" id="t{number}">{_thing(node, answer, words)}</div>' for number, node in enumerate(graph.nodes)),
            "</div>",
            f'<p class="hint">{words.hint}</p>' if graph.nodes else "",
            "</figure>",
            "<aside>",
            *_list(words.facts, "f", [_fact(graph, fact, answer, words) for fact in graph.facts], together),
            *_list(words.things, "n", [_thing(node, answer, words) for node in graph.nodes], loose_nodes(graph, told=told)),
            "</aside>",
            "</main>",
            *_sources(answer, words),
            "</body>",
            "</html>",
            "",
        ]
    )


def told_nodes(graph: QuestionGraph, answer: Answer) -> frozenset[int]:
    """The things that the answer names, and that the question does not."""
    short = f" {folded_name(answer.short or answer.text)} "
    names = [folded_name(node.name) for node in graph.nodes]
    return frozenset(
        index
        for index, name in enumerate(names)
        if answer.found and name and not graph.nodes[index].is_asked and (f" {name} " in short or (not name.isascii() and name in short))
    )


def _head(answer: Answer, graph: QuestionGraph, words: Words) -> Iterator[str]:
    style = files("tadarag.graph").joinpath("question_page.css").read_text(encoding="utf-8") + "\n".join(_pointing(graph))
    digest = b64encode(sha256(style.encode()).digest()).decode()
    yield "<!doctype html>"
    yield f'<html lang="{words.language}">'
    yield '<head>\n<meta charset="utf-8">'
    yield f"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'sha256-{digest}'\">"
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">\n<meta name="color-scheme" content="light dark">'
    yield f"<title>{_safe(answer.question)} · {words.title}</title>"
    yield f"<style>{style}</style>\n</head>"


def _pointing(graph: QuestionGraph) -> Iterator[str]:
    """Rules that show the card of what is pointed at, and keep it and what it touches from fading."""
    kinds = sorted({kind_group(node.kind) for node in graph.nodes})
    yield from (f".k-{kind} {{ --hue: var(--{kind}); }}" for kind in kinds)
    for number, fact in enumerate(graph.facts):
        pointed = f".desk:has(.e{number}:is(:hover, :focus-visible), #f{number}:hover)"
        yield f"{pointed} :is(.e{number}, .v{fact.head}, .v{fact.tail}) {{ opacity: 1; }}"
        yield f".desk:has(.e{number}:is(:hover, :focus-visible)) #c{number} {{ display: block; }}"
    for index in range(len(graph.nodes)):
        touched = {f".v{index}"}
        for number, fact in enumerate(graph.facts):
            if index in (fact.head, fact.tail):
                touched |= {f".e{number}", f".v{fact.head}", f".v{fact.tail}"}
        pointed = f".desk:has(.v{index}:is(:hover, :focus-visible), #n{index}:hover)"
        yield f"{pointed} :is({', '.join(sorted(touched))}) {{ opacity: 1; }}"
        yield f".desk:has(.v{index}:is(:hover, :focus-visible)) #t{index} {{ display: block; }}"


def _banner(answer: Answer, graph: QuestionGraph, words: Words, *, is_framed: bool) -> Iterator[str]:
    n_facts = sum(fact.kind != "together" for fact in graph.facts)
    n_found = max(graph.n_facts, n_facts)
    yield "<header>"
    if not is_framed:
        yield f'<p class="kicker">{words.title}</p>'
        yield f'<h1 dir="auto">{_safe(answer.question)}</h1>'
        yield f'<p class="answer" dir="auto">{_safe(answer.text)}</p>'
    yield '<p class="facts-of">'
    yield f"<span>{words.counts.format(len(graph.nodes), graph.n_nodes, n_facts, n_found)}</span>"
    yield f"<span>{words.task.format(_safe(words.task_name(graph.task)))}</span>"
    yield f"<span>{words.read_as.format(_safe(graph.template.replace('_', ' ')))}</span>"
    yield "</p>"
    if not graph.nodes:
        yield f'<p class="note">{words.empty}</p>'
    elif graph.is_poor:
        yield f'<p class="note">{words.poor}</p>'
    if graph.n_unread:
        yield f'<p class="note">{words.unread.format(graph.n_unread)}</p>'
    yield "</header>"


def _legend(graph: QuestionGraph, words: Words, *, has_told: bool) -> Iterator[str]:
    kinds = sorted({kind_group(node.kind) for node in graph.nodes})
    yield '<ul class="legend">'
    yield from (f'<li><span class="swatch k-{kind}"></span>{_safe(words.kind(kind))}</li>' for kind in kinds)
    if any(node.is_asked for node in graph.nodes):
        yield f'<li><span class="swatch asked"></span>{words.legend_asked}</li>'
    if has_told:
        yield f'<li><span class="swatch told"></span>{words.legend_answer}</li>'
    if any(fact.kind == "together" for fact in graph.facts):
        switch = f'<input type="checkbox" id="together"{" checked" * graph.is_poor}>'
        yield f'<li><label>{switch}<span class="swatch dots"></span>{words.legend_together}</label></li>'
    yield "</ul>"


def _list(title: str, letter: str, entries: Sequence[str], loose: frozenset[int]) -> Iterator[str]:
    """loose: what goes when what is only named together is not shown."""
    if entries:
        yield f'<section><h2>{title}</h2><ol class="list">'
        yield from (f'<li id="{letter}{number}"{" class=loose" * (number in loose)}>{entry}</li>' for number, entry in enumerate(entries))
        yield "</ol></section>"


def _fact(graph: QuestionGraph, fact: GraphFact, answer: Answer, words: Words) -> str:
    head, tail = (_safe(graph.nodes[index].name) for index in (fact.head, fact.tail))
    says = _safe(words.together if fact.kind == "together" else fact.shown or fact.relation)
    arrows = ("—", "—") if fact.kind == "together" else ("—", "→")
    odds = f'<span class="odds">{100 * fact.probability:.0f} %</span>' if fact.probability < 1 else ""
    line = f'<p class="fact"><bdi>{head}</bdi> <span class="says">{arrows[0]} {says} {arrows[1]}</span> <bdi>{tail}</bdi>{odds}</p>'
    return line + "".join(_quote(one, answer, words) for one in fact.stated_in)


def _thing(node: GraphNode, answer: Answer, words: Words) -> str:
    kind = words.kind(kind_group(node.kind)) + (f", {node.label.replace('_', ' ')}" if node.label not in ("", node.kind) else "")
    normal = f" ({node.normal})" if node.normal and node.normal != node.name else ""
    line = f'<p class="fact"><span class="dot k-{kind_group(node.kind)}"></span><bdi>{_safe(node.name)}</bdi>'
    line += f'<span class="type">{_safe(kind + normal)}</span></p>'
    sentences = list(dict.fromkeys(found for source, span in node.spans for found in _sentences(answer, source, span)))
    return line + "".join(_quote(one, answer, words) for one in sorted(sentences)[:_SENTENCES_OF_A_THING])


def _sentences(answer: Answer, source: SourceName, span: Span) -> Iterator[FactSource]:
    """The sentences of the passages that hold a mention."""
    for number, hit in enumerate(answer.evidence.hits, start=1):
        passage = hit.passage
        if passage.source == source:
            for sentence in passage.sentences:
                if sentence.start <= span.start and span.end <= sentence.end:
                    yield FactSource(passage=number, source=source, content=passage.content, span=sentence)


def _quote(one: FactSource, answer: Answer, words: Words) -> str:
    passage = answer.evidence.hits[one.passage - 1].passage
    text = " ".join(passage.text[one.span.start - passage.span.start : one.span.end - passage.span.start].split())
    where = f'<span class="where"><a href="#p{one.passage}">[{one.passage}]</a> {_safe(_place(passage, words))}</span>'
    return f'<q dir="auto">{_safe(text)}</q>{where}'


def _place(passage: Passage, words: Words) -> str:
    page = words.page.format(passage.page) if passage.page is not None else ""
    return " · ".join(part for part in (str(passage.source), page, " › ".join(passage.outline_path), passage.date) if part)


def _sources(answer: Answer, words: Words) -> Iterator[str]:
    yield f'<footer><h2>{words.sources}</h2><ol class="sources">'
    for number, hit in enumerate(answer.evidence.hits, start=1):
        yield f'<li id="p{number}"><b>[{number}]</b><bdi>{_safe(_place(hit.passage, words))}</bdi></li>'
    yield "</ol></footer>"


def _safe(text: str) -> str:
    """Text for an element or an attribute; half of a surrogate pair, which no file can hold, becomes a question mark."""
    return escape(text.encode("utf-8", "replace").decode("utf-8"))
