"""A manifest says what a stage took: the peak of memory since it began, and the packages that were imported."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import version

import numpy as np
import pytest

from tadarag.training.imported_packages import imported_packages

_MEASURED = """
import numpy as np
from tadarag.training.peak_memory import forget_peak, peak_bytes
large = np.ones(60_000_000, np.uint8)
del large
before = peak_bytes()
forget_peak()
calm = peak_bytes()
again = np.ones(60_000_000, np.uint8)
print(before, calm, peak_bytes())
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux lets a process forget its peak")
def test_the_peak_is_that_of_what_came_after_it_was_forgotten() -> None:
    # in a process of its own: that of the tests may give memory back at any moment
    told = subprocess.run([sys.executable, "-c", _MEASURED], capture_output=True, text=True, check=True).stdout
    before, calm, after = map(int, told.split())
    if calm > before - 20_000_000:
        pytest.skip("this process may not write /proc/self/clear_refs")
    assert after >= calm + 50_000_000


def test_packages_that_were_imported_are_named_with_their_versions() -> None:
    found = imported_packages()
    assert found["numpy"] == version("numpy") == np.__version__
    assert found["pytest"] == version("pytest")
    assert list(found) == sorted(found)
