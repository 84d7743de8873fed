"""The words of a drawn question graph, in the language of the question."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What the page says in one language. kinds: names of the core types; tasks: of the task types."""

    language: str
    title: str
    answer: str
    counts: str
    task: str
    read_as: str
    facts: str
    things: str
    sources: str
    legend_asked: str
    legend_answer: str
    legend_together: str
    hint: str
    poor: str
    empty: str
    unread: str
    together: str
    page: str
    kinds: tuple[tuple[str, str], ...]
    tasks: tuple[tuple[str, str], ...] = ()

    def task_name(self, task: str) -> str:
        """What a task type is called; one that is not known keeps its name."""
        return dict(self.tasks).get(task, task)

    def kind(self, kind: str) -> str:
        """What a kind is called; one that is not known keeps its name."""
        return dict(self.kinds).get(kind, kind.replace("_", " "))


ENGLISH = Words(
    language="en",
    title="Question graph",
    answer="Answer",
    counts="{} of {} things · {} of {} facts",
    task="task: {}",
    read_as="read as: {}",
    facts="Facts",
    things="Things",
    sources="Passages",
    legend_asked="named in the question",
    legend_answer="in the answer",
    legend_together="only named together",
    hint="Point at a thing or a fact to see the sentence; click to go to it in the list.",
    poor="The passages state no fact that joins what the question names. The answer rests on the passages alone; dotted lines only say that one "
    "sentence names both.",
    empty="The passages name nothing that could be drawn. The answer rests on the passages alone.",
    unread="{} passages could not be read anew, and count with what was stored of them.",
    together="named together",
    page="page {}",
    kinds=(
        ("person", "person"),
        ("organization", "organization"),
        ("location", "place"),
        ("event", "event"),
        ("time", "time"),
        ("number", "number"),
        ("product", "product"),
        ("organism", "organism"),
        ("condition", "condition"),
        ("document", "document"),
        ("concept", "concept"),
        ("name", "other name"),
    ),
)
CHINESE = Words(
    language="zh",
    title="问题图谱",
    answer="答案",
    counts="{} / {} 个事物 · {} / {} 条事实",
    task="任务：{}",
    read_as="领域：{}",
    facts="事实",
    things="事物",
    sources="段落",
    legend_asked="问题中提到",
    legend_answer="在答案中",
    legend_together="仅同句出现",
    hint="指向事物或事实可看到原句，点击可在列表中定位。",
    poor="这些段落没有陈述与问题所提事物有关的事实，答案只依据段落本身；虚线只表示同一句话提到两者。",
    empty="这些段落中没有可以画出的事物，答案只依据段落本身。",
    unread="有 {} 个段落未能重新读取，按已存储的内容计算。",
    together="同句出现",
    page="第 {} 页",
    kinds=(
        ("person", "人物"),
        ("organization", "组织"),
        ("location", "地点"),
        ("event", "事件"),
        ("time", "时间"),
        ("number", "数值"),
        ("product", "产品"),
        ("organism", "生物"),
        ("condition", "病症"),
        ("document", "文件"),
        ("concept", "概念"),
        ("name", "其他名称"),
    ),
    tasks=(
        ("fact", "单一事实"),
        ("bridge", "多步关联"),
        ("comparison", "比较"),
        ("list", "列举"),
        ("temporal", "时间顺序"),
        ("overview", "概述"),
    ),
)


def words_for(language: str) -> Words:
    """The words in a language, English where there are none."""
    return CHINESE if language == "zh" else ENGLISH
