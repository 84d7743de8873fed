"""A tiny causal language model with random weights and a tokenizer of whole words, for the generated world and for tests."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from tokenizers import Regex, Tokenizer, decoders
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Split
from transformers import BloomConfig, BloomForCausalLM, PreTrainedTokenizerFast

from tadarag.training.reinforcement.named_streams import named_seed

PAD, UNKNOWN, EOS = "<pad>", "<unk>", "<eos>"
_SPECIAL_OF_REGEX = frozenset("\\.^$|?*+()[]{}")


def word_tokenizer(pieces: Sequence[str]) -> Any:
    """A fast tokenizer that knows these pieces whole, white space included; of several that fit, the longest. Text made of them comes back exact."""
    vocabulary = {token: index for index, token in enumerate((PAD, UNKNOWN, EOS, *pieces))}
    tokenizer = Tokenizer(WordLevel(vocabulary, unk_token=UNKNOWN))
    longest_first = sorted(pieces, key=lambda piece: (-len(piece), piece))
    tokenizer.pre_tokenizer = Split(Regex("|".join(map(_escaped, longest_first))), behavior="isolated")
    tokenizer.decoder = decoders.Fuse()
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        pad_token=PAD,
        unk_token=UNKNOWN,
        eos_token=EOS,
        padding_side="left",
        clean_up_tokenization_spaces=False,
    )


def tiny_model(tokenizer: Any, *, width: int = 64, n_layers: int = 2, n_heads: int = 4, spread: float = 0.15, seed: int = 0) -> Any:
    """A Bloom of random weights in float32, the same for the same seed; input and output embeddings are shared.

    Bloom, because its attention leans to what is near (ALiBi) from the start: a model of two layers with rotary or learned positions took
    several times as long to find out which name a city belongs to. spread: standard deviation of the weights; at the usual 0.02 a width
    of 64 hardly attends to anything at first.
    """
    torch.manual_seed(named_seed(seed, "init") % 2**63)
    return BloomForCausalLM(
        BloomConfig(
            vocab_size=len(tokenizer),
            hidden_size=width,
            n_layer=n_layers,
            n_head=n_heads,
            hidden_dropout=0.0,
            attention_dropout=0.0,
            initializer_range=spread,
            tie_word_embeddings=True,
            pad_token_id=tokenizer.pad_token_id,
            bos_token_id=None,
            eos_token_id=tokenizer.eos_token_id,
        )
    )


def _escaped(piece: str) -> str:
    return "".join(f"\\{character}" if character in _SPECIAL_OF_REGEX else character for character in piece)
