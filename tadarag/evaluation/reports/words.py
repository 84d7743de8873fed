"""The words of a report, in English and Chinese."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    "about": ("About this run", "关于本次运行"),
    "suite": ("suite", "测试集"),
    "invalid": ("This run is invalid", "本次运行无效"),
    "system": ("system", "系统"),
    "questions": ("{n} questions, {passages} passages", "{n} 个问题，{passages} 个段落"),
    "pool_questions": ("{n} questions", "{n} 个问题"),
    "percent": (
        "Percent, with 95 % bootstrap intervals over questions; the best of a column is bold.",
        "单位为百分比，方括号内为按问题自助抽样的 95% 区间；每列最佳值加粗。",
    ),
    "gap": ("tadarag minus the others, question by question", "tadarag 与其他系统之差（逐题配对）"),
    "all_measures": ("All measures", "全部指标"),
    "costs": ("Costs", "开销"),
    "cost_index_seconds": ("indexing, s", "建索引（秒）"),
    "cost_query_ms_p50": ("p50, ms", "p50（毫秒）"),
    "cost_query_ms_p95": ("p95, ms", "p95（毫秒）"),
    "cost_context_tokens": ("tokens read", "读入词元"),
    "cost_model_tokens": ("tokens of the model", "模型词元"),
    "cost_peak_memory_mib": ("peak memory, MiB", "内存峰值（MiB）"),
    "cost_load_average": ("load", "负载"),
    "curve": ("Right refusals at wrong ones, for every threshold", "各阈值下的正确拒答与错误拒答"),
    "right": ("right refusals", "正确拒答"),
    "wrong": ("wrong refusals", "错误拒答"),
    "control": (
        "Control: recall@20 against shuffled labels; chance is {chance}.",
        "对照：标签打乱后的 recall@20；随机水平为 {chance}。",
    ),
    "failed": ("Questions that failed", "运行失败的问题"),
    "worst": ("Questions that tadarag did worst on", "tadarag 表现最差的问题"),
    "question": ("question", "问题"),
    "type": ("type", "类型"),
    "by_type": ("By type of question, {measure}", "按问题类型：{measure}"),
}


def say(language: str, key: str, **values: object) -> str:
    """The words of that key. language: "zh" for Chinese, anything else is English."""
    return WORDS[key][language == "zh"].format(**values)
