"""Stages before any model: documents, and the records that mom makes of their memories. No torch."""

from __future__ import annotations

from collections import Counter

from tadarag.errors import TrainingError
from tadarag.training.causal.run_report import write_json
from tadarag.training.memory_reader.memory_records import RECORDS, parted, read_records, records_of, write_records
from tadarag.training.memory_reader.source_documents import DOCUMENTS, read_documents, read_folder, sample_documents, write_documents
from tadarag.training.memory_reader.tiny_documents import make_documents
from tadarag.training.stage_run import StageRun

_WINDOW_UNITS = 250


def take_documents(run: StageRun) -> None:
    """The Markdown, text and HTML files of the one input, or the sample corpus where there is none. Parameters: licence, of the input's texts."""
    folder = next(iter(run.inputs.values()), None)
    documents = sample_documents() if folder is None else read_folder(folder, licence=run.parameters.get("licence", ""))
    run.report(f"{len(documents)} documents")
    write_documents(documents, run.folder / DOCUMENTS)


def generate_documents(run: StageRun) -> None:
    """Documents from words. Parameters: n, languages, n_topics."""
    parameters = dict(run.parameters)
    parameters["languages"] = tuple(parameters.get("languages", ("en", "zh")))
    write_documents(make_documents(parameters.pop("n"), seed=run.seed, **parameters), run.folder / DOCUMENTS)


def make_records(run: StageRun) -> None:
    """Records of the documents of the one input, with and without thoughts; figures.json says what became of the parts.

    Parameters: thinking (both, with, without), window_units (words or Chinese characters that are read at once), n_candidates (6 or 1),
    most_characters (a text and its target that are longer are left out; 0 for no limit).
    """
    [folder] = run.inputs.values()
    thinking, units = run.parameters.get("thinking", "both"), run.parameters.get("window_units", _WINDOW_UNITS)
    documents = read_documents(folder / DOCUMENTS)
    records, refused = records_of(documents, thinking=thinking, window_units=units, n_candidates=run.parameters.get("n_candidates", 6))
    most = run.parameters.get("most_characters", 0)
    kept = [one for one in records if not most or len(one["document"]) + len(one["target"]) <= most]
    if not kept:
        raise TrainingError("no document gave a record that is short enough", "raise most_characters, or add documents")
    write_records(kept, run.folder / RECORDS)
    taught, held = parted(read_records(run.folder / RECORDS))
    chunks = Counter(str(len(one["scenarios"])) for one in kept)
    write_json(
        {
            "documents": len(documents),
            "records": len(kept),
            "taught": len(taught),
            "held_out": len(held),
            "with_thoughts": sum(bool(one["think"]) for one in kept),
            "left_out_as_too_long": len(records) - len(kept),
            "refused": refused,
            "records_by_chunks": dict(sorted(chunks.items())),
        },
        run.folder / "figures.json",
    )
