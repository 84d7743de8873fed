"""Answers, hits, events and feedback as plain values of JSON: one form for `--json`, the server, MCP and the studio.

Documents and the state of a base: `tadarag.base_json`. The corpus graph: `tadarag.graph_json`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tadarag.values import (
        Answer,
        AnswerEvent,
        Citation,
        FactSource,
        Feedback,
        Hit,
        Link,
        PassageInContext,
        QuestionGraph,
        Route,
        SetChoice,
        Span,
        Usage,
    )

SCHEMA = "tadarag/1"
"""Version of all these forms. A key is only added within a version; one that goes or changes its meaning makes another."""

_ID_LENGTH = 16
Json = dict[str, Any]


def with_schema(document: Mapping[str, object]) -> Json:
    """A whole document as it leaves the program: its schema first."""
    return {"schema": SCHEMA, **document}


# Answers.


def answer_json(answer: Answer) -> Json:
    """An answer with its id, its route, the hits it was made from, their graph (null where none was made), and what it cost."""
    return {"id": answer_id(answer), **_answer_fields(answer), "usage": usage_json(answer.usage)}


def answer_id(answer: Answer) -> str:
    """16 hexadecimal digits: equal answers have equal ids, whatever they cost and however many changes of the base lie between."""
    from tadarag.document_json import canonical_json  # numpy comes with it, which is not needed to print help

    fields = _answer_fields(answer)
    evidence = {key: value for key, value in fields["evidence"].items() if key != "sequence"}
    said = canonical_json({**fields, "evidence": evidence})
    return sha256(said.encode("utf-8", "surrogatepass")).hexdigest()[:_ID_LENGTH]


def event_json(event: AnswerEvent) -> Json:
    """What happens while an answer is made; "done" carries the answer."""
    document: Json = {"event": event.kind, "text": event.text, "statement": event.statement}
    return document if event.answer is None else {**document, "answer": answer_json(event.answer)}


def hit_json(hit: Hit, rank: int) -> Json:
    """A hit: the passage, its score, what each layer gave it, and the path that led to it. rank: from 1."""
    passage = hit.passage
    return {
        "rank": rank,
        "source": str(passage.source),
        "content": passage.content,
        "chunk": passage.chunk,
        "span": span_json(passage.span),
        "page": passage.page,
        "heading_path": list(passage.heading_path),
        "outline": passage.outline,
        "date": passage.date,
        "language": passage.language,
        "domain": passage.domain,
        "score": hit.score,
        "layers": dict(hit.layers),
        "path": [_link_json(link) for link in hit.path],
        "text": passage.text,
    }


def search_json(query: str, hits: Sequence[Hit]) -> Json:
    """A query and its hits, best first."""
    return {"query": query, "hits": [hit_json(hit, rank) for rank, hit in enumerate(hits, start=1)]}


def citation_json(citation: Citation) -> Json:
    """A citation: `quote` stands at `span` in the document of hash `content`."""
    return {
        "number": citation.number,
        "source": str(citation.source),
        "content": citation.content,
        "span": span_json(citation.span),
        "quote": citation.quote,
        "page": citation.page,
        "heading_path": list(citation.heading_path),
        "date": citation.date,
    }


def route_json(route: Route) -> Json:
    """What a question asks for, and why that was thought."""
    return {
        "language": route.language,
        "task": route.task,
        "answer": route.answer,
        "domain": route.domain,
        "confidence": route.confidence,
        "domain_confidence": route.domain_confidence,
        "reasons": list(route.reasons),
    }


def usage_json(usage: Usage) -> Json:
    """What an answer cost; a cost that is not known is null."""
    return {
        "seconds": dict(usage.seconds),
        "prompt_tokens": usage.prompt_tokens,
        "completion_tokens": usage.completion_tokens,
        "tokens_are_estimates": usage.tokens_are_estimates,
        "cost": usage.cost,
        "model": usage.model,
    }


def question_graph_json(graph: QuestionGraph) -> Json:
    """The graph of an answer: facts name their ends by index in `nodes`, and the passages that state them by their number, from 1."""
    return {
        "task": graph.task,
        "template": graph.template,
        "is_poor": graph.is_poor,
        "n_nodes_found": graph.n_nodes,
        "n_facts_found": graph.n_facts,
        "n_unread": graph.n_unread,
        "nodes": [
            {
                "name": node.name,
                "kind": node.kind,
                "label": node.label,
                "normal": node.normal,
                "score": node.score,
                "is_asked": node.is_asked,
                "spans": [{"source": str(source), "span": span_json(span)} for source, span in node.spans],
            }
            for node in graph.nodes
        ],
        "facts": [
            {
                "head": fact.head,
                "relation": fact.relation,
                "shown": fact.shown,
                "tail": fact.tail,
                "kind": fact.kind,
                "probability": fact.probability,
                "score": fact.score,
                "stated_in": [_fact_source_json(one) for one in fact.stated_in],
            }
            for fact in graph.facts
        ],
    }


def span_json(span: Span) -> list[int]:
    """A span as [start, end], in code points of the document's text."""
    return [span.start, span.end]


# What was said of answers, and where they point to.


def feedback_json(feedback: Feedback) -> Json:
    """Feedback with the passages that its answer rests on."""
    return {
        "id": feedback.id,
        "answer": feedback.answer,
        "question": feedback.question,
        "reward": feedback.reward,
        "source": feedback.source,
        "comment": feedback.comment,
        "at": feedback.at,
        "token": feedback.token,
        "rests_on": [
            {
                "rank": used.rank,
                "source": str(used.source),
                "content": used.content,
                "chunk": used.chunk,
                "score": used.score,
                "similarity": used.similarity,
                "cited": used.is_cited,
            }
            for used in feedback.rests_on
        ],
    }


def passage_json(passage: PassageInContext) -> Json:
    """A place in a document with the document's whole text."""
    return {
        "source": str(passage.source),
        "content": passage.content,
        "title": passage.title,
        "date": passage.date,
        "language": passage.language,
        "text": passage.text,
        "span": span_json(passage.span),
        "quote": passage.quote,
        "page": passage.page,
        "heading_path": list(passage.heading_path),
        "outline": passage.outline,
        "chunk": passage.chunk,
        "chunk_span": span_json(passage.chunk_span),
        "core": list(passage.core),
    }


# Inner parts.


def _answer_fields(answer: Answer) -> Json:
    return {
        "question": answer.question,
        "text": answer.text,
        "short": answer.short,
        "found": answer.found,
        "confidence": answer.confidence,
        "statements": [
            {"text": statement.text, "citations": list(statement.citations), "supported": statement.supported}
            for statement in answer.statements
        ],
        "citations": [citation_json(citation) for citation in answer.citations],
        "route": route_json(answer.route),
        "evidence": {
            "sequence": answer.evidence.sequence,
            "early_exit": answer.evidence.early_exit,
            **({} if answer.evidence.choice is None else {"choice": _choice_json(answer.evidence.choice)}),
            "hits": [hit_json(hit, rank) for rank, hit in enumerate(answer.evidence.hits, start=1)],
        },
        "graph": None if answer.graph is None else question_graph_json(answer.graph),
    }


def _choice_json(choice: SetChoice) -> Json:
    return {"shown": choice.n_shown, "chosen": choice.n_chosen, "unknown": choice.n_unknown, "problem": choice.problem}


def _link_json(link: Link) -> Json:
    return {"seed": str(link.seed), "seed_chunk": link.seed_chunk, "sentence": link.sentence, "name": link.name, "kind": link.kind}


def _fact_source_json(one: FactSource) -> Json:
    return {"passage": one.passage, "source": str(one.source), "content": one.content, "span": span_json(one.span)}
