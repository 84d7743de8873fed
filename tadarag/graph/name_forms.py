"""When one name is a shorter form of another by its letters and words alone; whether the two are one thing is for the caller to say."""

from __future__ import annotations

from tadarag.analysis import is_cjk

_MOST_LETTERS = 10
_FORMS_OF_FIRMS = frozenset(
    "co company corp corporation inc incorporated ltd limited llc plc gmbh ag sa group holding holdings university college".split()
)


def abbreviates(short: str, full: str) -> bool:
    """Whether `short`, which a text puts in brackets after `full`, abbreviates it: its letters stand in `full` in order, the first at its start.

    Source: Schwartz and Hearst, PSB 2003; stricter in that the first letter must begin the name, an article left out, and one letter is a capital.
    """
    letters = [character for character in short.lower() if character.isalnum()]
    if not 2 <= len(letters) <= _MOST_LETTERS or len(letters) >= len(full) or not any(one.isupper() or is_cjk(one) for one in short):
        return False
    text = full.lower().removeprefix("the ")
    at = len(text)
    for place in range(len(letters) - 1, -1, -1):
        at = text.rfind(letters[place], 0, at)
        while place == 0 and at > 0:
            at = text.rfind(letters[0], 0, at)
        if at < 0:
            return False
    return True


def is_shorter_person(short: str, full: str) -> bool:
    """Whether a folded person's name is another one's with the middle names left out or given names as initials ("n.c wyeth")."""
    few, many = short.replace(".", " ").split(), full.replace(".", " ").split()
    if len(few) < 2 or few[-1] != many[-1] or short == full or len(few) > len(many):
        return False
    given = many[:-1]
    for place, one in enumerate(few[:-1]):
        fits = (index for index, other in enumerate(given) if one == other or (len(one) == 1 and other.startswith(one)))
        index = next(fits, None)
        if index is None or (place == 0 and index > 0):
            return False
        given = given[index + 1 :]
    return True


def is_shorter_organization(short: str, full: str) -> bool:
    """Whether a folded name is another one's without the words that say what form the organization has ("taito", "taito corporation")."""
    few, many = short.split(), full.split()
    return 0 < len(few) < len(many) and many[: len(few)] == few and set(many[len(few) :]) <= _FORMS_OF_FIRMS
