"""A local causal model: a tiny one with random weights, which is enough to see that its likelihoods are likelihoods."""

from __future__ import annotations

import math

import pytest

from mom.language_model import CannotRead, Sampling
from mom.mem_reader import TUNED, MemReader
from mom.transformers_model import TransformersModel

torch = pytest.importorskip("torch")
transformers = pytest.importorskip("transformers")
tokenizers = pytest.importorskip("tokenizers")

LETTERS = [chr(code) for code in range(32, 127)]


@pytest.fixture(scope="module")
def model() -> TransformersModel:
    """A Llama of one layer over single characters, 512 tokens long."""
    vocabulary = {token: number for number, token in enumerate(["<eos>", "<unk>", *LETTERS])}
    backend = tokenizers.Tokenizer(tokenizers.models.BPE(vocab=vocabulary, merges=[], unk_token="<unk>"))
    backend.decoder = tokenizers.decoders.Fuse()
    tokenizer = transformers.PreTrainedTokenizerFast(tokenizer_object=backend, eos_token="<eos>", unk_token="<unk>")
    torch.manual_seed(3)
    shape = {"hidden_size": 16, "intermediate_size": 32, "num_hidden_layers": 1, "num_attention_heads": 2, "num_key_value_heads": 2}
    config = transformers.LlamaConfig(vocab_size=len(vocabulary), max_position_embeddings=512, eos_token_id=0, bos_token_id=None, **shape)
    return TransformersModel(transformers.LlamaForCausalLM(config), tokenizer, name="tiny")


def test_the_likelihoods_of_all_next_tokens_sum_to_one(model: TransformersModel) -> None:
    total = sum(math.exp(model.likelihoods("The dam", letter)[0]) for letter in LETTERS)
    assert 0.9 < total <= 1 + 1e-6  # the two tokens that are no characters have the rest


def test_there_is_a_likelihood_for_each_token_of_the_continuation(model: TransformersModel) -> None:
    scores = model.likelihoods("The dam", " is high")
    assert len(scores) == model.count_tokens(" is high")[0] == 8
    assert all(score <= 0 for score in scores)


def test_an_empty_prompt_gives_likelihoods_too(model: TransformersModel) -> None:
    assert len(model.likelihoods("", "dam")) == 3


def test_logits_of_choices_are_ordered_as_their_likelihoods(model: TransformersModel) -> None:
    logits = model.choice_logits("Is it so? ", ["y", "n"])
    likelihoods = [model.likelihoods("Is it so? ", choice)[0] for choice in ("y", "n")]
    assert logits[0] - logits[1] == pytest.approx(likelihoods[0] - likelihoods[1], abs=1e-5)


def test_the_same_seed_draws_the_same_reply(model: TransformersModel) -> None:
    one, again, other = (
        model.complete("Be short.", "What is it?", Sampling(temperature=1.0, seed=seed, max_tokens=20)).text for seed in (1, 1, 2)
    )
    assert one == again != other


def test_a_reply_that_is_cut_says_so_and_is_counted(model: TransformersModel) -> None:
    reply = model.complete("Be short.", "What?", Sampling(temperature=0.0, max_tokens=3))
    assert reply.completion_tokens == 3
    assert reply.prompt_tokens == model.count_tokens("Be short.\n\nWhat?\n\n")[0]
    assert reply.is_cut


def test_what_does_not_fit_cannot_be_read(model: TransformersModel) -> None:
    with pytest.raises(CannotRead, match="do not fit the 512 of tiny"):
        model.complete("", "long " * 200, Sampling(temperature=0.0))


def test_a_model_that_writes_nonsense_leaves_the_memory_whole(model: TransformersModel) -> None:
    text = "The dam is high. " * 3
    memory = MemReader(model=model, profile=TUNED).build(text)
    assert "".join(item.span.of(text) for item in memory.items) == text
    assert "without the model" in memory.notes[0]
