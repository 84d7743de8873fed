# ruff: noqa: E402  # transformers is not installed everywhere
"""The monitor in trainers of transformers and trl, on a causal model of a few weights."""

import math

import pytest

torch = pytest.importorskip("torch")
transformers = pytest.importorskip("transformers")

from tadarag.errors import TrainingError
from tadarag.training.spikes.callback import SpikeCallback
from tadarag.training.spikes.events import read_spikes

WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def small_model():
    torch.manual_seed(3)
    sizes = {"hidden_size": 16, "intermediate_size": 32, "num_hidden_layers": 1, "num_attention_heads": 2, "num_key_value_heads": 2}
    config = transformers.LlamaConfig(vocab_size=16, max_position_embeddings=32, attention_dropout=0.2, pad_token_id=0, **sizes)
    return transformers.LlamaForCausalLM(config)


def rows(n=48, *, strange_at=None):
    """Numbers that follow one another; one row may be of one token again and again."""
    listed = [[3 + (start + place) % 10 for place in range(8)] for start in range(n)]
    if strange_at is not None:
        listed[strange_at] = [15, 1, 14, 2, 15, 1, 2, 14]
    return [{"input_ids": one, "labels": one} for one in listed]


def train(folder, *, callback=None, data=None, steps=12, resume=None, model=None, **options):
    """The model after some steps of a transformers Trainer that logs every step."""
    arguments = transformers.TrainingArguments(
        output_dir=str(folder),
        max_steps=steps,
        per_device_train_batch_size=4,
        logging_steps=1,
        learning_rate=1e-2,
        lr_scheduler_type="constant",
        use_cpu=True,
        report_to=[],
        disable_tqdm=True,
        dataloader_pin_memory=False,
        **{"save_strategy": "no", **options},
    )
    trained = small_model() if model is None else model
    transformers.Trainer(trained, arguments, train_dataset=data or rows(), callbacks=[callback] if callback else []).train(
        resume_from_checkpoint=resume
    )
    return trained


def bits(model):
    return b"".join(value.detach().numpy().tobytes() for value in model.state_dict().values())


def test_a_trainer_that_is_watched_ends_on_the_same_bits_and_leaves_a_log(tmp_path):
    alone = train(tmp_path / "alone")
    callback = SpikeCallback()
    watched = train(tmp_path / "watched", callback=callback)
    assert bits(watched) == bits(alone)
    log = read_spikes(tmp_path / "watched/spikes.jsonl")
    assert (log.settings["n_steps"], log.settings["beta2"]) == (12, 0.999)
    assert {one.name for one in log.tensors} == {name for name, _ in watched.named_parameters()}
    assert log.rows[0].loss == pytest.approx(math.log(16), abs=0.3)
    assert 0 < log.rows[0].gradient < 1.0001  # clipped


def test_a_trainer_that_goes_on_from_a_checkpoint_leaves_the_log_of_one_that_was_not_stopped(tmp_path):
    data = rows()
    whole = train(tmp_path / "whole", callback=SpikeCallback(), data=data)
    train(tmp_path / "stopped", callback=SpikeCallback(), data=data, steps=6, save_strategy="steps", save_steps=6)
    (tmp_path / "stopped/spikes.jsonl").unlink()
    resumed = train(tmp_path / "stopped", callback=SpikeCallback(), data=data, resume=str(tmp_path / "stopped/checkpoint-6"))
    assert bits(resumed) == bits(whole)
    assert (tmp_path / "stopped/spikes.jsonl").read_bytes() == (tmp_path / "whole/spikes.jsonl").read_bytes()


def test_the_guard_that_stops_ends_training_at_the_step_of_the_spike(tmp_path):
    callback = SpikeCallback(window=8, guard="stop")
    data = rows(480, strange_at=7)
    train(tmp_path, callback=callback, data=data, steps=120)
    spike = next(event for event in callback.monitor.events if event.kind == "spike")
    log = read_spikes(tmp_path / "spikes.jsonl")
    assert spike.step == log.settings["n_steps"] < 120
    assert log.rows[-1].step == spike.step
    assert log.rows[-1].loss is not None


def test_a_gradient_that_is_no_number_ends_training_with_a_remedy(tmp_path):
    model = small_model()
    with torch.no_grad():
        model.lm_head.weight[0, 0] = math.nan
    with pytest.raises(TrainingError, match=r"gradient is not finite at step 1;.*kept in .*\nlower learning_rate"):
        train(tmp_path, callback=SpikeCallback(), model=model)
    assert read_spikes(tmp_path / "spikes.jsonl").rows[0].gradient is None


@pytest.mark.parametrize("guard", ["scale", "beta2"])
def test_guards_that_need_the_curvature_are_refused(guard):
    with pytest.raises(ValueError, match="off or stop"):
        SpikeCallback(guard=guard)


@pytest.fixture
def tokenizer():
    """A tokenizer of the words of numbers."""
    from tokenizers import Tokenizer
    from tokenizers.models import WordLevel
    from tokenizers.pre_tokenizers import Whitespace

    words = Tokenizer(WordLevel({token: place for place, token in enumerate(("<pad>", "<unk>", "<eos>", *WORDS))}, unk_token="<unk>"))
    words.pre_tokenizer = Whitespace()
    return transformers.PreTrainedTokenizerFast(tokenizer_object=words, pad_token="<pad>", unk_token="<unk>", eos_token="<eos>")


def test_it_watches_the_supervised_trainer_of_trl(tmp_path, tokenizer):
    trl, datasets = pytest.importorskip("trl"), pytest.importorskip("datasets")
    texts = [" ".join(WORDS[(start + place) % 10] for place in range(6)) for start in range(10)]
    settings = trl.SFTConfig(
        output_dir=str(tmp_path), max_steps=4, per_device_train_batch_size=2, logging_steps=1, use_cpu=True, bf16=False,
        report_to=[], save_strategy="no", disable_tqdm=True, gradient_checkpointing=False,
    )  # fmt: skip
    trl.SFTTrainer(
        model=small_model(),
        args=settings,
        train_dataset=datasets.Dataset.from_dict({"text": texts}),
        processing_class=tokenizer,
        callbacks=[SpikeCallback()],
    ).train()
    log = read_spikes(tmp_path / "spikes.jsonl")
    assert log.settings["n_steps"] == 4
    assert log.rows[0].loss > 0


def test_it_watches_the_reinforcing_trainer_of_trl(tmp_path, tokenizer):
    trl, datasets = pytest.importorskip("trl"), pytest.importorskip("datasets")
    settings = trl.GRPOConfig(
        output_dir=str(tmp_path), max_steps=3, per_device_train_batch_size=4, num_generations=4, max_completion_length=6, logging_steps=1,
        use_cpu=True, bf16=False, report_to=[], save_strategy="no", disable_tqdm=True, gradient_checkpointing=False,
    )  # fmt: skip
    trl.GRPOTrainer(
        model=small_model(),
        reward_funcs=lambda completions, **columns: [float(len(set(one.split()))) for one in completions],
        args=settings,
        train_dataset=datasets.Dataset.from_dict({"prompt": [f"{one} {other}" for one in WORDS for other in WORDS]}),
        processing_class=tokenizer,
        callbacks=[SpikeCallback()],
    ).train()
    log = read_spikes(tmp_path / "spikes.jsonl")
    assert log.settings["n_steps"] == 3
    assert log.rows[0].gradient is not None
