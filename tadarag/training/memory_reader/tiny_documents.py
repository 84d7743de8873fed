"""Small generated documents of several topics each, in English and Chinese, so that a reader can be tuned where there is no corpus at hand."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from tadarag.errors import TrainingError
from tadarag.training.memory_reader.source_documents import SourceDocument
from tadarag.training.reinforcement.named_streams import named_stream

LICENCE = "Apache-2.0"
_JOINTS = {"en": " ", "zh": ""}


def make_documents(n: int, *, seed: int, languages: tuple[str, ...] = ("en", "zh"), n_topics: int = 4) -> list[SourceDocument]:
    """n documents without headings, their languages in turn; each opens its topics one after the other with all sentences that they have.

    The same seed gives the same documents. Raises TrainingError for a language or a number of topics that there is not.
    """
    for language in languages:
        if language not in _words():
            raise TrainingError(f"there are no words for documents in {language!r}", f"choose from {', '.join(sorted(_words()))}")
        if not 0 < n_topics <= len(_words()[language]["topics"]):
            raise TrainingError(f"a document cannot have {n_topics} topics", f"give 1 to {len(_words()[language]['topics'])}")
    stream = named_stream(seed, "data", "documents")
    documents = []
    for place in range(n):
        language = languages[place % len(languages)]
        known = _words()[language]
        chosen = stream.permutation(len(known["topics"]))[:n_topics]
        text = _JOINTS[language].join(_topic(known, int(topic), stream, _JOINTS[language]) for topic in chosen)
        documents.append(SourceDocument(doc_id=f"generated-{language}-{place}", text=text, licence=LICENCE))
    return documents


def _topic(known: dict[str, Any], topic: int, stream: Any, joint: str) -> str:
    """The opening sentence and the others in any order; a slot has one filling throughout a topic."""
    first, *others = known["topics"][topic]
    filling = {name: values[int(stream.integers(len(values)))] for name, values in known["slots"].items()}
    order = stream.permutation(len(others))
    return joint.join(sentence.format(**filling) for sentence in (first, *(others[int(place)] for place in order)))


@cache
def _words() -> dict[str, Any]:
    text = files("tadarag.training.memory_reader").joinpath("tiny_documents.yaml").read_text("utf-8")
    found: dict[str, Any] = yaml.safe_load(text)
    return found
