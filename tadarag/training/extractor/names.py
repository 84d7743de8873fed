"""What types and relations are called in training: as the product calls them, as the set does, by a synonym, or by their core type."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from tadarag.extraction.set_template import type_words
from tadarag.training.trunk_states import WIDTH, name_vectors

_KINDS_OF: Mapping[str, tuple[str, ...]] = {
    "person": ("researcher", "writer", "politician", "scientist", "musicalartist", "lawyer", "judge", "witness", "other person"),
    "organization": ("company", "corporation", "university", "band", "politicalparty", "court", "business unit"),
    "location": ("country", "city", "country or city", "geopolitical entity"),
    "event": ("election", "conference"),
    "time": ("date",),
    "number": ("money", "quantity"),
    "disease": ("cancer",),
    "product": ("album", "song", "book", "poem", "magazine", "programlang"),
    "technique": ("algorithm", "method"),
    "policy": ("statute",),
    "clause": ("provision",),
    "judgment": ("precedent",),
}
COARSE: Mapping[str, str] = {kind: name for name, kinds in _KINDS_OF.items() for kind in kinds}
"""For the words of a type the type of the product's templates (templates/*.yaml) that it is a kind of."""

SYNONYMS: Mapping[str, tuple[str, ...]] = {
    "person": ("people", "human", "individual"),
    "organization": ("organisation", "institution", "agency"),
    "location": ("place", "geographical location"),
    "country or city": ("geopolitical entity", "place"),
    "time": ("date", "date and time"),
    "date": ("time", "day"),
    "number": ("quantity", "amount", "value"),
    "money": ("amount of money", "price"),
    "company": ("firm", "business"),
    "event": ("incident", "occurrence"),
    "product": ("goods", "product or service"),
    "miscellaneous": ("other name", "other entity"),
    "country": ("nation", "state"),
    "disease": ("disorder", "medical condition", "illness"),
    "cancer": ("tumor", "tumour"),
    "chemical": ("chemical compound", "drug or chemical", "substance"),
    "simple chemical": ("chemical", "small molecule"),
    "gene or gene product": ("gene or protein", "gene"),
    "organism": ("species", "living thing"),
    "anatomy": ("body part", "anatomical structure"),
    "organ": ("body organ",),
    "musicalartist": ("musical artist", "musician"),
    "musicgenre": ("music genre",),
    "musicalinstrument": ("musical instrument",),
    "literarygenre": ("literary genre",),
    "politicalparty": ("political party",),
    "programlang": ("programming language",),
    "astronomicalobject": ("astronomical object",),
    "chemicalcompound": ("chemical compound",),
    "chemicalelement": ("chemical element",),
    "academicjournal": ("academic journal", "scientific journal"),
    "creative work": ("work of art", "film, book or song"),
    "building": ("facility",),
    "statute": ("law", "act"),
    "provision": ("section of a law", "article"),
    "entity": ("thing", "named thing"),
}
"""Other names of types, by their words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NamingShares:
    """How often types are called otherwise than the product calls them.

    own: batches with the set's own abbreviations. coarse: batches with the names of the product's templates. synonym: types that have
    another name. dropping: batches whose template lacks some types, and dropped: of their types those it lacks; what no one asks for is
    not to be found. foreign: batches in which types are asked for of which the set's texts hold nothing.
    """

    own: float = 0.15
    coarse: float = 0.25
    synonym: float = 0.12
    dropping: float = 0.25
    dropped: float = 0.3
    foreign: float = 0.3


_OF_LIFE = frozenset({"disease", "chemical", "simple chemical", "gene or gene product", "anatomy", "cancer", "cell", "organ", "tissue"})
_OF_PEOPLE = ("person", "organization", "location", "country or city", "event", "product", "creative work", "law")


def drawn_foreign(names: Iterable[str], shares: NamingShares, random: np.random.Generator) -> list[str]:
    """Names to ask for in one batch of a template with these, of which its texts hold nothing; none in most batches.

    Abstracts of medicine and biology hold no people, firms or places, and their drugs and genes are none.
    """
    if random.random() >= shares.foreign or _OF_LIFE.isdisjoint(names) or not set(names).isdisjoint(_OF_PEOPLE):
        return []
    return [_OF_PEOPLE[place] for place in sorted(random.choice(len(_OF_PEOPLE), 3, replace=False))]


def own_words(name: str) -> str:
    """A type's name as the set spells it, in lower case and without marks: "OTHER_PERSON" is "other person", "PER" stays "per"."""
    return " ".join(re.sub(r"[\W_]+", " ", name).split()).lower()


def drawn_names(types: Sequence[str], shares: NamingShares, random: np.random.Generator) -> dict[str, str]:
    """For each type what it is called in one batch; a type that is left out is missing, and two types may have one name.

    The product's name is `type_words`, which templates made from a set have too.
    """
    draw, dropping = random.random(), random.random() < shares.dropping
    named: dict[str, str] = {}
    for kind in types:
        words = type_words(kind)
        others = SYNONYMS.get(words, ())
        place, is_other, is_dropped = random.random(), random.random() < shares.synonym, random.random() < shares.dropped
        if dropping and is_dropped:
            continue
        if draw < shares.own:
            words = own_words(kind)
        elif draw < shares.own + shares.coarse:
            words = COARSE.get(words, words)
        elif others and is_other:
            words = others[int(place * len(others))]
        named[kind] = words
    return named if named else {kind: type_words(kind) for kind in types}


class NameVectors:
    """Vectors of names, each read once by the frozen encoder. Called with words, it gives float32[names, width] on `device`."""

    def __init__(self, encoder: Any, device: str = "cpu") -> None:
        self._encoder = encoder
        self._device = device
        self._known: dict[str, torch.Tensor] = {}

    def __call__(self, words: Sequence[str]) -> torch.Tensor:
        missing = sorted(set(words) - self._known.keys())
        vectors = torch.from_numpy(name_vectors(missing, self._encoder)).to(self._device)
        self._known.update(zip(missing, vectors, strict=True))
        return torch.stack([self._known[one] for one in words]) if words else torch.zeros(0, WIDTH, device=self._device)
