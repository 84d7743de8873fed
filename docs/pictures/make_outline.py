"""Draw docs/pictures/outline.png: the page of a sample manual as a browser shows it. Needs chromium on the PATH.

python docs/pictures/make_outline.py
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tadarag.content import content_folder

PICTURE = Path(__file__).with_name("outline.png")
SAMPLE = "manuals/otter-30-manual.html"
SIZE = "1280,860"


def main() -> None:
    """Write the page with the shipped encoder, and let the browser draw it in light colours."""
    browser = shutil.which("chromium")
    if browser is None:
        sys.exit("chromium is not on the PATH; install it to draw this picture")
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder, "outline.html")
        sample = content_folder("data/samples") / "documents" / SAMPLE
        command = [sys.executable, "-c", "import sys; from tadarag.cli.main import main; sys.exit(main(sys.argv[1:]))"]
        subprocess.run([*command, "outline", str(sample), "--html", str(page)], cwd=folder, check=True, stdout=subprocess.DEVNULL)
        quietly = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--hide-scrollbars", "--disable-sync"]
        quietly += ["--disable-background-networking", "--disable-component-update", f"--user-data-dir={folder}/profile"]
        light = "--blink-settings=preferredColorScheme=1"
        subprocess.run(
            [browser, *quietly, light, f"--window-size={SIZE}", f"--screenshot={PICTURE}", page.as_uri()], check=True, capture_output=True
        )


if __name__ == "__main__":
    main()
