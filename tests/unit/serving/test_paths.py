"""A name from a request leads to a place in the folder of the documents, or nowhere."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tadarag.errors import UsageError
from tadarag.serving.paths import resolve_inside, upload_name

_PIECES = st.sampled_from(["..", ".", "", "notes", "a.md", ".tadarag", "link", "~", "C:", "%2e%2e", "..\\..", "\0", "中文.md", "a" * 300])
_NAMES = st.one_of(st.text(max_size=40), st.lists(_PIECES, max_size=6).map("/".join), st.lists(_PIECES, max_size=6).map("\\".join))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Documents beside a secret, with links that lead out, in a circle, and to the base."""
    place = tmp_path_factory.mktemp("place")
    (place / "secret.md").write_text("secret", encoding="utf-8")
    documents = place / "documents"
    for name in ("a.md", "notes/b.md", ".tadarag/truth.sqlite3", "中文.md"):
        (documents / name).parent.mkdir(parents=True, exist_ok=True)
        (documents / name).write_text("text", encoding="utf-8")
    (documents / "link").symlink_to(place)
    (documents / "to-base").symlink_to(documents / ".tadarag")
    (documents / "circle").symlink_to(documents / "circle")
    (documents / "fine").symlink_to(documents / "notes")
    return documents


@pytest.mark.parametrize(
    ("wanted", "found"), [("a.md", "a.md"), ("notes", "notes"), ("./notes/b.md", "notes/b.md"), ("中文.md", "中文.md")]
)
def test_what_lies_in_the_folder_is_found(folder: Path, wanted: str, found: str) -> None:
    assert resolve_inside(folder, wanted) == folder / found


def test_a_dot_is_the_folder_itself(folder: Path) -> None:
    assert resolve_inside(folder, ".") == folder


def test_a_link_inside_the_folder_is_followed(folder: Path) -> None:
    assert resolve_inside(folder, "fine/b.md").read_text("utf-8") == "text"


@pytest.mark.parametrize(
    "wanted",
    [
        "../secret.md",
        "notes/../../secret.md",
        "/etc/passwd",
        "link/secret.md",
        "link",
        "circle",
        ".tadarag/truth.sqlite3",
        "to-base",
        "to-base/truth.sqlite3",
        "notes/..",
        "",
        " ",
        "a\x00.md",
        "..\\secret.md",
        "C:\\secret.md",
        "C:secret.md",
        "not-there.md",
        "a.md/b",
    ],
)
def test_what_is_outside_hidden_or_absent_is_refused(folder: Path, wanted: str) -> None:
    with pytest.raises(UsageError):
        resolve_inside(folder, wanted)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300)
@given(wanted=_NAMES)
@example(wanted="link/documents/a.md")
def test_whatever_is_resolved_lies_in_the_folder_and_is_not_hidden(folder: Path, wanted: str) -> None:
    try:
        found = resolve_inside(folder, wanted)
    except UsageError as error:
        error.happened.encode("utf-8")  # a message that can be sent
        return
    inside = found.resolve().relative_to(folder.resolve())
    assert not any(part.startswith(".") for part in inside.parts)


@settings(max_examples=300)
@given(name=_NAMES)
@example(name="../../etc/passwd")
@example(name="CON.txt")
@example(name="a\u202egpj.md")
@example(name=".tadarag")
@example(name="..")
@example(name="no\u00a0break.md")
def test_an_upload_lies_right_in_its_folder_whatever_it_was_named(name: str) -> None:
    safe = upload_name(name)
    assert Path("uploads", safe).parts == ("uploads", safe)
    assert not safe.startswith(".")
    assert "\\" not in safe
    assert 0 < len(safe.encode()) <= 200
    assert safe.isprintable()


@given(name=_NAMES)
def test_a_safe_name_stays_as_it_is(name: str) -> None:
    assert upload_name(upload_name(name)) == upload_name(name)


@pytest.mark.parametrize(
    ("sent", "kept"), [("report.pdf", "report.pdf"), ("C:\\docs\\年报.docx", "年报.docx"), ("a/b/c.md", "c.md"), ("nul.md", "_nul.md")]
)
def test_an_upload_keeps_its_last_name_and_its_ending(sent: str, kept: str) -> None:
    assert upload_name(sent) == kept
