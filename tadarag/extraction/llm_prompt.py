"""What a language model is asked about one chunk: our prompt made from the template, and the JSON schema of the reply."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from tadarag.analysis import is_cjk
from tadarag.document_json import canonical_json
from tadarag.extraction.extractor import Unit
from tadarag.extraction.prompts import filled, load_prompt
from tadarag.models.language_model import Message, estimate_tokens
from tadarag.templates.template import EntityType, Example, RelationType, Template, shown_name, words_of

PROMPTS = ("extract_system", "extract")
_LEAST_REPLY, _REPLY_SHARE, _MOST_REPLY = 256, 3, 2048
"""A reply may be as long as this and this many times the passage, in tokens, up to the last: a name a token, each with its type."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question to a model. text_tokens: estimated length of the passage alone. max_tokens: where the reply is cut."""

    system: str
    user: str
    schema: Mapping[str, Any]
    max_tokens: int
    text_tokens: int

    @property
    def messages(self) -> tuple[Message, Message]:
        """The question as a conversation."""
        return Message("system", self.system), Message("user", self.user)

    def key(self, asked: str) -> str:
        """A hash of everything that the reply depends on. asked: the model and how its reply is drawn."""
        stated = [asked, self.system, self.user, dict(self.schema), self.max_tokens]
        return sha256(canonical_json(stated).encode("utf-8", "surrogatepass")).hexdigest()


def ask_about(unit: Unit, template: Template) -> Question:
    """The question about a chunk, in its language."""
    language = prompt_language(unit)
    fields = {
        "types": "\n".join(_type_line(one, language) for one in template.entity_types),
        "relations": "\n".join(_relation_line(one, template, language) for one in template.relations),
        **_example_fields(template, language),
    }
    system = filled(load_prompt("extract_system", language), fields)
    fence = f"=== {sha256(unit.text.encode('utf-8', 'surrogatepass')).hexdigest()[:8]} ==="
    context = " > ".join(part for part in unit.context.split("\n") if part.strip()) or "-"
    user = filled(load_prompt("extract", language), {"context": context, "fence": fence, "passage": unit.text.strip("\n")})
    n_tokens = estimate_tokens(unit.text)
    limit = min(_MOST_REPLY, _LEAST_REPLY + _REPLY_SHARE * n_tokens)
    return Question(system=system, user=user, schema=reply_schema(template), max_tokens=limit, text_tokens=n_tokens)


def prompt_language(unit: Unit) -> str:
    """The language in which a chunk is asked about: "zh" for Chinese, and for text of unknown language that is mostly Chinese; else "en"."""
    if unit.language.startswith("zh"):
        return "zh"
    wide = sum(map(is_cjk, unit.text))
    return "zh" if unit.language == "und" and 2 * wide > len("".join(unit.text.split())) else "en"


def reply_schema(template: Template) -> dict[str, Any]:
    """The JSON schema of a reply: types are the template's; a relation may also be a phrase of the text."""
    entity = _object(name={"type": "string"}, type={"type": "string", "enum": [one.name for one in template.entity_types]})
    relation = _object(head={"type": "string"}, relation={"type": "string"}, tail={"type": "string"})
    return _object(entities={"type": "array", "items": entity}, relations={"type": "array", "items": relation})


def _object(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": [*properties], "additionalProperties": False}


def _type_line(one: EntityType, language: str) -> str:
    shown = "、".join(words_of(one.names, language)) if language == "zh" else ""
    named = f"{one.name}（{shown}）" if shown else one.name
    return f"- {named}: {one.definition}" if one.definition else f"- {named}"


def _relation_line(one: RelationType, template: Template, language: str) -> str:
    ends = " -> ".join(_side(types, template, language) for types in (one.heads, one.tails))
    named = f"{one.name}（{shown_name(one, language)}；{ends}）" if language == "zh" else f"{one.name} ({ends})"
    return f"- {named}: {one.definition}" if one.definition else f"- {named}"


def _side(types: Sequence[str], template: Template, language: str) -> str:
    """The types of one end; a relation between all of them costs no line of names."""
    is_any = len(template.entity_types) > 1 and {one.name for one in template.entity_types} <= set(types)
    return {"zh": "任何"}.get(language, "any") if is_any else ", ".join(types)


def _example_fields(template: Template, language: str) -> dict[str, str]:
    """The template's first example in that language, else its first, else an empty one."""
    own = [example for example in template.examples if example.language == language] or list(template.examples)
    if not own:
        return {"example_text": "-", "example_reply": '{"entities": [], "relations": []}'}
    return {"example_text": own[0].text, "example_reply": json.dumps(_reply_of(own[0]), ensure_ascii=False)}


def _reply_of(example: Example) -> dict[str, list[dict[str, str]]]:
    names = [mention.span.of(example.text) for mention in example.mentions]
    entities = {name: mention.type for name, mention in zip(reversed(names), reversed(example.mentions), strict=True)}
    return {
        "entities": [{"name": name, "type": entities[name]} for name in dict.fromkeys(names)],
        "relations": [{"head": names[head], "relation": relation, "tail": names[tail]} for head, relation, tail in example.relations],
    }
