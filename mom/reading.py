"""One reading of a window by a model: asked, parsed, laid over the text, scored, and put through the gates."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from mom.drafting import Draft, draft_items
from mom.facts import find_facts
from mom.judges import Judge, known_facts, stated_facts
from mom.language_model import CannotRead, Completion, LanguageModel, Sampling
from mom.memory_builder import StructuralBuilder
from mom.questions import Question, Subject, ask_for_items, ask_for_memory, ask_for_outline, with_thinking
from mom.reply import Reply, parse_reply
from mom.scoring import score_memory
from mom.selection import reasons_to_reject
from mom.terms import terms
from mom.values import Item, Memory, MemoryScores, OutlineEntry
from mom.windows import Window
from mom.word_table import WordTable

MIN_ITEM_SUPPORT = 0.5
"""A statement borne out by less is not kept, though the mean of its reading reaches what the gates ask."""
_UNJUDGED = MemoryScores(judge="", published_clarity=None, published_completeness=None, repaired_clarity=None, repaired_completeness=None)


@dataclass(slots=True)
class Spent:
    """What the replies of a memory took. are_estimates: of at least one of them."""

    n_replies: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    are_estimates: bool = False

    def add(self, completion: Completion) -> None:
        """Count one more reply."""
        self.n_replies += 1
        self.prompt_tokens += completion.prompt_tokens
        self.completion_tokens += completion.completion_tokens
        self.are_estimates |= completion.are_estimates


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A reading. reasons: why it may not be chosen, none if it may. memory: of the window's text, without items when nothing was usable.

    plain: its chunks with cores of their own sentences. parents: of its outline lines. losses: what the reading lost or had repaired, in
    words.
    """

    memory: Memory
    plain: tuple[Item, ...] = ()
    parents: tuple[tuple[int, str], ...] = ()
    reasons: tuple[str, ...] = ()
    losses: tuple[str, ...] = ()

    @property
    def scores(self) -> MemoryScores:
        """Its scores; without any value when nothing was usable."""
        return self.memory.scores or _UNJUDGED


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """What reads a window: the model and how it is asked, the builder that cuts long chunks, the judge of the readings."""

    model: LanguageModel
    calls: str
    thinks: bool
    structural: StructuralBuilder
    judge: Judge
    table: WordTable


def read_window(reader: Reader, window: Window, subject: Subject, sampling: Sampling, spent: Spent) -> Candidate:
    """One reading with the given sampling settings; `spent` learns what it took."""
    empty = Memory((), (), subject.scenario.name, "")
    try:
        reply, is_cut = _ask(reader, subject, sampling, spent)
    except CannotRead as error:
        return Candidate(memory=empty, reasons=(str(error),))
    if not reply.scenarios:
        return Candidate(memory=empty, reasons=("the reply names no chunk",))
    draft = draft_items(window, reply, structural=reader.structural, scenario=subject.scenario, table=reader.table)
    if not draft.items:
        return Candidate(memory=empty, reasons=(f"only {_share(draft)} of its chunks could be found in the text",))
    memory = Memory(draft.items, outline_entries(window, draft.items, draft.parents), subject.scenario.name, "")
    scored = score_memory(window.text, memory, judge=reader.judge)
    reasons = reasons_to_reject(window.text, scored)
    return Candidate(memory=scored, plain=draft.plain, parents=draft.parents, reasons=reasons, losses=tuple(_losses(draft, reply, is_cut)))


def without_unsupported(text: str, candidate: Candidate, table: WordTable) -> tuple[tuple[Item, ...], int]:
    """The candidate's items, those of its statements that their chunks do not bear out replaced by sentences; and how many these were.

    A statement goes when its support is under 0.5, or when it has a name, number or date that its chunk has not; an outline line for such
    a number alone.
    """
    items: list[Item] = []
    n_replaced = 0
    for item, plain in zip(candidate.memory.items, candidate.plain, strict=True):
        chunk = item.span.of(text)
        outline = plain.outline if _invents_a_number(item.outline, chunk, table) else item.outline
        is_unsupported = bool(item.statement) and (
            (item.scores is not None and item.scores.support < MIN_ITEM_SUPPORT)
            or _invents_a_number(item.statement, chunk, table)
            or _invents_a_name(item.statement, chunk)
        )
        n_replaced += is_unsupported
        items.append(plain if is_unsupported else replace(item, outline=outline))
    return tuple(items), n_replaced


def outline_entries(window: Window, items: Sequence[Item], parents: Sequence[tuple[int, str]] = ()) -> tuple[OutlineEntry, ...]:
    """Headings of the window, and under each the lines of its items: parents first, the items below them one level deeper."""
    opened: dict[int, list[OutlineEntry]] = {}
    for entry in window.outline:
        if not entry.is_topic:
            opened.setdefault(window.items[entry.item].span.start, []).append(entry)
    entries: list[OutlineEntry] = []
    below = 0
    for index, item in enumerate(items):
        headings = opened.get(item.span.start, [])
        entries.extend(replace(entry, item=index) for entry in headings)
        above = [title for place, title in parents if place == index]
        below = len(above) if above or headings else below
        entries.extend(OutlineEntry(title, item.level + 1 + depth, index, is_topic=True) for depth, title in enumerate(above))
        line = item.outline if item.statement or item.terms else ""
        if line and all(line.casefold() != entry.title.casefold() for entry in headings):
            entries.append(OutlineEntry(line, item.level + 1 + below, index, is_topic=True))
    return tuple(entries)


def _ask(reader: Reader, subject: Subject, sampling: Sampling, spent: Spent) -> tuple[Reply, bool]:
    """The model's reading, in one reply or in two, and whether a reply was cut at its limit."""

    def complete(question: Question) -> Completion:
        completion = reader.model.complete(question.system, question.user, sampling)
        spent.add(completion)
        return completion

    if reader.calls == "one":
        question = ask_for_memory(subject)
        completion = complete(with_thinking(question, subject.text) if reader.thinks else question)
        return parse_reply(completion.text), completion.is_cut
    outline = complete(ask_for_outline(subject))
    lines = parse_reply(outline.text).outline
    completion = complete(ask_for_items(subject, lines))
    reply = parse_reply(completion.text)
    repairs = tuple(repair for repair in reply.repairs if repair[0] != "missing outline tag")
    return replace(reply, outline=lines, repairs=repairs), outline.is_cut or completion.is_cut


def _invents_a_number(statement: str, chunk: str, table: WordTable) -> bool:
    known = known_facts(chunk)
    return any(fact not in known for fact in stated_facts(statement, table) if any(character.isdigit() for character in fact))


def _invents_a_name(statement: str, chunk: str) -> bool:
    """Whether a name, title or date of the statement has a word that its chunk has not."""
    named = {term for fact in find_facts(statement) if fact.kind in ("name", "title", "date") for term in terms(fact.span.of(statement))}
    return not named <= known_facts(chunk, named)


def _share(draft: Draft) -> str:
    found = draft.alignment.n_items - draft.alignment.n_skipped
    return f"{found} of {draft.alignment.n_items}"


def _losses(draft: Draft, reply: Reply, is_cut: bool) -> Iterator[str]:
    alignment = draft.alignment
    if is_cut:
        yield "the reply was cut at its limit"
    if alignment.n_skipped:
        yield f"{alignment.n_skipped} of {alignment.n_items} chunks could not be found in the text and were joined to their neighbours"
    if n_gaps := sum(chunk.gap for chunk in alignment.chunks):
        yield f"{n_gaps} chunks end elsewhere in the text than the model said"
    if draft.n_dropped:
        yield f"{draft.n_dropped} core statements belong nowhere in the text and were left out"
    if reply.n_repairs:
        yield f"the form of the reply was repaired in {reply.n_repairs} places ({', '.join(name for name, _ in reply.repairs)})"
