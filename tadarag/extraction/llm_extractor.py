"""The tier `llm`: a language model names things and states facts, the rules find values, and nothing counts that the text does not hold."""

from __future__ import annotations

from tadarag.errors import UsageError
from tadarag.extraction.assembly import UnitwiseExtractor
from tadarag.extraction.llm_units import LlmUnits
from tadarag.models.language_model import LanguageModel


def llm_extractor(model: LanguageModel | None = None) -> UnitwiseExtractor:
    """The extractor over a language model. Raises UsageError without one."""
    if model is None:
        raise UsageError(
            "the tier llm asks a language model, and none is set",
            "name one: model.name and model.url in tadarag.toml, or TADARAG_MODEL_NAME and TADARAG_MODEL_URL",
        )
    return UnitwiseExtractor(LlmUnits(model=model))
