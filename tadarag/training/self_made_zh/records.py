"""Training records: one to three sentences of one genre, with the exact spans of their names and the relations between them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from random import Random

from tadarag.templates.library import shipped_templates
from tadarag.templates.template import GENERAL, Template
from tadarag.training.self_made_zh.frames import PARTS, Frame, shipped_frames
from tadarag.training.self_made_zh.names import KINDS, Naming
from tadarag.training.self_made_zh.words import shipped_words

NEWS, FINANCE = "news", "finance"
GENRES: Mapping[str, tuple[str, int]] = {
    "diplomacy": (NEWS, 18),
    "affairs": (NEWS, 26),
    "headlines": (NEWS, 7),
    "sports": (NEWS, 10),
    "finance": (FINANCE, 8),
    "history": (GENERAL, 9),
    "narrative": (GENERAL, 9),
    "science": (GENERAL, 7),
    "nothing": (NEWS, 22),
}
"""Domain and weight of each genre."""
AGAIN = 0.4
"""How often a later sentence names what an earlier one named."""
PLACED = 0.3
"""How often an event has its city before it."""
WIDE = {ord(narrow): ord(wide) for narrow, wide in zip("0123456789%.", "０１２３４５６７８９％．", strict=True)}


@dataclass(frozen=True, slots=True)
class Name:
    """text[start:end] names an entity of type `type`."""

    start: int
    end: int
    type: str


@dataclass(frozen=True, slots=True)
class MadeText:
    """names: in the order of the text, without overlaps. relations: (index of head, relation, index of tail). frames: texts of those used."""

    domain: str
    text: str
    names: tuple[Name, ...]
    relations: tuple[tuple[int, str, int], ...]
    frames: tuple[str, ...]


@dataclass(slots=True)
class _Draft:
    """A text while it is written. named: what it has named so far, by kind."""

    naming: Naming
    text: str = ""
    names: list[Name] = field(default_factory=list)
    relations: list[tuple[int, str, int]] = field(default_factory=list)
    frames: list[str] = field(default_factory=list)
    named: dict[str, list[str]] = field(default_factory=dict)

    def add(self, frame: Frame, *, has_places: bool = True) -> None:
        """Appends the frame with its slots filled, no two with one name; has_places: an event may have its city before it, a name of its own."""
        slots: dict[str, int] = {}
        taken: set[str] = set()
        at = 0
        for part in PARTS.finditer(frame.text):
            self.text += frame.text[at : part.start()]
            at = part.end()
            slot, mark = part.groups()
            if slot is None:
                self.text += self.naming.random.choice(self.naming.words.common[mark])
                continue
            if slot[0] == "e" and has_places and self.naming.random.random() < PLACED:
                self._mention("g", taken)
            slots[slot] = self._mention(slot[0], taken)
        self.text += frame.text[at:]
        self.relations += [(slots[head], relation, slots[tail]) for head, relation, tail in frame.relations]
        self.frames.append(frame.text)

    def _mention(self, kind: str, taken: set[str]) -> int:
        name = self._name(kind, taken)
        taken.add(name)
        self.names.append(Name(len(self.text), len(self.text) + len(name), KINDS[kind].type))
        self.text += name
        return len(self.names) - 1

    def _name(self, kind: str, taken: set[str]) -> str:
        before = [name for name in self.named.get(kind, ()) if name not in taken]
        if before and self.naming.random.random() < AGAIN:
            return self.naming.random.choice(before)
        name = KINDS[kind].make(self.naming)
        while name in taken:
            name = KINDS[kind].make(self.naming)
        self.named.setdefault(kind, []).append(name)
        return name


def made_texts(n: int, *, seed: int) -> Iterator[MadeText]:
    """n different texts, a function of `seed` and the shipped words, frames and templates only."""
    random = Random(seed)
    genres = list(GENRES)
    weights = [weight for _, weight in GENRES.values()]
    seen: set[str] = set()
    while len(seen) < n:
        (genre,) = random.choices(genres, weights)
        made = _made_text(genre, random)
        if made.text not in seen:
            seen.add(made.text)
            yield made


def record(made: MadeText, name: str) -> dict[str, object]:
    """The record of the extraction sets."""
    entities = [
        {"id": f"T{at}", "start": one.start, "end": one.end, "type": one.type, "text": made.text[one.start : one.end]}
        for at, one in enumerate(made.names, start=1)
    ]
    relations = [{"head": f"T{head + 1}", "tail": f"T{tail + 1}", "type": relation} for head, relation, tail in made.relations]
    return {
        "id": name,
        "lang": "zh",
        "domain": made.domain,
        "text": made.text,
        "entities": entities,
        "relations": relations,
        "doc_level": False,
    }


def template_of_domain(domain: str) -> Template:
    """The shipped template of that name."""
    return next(template for template in shipped_templates() if template.name == domain)


def fits(frame: Frame, template: Template) -> bool:
    """Whether the template has the types of all the frame's slots and allows its relations between them."""
    types = {slot: KINDS[slot[0]].type for slot, _ in PARTS.findall(frame.text) if slot}
    known = {one.name for one in template.entity_types}
    relations = {one.name: one for one in template.relations}
    return set(types.values()) <= known and all(
        relation in relations and relations[relation].allows(types[head], types[tail]) for head, relation, tail in frame.relations
    )


@cache
def _fitting(part: str, domain: str) -> tuple[Frame, ...]:
    template = template_of_domain(domain)
    return tuple(frame for frame in shipped_frames()[part] if fits(frame, template))


def _made_text(genre: str, random: Random) -> MadeText:
    domain, _ = GENRES[genre]
    draft = _Draft(Naming(random, shipped_words()))
    frames = shipped_frames()[genre]
    if genre == "headlines":
        draft.add(random.choice(frames))
    else:
        if domain == NEWS and genre != "nothing" and random.random() < 0.12:
            draft.add(random.choice(_fitting("leads", domain)))
        for _ in range(random.choices((1, 2, 3), (60, 28, 12))[0]):
            _add_sentence(draft, frames, domain, is_plain=genre == "nothing")
    if genre == "headlines" or random.random() < 0.1:
        draft.text = draft.text.removesuffix("。")
    text = draft.text.translate(WIDE) if random.random() < 0.35 else draft.text
    return MadeText(domain, text, tuple(draft.names), tuple(draft.relations), tuple(draft.frames))


def _add_sentence(draft: _Draft, frames: Sequence[Frame], domain: str, *, is_plain: bool) -> None:
    random = draft.naming.random
    before, behind = ([frame for frame in _fitting(part, domain) if not (is_plain and "{" in frame.text)] for part in ("fillers", "tails"))
    for frame in random.sample(before, random.choices((0, 1, 2), (60, 32, 8))[0]):
        draft.add(frame)
    for at, frame in enumerate(random.sample(frames, random.choices((1, 2), (65, 35))[0])):
        draft.text += "，" if at else ""
        draft.add(frame, has_places=domain != FINANCE)
    if random.random() < 0.25:
        draft.add(random.choice(behind))
    draft.text += random.choices(("。", "！", "；"), (92, 4, 4))[0]
