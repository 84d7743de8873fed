"""What went wrong, said calmly in two parts: what happened, and what to do. No traceback reaches a person."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from tadarag import BaseBusy, TadaragError

from .library_words import Told, error_told
from .safe_text import as_html, one_line
from .words import say

_LOG = logging.getLogger("tadarag.studio")


@contextmanager
def told_calmly() -> Iterator[None]:
    """The studio's door: what fails inside is shown in two parts and logged, and the rest of the page goes on."""
    try:
        yield
    except Exception as error:  # noqa: BLE001 (the studio's door: the reason is shown and logged, whatever it is)
        if not isinstance(error, TadaragError):
            _LOG.exception("the studio failed unexpectedly")
        show_failure(error)


def show_failure(error: Exception) -> None:
    """Show an error. A base that another process writes is no failure: it is said as news."""
    said = in_two_parts(error)
    calm = " calm" if isinstance(error, BaseBusy) else ""
    st.html(
        f'<div class="failure{calm}" role="alert"><p><b>{say("happened")}</b> {as_html(one_line(said.happened))}</p>'
        f"<p><b>{say('do')}</b> {as_html(one_line(said.do))}</p>{original_html(said)}</div>"
    )


def in_two_parts(error: Exception) -> Told:
    """What happened and what to do, in the session's language."""
    if isinstance(error, BaseBusy):
        return Told(happened=say("busy"), do=say("busy_do"))
    if isinstance(error, TadaragError):
        return error_told(error)
    if isinstance(error, OSError):
        return Told(happened=say("disk", what=error.strerror or type(error).__name__), do=say("disk_do"))
    return Told(happened=say("unexpected", what=f"{type(error).__name__}: {error}"), do=say("unexpected_do"))


def original_html(said: Told) -> str:
    """The library's own words, to be unfolded, as HTML; "" where nothing of them is lost."""
    lines = "".join(f'<p lang="en">{as_html(one_line(line))}</p>' for line in said.original.splitlines())
    return f"<details><summary>{say('original')}</summary>{lines}</details>" if lines else ""
