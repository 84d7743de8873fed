"""Every selector of the house passes the contract."""

import pytest

from tadarag.retrieval.learned_selector import load_selector
from tadarag.retrieval.selector import FormulaSelector, Selector
from tadarag.testing.selector_contract import SelectorContract


class TestFormula(SelectorContract):
    @pytest.fixture
    def selector(self) -> Selector:
        return FormulaSelector()


class TestTrees(SelectorContract):
    @pytest.fixture
    def selector(self) -> Selector:
        return load_selector()
