"""Documents: adding, reading with progress, what came of each file, deleting, reading again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from tadarag import IngestReport

from .desk import Desk
from .failures import original_html, show_failure, told_calmly
from .library_words import Told, told
from .parts import chip, empty_state, page_head, page_turner, paged
from .reading import Progress
from .safe_text import as_html, as_label, shortened
from .shelf import STATES, ShelvedFile, State, matching, shelve, unread
from .uploads import MOST_FILES, keep_upload, uploaded_file, uploads_folder
from .words import duration, say

_ROWS = 20
_FEW = 8
"""So many files are seen at a glance; for more there is a field to find one."""


def documents_page(desk: Desk, pages: Mapping[str, object]) -> None:
    """The page."""
    page_head(say("documents"), say("documents_lead"))
    with told_calmly():
        _upload(desk)
    with told_calmly():
        is_reading = desk.room.progress() is not None
        st.fragment(_reading_panel, run_every=1.0 if is_reading else None)(desk, desk.room.n_readings)
        _last_reading(desk, pages)
    with told_calmly():
        _files(desk)


def _upload(desk: Desk) -> None:
    """The field to drop files on; they are kept and their reading starts at once."""
    folder = uploads_folder(desk.base.path)
    turn = st.session_state.setdefault("upload-turn", 0)  # a new key empties the field
    dropped = st.file_uploader(
        say("upload"), accept_multiple_files=True, key=f"upload-{turn}", help=say("upload_help", folder=as_label(str(folder)))
    )
    if dropped:
        if len(dropped) > MOST_FILES:
            st.session_state["told"] = say("too_many", n=MOST_FILES)
        kept = [keep_upload(folder, one.name, one.getvalue()) for one in dropped[:MOST_FILES]]
        desk.room.read(kept)
        st.session_state["upload-turn"] = turn + 1
        st.rerun()


def _reading_panel(desk: Desk, ended: int) -> None:
    """How far the reading is, looked at every second; the whole page is drawn again when it ends. ended: readings over when it was drawn."""
    progress = desk.room.progress()
    if desk.room.n_readings != ended:
        st.rerun(scope="app")
    if progress is None:
        return
    with st.container(border=True, key="reading"):
        st.progress(progress.fraction, text=as_label(progress_words(progress)))
        with st.container(horizontal=True, vertical_alignment="center"):
            st.html(f'<span class="quiet">{as_html(_left(progress))}</span>')
            if st.button(say("stop"), disabled=progress.is_stopping, key="stop-reading"):
                desk.room.stop()


def progress_words(progress: Progress) -> str:
    """How far a reading is, in one line."""
    if progress.stage == "scanning" or not progress.n_total:
        return say("looking")
    if progress.stage == "indexing" or progress.n_done == progress.n_total:
        return say("indexing")
    return say("reading", done=progress.n_done + 1, total=progress.n_total, source=shortened(progress.source, 60))


def _left(progress: Progress) -> str:
    if progress.is_stopping:
        return say("stopping")
    parts = [say("time_left", time=duration(progress.seconds_left))] if progress.seconds_left else []
    return " · ".join([*parts, say("ask_meanwhile")])


def _last_reading(desk: Desk, pages: Mapping[str, object]) -> None:
    """What the last reading did, and the way to a question."""
    if news := st.session_state.pop("told", None):
        st.html(f'<p class="note" role="status">{as_html(news)}</p>')
    if desk.room.progress() is not None:
        return
    if desk.room.error is not None:
        show_failure(desk.room.error)
    if desk.room.report is not None:
        st.html(f'<p class="note" role="status">{as_html(report_words(desk.room.report))}</p>')
    if desk.base.status().n_passages and st.button(say("ask_now"), type="primary", icon=":material/chat:", key="ask-now"):
        st.switch_page(pages["ask"])  # type: ignore[arg-type]


def report_words(report: IngestReport) -> str:
    """What an ingest did, in one line."""
    counts = {
        "n_added": len(report.added),
        "n_replaced": len(report.replaced),
        "n_renamed": len(report.renamed),
        "n_removed": len(report.removed),
        "n_unchanged": report.unchanged,
        "n_empty": len(report.empty),
        "n_quarantined": len(report.quarantined),
    }
    parts = [say(key, n=n) for key, n in counts.items() if n] or [say("n_unchanged", n=0)]
    if report.interrupted:
        parts.append(say("was_stopped"))
    return say("read_done", time=duration(report.seconds), parts=", ".join(parts))


def _files(desk: Desk) -> None:
    """The files with their state, and what can be done with them."""
    files = shelve(desk.base.list(), desk.base.status(), unread(uploads_folder(desk.base.path)))
    if not files:
        empty_state(say("empty_base"), say("empty_base_next"))
        _care(desk, files)
        return
    words, state = "", None
    if len(files) > _FEW:
        with st.container(horizontal=True, vertical_alignment="bottom"):
            words = st.text_input(say("find_document"), key="find-document")
            chosen = st.selectbox(say("show_status"), ["all", *STATES], format_func=lambda one: say(f"status_{one}"), key="show-status")
            state = next((one for one in STATES if one == chosen), None)
    found = matching(files, words, state)
    if not found:
        empty_state(say("nothing_matches"), "")
    for number, file in enumerate(paged(found, size=_ROWS, key="files")):
        _row(desk, file, number)
    page_turner(len(found), size=_ROWS, key="files")
    _care(desk, files)


def _row(desk: Desk, file: ShelvedFile, number: int) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key=f"file-{number}"):
        st.html(_described(file))
        with st.container(horizontal=True, width="content", gap="small", key=f"acts-{number}"):
            name = as_label(shortened(file.name, 60))
            is_elsewhere = file.root != "." and file.state != "quarantined"  # where another root lies, only the base knows
            label = f"{say('read_again')}: {name}"
            if st.button(label, icon=":material/refresh:", key=f"again-{number}", help=say("read_again"), disabled=is_elsewhere):
                _read_again(desk, file)
            if st.button(f"{say('delete')}: {name}", icon=":material/delete:", key=f"delete-{number}", help=say("delete")):
                st.dialog(say("delete_title"))(_confirm_delete)(desk, file)


def _described(file: ShelvedFile) -> str:
    """A file's name, title, counts and state as HTML."""
    facts = []
    if file.state in ("ready", "empty"):
        facts += [say("n_parts", n=len(file.sources))] if len(file.sources) > 1 else []
        facts.append(say("n_passages", n=file.n_passages))
    said = (
        told(file.reason, file.do)
        if file.state == "quarantined"
        else Told(happened=say("empty_hint") if file.state == "empty" else "", do="")
    )
    why = "".join(f'<p class="why">{as_html(line)}</p>' for line in (said.happened, said.do) if line) + original_html(said)
    title = f'<span class="title" dir="auto">{as_html(file.title)}</span>' if file.title else ""
    state = chip(say(f"status_{file.state}"), file.state)
    return (
        f'<div class="file {file.state}-file"><p class="name"><bdi>{as_html(file.name)}</bdi> {state}</p>'
        f'<p class="quiet">{title}<span>{as_html(" · ".join(facts))}</span></p>{why}</div>'
    )


def _read_again(desk: Desk, file: ShelvedFile) -> None:
    """Read one file of the documents' own folder again, or what is in quarantine. A file that has not changed costs a look."""
    if file.state == "quarantined":
        desk.room.retry()
    else:
        desk.room.read([desk.base.path.parent / file.path])
    st.rerun()


def _confirm_delete(desk: Desk, file: ShelvedFile) -> None:
    """The question before a deletion, inside its dialog."""
    uploaded = uploaded_file(desk.base.path, file.root, file.path)
    st.html(f'<p>{as_html(say("delete_what"))}</p><p class="name"><bdi>{as_html(file.name)}</bdi></p>')
    st.html(f'<p class="quiet">{as_html(say("delete_upload" if uploaded else "delete_file_stays"))}</p>')
    with st.container(horizontal=True):
        if st.button(say("delete"), type="primary", key="delete-yes"):
            with told_calmly():
                delete_file(desk, file)
                st.session_state["told"] = say("deleted", name=file.name)
                st.rerun()
        if st.button(say("cancel"), key="delete-no"):
            st.rerun()


def delete_file(desk: Desk, file: ShelvedFile) -> None:
    """Take a file out of the base; the copy that the studio keeps of an upload goes too. Raises BaseBusy."""
    if file.sources:
        desk.base.delete(*file.sources)
    uploaded = uploaded_file(desk.base.path, file.root, file.path)
    if uploaded is not None:
        uploaded.unlink(missing_ok=True)


def _care(desk: Desk, files: Sequence[ShelvedFile]) -> None:
    """What can be done with all files at once."""
    states: set[State] = {file.state for file in files}
    with st.container(horizontal=True, key="care"):
        if st.button(
            say("read_all_again"),
            icon=":material/sync:",
            key="read-all",
            help=say("read_all_help", folder=as_label(str(desk.base.path.parent))),
        ):
            desk.room.read_folder(desk.base.path.parent)
            st.rerun()
        if "quarantined" in states and st.button(say("retry_all"), icon=":material/refresh:", key="retry-all"):
            desk.room.retry()
            st.rerun()
