"""Which columns of a table are its id, title and text, and how a row becomes a document by them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tadarag.documents.dates import document_date, parse_date
from tadarag.documents.language import detect_language
from tadarag.documents.text import normalise
from tadarag.errors import DocumentError, UsageError
from tadarag.values import Document

Row = Mapping[str, Any]

_IDS = ("_id", "id", "doc_id", "docid", "document_id", "uuid", "key", "ticket", "ticket_id", "number", "no", "编号", "編號", "序号", "序號")
_TITLES = ("title", "name", "subject", "headline", "heading", "标题", "標題", "题目", "題目", "名称", "名稱", "主题", "主題", "姓名")
_TEXTS = ("text", "body", "content", "contents", "passage", "article", "document", "abstract", "内容", "內容", "正文", "文本", "全文")
_PROSE = (
    "description",
    "summary",
    "message",
    "note",
    "notes",
    "comment",
    "details",
    "answer",
    "描述",
    "说明",
    "說明",
    "摘要",
    "备注",
    "備註",
)
_DATES = (
    "date",
    "published",
    "published_at",
    "created",
    "created_at",
    "opened",
    "timestamp",
    "日期",
    "时间",
    "時間",
    "发布日期",
    "發布日期",
)
_QUIET = ("metadata", "meta", "url", "link", "embedding", "vector")  # kept in `fields`, not in the text
_LOOK_AT_ROWS = 200
_PROSE_LENGTH = 60  # mean characters from which a column is prose
_MAX_DEPTH = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """Names of the columns that hold a row's id, title and text; "" where the table has none."""

    id: str = ""
    title: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """The rows of a file as documents, by part, with the columns they were read by."""

    columns: Columns
    parts: tuple[tuple[str, Document], ...]


def guess_columns(rows: Sequence[Row]) -> Columns:
    """Guess from names first, then (for the text) from where the prose stands, in the first rows.

    Without a text column a row's text is all its columns as "column: value" lines.
    """
    sample = rows[:_LOOK_AT_ROWS]
    names = list(dict.fromkeys(name for row in sample for name in row))
    by_name = {name.strip().lower(): name for name in reversed(names)}
    mean = {name: sum(len(value) for row in sample if isinstance(value := row.get(name), str)) / max(1, len(sample)) for name in names}
    title = _first(_TITLES, by_name)
    text = _first(_TEXTS, by_name) or next(
        (by_name[known] for known in _PROSE if known in by_name and mean[by_name[known]] >= _PROSE_LENGTH), ""
    )
    if not text:
        longest = max((name for name in names if name != title), key=lambda name: mean[name], default="")
        text = longest if longest and mean[longest] >= 2 * _PROSE_LENGTH else ""
    if not title and not text:
        title = next((name for name in names if name != _first(_IDS, by_name) and _names_its_rows(name, sample)), "")
    return Columns(id=_first(_IDS, by_name), title="" if title == text else title, text=text)


def _names_its_rows(name: str, sample: Sequence[Row]) -> bool:
    """Whether a column could be a title: short texts with letters, a different one in each of several rows."""
    values = [value.strip() for row in sample if isinstance(value := row.get(name), str)]
    return 2 <= len(values) == len(sample) == len(set(values)) and all(
        2 <= len(value) <= 80 and not value[:1].isdigit() for value in values
    )


def checked_columns(columns: Columns, rows: Sequence[Row]) -> Columns:
    """The columns a person named, when the table has them. Raises UsageError for one that it lacks."""
    names = list(dict.fromkeys(name for row in rows[:_LOOK_AT_ROWS] for name in row))
    for name in (columns.id, columns.title, columns.text):
        if name and name not in names:
            raise UsageError(f"the table has no column {name!r}", f"choose among: {', '.join(names[:50])}")
    return columns


def read_rows(rows: Sequence[Row], *, columns: Columns | None, media_type: str) -> Table:
    """Rows become documents; a part is the row's id, "row-N" without one, with "~2", "~3" … for a repeated one."""
    chosen = guess_columns(rows) if columns is None else checked_columns(columns, rows)
    taken: set[str] = set()
    parts = []
    for number, row in enumerate(rows, start=1):
        part = _unique(_part(row.get(chosen.id) if chosen.id else None, number), taken)
        parts.append((part, row_document(row, chosen, media_type)))
    return Table(columns=chosen, parts=tuple(parts))


def row_document(row: Row, columns: Columns, media_type: str) -> Document:
    """One row. With a text column the text is that column, then the other values as lines, but for id, title, links and metadata."""
    title = normalise(str(row.get(columns.title) or "")).strip() if columns.title else ""
    body = row.get(columns.text) if columns.text else None
    pairs: list[tuple[str, str]] = []
    date = ""
    if len(row) > bool(columns.id) + bool(columns.title) + bool(columns.text) or not body:
        for name, value in row.items():
            if name != columns.text:
                flat = list(flatten(value, name))
                pairs += flat
                date = date or (parse_date(flat[0][1]) if flat and name.strip().lower() in _DATES else "")
    apart = {columns.id, columns.title} if body else set()
    lines = [f"{name}: {value}" for name, value in pairs if name not in apart and name.split(".")[0].strip().lower() not in _QUIET]
    if body is not None and not isinstance(body, str):
        body = "\n".join(value for _, value in flatten(body, ""))
    text = normalise(body) if body else ""
    if lines:
        text = normalise("\n".join(lines)) if not text else text.rstrip() + "\n\n" + normalise("\n".join(lines))
    return Document(
        text=text,
        title=title,
        media_type=media_type,
        language=_language(text, has_prose=bool(body)),
        date=date or document_date(text),
        fields=tuple((normalise(name), normalise(value)) for name, value in pairs if name not in (columns.id, columns.title)),
    )


def _language(text: str, *, has_prose: bool) -> str:
    """Lines of names and values hold too few function words to tell English by; plain Latin letters are taken for it."""
    language = detect_language(text)
    return "en" if language == "und" and not has_prose and text.isascii() and re.search("[a-z]", text) else language


def flatten(value: Any, name: str) -> Iterable[tuple[str, str]]:
    """The scalars of a JSON value with their paths ("a.b", list items under their list's name), empty ones left out.

    Raises DocumentError when it nests more than 100 deep.
    """
    stack: list[tuple[str, Any, int]] = [(name, value, 0)]
    while stack:
        path, current, depth = stack.pop()
        if depth > _MAX_DEPTH:
            raise DocumentError(f"a JSON value nests more than {_MAX_DEPTH} deep", "flatten the file")
        if isinstance(current, dict):
            stack += [(f"{path}.{key}" if path else str(key), inner, depth + 1) for key, inner in reversed(current.items())]
        elif isinstance(current, list):
            if (
                current
                and all(isinstance(inner, (str, int, float)) for inner in current)
                and sum(len(str(inner)) for inner in current) <= 200
            ):
                yield path, ", ".join(_scalar(inner) for inner in current)
            else:
                stack += [(path, inner, depth + 1) for inner in reversed(current)]
        elif current is not None and current != "":
            yield path, re.sub(r"\s*\n\s*", " ", _scalar(current)).strip()


def _scalar(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _part(value: Any, number: int) -> str:
    """A row's name: its id on one line, at most 200 characters."""
    if value is None or isinstance(value, (dict, list)):
        return f"row-{number}"
    return " ".join(normalise(_scalar(value)).split())[:200] or f"row-{number}"


def _unique(part: str, taken: set[str]) -> str:
    unique, occurrence = part, 1
    while unique in taken:
        occurrence += 1
        unique = f"{part}~{occurrence}"
    taken.add(unique)
    return unique


def _first(known: Sequence[str], by_name: Mapping[str, str]) -> str:
    return next((by_name[name] for name in known if name in by_name), "")
