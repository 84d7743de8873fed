"""The gain of one graph under a frozen reader, as the reward's gates ask for it when trl draws the graphs (tadarag.md section 6.1)."""

from __future__ import annotations

from typing import Any

from tadarag.training.causal.encoding import encode_items
from tadarag.training.causal.frozen_reader import FrozenReader, reader_losses
from tadarag.training.causal.graph_items import GraphItem
from tadarag.training.causal.markers import Markers
from tadarag.training.rewards.emitted import EmittedGraph, write_graph
from tadarag.training.rewards.gates import GainOf
from tadarag.training.rewards.sample import RewardItem


def gain_by_reader(reader: FrozenReader, tokenizer: Any, markers: Markers, *, instruction: str = "") -> GainOf:
    """L_base - L_graph of the item's first answer, in nats a token; the graph is read as it was parsed, written anew in the wire format."""

    def gain(graph: EmittedGraph, item: RewardItem) -> float:
        asked = GraphItem(question=item.question, source=item.source, graph=write_graph(graph), answer=item.answers[0])
        [encoded] = encode_items(tokenizer, [asked], instruction=instruction)
        base, behind = reader_losses(reader.model, [encoded], [encoded.graph], markers, n_graphs=1)
        return float(base[0] - behind[0, 0])

    return gain
