"""A run as one HTML page that needs nothing beside itself: no script, no font and no picture from elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from tadarag.evaluation.reports.sections import Section, sections
from tadarag.evaluation.reports.tables import Table
from tadarag.evaluation.suite_results import SuiteRun

_STYLE = """
:root { color-scheme: light dark; --ink: #1c2430; --paper: #fff; --quiet: #5b6675; --line: #d9dee5; --main: #0f766e; --bar: #9db4c0; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6eaf0; --paper: #14181f; --quiet: #9aa6b5; --line: #323a46; --main: #2dd4bf; --bar: #52667a; }
}
body { margin: 2rem auto; max-width: 72rem; padding: 0 1rem; color: var(--ink); background: var(--paper);
  font: 15px/1.55 system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", sans-serif; }
h1 { font-size: 1.7rem; } h2 { margin-top: 2.2rem; border-top: 1px solid var(--line); padding-top: 1rem; font-size: 1.25rem; }
h3 { font-size: 1rem; color: var(--quiet); }
.table { overflow-x: auto; } table { border-collapse: collapse; margin: .6rem 0 1rem; font-variant-numeric: tabular-nums; }
th, td { padding: .28rem .7rem; text-align: left; border-bottom: 1px solid var(--line); vertical-align: top; overflow-wrap: break-word; }
th { font-weight: 600; color: var(--quiet); } .best { font-weight: 700; color: var(--main); }
.warning { border: 2px solid #c2410c; border-radius: 6px; padding: 0 1rem; } .warning h2 { border: 0; color: #c2410c; }
svg { max-width: 100%; height: auto; display: block; margin: .8rem 0; } svg text { fill: var(--ink); font-size: 12px; }
svg .tick, svg .axis { fill: var(--quiet); } svg .title { font-weight: 600; }
.grid { stroke: var(--line); } .bar { fill: var(--bar); } .strong { fill: var(--main); }
.whisker { stroke: var(--ink); stroke-width: 1.6; } .line { fill: none; stroke: var(--main); stroke-width: 2; } .at { fill: #c2410c; }
"""


def html_report(run: SuiteRun, *, language: str = "en") -> str:
    """The page; whatever comes from questions or documents is escaped."""
    body = "".join(part for section in sections(run, language) for part in _parts(section))
    tongue = "zh-Hans" if language == "zh" else "en"
    head = (
        f'<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{escape(run.name)}</title><style>{_STYLE}</style>'
    )
    return f'<!doctype html><html lang="{tongue}"><head>{head}</head><body><main>{body}</main></body></html>\n'


def _parts(section: Section) -> Iterator[str]:
    yield '<section class="warning">' if section.is_warning else "<section>"
    yield f"<h{section.level}><bdi>{escape(section.title)}</bdi></h{section.level}>"
    for paragraph in section.paragraphs:
        yield f"<p><bdi>{escape(paragraph)}</bdi></p>"
    yield from section.plots
    for table in section.tables:
        yield _table(table)
    yield "</section>"


def _table(table: Table) -> str:
    heads = "".join(f'<th scope="col">{escape(head)}</th>' for head in table.heads)
    rows = "".join(
        "<tr>" + "".join(f"<td{' class=best' if cell.is_best else ''}><bdi>{escape(cell.text)}</bdi></td>" for cell in row) + "</tr>"
        for row in table.rows
    )
    return f'<div class="table" tabindex="0"><table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>'
