"""Every extractor of the house passes the contract."""

from functools import cache

import pytest

from tadarag.extraction.extractor import Extractor
from tadarag.extraction.rules import RuleExtractor
from tadarag.extraction.small import is_shipped, load_shipped_extractor
from tadarag.testing.extractor_contract import ExtractorContract


class TestRuleExtractor(ExtractorContract):
    @pytest.fixture
    def extractor(self) -> Extractor:
        return RuleExtractor()


@pytest.mark.skipif(not is_shipped(), reason="this installation holds no extractor")
class TestSmallExtractor(ExtractorContract):
    @pytest.fixture
    def extractor(self) -> Extractor:
        return small_extractor()


@cache
def small_extractor() -> Extractor:
    return load_shipped_extractor()
