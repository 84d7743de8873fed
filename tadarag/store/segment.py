"""A segment: the immutable index of some documents as arrays; built from records, merged, and stripped of its dead."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import blake2b
from typing import Any, get_args

import numpy as np
from numpy.typing import NDArray

from tadarag.analysis import count_terms, is_mostly_cjk, name_key, name_tokens, part_keys, subject_tokens, terms
from tadarag.store.layer_facts import core_text, layer_facts, outline_terms
from tadarag.store.protocol import DocumentInfo, Field
from tadarag.values import Chunk, Mention, Passage, Record, SourceName, Span

FIELDS: tuple[Field, ...] = get_args(Field)
SENTENCE_FIELDS: frozenset[Field] = frozenset({"sentence", "mention"})
UNLINKED_KINDS = frozenset({"time", "number", "money", "percent", "quantity"})
"""Kinds of mention that never link passages: half a corpus shares "2024"."""

LAYOUT = "segments-3"
"""Part of an index's identity: change it when a segment gets other arrays, and every index of the old layout is built anew."""

Arrays = dict[str, NDArray[Any]]
_OF_ROWS = (
    "row_keys",
    "subjects",
    "subject_tokens",
    "passage_lengths",
    "core_lengths",
    "outline_lengths",
    "core_norms",
    "layered",
    "in_cjk",
    "reach",
    "passage_vectors",
    "passage_scales",
)
_OF_SENTENCES = ("sentence_lengths", "core", "sentence_vectors", "sentence_scales")


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredRecord:
    """A record with the number that the database gave its source; `document` is its id in the segment's liveness."""

    id: int
    record: Record


def row_key(source: SourceName, chunk: str) -> int:
    """The 64-bit tie-breaker of a passage: a hash of its source name and chunk id."""
    name = f"{source.root}\0{source.path}\0{source.part}\0{chunk}".encode("utf-8", "surrogatepass")
    return int.from_bytes(blake2b(name, digest_size=8).digest(), "little")


def passage_text_for_index(heading_path: Sequence[str], text: str) -> str:
    """What a passage is searched by, and what the encoder reads: its heading path, then its text."""
    return ". ".join((*heading_path, text)) if heading_path else text


@dataclass(slots=True)
class _Lists:
    """Growing columns of a segment, before they become arrays."""

    keys: dict[Field, list[int]] = field(default_factory=lambda: {name: [] for name in FIELDS})
    ids: dict[Field, list[int]] = field(default_factory=lambda: {name: [] for name in FIELDS})
    counts: dict[Field, list[int]] = field(default_factory=lambda: {name: [] for name in FIELDS})

    def add(self, name: Field, key: int, id_: int, count: int = 1) -> None:
        self.keys[name].append(key)
        self.ids[name].append(id_)
        self.counts[name].append(count)

    def add_counts(self, name: Field, counts: Mapping[int, int], id_: int) -> None:
        self.keys[name].extend(counts)
        self.ids[name].extend([id_] * len(counts))
        self.counts[name].extend(counts.values())


def build_segment(records: Iterable[StoredRecord], *, dimension: int) -> Arrays:
    """The arrays of a segment over `records`, in their order.

    Keys: "row_keys" uint64[R], "documents" int32[R], "subjects" uint64[R], "subject_tokens" int16[R], "starts" int64[R+1],
    "passage_lengths" int32[R], "in_cjk" bool[R], "sentence_lengths" int32[S], "passage_vectors" int8[R, d], "passage_scales" float32[R],
    "sentence_vectors" int8[S, d], "sentence_scales" float32[S], "source_ids" int64[D]; the layers' "core", "core_norms", "reach",
    "layered", "core_lengths", "outline_lengths" as in `Rows`; for each field F of the protocol "F_keys" uint64[K] rising,
    "F_offsets" int64[K+1], "F_ids" int32, "F_counts" int32; "document_json", "passage_json" uint8 with "…_offsets".
    """
    lists = _Lists()
    row_keys: list[int] = []
    owners: list[int] = []
    subjects: list[int] = []
    subject_lengths: list[int] = []
    starts: list[int] = [0]
    passage_lengths: list[int] = []
    in_cjk: list[bool] = []
    sentence_lengths: list[int] = []
    layer_lengths: dict[Field, list[int]] = {"core": [], "outline": []}
    vectors, scales, sentence_vectors, sentence_scales, layers = [], [], [], [], []
    source_ids, document_json, passage_json = [], [], []
    for index, stored in enumerate(records):
        record = stored.record
        source_ids.append(stored.id)
        document_json.append(_document_json(record))
        names = _names_by_sentence(record.extraction.mentions)
        layers.append(layer_facts(record))
        for ordinal, (chunk, vector) in enumerate(zip(record.chunks, record.vectors, strict=True)):
            row = len(row_keys)
            row_keys.append(row_key(record.source, chunk.id))
            owners.append(index)
            passage_json.append(_passage_json(record, chunk, names.get(ordinal, {})))
            key, length = _add_subject(lists, chunk.subject, row)
            subjects.append(key)
            subject_lengths.append(length)
            found = terms(passage_text_for_index(chunk.heading_path, chunk.span.of(record.document.text)))
            counts = count_terms(found)
            in_cjk.append(is_mostly_cjk(found))
            passage_lengths.append(sum(counts.values()))
            lists.add_counts("passage", counts, row)
            sentence_lengths.extend(_add_sentences(lists, record, chunk, starts[-1], names.get(ordinal, {})))
            for layer, of_layer in _layer_terms(record, chunk, counts).items():
                layer_lengths[layer].append(sum(of_layer.values()))
                lists.add_counts(layer, of_layer, row)
            starts.append(starts[-1] + len(chunk.sentences))
            vectors.append(vector.vector)
            scales.append(vector.scale)
            sentence_vectors.append(vector.sentences)
            sentence_scales.append(vector.sentence_scales)
    arrays: Arrays = {
        "source_ids": np.array(source_ids, np.int64),
        "row_keys": np.array(row_keys, np.uint64),
        "documents": np.array(owners, np.int32),
        "subjects": np.array(subjects, np.uint64),
        "subject_tokens": np.array(subject_lengths, np.int16),
        "starts": np.array(starts, np.int64),
        "passage_lengths": np.array(passage_lengths, np.int32),
        "sentence_lengths": np.array(sentence_lengths, np.int32),
        "in_cjk": np.array(in_cjk, np.bool_),
        "core_lengths": np.array(layer_lengths["core"], np.int32),
        "outline_lengths": np.array(layer_lengths["outline"], np.int32),
        "core": np.concatenate([np.zeros(0, np.bool_), *(one.core for one in layers)]),
        "core_norms": np.concatenate([np.zeros(0), *(one.core_norms for one in layers)]),
        "reach": np.concatenate([np.zeros((0, 2), np.int8), *(one.reach for one in layers)]),
        "layered": np.concatenate([np.zeros(0, np.bool_), *(np.full(len(one.reach), len(one.reach) > 1) for one in layers)]),
        "passage_vectors": np.array(vectors, np.int8).reshape(-1, dimension),
        "passage_scales": np.array(scales, np.float32),
        "sentence_vectors": np.concatenate([np.zeros((0, dimension), np.int8), *sentence_vectors]),
        "sentence_scales": np.concatenate([np.zeros(0, np.float32), *sentence_scales]),
    }
    for name in FIELDS:
        columns = (np.array(lists.keys[name], np.uint64), np.array(lists.ids[name], np.int32), np.array(lists.counts[name], np.int32))
        arrays.update(_inverted(name, *columns))
    arrays.update(_texts("document_json", document_json))
    arrays.update(_texts("passage_json", passage_json))
    return arrays


def _add_subject(lists: _Lists, subject: str, row: int) -> tuple[int, int]:
    tokens = subject_tokens(subject)
    if not tokens:
        return 0, 0
    key = name_key(tokens)
    lists.add("subject", key, row)
    for part in part_keys(tokens, cjk=all(len(token) == 1 and not token.isascii() for token in tokens)):
        lists.add("part", part, row)
    return key, len(tokens)


def _add_sentences(lists: _Lists, record: Record, chunk: Chunk, first: int, names: Mapping[int, Sequence[str]]) -> list[int]:
    text, lengths = record.document.text, []
    prefix = count_terms(terms(chunk.subject))
    for index, span in enumerate(chunk.sentences):
        counts = count_terms(terms(span.of(text)))
        for key, count in prefix.items():
            counts[key] = counts.get(key, 0) + count
        lengths.append(sum(counts.values()))
        lists.add_counts("sentence", counts, first + index)
        for name in names.get(index, ()):
            lists.add("mention", name_key(name.split(" ")), first + index)
    return lengths


def _layer_terms(record: Record, chunk: Chunk, of_passage: Mapping[int, int]) -> dict[Field, Mapping[int, int]]:
    """What a chunk is searched by in the core and outline layers; a document of one chunk has no entry there."""
    if len(record.chunks) < 2:
        return {"core": {}, "outline": {}}
    return {"core": count_terms(terms(core_text(chunk, record.document.text))), "outline": outline_terms(chunk, of_passage)}


def _names_by_sentence(mentions: Sequence[Mention]) -> dict[int, dict[int, list[str]]]:
    """chunk -> sentence -> folded names (tokens joined by spaces), each once, in order."""
    names: dict[int, dict[int, list[str]]] = {}
    for mention in mentions:
        if mention.kind in UNLINKED_KINDS or mention.sentence < 0:
            continue
        folded = " ".join(token.text for token in name_tokens(mention.text))
        of_sentence = names.setdefault(mention.chunk, {}).setdefault(mention.sentence, [])
        if folded and folded not in of_sentence:
            of_sentence.append(folded)
    return names


def _document_json(record: Record) -> str:
    source, document = record.source, record.document
    info = [source.root, source.path, source.part, record.content, document.title, document.language, document.date, record.domain]
    return json.dumps([*info, document.media_type, len(document.text), len(record.chunks)], ensure_ascii=True, separators=(",", ":"))


def _passage_json(record: Record, chunk: Chunk, names: Mapping[int, Sequence[str]]) -> str:
    pages = [number for number, page in enumerate(record.document.pages, start=1) if page.start <= chunk.span.start < page.end]
    spans = [[span.start, span.end] for span in chunk.sentences]
    of_sentences = [list(names.get(index, ())) for index in range(len(spans))]
    head = [chunk.id, chunk.span.start, chunk.span.end, chunk.span.of(record.document.text), spans, list(chunk.heading_path), chunk.subject]
    return json.dumps([*head, pages[0] if pages else None, of_sentences, chunk.outline], ensure_ascii=True, separators=(",", ":"))


def _inverted(name: str, keys: NDArray[np.uint64], ids: NDArray[np.int32], counts: NDArray[np.int32]) -> Arrays:
    # ids rise in what comes in (within each key at least), and a stable sort keeps that; merged segments come as sorted runs, on which it is
    # nearly linear.
    order = np.argsort(keys, kind="stable")
    keys, ids, counts = keys[order], ids[order], counts[order]
    starts = np.flatnonzero(np.concatenate([[True], keys[1:] != keys[:-1]])) if len(keys) else np.zeros(0, np.int64)
    offsets = np.concatenate([starts, [len(keys)]]).astype(np.int64)
    return {f"{name}_keys": keys[starts], f"{name}_offsets": offsets, f"{name}_ids": ids, f"{name}_counts": counts}


def _texts(name: str, texts: Sequence[str]) -> Arrays:
    encoded = [text.encode("ascii") for text in texts]
    offsets = np.cumsum([0, *map(len, encoded)], dtype=np.int64)
    return {name: np.frombuffer(b"".join(encoded), np.uint8), f"{name}_offsets": offsets}


def merge_segments(segments: Sequence[Mapping[str, NDArray[Any]]], live_documents: Sequence[NDArray[np.bool_]]) -> Arrays:
    """One segment with the live documents of `segments`, in order; equal to building it from their records.

    live_documents: bool[D] for each segment.
    """
    parts = [_strip(segment, live) for segment, live in zip(segments, live_documents, strict=True)]
    merged: Arrays = {}
    rows = np.cumsum([0, *(len(part["row_keys"]) for part in parts)])
    sentences = np.cumsum([0, *(int(part["starts"][-1]) for part in parts)])
    documents = np.cumsum([0, *(len(part["source_ids"]) for part in parts)])
    for name in ("source_ids", *_OF_ROWS, *_OF_SENTENCES):
        merged[name] = np.concatenate([part[name] for part in parts])
    merged["documents"] = np.concatenate([part["documents"] + np.int32(first) for part, first in zip(parts, documents, strict=False)])
    starts = [part["starts"][1:] + first for part, first in zip(parts, sentences, strict=False)]
    merged["starts"] = np.concatenate([[0], *starts]).astype(np.int64)
    for name in FIELDS:
        firsts = sentences if name in SENTENCE_FIELDS else rows
        keys = np.concatenate([np.repeat(part[f"{name}_keys"], np.diff(part[f"{name}_offsets"])) for part in parts])
        ids = np.concatenate([part[f"{name}_ids"] + np.int32(first) for part, first in zip(parts, firsts, strict=False)])
        merged.update(_inverted(name, keys, ids, np.concatenate([part[f"{name}_counts"] for part in parts])))
    for texts in ("document_json", "passage_json"):
        merged[texts] = np.concatenate([part[texts] for part in parts])
        lengths = np.concatenate([np.diff(part[f"{texts}_offsets"]) for part in parts])
        merged[f"{texts}_offsets"] = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    return merged


def _strip(segment: Mapping[str, NDArray[Any]], live: NDArray[np.bool_]) -> Mapping[str, NDArray[Any]]:
    if live.all():
        return segment
    row_live = live[segment["documents"]]
    widths = np.diff(segment["starts"])
    sentence_live = np.repeat(row_live, widths)
    kept: Arrays = {name: segment[name][row_live] for name in _OF_ROWS}
    kept |= {name: segment[name][sentence_live] for name in _OF_SENTENCES}
    kept["source_ids"] = segment["source_ids"][live]
    kept["documents"] = _renumber(live)[segment["documents"][row_live]]
    kept["starts"] = np.concatenate([[0], np.cumsum(widths[row_live])]).astype(np.int64)
    for name in FIELDS:
        alive = sentence_live if name in SENTENCE_FIELDS else row_live
        ids = segment[f"{name}_ids"]
        keep = alive[ids]
        keys = np.repeat(segment[f"{name}_keys"], np.diff(segment[f"{name}_offsets"]))
        kept.update(_inverted(name, keys[keep], _renumber(alive)[ids[keep]], segment[f"{name}_counts"][keep]))
    for texts, alive in (("document_json", live), ("passage_json", row_live)):
        kept.update(_keep_texts(texts, segment, alive))
    return kept


def _renumber(live: NDArray[np.bool_]) -> NDArray[np.int32]:
    return (np.cumsum(live) - 1).astype(np.int32)


def _keep_texts(name: str, segment: Mapping[str, NDArray[Any]], alive: NDArray[np.bool_]) -> Arrays:
    lengths = np.diff(segment[f"{name}_offsets"])
    offsets = np.concatenate([[0], np.cumsum(lengths[alive])]).astype(np.int64)
    return {name: segment[name][np.repeat(alive, lengths)], f"{name}_offsets": offsets}


class Segment:
    """Read access to the arrays of a segment; holds no liveness, which belongs to a snapshot."""

    def __init__(self, arrays: Mapping[str, NDArray[Any]]) -> None:
        self.arrays = arrays
        self.n_rows = len(arrays["row_keys"])
        self.n_sentences = int(arrays["starts"][-1])
        self.n_documents = len(arrays["source_ids"])
        self._inverted: dict[Field, tuple[NDArray[Any], ...]] = {
            name: tuple(arrays[f"{name}_{part}"] for part in ("keys", "offsets", "ids", "counts")) for name in FIELDS
        }

    def postings(self, name: Field, key: int) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """Ids in this segment that hold `key`, dead ones included, and their counts."""
        keys, offsets, ids, counts = self._inverted[name]
        at = keys.searchsorted(np.uint64(key))
        if at == len(keys) or int(keys[at]) != key:
            return _NO_IDS, _NO_IDS
        start, end = offsets[at], offsets[at + 1]
        return ids[start:end], counts[start:end]

    def known(self, name: Field, keys: NDArray[np.uint64]) -> NDArray[np.bool_]:
        """For each key whether the segment holds it, dead or alive."""
        own = self._inverted[name][0]
        if not len(own):
            return np.zeros(keys.shape, np.bool_)
        at = own.searchsorted(keys)
        at[at == len(own)] = 0  # beyond the last: equal to no key
        return np.asarray(own[at] == keys)

    def info(self, document: int, *, is_live: bool) -> DocumentInfo:
        """What is known of document number `document` of this segment."""
        root, path, part, content, title, language, date, domain, media_type, n_characters, n_passages = self._json(
            "document_json", document
        )
        return DocumentInfo(
            source=SourceName(root, path, part),
            content=content,
            title=title,
            language=language,
            date=date,
            domain=domain,
            media_type=media_type,
            n_characters=n_characters,
            n_passages=n_passages,
            is_live=is_live,
        )

    def passage(self, row: int) -> tuple[Passage, tuple[tuple[str, ...], ...]]:
        """The passage of a row, and the folded names that each of its sentences mentions."""
        chunk, start, end, text, sentences, heading_path, subject, page, names, outline = self._json("passage_json", row)
        info = self.info(int(self.arrays["documents"][row]), is_live=True)
        passage = Passage(
            source=info.source,
            content=info.content,
            chunk=chunk,
            span=Span(start, end),
            text=text,
            sentences=tuple(Span(*pair) for pair in sentences),
            heading_path=tuple(heading_path),
            subject=subject,
            page=page,
            date=info.date,
            language=info.language,
            domain=info.domain,
            outline=outline,
        )
        return passage, tuple(tuple(of_sentence) for of_sentence in names)

    def _json(self, name: str, index: int) -> Any:
        start, end = self.arrays[f"{name}_offsets"][index : index + 2]
        return json.loads(self.arrays[name][start:end].tobytes())

    @cached_property
    def sources(self) -> tuple[int, ...]:
        """The database's numbers of this segment's documents."""
        return tuple(self.arrays["source_ids"].tolist())


_NO_IDS: NDArray[np.int32] = np.zeros(0, np.int32)


def iterate_batches(records: Iterable[StoredRecord], *, limit: int) -> Iterator[list[StoredRecord]]:
    """Records in batches of at least `limit` passages, the last one smaller."""
    batch: list[StoredRecord] = []
    size = 0
    for stored in records:
        batch.append(stored)
        size += len(stored.record.chunks)
        if size >= limit:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch
