"""Which answerer a recipe's name stands for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tadarag.errors import ModelFileDamaged, UsageError
from tadarag.generation.answerer import Answerer

if TYPE_CHECKING:
    from tadarag.models.language_model import LanguageModel
    from tadarag.models.passage_reader import PassageReader

ANSWERERS = ("evidence", "extractive", "llm", "trained")


def make_answerer(
    name: str,
    model: LanguageModel | None = None,
    *,
    max_context_tokens: int = 3000,
    use_cosines: bool = True,
    reader: PassageReader | None = None,
) -> Answerer:
    """The answerer `name`. model: needed by "llm" only. use_cosines: False when the encoder is not the shipped one, for which there is no
    `reader` either: "trained" is then "extractive". Raises UsageError, ModelFileDamaged.
    """
    if name in ("extractive", "trained"):
        from tadarag.generation.extractive import ExtractiveAnswerer

        quoting = ExtractiveAnswerer(use_cosines=use_cosines)
        if name == "extractive" or reader is None:
            return quoting
        from tadarag.generation.answer_choice import load_choice
        from tadarag.generation.trained import TrainedAnswerer

        choice = load_choice()
        if choice.answerer != reader.fingerprint:
            raise ModelFileDamaged(
                "the choice between answers was made for another network than the one that reads",
                "install tadarag again, or use --pipeline rules",
            )
        return TrainedAnswerer(reader, choice, quoting)
    if name == "evidence":
        from tadarag.generation.evidence_only import EvidenceAnswerer

        return EvidenceAnswerer()
    if name == "llm":
        from tadarag.generation.llm import LLMAnswerer

        if model is None:
            raise UsageError(
                "this pipeline needs a language model and none is set", "set model.url and model.name, or use --pipeline default"
            )
        return LLMAnswerer(model, max_context_tokens=max_context_tokens)
    raise UsageError(f"there is no answerer {name!r}", f"choose one of: {', '.join(ANSWERERS)}")
