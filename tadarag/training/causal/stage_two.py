"""One step of the full stage 2: p graphs behind one prompt, their rewards, the gate, and the joint loss (tadarag.md sections 2 and 6.2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from tadarag.training.causal.answer_places import Followed, at_answers, follow, token_log_probabilities
from tadarag.training.causal.encoding import EncodedItem
from tadarag.training.causal.frozen_reader import FrozenReader, mean_answer_loss, reader_losses
from tadarag.training.causal.gate import Gate
from tadarag.training.causal.graph_rewards import reward_items, score_graphs
from tadarag.training.causal.markers import Markers
from tadarag.training.causal.prefix import Predictions, pad_left, read_on, read_prefix
from tadarag.training.causal.sampling import Drawing, DrawnGraph, draw_graphs, policy_log_probabilities
from tadarag.training.causal.stage_two_settings import StageTwoSettings
from tadarag.training.reinforcement.advantages import advantages
from tadarag.training.reinforcement.gated_mixture import joint_loss, mix_predictions
from tadarag.training.reinforcement.graph_gain import answer_nll, graph_gains, reinforce_terms
from tadarag.training.rewards.gates import Scored, Scoring


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """A causal language model with markers, its tokenizer and its gate. reader: who scores graphs; None where the policy does so itself."""

    model: Any
    tokenizer: Any
    markers: Markers
    gate: Gate
    reader: FrozenReader | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StepOutcome:
    """loss: to be differentiated. scored: of every graph, the first item's first; advantages float[items, p].

    losses: its parts, in nats a token. gates: w of every answer token behind a graph, padding left out.
    """

    loss: Tensor
    losses: dict[str, float]
    graphs: list[DrawnGraph]
    texts: list[str]
    scored: list[Scored]
    rewards: Tensor
    advantages: Tensor
    gates: Tensor


def stage_two_step(
    policy: Policy, batch: Sequence[EncodedItem], settings: StageTwoSettings, scoring: Scoring, *, generator: torch.Generator
) -> StepOutcome:
    """Draw, score and set up the loss of one batch; the policy's parameters are left as they are.

    The prompt is read once; draws, the run without a graph and the runs with one go on from its cache. Advantages are constants.
    """
    model, p, pad = policy.model, settings.n_graphs, policy.model.config.pad_token_id
    prefix = read_prefix(model, pad_left([one.prompt for one in batch], pad, model.device))
    drawing = Drawing(temperature=settings.temperature, max_tokens=settings.max_graph_tokens)
    eos = policy.tokenizer.eos_token_id
    graphs = draw_graphs(model, prefix.detached().repeated(p), policy.markers, drawing, eos=eos, generator=generator)
    texts = [policy.tokenizer.decode(graph.ids, skip_special_tokens=False) for graph in graphs]

    alone = follow(None, [one.answer for one in batch], policy.markers, pad, model.device)
    behind = follow(graphs, [one.answer for one in batch for _ in range(p)], policy.markers, pad, model.device)
    base = at_answers(alone, read_on(model, prefix, alone.tokens))
    whole = read_on(model, prefix.repeated(p), behind.tokens)
    with_graph = at_answers(behind, whole)
    nll_base = mean_answer_loss(alone, base)
    nll_graph = mean_answer_loss(behind, with_graph)
    nll_mix, weights = _mixed_loss(policy.gate, behind, base, with_graph, p)

    gains = _gains(policy, batch, graphs, settings, nll_base, nll_mix if settings.reward_on == "mix" else nll_graph)
    items = [item for item in reward_items([one.item for one in batch], scoring) for _ in range(p)]
    scored = score_graphs(texts, items, gains.flatten().tolist(), scoring, reward=settings.reward)
    rewards = torch.tensor([one.total for one in scored], dtype=torch.float64).reshape(len(batch), p)
    worth = advantages(rewards, estimator=settings.estimator)

    log_policy = graph_log_probability(whole, behind, graphs, policy.markers, settings)
    policy_loss = reinforce_terms(worth.flatten().to(log_policy), log_policy).mean()
    learned = nll_mix if settings.graph_loss == "mix" else nll_graph
    loss = joint_loss(nll_base.mean(), learned.mean(), policy_loss, alpha=settings.alpha, beta=settings.beta)
    parts = {
        "base": nll_base.mean(),
        "graph": nll_graph.mean(),
        "mix": nll_mix.mean(),
        "policy": policy_loss,
        "log_policy": log_policy.mean(),
    }
    return StepOutcome(
        loss=loss,
        losses={name: float(value.detach()) for name, value in parts.items()},
        graphs=graphs,
        texts=texts,
        scored=scored,
        rewards=rewards,
        advantages=worth,
        gates=weights.detach()[behind.answers.mask.bool()],
    )


def graph_log_probability(
    predictions: Predictions, followed: Followed, graphs: Sequence[DrawnGraph], markers: Markers, settings: StageTwoSettings
) -> Tensor:
    """log pi of every graph under the policy as it draws, float[rows]: mean or sum over its tokens, closing marker included.

    What was added to close a graph that ran out was not drawn, and does not count.
    """
    length = max(len(graph.ids) for graph in graphs)
    drawn = policy_log_probabilities(predictions.logits[:, 1 : 1 + length].float(), markers, settings.temperature)
    given = token_log_probabilities(drawn, followed.tokens.ids[:, 1 : 1 + length])
    n_drawn = torch.tensor([len(graph.ids) for graph in graphs], device=given.device)
    is_drawn = torch.arange(given.shape[1], device=given.device)[None] < n_drawn[:, None]
    total = torch.where(is_drawn, given, torch.zeros_like(given)).sum(-1)  # at other places the masked marker may stand: -inf
    return total / n_drawn if settings.reduce == "mean" else total


def _mixed_loss(gate: Gate, behind: Followed, base: Predictions, with_graph: Predictions, p: int) -> tuple[Tensor, Tensor]:
    """The mean loss of answers under the mixed prediction, float[rows], and the gate's w, float[rows, n]."""
    states, logits = base.states.repeat_interleave(p, 0), base.logits.repeat_interleave(p, 0)
    weights = gate(states, with_graph.states)
    mixed = mix_predictions(logits.float(), with_graph.logits.float(), weights, mix=gate.mix)
    return answer_nll(token_log_probabilities(mixed, behind.answers.ids), behind.answers.mask), weights


def _gains(
    policy: Policy,
    batch: Sequence[EncodedItem],
    graphs: Sequence[DrawnGraph],
    settings: StageTwoSettings,
    nll_base: Tensor,
    nll_graph: Tensor,
) -> Tensor:
    """L_base - L_graph for every graph, float[items, p], as the reader has it."""
    p = settings.n_graphs
    if policy.reader is None:
        return graph_gains(nll_base.detach(), nll_graph.detach().reshape(len(batch), p))
    base, graph = reader_losses(policy.reader.model, batch, graphs, policy.markers, n_graphs=p)
    return graph_gains(base, graph)
