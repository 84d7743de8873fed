"""The façade: a knowledge base over a folder's documents, from bytes to cited answers."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Literal

from tadarag.budget import Budget
from tadarag.components import Components, default_components
from tadarag.document_json import canonical_json
from tadarag.documents.parsing import content_hash
from tadarag.documents.pool import ParserPool
from tadarag.errors import BaseError, BaseMissing, DocumentError, EncoderMismatch, FormatMismatch, ModelError, UsageError
from tadarag.generation.answering import make_answerer
from tadarag.generation.citations import check_citations
from tadarag.graph.cannot_link import cannot_links
from tadarag.graph.question_graph import as_networkx
from tadarag.ingestion import COMMIT_PASSAGES, NO_WISHES, Ingest, Progress, TierWishes
from tadarag.ledger import Entry, append_entry, read_ledger
from tadarag.models.encoder import Encoder
from tadarag.models.onnx_encoder import shipped_fingerprint
from tadarag.on_the_fly import ReadUnits, question_graph
from tadarag.pipeline import load_pipeline
from tadarag.plugins import load_plugin
from tadarag.readings import Recall
from tadarag.retrieval.filtering import passes
from tadarag.retrieval.layers import scope_of
from tadarag.retrieval.retrieve import System, retrieve
from tadarag.roots import DATABASE, Roots, base_folder
from tadarag.routing.questions import route_question
from tadarag.scenarios import copy_own_scenarios, own_scenarios
from tadarag.store.embedded import EmbeddedStore, create, upgrade
from tadarag.store.export import export_lines, read_export, truth_digest, vectors_digest, write_export
from tadarag.store.protocol import TIER, Change, Decision, DocumentInfo, Finding, Observer, Snapshot
from tadarag.store.schema import FORMAT
from tadarag.templates.library import copy_own_templates, own_templates
from tadarag.tier_choice import by_extractors_of_today
from tadarag.tiers import SHIPPED_TIERS, Tiers, installed_tiers
from tadarag.upkeep import base_status, findings, repair
from tadarag.values import (
    Answer,
    AnswerEvent,
    BaseStatus,
    Document,
    Filters,
    Hit,
    IngestEstimate,
    IngestReport,
    QuestionGraph,
    Record,
    Route,
    SourceName,
)

if TYPE_CHECKING:
    import networkx
    import numpy as np
    from numpy.typing import NDArray

    from mom.memory_builder import MemoryBuilder
    from tadarag.extraction.extractor import Extractor
    from tadarag.graph.view import CorpusView
    from tadarag.models.language_model import LanguageModel

_LOG = logging.getLogger(__name__)
REINDEX_FOLDER = "reindex.part"
"""Inside the base while a reindex is under way."""


@dataclass(frozen=True, slots=True)
class Digests:
    """SHA-256 of the truth, of the vectors, and of the answers to given questions; equal bases have equal digests whatever their history."""

    truth: str
    vectors: str
    answers: str


class KnowledgeBase:
    """A person's documents, kept exactly right as they change, and answers from them whose citations have been checked.

    Threads may share one; forked and spawned processes open their own. Searching never waits for writing.
    """

    def __init__(
        self,
        folder: Path,
        store: EmbeddedStore,
        components: Components,
        *,
        workers: int,
        language_model: LanguageModel | None,
        tier: str = "",
    ) -> None:
        self.path = folder
        self._store = store
        self._components = components
        self._workers = workers
        self._language_model = language_model
        self._tier = tier
        self._roots = Roots(folder)
        self._read_units = ReadUnits()

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
        may be given beside that one, those that are installed by default; tier: the one for new documents, or "auto". workers: encoder threads, one
        a core by default. observe: called with the name of each step that the store takes. to_reindex: open it though its encoder is not
        at hand, to call `reindex` and nothing else. Raises BaseMissing, EncoderMismatch, FormatMismatch, BaseDamaged, and
        TemplateError for a template of the base's own that does not pass its checks.
        """
        folder = base_folder(path)
        if not (folder / "truth.sqlite3").exists():
            if not create or read_only:
                raise BaseMissing(f"there is no knowledge base at {folder}", f"make one: tadarag ingest {path}")
            chosen = encoder or load_plugin("tadarag.encoders", "shipped")()
            _create(folder, _components(folder, chosen, builder=builder, extractor=extractor, tiers=tiers))
        if to_reindex:
            upgrade(folder, wait_seconds=wait_seconds)
        store = EmbeddedStore(folder, read_only=read_only, wait_seconds=wait_seconds, observe=observe or (lambda step: None))
        try:
            chosen = encoder or load_plugin("tadarag.encoders", "shipped")()
            tiers = tiers if tiers is not None else installed_tiers(model=language_model, encoder=chosen)
            components = _components(folder, chosen, builder=builder, extractor=extractor, tiers=tiers)
            if not to_reindex:
                _check_encoder(store, components.encoder)
        except BaseException:
            store.close()
            raise
        return cls(folder, store, components, workers=workers or os.cpu_count() or 1, language_model=language_model, tier=tier)

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
        self._check_derivations()
        with ParserPool() as parsers:
            wishes = TierWishes(asked=tier, usual=self._tier, budget=budget)
            ingest = self._ingest(parsers, progress=progress, stop=stop, commit_passages=commit_passages, wishes=wishes)
            with self._in_ledger(ingest, "ingest"):
                return ingest.files([Path(path) for path in paths], self._roots, sync=sync, yes=yes)

    def estimate(self, *paths: str | Path, tier: str = "") -> IngestEstimate:
        """What `ingest` of the same paths would take, without asking any model: recorded replies cost nothing again.

        Some seconds of work: a sample of the documents is read and thrown away, to measure how fast that goes here.
        """
        from tadarag.estimation import estimate_ingest  # asked for by few

        with ParserPool() as parsers:
            ingest = self._ingest(parsers, wishes=TierWishes(asked=tier, usual=self._tier))
            began = time.perf_counter()
            documents = list(ingest.pending([Path(path) for path in paths], self._roots))
            parsing_seconds = time.perf_counter() - began
        return estimate_ingest(
            documents, self._components, self._store, self._language_model, workers=self._workers, parsing_seconds=parsing_seconds
        )

    def ledger(self) -> tuple[Entry, ...]:
        """What every ingest, retry, import and reindex took, oldest first; it names no document and is no part of the base's truth."""
        return read_ledger(self.path)

    def ingest_documents(
        self, documents: Iterable[tuple[SourceName, Document]], *, progress: Progress | None = None, commit_passages: int = COMMIT_PASSAGES
    ) -> IngestReport:
        """Take in documents that are in memory; one whose source is present is replaced, equal content costs nothing."""
        self._check_derivations()
        with ParserPool() as parsers:
            ingest = self._ingest(parsers, progress=progress, commit_passages=commit_passages, wishes=TierWishes(usual=self._tier))
            with self._in_ledger(ingest, "ingest"):
                return ingest.documents(documents)

    def retry(self, *, progress: Progress | None = None) -> IngestReport:
        """Read again what is in quarantine."""
        with self._snapshot() as snapshot:
            sources = [found.source for found in snapshot.quarantined()]
        files = sorted({self._roots.place(source.root) / source.path for source in sources})
        gone = tuple((source.root, source.path) for source in sources if not (self._roots.place(source.root) / source.path).exists())
        if gone:
            self._store.apply(Change(forget_files=gone))
        with ParserPool() as parsers:
            ingest = self._ingest(parsers, progress=progress, wishes=TierWishes(usual=self._tier))
            with self._in_ledger(ingest, "retry"):
                return ingest.files([file for file in files if file.exists()], self._roots, anew=True)

    def delete(self, *sources: SourceName | str) -> tuple[SourceName, ...]:
        """Remove documents; a file's or folder's name stands for all that came from it. Returns what was removed.

        Their bytes stay in the files of the base until `vacuum`. Raises UsageError for a name that nothing has.
        """
        with self._store.writing():
            present = {*self._store.sources(), *(one.source for one in self._store.quarantined())}
            chosen = sorted({source for wanted in sources for source in _matching(present, wanted)})
            files = sorted({(source.root, source.path) for source in chosen})
            self._store.apply(Change(removed=tuple(chosen), forget_files=tuple(files)))
            self._store.catch_up()
        self._read_units.clear()
        return tuple(chosen)

    # Questions answered.

    def search(self, query: str, *, limit: int = 10, filters: Filters = Filters(), system: System = "fused") -> tuple[Hit, ...]:
        """The passages that bear on a query, best first, with the layers and the path by which each was found."""
        route, vector = self._route(query), self._read_question(query)
        with self._snapshot() as snapshot:
            evidence = retrieve(
                query, vector, snapshot, limit=limit, filters=filters, system=system, task=route.task, scope=scope_of(query, route)
            )
            return evidence.hits

    def ask(
        self,
        question: str,
        *,
        pipeline: str = "default",
        filters: Filters = Filters(),
        with_graph: bool = False,
        on_event: Callable[[AnswerEvent], None] | None = None,
    ) -> Answer:
        """Answer from the documents; every citation returned has been checked against the stored text.

        pipeline: a recipe of pipelines/answer. with_graph: also make the graph of what the passages state, as a recipe with facts does by
        itself; it is the answer's `graph`. on_event: told of text as it comes (unchecked), and of each statement's check.
        """
        recipe = load_pipeline(pipeline, user_folders=[self.path])
        encoder = self._components.encoder
        answerer = make_answerer(
            recipe.answerer,
            self._language_model,
            max_context_tokens=recipe.max_context_tokens,
            use_cosines=encoder.fingerprint == shipped_fingerprint(),
        )
        clock = _Clock()
        cues = self._route(question)
        vector = self._read_question(question)
        route = route_question(question, self._components.templates, vector=vector, encoder=encoder.fingerprint)
        clock.lap("read")
        with self._snapshot() as snapshot:
            task = cues.task if recipe.early_exit else ""  # what links are skipped for was tuned by cues (decisions/008)
            evidence = retrieve(question, vector, snapshot, limit=recipe.limit, filters=filters, task=task, scope=scope_of(question, cues))
            clock.lap("retrieve")
            if with_graph or recipe.facts:
                evidence = replace(evidence, graph=self._question_graph(question, route, evidence.hits, snapshot))
                clock.lap("graph")
            draft = answerer.draft(question, route, evidence, on_text=_text_events(on_event))
            clock.lap("answer")
            answer = check_citations(question, route, draft, evidence, _reader(snapshot), on_event=on_event)
            clock.lap("check")
        answer = replace(answer, usage=replace(answer.usage, seconds=clock.laps()))
        if on_event:
            on_event(AnswerEvent(kind="done", text=answer.text, answer=answer))
        return answer

    def question_graph(self, answer: Answer) -> networkx.MultiDiGraph:
        """What the passages behind an answer state about its question, small enough to read; `as_networkx` says what nodes and edges carry.

        It is that of the answer where the answer has one (`with_graph`); otherwise it is made now, without passages whose documents have been
        removed or replaced since.
        """
        graph = answer.evidence.graph
        if graph is None:
            with self._snapshot() as snapshot:
                graph = self._question_graph(answer.question, answer.route, answer.evidence.hits, snapshot)
        return as_networkx(graph)

    def question_page(self, answer: Answer) -> str:
        """The graph of an answer (`ask` with `with_graph`) as one HTML page that needs nothing beside itself; empty where it has none."""
        from tadarag.graph.question_page import question_page  # the page is drawn by few who ask

        return question_page(answer)

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
        with self._snapshot() as snapshot:
            return tuple(
                sorted((info for info in snapshot.documents() if info.is_live and passes(info, filters)), key=lambda info: info.source)
            )

    def document(self, source: SourceName | str) -> Document:
        """A stored document. Raises UsageError when it is not there."""
        return self.record(source).document

    def record(self, source: SourceName | str) -> Record:
        """A stored document with everything derived from it. Raises UsageError when it is not there or the name means several."""
        (name,) = self._one(source)
        with self._snapshot() as snapshot:
            record = snapshot.record(name)
        if record is None:
            raise UsageError(f"{name} has just been removed", "list what is there: tadarag list")
        return record

    def outline_page(self, source: SourceName | str) -> str:
        """A stored document's memory as one HTML page that needs nothing beside itself. Raises UsageError as `record` does."""
        from tadarag.outline.page import outline_page  # the page is drawn by few who open a base

        return outline_page(self.record(source), builder=self.builder)

    def records(self) -> Iterator[Record]:
        """Every present document with everything derived from it."""
        yield from self._store.records()

    def graph(self, *names: str, depth: int = 1) -> CorpusView:
        """The corpus graph: the things of all present documents with their names, facts and sentences, joined where texts say so.

        names: read only what bears on things that some document calls so; these are as in the whole graph, in a fraction of its time.
        depth: how many facts away things are read too; 0 for the names alone.
        """
        from tadarag.graph.cannot_link import cannot_links
        from tadarag.graph.stored_documents import StoredDocuments  # questions are answered without these
        from tadarag.graph.vicinity import view_around
        from tadarag.graph.view import corpus_view

        links = cannot_links(self._store.decisions())
        if not names:
            return corpus_view(self._store.records(), links)
        with self._snapshot() as snapshot:
            return view_around(StoredDocuments(snapshot), links, names, depth=depth)

    def graph_between(self, *ends: tuple[str, SourceName | str | None], max_hops: int = 4) -> CorpusView:
        """The part of the corpus graph that holds the shortest chains between two names, for `tadarag.graph.paths.shortest_paths`.

        ends: two names, each with the document whose bearer is meant, or None. Raises UsageError for an end that is not one thing.
        """
        from tadarag.graph.cannot_link import cannot_links
        from tadarag.graph.stored_documents import StoredDocuments
        from tadarag.graph.vicinity import view_between

        found = [(name, self._one(source)[0] if source else None) for name, source in ends]
        with self._snapshot() as snapshot:
            return view_between(StoredDocuments(snapshot), cannot_links(self._store.decisions()), found, max_hops=max_hops)

    def unmerge(self, name: str, other: str = "", *, source: SourceName | str = "", undo: bool = False) -> None:
        """Decide that two names are not one thing, or that the bearer of a name in one source is not that of other documents.

        One of `other` and `source` is given. undo: withdraw that decision; the base then equals one in which it was never made.
        Raises UsageError when there is nothing to part or to undo, Refused when one document itself uses both names for one thing.
        """
        from tadarag.graph.parting import parting

        if bool(other) == bool(source):
            raise UsageError("unmerge takes a second name or a source", "give one of the two: OTHER, or --in SOURCE")
        with self._store.writing():
            (present,) = self._one(source) if source else (None,)
            seen = partial(self.graph, name, *([other] if other else []), depth=0)
            self._store.apply(Change(decisions=(parting(seen, self._store.decisions(), name, present or other, undo=undo),)))
            self._store.catch_up()

    def status(self) -> BaseStatus:
        """Counts, sizes, what is empty or in quarantine, and how far truth and index have come."""
        with self._snapshot() as snapshot:
            return base_status(self.path, self._store, snapshot, tier=self._components.tier)

    # Care.

    def verify(self, *, deep: bool = False) -> tuple[Finding, ...]:
        """What is wrong with the base, nothing when it is empty; `deep` reads every stored value against its checksum and content hash."""
        return findings(self._store, deep=deep)

    def repair(self) -> tuple[str, ...]:
        """Rebuild the index from the truth, and take damaged documents out so that the next ingest reads them again; says what it did."""
        return repair(self._store)

    def vacuum(self) -> int:
        """Remove every trace of deleted documents from all files of the base; returns the bytes freed."""
        with self._store.writing():
            _remove_folder(self.path / REINDEX_FOLDER)  # what a killed reindex left
            used = {root for root, _ in self._store.files()} | {one.source.root for one in self._store.quarantined()}
            self._roots.keep_only(used | {source.root for source in self._store.sources()})
        return self._store.vacuum()

    def reindex(self, encoder: Encoder | None = None, *, builder: MemoryBuilder | None = None, progress: Progress | None = None) -> None:
        """Derive everything again from the stored documents with today's components, then switch in one step.

        encoder, builder: from now on, in place of the base's own; another encoder without a builder means the shipped builder. Vectors and
        findings of chunks that come out as they were are taken over. What a language model said of the documents is recorded and not asked
        again, also after a reindex that was stopped.
        Raises ModelError, and changes nothing, when a document could not be derived.
        """
        now = self._components
        builder = builder or (None if encoder else now.builder)
        extractor = None if now.tier in SHIPPED_TIERS else now.extractor  # a new encoder may have states for the small one, or none
        components = _components(self.path, encoder or now.encoder, builder=builder, extractor=extractor, tiers=now.tiers)
        fresh = self.path / REINDEX_FOLDER
        with self._store.writing():
            decisions = by_extractors_of_today(self._store.decisions(), components)
            self._keep_recorded(fresh)
            _remove_folder(fresh)
            _create(fresh, components)
            with ParserPool() as parsers:
                other = KnowledgeBase(fresh, EmbeddedStore(fresh), components, workers=self._workers, language_model=None)
                recall = self._store.recorded_result
                ingest = other._ingest(parsers, progress=progress, recall=recall, known=self._store, decisions=decisions)
                with self._in_ledger(ingest, "reindex"):
                    report = ingest.documents((record.source, record.document) for record in self._store.records())
            settings = dict(other._store.settings)
            other.close()
            if report.quarantined:
                self._keep_recorded(fresh)
                _, reason, do = report.quarantined[0]
                raise ModelError(
                    f"nothing was changed, because {len(report.quarantined)} documents could not be derived again; the first: {reason}",
                    f"{do}; then run: tadarag reindex (what a model has said already is not asked again)",
                )
            changed = _replaced(self._store.decisions(), decisions)
            if changed:
                self._store.apply(Change(decisions=changed))
            self._store.replace_derivations(fresh, settings)
            self._store.rebuild_index()
            _remove_folder(fresh)
        self._components = components
        self._read_units.clear()

    def backup(self, target: str | Path) -> Path:
        """Copy the base consistently while it is in use; the copy is a base. Raises UsageError when the target is not empty."""
        folder = Path(target)
        if folder.exists() and any(folder.iterdir()):
            raise UsageError(f"{folder} is not empty", "name a new folder for the backup")
        self._store.backup(folder)
        self._roots.copy_to(folder)
        copy_own_templates(self.path, folder)
        copy_own_scenarios(self.path, folder)
        copy = EmbeddedStore(folder)
        try:
            copy.catch_up()  # a copy on a medium that cannot be written must be searchable there
        finally:
            copy.close()
        return folder

    def export(self, out: str | Path, *, format: Literal["jsonl", "graphml"] = "jsonl") -> None:  # noqa: A002 (the word that people use)
        """Write the base in its canonical form (equal bases give equal bytes), or its corpus graph as GraphML."""
        if format == "jsonl":
            write_export(export_lines(self._store), Path(out))
        else:
            from tadarag.graph.corpus import corpus_graph
            from tadarag.graph.export import graphml

            write_export(graphml(corpus_graph(self.graph())).splitlines(), Path(out))

    def import_(self, file: str | Path, *, progress: Progress | None = None) -> IngestReport:
        """Take in what `export` wrote; everything is derived again, and the stated content hashes are checked."""
        documents, inputs = read_export(Path(file))
        for source, content, document in documents:
            if content_hash(document) != content:
                raise DocumentError(f"{source}: its text does not have the content hash that the export states", "export the base again")
        with self._store.writing():
            others = tuple(decision for decision in inputs.decisions if decision.kind != TIER)
            decisions = (*others, *by_extractors_of_today(inputs.decisions, self._components))
            if inputs.recorded or decisions:  # first, so that nothing is asked again and each document is read by its tier
                self._store.apply(Change(recorded=inputs.recorded, decisions=decisions))
            report = self.ingest_documents(((source, document) for source, _, document in documents), progress=progress)
            self._store.catch_up()
        return report

    def digests(self, questions: Sequence[str] = ()) -> Digests:
        """The three digests: of truth, of vectors, and of the ids and scores (to 1e-6) that the questions retrieve."""
        found = [
            [[str(hit.passage.source), hit.passage.chunk, round(hit.score, 6)] for hit in self.search(question)] for question in questions
        ]
        answers = sha256(canonical_json(found).encode("utf-8", "surrogatepass")).hexdigest()
        return Digests(truth_digest(self._store), vectors_digest(self._store), answers)

    # Inner parts.

    def _question_graph(self, question: str, route: Route, hits: Sequence[Hit], snapshot: Snapshot) -> QuestionGraph:
        links = cannot_links(self._store.decisions())
        return question_graph(question, route, hits, snapshot, self._components, self._read_units, workers=self._workers, links=links)

    def _route(self, question: str) -> Route:
        return route_question(question, self._components.templates)

    def _read_question(self, question: str) -> NDArray[np.float32]:
        _check_encoder(self._store, self._components.encoder)
        return self._components.encoder.read(question, kind="query").vector

    def _keep_recorded(self, fresh: Path) -> None:
        """Record what a language model said during a reindex that did not come to its end: it was paid for."""
        if not (fresh / DATABASE).exists():
            return
        try:
            left = EmbeddedStore(fresh)
        except BaseError:  # it was killed before its base was whole, and so before anything was asked
            return
        recorded = tuple(left.recorded())
        left.close()
        if recorded:
            self._store.apply(Change(recorded=recorded))

    @contextmanager
    def _snapshot(self) -> Iterator[Snapshot]:
        snapshot = self._store.snapshot()
        try:
            yield snapshot
        finally:
            snapshot.close()

    def _ingest(
        self,
        parsers: ParserPool,
        *,
        progress: Progress | None = None,
        stop: Callable[[], bool] | None = None,
        commit_passages: int = COMMIT_PASSAGES,
        recall: Recall | None = None,
        known: EmbeddedStore | None = None,
        wishes: TierWishes = NO_WISHES,
        decisions: Sequence[Decision] | None = None,
    ) -> Ingest:
        return Ingest(
            self._store,
            self._components,
            parsers.parse,
            workers=self._workers,
            commit_passages=commit_passages,
            progress=progress,
            stop=stop,
            recall=recall,
            known=known,
            wishes=wishes,
            decisions=decisions,
        )

    @contextmanager
    def _in_ledger(self, ingest: Ingest, action: str) -> Iterator[None]:
        """Record what the ingest took, also when it was stopped: what was asked was paid for.

        A ledger that cannot be written is warned of: it is no part of the truth, and must hide neither what was kept nor what went wrong.
        """
        try:
            yield
        finally:
            entry = ingest.entry(action)
            try:
                if entry is not None:
                    append_entry(self.path, entry)
            except OSError as error:
                _LOG.warning("what this took could not be written to the ledger of %s: %s", self.path, error)

    def _check_derivations(self) -> None:
        """Refuse to mix documents derived by other rules into a base: incremental would no longer equal rebuild."""
        now = self._components.settings()
        changed = [name for name, value in now.items() if self._store.settings.get(name) != value]
        if changed:
            raise FormatMismatch(
                f"the base at {self.path} was derived by other rules ({', '.join(changed)})",
                f"derive it again: tadarag reindex --base {self.path}",
            )

    def _one(self, source: SourceName | str) -> Sequence[SourceName]:
        found = _matching(self._store.sources(), source)
        if len(found) > 1:
            raise UsageError(f"{source} means {len(found)} documents", f"name one of them, such as {found[0]}")
        return found


class _Clock:
    """Seconds by stage."""

    def __init__(self) -> None:
        self._laps: list[tuple[str, float]] = []
        self._last = time.perf_counter()

    def lap(self, stage: str) -> None:
        now = time.perf_counter()
        self._laps.append((stage, now - self._last))
        self._last = now

    def laps(self) -> tuple[tuple[str, float], ...]:
        return tuple(self._laps)


def _text_events(on_event: Callable[[AnswerEvent], None] | None) -> Callable[[str], None] | None:
    return None if on_event is None else lambda text: on_event(AnswerEvent(kind="text", text=text))


def _reader(snapshot: Snapshot) -> Callable[[SourceName], tuple[str, str] | None]:
    """Reads a source's content hash and text as they are stored: what a citation is checked against."""

    def read(source: SourceName) -> tuple[str, str] | None:
        content, document = snapshot.content(source), snapshot.document(source)
        return None if content is None or document is None else (content, document.text)

    return read


def _components(
    folder: Path, encoder: Encoder, *, builder: MemoryBuilder | None, extractor: Extractor | None, tiers: Tiers | None
) -> Components:
    """The components of a base, with the templates and scenarios of its own."""
    return default_components(
        encoder,
        builder=builder,
        extractor=extractor,
        templates=own_templates(folder),
        tiers=tiers,
        scenario_folders=own_scenarios(folder),
    )


def _replaced(before: Sequence[Decision], after: Sequence[Decision]) -> tuple[Decision, ...]:
    """The change from the tier decisions in force to others."""
    withdrawn = (replace(decision, is_withdrawn=True) for decision in before if decision.kind == TIER and decision not in after)
    return (*withdrawn, *(decision for decision in after if decision not in before))


def _create(folder: Path, components: Components) -> None:
    create(folder, {**components.settings(), "format": FORMAT})


def _check_encoder(store: EmbeddedStore, encoder: Encoder) -> None:
    stated = store.settings["encoder"]
    if stated != encoder.fingerprint:
        raise EncoderMismatch(
            f"this base holds vectors of the encoder {stated[:16]}; the encoder {encoder.fingerprint[:16]} cannot search them",
            "name the encoder it was made with (encoder in .tadarag/tadarag.toml, or TADARAG_ENCODER), or run: tadarag reindex",
        )


def _matching(present: Iterable[SourceName], wanted: SourceName | str) -> list[SourceName]:
    """Present sources that a name means: itself, or all below a file or folder. Raises UsageError when there is none."""
    if isinstance(wanted, SourceName):
        found = [source for source in present if source == wanted]
    else:
        stem = wanted.removeprefix("./").rstrip("/")
        found = [source for source in present if str(source) == stem] or [
            source for source in present if str(source).startswith((f"{stem}#", f"{stem}/"))
        ]
    if not found:
        raise UsageError(f"the base has no document {str(wanted)!r}", "list what is there: tadarag list")
    return sorted(found)


def _remove_folder(folder: Path) -> None:
    import shutil

    if folder.exists():
        shutil.rmtree(folder)
