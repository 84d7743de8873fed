"""The answerer that lets a language model write, and ties each of its sentences to spans of the passages it cites."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tadarag.analysis import terms
from tadarag.errors import ContextOverflow
from tadarag.generation.claims import supports
from tadarag.generation.compose import CitationList, not_found
from tadarag.generation.facts import fact_lines
from tadarag.generation.model_reply import Sentence, ThoughtFilter, is_refusal, read_sentences, runs_in_circle, without_thoughts
from tadarag.generation.prompts import build_messages, passage_block
from tadarag.generation.question_form import read_question
from tadarag.generation.term_matching import match_strength
from tadarag.models.language_model import Finish, LanguageModel, Message, Tokens, estimate_tokens
from tadarag.values import Draft, Evidence, Hit, Route, Statement, Usage

MAX_TOKENS = 700
MAX_SPANS = 2  # sentences cited for one number


@dataclass(frozen=True, slots=True)
class _Reply:
    text: str
    finish: Finish
    tokens: Tokens


class LLMAnswerer:
    """Asks a language model. A class because it holds the model.

    max_context_tokens: for the passages, in the model's tokens. fence: makes the random line around the passages, new for every request.
    """

    def __init__(self, model: LanguageModel, *, max_context_tokens: int = 3000, fence: Callable[[], str] | None = None) -> None:
        self._model = model
        self._max_context_tokens = max_context_tokens
        self._fence = fence or (lambda: f"=====DATA-{secrets.token_hex(12)}=====")

    def draft(self, question: str, route: Route, evidence: Evidence, *, on_text: Callable[[str], None] | None = None) -> Draft:
        """The model's answer as statements. Raises EndpointError when the model gives none; drops passages when they do not fit."""
        hits = self._fitting(evidence.hits)
        if not hits:
            return not_found(0.0)
        language = read_question(question, route).language
        while True:
            facts = fact_lines(evidence.graph, n_passages=len(hits), count_tokens=self._count)
            messages = build_messages(question, [hit.passage for hit in hits], fence=self._fence(), language=language, facts=facts)
            try:
                reply = self._reply(messages, on_text)
                break
            except ContextOverflow:
                if len(hits) == 1:
                    raise
                hits = hits[: max(1, len(hits) * 2 // 3)]  # the weakest passages go first
        usage = self._usage(reply.tokens)
        text = without_thoughts(reply.text)
        sentences = [] if is_refusal(text) else read_sentences(text, cut_off=reply.finish != "stop")
        if not sentences:
            return Draft(found=False, usage=usage)
        return _drafted(question, sentences, hits, usage)

    def _fitting(self, hits: Sequence[Hit]) -> list[Hit]:
        kept: list[Hit] = []
        used = 0
        for number, hit in enumerate(hits, start=1):
            used += self._count(passage_block(number, hit.passage))
            if kept and used > self._max_context_tokens:
                break
            kept.append(hit)
        return kept

    def _count(self, text: str) -> int:
        return self._model.count_tokens(text)[0]

    def _reply(self, messages: Sequence[Message], on_text: Callable[[str], None] | None) -> _Reply:
        shown = ThoughtFilter()
        pieces: list[str] = []
        finish: Finish = "interrupted"
        tokens: Tokens | None = None
        for event in self._model.stream(messages, max_tokens=MAX_TOKENS):
            if event.kind == "done":
                finish, tokens = event.finish, event.tokens
                break
            pieces.append(event.text)
            visible = shown.push(event.text)
            if visible and on_text is not None:
                on_text(visible)
            if len(pieces) % 16 == 0 and runs_in_circle("".join(pieces)):
                finish = "length"
                break
        text = "".join(pieces)
        if tokens is None:
            prompt = sum(self._model.count_tokens(message.content)[0] for message in messages)
            tokens = Tokens(prompt=prompt, completion=estimate_tokens(text), are_estimates=True)
        return _Reply(text, finish, tokens)

    def _usage(self, tokens: Tokens) -> Usage:
        return Usage(
            prompt_tokens=tokens.prompt,
            completion_tokens=tokens.completion,
            tokens_are_estimates=tokens.are_estimates,
            cost=self._model.cost(tokens),
            model=self._model.name,
        )


def _drafted(question: str, sentences: Sequence[Sentence], hits: Sequence[Hit], usage: Usage) -> Draft:
    citations = CitationList()
    statements = []
    for sentence in sentences:
        cited = [hits[number - 1] for number in sentence.numbers if 1 <= number <= len(hits)]
        numbers = [number for hit in cited for number in _cite_best(citations, hit, sentence.text)]
        quotes = [citations.citations[number - 1].quote for number in numbers]
        context = " ".join(piece for hit in cited for piece in (*hit.passage.heading_path, hit.passage.date))
        given = " ".join(hit.passage.text for hit in cited)
        supported = bool(numbers) and supports(sentence.text, quotes, context=context, given=given, question=question)
        statements.append(Statement(text=sentence.text, citations=tuple(dict.fromkeys(numbers)), supported=supported))
    share = sum(part.supported for part in statements) / len(statements)
    short = statements[0].text if len(statements) == 1 and len(statements[0].text) <= 80 else ""
    return Draft(found=True, short=short, statements=tuple(statements), citations=citations.citations, confidence=share, usage=usage)


def _cite_best(citations: CitationList, hit: Hit, text: str) -> list[int]:
    """Cite the sentence of the passage that shares most with the text, and a second one that adds what the first lacks."""
    wanted = set(terms(text))
    left = wanted - {term for title in hit.passage.heading_path for term in terms(title)} or set(wanted)
    numbers: list[int] = []
    taken: set[int] = set()
    for _ in range(MAX_SPANS):
        gains = []
        for index in range(len(hit.passage.sentences)):
            present = terms(hit.passage.sentence_text(index))
            gain = sum(max((match_strength(term, other) for other in present), default=0.0) for term in left)
            gains.append((gain, -index))
        if not gains:
            break
        gain, negative = max(gains)
        if -negative in taken or (numbers and gain < max(1.0, 0.2 * len(wanted))) or gain <= 0:
            break
        taken.add(-negative)
        numbers.append(citations.cite(hit, hit.passage.sentences[-negative]))
        present = terms(hit.passage.sentence_text(-negative))
        left = {term for term in left if not any(match_strength(term, other) for other in present)}
    return numbers
