"""The types of an annotated data set as a template: what an extractor is told when it is measured on that set."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from tadarag.templates.library import core_type
from tadarag.templates.template import EntityType, RelationType, Template

OTHER = "concept"
"""The core type of a type whose name means none."""
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
# What annotators abbreviate, in words; a model knows words.
_ABBREVIATED = {
    "per": "person",
    "peop": "person",
    "human": "person",
    "org": "organization",
    "organisation": "organization",
    "loc": "location",
    "place": "location",
    "gpe": "country or city",
    "fac": "building",
    "veh": "vehicle",
    "misc": "miscellaneous",
    "num": "number",
    "edu": "education",
    "pro": "profession",
    "cont": "country",
    "prod": "product",
}


def set_template(name: str, types: Iterable[str], relations: Mapping[str, tuple[Iterable[str], Iterable[str]]]) -> Template:
    """A template with the set's own type and relation names, so that findings carry the set's labels.

    relations: for each relation the types of its heads and tails; a side without types allows all of them.
    """
    known = tuple(sorted(set(types)))
    return Template(
        name=name,
        version=1,
        description=f"The types of {name}.",
        cues=(),
        entity_types=tuple(EntityType(name=one, core=_core(one), definition="", names=(("en", (type_words(one),)),)) for one in known),
        relations=tuple(
            RelationType(
                name=relation,
                heads=_sides(heads, known),
                tails=_sides(tails, known),
                definition="",
                names=(("en", (type_words(relation),)),),
            )
            for relation, (heads, tails) in sorted(relations.items())
        ),
    )


def type_words(name: str) -> str:
    """A label as words in lower case: "OrgBased_In" is "org based in", and what annotators abbreviate is written out ("PER": "person")."""
    stem = name.removeprefix("event:").removeprefix("clause:")
    words = " ".join(_CAMEL.sub(" ", re.sub(r"[_./-]+", " ", stem)).split()).lower()
    return _ABBREVIATED.get(words, words)


def _core(label: str) -> str:
    return core_type(label) or core_type(type_words(label)) or OTHER


def _sides(stated: Iterable[str], known: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(one for one in known if one in set(stated)) or known
