"""The most memory that this process has held at once since a moment that one chooses."""

from __future__ import annotations

import sys
from pathlib import Path

if sys.platform != "win32":
    import resource

_CLEAR, _STATUS = Path("/proc/self/clear_refs"), Path("/proc/self/status")
_RESET_PEAK = "5"


def forget_peak() -> None:
    """Count from now on. Where the system does not let one (not Linux, or /proc is read only), the count stays that of the whole process."""
    try:
        _CLEAR.write_text(_RESET_PEAK, encoding="ascii")
    except OSError:  # no such file, or no right to write it: the docstring says what then holds
        return


def peak_bytes() -> int:
    """The peak of resident memory, files that are mapped included; 0 where the system does not tell."""
    if _STATUS.is_file():
        for line in _STATUS.read_text(encoding="ascii", errors="replace").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    if sys.platform == "win32":
        return 0
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)  # bytes there, KiB elsewhere
