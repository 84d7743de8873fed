"""A development set cut in two by question id: half A to fit on, half B to measure on."""

from __future__ import annotations

from hashlib import md5
from typing import Literal

Half = Literal["", "A", "B"]


def half_of(question_id: str) -> Literal["A", "B"]:
    """ "A" where the MD5 of the id is an even number, else "B"; nothing else of the question or its file decides."""
    return "B" if int(md5(question_id.encode(), usedforsecurity=False).hexdigest(), 16) % 2 else "A"


def in_half(question_id: str, half: Half) -> bool:
    """Whether a question belongs to a half; every one does where half is ""."""
    return not half or half_of(question_id) == half
