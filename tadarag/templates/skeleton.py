"""Writes the skeleton of a new template: it loads as it is, and its comments say what to fill in."""

from __future__ import annotations

from tadarag.templates.template import Template


def skeleton(name: str, parent: Template, *, core_types: tuple[str, ...]) -> str:
    """The text of `name`.yaml, a template that extends `parent` and adds nothing yet."""
    types = ", ".join(one.name for one in parent.entity_types)
    relations = ", ".join(one.name for one in parent.relations)
    return f"""\
name: {name}
version: 1  # count up when you change something
description: "Say in one sentence what these documents are about."

# What this template builds on; several names are allowed, also of your own templates. From {parent.name}:
# {_wrapped(f"types {types}")}
# {_wrapped(f"relations {relations}")}
extends: [{parent.name}]

# Words that tell these texts from others: lower case, English ones single or in pairs. About 20 of a language are enough.
# Documents that are already in the base get the new domain by: tadarag reindex
cues:
  en: []
  zh: []

# Kinds of things that the texts mention. core says under which core type a kind is linked across documents:
# {_wrapped(", ".join(core_types))}
# A type of {parent.name} is overridden by writing its name and what should be otherwise. Take the # away, and write your own:
entity_types:
# - name: vessel
#   core: product
#   definition: a ship or boat with a name
#   names: {{en: [vessel, ship], zh: [船只, 船]}}  # what people call it; the first of a language is shown to models
#   facets: [owner, home port]  # what the texts tell about it

# What the texts say of two things: from one of the heads to one of the tails; "*" is any type.
relations:
# - name: calls_at
#   heads: [vessel]
#   tails: [location]
#   definition: the head stops at the tail
#   names: {{en: [calls at, stops at], zh: [停靠]}}
#   symmetric: false  # true: head and tail may be exchanged

# What questions ask for, and the relations that tell it.
question_facets:
# - name: ports
#   about: [vessel]
#   relations: [calls_at]
#   cues: {{en: [which ports, call at], zh: [停靠哪里]}}

# Two or three sentences with all that should be found in them, copied from the text exactly.
examples:
# - language: en
#   text: The Dusk calls at Quillen.
#   entities: {{vessel: [Dusk], location: [Quillen]}}
#   relations:
#     - [Dusk, calls_at, Quillen]
"""


def _wrapped(text: str, *, width: int = 130) -> str:
    """The text in comment lines of at most `width` characters."""
    lines = [""]
    for word in text.split(" "):
        if lines[-1] and len(lines[-1]) + len(word) >= width:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return "\n# ".join(lines)
