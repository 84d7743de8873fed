"""The pages of the documentation and their fenced blocks, for the tests that run them and that look for names in them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGES = [
    ROOT / "README.md",
    *sorted(page for page in (ROOT / "docs").rglob("*.md") if page.parent.name != "decisions"),
    *sorted((ROOT / "apps").rglob("*.md")),
]
_BLOCK = re.compile(r"^```(?P<language>\w*)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block of a page."""

    page: Path
    line: int
    language: str
    body: str

    def __str__(self) -> str:
        return f"{name_of(self.page)}:{self.line}"


def name_of(page: Path) -> str:
    """The page's path in the repository."""
    return page.relative_to(ROOT).as_posix()


def blocks(*languages: str, page: str = "") -> list[Block]:
    """All blocks in those languages, in order; of one page, if named."""
    found = []
    for file in PAGES:
        if page and name_of(file) != page:
            continue
        text = file.read_text(encoding="utf-8")
        for match in _BLOCK.finditer(text):
            if match["language"] in languages:
                found.append(Block(file, text.count("\n", 0, match.start()) + 1, match["language"], match["body"]))
    return found


def pages_with(*languages: str) -> list[str]:
    """Names of the pages that have such blocks."""
    return sorted({name_of(block.page) for block in blocks(*languages)})


def commands(block: Block) -> Iterator[tuple[str, str]]:
    """(command, output shown) of a console block; a line that ends in a backslash goes on in the next."""
    for part in re.split(r"^\$ ", block.body, flags=re.MULTILINE)[1:]:
        command, _, shown = part.replace("\\\n", "").partition("\n")
        yield command.strip(), shown.rstrip()


def fits(printed: str, shown: str) -> bool:
    """Whether output is what a page shows, where … in a page stands for any text; a page that shows nothing promises nothing."""
    pattern = ".*".join(re.escape(piece) for piece in shown.split("…"))
    return not shown or re.fullmatch(pattern, printed.rstrip(), re.DOTALL) is not None


def is_a_shell_line(line: str) -> bool:
    """Whether a reader would type the line, prompt or none."""
    return bool(re.match(r"(?:\$ )?(?:tadarag|mom|python|pip|export|curl|make|docker) ", line))
