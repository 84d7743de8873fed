"""The entry point: every ending is an exit status and clear lines, and listing commands imports none of them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tadarag.cli import main as entry
from tadarag.cli.catalogue import COMMANDS
from tadarag.cli.main import load_command, main
from tadarag.cli.reference import all_commands
from tadarag.errors import BaseBusy, BaseDamaged, IndexDamaged, Refused, TadaragError, UsageError


@pytest.fixture(autouse=True)
def _alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No settings of the person who runs the tests, and an empty folder to stand in."""
    for name in ("TADARAG_BASE", "TADARAG_EVAL_DATA"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)


def test_the_help_lists_every_command_with_its_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    shown = capsys.readouterr().out
    for name, entry_of in COMMANDS.items():
        assert name in shown
        assert entry_of.help in shown


def test_no_arguments_show_the_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0
    assert "Usage: tadarag" in capsys.readouterr().out


@pytest.mark.parametrize("name", [name for name in COMMANDS if name != "eval"])
def test_the_line_in_the_table_is_the_first_line_of_the_command(name: str) -> None:
    assert str(load_command(name).help).splitlines()[0] == COMMANDS[name].help


def test_every_command_and_every_option_has_a_help_text() -> None:
    for name, command in all_commands():
        assert command.help, name
        for parameter in command.params:
            assert getattr(parameter, "help", None), f"{name}: {parameter.name}"


def test_every_own_command_takes_the_shared_options() -> None:
    for name, command in all_commands():
        if name.startswith("eval") or hasattr(command, "commands"):
            continue
        options = {option for parameter in command.params for option in parameter.opts}
        assert options >= {"--base", "--json", "--quiet", "--verbose", "--log-file"}, name


def test_the_help_imports_no_heavy_library() -> None:
    code = (
        "import sys, tadarag.cli.main as m; m.main(['--help']); "
        "bad = {'numpy', 'onnxruntime', 'rich', 'tadarag.knowledge_base', 'tadarag.cli.asking', 'yaml', 'pydantic'} & set(sys.modules); "
        "sys.exit(str(sorted(bad)) if bad else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_an_unknown_command_names_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["serch", "x"]) == 2
    assert capsys.readouterr().err == "error: there is no command 'serch'\n  do:  did you mean 'search'?\n"


def test_a_folder_in_place_of_a_command_is_explained(capsys: pytest.CaptureFixture[str]) -> None:
    Path("docs").mkdir()
    assert main(["docs", "question"]) == 2
    assert 'tadarag ask docs "question"' in capsys.readouterr().err


def test_an_unknown_option_is_a_usage_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list", "--jsn"]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "--jsn" in captured.err
    assert "tadarag list --help" in captured.err


def test_with_json_an_error_is_json_on_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list", "--json"]) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    error = json.loads(captured.err)
    assert error["schema"] == "tadarag/1"
    assert error["error"]["kind"] == "BaseMissing"
    assert error["error"]["exit_status"] == 1
    assert "tadarag ingest" in error["error"]["do"]


def test_an_error_shows_no_traceback_unless_asked(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list"]) == 1
    assert "Traceback" not in capsys.readouterr().err
    assert main(["list", "--verbose"]) == 1
    assert "Traceback" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (UsageError("h", "d"), 2),
        (Refused("h", "d"), 4),
        (BaseBusy("h", "d"), 4),
        (BaseDamaged("h", "d"), 1),
        (IndexDamaged("h", "d"), 1),
        (TadaragError("h", "d"), 1),
    ],
)
def test_each_kind_of_error_has_its_exit_status(error: TadaragError, status: int) -> None:
    assert entry.exit_code(error) == status


def test_the_version_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out.startswith("tadarag ")


def test_the_settings_are_shown_with_their_origin(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TADARAG_LIMIT", "4")
    assert main(["config", "show", "--json"]) == 0
    settings = json.loads(capsys.readouterr().out)["settings"]
    assert settings["limit"] == {"value": 4, "origin": "variable TADARAG_LIMIT"}
    assert settings["pipeline"]["origin"] == "default"


@pytest.mark.parametrize(
    ("arguments", "happened"),
    [
        (["ask", "nowhere", "what?"], "no file or folder 'nowhere'"),
        (["ask", "."], "no question about '.'"),
        (["ask", ""], "the question is empty"),
        (["ask", "what", "is", "this"], "too many words"),
        (["ingest"], "nothing to ingest"),
        (["ingest", "nowhere"], "no file or folder 'nowhere'"),
        (["ingest", "*.nothing"], "no file or folder '*.nothing'"),
        (["ingest", "a", "--sync", "b"], "--sync takes one folder"),
        (["init", "nowhere"], "no folder 'nowhere'"),
        (["import", "nowhere.jsonl"], "no file 'nowhere.jsonl'"),
        (["search", "x", "--limit", "0"], "--limit"),
        (["search", ""], "the query is empty"),
        (["list", "--from", "yesterday"], "'yesterday' is not a date"),
        (["list", "--from", "2024-02-01", "--to", "2024-01-01"], "is after"),
        (["export", "--format", "xml", "out"], "xml"),
    ],
)
def test_wrong_usage_is_told_and_makes_no_base(arguments: list[str], happened: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert happened in captured.err
    assert len(captured.err.strip().splitlines()) == 2
    assert not Path(".tadarag").exists()


@pytest.mark.parametrize(
    "arguments",
    [["list"], ["status"], ["show", "x"], ["search", "x"], ["ask", "what?"], ["delete", "x"], ["verify"], ["vacuum"], ["export", "out"]],
)
def test_without_a_base_the_command_says_how_to_make_one(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 1
    assert "tadarag ingest PATH" in capsys.readouterr().err
    assert not Path(".tadarag").exists()


def test_completion_offers_commands_with_their_help(monkeypatch: pytest.MonkeyPatch) -> None:
    environment = {"_TADARAG_COMPLETE": "complete_zsh", "_TYPER_COMPLETE_ARGS": "tadarag re"}
    done = subprocess.run(
        [sys.executable, "-c", "from tadarag.cli.main import run; run()"], env=environment, capture_output=True, text=True, check=False
    )
    assert "repair" in done.stdout
    assert "reindex" in done.stdout
    assert "export" not in done.stdout
