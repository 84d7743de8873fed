"""Whether quoted text bears a statement out: its numbers, its names, and enough of its words."""

from __future__ import annotations

import re
from collections.abc import Iterable

from tadarag.analysis import capitalised_names, is_cjk, name_tokens, terms
from tadarag.chinese import simplify
from tadarag.generation.question_form import chinese_terms
from tadarag.generation.term_matching import match_strength

MIN_COVER = 0.6  # share of a statement's content terms that its quotes must hold, themselves or by a synonym
MIN_QUESTION_COVER = 0.4  # the same for "Yes" and "No", which have no content: share of the question's terms
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


def supports(statement: str, quotes: Iterable[str], *, context: str = "", given: str = "", question: str = "") -> bool:
    """Whether `quotes` state what `statement` says.

    context: headings and dates of the cited passages, which count as quoted. given: the cited documents' text; a name of the question
    may stand there instead of in the quote, because a sentence says "it" where the question says the name. Mechanical: it finds
    invented numbers and names and unrelated text, not every wrong reading.
    """
    cited = f"{' '.join(quotes)} {context}"
    if not statement_numbers(statement, question) <= _numbers(cited):
        return False
    if not all(_holds_name(cited, name) or (_holds_name(question, name) and _holds_name(given, name)) for name in _names(statement)):
        return False
    wanted = set(terms(statement))
    if not wanted or statement.strip(" .。") in ("Yes", "No", "是", "否"):
        asked = chinese_terms(question) if any(map(is_cjk, question)) else terms(question)
        return _cover(set(asked), cited) >= MIN_QUESTION_COVER
    return _cover(wanted, f"{cited} {question if _is_name_of(statement, question) else ''}") >= MIN_COVER


def statement_numbers(statement: str, question: str) -> set[str]:
    """Numbers that a statement claims; those inside a name that the question gives ("Otter 30") are not claims."""
    text = statement
    for name in capitalised_names(question):
        text = text.replace(question[name.start : name.end], " ")
    return _numbers(text)


def _numbers(text: str) -> set[str]:
    found = set()
    for match in _NUMBER.finditer(simplify(text)):
        digits = match.group().replace(",", "")
        found.add(str(int(digits)) if digits.isdigit() else digits.rstrip("0").rstrip(".") if digits.count(".") == 1 else digits)
        # A date such as 2025.03.01 counts by its parts as well, so that "1 March 2025" finds them.
        found.update(str(int(part)) for part in re.split(r"[.,]", match.group()) if digits.count(".") > 1)
    return found


def _names(statement: str) -> list[str]:
    """Capitalised names; a single capitalised word that opens the statement says nothing."""
    return [statement[name.start : name.end] for name in capitalised_names(statement) if name.start > 0 or " " in name.text]


def _holds_name(text: str, name: str) -> bool:
    present = {token.text.removesuffix("'s").removesuffix("’s") for token in name_tokens(text)}
    return all(token.text.removesuffix("'s").removesuffix("’s") in present for token in name_tokens(name))


def _is_name_of(statement: str, question: str) -> bool:
    return bool(question) and simplify(statement).lower().strip(" .。") in simplify(question).lower()


def _cover(wanted: set[str], text: str) -> float:
    """Share of terms that a text holds. A CJK character that is a term by itself, as in "16座", may have others beside it in the text ("16座大厦")."""
    folded = simplify(text)
    present = set(terms(text)) | {term for term in wanted if len(term) == 1 and is_cjk(term) and term in folded}
    if not wanted:
        return 1.0
    missing = [
        term
        for term in wanted - present
        if not any(match_strength(term, other) for other in present if is_cjk(other[0]) == is_cjk(term[0]))
    ]
    return 1 - len(missing) / len(wanted)
