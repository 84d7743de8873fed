"""A host that is not installed."""

from __future__ import annotations

import pickle
import subprocess
import sys

import pytest

from tadarag import UsageError
from tadarag.integrations.extras import ExtraMissing, needs_extra

_HIDDEN = """
import sys
sys.modules[{library!r}] = None
try:
    import tadarag.integrations.{module}
except ImportError as error:
    print(error.do)
"""


@pytest.mark.parametrize(
    ("module", "library", "extra"),
    [
        ("llama_index", "llama_index.core", "llama-index"),
        ("langchain", "langchain_core", "langchain"),
        ("haystack", "haystack", "haystack"),
        ("spacy", "spacy", "spacy"),
    ],
)
def test_without_its_library_a_module_says_what_to_install(module: str, library: str, extra: str) -> None:
    script = _HIDDEN.format(library=library, module=module)
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == f"run: pip install 'tadarag[{extra}]'"


def test_the_error_is_a_usage_error_that_survives_pickling() -> None:
    with pytest.raises(UsageError) as caught, needs_extra("langchain"):
        raise ModuleNotFoundError("No module named 'langchain_core'")
    again = pickle.loads(pickle.dumps(caught.value))
    assert isinstance(again, ExtraMissing)
    assert str(again) == str(caught.value)
    assert "No module named 'langchain_core'" in again.happened


def test_another_error_passes_unchanged() -> None:
    with pytest.raises(ZeroDivisionError), needs_extra("langchain"):
        raise ZeroDivisionError


def test_the_package_itself_loads_no_host() -> None:
    script = "import tadarag.integrations, sys; print([name for name in ('llama_index', 'langchain_core', 'haystack', 'spacy') if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
