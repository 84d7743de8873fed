"""What `import tadarag` gives, and what it costs."""

from __future__ import annotations

import inspect
import pickle
import subprocess
import sys

import pytest

import tadarag
from tadarag import errors

HEAVY = ("numpy", "onnxruntime", "tokenizers", "rich", "httpx", "httpx2", "openai", "networkx", "pydantic", "yaml", "docx", "pypdfium2")

PROMISED = frozenset(
    (
        "Answer AnswerEvent BaseBusy BaseDamaged BaseError BaseMissing BaseStatus Budget Chains Chunk Citation ContentMissing "
        "ContextOverflow CorpusView Digests Document DocumentError DocumentInfo EncoderBroken EncoderMismatch EndpointError Entity "
        "Evidence Extraction FactSource Feedback Filters Finding FormatMismatch GraphFact GraphNode GraphServerError Heading Hit "
        "IndexDamaged IngestEstimate IngestProgress IngestReport KnowledgeBase Link Mention ModelError ModelFileDamaged OutlineLine "
        "Passage PassageInContext PluginError QuestionGraph ReadingEstimate Record Refused Relation Route SourceName Span Statement "
        "TadaragError TemplateError Thing TierEstimate Tiers TrainingError Usage UsageError UsedPassage"
    ).split()
)
"""Names that stay (docs/promises.md): to remove or rename one is a decision."""
PROMISED_METHODS = frozenset(
    (
        "LAYERS aliases ask ask_async backup builder chains close delete digests document estimate export feedback feedback_given "
        "graph graph_between graph_reader import_ ingest ingest_documents keep_answer kept_answer latest_answer ledger list open "
        "outline outline_page passage question_graph question_page record records reindex repair retry search search_async "
        "search_names status thing unmerge vacuum verify"
    ).split()
)


def test_no_promised_name_has_gone() -> None:
    assert set(tadarag.__all__) >= PROMISED
    assert set(dir(tadarag.KnowledgeBase)) >= PROMISED_METHODS


def test_the_public_names_are_sorted_and_each_can_be_imported() -> None:
    assert list(tadarag.__all__) == sorted(set(tadarag.__all__))
    for name in tadarag.__all__:
        assert getattr(tadarag, name).__name__ == name


def test_every_error_is_public() -> None:
    classes = {name for name, value in vars(errors).items() if inspect.isclass(value) and issubclass(value, errors.TadaragError)}
    assert classes <= set(tadarag.__all__)


def test_what_is_public_is_what_a_star_import_gives() -> None:
    names: dict[str, object] = {}
    exec("from tadarag import *", names)
    assert set(names) - {"__builtins__"} == set(tadarag.__all__)


def test_any_other_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'Knowledgebase'"):
        tadarag.Knowledgebase  # noqa: B018


def test_public_values_survive_pickling() -> None:
    span = tadarag.Span(2, 5)
    assert pickle.loads(pickle.dumps(span)) == span


@pytest.mark.parametrize("start", ["import tadarag", "from tadarag.cli.main import main; main(['--help'])", "import tadarag.errors"])
def test_starting_loads_no_heavy_library(start: str) -> None:
    loaded = f"import sys; {start}; print('loaded:', *[name for name in {HEAVY!r} if name in sys.modules])"
    out = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=True).stdout
    assert out.splitlines()[-1] == "loaded:"


def test_both_packages_are_marked_as_typed() -> None:
    from importlib.resources import files

    assert files("tadarag").joinpath("py.typed").is_file()
    assert files("mom").joinpath("py.typed").is_file()
