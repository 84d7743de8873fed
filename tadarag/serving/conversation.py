"""A conversation as chat clients send it, read as the question that it ends with."""

from __future__ import annotations

from collections.abc import Sequence

from tadarag.conversation import Turn, question_in_context

Message = tuple[str, str]
"""Role and text."""


def last_question(messages: Sequence[Message]) -> str:
    """The last message of the user that says something, "" where there is none."""
    return next((text for role, text in reversed(messages) if role == "user" and text.strip()), "").strip()


def question_of(messages: Sequence[Message]) -> str:
    """The last question, with the names of the turns before where it leans on them; nothing else of earlier messages is read.

    What a system, a tool or a developer says is not read at all.
    """
    turns = _turns(messages)
    return question_in_context(turns[-1].question, turns[:-1]) if turns else ""


def _turns(messages: Sequence[Message]) -> list[Turn]:
    """What the user asked, each with what the assistant said to it."""
    turns: list[Turn] = []
    for role, text in messages:
        if role == "user" and text.strip():
            turns.append(Turn(text.strip()))
        elif role == "assistant" and turns:
            turns[-1] = Turn(turns[-1].question, f"{turns[-1].answer}\n{text}".strip())
    return turns
