"""Any spaCy pipeline as an extractor: its entities in the template's types, and facts that its parser reads between them."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from tadarag.errors import ModelError, UsageError
from tadarag.extraction.assembly import UnitwiseExtractor
from tadarag.extraction.extractor import Unit
from tadarag.extraction.labels import type_of_label
from tadarag.extraction.llm_prompt import prompt_language
from tadarag.findings import Findings, FoundFact, FoundName
from tadarag.templates.template import Template
from tadarag.values import Span

if TYPE_CHECKING:
    from spacy.language import Language

RULES = "spacy-1"  # raise with every change that can alter what is made of the same entities
NAMED, PARSED = 0.8, 0.6
"""Of an entity and of a fact: spaCy states no probabilities, these rank its findings and are calibrated on nothing."""
_ARTICLES = frozenset({"the", "a", "an"})
_SUBJECTS = frozenset({"nsubj", "nsubjpass"})
_OBJECTS = frozenset({"dobj", "obj", "attr", "oprd"})
_SIZES = ("trf", "lg", "md", "sm")


@dataclass(frozen=True, slots=True)
class SpacyUnits:
    """A `UnitExtractor` over spaCy pipelines, one for each language ("en", "zh"); text of another language gives nothing.

    Only one thread at a time is in a pipeline.
    """

    pipelines: Mapping[str, Language]
    _guard: threading.Lock = field(default_factory=threading.Lock, compare=False)

    @property
    def fingerprint(self) -> str:
        """Rules, and for each language the pipeline's name, version and patterns."""
        return "/".join((RULES, *(f"{language}={_pipeline_name(self.pipelines[language])}" for language in sorted(self.pipelines))))

    @property
    def trunk(self) -> str:
        """Empty: it reads text, not states."""
        return ""

    def read(self, unit: Unit, template: Template) -> Findings:
        """See `UnitExtractor`. Entities across two sentences and of types that the template lacks are left out, articles before a name too."""
        pipeline = self.pipelines.get(prompt_language(unit) if unit.language == "und" else unit.language.split("-")[0])
        if pipeline is None or not unit.text.strip():
            return Findings()
        with self._guard:
            parsed = pipeline(unit.text)
            found = sorted(_names(parsed, unit, template), key=lambda one: one[0].span)
            names = tuple(name for name, _ in found)
            facts = _facts(parsed, found, unit, template) if parsed.has_annotation("DEP") else ()
        return Findings(names=names, facts=facts)


def spacy_extractor(weights: str = "") -> UnitwiseExtractor:
    """The extractor over installed pipelines: the one named, or for English and Chinese each the largest that is installed.

    weights: a package or folder that `spacy.load` knows. Raises UsageError where spaCy (the extra `spacy`) or every pipeline is missing, ModelError for
    a pipeline that cannot be loaded.
    """
    try:
        import spacy
    except ImportError as error:
        raise UsageError("the extractor spacy needs spaCy, which is not installed", "run: pip install 'tadarag[spacy]'") from error
    names = [weights] if weights else _installed_pipelines(spacy.util.get_installed_models())
    if not names:
        raise UsageError(
            "spaCy is installed, but no pipeline with entities is", "install one, such as: python -m spacy download en_core_web_sm"
        )
    pipelines = [_load(name) for name in names]
    return UnitwiseExtractor(SpacyUnits({pipeline.lang: pipeline for pipeline in pipelines}))


def _load(name: str) -> Language:
    import spacy

    try:
        return spacy.load(name)
    except (OSError, ImportError, ValueError) as error:
        raise ModelError(
            f"the spaCy pipeline {name!r} cannot be loaded ({error})", "check its name, and that it fits this spaCy"
        ) from error


def _installed_pipelines(installed: Sequence[str]) -> list[str]:
    """Of each language the largest that is installed; re-uploads of a pipeline carry its name with a suffix."""
    chosen = []
    for start in ("en_core_web", "zh_core_web"):
        ranked = [name for size in _SIZES for name in sorted(installed) if name.startswith(f"{start}_{size}")]
        chosen += ranked[:1]
    return chosen


def _pipeline_name(pipeline: Language) -> str:
    meta = pipeline.meta
    patterns = [getattr(pipe, "patterns", None) for _, pipe in pipeline.pipeline]
    stated = json.dumps([pipeline.pipe_names, [found for found in patterns if found]], sort_keys=True, default=str)
    return f"{meta['lang']}_{meta['name']}-{meta['version']}-{sha256(stated.encode()).hexdigest()[:8]}"


def _names(parsed: Any, unit: Unit, template: Template) -> Iterator[tuple[FoundName, Any]]:
    """Each entity as a name, with spaCy's own span."""
    for entity in parsed.ents:
        tokens = entity[1:] if len(entity) > 1 and entity[0].lower_ in _ARTICLES else entity
        span = _trimmed(Span(tokens.start_char, tokens.end_char), unit.text)
        label = type_of_label(entity.label_, template)
        has_words = any(character.isalnum() for character in span.of(unit.text))  # small pipelines take emoji for works of art
        if label is not None and has_words and _sentence_of(span, unit) is not None:
            yield FoundName(span=span, kind=label.core, label=label.name, probability=NAMED), tokens


def _trimmed(span: Span, text: str) -> Span:
    covered = span.of(text)
    return Span(span.start + len(covered) - len(covered.lstrip()), span.start + len(covered.rstrip()))


def _sentence_of(span: Span, unit: Unit) -> int | None:
    return next((index for index, one in enumerate(unit.sentences) if one.start <= span.start and span.end <= one.end), None)


def _facts(parsed: Any, found: Sequence[tuple[FoundName, Any]], unit: Unit, template: Template) -> tuple[FoundFact, ...]:
    """A fact for every verb that has a name as its subject and one as its object, or as the object of a preposition at it."""
    place = {token.i: index for index, (_, tokens) in enumerate(found) for token in tokens}
    facts: dict[tuple[int, int, str, int], FoundFact] = {}
    for verb in parsed:
        if verb.pos_ not in ("VERB", "AUX"):
            continue
        heads = {place[child.i] for child in verb.children if child.dep_ in _SUBJECTS and child.i in place}
        tails = {(index, phrase) for index, phrase in _objects(verb, place)}
        for head in heads:
            for tail, phrase in tails:
                fact = _fact(head, tail, phrase, [name for name, _ in found], unit, template)
                if fact is not None:
                    facts.setdefault((fact.sentence, fact.head, fact.relation, fact.tail), fact)
    return tuple(facts[key] for key in sorted(facts))


def _objects(verb: Any, place: Mapping[int, int]) -> Iterator[tuple[int, str]]:
    for child in verb.children:
        if child.dep_ in _OBJECTS and child.i in place:
            yield place[child.i], verb.lower_
        elif child.dep_ in ("prep", "agent"):
            yield from ((place[one.i], f"{verb.lower_} {child.lower_}") for one in child.children if one.dep_ == "pobj" and one.i in place)


def _fact(head: int, tail: int, phrase: str, names: Sequence[FoundName], unit: Unit, template: Template) -> FoundFact | None:
    """The template's relation of that name where it may join the two, else the words themselves."""
    sentence = _sentence_of(names[head].span, unit)
    if head == tail or sentence is None or sentence != _sentence_of(names[tail].span, unit):
        return None
    known = template.relation_labelled(phrase) or template.relation_labelled(phrase.split(" ")[0])
    is_told = known is not None and known.allows(names[head].label, names[tail].label)
    relation = known.name if known is not None and is_told else "_".join(phrase.split())
    if not is_told and template.relation(relation) is not None:  # a relation's own name between types that it does not join
        return None
    return FoundFact(head=head, relation=relation, tail=tail, sentence=sentence, probability=PARSED, is_open=not is_told)
