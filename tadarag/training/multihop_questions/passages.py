"""The passages that questions are made from: read from corpora, from reading sets and from the paragraphs of multi-hop sets."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from tadarag.analysis import CJK

_CHINESE = re.compile(f"[{CJK}]")
_ID_DIGITS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """corpus: the folder that it was read from. language: "en" or "zh"."""

    corpus: str
    id: str
    title: str
    text: str
    language: str


def read_passages(folder: Path, files: Sequence[str]) -> list[Passage]:
    """The different passages of gzipped JSONL files (paths relative to `folder`), in their order.

    A record is a passage of a corpus (_id, title, text), a question of a reading set (title, context) or of a multi-hop set (paragraphs);
    nothing else of a record is looked at. A passage without an id is named by the hash of its title and text.
    """
    passages: dict[tuple[str, str], Passage] = {}
    for file in files:
        corpus = Path(file).parent.as_posix()
        with gzip.open(folder / file, "rt", encoding="utf-8") as lines:
            for line in lines:
                for passage in _passages_of(json.loads(line), corpus):
                    passages.setdefault((passage.title, passage.text), passage)
    return list(passages.values())


def _passages_of(record: Mapping[str, Any], corpus: str) -> Iterator[Passage]:
    if "paragraphs" in record:
        for paragraph in record["paragraphs"]:
            yield _passage(corpus, paragraph["title"], paragraph["text"])
    elif "context" in record:
        yield _passage(corpus, record.get("title", ""), record["context"])
    else:
        yield _passage(corpus, record.get("title", ""), record["text"], record["_id"])


def _passage(corpus: str, title: str, text: str, name: str = "") -> Passage:
    name = name or sha256(f"{title}\n{text}".encode()).hexdigest()[:_ID_DIGITS]
    is_chinese = len(_CHINESE.findall(text)) * 5 > len(text)
    return Passage(corpus=corpus, id=name, title=title, text=text, language="zh" if is_chinese else "en")
