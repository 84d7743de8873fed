"""Draw docs/pictures/question-graph.png: the graph of a question over three short notes, as a browser shows it. Needs chromium on the PATH.

python docs/pictures/make_question_graph.py
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tadarag import KnowledgeBase
from tadarag.extraction.rules import RuleExtractor

PICTURE = Path(__file__).with_name("question-graph.png")
SIZE = "1280,760"
QUESTION = "Who founded Halvrin Hydrokinetics?"
NOTES = {
    "companies.md": (
        "# Companies\n\nHalvrin Hydrokinetics was founded by Ada Brandt. Halvrin Hydrokinetics acquired Corbel Bearings Company. "
        "Halvrin Hydrokinetics is headquartered in Velmouth. Corbel Bearings Company was founded by Thea Corbel. "
        "Corbel Bearings Company is based in Port Hesk. Ostrevir Shipyard Ltd is located in Port Hesk.\n"
    ),
    "people.md": (
        "# People\n\nAda Brandt was born on 4 May 1961 in Quillen. Tomas Brandt is the managing director of Ostrevir Shipyard Ltd. "
        "Thea Corbel was born in Port Hesk. Ilse Mennick is the chair of Halvrin Hydrokinetics. Thea Corbel died in 2019.\n"
    ),
    "places.md": "# Places\n\nQuillen is a town in Orrowen. Velmouth is a city in Orrowen. Port Hesk is a town in Orrowen.\n",
}


def main() -> None:
    """Ask with the shipped encoder and the rules, and let the browser draw the page in light colours."""
    browser = shutil.which("chromium")
    if browser is None:
        sys.exit("chromium is not on the PATH; install it to draw this picture")
    with tempfile.TemporaryDirectory() as folder:
        notes = Path(folder, "notes")
        notes.mkdir()
        for name, text in NOTES.items():
            (notes / name).write_text(text, encoding="utf-8")
        page = Path(folder, "graph.html")
        with KnowledgeBase.open(notes, extractor=RuleExtractor()) as base:
            base.ingest(notes)
            page.write_text(base.question_page(base.ask(QUESTION, with_graph=True)), encoding="utf-8")
        quietly = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--hide-scrollbars", "--disable-sync"]
        quietly += ["--disable-background-networking", "--disable-component-update", f"--user-data-dir={folder}/profile"]
        light = "--blink-settings=preferredColorScheme=1"
        subprocess.run(
            [browser, *quietly, light, f"--window-size={SIZE}", f"--screenshot={PICTURE}", page.as_uri()], check=True, capture_output=True
        )


if __name__ == "__main__":
    main()
