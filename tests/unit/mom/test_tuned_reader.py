"""A tuned model is opened from its folder and asked as its card says; where torch and transformers are installed, by a tiny one."""

from __future__ import annotations

import pytest

from mom.tuned_reader import CARD, BadReader, ReaderCard, current_prompts, load_mem_reader, read_card, write_card

CURRENT = ReaderCard(prompts=current_prompts(), thinks=True, temperature=0.0)


def test_a_card_comes_back_as_it_was_written_and_says_how_the_model_is_asked(tmp_path):
    write_card(CURRENT, tmp_path)
    card = read_card(tmp_path)
    assert card == CURRENT
    assert card.profile.thinks
    assert [sampling.temperature for sampling in card.profile.samplings] == [0.0]


def test_readers_that_are_asked_otherwise_have_other_names():
    assert CURRENT.profile.name != ReaderCard(prompts=current_prompts()).profile.name


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (None, "there is no"),
        ("{", "cannot be read"),
        ('{"colour": 1}', "cannot be read"),
        ('{"prompts": "old"}', "tuned on the prompts old"),
    ],
)
def test_a_folder_that_cannot_be_asked_is_refused_with_the_reason(tmp_path, text, said):
    if text is not None:
        (tmp_path / CARD).write_text(text, encoding="utf-8")
    with pytest.raises(BadReader, match=said):
        load_mem_reader(tmp_path)


def test_a_card_without_weights_is_refused(tmp_path):
    write_card(CURRENT, tmp_path)
    with pytest.raises(BadReader, match="no weights"):
        load_mem_reader(tmp_path)


@pytest.fixture
def folder(tmp_path):
    """A folder as a stage leaves it: a random model of one layer over single characters."""
    torch = pytest.importorskip("torch")
    transformers = pytest.importorskip("transformers")
    tokenizers = pytest.importorskip("tokenizers")
    vocabulary = {token: number for number, token in enumerate(["<eos>", "<unk>", *map(chr, range(32, 127))])}
    backend = tokenizers.Tokenizer(tokenizers.models.BPE(vocab=vocabulary, merges=[], unk_token="<unk>"))
    tokenizer = transformers.PreTrainedTokenizerFast(tokenizer_object=backend, eos_token="<eos>", unk_token="<unk>")
    torch.manual_seed(3)
    shape = {"hidden_size": 16, "intermediate_size": 32, "num_hidden_layers": 1, "num_attention_heads": 2, "num_key_value_heads": 2}
    config = transformers.LlamaConfig(vocab_size=len(vocabulary), max_position_embeddings=8192, eos_token_id=0, bos_token_id=None, **shape)
    transformers.LlamaForCausalLM(config).save_pretrained(str(tmp_path))
    tokenizer.save_pretrained(str(tmp_path))
    write_card(ReaderCard(prompts=current_prompts(), max_tokens=12), tmp_path)
    return tmp_path


TEXT = "The dam is high. It was built in 1998. It holds much water. " * 3


def test_a_folder_becomes_a_builder_whose_memories_tile_the_text_whatever_it_writes(folder):
    reader = load_mem_reader(folder)
    memory = reader.build(TEXT)
    assert "".join(item.span.of(TEXT) for item in memory.items) == TEXT
    assert memory.fingerprint == reader.fingerprint
    assert any("wrote" in note for note in memory.notes)


def test_other_weights_make_another_fingerprint(folder):
    torch = pytest.importorskip("torch")
    transformers = pytest.importorskip("transformers")
    before = load_mem_reader(folder).fingerprint
    assert load_mem_reader(folder).fingerprint == before
    model = transformers.AutoModelForCausalLM.from_pretrained(str(folder))
    with torch.no_grad():
        model.lm_head.weight.add_(0.01)
    model.save_pretrained(str(folder))
    assert load_mem_reader(folder).fingerprint != before


def test_a_base_reads_documents_with_the_model_in_a_folder(folder):
    pytest.importorskip("transformers")
    from tadarag.memory_builders import make_builder
    from tadarag.testing.hashing_encoder import HashingEncoder

    builder = make_builder(f"mem-reader:{folder}", HashingEncoder(), None)
    memory = builder.build(TEXT)
    assert "".join(item.span.of(TEXT) for item in memory.items) == TEXT
