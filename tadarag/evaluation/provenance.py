"""Where a figure or a model comes from: the machine and the code that made it, without a name of either's owner."""

from __future__ import annotations

import os
import platform
import subprocess
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

_COMPARED = ("bm25s", "rank-bm25", "llama-index-core", "llama-index-retrievers-bm25")


def machine() -> dict[str, str | int]:
    """What decides speed and, in the last digits, vectors: processor, cores and versions; nothing that names the machine."""
    return {
        "processor": _processor(),
        "cores": os.cpu_count() or 0,
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "numpy": installed_version("numpy"),
        "onnxruntime": installed_version("onnxruntime"),
        "tadarag": installed_version("tadarag"),
    }


def compared_libraries() -> dict[str, str]:
    """Versions of the other tools that a suite may run, as far as they are installed: what a comparison with them is a comparison with."""
    return {name: found for name in _COMPARED if (found := installed_version(name)) != "unknown"}


def today() -> str:
    """The date of a run, in UTC."""
    return datetime.now(tz=UTC).date().isoformat()


def installed_version(package: str) -> str:
    """The version of an installed package, "unknown" where it is not installed (such as tadarag run from a bare checkout)."""
    try:
        return version(package)
    except PackageNotFoundError:
        return "unknown"


def code_commit() -> str:
    """The commit of the code that ran, with "+changes" when the tree was not clean; "unknown" outside a checkout."""
    here = Path(__file__).resolve().parent
    is_tracked = _git(here, "ls-files", "--error-unmatch", "__init__.py") is not None  # not: installed inside someone's repository
    head = _git(here, "rev-parse", "HEAD") if is_tracked else None
    if head is None:
        return "unknown"
    return head + ("+changes" if _git(here, "status", "--porcelain", "--untracked-files=no") else "")


def _processor() -> str:
    information = Path("/proc/cpuinfo")
    if information.is_file():
        for line in information.read_text(encoding="utf-8", errors="replace").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or "unknown"


def _git(folder: Path, *arguments: str) -> str | None:
    try:
        done = subprocess.run(["git", "-C", str(folder), *arguments], capture_output=True, text=True, check=False)
    except FileNotFoundError:  # no git on this machine: the commit is then "unknown", and says so
        return None
    return done.stdout.strip() if done.returncode == 0 else None
