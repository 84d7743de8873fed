"""What went wrong, said calmly in two parts: what happened, and what to do. No traceback reaches a person."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from tadarag import BaseBusy, TadaragError

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
    happened, do = in_two_parts(error)
    calm = " calm" if isinstance(error, BaseBusy) else ""
    st.html(
        f'<div class="failure{calm}" role="alert"><p><b>{say("happened")}</b> {as_html(one_line(happened))}</p>'
        f"<p><b>{say('do')}</b> {as_html(one_line(do))}</p></div>"
    )


def in_two_parts(error: Exception) -> tuple[str, str]:
    """What happened and what to do, in the session's language as far as the studio has the words."""
    if isinstance(error, BaseBusy):
        return say("busy"), say("busy_do")
    if isinstance(error, TadaragError):
        return error.happened, error.do
    if isinstance(error, OSError):
        return say("disk", what=error.strerror or type(error).__name__), say("disk_do")
    return say("unexpected", what=f"{type(error).__name__}: {error}"), say("unexpected_do")
