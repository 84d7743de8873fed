import os
import socket
import stat

import pytest

from tadarag.documents.scan import FoundFile, Unreadable, read_stable, scan
from tadarag.errors import DocumentError


def names(root, *paths):
    return [found.relative for found in scan(paths or [root], root=root)]


def make(root, *relatives):
    for relative in relatives:
        path = root / relative
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(relative)


def test_folders_are_walked_in_order_and_hidden_and_vcs_folders_skipped(tmp_path):
    make(tmp_path, "b.md", "a/c.md", "a/b/d.md", ".hidden.md", ".git/x", ".tadarag/base.db", "CVS/Entries", "Z.md")
    assert names(tmp_path) == ["Z.md", "a/b/d.md", "a/c.md", "b.md"]


def test_files_globs_and_folders_are_taken_once(tmp_path):
    make(tmp_path, "a.md", "b.md", "c/d.md", ".e.md")
    assert names(tmp_path, tmp_path / "b.md", str(tmp_path / "*.md"), tmp_path / "c", tmp_path / ".e.md") == [
        "b.md",
        "a.md",
        "c/d.md",
        ".e.md",
    ]


def test_a_name_with_brackets_is_a_file_before_it_is_a_glob(tmp_path):
    make(tmp_path, "a[1].md", "a1.md")
    assert names(tmp_path, tmp_path / "a[1].md") == ["a[1].md"]


def test_strange_names_survive(tmp_path):
    strange = ["line\nbreak.md", "right\u202eto.md", "Case.md", "case.md", " space .md"]
    make(tmp_path, *strange)
    found = list(scan([tmp_path], root=tmp_path))
    assert sorted(file.relative for file in found) == sorted(strange)
    assert all(read_stable(file).decode() == file.relative for file in found)


def test_names_are_nfc_and_the_file_is_still_found(tmp_path):
    make(tmp_path, "cafe\u0301.md")
    (found,) = scan([tmp_path], root=tmp_path)
    assert found.relative == "café.md"
    assert read_stable(found)


@pytest.mark.skipif(os.name == "nt", reason="names are text there")
def test_a_name_that_is_no_text_is_shown_with_replacement_characters(tmp_path):
    with open(os.fsencode(tmp_path) + b"/\xff.md", "wb") as stream:
        stream.write(b"x")
    (found,) = scan([tmp_path], root=tmp_path)
    assert (found.relative, read_stable(found)) == ("\ufffd.md", b"x")


def test_size_and_time_are_the_files(tmp_path):
    make(tmp_path, "a.md")
    (found,) = scan([tmp_path], root=tmp_path)
    state = (tmp_path / "a.md").stat()
    assert found == FoundFile(path=tmp_path / "a.md", relative="a.md", size=state.st_size, modified_ns=state.st_mtime_ns)


def test_links_are_followed_but_not_in_circles(tmp_path):
    make(tmp_path, "a/b.md", "elsewhere.md")
    (tmp_path / "a" / "loop").symlink_to(tmp_path)
    (tmp_path / "a" / "self").symlink_to("self")
    (tmp_path / "a" / "nothing").symlink_to("missing")
    (tmp_path / "a" / "link.md").symlink_to(tmp_path / "elsewhere.md")
    found = {one.relative: one for one in scan([tmp_path], root=tmp_path)}
    assert [name for name, one in found.items() if isinstance(one, FoundFile)] == ["a/b.md", "a/link.md", "elsewhere.md"]
    assert found["a/loop"] == Unreadable(relative="a/loop", reason="a/loop is a link to a folder that it stands in", do="remove the link")
    assert found["a/self"].reason == "a/self is a link that leads back to itself"
    assert found["a/nothing"].reason == "a/nothing is a link to nothing"


@pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="no sockets in the file system")
def test_sockets_pipes_and_devices_are_reported(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # a socket's path has to be short
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("s.md")
        os.mkfifo("p.md")
        reasons = [found.reason for found in scan([tmp_path, "/dev/null"], root=tmp_path)]
    assert reasons[:2] == ["p.md is a named pipe", "s.md is a socket"]
    assert reasons[2].endswith("is a device")


def test_a_folder_without_permission_is_reported_and_the_rest_goes_on(tmp_path):
    make(tmp_path, "a/x.md", "b.md")
    (tmp_path / "a").chmod(0)
    try:
        found = list(scan([tmp_path], root=tmp_path))
    finally:
        (tmp_path / "a").chmod(stat.S_IRWXU)
    if os.geteuid() == 0:  # root may read everything
        assert [one.relative for one in found] == ["a/x.md", "b.md"]
    else:
        assert found[0] == Unreadable(relative="a", reason="a may not be read by this user", do="change its permissions, or leave it out")
        assert found[1].relative == "b.md"


def test_a_path_that_is_not_there_is_reported(tmp_path):
    assert [found.reason for found in scan([tmp_path / "x.md", tmp_path / "*.pdf"], root=tmp_path)] == [
        "there is no x.md",
        "there is no *.pdf",
    ]


@pytest.mark.parametrize(
    "change", [lambda path: path.write_text("longer than before"), lambda path: os.utime(path, ns=(1, 1)), lambda path: path.unlink()]
)
def test_a_file_that_changes_after_the_scan_is_to_be_tried_again(tmp_path, change):
    make(tmp_path, "a.md")
    (found,) = scan([tmp_path], root=tmp_path)
    change(tmp_path / "a.md")
    with pytest.raises(DocumentError) as caught:
        read_stable(found)
    assert "again" in caught.value.do


def test_what_lies_outside_the_root_says_so(tmp_path):
    make(tmp_path, "in/a.md", "out/b.md")
    assert [found.relative for found in scan([tmp_path / "out"], root=tmp_path / "in")] == ["../out/b.md"]
