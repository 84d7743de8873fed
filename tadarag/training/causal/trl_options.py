"""Our settings under the names of trl's options (training.md section 5); trl itself is not imported, so the mapping can be read without it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tadarag.training.causal.profiles import Lora, Profile

OFF = {"report_to": [], "save_strategy": "no", "gradient_checkpointing": False, "dataloader_pin_memory": False, "disable_tqdm": True}
"""Nothing is sent anywhere, and a run is kept by the recipe's stage, not by the trainer."""


def sft_options(profile: Profile, folder: Path, *, seed: int, device: str) -> dict[str, Any]:
    """Keyword arguments of `trl.SFTConfig`. Only what follows the prompt is learned."""
    settings = profile.stage_one
    return {
        **OFF,
        **_common(folder, seed=seed, device=device, bf16=profile.bf16),
        "learning_rate": settings.learning_rate,
        "lr_scheduler_type": settings.schedule,
        "num_train_epochs": settings.epochs or 1,
        "max_steps": settings.steps or -1,
        "max_length": settings.max_tokens,
        "per_device_train_batch_size": settings.batch_size,
        "gradient_accumulation_steps": settings.accumulation,
        "warmup_steps": settings.warm_share,
        "completion_only_loss": True,
        "packing": False,
        "adam_beta2": profile.grpo.beta2,
        "max_grad_norm": profile.grpo.clip,
    }


def grpo_options(profile: Profile, folder: Path, *, seed: int, device: str, reward_weights: list[float]) -> dict[str, Any]:
    """Keyword arguments of `trl.GRPOConfig`: one generation a step, so that prompts times graphs are the batch, and nothing is off the policy."""
    settings = profile.grpo
    return {
        **OFF,
        **_common(folder, seed=seed, device=device, bf16=profile.bf16),
        "learning_rate": settings.learning_rate,
        "lr_scheduler_type": "constant_with_warmup",
        "warmup_steps": settings.warm_share,
        "max_steps": settings.steps,
        "num_generations": settings.n_graphs,
        "per_device_train_batch_size": settings.n_graphs * settings.prompts_per_step,
        "gradient_accumulation_steps": 1,
        "max_completion_length": settings.max_tokens,
        "temperature": settings.temperature,
        "beta": settings.beta,
        "epsilon": settings.epsilon,
        "epsilon_high": settings.epsilon_high,
        "scale_rewards": settings.scale_rewards,
        "loss_type": settings.loss_type,
        "importance_sampling_level": "token",
        "num_iterations": 1,
        "mask_truncated_completions": True,
        "reward_weights": reward_weights,
        "adam_beta2": settings.beta2,
        "adam_epsilon": 1e-8,
        "max_grad_norm": settings.clip,
        "use_vllm": False,
    }


def lora_options(lora: Lora) -> dict[str, Any]:
    """Keyword arguments of `peft.LoraConfig`: all linear layers but the output head."""
    return {
        "r": lora.rank,
        "lora_alpha": lora.alpha,
        "lora_dropout": lora.dropout,
        "target_modules": "all-linear",
        "task_type": "CAUSAL_LM",
    }


def _common(folder: Path, *, seed: int, device: str, bf16: bool) -> dict[str, Any]:
    is_cpu = device == "cpu"
    return {"output_dir": str(folder), "seed": seed, "use_cpu": is_cpu, "bf16": bf16 and not is_cpu, "logging_steps": 1}
