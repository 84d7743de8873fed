"""The command that shows everything at once on the documents that ship with tadarag."""

from __future__ import annotations

import json
import shutil
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from tadarag.answer_json import answer_json
from tadarag.cli.answer_text import answer_lines
from tadarag.cli.places import refresh
from tadarag.cli.session import Session, with_session
from tadarag.content import content_folder
from tadarag.errors import ContentMissing, Refused


@with_session
def demo(
    session: Session,
    folder: Annotated[
        Path | None, typer.Argument(metavar="FOLDER", show_default=False, help="Where to copy the samples. Default: a temporary folder.")
    ] = None,
) -> None:
    """Answer three questions from the sample documents.

    The samples are copied, a base is made beside them, and the answers are printed as `tadarag ask` prints them. The folder is kept.
    """
    samples = content_folder("data/samples")
    questions = _questions(samples / "demo.json")
    documents = _copy(samples / "documents", folder)
    session = session.beside(documents).with_flag("base", str(documents))
    answers = []
    with session.open(create=True) as base:
        refresh(session, base, documents)
        for number, question in enumerate(questions, start=1):
            answer = base.ask(question)
            base.keep_answer(answer)
            answers.append(answer)
            if not session.output.as_json:
                session.output.lines([f"question {number}: {question}", *answer_lines(answer, explain=False), ""])
    if session.output.as_json:
        session.output.json_line({"folder": str(documents), "answers": [answer_json(answer) for answer in answers]}, indent=2)
    session.output.note(f'next, a question of your own: tadarag ask {documents} "question"')


def _copy(samples: Path, folder: Path | None) -> Path:
    """The folder with the samples in it. Raises Refused rather than mixing them with other files."""
    if folder is None:
        target = Path(tempfile.mkdtemp(prefix="tadarag-demo-"))
    elif folder.exists() and (not folder.is_dir() or any(folder.iterdir())) and not _holds(folder, samples):
        raise Refused(f"{str(folder)!r} holds other files", "name a folder that is empty or does not exist yet")
    else:
        target = folder
    shutil.copytree(samples, target, dirs_exist_ok=True)
    return target.absolute()


def _holds(folder: Path, samples: Path) -> bool:
    """Whether nothing but an earlier demo is in the folder."""
    names = {entry.name for entry in samples.iterdir()}
    return all(entry.name in names or entry.name.startswith(".") for entry in folder.iterdir())


def _questions(file: Path) -> list[str]:
    if not file.is_file():
        raise ContentMissing(f"the sample questions {file.name} are not where tadarag is installed", "reinstall tadarag")
    return [str(question["question"]) for question in json.loads(file.read_text(encoding="utf-8"))["questions"]]
