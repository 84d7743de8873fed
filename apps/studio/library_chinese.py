"""Chinese for what the library says in English: forms of its sentences, by what they tell. Read by `library_words`; tests hold them to the library."""

from __future__ import annotations

import re

Rules = tuple[tuple[re.Pattern[str], str], ...]
"""Forms of English sentences, tried in order, and the Chinese with the parts that they name."""


def _rules(*rules: tuple[str, str]) -> Rules:
    """A quote in a form stands for either kind: the library puts names as `repr` does."""
    return tuple((re.compile(form.replace("'", "['\"]"), re.DOTALL), chinese) for form, chinese in rules)


HAPPENED = _rules(
    (r"(?P<file>.+) is encrypted(?: with a password)?", "{file} 有密码保护"),
    (r"(?P<file>.+) is damaged or cut off(?:: no page can be found in it|: .+| and cannot be read as PDF)?", "{file} 已损坏或不完整"),
    (r"(?P<file>.+) holds (?P<n>[\d,]+) parts, which no document does", "{file} 含有 {n} 个部分，不是正常的文档"),
    (r"(?P<file>.+) unpacks from (?P<packed>[\d,]+) to (?P<n>[\d,]+) bytes, beyond what is safe", "{file} 解压后有 {n} 字节，超出安全范围"),
    (r"(?P<file>.+) is a zip archive, but not of its named format", "{file} 是压缩包，与扩展名不符"),
    (
        r"(?P<file>.+) is (?P<n>\d+) MB(?: of HTML)?; (?:text is|mail is|pages are) read up to (?P<most>\d+) MB",
        "{file} 有 {n} MB，最多读取 {most} MB",
    ),
    (r"(?P<file>.+) is no e-mail message: it has no From, To, Date or Subject", "{file} 不是邮件：没有发件人、收件人、日期和主题"),
    (r"(?P<file>.+) has more than (?P<n>[\d,]+) attachments", "{file} 的附件超过 {n} 个"),
    (r"(?P<file>.+) is nested more than (?P<n>\d+) mails deep", "{file} 嵌套在超过 {n} 层邮件中"),
    (r"(?P<file>.+) has (?P<n>[\d,]+) pages; PDFs are read up to (?P<most>[\d,]+)", "{file} 有 {n} 页，PDF 最多读取 {most} 页"),
    (r"a page of (?P<file>.+?) cannot be read: .+", "{file} 中有一页无法读取"),
    (r"(?P<file>.+) has pictures of pages but no text", "{file} 只有页面图片，没有文字"),
    (r"(?P<file>.+) is no PDF: it does not begin with %PDF", "{file} 不是 PDF"),
    (r"(?P<file>.+) is an old or password-protected Office file", "{file} 是旧格式或有密码的 Office 文件"),
    (r"(?P<file>.+) is no readable Word document: .+", "{file} 不是可读的 Word 文档"),
    (r"(?P<file>.+) is no readable table: .+", "{file} 不是可读的表格"),
    (r"line (?P<n>\d+) of (?P<file>.+?) is no valid JSON: .+", "{file} 第 {n} 行不是有效的 JSON"),
    (r"(?P<file>.+) is no valid JSON: .+", "{file} 不是有效的 JSON"),
    (r"(?P<file>.+) nests JSON too deep to be read", "{file} 的 JSON 嵌套过深"),
    (r"a JSON value nests more than (?P<n>\d+) deep", "JSON 的值嵌套超过 {n} 层"),
    (r"(?P<file>.+) has (?P<n>[\d,]+) columns; tables are read up to (?P<most>[\d,]+)", "{file} 有 {n} 列，表格最多读取 {most} 列"),
    (r"(?P<file>.+) has more than (?P<n>[\d,]+) rows", "{file} 超过 {n} 行"),
    (r"(?P<file>.+) has more than (?P<n>[\d,]+) HTML nodes", "{file} 的 HTML 节点超过 {n} 个"),
    (r"(?P<file>.+) nests HTML elements more than (?P<n>[\d,]+) deep", "{file} 的 HTML 元素嵌套超过 {n} 层"),
    (r"(?P<file>.+) holds binary data, not text", "{file} 是二进制数据，不是文本"),
    (r"(?P<file>.+) is (?P<found>.+), not text", "{file} 不是文本（{found}）"),
    (r"(?P<file>.+) is no (?P<format>\S+) file", "{file} 不是 {format} 文件"),
    (r"(?P<file>.+): (?P<suffix>\S+) files are not read", "{file}：不支持 {suffix} 文件"),
    (r"(?P<file>.+): files without a suffix are not read", "{file}：不支持没有扩展名的文件"),
    (r"(?P<file>.+): .+ not read", "{file}：不支持这种文件"),
    (r"(?P<file>.+) is no longer a regular file", "{file} 已不是普通文件"),
    (r"(?P<file>.+) vanished while it was to be read", "{file} 在读取前消失了"),
    (r"(?P<file>.+) changed while it was read", "{file} 在读取过程中被改动"),
    (r"the parser process does not start .+", "解析程序无法启动"),
    (r"(?P<file>.+) made its parser crash .+", "{file} 使解析程序崩溃"),
    (r"(?P<file>.+?)(?: takes)? longer than (?P<n>\S+) seconds", "{file} 的读取时间超过 {n} 秒"),
    (r"(?P<file>.+) needs more than (?P<n>[\d,]+) MB of memory to parse", "解析 {file} 需要超过 {n} MB 内存"),
    (r"(?P<file>.+) cannot be parsed .+", "{file} 无法解析"),
    (r"(?P<file>.+) needs the extra `parse` to be read", "读取 {file} 需要安装扩展 parse"),
    (r"(?P<file>.+) needs a library that is missing: .+", "读取 {file} 需要的库没有安装"),
    (r"(?P<file>.+) needs pandoc to be read", "读取 {file} 需要 pandoc"),
    (r"(?P<file>.+) cannot be read as (?P<format>\S+): .+", "{file} 无法按 {format} 读取"),
    (r"(?P<file>.+) cannot be read: .+", "{file} 无法读取"),
    (r"no document names '(?P<name>.+)'(?: so restricted)?", "没有文档提到“{name}”"),
    (r"'(?P<name>.+)' may be one of (?P<n>\d+): .+", "“{name}”可能指 {n} 个不同的对象"),
    (r"the name is empty", "没有输入名称"),
    (r"'(?P<date>.+)' is no date", "“{date}”不是日期"),
    (r"'(?P<one>.+)' and '(?P<other>.+)' are one name", "“{one}”和“{other}”是同一个名称"),
    (r"'(?P<one>.+)' and '(?P<other>.+)' are not one thing in this base", "“{one}”和“{other}”在这个知识库中不是同一个对象"),
    (r"(?P<source>.+) itself uses '(?P<one>.+)' and '(?P<other>.+)' for one thing", "{source} 本身就用“{one}”和“{other}”指同一个对象"),
    (r"'(?P<name>.+)' in (?P<source>.+) is joined with no other document", "{source} 中的“{name}”没有与其他文档合并"),
    (r"(?P<source>.+) does not name '(?P<name>.+)'", "{source} 没有提到“{name}”"),
    (r"no decision parts '(?P<one>.+)' from '(?P<other>.+)'", "没有把“{one}”和“{other}”分开的决定"),
    (r"no layer is left from which a search could start", "没有留下可以开始检索的层"),
    (r"a document that this answer quotes has changed since it was given", "答案引用的文档之后有了改动"),
    (r"(?P<source>.+) has changed since it was cited", "{source} 在被引用之后有了改动"),
    (r"(?P<source>.+) has just been removed", "{source} 刚刚被移除"),
    (r"there is no document '(?P<name>.+)'", "没有名为“{name}”的文档"),
    (r"this pipeline needs a language model and none is set", "这种回答方式需要语言模型，但还没有设置"),
    (r"the model '(?P<model>.+)' gave no answer in (?P<n>\d+) tries; the last: .+", "模型 {model} 尝试 {n} 次后仍没有给出答案"),
    (r"the endpoint of '(?P<model>.+)' refused the key .+", "模型 {model} 的服务拒绝了密钥"),
    (r"the endpoint of '(?P<model>.+)' refused the request .+", "模型 {model} 的服务拒绝了请求"),
    (r"the endpoint of the model sends its callers to another address", "模型服务要求转到另一个地址，已拒绝"),
    (r"the budget of (?P<n>\d+) tokens does not allow this call: .+", "{n} 个词元的预算不够这次调用"),
    (r"the database could not write the change .+; nothing of it was kept", "数据库无法写入，这次改动没有保存"),
    (r"the database (?:of the base at .+ )?can(?:not| not) be read .+", "数据库无法读取"),
)
"""What happened."""

REMEDIES = _rules(
    (r"get a whole copy of the file and ingest it again", "请取得完整的文件后重新添加。"),
    (r"save a copy without password and ingest that", "请另存一份没有密码的副本后添加。"),
    (r"leave it out: it may be a zip bomb", "请不要添加：它可能是压缩炸弹。"),
    (r"unpack it and ingest the files in it", "请解压后添加其中的文件。"),
    (r"give it the suffix of its real format", "请改用与实际格式相符的扩展名。"),
    (r"give it the suffix of its real format, or leave it out", "请改用与实际格式相符的扩展名，或不添加它。"),
    (
        r"save it as (?P<suffix>\S+) without password, or give it the suffix of its real format",
        "请另存为没有密码的 {suffix}，或改用与实际格式相符的扩展名。",
    ),
    (r"split it into smaller files", "请拆成较小的文件。"),
    (r"save (?:its|the) attachments as files", "请把附件另存为文件。"),
    (r"save it as a file", "请另存为文件后添加。"),
    (r"print it to a new PDF and ingest that", "请打印成新的 PDF 后添加。"),
    (r"run text recognition \(OCR\) on it and ingest the result", "请先做文字识别（OCR），再添加识别结果。"),
    (r"check its permissions and the disk, then ingest it again", "请检查文件权限和磁盘，然后重新读取。"),
    (r"ingest (?:it )?again(?: when .+)?", "请稍后重新读取。"),
    (r"split the page, or save it as text|save the page as text", "请拆分网页，或另存为文本。"),
    (r"open and save it again(?: in a word processor)?", "请用相应的软件打开并重新保存。"),
    (r"mend (?:the file|that line) and ingest it again", "请改正后重新读取。"),
    (r"keep the columns that matter", "请只保留需要的列。"),
    (r"save it as UTF-8 CSV with quoted fields", "请另存为 UTF-8 编码、字段带引号的 CSV。"),
    (r"flatten the file", "请减少嵌套层数。"),
    (r"(?:the file is probably damaged; )?save it in another format and ingest that", "请另存为其他格式后添加。"),
    (r"split or simplify the file(?:; .+)?", "请拆分或简化文件。"),
    (r"(?:run: )?(?P<command>pip install .+|\S+ -P -m tadarag.+)", "请运行：{command}"),
    (r"convert it to one of: (?P<formats>.+); or install a parser for it", "请转换为以下格式之一：{formats}。"),
    (r"did you mean (?P<names>.+)\?", "您是不是要找：{names}？"),
    (
        r"list the names that documents share: .+|give a name as documents write it; .+|see (?:what is joined|what is|the decisions in force|who does): .+",
        "可以在图谱页查看各文档中的名称。",
    ),
    (r"say which with .+", "请选择其中一个，或使用更长的名称。"),
    (r"write a year, month or day, such as .+", "请输入年、月或日，例如 2024、2024-05 或 2024-05-31。"),
    (r"only what is joined across documents can be parted; .+|to part bearers of one name: .+", "只有跨文档合并的名称才能分开。"),
    (r"ask again(?:: .+)?", "请重新提问。"),
    (r"list what is there: .+", "可以在文档页查看现有的文档。"),
    (r"keep one of: .+", "请至少保留词语、语义、大纲、核心句或标题中的一层。"),
    (r"set model\.url and model\.name, or use --pipeline default", "请设置 model.url 和 model.name，或改用其他回答方式。"),
    (
        r"check that the endpoint runs and accepts this model, or ask without a model: .+",
        "请检查模型服务是否在运行并提供这个模型，或改用不需要模型的回答方式。",
    ),
    (r"set the key of this endpoint", "请设置这个服务的密钥。"),
    (r"check the model's settings", "请检查模型的设置。"),
    (r"state the address that is meant as the model's endpoint", "请把真正的地址设为模型服务的地址。"),
    (r"raise budget_tokens .+", "请提高 budget_tokens，或改用不需要模型的回答方式。"),
    (r"free disk space or permissions, then run the command again", "请检查磁盘空间和权限，然后重试。"),
    (r"restore a backup, or ingest the documents again", "请恢复备份，或重新读取文档。"),
)
"""What to do about it."""

NO_REMEDY = "具体建议见下面的原文。"

KINDS = {
    "TadaragError": "操作没有完成。",
    "UsageError": "这个请求无法执行。",
    "DocumentError": "这篇文档无法读取。",
    "BaseError": "知识库目前无法使用。",
    "BaseMissing": "没有找到知识库。",
    "BaseBusy": "另一个程序正在写入这个知识库。",
    "BaseDamaged": "知识库没有通过检查。",
    "IndexDamaged": "索引没有通过检查，可以重建。",
    "FormatMismatch": "知识库由另一个版本写成。",
    "EncoderMismatch": "知识库的向量来自另一个编码器。",
    "Refused": "出于安全限制，操作被拒绝。",
    "ModelError": "模型无法使用。",
    "EncoderBroken": "编码器给出了无法使用的向量。",
    "ModelFileDamaged": "模型文件缺失或损坏。",
    "EndpointError": "模型服务没有正常响应。",
    "ContextOverflow": "内容超出了模型的上下文长度。",
    "TemplateError": "领域模板没有通过检查。",
    "TrainingError": "训练没有完成。",
    "PluginError": "所需的扩展没有安装，或安装了多个。",
    "GraphServerError": "图数据库无法连接，或拒绝了请求。",
    "ContentMissing": "产品自带的内容缺失。",
}
"""What an error of a kind says that has no form above."""

CUES = _rules(
    (r"its meaning", "整句的意思"),
    (r"no sign of another", "没有其他迹象"),
    (r"nothing tells another surely", "没有足够明确的迹象"),
    (r"no cue for another", "没有其他提示词"),
    (r"the word '(?P<word>.+)'", "含有“{word}”"),
    (r"the first word '(?P<word>.+)'", "以“{word}”开头"),
    (r"'(?P<word>.+)' more than once", "多次出现“{word}”"),
    (r"'(?P<word>.+)' three times", "三次出现“{word}”"),
    (r"it wants (?P<answer>\S+)", "期望{answer}"),
    (r"a year", "含有年份"),
    (r"two years", "含有两个年份"),
    (r"more than (?P<n>\d+) words", "超过 {n} 个词"),
    (r"language (?P<language>\S+)", "语言为 {language}"),
    (r"a cue for (?P<task>\S+)", "有“{task}”的提示词"),
    (r"the first cue is for (?P<task>\S+)", "首个提示词指向“{task}”"),
    (r"cues of (?P<domain>\S+)", "有“{domain}”的提示词"),
)
"""Signs by which a question was read."""

REASONS = {"task": "任务：", "answer": "期望的答案：", "domain": "领域："}
"""What a reason is about."""
