"""Draw docs/pictures/studio-*.png: the studio over the sample documents. Needs chromium on the PATH, and what the tests need.

python docs/pictures/make_studio.py
"""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from tadarag.content import content_folder

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

FOLDER = Path(__file__).parent
COMMAND = [sys.executable, "-c", "from tadarag.cli.main import run; run()"]
QUESTION = "Who first described the disease that Fevrolin is used to treat?"
QUESTION_ZH = "经过修复师检测，《暮色渡船》究竟画于哪一年？"
NAME = "Halvrin Hydrokinetics"


def main() -> None:
    """Read the samples, start the studio, and take the four pictures."""
    from playwright.sync_api import sync_playwright

    program = shutil.which("chromium")
    if program is None:
        sys.exit("chromium is not on the PATH; install it to draw these pictures")
    with tempfile.TemporaryDirectory() as folder:
        documents = Path(folder, "samples")
        shutil.copytree(content_folder("data/samples") / "documents", documents)
        subprocess.run([*COMMAND, "ingest", ".", "--quiet"], cwd=documents, check=False, stdout=subprocess.DEVNULL)
        with _studio(documents) as address, sync_playwright() as driver:
            browser = driver.chromium.launch(executable_path=program, args=["--no-sandbox"])
            _ask(browser, address)
            _graph(browser, address)
            _phone(browser, address)
            browser.close()


@contextmanager
def _studio(documents: Path) -> Iterator[str]:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = one.getsockname()[1]
    address = f"http://127.0.0.1:{port}/"
    server = subprocess.Popen(
        [*COMMAND, "studio", str(documents), "--port", str(port), "--no-browser"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        for _ in range(600):
            try:
                urllib.request.urlopen(f"{address}_stcore/health", timeout=2).close()
                break
            except OSError:
                time.sleep(0.1)
        yield address
    finally:
        server.terminate()
        server.wait(30)


def _page(browser: Browser, address: str, *, scheme: str = "light", width: int = 1280, height: int = 800, locale: str = "en-GB") -> Page:
    page = browser.new_page(
        viewport={"width": width, "height": height}, color_scheme="dark" if scheme == "dark" else "light", locale=locale
    )
    page.set_default_timeout(120_000)
    page.goto(address)
    page.locator(".page-head").wait_for()
    return page


def _asked(page: Page, question: str) -> None:
    page.get_by_test_id("stChatInputTextArea").fill(question)
    page.keyboard.press("Enter")
    page.locator("[class*=st-key-feedback-]").wait_for()
    page.locator("button.cite").first.wait_for()
    page.wait_for_timeout(1500)


def _ask(browser: Browser, address: str) -> None:
    """An answer, and the source of its first citation."""
    page = _page(browser, f"{address}ask")
    _asked(page, QUESTION)
    page.mouse.move(5, 5)
    page.screenshot(path=FOLDER / "studio-ask.png")
    page.locator("button.cite").first.click()
    page.locator(".source-view mark").wait_for()
    page.wait_for_timeout(1500)
    page.screenshot(path=FOLDER / "studio-source.png")


def _graph(browser: Browser, address: str) -> None:
    """A name with what stands around it, in dark colours."""
    page = _page(browser, f"{address}graph", scheme="dark")
    page.get_by_label("Find a name").fill(NAME)
    page.keyboard.press("Enter")
    page.locator(".neighbours-view svg").wait_for()
    page.wait_for_timeout(3000)
    page.screenshot(path=FOLDER / "studio-graph.png")


def _phone(browser: Browser, address: str) -> None:
    """A Chinese answer on a phone."""
    page = _page(browser, f"{address}ask", width=375, height=760, locale="zh-CN")
    _asked(page, QUESTION_ZH)
    page.screenshot(path=FOLDER / "studio-phone.png")


if __name__ == "__main__":
    main()
