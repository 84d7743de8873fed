"""A model that reads documents by a script, so that tests of memories built with a model are exact."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

from mom.language_model import Completion, Sampling
from mom.reply import OutlineLine, Reply, Scenario, format_reply
from mom.sentences import split_sentences

Script = Callable[[str, Sampling], str]


class ScriptedReader:
    """Replies with what its script makes of the document in the question. calls: the documents asked about, in order.

    A token is a word or the white space beside it, so counts are exact.
    """

    def __init__(self, script: Script | None = None, *, name: str = "scripted-reader") -> None:
        self._script = script or (lambda document, sampling: faithful_reply(document))
        self.name = name
        self.calls: list[str] = []

    def complete(self, system: str, user: str, sampling: Sampling) -> Completion:
        """The scripted reply, cut at the limit."""
        document = fenced_document(user)
        self.calls.append(document)
        words = self._script(document, sampling).split(" ")
        return Completion(
            text=" ".join(words[: sampling.max_tokens]),
            prompt_tokens=self.count_tokens(system)[0] + self.count_tokens(user)[0],
            completion_tokens=min(len(words), sampling.max_tokens),
            are_estimates=False,
            is_cut=len(words) > sampling.max_tokens,
        )

    def count_tokens(self, text: str) -> tuple[int, bool]:
        """Words of the text, exactly."""
        return len(text.split(" ")), False


def fenced_document(user: str) -> str:
    """The document of a question: what stands between its two fences."""
    lines = user.split("\n")
    fence = next(line for line in lines if line.startswith("=== ") and line.endswith(" ===") and lines.count(line) == 2)
    return user.split(f"{fence}\n", 1)[1].split(f"\n{fence}", 1)[0]


def faithful_reply(document: str, *, sentences_a_chunk: int = 4, anchor: int = 20) -> str:
    """What a careful model would write: a chunk for every few sentences, its first sentence as the core."""
    sentences = [span.of(document) for span in split_sentences(document)]
    starts = [span.start for span in split_sentences(document)][::sentences_a_chunk]
    chunks = [document[start:end].strip() for start, end in pairwise([*starts, len(document)])]
    cores = sentences[::sentences_a_chunk]
    return format_reply(
        Reply(
            outline=tuple(OutlineLine(f"about {core[:12]}") for core in cores),
            scenarios=tuple(Scenario(chunk[:anchor], chunk[-anchor:], core) for chunk, core in zip(chunks, cores, strict=True)),
        )
    )


def reply_of(outline: Sequence[str], scenarios: Sequence[tuple[str, str, str]]) -> str:
    """A reply in the published grammar from outline lines and (head, tail, core) triples."""
    return format_reply(Reply(outline=tuple(map(OutlineLine, outline)), scenarios=tuple(Scenario(*one) for one in scenarios)))
