"""What the labels of other people's taggers mean in a template."""

from __future__ import annotations

from collections.abc import Mapping

from tadarag.templates.template import EntityType, Template

# Type names in order of preference; one that no template type is called by is then looked for among the core types.
_MEANT: Mapping[str, tuple[str, ...]] = {
    "person": ("person",),
    "per": ("person",),
    "org": ("organization",),
    "gpe": ("location",),
    "loc": ("location",),
    "fac": ("location",),
    "event": ("event",),
    "product": ("product", "device"),
    "work_of_art": ("product",),
    "law": ("policy", "contract", "document"),
    "date": ("time",),
    "time": ("time",),
    "money": ("number",),
    "percent": ("number",),
    "quantity": ("number",),
    "cardinal": ("number",),
}


def type_of_label(label: str, template: Template) -> EntityType | None:
    """The template's type for a tagger's label; None where it has none.

    Labels of OntoNotes ("PERSON", "GPE", "WORK_OF_ART") and CoNLL ("PER", "LOC") are known, in English and Chinese pipelines alike; any other
    label is a type by its own name, which is how a person's own tagger meets a person's own template.
    """
    wanted = _MEANT.get(label.lower(), (label,))
    named = (template.type_labelled(name) for name in wanted)
    linked = (one for name in wanted for one in template.entity_types if one.core == name)
    return next((one for one in named if one is not None), None) or next(linked, None)
