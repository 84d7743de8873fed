"""Every parser of the core passes the contract, in this process and through the pool."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pytest

from tadarag.documents.parsing import Parser, parse
from tadarag.documents.pool import ParserPool
from tadarag.testing import sample_files
from tadarag.testing.parser_contract import ParserContract

HTML = b"<html lang=en><head><title>Fares | Courier</title></head><body><nav>Home</nav><h1>Fares <i>rise</i></h1><p>It is 35 korla now.</p></body></html>"
PAGE = [("Ferry Fares", 18.0), ("", 10.0), ("The fare rises to 35 korla in the spring of", 10.0), ("next year, as the line said.", 10.0)]


class TestTheCore(ParserContract):
    def parser(self) -> Parser:
        return parse

    def files(self) -> Mapping[str, bytes]:
        return {
            "a.txt": "FERRY FARES\n\nCafe\u0301 talk\r\nThe fare rises.\r\n".encode(),
            "a.md": b"---\ntitle: Fares\ndate: 2024-03-12\n---\n# *Ferry* fares\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\nSub\n---\n\nThe fare rises.\n",
            "a.html": HTML,
            "a.csv": b"id,title,text\n1,Fares,The fare rises.\n1,Fares,Again.\n",
            "a.json": b'[{"name": "Otter", "power": 30}, {"name": "Heron", "power": 75}]',
            "a.jsonl": b'{"_id": "d1", "title": "Fares", "text": "The fare rises."}\n',
            "a.eml": bytes(sample_files.mail(attach=(("fares.csv", b"id,text\n7,The table.\n"), ("photo.png", b"\x89PNG\r\n\x1a\n")))),
            "a.pdf": sample_files.pdf(PAGE, PAGE[2:], header="The Courier", footer="Page {page}"),
            "a.docx": sample_files.docx(),
        }

    def phrases(self) -> Mapping[str, str]:
        return dict.fromkeys(self.files(), "The fare rises") | {
            "a.html": "It is 35 korla now.",
            "a.json": "power: 75",
            "a.eml": "The fare rises to 35 korla.",
            "a.docx": "crowded with people",
        }

    def damaged(self) -> Mapping[str, bytes]:
        return {
            "cut.pdf": sample_files.pdf(PAGE)[:400],
            "secret.pdf": sample_files.pdf(PAGE, password="otter"),
            "scan.pdf": sample_files.scanned_pdf(),
            "text.pdf": b"no PDF at all",
            "cut.docx": sample_files.docx()[:2000],
            "bomb.docx": sample_files.zip_bomb(),
            "picture.md": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
            "noise.txt": bytes(range(256)) * 8,
            "byte.txt": b"\xff",
            "wide.csv": b"," * 1_000_000,
            "deep.json": b"[" * 100_000,
            "broken.json": b'{"a": ',
            "broken.jsonl": b'{"a": 1}\n{"a": \n',
            "deep.html": b"<div>" * 50_000,
            "none.eml": b"just some words",
            "line\nbreak.xyz": b"x",
            "slides.pptx": b"PK\x03\x04 no slides",
        }


class TestThePool(TestTheCore):
    _pool: ParserPool

    @pytest.fixture(scope="class", autouse=True)
    @classmethod
    def pool(cls) -> Iterator[ParserPool]:
        with ParserPool(seconds=30) as pool:
            cls._pool = pool
            yield pool

    def parser(self) -> Parser:
        return self._pool.parse
