"""CSV, JSON and JSON Lines: a row is a document."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from tadarag.documents.columns import Columns, Row, Table, flatten, read_rows
from tadarag.documents.dates import document_date
from tadarag.documents.language import detect_language
from tadarag.documents.text import decode, normalise, one_line
from tadarag.errors import DocumentError
from tadarag.values import Document

MAX_COLUMNS = 2_000
MAX_ROWS = 2_000_000
_FIELD_LIMIT = 16 * 2**20
_SAMPLE_LINES = 50


def parse_csv(name: str, data: bytes, *, columns: Columns | None = None) -> Table:
    """Rows of a delimited file; delimiter and header row are guessed. Raises DocumentError for a table too wide or broken."""
    text = decode(name, data)
    records = _records(name, text, _delimiter(name, text))
    header = next(records, None)
    if header is None:
        return Table(columns=Columns(), parts=())
    body = list(records)
    if not _is_header(header, body[:_SAMPLE_LINES]):
        body.insert(0, header)
        header = []
    width = max((len(record) for record in body), default=0)
    names = _column_names(header, width)
    rows: list[Row] = [dict(zip(names, record, strict=False)) for record in body]
    return read_rows(rows, columns=columns, media_type="text/csv")


def parse_json(name: str, data: bytes, *, columns: Columns | None = None) -> Table:
    """An array of objects gives a document a row; an object that only wraps such an array likewise; anything else one document.

    Raises DocumentError for broken JSON (JSON Lines under the name .json are read as such).
    """
    text = decode(name, data)
    if not text.strip():
        return Table(columns=Columns(), parts=(("", Document(text="", media_type="application/json")),))
    try:
        value = json.loads(text)
    except RecursionError as error:
        raise _too_deep(name) from error
    except ValueError as error:
        if "Extra data" in str(error) and text.lstrip().startswith("{"):
            return _json_lines(name, text, columns)
        raise DocumentError(f"{one_line(name)} is no valid JSON: {error}", "mend the file and ingest it again") from error
    rows = _rows_of(value)
    if rows is not None:
        return read_rows(rows, columns=columns, media_type="application/json")
    if isinstance(value, dict):
        table = read_rows([value], columns=columns, media_type="application/json")
        return Table(columns=table.columns, parts=(("", table.parts[0][1]),))
    flat = normalise("\n".join(f"{path}: {scalar}" if path else scalar for path, scalar in flatten(value, "")))
    document = Document(text=flat, media_type="application/json", language=detect_language(flat), date=document_date(flat))
    return Table(columns=Columns(), parts=(("", document),))


def parse_jsonl(name: str, data: bytes, *, columns: Columns | None = None) -> Table:
    """One JSON object a line; empty lines are skipped. Raises DocumentError naming the first line that is no JSON object."""
    return _json_lines(name, decode(name, data), columns)


def _json_lines(name: str, text: str, columns: Columns | None) -> Table:
    rows: list[Row] = []
    for number, line in enumerate(text.split("\n"), start=1):
        if not line or line.isspace():
            continue
        try:
            row = json.loads(line)
        except RecursionError as error:
            raise _too_deep(name) from error
        except ValueError as error:
            raise DocumentError(
                f"line {number} of {one_line(name)} is no valid JSON: {error}", "mend that line and ingest it again"
            ) from error
        rows.append(row if isinstance(row, dict) else {"value": row})
        if len(rows) > MAX_ROWS:
            raise _too_many_rows(name)
    return read_rows(rows, columns=columns, media_type="application/jsonl")


def _rows_of(value: Any) -> Sequence[Row] | None:
    if isinstance(value, dict):
        lists = [inner for inner in value.values() if isinstance(inner, list) and inner and all(isinstance(row, dict) for row in inner)]
        scalars = [inner for inner in value.values() if isinstance(inner, str) and len(inner) > 200]
        return lists[0] if len(lists) == 1 and len(value) <= 4 and not scalars else None
    if isinstance(value, list) and value and all(isinstance(row, dict) for row in value):
        return value
    return None


def _records(name: str, text: str, delimiter: str) -> Iterator[list[str]]:
    """Records without empty ones, each at most MAX_COLUMNS wide."""
    previous_limit = csv.field_size_limit(_FIELD_LIMIT)  # the module's limit of 128 KB is process-wide; long documents stand in one field
    try:
        for number, record in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=True)):
            if len(record) > MAX_COLUMNS:
                raise DocumentError(
                    f"{one_line(name)} has {len(record):,} columns; tables are read up to {MAX_COLUMNS:,}", "keep the columns that matter"
                )
            if number > MAX_ROWS:
                raise _too_many_rows(name)
            if any(cell and not cell.isspace() for cell in record):
                yield record
    except csv.Error as error:
        raise DocumentError(f"{one_line(name)} is no readable table: {error}", "save it as UTF-8 CSV with quoted fields") from error
    finally:
        csv.field_size_limit(previous_limit)


def _delimiter(name: str, text: str) -> str:
    """The delimiter that splits the first lines into the same number of fields, more than one; ties by the order here."""
    if name.lower().endswith((".tsv", ".tab")):
        return "\t"
    sample = "\n".join(text[: 2**18].split("\n")[:_SAMPLE_LINES])
    best, best_score = ",", 0.0
    for delimiter in ",;\t|":
        try:
            widths = Counter(len(record) for record in csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter) if record)
        except csv.Error:  # a field beyond the limit: another delimiter may split it
            continue
        if not widths:
            continue
        width, count = widths.most_common(1)[0]
        score = count / widths.total() * min(width, 20) if width > 1 else 0.0
        if score > best_score:
            best, best_score = delimiter, score
    return best


def _is_header(header: Sequence[str], body: Sequence[Sequence[str]]) -> bool:
    """Names are short, all different and no numbers; a table whose columns all look alike in the first row and below has none."""
    cells = [cell.strip() for cell in header]
    if not body:
        return len(cells) > 1
    if any(len(cell) > 80 for cell in cells) or len(set(cells)) < len(cells) or not all(cells[:1]):
        return False
    return not any(re.fullmatch(r"[-+]?[\d.,]+%?|\d{4}-\d\d-\d\d", cell) for cell in cells)


def _column_names(header: Sequence[str], width: int) -> list[str]:
    """Unique names for `width` columns; those without a name are "column N"."""
    names: list[str] = []
    for index in range(max(width, len(header))):
        name = " ".join(header[index].split()) if index < len(header) else ""
        name = name or f"column {index + 1}"
        names.append(name if name not in names else f"{name} ({index + 1})")
    return names


def _too_deep(name: str) -> DocumentError:
    return DocumentError(f"{one_line(name)} nests JSON too deep to be read", "flatten the file")


def _too_many_rows(name: str) -> DocumentError:
    return DocumentError(f"{one_line(name)} has more than {MAX_ROWS:,} rows", "split it into smaller files")
