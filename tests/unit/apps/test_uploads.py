"""Files that a person drops get safe names, and stay."""

from pathlib import PurePosixPath, PureWindowsPath

import pytest
from hypothesis import example, given
from hypothesis.strategies import text
from tadarag_studio.uploads import keep_upload, safe_name, uploaded_file, uploads_folder


@given(text())
@example("../../etc/passwd")
@example("C:\\Windows\\system32\\x.txt")
@example(".hidden")
@example("con.txt")
@example("\u202ecod.exe")
@example("x." + "y" * 400)
@example("名" * 300 + ".md")
def test_whatever_a_browser_sends_becomes_a_name_in_one_folder(name):
    made = safe_name(name)
    assert made == PurePosixPath(made).name == PureWindowsPath(made).name
    assert 0 < len(made.encode()) <= 200
    assert not made.startswith(".")
    assert not set(made) & set('<>:"|?*#\0\n\t\u202e')


@pytest.mark.parametrize("name", ["report.pdf", "年报 2024.docx", "a-b_c (2).md", "résumé.txt"])
def test_a_plain_name_stays(name):
    assert safe_name(name) == name


def test_the_ending_of_a_long_name_stays():
    assert safe_name("名" * 300 + ".md").endswith(".md")


def test_a_file_of_the_same_name_is_a_newer_version(tmp_path):
    keep_upload(tmp_path / "uploads", "a.md", b"one")
    file = keep_upload(tmp_path / "uploads", "a.md", b"two")
    assert [one.name for one in (tmp_path / "uploads").iterdir()] == ["a.md"]
    assert file.read_bytes() == b"two"


def test_only_what_was_added_here_is_the_studio_s_to_delete(tmp_path):
    base = tmp_path / ".tadarag"
    assert uploaded_file(base, ".", "uploads/a.md") == uploads_folder(base) / "a.md"
    assert uploaded_file(base, ".", "a.md") is None
    assert uploaded_file(base, ".", "uploads/deeper/a.md") is None
    assert uploaded_file(base, "other", "uploads/a.md") is None
