"""Texts with gold entities and relations, as the extraction sets keep them, and the template that each is read with."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tadarag.errors import UsageError
from tadarag.evaluation.beir import json_lines, text_field
from tadarag.extraction.set_template import set_template
from tadarag.findings import FoundName
from tadarag.templates.template import Template
from tadarag.values import Span

_LAYOUT = 'give JSONL with "id", "text", "entities" (id, start, end, type) and "relations" (head, tail, type)'


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldText:
    """A text with its gold names and facts.

    names: sorted by span, each span and type once. clusters: for each name the number of the thing it names; names of one thing share it.
    facts: (cluster of the head, relation, cluster of the tail).
    """

    id: str
    text: str
    language: str
    template: Template
    names: tuple[FoundName, ...]
    clusters: tuple[int, ...]
    facts: frozenset[tuple[int, str, int]]

    @property
    def has_coreference(self) -> bool:
        """Whether some thing is named twice, so that facts are stated of things and not of names."""
        return len(set(self.clusters)) < len(self.clusters)


def load_gold(file: Path, *, types: Path | None = None, limit: int | None = None) -> tuple[GoldText, ...]:
    """Read a set; the names of its types are the template.

    types: JSON with "entity_types" and "relation_types" (of each the counts of head_types and tail_types), by default types.json beside the
    file. Records that name a `template` are read with that ontology of ontologies.jsonl.gz beside the file. limit: the first N records.
    Raises UsageError for a missing or malformed file.
    """
    shared = _shared_template(file, types)
    ontologies = _ontologies(file)
    texts: list[GoldText] = []
    for number, row in json_lines(file):
        if limit is not None and len(texts) == limit:
            break
        try:
            texts.append(_gold_text(row, text_field(row, "text", file, number), ontologies.get(row.get("template", ""), shared)))
        except (KeyError, TypeError, ValueError) as error:
            raise UsageError(f"{file}, line {number}: {type(error).__name__} {error}", _LAYOUT) from error
    if not texts:
        raise UsageError(f"{file} holds no text", _LAYOUT)
    return tuple(texts)


def _shared_template(file: Path, types: Path | None) -> Template:
    stated = types or file.parent / "types.json"
    try:
        content = json.loads(stated.read_text(encoding="utf-8"))
        relations = {
            name: (tuple(sides.get("head_types", ())), tuple(sides.get("tail_types", ())))
            for name, sides in content.get("relation_types", {}).items()
        }
        return set_template(file.parent.name, content["entity_types"], relations)
    except FileNotFoundError:
        raise UsageError(f"there is no {stated}, which names the types of the set", "give --types FILE") from None
    except (KeyError, AttributeError, TypeError, ValueError) as error:
        raise UsageError(f"{stated} does not name types: {error}", 'give JSON with "entity_types" and "relation_types"') from error


def _ontologies(file: Path) -> dict[str, Template]:
    stated = file.parent / "ontologies.jsonl.gz"
    if not stated.exists():
        return {}
    found = {}
    for _, row in json_lines(stated):
        concepts = tuple(row["concepts"])
        relations: dict[str, tuple[set[str], set[str]]] = {}
        for one in row["relations"]:  # one relation may be stated for several domains and ranges
            heads, tails = relations.setdefault(one["label"], (set(), set()))
            heads |= {one["domain"]} & set(concepts)
            tails |= {one["range"]} & set(concepts)
        found[str(row["id"])] = set_template(str(row["id"]), concepts, relations)
    return found


def _gold_text(row: Mapping[str, Any], text: str, template: Template) -> GoldText:
    found: dict[tuple[int, int, str], list[str]] = {}
    for entity in row["entities"]:
        if not 0 <= entity["start"] < entity["end"] <= len(text):
            raise ValueError(f"entity {entity['id']} does not lie in the text")
        found.setdefault((entity["start"], entity["end"], entity["type"]), []).append(entity["id"])
    cluster = _clusters(row.get("coref", ()), [ids for _, ids in sorted(found.items())])
    names = tuple(FoundName(span=Span(start, end), kind="", label=label) for start, end, label in sorted(found))
    return GoldText(
        id=str(row.get("id", "")),
        text=text,
        language=str(row.get("lang", "und")),
        template=template,
        names=names,
        clusters=tuple(cluster[ids[0]] for _, ids in sorted(found.items())),
        facts=frozenset((cluster[one["head"]], str(one["type"]), cluster[one["tail"]]) for one in row["relations"]),
    )


def _clusters(groups: Sequence[Sequence[str]], names: Sequence[Sequence[str]]) -> dict[str, int]:
    """For each mention id the number of its thing: stated groups first, then mentions that stand alone (equal span and type are one)."""
    number: dict[str, int] = {}
    for group in groups:
        number.update(dict.fromkeys(group, len(set(number.values()))))
    for ids in names:
        known = next((number[id_] for id_ in ids if id_ in number), len(set(number.values())))
        number.update(dict.fromkeys(ids, known))
    return number


def windows(text: str, sentences: Sequence[Span], lengths: Sequence[int], *, longest: int) -> Iterator[tuple[Span, tuple[Span, ...]]]:
    """The text cut at sentence ends into windows of at most `longest` tokens (one sentence may be longer), with their sentences inside.

    lengths: tokens of each sentence. Sentences of a window count from its start.
    """
    first = 0
    while first < len(sentences):
        last, n = first, lengths[first]
        while last + 1 < len(sentences) and n + lengths[last + 1] <= longest:
            last += 1
            n += lengths[last]
        start, end = sentences[first].start, sentences[last].end
        yield Span(start, end), tuple(Span(one.start - start, one.end - start) for one in sentences[first : last + 1])
        first = last + 1
