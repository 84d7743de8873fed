"""Every word of the interface, in English and Chinese."""

from __future__ import annotations

import streamlit as st

LANGUAGES = {"en": "English", "zh": "中文"}

# English with {n} has its singular before the bar; Chinese needs none.
TABLE: dict[str, tuple[str, str]] = {
    # pages
    "documents": ("Documents", "文档"),
    "ask": ("Ask", "提问"),
    "memories": ("Memories", "记忆"),
    "graph": ("Graph", "图谱"),
    "compare": ("Compare", "对比"),
    "evaluate": ("Evaluate", "评测"),
    "language": ("Language", "语言"),
    # counts
    "n_documents": ("{n} document|{n} documents", "{n} 篇文档"),
    "n_passages": ("{n} passage|{n} passages", "{n} 个段落"),
    "n_parts": ("{n} part|{n} parts", "{n} 个部分"),
    "n_memories": ("{n} memory|{n} memories", "{n} 条记忆"),
    "seconds": ("{n:.1f} s", "{n:.1f} 秒"),
    "whole_seconds": ("{n:.0f} s", "{n:.0f} 秒"),
    "minutes": ("{n:.0f} min", "{n:.0f} 分钟"),
    # evaluate
    "evaluate_lead": (
        "How good the answers are, on questions whose answers are known.",
        "用已知答案的问题衡量回答质量。",
    ),
    "suite": ("Questions", "测试集"),
    "suite_help": (
        "A suite of your own is a folder with suite.yaml beside your documents: tadarag eval init-suite FOLDER.",
        "您自己的测试集是文档旁含 suite.yaml 的文件夹：tadarag eval init-suite 文件夹。",
    ),
    "how_many": ("How many", "数量"),
    "first_n": ("{n} of them", "其中 {n} 个"),
    "all_questions": ("all", "全部"),
    "run_suite": ("Run", "运行"),
    "suite_running": ("Running {suite}: {stage}", "正在运行 {suite}：{stage}"),
    "suite_starting": ("starting", "正在开始"),
    "no_runs": ("Nothing has been measured yet", "还没有评测结果"),
    "no_runs_next": (
        "Choose questions above and run them. Each run is kept with tables and plots.",
        "请在上面选择测试集并运行。每次结果都会连同表格和图保存下来。",
    ),
    "finished_runs": ("Finished runs", "已完成的评测"),
    "finished_run": ("Run", "评测"),
    "run_invalid": ("This run is invalid: {why}", "本次评测无效：{why}"),
    "report_of": ("Report of {name}", "{name} 的报告"),
    "save_report": ("Save the report", "保存报告"),
    # errors
    "happened": ("What happened", "发生了什么"),
    "do": ("What to do", "怎么办"),
    "unexpected": ("The studio met something it did not expect: {what}", "出现了意外情况：{what}"),
    "unexpected_do": (
        "Your documents are untouched. Try again; if it happens again, please report the line above.",
        "您的文档没有受到影响。请重试；如果再次出现，请报告上面这行内容。",
    ),
    "busy": (
        "Another program is writing this knowledge base. Asking still works.",
        "另一个程序正在写入这个知识库，提问不受影响。",
    ),
    "busy_do": ("Wait until it has finished, then try again.", "请等它完成后再试。"),
    "disk": ("The disk or a folder refused: {what}", "磁盘或文件夹拒绝了操作：{what}"),
    "original": ("In the library's words", "原文"),
    "disk_do": ("Check the free space and the permissions of the folder.", "请检查剩余空间和文件夹权限。"),
    # documents
    "documents_lead": (
        "What the answers come from. Files stay on this computer.",
        "答案的来源。文件只保存在这台电脑上。",
    ),
    "upload": ("Add documents", "添加文档"),
    "upload_help": (
        "PDF, Word, Markdown, HTML, text, e-mail, CSV and JSONL; up to 100 MB each. They are kept in {folder}.",
        "支持 PDF、Word、Markdown、HTML、纯文本、邮件、CSV 和 JSONL，每个不超过 100 MB。文件保存在 {folder}。",
    ),
    "too_many": ("At most {n} files at once; the first {n} were taken.", "一次最多 {n} 个文件，已接收前 {n} 个。"),
    "reading": ("Reading {done} of {total}: {source}", "正在读取第 {done}/{total} 个：{source}"),
    "looking": ("Looking at the files", "正在查看文件"),
    "indexing": ("Making them searchable", "正在建立索引"),
    "time_left": ("about {time} left", "大约还需 {time}"),
    "ask_meanwhile": ("You can ask meanwhile.", "您可以同时提问。"),
    "stop": ("Stop", "停止"),
    "stopping": ("Stopping after the document at hand", "完成当前文档后停止"),
    "read_done": ("Done in {time}: {parts}.", "完成，用时 {time}：{parts}。"),
    "n_added": ("{n} added", "新增 {n} 篇"),
    "n_replaced": ("{n} replaced", "替换 {n} 篇"),
    "n_removed": ("{n} removed", "移除 {n} 篇"),
    "n_renamed": ("{n} renamed", "改名 {n} 篇"),
    "n_unchanged": ("{n} unchanged", "未变 {n} 篇"),
    "n_quarantined": ("{n} could not be read", "{n} 篇无法读取"),
    "n_empty": ("{n} without text", "{n} 篇没有文字"),
    "was_stopped": ("stopped before the end", "中途停止"),
    "ask_now": ("Ask a question", "去提问"),
    "empty_base": ("No documents yet", "还没有文档"),
    "empty_base_next": (
        "Drop files into the field above. Reading starts by itself; then you can ask.",
        "把文件拖到上面的区域，会自动开始读取，之后就可以提问。",
    ),
    "find_document": ("Find by name or title", "按名称或标题查找"),
    "show_status": ("Show", "显示"),
    "status_all": ("All", "全部"),
    "status_ready": ("Ready", "就绪"),
    "status_empty": ("No text", "无文字"),
    "status_quarantined": ("Not readable", "无法读取"),
    "status_waiting": ("Waiting", "等待中"),
    "nothing_matches": ("No document matches.", "没有符合条件的文档。"),
    "empty_hint": (
        "No text was found in it. A scanned document needs text recognition first.",
        "其中没有找到文字。扫描件需要先做文字识别。",
    ),
    "read_again": ("Read again", "重新读取"),
    "read_all_again": ("Look for changes", "检查更新"),
    "read_all_help": ("Reads what is new or has changed in {folder}.", "读取 {folder} 中新增或改动过的内容。"),
    "retry_all": ("Try unreadable ones again", "重试无法读取的文档"),
    "delete": ("Delete", "删除"),
    "delete_title": ("Delete a document?", "删除文档？"),
    "delete_what": ("This leaves the knowledge base:", "以下内容将从知识库中移除："),
    "delete_upload": ("The file that was added here is deleted too.", "在这里添加的文件也会被删除。"),
    "delete_file_stays": (
        "The file itself stays in its folder; it comes back when you look for changes.",
        "文件本身保留在原文件夹中；检查更新时会再次读取。",
    ),
    "cancel": ("Cancel", "取消"),
    "deleted": ("Deleted: {name}", "已删除：{name}"),
    "page_of": ("Page {page} of {pages}", "第 {page}/{pages} 页"),
    "previous": ("Previous", "上一页"),
    "next": ("Next", "下一页"),
    # ask
    "ask_lead": ("Every sentence of an answer is checked against your documents.", "答案中的每句话都经过原文核对。"),
    "ask_box": ("Ask about your documents", "就您的文档提问"),
    "ask_empty": ("There is nothing to ask yet", "还没有可以提问的内容"),
    "ask_empty_next": ("Add a document first; a text of a few lines is enough.", "请先添加文档，几行文字就够了。"),
    "suggestions": ("You could start with", "可以从这些问题开始"),
    "suggest_about": ("What is “{title}” about?", "《{title}》讲了什么？"),
    "checking": ("unchecked", "未核对"),
    "checking_hint": ("Being written and checked against the documents", "正在撰写并与文档核对"),
    "withdrawn": ("withdrawn", "已撤回"),
    "withdrawn_hint": ("no passage bears this out", "没有段落支持这句话"),
    "sources": ("Sources", "来源"),
    "open_source": ("Open source {n}: {name}", "打开来源 {n}：{name}"),
    "not_found_next": (
        "Your documents do not say. Other words may help, or add a document that does.",
        "文档中没有提到。可以换个说法，或添加相关文档。",
    ),
    "page": ("page {n}", "第 {n} 页"),
    "source_title": ("Source", "来源"),
    "source_gone": ("This document has been deleted or replaced since.", "该文档之后已被删除或替换。"),
    "source_gone_quote": ("It said:", "原文为："),
    "cut": ("… more of the document is not shown …", "…… 文档其余部分未显示 ……"),
    "how": ("How this was answered", "答案是怎样得出的"),
    "route": ("Question", "问题"),
    "route_of": ("{task} · expects {answer} · {domain}", "{task} · 期望 {answer} · {domain}"),
    "reasons": ("Why", "理由"),
    "reason_other": ("other: {reason}", "其他：{reason}"),
    "time": ("Time", "用时"),
    "tokens": ("Tokens", "词元"),
    "no_model": ("none: no language model was asked", "无：没有调用语言模型"),
    "estimated": ("estimated", "估计值"),
    "cost": ("Cost", "费用"),
    "unknown": ("unknown", "未知"),
    "passages": ("Passages, best first", "段落（按相关程度）"),
    "stage_read": ("reading the question", "理解问题"),
    "stage_retrieve": ("finding passages", "查找段落"),
    "stage_graph": ("drawing the graph", "绘制图谱"),
    "stage_answer": ("writing", "撰写"),
    "stage_check": ("checking", "核对"),
    "task_fact": ("a fact", "事实"),
    "task_bridge": ("a chain of facts", "多步事实"),
    "task_comparison": ("a comparison", "比较"),
    "task_list": ("a list", "列举"),
    "task_temporal": ("about time", "时间"),
    "task_overview": ("an overview", "概述"),
    "answer_person": ("a person", "人物"),
    "answer_organization": ("an organisation", "机构"),
    "answer_place": ("a place", "地点"),
    "answer_date": ("a date", "日期"),
    "answer_number": ("a number", "数字"),
    "answer_yesno": ("yes or no", "是或否"),
    "answer_name": ("a name", "名称"),
    "answer_text": ("text", "文字"),
    "kind_person": ("person", "人物"),
    "kind_organization": ("organisation", "机构"),
    "kind_location": ("place", "地点"),
    "kind_event": ("event", "事件"),
    "kind_time": ("date", "时间"),
    "kind_number": ("number", "数字"),
    "kind_product": ("product", "产品"),
    "kind_organism": ("organism", "生物"),
    "kind_condition": ("condition", "病症"),
    "kind_document": ("document", "文献"),
    "kind_concept": ("concept", "概念"),
    "kind_name": ("name", "名称"),
    "domain_general_knowledge": ("general knowledge", "通用知识"),
    "scenario_general": ("general", "通用"),
    "scenario_news": ("news", "新闻"),
    "scenario_biomedical_paper": ("biomedical paper", "生物医学论文"),
    "scenario_dialogue": ("dialogue", "对话"),
    "scenario_finance_report": ("financial report", "财务报告"),
    "scenario_legal_contract": ("contract", "合同"),
    "scenario_policy": ("policy", "政策"),
    "scenario_support_manual": ("manual", "手册"),
    "scenario_textbook": ("textbook", "教科书"),
    "domain_news": ("news", "新闻"),
    "domain_bio_medical_research": ("medicine", "医学"),
    "domain_finance": ("finance", "金融"),
    "domain_legal_contracts": ("contracts", "合同"),
    "domain_customer_support": ("support and manuals", "客服与手册"),
    "question_graph": ("Graph of this answer", "本答案的图谱"),
    "no_graph": ("The passages state nothing about the question that could be drawn.", "段落中没有可以画出的相关事实。"),
    "feedback": ("Was this answer useful?", "这个答案有用吗？"),
    "useful": ("Useful", "有用"),
    "not_useful": ("Not useful", "没有用"),
    "comment": ("Comment", "评论"),
    "comment_hint": ("What was right or wrong?", "哪里对，哪里不对？"),
    "send": ("Send", "提交"),
    "thanks": ("Thank you, this was kept.", "谢谢，已保存。"),
    "options": ("Options", "选项"),
    "pipeline": ("Way of answering", "回答方式"),
    "pipeline_default": ("From the documents' own sentences", "直接引用文档原句"),
    "pipeline_evidence-only": ("Only show the evidence", "只列出依据"),
    "pipeline_rules": ("Spans chosen by rules", "按规则选取原文片段"),
    "pipeline_llm": ("Written by a language model", "由语言模型撰写"),
    "layers": ("Layers searched", "检索层"),
    "layers_help": (
        "By what passages are found: their words and meaning, the outline of their document, their core sentences, its title, "
        "and links from sentence to sentence.",
        "查找段落的依据：词语、语义、文档大纲、核心句、标题，以及句子之间的链接。",
    ),
    "layer_words": ("Words", "词语"),
    "layer_lexical": ("Words", "词语"),
    "layer_meaning": ("Meaning", "语义"),
    "layer_dense": ("Meaning", "语义"),
    "layer_outline": ("Outline", "大纲"),
    "layer_core": ("Core", "核心句"),
    "layer_title": ("Title", "标题"),
    "layer_links": ("Links", "链接"),
    "layer_first-stage": ("Words and meaning", "词语与语义"),
    "layer_chunk": ("Text", "全文"),
    "layer_hop": ("Link", "链接"),
    "layer_second-hop": ("Second link", "二次链接"),
    "layer_path": ("Path", "路径"),
    "layer_residual": ("Remainder", "余项"),
    "with_graph": ("Draw the graph of each answer", "为每个答案绘制图谱"),
    "new_chat": ("New conversation", "新对话"),
    "you": ("You", "您"),
    # memories
    "memories_lead": (
        "What is kept of a document: where a passage stands, what it says at its core, and its text.",
        "文档的记忆：段落的位置、核心内容和原文。",
    ),
    "choose_document": ("Document", "文档"),
    "find_memory": ("Find in this document", "在文档中查找"),
    "outline": ("Outline", "大纲"),
    "core": ("Core", "核心"),
    "text": ("Text", "原文"),
    "scenario": ("Scenario", "场景"),
    "score_published_clarity": ("Clarity, as published", "清晰度（原公式）"),
    "score_published_completeness": ("Completeness, as published", "完整度（原公式）"),
    "score_repaired_clarity": ("Clarity", "清晰度"),
    "score_repaired_completeness": ("Completeness", "完整度"),
    "memories_empty": ("No memories yet", "还没有记忆"),
    "memories_empty_next": ("They are made when documents are read. Add one.", "读取文档时会生成记忆。请先添加文档。"),
    "no_core": ("The whole passage is its own core.", "整段即是核心。"),
    "left_out": ("Not in the core", "核心之外"),
    # graph
    "graph_lead": (
        "How names hang together across documents. Every name and fact stands with its sentence.",
        "名称在各文档之间的联系。每个名称和事实都附有原句。",
    ),
    "find_name": ("Find a name", "查找名称"),
    "find_name_hint": ("as documents write it", "按文档中的写法"),
    "names_like": ("Names like that", "类似的名称"),
    "frequent": ("Named most often", "出现最多"),
    "which": ("Several things bear this name", "有多个对象叫这个名字"),
    "names": ("Names", "名称"),
    "names_lead": ("What documents call it, with a sentence each.", "文档对它的称呼，各附一句原文。"),
    "why_one": ("Why they are taken for one thing", "为什么认为是同一个"),
    "facts": ("Facts", "事实"),
    "alias_full name": ("full name", "全名相同"),
    "alias_title": ("title", "文档标题"),
    "alias_stated": ("stated", "原文指明"),
    "filter_type": ("Type at the other end", "另一端的类型"),
    "all_types": ("All types", "全部类型"),
    "as_of": ("As of", "截至"),
    "as_of_hint": ("a year, month or day, such as 2024-05", "年、月或日，例如 2024-05"),
    "states_nothing": ("The documents state no fact about it.", "文档中没有关于它的事实。"),
    "no_facts": ("No fact with these filters.", "没有符合条件的事实。"),
    "neighbours": ("What it is named with", "相邻对象"),
    "same_sentence": ("same sentence", "同句"),
    "expand": ("Go to {name}", "前往 {name}"),
    "back": ("Back to {name}", "返回 {name}"),
    "unmerge": ("Keep apart", "分开"),
    "unmerge_lead": (
        "Decide that a name is not this thing, or that one document means another. No document is changed, and it can be undone.",
        "指出某个名称不是它，或某篇文档指的是另一个。文档不会改变，并且可以撤销。",
    ),
    "unmerge_name": ("Name that is something else", "其实是另一个对象的名称"),
    "unmerge_source": ("Document that means another", "指另一个对象的文档"),
    "unmerge_sure": ("Keep {one} and {other} apart?", "将 {one} 和 {other} 分开？"),
    "unmerge_none": ("One name in one document: there is nothing to keep apart.", "只有一个名称、一篇文档，没有可分开的内容。"),
    "parted": ("Kept apart by decision", "已决定分开"),
    "undo": ("Undo", "撤销"),
    "graph_empty": ("No names yet", "还没有名称"),
    "graph_empty_next": ("Names and facts are found when documents are read. Add one.", "读取文档时会找出名称和事实。请先添加文档。"),
    "holds": ("{start} to {end}", "{start} 至 {end}"),
    "stated_on": ("stated {date}", "写于 {date}"),
    # compare
    "compare_lead": ("One question, two ways of answering, side by side.", "一个问题，两种回答方式，并排对比。"),
    "one_way": ("First way", "第一种方式"),
    "other_way": ("Second way", "第二种方式"),
    "question": ("Question", "问题"),
    "compare_button": ("Compare", "对比"),
    "compare_empty": ("Nothing to compare yet", "还没有可对比的内容"),
    "same_ways": ("Both are the same way; choose two different ones.", "两种方式相同，请选择不同的方式。"),
    "confidence": ("Confidence", "置信度"),
    "citations": ("Citations", "引用"),
    "go_documents": ("Add documents", "添加文档"),
}


def language_of(locale: str | None) -> str:
    """The interface language for a browser's locale: Chinese for any of its variants, otherwise English."""
    return "zh" if (locale or "").lower().startswith("zh") else "en"


def current_language() -> str:
    """The language of this person's session."""
    if "language" not in st.session_state:
        st.session_state["language"] = language_of(st.context.locale)
    return str(st.session_state["language"])


def say(key: str, **values: object) -> str:
    """The words of `key` in the session's language; `n` chooses singular or plural. Raises KeyError for words that the table lacks."""
    return in_language(current_language(), key, **values)


def in_language(language: str, key: str, **values: object) -> str:
    """The words of `key` in one language."""
    forms = TABLE[key][0 if language == "en" else 1].split("|")
    chosen = forms[0] if values.get("n") == 1 else forms[-1]
    return chosen.format(**values)


def named(prefix: str, name: str) -> str:
    """The words for a name of the library's own, such as a task or a type; the name itself where the table has none."""
    key = f"{prefix}_{name}"
    return say(key) if key in TABLE else name.replace("_", " ")


def duration(seconds: float) -> str:
    """A time span as people say it."""
    if seconds >= 90:
        return say("minutes", n=seconds / 60)
    return say("seconds" if seconds < 10 else "whole_seconds", n=seconds)
