"""A node of a property graph and what surrounds it, told in sentences that can be searched and cited."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from tadarag.analysis import is_cjk
from tadarag.documents.building import DocumentBuilder, collapse
from tadarag.integrations.neo4j_graph import ServerNode
from tadarag.values import Document

NAMING = ("name", "title", "fullName", "full_name", "displayName", "label", "名称", "姓名", "名字", "标题")
"""Properties that give a node its name, the first that it has."""
MOST_INCOMING = 200
"""A node that more relationships end at tells only the first so many of them, in the order of their sentences, and how many more there are."""

_LONGEST_SENTENCE = 300  # a longer text is a section of its own, whose sentences are its own
_MOST_NUMBERS = 16  # a longer list of numbers is a vector, which says nothing to a reader
_CAMEL = re.compile(r"(?<=[a-z\d])(?=[A-Z])")
_LATIN_WORD = re.compile(r"[A-Za-z]+")
_ENDS = tuple(".!?。！？…")


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A relationship as one of its ends sees it: its type, the name at the other end, and its properties."""

    kind: str
    name: str
    properties: Mapping[str, Any]


def node_name(node: ServerNode, naming: str = "") -> str:
    """What a node is called: the property `naming`, else the first of NAMING, else its first short text, else its first value; or ""."""
    asked = [naming] if naming else []
    for property_name in (*asked, *NAMING):
        if shown := _one_line(node.properties.get(property_name)):
            return shown
    values = [node.properties[property_name] for property_name in sorted(node.properties)]
    texts = [value for value in values if isinstance(value, str) and len(value) <= 100]
    return next((shown for value in (*texts, *values) if (shown := _one_line(value)) and len(shown) <= 100), "")


def node_document(name: str, node: ServerNode, outgoing: Sequence[Neighbour], incoming: Sequence[Neighbour], **fields: str) -> Document:
    """The node as a document: its name as title, then what it is, its properties, its relationships each way, and its long texts.

    Chinese sentences where its own words are Chinese, English ones elsewhere. Everything is in sorted order, so that equal neighbourhoods
    give equal documents. fields: the document's fields.
    """
    is_chinese = _is_chinese([name, *node.labels, *(value for value in node.properties.values() if isinstance(value, str))])
    builder = DocumentBuilder()
    builder.heading(name, 1)
    builder.paragraph("\n".join(_own_sentences(name, node, is_chinese=is_chinese)))
    builder.paragraph("\n".join(sorted(_relation(name, one.kind, one.name, one.properties, is_chinese) for one in outgoing)))
    told = sorted(_relation(one.name, one.kind, name, one.properties, is_chinese) for one in incoming)
    if len(told) > MOST_INCOMING:
        n_more = len(told) - MOST_INCOMING
        more = f"另有{n_more}个关系指向{name}。" if is_chinese else f"{n_more} more relationships lead to {name}."
        told = [*told[:MOST_INCOMING], more]
    builder.paragraph("\n".join(told))
    for property_name, text in _long_texts(node):
        builder.heading(property_name, 2)
        for paragraph in re.split(r"\n\s*\n", text):
            builder.paragraph(paragraph)
    document = builder.document(title=collapse(name).replace("\n", " "), language="zh" if is_chinese else "", media_type="text/plain")
    return replace(document, date="", fields=tuple(fields.items()))  # a date in it is one of the node's, not the document's own


def words(name: str) -> str:
    """The name of a type or property as words: "WORKED_WITH" and "workedWith" are "worked with"; Chinese stays as it is."""
    spaced = _CAMEL.sub(" ", name).replace("_", " ").split()
    return " ".join(word.lower() if word.isascii() else word for word in spaced)


def shown_value(value: Any) -> str:
    """A property's value as text, "" for one that says nothing to a reader: bytes, vectors, nothing."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple) and not hasattr(value, "srid"):
        is_vector = len(value) > _MOST_NUMBERS and all(isinstance(part, int | float) for part in value)
        return "" if is_vector else ", ".join(shown for part in value if (shown := shown_value(part)))
    if value is None or isinstance(value, bytes | bytearray):
        return ""
    return value.iso_format() if hasattr(value, "iso_format") else str(value)


def _own_sentences(name: str, node: ServerNode, *, is_chinese: bool) -> Iterator[str]:
    if node.labels:
        what = "、".join(node.labels) if is_chinese else " and ".join(_with_article(words(label)) for label in node.labels)
        yield _ended(f"{name}是{what}" if is_chinese else f"{name} is {what}", is_chinese)
    for property_name in sorted(node.properties):
        value = node.properties[property_name]
        shown = _one_line(value)
        if shown and shown != name and not _is_long(value):
            said = f"{name}：{property_name}为{shown}" if is_chinese else f"{name}: {words(property_name)} {shown}"
            yield _ended(said, is_chinese)


def _relation(head: str, kind: str, tail: str, properties: Mapping[str, Any], is_chinese: bool) -> str:
    details = [f"{words(key)} {shown}" for key in sorted(properties) if (shown := _one_line(properties[key]))]
    joint = "" if is_chinese and is_cjk(kind[0]) else " "
    said = f"{head}{joint}{words(kind)}{joint}{tail}"
    if details:
        said += f"（{'，'.join(details)}）" if is_chinese else f" ({', '.join(details)})"
    return _ended(said, is_chinese)


def _long_texts(node: ServerNode) -> Iterator[tuple[str, str]]:
    yield from ((key, node.properties[key]) for key in sorted(node.properties) if _is_long(node.properties[key]))


def _is_long(value: Any) -> bool:
    return isinstance(value, str) and len(value) > _LONGEST_SENTENCE


def _one_line(value: Any) -> str:
    return collapse(shown_value(value)).replace("\n", " ")


def _ended(sentence: str, is_chinese: bool) -> str:
    return sentence if sentence.endswith(_ENDS) else sentence + ("。" if is_chinese else ".")


def _with_article(noun: str) -> str:
    return f"{'an' if noun[:1].lower() in tuple('aeiou') else 'a'} {noun}"


def _is_chinese(texts: Sequence[str]) -> bool:
    """One Han character carries about as much as one Latin word."""
    said = "".join(texts)
    return 0 < sum(map(is_cjk, said)) >= len(_LATIN_WORD.findall(" ".join(texts)))
