"""The corpus as a graph: subjects with what is stated of each, only where nothing else in the corpus states otherwise."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from tadarag.training.multihop_questions.facts import Fact, Stated
from tadarag.training.multihop_questions.frames import Frames, Relation
from tadarag.training.multihop_questions.naming import name_key, plain_title
from tadarag.training.multihop_questions.passages import Passage

_MADE, _BORN = {"en": "released_on", "zh": "发行日期"}, {"en": "born_on", "zh": "出生日期"}
_YOUNGEST, _OLDEST = 8, 150
"""Years between a maker's birth and a work."""
_SHE = re.compile(r"\b(?:She|she|Her|her|actress|queen|Queen|daughter|princess|Princess|wife|empress|countess|duchess)\b")
_HE = re.compile(r"\b(?:He|he|His|his|king|King|prince|duke|emperor|son of|count of|earl)\b")
_FEMALE = re.compile(
    r"^(?:Queen|Princess|Lady|Duchess|Countess|Empress|Mary|Anna?|Anne|Elizabeth|Margaret|Maria|Catherine|Isabella|Eleanor|Sophi[ae]|Marie|Jane|Joan)\b"
)
_AUXILIARIES = frozenset("is was are were has had".split())
_PHRASE_SLOT = re.compile(r"\{([VHW])\}")
_ACCEPTED = {
    "person": {"person"},
    "performer": {"person", "organization"},
    "place": {"place"},
    "organization": {"organization", "place"},
    "work": {"work"},
    "name": {"person", "place", "organization", "work", "event", "species"},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A name that exactly one title of the corpus has. passage: number of the passage that begins with it; kind, noun: as that passage defines it."""

    key: str
    name: str
    title: str
    kind: str
    noun: str
    passage: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Graph:
    """facts: by subject key, then relation; each the only value of its relation that the corpus states of that subject."""

    frames: Frames
    passages: Sequence[Passage]
    subjects: Mapping[str, Subject]
    facts: Mapping[str, Mapping[str, Fact]]

    def relation(self, fact: Fact) -> Relation:
        """The relation of a fact, with its frames."""
        return open_relation(self.frames, fact) if fact.phrase else self.frames.relations[fact.relation]

    def bridged(self, fact: Fact) -> Subject | None:
        """The subject that the value of a fact names; None when no passage is about it, or one that is about another of the same name."""
        subject = self.subjects.get(fact.value.longer) or self.subjects.get(fact.value.key)
        relation = self.relation(fact)
        if subject is not None and relation.object == "name" and _whole_title(subject.title) != subject.name:
            return None  # "Belgrade" alone is not "Belgrade (film)"
        if subject is None or subject.passage == fact.passage or subject.kind not in _ACCEPTED.get(relation.object, ()):
            return None
        text = self.passages[subject.passage].text
        if relation.target and not relation.target.search(text):
            return None
        if not self._is_contemporary(fact, subject):
            return None
        if relation.gender and not fits_gender(relation.gender, text, subject.name):
            return None
        return subject

    def _is_contemporary(self, fact: Fact, maker: Subject) -> bool:
        """Whether a work with a known year can have been made by a person with a known year of birth; a namesake often cannot."""
        made = self.facts.get(fact.subject, {}).get(_MADE[self.frames.language])
        born = self.facts.get(maker.key, {}).get(_BORN[self.frames.language])
        if made is None or born is None or not made.value.order or not born.value.order:
            return True
        return _YOUNGEST <= made.value.order[0] - born.value.order[0] <= _OLDEST


def build_graph(passages: Sequence[Passage], stated: Sequence[Stated | None], frames: Frames) -> Graph:
    """stated: what each passage says, in the order of the passages."""
    titles: dict[str, set[str]] = defaultdict(set)
    for passage in passages:
        if passage.title:
            titles[name_key(plain_title(passage.title))].add(_whole_title(passage.title))
    subjects: dict[str, Subject] = {}
    for number, (passage, said) in enumerate(zip(passages, stated, strict=True)):
        name = plain_title(passage.title)
        key = name_key(name)
        if said is not None and len(titles[key]) == 1 and (key not in subjects or (said.kind and not subjects[key].kind)):
            subjects[key] = Subject(key=key, name=name, title=passage.title, kind=said.kind, noun=said.noun, passage=number)
    facts = [fact for said in stated if said is not None for fact in said.facts]
    return Graph(frames=frames, passages=passages, subjects=subjects, facts=_certain(facts, titles))


def open_relation(frames: Frames, fact: Fact) -> Relation:
    """The relation that a phrase states: its frames have the phrase put in, as a relative clause and with its auxiliary before the subject."""
    first, _, rest = fact.phrase.partition(" ")
    slots = {"V": fact.phrase, "H": first, "W": rest} if first in _AUXILIARIES else {"V": fact.phrase}
    return Relation(
        name=fact.relation,
        subject=frozenset(),
        object="name",
        is_inverse=False,
        is_derived=False,
        role="",
        gender="",
        target=None,
        veto=None,
        ends=None,
        says=(),
        frames={kind: tuple(_put_in(frame, slots) for frame in texts if _fits(frame, slots)) for kind, texts in frames.open.items()},
    )


def _fits(frame: str, slots: Mapping[str, str]) -> bool:
    return all(slots.get(name) for name in _PHRASE_SLOT.findall(frame))


def _put_in(frame: str, slots: Mapping[str, str]) -> str:
    return _PHRASE_SLOT.sub(lambda slot: slots[slot[1]], frame)


def fits_gender(gender: str, text: str, name: str) -> bool:
    """Whether a text about a person, or else the name alone, speaks for that gender and not for the other."""
    if not text:
        return (gender == "female") == (_FEMALE.match(name) is not None)
    she, he = len(_SHE.findall(text)), len(_HE.findall(text))
    return she > he if gender == "female" else he > she


def _whole_title(title: str) -> str:
    """The title without a section: "X - Life" and "X - Work" are about one thing, "X (film)" and "X (album)" are not."""
    return re.sub(r"\s+-(?:\s.*)?$", "", title).strip()


def _certain(facts: Iterable[Fact], titles: Mapping[str, set[str]]) -> dict[str, dict[str, Fact]]:
    """The first fact of each subject and relation, without those that have different values and those whose subject has namesakes."""
    groups: dict[tuple[str, str], list[Fact]] = defaultdict(list)
    for fact in facts:
        if len(titles.get(fact.subject, ())) <= 1:
            groups[fact.subject, fact.relation].append(fact)
    certain: dict[str, dict[str, Fact]] = defaultdict(dict)
    for (subject, relation), group in groups.items():
        if all(_agree(group[0], other) for other in group[1:]):
            certain[subject][relation] = group[0]
    for stated in certain.values():
        _drop_swapped_parents(stated)
    return dict(certain)


def _drop_swapped_parents(stated: dict[str, Fact]) -> None:
    """Drop both parents where only the one taken for the mother has the child's family name: "the daughter of Ulrike Bauer and Kurt Dittrich"."""
    father, mother = stated.get("father"), stated.get("mother")
    if father is None or mother is None:
        return
    family = father.subject_name.split()[-1]
    if mother.value.text.split()[-1] == family != father.value.text.split()[-1]:
        del stated["father"], stated["mother"]


def _agree(one: Fact, other: Fact) -> bool:
    """Whether two values are the same, or one only says less ("1950" and "5 March 1950")."""
    a, b = one.value.key, other.value.key
    return a == b or a.startswith(f"{b}-") or b.startswith(f"{a}-")
