"""The command group `mom`: the memories of documents, how good they are, and what a model can learn from them."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tadarag.cli.memory_source import DocumentArgument, read_memory
from tadarag.cli.output import counted, one_line, printable, table
from tadarag.cli.plugins import load_encoder
from tadarag.cli.session import Session, with_session
from tadarag.errors import UsageError

if TYPE_CHECKING:
    from tadarag.stored_memory import Judge

app = typer.Typer(add_completion=False, rich_markup_mode=None)

_COLUMNS = ((24, "outline"), (44, "core"), (64, "chunk"))


class Form(StrEnum):
    """Which form of the scores is shown."""

    PUBLISHED = "published"
    REPAIRED = "repaired"


class ThinkingChoice(StrEnum):
    """Which variants of a training record are written."""

    BOTH = "both"
    WITH = "with"
    WITHOUT = "without"


@app.callback(no_args_is_help=True)
def mom() -> None:
    """Show, judge and export the memories of documents.

    A memory is an outline, and for each of its lines one chunk of the document and one core statement.
    """


@with_session
def show(session: Session, document: DocumentArgument) -> None:
    """Show a document's memory: outline line, core statement and chunk side by side.

    With --json: the whole record, with scores in both forms and places in code points.
    """
    from tadarag.stored_memory import memory_record

    record, builder = read_memory(session, document)
    found = memory_record(record, builder)
    session.output.result({"memory": found}, _memory_lines(found, record.document.text))


@with_session
def score(
    session: Session,
    document: DocumentArgument,
    form: Annotated[Form | None, typer.Option("--form", help="Show one form only; both by default.")] = None,
    judge: Annotated[
        str, typer.Option("--judge", metavar="NAME", help='"lexical", "encoder", or the folder of a causal model that transformers reads.')
    ] = "lexical",
) -> None:
    """Judge a document's memory: clarity of its boundaries, completeness of its cores.

    The published form takes the mean over the boundaries that were made and rewards cores that copy; the repaired form looks at the other
    gaps too, and at gain, brevity and support. Scores of different judges must not be compared.
    """
    from tadarag.stored_memory import memory_record

    chosen = _judge(session, judge)
    record, builder = read_memory(session, document)
    found = memory_record(record, builder, judge=chosen)
    forms = [form.value] if form else [one.value for one in Form]
    scores = found["scores"]
    items = [
        {key: item[key] for key in ("i", "outline", "start", "end", "clarity_left", "gain", "brevity", "support")}
        for item in found["items"]
    ]
    built = {"judge": record.memory.judge, **dict(record.memory.scores)} if record.memory.judge else None
    result = {
        "doc_id": found["doc_id"],
        "builder": builder,
        "judge": scores["judge"],
        **{name: scores[name] for name in forms},
        "when_built": built,
        "items": items,
    }
    session.output.result(result, _score_lines(found, forms))


@with_session
def export_training(
    session: Session,
    documents: Annotated[list[str], typer.Argument(metavar="DOC...", help="Names as `tadarag list` shows them, or files.")],
    out: Annotated[Path, typer.Option("--out", metavar="FILE.jsonl", help="Where the records are written, one a line.")],
    thinking: Annotated[ThinkingChoice, typer.Option("--thinking", help="Records with thoughts, without, or both.")] = ThinkingChoice.BOTH,
) -> None:
    """Write training records that teach a model to write such memories.

    Each line is one record in the chat format that trl reads: `messages`, and `prompt` with `completion` so that the loss is on the
    target only. A record that does not lead back to its chunks is left out and counted. Near-duplicate documents share a split.
    """
    from tadarag.training.memory_chains import training_records

    read = [read_memory(session, name) for name in documents]
    n_records, splits, refused = 0, Counter[str](), []
    try:
        with out.open("w", encoding="utf-8") as lines:
            for found in training_records(read, thinking=thinking.value):
                if isinstance(found, dict):
                    lines.write(json.dumps(found, ensure_ascii=False) + "\n")
                    n_records += 1
                    splits[found["meta"]["split"]] += 1
                else:
                    refused.append({"record": found.record_id, "reason": found.reason})
    except OSError as error:
        raise UsageError(f"{str(out)!r} cannot be written ({error.strerror})", "name a file in a folder that can be written") from error
    wrote = f"wrote {one_line(str(out))}: {counted(n_records, 'record')} of {counted(len(read), 'document')}"
    session.output.result(
        {"out": str(out), "n_records": n_records, "splits": dict(sorted(splits.items())), "refused": refused},
        [
            wrote,
            *(f"{name}: {count}" for name, count in sorted(splits.items())),
            *(f"left out: {one_line(entry['record'])} ({one_line(entry['reason'])})" for entry in refused),
        ],
    )


def _judge(session: Session, name: str) -> Judge | None:
    """The judge of that name, None for the lexical one. Raises UsageError for a name that is neither a judge nor a folder."""
    from tadarag.stored_memory import judge_by_encoder, judge_by_model

    if name == "lexical":
        return None
    if name == "encoder":
        return judge_by_encoder(load_encoder(session.encoder_name))
    if not Path(name).is_dir():
        raise UsageError(f"there is no judge {name!r}", "choose lexical, encoder, or the folder of a model")
    return judge_by_model(name)


def _memory_lines(found: Mapping[str, Any], text: str) -> Iterator[str]:
    yield f"{one_line(found['doc_id'])} · scenario {one_line(found['scenario'])} · builder {one_line(found['builder'].partition('/')[0])}"
    if not found["items"]:
        yield "no text"
        return
    rows = [("", *(name for _, name in _COLUMNS))]
    for item in found["items"]:
        line = item["outline"] or (item["path"][-1] if item["path"] else "")
        cells = (line, item["core"], text[item["start"] : item["end"]])
        rows.append((str(item["i"] + 1), *(_cut(cell, width) for cell, (width, _) in zip(cells, _COLUMNS, strict=True))))
    yield from table(rows)
    left_out = [(item["i"] + 1, item["left_out"]) for item in found["items"] if item["left_out"]]
    if left_out:
        yield ""
        yield from (f"left out of core {number}: {one_line(', '.join(facts))}" for number, facts in left_out)
    yield from (f"note: {one_line(note)}" for note in found["notes"])


def _score_lines(found: Mapping[str, Any], forms: list[str]) -> Iterator[str]:
    scores = found["scores"]
    yield f"judge: {one_line(scores['judge'])}"
    figures = [(name, _figure(scores[name]["clarity"], 6), _figure(scores[name]["completeness"], 6)) for name in forms]
    yield from table([("form", "clarity", "completeness"), *figures])
    yield ""
    rows: list[tuple[str, ...]] = [("", "clarity", "gain", "brevity", "support", "outline")]
    for item in found["items"]:
        row = (_figure(item[key], 3) for key in ("clarity_left", "gain", "brevity", "support"))
        rows.append((str(item["i"] + 1), *row, _cut(item["outline"] or " > ".join(item["path"]), 60)))
    yield from table(rows)


def _figure(value: float | None, places: int) -> str:
    return "-" if value is None else f"{value:.{places}f}"


def _cut(text: str, width: int) -> str:
    """The text on one line, cut to so many characters."""
    line = " ".join(printable(text).split())
    return line if len(line) <= width else line[: width - 1] + "…"


app.command("show")(show)
app.command("score")(score)
app.command("export-training")(export_training)
