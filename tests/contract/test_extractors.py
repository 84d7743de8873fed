"""Every extractor of the house passes the contract."""

import pytest

from tadarag.extraction.extractor import Extractor
from tadarag.extraction.rules import RuleExtractor
from tadarag.testing.extractor_contract import ExtractorContract


class TestRuleExtractor(ExtractorContract):
    @pytest.fixture
    def extractor(self) -> Extractor:
        return RuleExtractor()
