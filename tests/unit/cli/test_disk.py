"""File systems: network and synchronised folders are known by their mounts and names."""

from __future__ import annotations

from pathlib import Path

from tadarag.cli.disk import file_system_type, unsafe_reason, write_ahead_log_works

_MOUNTS = "/dev/sda / ext4 rw 0 0\nserver:/home /srv/home nfs4 rw 0 0\nme@host: /srv/my\\040files fuse.sshfs rw 0 0\n"


def test_the_innermost_mount_decides() -> None:
    assert file_system_type(Path("/srv/home/me"), _MOUNTS) == "nfs4"
    assert file_system_type(Path("/srv"), _MOUNTS) == "ext4"


def test_a_mount_point_with_a_space_is_understood() -> None:
    assert file_system_type(Path("/srv/my files/docs"), _MOUNTS) == "fuse.sshfs"


def test_network_and_synchronised_folders_are_unsafe_and_others_are_not() -> None:
    assert "nfs4" in unsafe_reason(Path("/srv/home/me"), _MOUNTS)
    assert "fuse.sshfs" in unsafe_reason(Path("/srv/my files"), _MOUNTS)
    assert "Dropbox" in unsafe_reason(Path("/data/Dropbox/docs"), _MOUNTS)
    assert "OneDrive - Firm" in unsafe_reason(Path("/data/OneDrive - Firm/docs"), _MOUNTS)
    assert unsafe_reason(Path("/data/dropboxes/docs"), _MOUNTS) == ""


def test_the_probe_of_the_log_leaves_nothing_behind(tmp_path: Path) -> None:
    assert write_ahead_log_works(tmp_path)
    assert list(tmp_path.iterdir()) == []
