"""An answer while it is made: asked in a thread of its own, and what a person sees of it so far."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

from tadarag import Answer, AnswerEvent

Ask = Callable[[Callable[[AnswerEvent], None]], Answer]
"""Asks, telling of events from the thread that it is called in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A stretch of an answer and what is known of it."""

    text: str
    state: Literal["unchecked", "checked", "withdrawn"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What has come so far: text that nobody has checked, then statements with their checks; `answer` when all is done."""

    pieces: tuple[Piece, ...] = ()
    answer: Answer | None = None


class Asking:
    """A question that is being answered in a thread of its own; who turns to another page finds it again, further on."""

    def __init__(self, ask: Ask) -> None:
        self.draft = Draft()
        self.error: Exception | None = None
        self._changed = threading.Condition()
        self._n_events = 0
        self._is_over = False
        threading.Thread(target=self._work, args=(ask,), name="studio-question", daemon=True).start()

    def drafts(self) -> Iterator[Draft]:
        """What a person sees, now and after each change, until the answer is there. Raises what asking raised."""
        seen = -1
        while True:
            with self._changed:
                while self._n_events == seen and not self._is_over:
                    self._changed.wait()
                seen, draft, is_over = self._n_events, self.draft, self._is_over
            if self.error is not None:
                raise self.error
            yield draft
            if is_over:
                return

    def _work(self, ask: Ask) -> None:
        try:
            answer = ask(self._hear)
        except Exception as error:  # noqa: BLE001 (a worker's door: raised again where the person waits)
            self._end(error=error)
        else:
            self._end(answer=answer)

    def _hear(self, event: AnswerEvent) -> None:
        with self._changed:
            self.draft = after(self.draft, event)
            self._n_events += 1
            self._changed.notify_all()

    def _end(self, *, answer: Answer | None = None, error: Exception | None = None) -> None:
        with self._changed:
            self.draft, self.error = replace(self.draft, answer=answer), error
            self._is_over = True
            self._changed.notify_all()


def after(draft: Draft, event: AnswerEvent) -> Draft:
    """The draft with one more event: the first check takes the place of the unchecked text, statement by statement."""
    if event.kind == "done":
        return draft
    if event.kind == "text":
        before = "".join(piece.text for piece in draft.pieces if piece.state == "unchecked")
        return replace(draft, pieces=(Piece(text=before + event.text, state="unchecked"),))
    known = tuple(piece for piece in draft.pieces if piece.state != "unchecked")
    return replace(draft, pieces=(*known, Piece(text=event.text, state="checked" if event.kind == "checked" else "withdrawn")))
