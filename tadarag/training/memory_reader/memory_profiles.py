"""How readers of two sizes are tuned: on a CPU, with settings of mom.md 7 and of trl (training.md section 5)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from tadarag.training.causal.profiles import PROFILES, GrpoSettings, Lora, Profile, StageOneSettings

MEMORY_PROFILES: Mapping[str, Profile] = {
    "memory": replace(
        PROFILES["small"],
        name="memory",
        lora=Lora(rank=16, alpha=32, dropout=0.05),
        stage_one=StageOneSettings(epochs=2, learning_rate=1e-4, max_tokens=4096, batch_size=1, accumulation=8),
        grpo=GrpoSettings(steps=200, learning_rate=1e-5, max_tokens=2048, n_graphs=8),
        instruction="",
    ),
    "memory_tiny": replace(
        PROFILES["tiny"],
        name="memory_tiny",
        stage_one=StageOneSettings(epochs=0, steps=140, learning_rate=6e-3, max_tokens=1200, batch_size=4, accumulation=1),
        grpo=GrpoSettings(steps=4, learning_rate=3e-4, max_tokens=320, n_graphs=4, prompts_per_step=2),
        instruction="",
    ),
}
"""`memory` starts from what mom.md 7 says (LoRA of rank 16, 1e-4, two epochs, 4,096 tokens); `memory_tiny` is for a random model of two layers."""
