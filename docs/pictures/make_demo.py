"""Draw docs/pictures/demo.svg from what `tadarag demo` really prints.

python docs/pictures/make_demo.py
"""

from __future__ import annotations

import io
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from rich._export_format import CONSOLE_SVG_FORMAT
from rich.console import Console
from rich.text import Text

PICTURE = Path(__file__).with_name("demo.svg")
WIDTH = 104
STYLES = {
    r"^\$ .*$": "bold green",
    r"^question \d+: .*$": "bold cyan",
    r"\[\d+\]": "bold yellow",
    r'^    ".*"$': "italic",
    r"^Not found in the documents.*$": "bold red",
}


def main() -> None:
    """Run the demo in a folder of its own and record it."""
    command = [sys.executable, "-c", "import sys; from tadarag.cli.main import main; sys.exit(main(sys.argv[1:]))", "demo", "samples"]
    with tempfile.TemporaryDirectory() as folder:
        printed = subprocess.run([*command, "--quiet"], cwd=folder, check=True, capture_output=True, text=True, encoding="utf-8").stdout
    PICTURE.write_text(drawn(f"$ tadarag demo samples\n{printed.rstrip()}\n"), encoding="utf-8")


def drawn(screen: str) -> str:
    """The screen as SVG, in the reader's own fixed-width font: nothing is fetched when it is shown."""
    console = Console(record=True, width=WIDTH, file=io.StringIO())
    text = Text(screen)
    for pattern, style in STYLES.items():
        text.highlight_regex(re.compile(pattern, re.MULTILINE), style)
    console.print(text)
    without_fonts = re.sub(r"@font-face \{\{.*?\}\}\s*", "", CONSOLE_SVG_FORMAT, flags=re.DOTALL)
    svg = console.export_svg(title="tadarag", code_format=without_fonts, unique_id="demo")
    svg = re.sub(
        r'(<text[^>]*?) textLength="[^"]*"([^>]*>[^<]*[\u3000-\u9fff\uff00-\uffef])', r"\1\2", svg
    )  # wide characters: no squeezing
    return svg.replace("Fira Code, monospace", "ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace")


if __name__ == "__main__":
    main()
