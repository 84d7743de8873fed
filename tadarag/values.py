"""The frozen values that travel between rooms."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from tadarag.findings import Findings
from tadarag.span import Span as Span


@dataclass(frozen=True, slots=True, order=True)
class SourceName:
    """Where a document comes from: a named root folder, a relative POSIX path in NFC, and the part inside that file.

    root: "." for the folder that holds the base; otherwise the name the root was given. Never an absolute path.
    part: "" for a whole file; a row's id in a CSV or JSONL file; an attachment's name in an e-mail.
    """

    root: str
    path: str
    part: str = ""

    def __str__(self) -> str:
        name = self.path if self.root == "." else f"{self.root}:{self.path}"
        return f"{name}#{self.part}" if self.part else name


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A heading of a document; `span` covers its line, `title` is the text without markup, `level` counts from 1."""

    span: Span
    level: int
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """What a parser makes of bytes: text in NFC with LF line ends, and the structure that the format states.

    Spans count code points of `text`. `pages` tile the text where the format has pages. `blocks` are ranges that must not be
    cut (tables, code, quotations). `date` is the ISO date that the document states about itself, or "". `fields` holds what the
    format names beside the text (sender, author, columns), in order.
    """

    text: str
    title: str = ""
    media_type: str = "text/plain"
    language: str = "und"
    headings: tuple[Heading, ...] = ()
    pages: tuple[Span, ...] = ()
    blocks: tuple[Span, ...] = ()
    date: str = ""
    fields: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Chunk:
    """One passage as the memory builder cut it; the chunks of a document tile its text.

    id: hash of heading path and text, plus ":k" for its k-th occurrence in the document.
    heading_path: titles from the document's own title down to the innermost heading, without empty ones.
    sentences: spans in the document's text, inside `span`, in order. core: spans of the core statement's sentences.
    subject: the name the passage is about (title, heading or first name), "" when none can be told. outline: its line in the document's
    outline. left_out: facts of the chunk that its core statement does not hold. statement: the core statement in a model's words, ""
    when the core is its sentences.
    """

    id: str
    span: Span
    heading_path: tuple[str, ...] = ()
    sentences: tuple[Span, ...] = ()
    core: tuple[Span, ...] = ()
    subject: str = ""
    outline: str = ""
    left_out: tuple[str, ...] = ()
    statement: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutlineEntry:
    """One line of a document's outline: a heading, or a topic inside its section; `chunk` is the index of the first chunk under it."""

    title: str
    level: int
    chunk: int
    is_topic: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentMemory:
    """What is known of a document's memory beside its chunks: outline, scenario, scores in both forms, and what a model's reading lost.

    scores: (name, value) pairs, sorted by name, rounded to six places; a form without a value is left out. judge: what scored it.
    readings: keys of the recorded results of a language model that it was made from, sorted.
    """

    scenario: str = ""
    outline: tuple[OutlineEntry, ...] = ()
    judge: str = ""
    scores: tuple[tuple[str, float], ...] = ()
    notes: tuple[str, ...] = ()
    readings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A name, date, number or identifier as it stands in a document; `sentence` is the index of its sentence in its chunk.

    kind: core type, under which it is linked. label: type of the document's template, "" where only the kind is known. probability: in (0, 1].
    """

    span: Span
    text: str
    kind: str
    chunk: int
    sentence: int
    normal: str = ""
    label: str = ""
    probability: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """A cluster of mentions inside one document: canonical name, kind, and the indexes of its mentions."""

    name: str
    kind: str
    mentions: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """A fact between two entities of one document, with the sentence that states it."""

    head: int
    predicate: str
    tail: int
    evidence: Span
    probability: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Extraction:
    """What an extractor found in one document; entity indexes of relations count into `entities`."""

    mentions: tuple[Mention, ...] = ()
    entities: tuple[Entity, ...] = ()
    relations: tuple[Relation, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Encoded:
    """One encoder pass: `vector` float32[d] and `sentence_vectors` float32[n, d], all of unit length.

    states: states float32[tokens, d] of the encoder's trunk for later heads, or None when it has none; `offsets` int32[tokens, 2] are the
    tokens' ranges in the text that was read.
    """

    vector: NDArray[np.float32]
    sentence_vectors: NDArray[np.float32]
    states: NDArray[np.float32] | None = None
    offsets: NDArray[np.int32] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Vectors:
    """Stored vectors of one chunk, int8 with one float32 scale each: `vector` int8[d], `sentences` int8[n, d], `sentence_scales` float32[n]."""

    vector: NDArray[np.int8]
    scale: float
    sentences: NDArray[np.int8]
    sentence_scales: NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """Everything that one present document contributes to the base; a pure function of its content and the components' fingerprints.

    content: hash of the document. vectors, vector_keys: one for each chunk; a key is the hash of what the encoder read, so that equal
    text is encoded once. findings: what was read in each chunk before the extraction was put together, () where nothing is read so;
    found_by: the extractor and template that read it.
    """

    source: SourceName
    content: str
    document: Document
    chunks: tuple[Chunk, ...]
    vectors: tuple[Vectors, ...]
    vector_keys: tuple[str, ...]
    extraction: Extraction = Extraction()
    domain: str = ""
    memory: DocumentMemory = DocumentMemory()
    findings: tuple[Findings, ...] = ()
    found_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A chunk of a present document as retrieval and answers see it; sentence spans count in the document's text.

    `content` is the hash of the document, so that a citation survives the document's replacement as a checkable claim.
    outline: its line of the document's outline, a topic's words or the innermost title.
    """

    source: SourceName
    content: str
    chunk: str
    span: Span
    text: str
    sentences: tuple[Span, ...]
    heading_path: tuple[str, ...] = ()
    subject: str = ""
    page: int | None = None
    date: str = ""
    language: str = "und"
    domain: str = ""
    outline: str = ""

    @property
    def outline_path(self) -> tuple[str, ...]:
        """Where the passage stands in its document: the heading path, then its own outline line unless that is one of the headings."""
        own = (self.outline,) if self.outline and self.outline not in self.heading_path else ()
        return (*self.heading_path, *own)

    def sentence_text(self, index: int) -> str:
        """The text of sentence `index` of this passage."""
        span = self.sentences[index]
        return self.text[span.start - self.span.start : span.end - self.span.start]


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One step of a path: the seed sentence, the name in it, and the kind of link that leads to the hit.

    kind: "title" (the hit's subject stands in the sentence), "part" (a name of the sentence is part of the hit's subject),
    "mention" (both mention the name), "residual" (the hit matches what the sentence leaves unanswered).
    """

    seed: SourceName
    seed_chunk: str
    sentence: str
    name: str
    kind: Literal["title", "part", "mention", "residual"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A ranked passage: its score, what each layer gave it, and the path by which links reached it (empty for a direct hit).

    sentence_scores: for each sentence of the passage its match to the question: mean of cosine (rescaled over the hits) and BM25 share, in [0, 1].
    sentence_cosines: the plain cosine of each sentence to the question.
    """

    passage: Passage
    score: float
    layers: tuple[tuple[str, float], ...] = ()
    path: tuple[Link, ...] = ()
    sentence_scores: tuple[float, ...] = ()
    sentence_cosines: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What may take part in a search: glob patterns over source names, an inclusive ISO date range, languages, domains.

    without: patterns of sources that may not, whatever else says they may.
    """

    sources: tuple[str, ...] = ()
    date_from: str = ""
    date_to: str = ""
    languages: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    without: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """What a question asks for: language, task type, answer type, domain, with the confidence in task and domain, in [0, 1], and the reasons.

    task: fact, bridge, comparison, list, temporal or overview. answer: person, organization, place, date, number, yesno, name, text.
    """

    language: str
    task: str = "fact"
    answer: str = "text"
    domain: str = "general_knowledge"
    confidence: float = 0.0
    domain_confidence: float = 0.0
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphNode:
    """A thing that the selected passages name.

    key: its folded name or normal value, and its kind; unique in its graph. kind: core type. label: the template's own type, "" where only
    the kind is known. score: in [0, 1], how much it bears on the question. is_asked: the question names it. spans: where it is mentioned.
    """

    key: tuple[str, str]
    name: str
    kind: str
    spans: tuple[tuple[SourceName, Span], ...]
    label: str = ""
    normal: str = ""
    score: float = 0.0
    is_asked: bool = False


@dataclass(frozen=True, slots=True, order=True)
class FactSource:
    """A sentence that states a fact. passage: the number of its passage, from 1 in the order of the hits, as answers cite it."""

    passage: int
    source: SourceName
    content: str
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphFact:
    """An edge of a question graph; head and tail are indexes of its nodes, `stated_in` the sentences that state it, the best first.

    shown: the relation in words, in the question's language.
    kind: "template" for a relation of the question's template, "open" for a predicate in the text's own words, "order" for one date before
    another, which follows from the dates, "together" for two things that one sentence names and of which nothing else was found.
    score: in [0, 1], how much it bears on the question.
    """

    head: int
    relation: str
    tail: int
    stated_in: tuple[FactSource, ...]
    shown: str = ""
    kind: Literal["template", "open", "order", "together"] = "template"
    probability: float = 1.0
    score: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionGraph:
    """What the passages behind an answer state about the question, pruned to the budget of its task: nodes and facts, best first.

    template: the domain in whose terms the passages were read. max_tokens: what its facts may cost an answerer. n_nodes, n_facts: how many
    there were before pruning. n_unread: passages that could not be read in these terms, and count with what was stored of them.
    """

    nodes: tuple[GraphNode, ...] = ()
    facts: tuple[GraphFact, ...] = ()
    task: str = "fact"
    template: str = ""
    max_tokens: int = 0
    n_nodes: int = 0
    n_facts: int = 0
    n_unread: int = 0

    @property
    def is_poor(self) -> bool:
        """Whether it states no fact, so that an answer rests on the passages alone."""
        return not any(fact.kind in ("template", "open") for fact in self.facts)


@dataclass(frozen=True, slots=True, kw_only=True)
class SetChoice:
    """What a language model made of the candidates of a question.

    n_shown: passages that it was shown. n_unknown: numbers in its reply that none of them has. problem: why its reply could not be used, so that
    the order before it stands; "" when it was used. usage: what the call cost.
    """

    n_shown: int
    n_chosen: int
    n_unknown: int
    problem: str
    usage: Usage


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Ranked passages for a question, best first, how they were found, and what they state; graph: None where it was not asked for.

    choice: what a language model chose among them, None where none was asked.
    """

    question: str
    hits: tuple[Hit, ...]
    sequence: int
    early_exit: bool = False
    graph: QuestionGraph | None = None
    choice: SetChoice | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """A claim that can be checked: `quote` stands at `span` in the document of hash `content` that `source` names.

    number: the [n] it has in the answer's text. page: that on which the quote begins, counted from 1, None when the format has no pages.
    """

    number: int
    source: SourceName
    content: str
    span: Span
    quote: str
    page: int | None = None
    heading_path: tuple[str, ...] = ()
    date: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One sentence of an answer with the numbers of its citations; `supported` says whether a cited span bears it out."""

    text: str
    citations: tuple[int, ...]
    supported: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """What an answer cost: seconds by stage, tokens and money where a model was called (cost None: unknown)."""

    seconds: tuple[tuple[str, float], ...] = ()
    prompt_tokens: int = 0
    completion_tokens: int = 0
    tokens_are_estimates: bool = False
    cost: float | None = None
    model: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An answer before its citations are checked: statements, their citations, and the short answer where there is one.

    confidence: in [0, 1], how well the evidence supports it. short: the shortest span that answers ("" for an overview).
    """

    found: bool
    short: str = ""
    statements: tuple[Statement, ...] = ()
    citations: tuple[Citation, ...] = ()
    confidence: float = 0.0
    usage: Usage = Usage()


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A checked answer. `text` carries inline citations like [1]; `found` is False when the documents do not answer."""

    question: str
    text: str
    short: str
    found: bool
    statements: tuple[Statement, ...]
    citations: tuple[Citation, ...]
    confidence: float
    route: Route
    evidence: Evidence
    usage: Usage = Usage()

    @property
    def graph(self) -> QuestionGraph | None:
        """What the passages state about the question, None where it was not asked for; a poor one states no fact, and nothing rests on it."""
        return self.evidence.graph


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerEvent:
    """What happens while an answer is made: "text" (unchecked until its statement is), "checked", "withdrawn", "done".

    statement: index of the statement that is checked or withdrawn. answer: only with "done".
    """

    kind: Literal["text", "checked", "withdrawn", "done"]
    text: str = ""
    statement: int = -1
    answer: Answer | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UsedPassage:
    """A passage that an answer was made from: its rank from 1, its score, and its cosine to the question. is_cited: the answer cites it."""

    rank: int
    source: SourceName
    content: str
    chunk: str
    score: float
    similarity: float
    is_cited: bool


FeedbackSource = Literal["user", "citation_check", "correction"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Feedback:
    """What was said of an answer: a reward in [-1, 1] and words, from a person, the citation check or a correction.

    answer: the id of the answer. at: UTC, ISO 8601. token: what makes giving it twice the same as once. question: "" when the answer is no
    longer kept. rests_on: its passages, as far as their documents are present.
    """

    id: str
    answer: str
    reward: float
    source: FeedbackSource = "user"
    comment: str = ""
    at: str = ""
    token: str = ""
    question: str = ""
    rests_on: tuple[UsedPassage, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PassageInContext:
    """A place in a stored document with what stands around it.

    text: the whole document; quote: what stands at `span`. page: counted from 1, None when the format has no pages. heading_path: titles
    from the document's own down to the innermost heading; outline: the line of the document's outline under which it stands. chunk,
    chunk_span: the passage in which the span begins; core: the sentences of its core statement, or the statement in a model's words.
    """

    source: SourceName
    content: str
    title: str
    date: str
    language: str
    text: str
    span: Span
    quote: str
    page: int | None
    heading_path: tuple[str, ...]
    outline: str
    chunk: str
    chunk_span: Span
    core: tuple[str, ...]
