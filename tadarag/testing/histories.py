"""Random lives of a folder of documents and of the base over it: what the laws of exactness are tried on."""

from __future__ import annotations

import os
import random
import shutil
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from tadarag.knowledge_base import KnowledgeBase
from tadarag.models.encoder import Encoder, Kind
from tadarag.values import Encoded, Span

NAMES = (
    "a.md",
    "A.md",
    "b.txt",
    "notes/c.md",
    "notes/d.txt",
    "rows.csv",
    "lines.jsonl",
    "中文.md",
    "deep/er/e.txt",
    "cafe\u0301.txt",  # a decomposed name: sources are named in NFC
)
MAIL = "letter.eml"
"""Parsed in a child process that takes half a second to start: part of few histories."""

_SENTENCES = (
    "Ilse Mennick leads the harbour office of Quillen.",
    "The ferry Dusk was built by the Ostrevir Yard in 1998.",
    "Quillen lies at the mouth of the River Ost.",
    "The Ostrevir Yard belongs to Tomas Brandt.",
    "Tomas Brandt was born in Veldam on 3 May 1961.",
    "Veldam has 41,000 inhabitants and one theatre.",
    "Nobody came to the meeting.",
    "奎伦湾扩港工程由晨星建设公司承建。",
    "晨星建设公司的总部设在维尔丹市。",
    "工程于2025年9月开工，预计2028年完成。",
)
N_BODIES = 24
QUESTIONS = (
    "Who leads the harbour office of Quillen?",
    "When was the ferry Dusk built?",
    "Where was the owner of the Ostrevir Yard born?",
    "How many inhabitants has Veldam?",
    "Which river does Quillen lie at?",
    "谁承建奎伦湾扩港工程？",
    "晨星建设公司的总部在哪里？",
    "扩港工程什么时候完成？",
    "Tomas Brandt",
    "theatre",
    "What did nobody come to?",
    "unknown words entirely",
)


def body(name: str, number: int) -> bytes:
    """Content number `number` for a file of that name's format: different numbers mostly give different contents, some share passages."""
    first, second = _SENTENCES[number % len(_SENTENCES)], _SENTENCES[(number * 7 + 3) % len(_SENTENCES)]
    third = _SENTENCES[(number * 3 + 1) % len(_SENTENCES)]
    suffix = Path(name).suffix
    if suffix == ".md":
        text = f"# {first.split()[0]}\n\n{first} {second}\n\n## Part {number % 5}\n\n{third}\n"
    elif suffix == ".csv":
        rows = [f'{key},"Row {key}","{_SENTENCES[(number + key) % len(_SENTENCES)]}"' for key in range(1 + number % 4)]
        text = "\n".join(["id,title,text", *rows]) + "\n"
    elif suffix == ".jsonl":
        text = "".join(
            f'{{"id": "{key}", "text": "{_SENTENCES[(number * 2 + key) % len(_SENTENCES)]}"}}\n' for key in range(1 + number % 3)
        )
    elif suffix == ".eml":
        head = f"From: Ilse <i@example.org>\nTo: Tomas <t@example.org>\nSubject: Note {number % 5}\nDate: Mon, 6 Jan 2025 10:00:00 +0000"
        text = f"{head}\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\n{first}\n{third}\n"
    else:
        text = f"{first}\n\n{second}\n" if number % 6 else ""  # an empty file is a document too
    return text.encode()


Action = Literal["write", "move", "delete", "ingest", "sync", "vacuum", "reopen", "reindex", "repair", "remove", "search"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing that happens. name, other: files. number: which content, or the size of commits. workers: encoder threads."""

    action: Action
    name: str = ""
    other: str = ""
    number: int = 0
    workers: int = 1


def random_history(generator: random.Random, *, n_steps: int, with_mail: bool = False) -> list[Step]:
    """A history of `n_steps` steps, mostly edits and ingests."""
    names = (*NAMES, MAIL) if with_mail else NAMES
    actions: tuple[Action, ...] = (
        "write",
        "write",
        "write",
        "move",
        "delete",
        "ingest",
        "sync",
        "sync",
        "vacuum",
        "reopen",
        "remove",
        "search",
    )
    rare: tuple[Action, ...] = ("reindex", "repair")
    steps = []
    for _ in range(n_steps):
        action = generator.choice(rare) if generator.random() < 0.04 else generator.choice(actions)
        steps.append(
            Step(
                action=action,
                name=generator.choice(names),
                other=generator.choice(names),
                number=generator.randrange(N_BODIES),
                workers=generator.randint(1, 3),
            )
        )
    return steps


def change_folder(folder: Path, step: Step) -> None:
    """Do a step's change to the files of `folder`; a move or delete of a file that is not there does nothing."""
    path, other = folder / step.name, folder / step.other
    if step.action == "write":
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body(step.name, step.number))
    elif step.action == "delete":
        path.unlink(missing_ok=True)
    elif step.action == "move" and path.exists() and path != other:
        other.parent.mkdir(parents=True, exist_ok=True)
        path.replace(other)


class LivingBase:
    """A base over a folder that steps happen to; opened again when a step says so."""

    def __init__(self, folder: Path, make_encoder: Callable[[], Encoder]) -> None:
        self.folder = folder
        self._make_encoder = make_encoder
        self.base = KnowledgeBase.open(folder, encoder=make_encoder())

    def take(self, step: Step) -> None:
        """Let one step happen."""
        change_folder(self.folder, step)
        if step.action == "reopen" or step.workers != 1:
            self.base.close()
            self.base = KnowledgeBase.open(self.folder, encoder=self._make_encoder(), workers=step.workers)
        if step.action in ("ingest", "sync"):
            self.base.ingest(self.folder, sync=step.action == "sync", yes=True, commit_passages=1 + step.number % 7)
        elif step.action == "vacuum":
            self.base.vacuum()
        elif step.action == "repair":
            self.base.repair()
        elif step.action == "reindex":
            self.base.reindex(self._make_encoder())
        elif step.action == "search":
            self.base.search(QUESTIONS[step.number % len(QUESTIONS)])
        elif step.action == "remove":  # from the base, while the file stays: the next ingest brings it back
            present = self.base.list()
            if present:
                self.base.delete(present[step.number % len(present)].source)

    def mirror(self) -> None:
        """Bring the base to what the folder holds now."""
        self.base.ingest(self.folder, sync=True, yes=True)

    def close(self) -> None:
        """Close the base."""
        self.base.close()


def fresh_base(documents: Path, place: Path, encoder: Encoder) -> KnowledgeBase:
    """A new base in `place` over a copy of the files of `documents`: what every history must end equal to."""
    shutil.copytree(documents, place, ignore=shutil.ignore_patterns(".tadarag"))
    base = KnowledgeBase.open(place, encoder=encoder, workers=1)
    base.ingest(place, sync=True, yes=True)
    return base


class CountingEncoder:
    """An encoder around another that counts what it is asked to read, queries left out."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._guard = threading.Lock()
        self.n_read = 0

    @property
    def fingerprint(self) -> str:
        """The inner encoder's."""
        return self._encoder.fingerprint

    @property
    def trunk(self) -> str:
        """Empty: it returns no states."""
        return ""

    @property
    def dimension(self) -> int:
        """The inner encoder's."""
        return self._encoder.dimension

    def read(self, text: str, sentence_spans: Sequence[Span] = (), *, kind: Kind = "passage") -> Encoded:
        """See `Encoder.read`."""
        if kind == "passage":
            with self._guard:
                self.n_read += 1
        return self._encoder.read(text, sentence_spans, kind=kind)

    def count_tokens(self, text: str) -> int:
        """The inner encoder's."""
        return self._encoder.count_tokens(text)


def run_killed(action: Callable[[Callable[[str], None]], None], *, kill_at: int | None) -> list[str] | None:
    """Run `action(observe)` in a forked child that kills itself at the `kill_at`-th observed step (0: the first), as a power cut would.

    Returns None when it was killed, the names of all steps when it came to its end (kill_at None: always). POSIX only.
    """
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        _act_and_exit(action, kill_at, writing)
    os.close(writing)
    with os.fdopen(reading, encoding="utf-8") as stream:
        said = stream.read()
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return None
    if os.waitstatus_to_exitcode(status) != 0:
        raise AssertionError(f"the child failed: {said}")
    return said.split("\n")[:-1]


def _act_and_exit(action: Callable[[Callable[[str], None]], None], kill_at: int | None, writing: int) -> None:
    import signal
    import traceback

    n_seen = 0

    def observe(step: str) -> None:
        nonlocal n_seen
        if n_seen == kill_at:
            os.kill(os.getpid(), signal.SIGKILL)
        n_seen += 1
        os.write(writing, f"{step}\n".encode())

    status = 0
    try:
        action(observe)
    except BaseException:  # noqa: BLE001 (the child's last door: the parent raises what it says)
        os.write(writing, traceback.format_exc().encode())
        status = 1
    os._exit(status)
