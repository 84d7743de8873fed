"""Every selector of the house passes the contract."""

import re

import pytest

from tadarag.retrieval.learned_selector import load_selector
from tadarag.retrieval.llm_selector import LLMSelector
from tadarag.retrieval.selector import FormulaSelector, Selector
from tadarag.testing.scripted_model import ScriptedModel
from tadarag.testing.selector_contract import SelectorContract


class TestFormula(SelectorContract):
    @pytest.fixture
    def selector(self) -> Selector:
        return FormulaSelector()


class TestTrees(SelectorContract):
    @pytest.fixture
    def selector(self) -> Selector:
        return load_selector()


def passages_that_tell_a_birth(messages):
    """Chooses by what the passages say, as a model would."""
    blocks = re.split(r"^\[(\d+)\] ", messages[1].content, flags=re.MULTILINE)
    numbers = [number for number, text in zip(blocks[1::2], blocks[2::2], strict=True) if "born" in text or "总部" in text]
    return f'{{"passages": [{", ".join(numbers)}]}}'


class TestLanguageModel(SelectorContract):
    @pytest.fixture
    def selector(self) -> Selector:
        return LLMSelector(model=ScriptedModel(passages_that_tell_a_birth), before=FormulaSelector())
