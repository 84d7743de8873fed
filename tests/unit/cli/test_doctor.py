"""The doctor: each line says ok, warn or fail, and what to do."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from tadarag.cli.doctor import base_place, model_files
from tadarag.cli.main import main


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """A folder with a model file and the card that names its hash."""
    (tmp_path / "model.onnx").write_bytes(b"weights")
    card = {"files": {"model.onnx": {"sha256": hashlib.sha256(b"weights").hexdigest()}}}
    (tmp_path / "encoder.json").write_text(json.dumps(card), encoding="utf-8")
    return tmp_path


def test_model_files_with_the_right_hash_are_ok(model: Path) -> None:
    assert [check.state for check in model_files(model)] == ["ok"]


def test_a_corrupted_model_file_is_named_with_both_hashes(model: Path) -> None:
    (model / "model.onnx").write_bytes(b"weightz")
    [check] = model_files(model)
    assert check.state == "fail"
    assert "model.onnx is corrupted" in check.found
    assert hashlib.sha256(b"weightz").hexdigest()[:16] in check.found
    assert hashlib.sha256(b"weights").hexdigest()[:16] in check.found
    assert "reinstall" in check.do


def test_a_missing_model_file_is_named(model: Path) -> None:
    (model / "model.onnx").unlink()
    [check] = model_files(model)
    assert (check.state, check.found) == ("fail", "model.onnx is missing")


def test_a_place_where_the_log_does_not_work_fails(tmp_path: Path) -> None:
    [check] = base_place(tmp_path, works=lambda folder: False)
    assert check.state == "fail"
    assert "--base DIR" in check.do


def test_a_synchronised_folder_is_warned_about(tmp_path: Path) -> None:
    folder = tmp_path / "Dropbox"
    folder.mkdir()
    first, *_ = base_place(folder)
    assert first.state == "warn"
    assert "synchronised by Dropbox" in first.found


def test_the_report_has_a_line_for_every_check(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    status = main(["doctor", str(tmp_path), "--json"])
    report = json.loads(capsys.readouterr().out)
    assert {check["subject"] for check in report["checks"]} >= {
        "python",
        "sqlite",
        "packages",
        "cores",
        "encoder",
        "base folder",
        "disk space",
    }
    assert status == (0 if report["healthy"] else 1)
    assert all(check["do"] for check in report["checks"] if check["state"] != "ok")
