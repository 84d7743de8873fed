"""`tadarag studio`: what it needs, what it says, and how streamlit is told to run."""

import importlib.util
import json
import socket
import subprocess
import sys
import tomllib

import pytest

from tadarag.cli.main import main
from tadarag.cli.studio import theme_options
from tadarag.cli.studio_page import load_pages, pipelines
from tadarag.content import content_folder


@pytest.fixture
def without_streamlit(monkeypatch):
    find = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name, package=None: None if name == "streamlit" else find(name, package))


def test_without_the_extra_it_says_what_to_install(without_streamlit, capsys):
    assert main(["studio"]) == 1
    error = capsys.readouterr().err
    assert "streamlit" in error
    assert 'pip install "tadarag[app]"' in error


def test_a_place_that_is_no_folder_is_refused(tmp_path, capsys):
    pytest.importorskip("streamlit")
    assert main(["studio", str(tmp_path / "nowhere")]) == 2
    assert "is not a folder" in capsys.readouterr().err


def test_a_port_that_is_taken_is_said_with_another(tmp_path, capsys):
    pytest.importorskip("streamlit")
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert main(["studio", str(tmp_path), "--port", str(port)]) == 2
    assert f"--port {port + 1}" in capsys.readouterr().err


def test_its_help_loads_no_streamlit():
    code = "import sys; from tadarag.cli.main import main; main(['studio', '--help']); assert 'streamlit' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)


def test_it_listens_on_this_computer_only_and_tells_nobody():
    settings = tomllib.loads((content_folder("apps/studio") / "theme.toml").read_text(encoding="utf-8"))
    assert settings["server"]["address"] == "127.0.0.1"
    assert set(settings["server"]["allowedHosts"]) == {"localhost", "127.0.0.1"}
    assert settings["browser"]["gatherUsageStats"] is False
    assert settings["client"]["showErrorDetails"] == "none"


def test_every_option_of_the_theme_is_one_that_streamlit_knows():
    config = pytest.importorskip("streamlit.config")
    known = set(config.get_config_options())
    names = {option.removeprefix("--").split("=")[0] for option in theme_options(content_folder("apps/studio"))}
    assert names <= known


def test_a_list_becomes_one_option_a_value(tmp_path):
    (tmp_path / "theme.toml").write_text('[server]\nheadless = true\nallowedHosts = ["a", "b"]\n')
    assert theme_options(tmp_path) == ["--server.headless=true", "--server.allowedHosts=a", "--server.allowedHosts=b"]


def test_a_person_s_own_recipe_can_be_chosen(tmp_path):
    (tmp_path / "pipelines/answer").mkdir(parents=True)
    (tmp_path / "pipelines/answer/mine.yaml").write_text("answerer: extractive\n")
    names = pipelines(tmp_path)
    assert names[0] == "default"
    assert {"mine", "evidence-only", "llm"} <= set(names)


def test_the_whole_studio_is_drawn_over_the_base_that_the_flags_name(tmp_path):
    pytest.importorskip("streamlit")
    from streamlit.testing.v1 import AppTest

    load_pages()

    def script(argument):
        from tadarag.cli.studio_page import main as draw

        draw(argument)

    argument = json.dumps({"documents": str(tmp_path), "flags": {"base": None, "encoder": "hashing"}})
    test = AppTest.from_function(script, kwargs={"argument": argument}, default_timeout=60).run()
    assert not test.exception
    assert (tmp_path / ".tadarag").is_dir()
    assert any("No documents yet" in str(element.proto) for element in test.main)
