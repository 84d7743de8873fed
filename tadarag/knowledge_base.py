"""The façade: a knowledge base over a folder's documents, from bytes to cited answers."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, ClassVar

from tadarag import asking, corpus_views, keeping, taking_in
from tadarag.budget import Budget
from tadarag.digests import Digests, digests_of
from tadarag.errors import BaseMissing, UsageError
from tadarag.graph.question_graph import as_networkx
from tadarag.ingestion import COMMIT_PASSAGES, Progress, TierWishes
from tadarag.kept_answers import forget_absent_if_possible, keep_answer
from tadarag.ledger import Entry, read_ledger
from tadarag.memory.answers import kept, latest_kept
from tadarag.memory.feedback import give, given
from tadarag.memory.use_file import use_findings
from tadarag.models.encoder import Encoder
from tadarag.models.passage_reader import load_passage_reader
from tadarag.open_base import OpenBase
from tadarag.opening import check_derivations, check_encoder, components_of, make_base
from tadarag.outline.lines import OutlineLine, outline_lines
from tadarag.places_in_documents import passage_in_context
from tadarag.plugins import load_plugin
from tadarag.reindexing import reindex
from tadarag.reports import BaseStatus, IngestEstimate, IngestReport
from tadarag.retrieval.filtering import passes
from tadarag.retrieval.retrieve import System
from tadarag.retrieval.switches import LAYERS
from tadarag.roots import DATABASE, Roots, base_folder
from tadarag.source_names import the_one
from tadarag.store.embedded import EmbeddedStore, upgrade
from tadarag.store.protocol import DocumentInfo, Finding, Observer
from tadarag.tiers import SHIPPED_TIERS, Tiers, installed_tiers
from tadarag.upkeep import base_status, findings, repair
from tadarag.values import Answer, AnswerEvent, Document, Feedback, FeedbackSource, Filters, Hit, PassageInContext, Record, SourceName, Span

if TYPE_CHECKING:
    import networkx

    from mom.memory_builder import MemoryBuilder
    from tadarag.corpus_views import Chains, End
    from tadarag.extraction.extractor import Extractor
    from tadarag.graph.view import CorpusView, Thing
    from tadarag.models.language_model import LanguageModel


class KnowledgeBase:
    """A person's documents, kept exactly right as they change, and answers from them whose citations have been checked.

    Threads may share one; forked and spawned processes open their own. Searching never waits for writing.
    """

    LAYERS: ClassVar[frozenset[str]] = LAYERS
    """What a score is made of, by the names that hits carry; `search` and `ask` can do without each."""

    def __init__(self, base: OpenBase) -> None:
        self.path = base.folder
        self._base = base
        self._store = base.store
        self._roots = Roots(base.folder)

    @classmethod
    def open(
        cls,
        path: str | Path,
        *,
        create: bool = True,
        encoder: Encoder | None = None,
        builder: MemoryBuilder | None = None,
        extractor: Extractor | None = None,
        tiers: Tiers | None = None,
        tier: str = "",
        language_model: LanguageModel | None = None,
        read_only: bool = False,
        wait_seconds: float = 0.0,
        workers: int | None = None,
        observe: Observer | None = None,
        to_reindex: bool = False,
    ) -> KnowledgeBase:
        """Open the base of a folder, and make it when there is none and `create` is true.

        path: the folder whose documents it keeps (the base is `.tadarag` in it), or the base's own folder. encoder: the one that the
        base was made with, the shipped one for a new base. builder, extractor: in place of the shipped ones. tiers: the extractors that documents
        may be given beside that one, those that are installed by default; tier: the one for new documents, or "auto". read_only: no document
        and no index is changed; answers are kept and judged all the same. workers: encoder threads, one a core by default. observe: called with
        the name of each step that the store takes. to_reindex: open it though its encoder is not at hand, to call `reindex` and nothing else.
        Raises BaseMissing, EncoderMismatch, FormatMismatch, BaseDamaged, and TemplateError for a template of the base's own that does not pass
        its checks.
        """
        folder = base_folder(path)
        if not (folder / DATABASE).exists():
            if not create or read_only:
                raise BaseMissing(f"there is no knowledge base at {folder}", f"make one: tadarag ingest {path}")
            chosen = encoder or load_plugin("tadarag.encoders", "shipped")()
            make_base(folder, components_of(folder, chosen, builder=builder, extractor=extractor, tiers=tiers))
        if to_reindex:
            upgrade(folder, wait_seconds=wait_seconds)
        store = EmbeddedStore(folder, read_only=read_only, wait_seconds=wait_seconds, observe=observe or (lambda step: None))
        try:
            chosen = encoder or load_plugin("tadarag.encoders", "shipped")()
            tiers = tiers if tiers is not None else installed_tiers(model=language_model, encoder=chosen)
            components = components_of(folder, chosen, builder=builder, extractor=extractor, tiers=tiers)
            if not to_reindex:
                check_encoder(store, components.encoder)
        except BaseException:
            store.close()
            raise
        workers = workers or os.cpu_count() or 1
        return cls(
            OpenBase(
                folder=folder,
                store=store,
                components=components,
                workers=workers,
                language_model=language_model,
                tier=tier,
                passage_reader=load_passage_reader(chosen),
            )
        )

    def __enter__(self) -> KnowledgeBase:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Close files and connections."""
        self._store.close()

    @property
    def builder(self) -> str:
        """Fingerprint of the builder that made the memories of the base."""
        return self._store.settings["memory"]

    # Documents in.

    def ingest(
        self,
        *paths: str | Path,
        sync: bool = False,
        yes: bool = False,
        progress: Progress | None = None,
        stop: Callable[[], bool] | None = None,
        commit_passages: int = COMMIT_PASSAGES,
        tier: str = "",
        budget: Budget | None = None,
    ) -> IngestReport:
        """Read files and folders into the base; what has not changed costs a look at its size and time.

        tier: reads all of them, also those that are present and were read by another ("auto": by what each is); without it present documents
        keep theirs. budget: what models may be paid for; documents that it does not hold are read by a cheaper tier. sync: make the base mirror
        the folders, removing what has gone from them; refused where that looks like an accident, unless `yes`. stop: asked between files;
        the report says `interrupted`. commit_passages: size of a transaction.
        Searches see everything when this returns. Raises BaseBusy, Refused, and UsageError for a tier that is not set up here.
        """
        check_derivations(self.path, self._store, self._base.components)
        wishes = TierWishes(asked=tier, usual=self._base.tier, budget=budget)
        options = taking_in.ingesting(self._base, "ingest", wishes=wishes, progress=progress, stop=stop, commit_passages=commit_passages)
        with options as ingest:
            return ingest.files([Path(path) for path in paths], self._roots, sync=sync, yes=yes)

    def estimate(self, *paths: str | Path, tier: str = "") -> IngestEstimate:
        """What `ingest` of the same paths would take, without asking any model: recorded replies cost nothing again.

        Some seconds of work: a sample of the documents is read and thrown away, to measure how fast that goes here.
        """
        return taking_in.estimate(self._base, [Path(path) for path in paths], self._roots, tier=tier)

    def ledger(self) -> tuple[Entry, ...]:
        """What every ingest, retry, import and reindex took, oldest first; it names no document and is no part of the base's truth."""
        return read_ledger(self.path)

    def ingest_documents(
        self, documents: Iterable[tuple[SourceName, Document]], *, progress: Progress | None = None, commit_passages: int = COMMIT_PASSAGES
    ) -> IngestReport:
        """Take in documents that are in memory; one whose source is present is replaced, equal content costs nothing."""
        check_derivations(self.path, self._store, self._base.components)
        with taking_in.ingesting(self._base, "ingest", progress=progress, commit_passages=commit_passages) as ingest:
            return ingest.documents(documents)

    def retry(self, *, progress: Progress | None = None) -> IngestReport:
        """Read again what is in quarantine."""
        files = taking_in.files_to_retry(self._base, self._roots)
        with taking_in.ingesting(self._base, "retry", progress=progress) as ingest:
            return ingest.files(files, self._roots, anew=True)

    def delete(self, *sources: SourceName | str) -> tuple[SourceName, ...]:
        """Remove documents; a file's or folder's name stands for all that came from it. Returns what was removed.

        Their bytes stay in the files of the base until `vacuum`. Raises UsageError for a name that nothing has.
        """
        return taking_in.remove(self._base, sources)

    # Questions answered.

    def search(
        self, query: str, *, limit: int = 10, filters: Filters = Filters(), system: System | None = None, layers: Collection[str] = LAYERS
    ) -> tuple[Hit, ...]:
        """The passages that bear on a query, best first, with the layers and the path by which each was found.

        system: what puts them in order, None for the product's own choice. layers: those that count, by the names that hits carry (`LAYERS`).
        Raises UsageError for a name that there is not.
        """
        return asking.search(self._base, query, limit=limit, filters=filters, system=system, layers=layers)

    def ask(
        self,
        question: str,
        *,
        pipeline: str = "default",
        filters: Filters = Filters(),
        with_graph: bool = False,
        layers: Collection[str] = LAYERS,
        on_event: Callable[[AnswerEvent], None] | None = None,
    ) -> Answer:
        """Answer from the documents; every citation returned has been checked against the stored text.

        pipeline: a recipe of pipelines/answer. with_graph: also make the graph of what the passages state, as a recipe with facts does by
        itself; it is the answer's `graph`. layers: as for `search`. on_event: told of text as it comes (unchecked), and of each statement's check.
        """
        return asking.ask(self._base, question, pipeline=pipeline, filters=filters, with_graph=with_graph, layers=layers, on_event=on_event)

    # What was answered, and what was said of it.

    def keep_answer(self, answer: Answer) -> str:
        """Keep an answer, so that feedback can be given on it; returns its id, the same for equal answers.

        It goes when a document that it quotes goes or changes. Waits for no writer of documents, and is done on a base opened for reading too.
        Raises UsageError when such a document has changed since it was given, BaseError where the folder cannot be written.
        """
        with self._base.snapshot() as snapshot:
            return keep_answer(self.path, self._store, answer, snapshot)

    def kept_answer(self, answer_id: str) -> dict[str, Any] | None:
        """A kept answer as `tadarag.answer_json.answer_json` writes it, None where no answer of that id is kept."""
        return kept(self.path, answer_id)

    def latest_answer(self) -> str | None:
        """The id of the answer that was kept last, None where none is kept."""
        return latest_kept(self.path)

    def feedback(
        self, answer: Answer | str, reward: float, *, comment: str = "", source: FeedbackSource = "user", token: str | None = None
    ) -> Feedback:
        """Say how good an answer is: a reward in [-1, 1], and words. answer: the answer itself, which is kept first, or the id of a kept one.

        token: a name of the caller's for this feedback; the same token again changes nothing. Waits for no writer of documents.
        Raises UsageError for an answer that is not kept and for what is out of range, BaseError where the folder cannot be written.
        """
        chosen = answer if isinstance(answer, str) else self.keep_answer(answer)
        return give(self.path, chosen, reward, comment=comment, source=source, token=token)

    def feedback_given(self) -> tuple[Feedback, ...]:
        """All feedback, oldest first, each with the passages that its answer rests on as far as their documents are present."""
        return given(self.path)

    def question_graph(self, answer: Answer) -> networkx.MultiDiGraph:
        """What the passages behind an answer state about its question, small enough to read; `as_networkx` says what nodes and edges carry.

        It is that of the answer where the answer has one (`with_graph`); otherwise it is made now, without passages whose documents have been
        removed or replaced since.
        """
        return as_networkx(asking.graph_of(self._base, answer))

    def question_page(self, answer: Answer, *, is_framed: bool = False) -> str:
        """The graph of an answer (`ask` with `with_graph`) as one HTML page that needs nothing beside itself; empty where it has none.

        is_framed: without question and answer, for a frame in a page that shows them.
        """
        from tadarag.graph.question_page import question_page  # the page is drawn by few who ask

        return question_page(answer, is_framed=is_framed)

    async def search_async(self, query: str, *, limit: int = 10, filters: Filters = Filters()) -> tuple[Hit, ...]:
        """`search` in a thread, for callers with an event loop."""
        import asyncio  # a tenth of the start-up of `tadarag ask`, which never needs it

        return await asyncio.to_thread(self.search, query, limit=limit, filters=filters)

    async def ask_async(self, question: str, *, pipeline: str = "default", filters: Filters = Filters()) -> Answer:
        """`ask` in a thread, for callers with an event loop."""
        import asyncio

        return await asyncio.to_thread(self.ask, question, pipeline=pipeline, filters=filters)

    # What is there.

    def list(self, filters: Filters = Filters()) -> tuple[DocumentInfo, ...]:
        """Present documents that pass the filters, sorted by source."""
        with self._base.snapshot() as snapshot:
            return tuple(
                sorted((info for info in snapshot.documents() if info.is_live and passes(info, filters)), key=lambda info: info.source)
            )

    def document(self, source: SourceName | str) -> Document:
        """A stored document. Raises UsageError when it is not there."""
        return self.record(source).document

    def record(self, source: SourceName | str) -> Record:
        """A stored document with everything derived from it. Raises UsageError when it is not there or the name means several."""
        name = the_one(self._store.sources(), source)
        with self._base.snapshot() as snapshot:
            record = snapshot.record(name)
        if record is None:
            raise UsageError(f"{name} has just been removed", "list what is there: tadarag list")
        return record

    def passage(self, source: SourceName | str, span: Span, *, content: str = "") -> PassageInContext:
        """What stands at a place of a stored document, with the document's text, page, headings, and the passage's core statement.

        content: the hash of the document as it was cited. Raises UsageError for what is not there, or has changed since.
        """
        return passage_in_context(self.record(source), span, content=content)

    def outline(self, source: SourceName | str | Record) -> tuple[OutlineLine, ...]:
        """The outline of a stored document, or of its record, with the passages, text and pages under each line. Raises UsageError as `record`."""
        return tuple(outline_lines(source if isinstance(source, Record) else self.record(source)))

    def outline_page(self, source: SourceName | str) -> str:
        """A stored document's memory as one HTML page that needs nothing beside itself. Raises UsageError as `record` does."""
        from tadarag.outline.page import outline_page  # the page is drawn by few who open a base

        return outline_page(self.record(source), builder=self.builder)

    def records(self) -> Iterator[Record]:
        """Every present document with everything derived from it."""
        yield from self._store.records()

    # How names hang together.

    def graph(self, *names: str, depth: int = 1, types: Collection[str] = (), as_of: str = "") -> CorpusView:
        """The corpus graph: the things of all present documents with their names, facts and sentences, joined where texts say so.

        names: read only what bears on things that some document calls so; these are as in the whole graph, in a fraction of its time.
        depth: how many facts away things are read too; 0 for the names alone. types: only things of these types, with what is stated between
        them. as_of: only facts that hold then by the dates that documents state. Raises UsageError when it is no ISO date.
        """
        return corpus_views.graph(self._store, names, depth=depth, types=types, as_of=as_of)

    def graph_reader(self) -> Callable[[], CorpusView]:
        """A function that gives the whole corpus graph of today; called again after a change, it reads only the documents that changed.

        It keeps what the documents contribute in memory for as long as it is kept itself.
        """
        return corpus_views.GraphReader(self._store).read

    def graph_between(self, *ends: End, max_hops: int = 4) -> CorpusView:
        """The part of the corpus graph that holds the shortest chains between two names, each with the document whose bearer is meant, or None.

        Raises UsageError for an end that is not one thing.
        """
        return corpus_views.graph_between(self._store, ends, max_hops=max_hops)

    def chains(self, one: End, other: End, *, max_hops: int = 4, limit: int = 3) -> Chains:
        """The shortest chains of facts and shared sentences between two names. Raises UsageError as `graph_between` does."""
        return corpus_views.chains(self._store, one, other, max_hops=max_hops, limit=limit)

    def thing(self, name: str, *, kind: str = "", source: SourceName | str = "", depth: int = 1) -> tuple[CorpusView, Thing]:
        """The one thing of a name, of a type or in a document where these are given, and the part of the corpus graph around it.

        Raises UsageError with near names where there is none, with the candidates where there are several.
        """
        return corpus_views.thing(self._store, name, kind=kind, source=source, depth=depth)

    def aliases(self, name: str = "", *, types: Collection[str] = ()) -> tuple[CorpusView, tuple[Thing, ...]]:
        """The things that have several names or stand in several documents, most documents first, and the view with names and reasons.

        name: instead, what some document calls so. Raises UsageError with near names where there is none.
        """
        return corpus_views.aliases(self._store, name, types=types)

    def search_names(self, text: str, *, types: Collection[str] = (), limit: int = 50) -> tuple[CorpusView, tuple[Thing, ...]]:
        """The things of which some name holds the text, most documents first, and the view that names them; reads the whole graph."""
        return corpus_views.search_names(self._store, text, types=types, limit=limit)

    def unmerge(self, name: str, other: str = "", *, source: SourceName | str = "", undo: bool = False) -> None:
        """Decide that two names are not one thing, or that the bearer of a name in one source is not that of other documents.

        One of `other` and `source` is given. undo: withdraw that decision; the base then equals one in which it was never made.
        Raises UsageError when there is nothing to part or to undo, Refused when one document itself uses both names for one thing.
        """
        corpus_views.unmerge(self._store, name, other, source=source, undo=undo)

    # Care.

    def status(self) -> BaseStatus:
        """Counts, sizes, what is empty or in quarantine, and how far truth and index have come."""
        with self._base.snapshot() as snapshot:
            return base_status(self.path, self._store, snapshot, tier=self._base.components.tier)

    def verify(self, *, deep: bool = False) -> tuple[Finding, ...]:
        """What is wrong with the base, nothing when it is empty; `deep` reads every stored value against its checksum and content hash."""
        return (*findings(self._store, deep=deep), *use_findings(self.path))

    def repair(self) -> tuple[str, ...]:
        """Rebuild the index from the truth, and take damaged documents out so that the next ingest reads them again; says what it did."""
        done = repair(self._store)
        forget_absent_if_possible(self.path, self._store)
        return done

    def vacuum(self) -> int:
        """Remove every trace of deleted documents from all files of the base; returns the bytes freed."""
        return keeping.vacuum(self.path, self._store, self._roots)

    def reindex(self, encoder: Encoder | None = None, *, builder: MemoryBuilder | None = None, progress: Progress | None = None) -> None:
        """Derive everything again from the stored documents with today's components, then switch in one step.

        encoder, builder: from now on, in place of the base's own; another encoder without a builder means the shipped builder. Vectors and
        findings of chunks that come out as they were are taken over. What a language model said of the documents is recorded and not asked
        again, also after a reindex that was stopped.
        Raises ModelError, and changes nothing, when a document could not be derived.
        """
        now = self._base.components
        builder = builder or (None if encoder else now.builder)
        extractor = None if now.tier in SHIPPED_TIERS else now.extractor  # a new encoder may have states for the small one, or none
        components = components_of(self.path, encoder or now.encoder, builder=builder, extractor=extractor, tiers=now.tiers)
        reindex(self.path, self._store, components, workers=self._base.workers, progress=progress)
        self._base = replace(self._base, components=components)
        self._base.read_units.clear()

    def backup(self, target: str | Path) -> Path:
        """Copy the base with ledger and feedback, consistently while it is in use; the copy is a base.

        Raises UsageError when the target is not empty.
        """
        return keeping.backup(self.path, self._store, self._roots, Path(target))

    def export(self, out: str | Path, *, format: keeping.ExportFormat = "jsonl") -> None:  # noqa: A002 (the word that people use)
        """Write the base in its canonical form (equal bases give equal bytes), or its corpus graph as GraphML."""
        keeping.export(self._store, self.graph, Path(out), format)

    def import_(self, file: str | Path, *, progress: Progress | None = None) -> IngestReport:
        """Take in what `export` wrote; everything is derived again, and the stated content hashes are checked."""
        return keeping.import_(self._store, self._base.components, Path(file), partial(self.ingest_documents, progress=progress))

    def digests(self, questions: Sequence[str] = ()) -> Digests:
        """The three digests: of truth, of vectors, and of the ids and scores (to 1e-6) that the questions retrieve."""
        return digests_of(self._store, map(self.search, questions))
