"""Reports say what a run found, in both languages, and take nothing from questions for markup."""

from __future__ import annotations

from dataclasses import replace
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest

from tadarag.evaluation.bootstrap import Interval
from tadarag.evaluation.reports.html import html_report
from tadarag.evaluation.reports.markdown import markdown_report
from tadarag.evaluation.reports.svg import bars, curve
from tadarag.evaluation.reports.words import WORDS
from tadarag.evaluation.suite_results import Asked, SuitePart, SuiteRun, SystemValues

NASTY = '<script>alert("x")</script> | 渡轮 *什么时候* 启用？'
PART = SuitePart(
    name="news",
    digest="d",
    n_passages=12,
    questions=(
        Asked(id="q1", text=NASTY, type="single"),
        Asked(id="q2", text="What?", type="multi"),
        Asked(id="q3", text="Who?", type="multi"),
    ),
    systems={
        "tadarag": SystemValues(
            values={"recall@5": (0.0, 1.0, 1.0), "mrr@10": (0.2, 1.0, 0.5), "refused_answerable": (0.0, 0.0, 1.0)},
            costs={"query_ms_p50": 12.34, "query_ms_p95": 20.0, "context_tokens": 1100.0},
        ),
        "bm25": SystemValues(
            values={"recall@5": (1.0, 1.0, 0.0), "refused_answerable": (0.0, 0.0, 0.0)}, failed={"q3": "EndpointError: gone"}
        ),
    },
    notes=("hipporag was left out",),
    chance=0.25,
    control={"tadarag": 0.24},
)
RUN = SuiteRun(
    name="trial",
    suite="news",
    task="retrieval",
    headline=("recall@5", "refused_answerable"),
    parts=(PART,),
    pools={"all": ("news",)},
    description="News.",
    about={"command": "tadarag eval run news", "date": "2026-11-28"},
)


class Tags(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.seen: list[str] = []
        self.sources: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)
        self.sources += [value or "" for name, value in attrs if name in ("src", "href")]


def test_markdown_holds_means_intervals_differences_costs_and_failures():
    text = markdown_report(RUN)
    assert "# trial" in text
    assert "| tadarag | **66.7 [0.0, 100.0]** |" in text
    assert "hipporag was left out" in text
    assert "12.3" in text
    assert "EndpointError: gone" in text
    assert "## pool all" in text


def test_the_best_is_the_lowest_where_lower_is_better():
    line = next(line for line in markdown_report(RUN).splitlines() if line.startswith("| bm25 |"))
    assert line.endswith("**0.0 [0.0, 0.0]** |")


def test_questions_that_were_lost_are_shown_and_their_markup_is_not_followed():
    text = markdown_report(RUN)
    assert r"\<script\>" in text
    assert r"\| 渡轮 \*什么时候\* 启用？" in text
    page = html_report(RUN)
    assert "script" not in Tags(page).seen
    assert "&lt;script&gt;" in page


def test_the_page_needs_nothing_from_elsewhere():
    tags = Tags(html_report(RUN))
    assert tags.sources == []
    assert tags.seen.count("svg") == 4
    assert not set(tags.seen) & {"script", "link", "img", "iframe"}


def test_a_report_can_be_in_chinese():
    page = html_report(RUN, language="zh")
    assert 'lang="zh-Hans"' in page
    assert "关于本次运行" in page
    assert "按问题类型" in markdown_report(RUN, language="zh")


def test_both_languages_say_everything_with_the_same_values():
    assert [
        key for key, (english, chinese) in WORDS.items() if not english or not chinese or english.count("{") != chinese.count("{")
    ] == []


def test_an_invalid_run_says_so_first():
    failing = replace(PART, systems={"tadarag": replace(PART.systems["tadarag"], failed={"q1": "gone"})})
    text = markdown_report(replace(RUN, parts=(failing,)))
    assert text.index("This run is invalid") < text.index("## news")


@pytest.mark.parametrize("name", ["tadarag", "<b>&渡轮"])
def test_plots_are_well_formed_whatever_the_names(name):
    interval = Interval(mean=0.5, low=0.4, high=0.6, n=9)
    plot = ElementTree.fromstring(bars({name: interval}, title="recall", strong=name))
    assert name in "".join(plot.itertext())
    assert "50.0 [40.0, 60.0]" in "".join(plot.itertext())
    drawn = ElementTree.fromstring(curve([(0.0, 0.0, 0.0), (0.5, 0.7, 0.1)], title=name, across="wrong", up="right", at=(0.1, 0.7)))
    assert len(drawn.findall(".//{http://www.w3.org/2000/svg}circle")) == 1
