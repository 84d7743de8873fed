"""The words of the page itself, in the language of the document."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What the page says in one language; pairs are singular and plural."""

    language: str
    outline: str
    skip: str
    view: str
    whole: str
    core_only: str
    map: str
    core: str
    no_core: str
    in_other_words: str
    left_out: str
    topic: str
    page: str
    characters: str
    scenario: str
    builder: str
    judge: str
    notes: str
    legend_core: str
    legend_border: str
    legend_left_out: str
    legend_topic: str
    empty: str
    content: str
    passages: tuple[str, str]
    headings: tuple[str, str]
    topics: tuple[str, str]
    pages: tuple[str, str]
    sentences: tuple[str, str]
    core_share: tuple[str, str]
    scores: tuple[tuple[str, str], ...]

    def counted(self, count: int, nouns: tuple[str, str]) -> str:
        """The noun that goes with the count."""
        return nouns[0] if count == 1 else nouns[1]

    def score(self, name: str) -> str:
        """The label of a score; one that is not known keeps its name."""
        return dict(self.scores).get(name, name.replace("_", " "))


ENGLISH = Words(
    language="en",
    outline="Outline",
    skip="Skip to the text",
    view="Show",
    whole="Whole text",
    core_only="Core statements only",
    map="Map of the document: bands are passages, the marks below them core statements",
    core="Core statement",
    no_core="none",
    in_other_words="in a model's words",
    left_out="Left out of it",
    topic="topic",
    page="p. {}",
    characters="characters {} to {}",
    scenario="Scenario",
    builder="Builder",
    judge="Scored by",
    notes="Notes on the reading",
    legend_core="core statement",
    legend_border="border of a passage",
    legend_left_out="fact left out of the core",
    legend_topic="topic inside a section",
    empty="This document holds no text.",
    content="Content",
    passages=("passage", "passages"),
    headings=("heading", "headings"),
    topics=("topic", "topics"),
    pages=("page", "pages"),
    sentences=("sentence", "sentences"),
    core_share=("of the text is core", "of the text is core"),
    scores=(
        ("repaired_clarity", "Clarity"),
        ("repaired_completeness", "Completeness"),
        ("published_clarity", "Clarity, published form"),
        ("published_completeness", "Completeness, published form"),
    ),
)

CHINESE = Words(
    language="zh",
    outline="大纲",
    skip="跳到正文",
    view="显示",
    whole="全文",
    core_only="只看核心陈述",
    map="文档地图：色带为文块，其下的标记为核心陈述",
    core="核心陈述",
    no_core="无",
    in_other_words="模型转述",
    left_out="未收入核心",
    topic="话题",
    page="第{}页",
    characters="字符 {} 至 {}",
    scenario="场景",
    builder="构建器",
    judge="评分者",
    notes="阅读说明",
    legend_core="核心陈述",
    legend_border="文块边界",
    legend_left_out="核心未收的事实",
    legend_topic="节内话题",
    empty="此文档没有文字。",
    content="内容",
    passages=("个文块", "个文块"),
    headings=("个标题", "个标题"),
    topics=("个话题", "个话题"),
    pages=("页", "页"),
    sentences=("个句子", "个句子"),
    core_share=("为核心陈述", "为核心陈述"),
    scores=(
        ("repaired_clarity", "边界清晰度"),
        ("repaired_completeness", "核心完整度"),
        ("published_clarity", "边界清晰度（原公式）"),
        ("published_completeness", "核心完整度（原公式）"),
    ),
)


def words_for(language: str) -> Words:
    """The words for a document's language: Chinese ones for Chinese of any region, else English."""
    return CHINESE if language.partition("-")[0] == "zh" else ENGLISH
