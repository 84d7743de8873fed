import csv
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tadarag.documents.columns import Columns, flatten
from tadarag.documents.tables import parse_csv, parse_json, parse_jsonl
from tadarag.documents.text import normalise
from tadarag.errors import DocumentError, UsageError

PROSE = "The ferry left the harbour at noon and it was crowded with people. " * 3
CELL = st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1, max_size=8).filter(lambda cell: not cell.isspace())


@given(st.lists(st.tuples(CELL, CELL), min_size=1, max_size=6))
def test_every_value_of_a_table_stands_in_its_row(rows):
    stream = io.StringIO()
    csv.writer(stream).writerows([("first", "second"), *rows])
    table = parse_csv("a.csv", b"\xef\xbb\xbf" + stream.getvalue().encode())
    assert len(table.parts) == len(rows)
    for (_, document), row in zip(table.parts, rows, strict=True):
        for cell in row:
            assert normalise(cell).strip() in document.text


def test_a_row_of_id_title_and_text_is_exactly_that():
    rows = [
        {"_id": "d1", "title": "Fares", "text": "  Two  spaces stay.\nAnd lines."},
        {"_id": "d2", "title": "", "text": "x", "metadata": {"url": "u"}},
    ]
    table = parse_jsonl("corpus.jsonl", "\n".join(map(json.dumps, rows)).encode())
    assert table.columns == Columns(id="_id", title="title", text="text")
    assert [(part, document.title, document.text) for part, document in table.parts] == [("d1", "Fares", rows[0]["text"]), ("d2", "", "x")]
    assert table.parts[1][1].fields == (("metadata.url", "u"),)


def test_other_columns_follow_the_text_as_lines_and_are_fields():
    ((part, document),) = parse_csv("t.csv", b"id,title,text,status,opened\n7,Leak,Water in the hut.,closed,2024-03-12\n").parts
    assert (part, document.title, document.date) == ("7", "Leak", "2024-03-12")
    assert document.text == "Water in the hut.\n\nstatus: closed\nopened: 2024-03-12"
    assert document.fields == (("status", "closed"), ("opened", "2024-03-12"))


def test_a_table_without_prose_is_lines_of_column_and_value():
    ((part, document), _) = parse_csv("t.csv", "名称;价格\n渡轮;35\n火车;12\n".encode()).parts
    assert (part, document.title, document.text, document.language) == ("row-1", "渡轮", "名称: 渡轮\n价格: 35", "zh")


def test_the_column_of_prose_is_found_without_its_name():
    table = parse_csv("t.csv", f"code,remark\nA,{PROSE}\n".encode())
    assert table.columns.text == "remark"


def test_a_table_without_header_gets_numbered_columns():
    assert [document.text for _, document in parse_csv("t.csv", b"1,2\n3,4\n").parts] == [
        "column 1: 1\ncolumn 2: 2",
        "column 1: 3\ncolumn 2: 4",
    ]


def test_repeated_and_missing_ids_give_different_parts():
    table = parse_csv("t.csv", b"id,text\na,one\na,two\na~2,three\n,four\n")
    assert [part for part, _ in table.parts] == ["a", "a~2", "a~2~2", "row-4"]


def test_named_columns_override_the_guess():
    table = parse_csv("t.csv", b"id,text,body\n1,short,long\n", columns=Columns(id="text", text="body"))
    assert [(part, document.text) for part, document in table.parts] == [("short", "long\n\nid: 1")]


def test_a_named_column_that_is_missing_is_a_usage_error():
    with pytest.raises(UsageError, match="no column 'nope'"):
        parse_csv("t.csv", b"id,text\n1,x\n", columns=Columns(text="nope"))


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(delimiter):
    data = delimiter.join(["name", "price"]) + "\n" + delimiter.join(["Otter, the", "3"] if delimiter != "," else ["Otter", "3"]) + "\n"
    assert [name for name, _ in parse_csv("t.csv", data.encode()).parts[0][1].fields] == ["price"]


def test_a_field_of_a_megabyte_is_read():
    assert len(parse_csv("t.csv", b"id,text\n1," + b"x" * 2**20).parts[0][1].text) == 2**20


def test_too_many_columns_are_refused():
    with pytest.raises(DocumentError, match="1,000,001 columns"):
        parse_csv("t.csv", b"," * 1_000_000)


def test_json_that_wraps_rows_is_a_table_and_other_json_one_document():
    assert [part for part, _ in parse_json("a.json", b'{"count": 2, "items": [{"id": 5, "text": "x"}, {"id": 6, "text": "y"}]}').parts] == [
        "5",
        "6",
    ]
    ((part, document),) = parse_json("a.json", b'{"title": "Otter", "motor": {"kW": 30, "makers": ["A", "B"]}}').parts
    assert (part, document.title, document.text) == ("", "Otter", "title: Otter\nmotor.kW: 30\nmotor.makers: A, B")


def test_json_lines_under_the_name_json_are_read():
    assert len(parse_json("a.json", b'{"a": 1}\n{"a": 2}\n').parts) == 2


@pytest.mark.parametrize("data", [b"[" * 100_000, b'{"a":' * 500 + b"1" + b"}" * 500, b'{"a": ', b"nothing"])
def test_broken_and_bottomless_json_is_refused(data):
    with pytest.raises(DocumentError):
        parse_json("a.json", data)


def test_the_broken_line_is_named():
    with pytest.raises(DocumentError, match=r"line 2 of a\.jsonl"):
        parse_jsonl("a.jsonl", b'{"a": 1}\n{"a": \n')


@given(
    st.recursive(
        st.one_of(st.integers(), st.text(max_size=5), st.none()),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    )
)
def test_flattening_loses_no_number(value):
    flat = " ".join(text for _, text in flatten(value, "v"))
    numbers = []
    stack = [value]
    while stack:
        current = stack.pop()
        if isinstance(current, dict):
            stack += current.values()
        elif isinstance(current, list):
            stack += current
        elif isinstance(current, int):
            numbers.append(str(current))
    assert all(number in flat for number in numbers)


def test_a_column_of_names_is_the_title_where_none_is_called_so():
    table = parse_csv("t.csv", b"id,company,price\nA,Otter Works,3\nB,Heron Mill,4\n")
    assert [(document.title, document.language) for _, document in table.parts] == [("Otter Works", "en"), ("Heron Mill", "en")]
