"""The answer pipelines that the server offers, and their names as models of the OpenAI-compatible interface."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from tadarag.content import content_folder
from tadarag.pipeline import load_pipeline

MODEL = "tadarag"
_FOLDER = "pipelines/answer"


def offered_pipelines(base: Path, *, has_model: bool) -> tuple[str, ...]:
    """Names of the recipes of the product and of the base's own, sorted; without those that need a language model where none is set.

    Raises UsageError for a recipe that does not pass its checks.
    """
    folders = (content_folder(_FOLDER), base / _FOLDER)
    names = sorted({file.stem for folder in folders for file in folder.glob("*.yaml")})
    return tuple(name for name in names if has_model or load_pipeline(name, user_folders=[base]).answerer != "llm")


def models_of(pipelines: Sequence[str], *, default: str) -> Mapping[str, str]:
    """Model name -> pipeline: "tadarag" for the default one, "tadarag-NAME" for each."""
    return {MODEL: default, **{f"{MODEL}-{name}": name for name in pipelines}}
