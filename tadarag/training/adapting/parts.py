"""What of the labelled pages is learned from, what thresholds are chosen on, and what is held back to say how good it is."""

from __future__ import annotations

import gzip
import json
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from tadarag.errors import UsageError
from tadarag.templates.template import Template
from tadarag.training.adapting.labels import Labelled, dumped, types_of

FOLDER = "labelled"
LEARNED, CHOSEN_ON, HELD_BACK, TYPES = "train.jsonl.gz", "dev.jsonl.gz", "held_back.jsonl.gz", "types.json"
CHOSEN_SHARE = 0.15
"""Of what is not held back."""
LEAST = 10
"""Pages in all: fewer tell nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """The pages by what they are for; every page is in one part."""

    learned: tuple[Labelled, ...]
    chosen_on: tuple[Labelled, ...]
    held_back: tuple[Labelled, ...]


def part(labelled: Sequence[Labelled], *, held_back: float, measured_on: Sequence[Labelled] = ()) -> Parts:
    """Deal pages out by the hash of their text, so that a page stays in its part when others come.

    held_back: the share that is measured on, of `measured_on` if that is given, which then is all that is. Raises UsageError for too few pages.
    """
    if len(labelled) < LEAST:
        raise UsageError(f"{len(labelled)} labelled pages are too few to learn from", f"label {LEAST} at least; 200 are a good number")
    if not 0 < held_back < 1:
        raise UsageError(f"{held_back:g} of the pages cannot be held back", "give a share between 0 and 1, such as 0.2")
    if {one.text for one in labelled} & {one.text for one in measured_on}:
        raise UsageError("a page to measure on is also among those to learn from", "take it out of one of the two files")
    order = sorted(labelled, key=lambda one: sha256(one.text.encode()).hexdigest())
    n_held = 0 if measured_on else max(1, round(held_back * len(order)))
    rest = order[n_held:]
    n_chosen = max(1, round(CHOSEN_SHARE * len(rest)))
    return Parts(learned=tuple(rest[n_chosen:]), chosen_on=tuple(rest[:n_chosen]), held_back=tuple(measured_on or order[:n_held]))


def write_parts(parts: Parts, template: Template, folder: Path) -> None:
    """Write the parts in the layout of the extraction sets; equal parts give equal bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, records in ((LEARNED, parts.learned), (CHOSEN_ON, parts.chosen_on), (HELD_BACK, parts.held_back)):
        with (folder / name).open("wb") as raw, gzip.GzipFile(fileobj=raw, mode="wb", filename="", mtime=0) as packed:
            packed.write(dumped(records))
    types = types_of(template, [*parts.learned, *parts.chosen_on, *parts.held_back])
    (folder / TYPES).write_text(json.dumps(types, indent=1, ensure_ascii=False) + "\n", "utf-8")
