"""Every unit extractor of the house that needs no weights passes the contract; those of extras where the extra is installed."""

from functools import cache

import pytest

from tadarag.extraction.assembly import UnitwiseExtractor
from tadarag.extraction.extractor import Extractor, UnitExtractor
from tadarag.extraction.gliner_units import GlinerUnits
from tadarag.extraction.llm_units import LlmUnits
from tadarag.extraction.spacy_units import SpacyUnits
from tadarag.testing.extractor_contract import ExtractorContract
from tadarag.testing.scripted_extraction import NAMES, WordListGliner, careful_reply
from tadarag.testing.scripted_model import ScriptedModel
from tadarag.testing.unit_extractor_contract import UnitExtractorContract

LABELS = {"person": "PERSON", "organization": "ORG", "location": "GPE"}


class TestLanguageModel(UnitExtractorContract):
    @pytest.fixture
    def units(self) -> UnitExtractor:
        return LlmUnits(model=ScriptedModel(careful_reply))


class TestGliner(UnitExtractorContract):
    @pytest.fixture
    def units(self) -> UnitExtractor:
        return GlinerUnits(model=WordListGliner(), name="words")


class TestSpacyWithPatterns(UnitExtractorContract):
    finds_in_chinese = False

    @pytest.fixture
    def units(self) -> UnitExtractor:
        spacy = pytest.importorskip("spacy")
        pipeline = spacy.blank("en")
        ruler = pipeline.add_pipe("entity_ruler")
        ruler.add_patterns([{"label": LABELS[kind], "pattern": name} for name, kind in NAMES.items()])
        return SpacyUnits({"en": pipeline})


class TestSpacyPipeline(UnitExtractorContract):
    finds_in_chinese = False

    @pytest.fixture
    def units(self) -> UnitExtractor:
        pytest.importorskip("spacy")
        return english_pipeline()


@cache
def english_pipeline() -> UnitExtractor:
    """The first English pipeline that is installed, loaded once."""
    import spacy

    installed = [name for name in sorted(spacy.util.get_installed_models()) if name.startswith("en_core_web")]
    if not installed:
        pytest.skip("no English pipeline is installed")
    return SpacyUnits({"en": spacy.load(installed[0])})


class TestRulesOfTheAssembly(ExtractorContract):
    @pytest.fixture
    def extractor(self) -> Extractor:
        return UnitwiseExtractor(LlmUnits(model=ScriptedModel(careful_reply)))
