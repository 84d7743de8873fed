"""The canonical form of a base: JSON lines that are equal for equal bases whatever their history, and the digests over it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

from tadarag.document_json import canonical_json, document_from_json, document_to_json
from tadarag.errors import UsageError
from tadarag.store.codec import chunks_to_json, extraction_to_json, memory_to_json, pack_vectors
from tadarag.store.protocol import READING, TIER, Change, Decision, Store
from tadarag.values import Document, SourceName

EXPORT_FORMAT = "tadarag-export/1"


def export_lines(store: Store) -> Iterator[str]:
    """Lines of the export: a head with the settings, documents sorted by source, decisions, recorded results. No vectors, times or ledger."""
    yield canonical_json({"format": EXPORT_FORMAT, "settings": dict(store.settings)})
    used: set[str] = set()
    contents: set[str] = set()
    for record in store.records():
        used.update(record.memory.readings, *(found.readings for found in record.findings))
        contents.add(record.content)
        yield canonical_json(
            {
                "source": [record.source.root, record.source.path, record.source.part],
                "content": record.content,
                "domain": record.domain,
                "document": document_to_json(record.document),
                "chunks": chunks_to_json(record.chunks),
                "memory": memory_to_json(record.memory),
                "extraction": extraction_to_json(record.extraction),
            }
        )
    for decision in store.decisions():
        if decision.kind == TIER and json.loads(decision.body)[1] not in contents:
            continue
        yield canonical_json({"decision": [decision.kind, decision.body]})
    for key, body in store.recorded():
        if key in used or not key.startswith(READING):  # what a document that has gone was read from is no longer part of the truth
            yield canonical_json({"recorded": [key, body]})


def truth_digest(store: Store) -> str:
    """SHA-256 over the canonical export."""
    digest = sha256()
    for line in export_lines(store):
        digest.update(line.encode("utf-8", "surrogatepass") + b"\n")
    return digest.hexdigest()


def vectors_digest(store: Store) -> str:
    """SHA-256 over the stored vectors of present documents, by key."""
    packed = {
        key: pack_vectors(vectors) for record in store.records() for key, vectors in zip(record.vector_keys, record.vectors, strict=True)
    }
    digest = sha256()
    for key in sorted(packed):
        digest.update(key.encode() + packed[key])
    return digest.hexdigest()


def write_export(lines: Iterable[str], path: Path) -> None:
    """Write an export; `path` appears whole or not at all."""
    temporary = path.with_name(path.name + ".part")
    with temporary.open("w", encoding="utf-8", errors="surrogatepass", newline="\n") as file:
        file.writelines(f"{line}\n" for line in lines)
    temporary.replace(path)


def read_export(path: Path) -> tuple[list[tuple[SourceName, str, Document]], Change]:
    """Documents of an export with their content hashes, and a change with its decisions and recorded results. Raises UsageError."""
    documents: list[tuple[SourceName, str, Document]] = []
    decisions: list[Decision] = []
    recorded: list[tuple[str, str]] = []
    for number, value in enumerate(_values(path), start=1):
        if number == 1:
            if not isinstance(value, dict) or value.get("format") != EXPORT_FORMAT:
                raise UsageError(
                    f"{path.name} is not an export of tadarag (its first line does not say {EXPORT_FORMAT})",
                    "make one with: tadarag export OUT",
                )
            continue
        try:
            if "source" in value:
                documents.append((SourceName(*value["source"]), value["content"], document_from_json(value["document"])))
            elif "decision" in value:
                decisions.append(Decision(kind=value["decision"][0], body=value["decision"][1]))
            else:
                recorded.append((value["recorded"][0], value["recorded"][1]))
        except (KeyError, TypeError, IndexError) as error:
            raise UsageError(f"{path.name}, line {number}: not a line of an export ({error})", "export the base again") from error
    return documents, Change(decisions=tuple(decisions), recorded=tuple(recorded))


def _values(path: Path) -> Iterator[Any]:
    try:
        with path.open("rb") as file:
            number = 0
            for number, line in enumerate(file, start=1):
                try:
                    yield json.loads(line.decode("utf-8", "surrogatepass"))
                except ValueError as error:  # not UTF-8, or not JSON
                    raise UsageError(f"{path.name}, line {number}: not JSON ({error})", "export the base again") from error
    except OSError as error:
        raise UsageError(f"{path} cannot be read ({error.strerror})", "name a file that `tadarag export` wrote") from error
    if not number:
        raise UsageError(f"{path.name} is empty", "make an export with: tadarag export OUT")
