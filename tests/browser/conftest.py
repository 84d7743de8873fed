"""A studio of its own, and a real browser: Debian's chromium, headless."""

import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from tadarag.cli.studio_page import load_pages


def pytest_addoption(parser):
    parser.addoption("--screenshots", metavar="DIR", default=None, help="keep the screenshots of the browser tests in DIR")


@pytest.fixture(scope="session")
def shots(request, tmp_path_factory):
    """Where screenshots go."""
    chosen = request.config.getoption("--screenshots", default=None)
    folder = Path(chosen) if chosen else tmp_path_factory.mktemp("screenshots")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def chromium():
    """A browser; the tests are left out where there is none."""
    playwright = pytest.importorskip("playwright.sync_api")
    pytest.importorskip("streamlit")
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if program is None:
        pytest.skip("chromium is not installed; `make test-browser` installs it where apt is there")
    load_pages()
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield browser
        browser.close()


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


@pytest.fixture
def studio(tmp_path_factory):
    """The address of a studio over an empty folder, and that folder."""
    folder, port = tmp_path_factory.mktemp("documents"), free_port()
    command = [sys.executable, "-c", "from tadarag.cli.main import run; run()", "studio", str(folder), "--port", str(port), "--no-browser"]
    with open(folder.parent / "studio.log", "w") as log:
        server = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT)
        try:
            wait_for(f"http://127.0.0.1:{port}/_stcore/health", server)
            yield f"http://127.0.0.1:{port}/", folder
        finally:
            server.terminate()
            server.wait(30)


def wait_for(address, server, seconds=90):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=2):
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the studio did not start")
