"""tadarag's extractors as a spaCy pipeline component: names in doc.ents, facts between them in doc._.relations."""

from __future__ import annotations

import json
import os
import warnings
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from tadarag.components import Components, default_components
from tadarag.derivation import derive
from tadarag.documents.language import detect_language
from tadarag.errors import UsageError
from tadarag.integrations.extras import needs_extra
from tadarag.integrations.spacy_findings import FINDINGS, check_extensions, findings_of, register_extensions
from tadarag.models.onnx_encoder import load_shipped
from tadarag.templates.library import load_template
from tadarag.templates.template import Template
from tadarag.tiers import LLM, make_extractor
from tadarag.values import Document, Extraction, Mention, SourceName

with needs_extra("spacy"):
    from spacy.language import Language
    from spacy.tokens import Doc, Span
    from spacy.util import filter_spans

__all__ = ["TadaragExtractor", "make_component"]

_LANGUAGES = ("en", "zh")
_STATE = "component.json"

register_extensions()


class TadaragExtractor:
    """Reads a doc's text with an extractor and a template; the tokens only say where its entities begin and end.

    extractor: "small" (ships), "rules", "spacy:PIPELINE", "gliner:FOLDER", or any name of the entry-point group `tadarag.extractors` that needs no language
    model. template: the domain in whose types and relations is read; "" for that of each text. overwrite_ents: entities that are there give
    way to those found here, otherwise they stay and only what touches none of them is added.
    """

    def __init__(self, name: str = "tadarag", *, extractor: str = "small", template: str = "", overwrite_ents: bool = False) -> None:
        self.name = name
        self._settings = {"extractor": extractor, "template": template, "overwrite_ents": overwrite_ents}
        self._opened: tuple[int, Components] | None = None
        check_extensions()
        self._check()

    @property
    def labels(self) -> tuple[str, ...]:
        """The entity types of the template; values (money, percent, quantity and the like) come on top."""
        template = self._template()
        return () if template is None else tuple(one.name for one in template.entity_types)

    def __call__(self, doc: Doc) -> Doc:
        """Set the doc's entities and relations. Raises ModelFileDamaged, or what the extractor raises."""
        extraction = self._extract(doc)
        found = [_entity(doc, mention) for mention in extraction.mentions]
        kept = [] if self._settings["overwrite_ents"] else list(doc.ents)
        taken = {token.i for entity in kept for token in entity}
        fresh = filter_spans(span for span in found if span is not None and not any(token.i in taken for token in span))
        doc.set_ents([*kept, *fresh])
        doc.user_data[FINDINGS] = findings_of(extraction)
        for span, mention in zip(found, extraction.mentions, strict=True):
            if span is not None:
                span._.probability, span._.normal = mention.probability, mention.normal
        return doc

    def to_bytes(self, *, exclude: Iterable[str] = ()) -> bytes:
        """The settings and the template's fingerprint; models and templates are those of the place where it is loaded."""
        return json.dumps(self._state(), sort_keys=True).encode()

    def from_bytes(self, data: bytes, *, exclude: Iterable[str] = ()) -> TadaragExtractor:
        """Take over what `to_bytes` wrote; warns when the template reads otherwise here. Raises UsageError when it is not there."""
        return self._restore(json.loads(data))

    def to_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> None:
        """`to_bytes` into a folder."""
        folder = Path(path)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / _STATE).write_bytes(self.to_bytes())

    def from_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> TadaragExtractor:
        """`from_bytes` from a folder."""
        return self.from_bytes((Path(path) / _STATE).read_bytes())

    def __getstate__(self) -> dict[str, Any]:
        return {"name": self.name, "_settings": self._settings, "_opened": None}  # a copy in another process opens its own models

    def _check(self) -> None:
        if str(self._settings["extractor"]).partition(":")[0] == LLM:
            raise UsageError(
                "a spaCy pipeline has no language model for the extractor 'llm'",
                "choose another, such as small; or ingest with a model: tadarag ingest DIR --tier llm",
            )
        self._template()

    def _template(self) -> Template | None:
        name = str(self._settings["template"])
        return load_template(name) if name else None

    def _components(self) -> Components:
        """Made at the first text of each process: models do not survive a fork."""
        if self._opened is None or self._opened[0] != os.getpid():
            encoder, template = load_shipped(), self._template()
            name, _, weights = str(self._settings["extractor"]).partition(":")
            extractor = make_extractor(name, weights=weights, encoder=encoder)
            templates = None if template is None else (template,)
            self._opened = os.getpid(), default_components(encoder, extractor=extractor, templates=templates)
        return self._opened[1]

    def _extract(self, doc: Doc) -> Extraction:
        language = detect_language(doc.text)
        if language == "und" and doc.lang_ in _LANGUAGES:
            language = doc.lang_
        return derive(SourceName("spacy", self.name), "", Document(text=doc.text, language=language), self._components()).extraction

    def _state(self) -> dict[str, Any]:
        template = self._template()
        return {**self._settings, "fingerprint": template.fingerprint if template else ""}

    def _restore(self, state: dict[str, Any]) -> TadaragExtractor:
        stated = state.pop("fingerprint")
        self._settings, self._opened = state, None
        self._check()
        if stated != self._state()["fingerprint"]:
            warnings.warn(
                f"the template {state['template']!r} is not the one that this pipeline was saved with: it may find other things",
                stacklevel=2,
            )
        return self


@Language.factory(
    "tadarag",
    assigns=["doc.ents", "doc._.entities", "doc._.relations", "token.ent_type", "token.ent_iob"],
    default_config={"extractor": "small", "template": "", "overwrite_ents": False},
)
def make_component(nlp: Language, name: str, extractor: str, template: str, overwrite_ents: bool) -> TadaragExtractor:
    """The component that `nlp.add_pipe("tadarag", config={...})` adds; spaCy finds it by its entry point without an import."""
    return TadaragExtractor(name, extractor=extractor, template=template, overwrite_ents=overwrite_ents)


def _entity(doc: Doc, mention: Mention) -> Span | None:
    """A mention as a span of tokens, widened to whole tokens; None where there are none."""
    return doc.char_span(mention.span.start, mention.span.end, label=mention.label or mention.kind, alignment_mode="expand")
