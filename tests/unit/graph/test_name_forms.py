"""Shorter forms of names, by letters and words alone."""

import pytest

from tadarag.graph.name_forms import abbreviates, is_shorter_organization, is_shorter_person


@pytest.mark.parametrize(
    ("short", "full"),
    [
        ("HCC", "hepatocellular carcinoma"),
        ("WHO", "World Health Organization"),
        ("CBBC", "Children's BBC"),
        ("MoD", "the Ministry of Defence"),
        ("奎航", "奎伦湾航运公司"),
    ],
)
def test_letters_in_order_from_the_first_abbreviate(short: str, full: str) -> None:
    assert abbreviates(short, full)


@pytest.mark.parametrize(
    ("short", "full"),
    [
        ("Geneva", "World Health Organization"),
        ("HO", "World Health Organization"),
        ("OHW", "World Health Organization"),
        ("who", "World Health Organization"),
        ("W", "World Health Organization"),
        ("Halvrin", "Halvrin"),
        ("航运", "奎伦湾航运公司"),
        ("", "Halvrin"),
    ],
)
def test_other_letters_do_not(short: str, full: str) -> None:
    assert not abbreviates(short, full)


@pytest.mark.parametrize("short", ["guybrush threepwood", "g threepwood", "g. u. threepwood", "guybrush u threepwood"])
def test_middle_names_may_be_left_out_and_given_names_be_initials(short: str) -> None:
    assert is_shorter_person(short, "guybrush ulysses threepwood")


@pytest.mark.parametrize("short", ["threepwood", "elaine threepwood", "guybrush", "ulysses threepwood", "guybrush ulysses threepwood"])
def test_other_persons_names_are_no_shorter_form(short: str) -> None:
    assert not is_shorter_person(short, "guybrush ulysses threepwood")


def test_only_words_that_say_the_form_of_an_organization_may_be_left_out() -> None:
    assert is_shorter_organization("taito", "taito corporation")
    assert not is_shorter_organization("samsung", "samsung electronics")
    assert not is_shorter_organization("corporation", "taito corporation")
    assert not is_shorter_organization("taito", "taito")
