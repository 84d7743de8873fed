"""What an optimizer knows of each tensor before a step: of torch's Adam and AdamW, and of the numpy one.

Arrays are torch tensors or numpy arrays; only operations that both have are used, so torch is not imported here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tadarag.training.spikes.numpy_adam import NumpyAdam


@dataclass(frozen=True, slots=True, kw_only=True)
class Moments:
    """One tensor before a step. value and second share their memory with the optimizer's.

    gradient: as the step will use it. second: v before the update, None before the first. n_steps: updates done, a number or what the
    optimizer has for it (a tensor on a GPU is read only when it is needed).
    """

    name: str
    value: Any
    gradient: Any
    second: Any | None
    n_steps: Any
    rate: float
    beta1: float
    beta2: float
    epsilon: float

    def preconditioner(self) -> Any:
        """D = sqrt(vhat) + eps of the step at hand, with this gradient in v."""
        second = (1 - self.beta2) * self.gradient * self.gradient
        if self.second is not None:
            second = self.beta2 * self.second + second
        return (second / (1 - self.beta2 ** (int(self.n_steps) + 1))) ** 0.5 + self.epsilon


def read_moments(optimizer: Any, parameters: Mapping[str, Any]) -> list[Moments]:
    """The tensors that the next step will change, in the order of `parameters` (name -> parameter); those without a gradient are left out.

    optimizer: a NumpyAdam, or what has torch's `param_groups` and `state` with `exp_avg_sq`.
    """
    return list(_of_numpy(optimizer) if isinstance(optimizer, NumpyAdam) else _of_torch(optimizer, parameters))


def scale_rates(optimizer: Any, factor: float) -> None:
    """Multiply every learning rate."""
    if isinstance(optimizer, NumpyAdam):
        optimizer.rate *= factor
        return
    for group in optimizer.param_groups:
        group["lr"] *= factor


def rates_of(optimizer: Any) -> list[Any]:
    """The learning rates, one a group."""
    return [optimizer.rate] if isinstance(optimizer, NumpyAdam) else [group["lr"] for group in optimizer.param_groups]


def set_rates(optimizer: Any, rates: list[Any]) -> None:
    """Give back what `rates_of` gave."""
    if isinstance(optimizer, NumpyAdam):
        optimizer.rate = rates[0]
        return
    for group, rate in zip(optimizer.param_groups, rates, strict=True):
        group["lr"] = rate


def forget_faster(moments: Moments, beta2: float) -> None:
    """Change v so that the step, which will use the optimizer's own b2, ends at beta2 v + (1 - beta2) g^2; beta2 is not above the own.

    Bias correction keeps the own b2. Nothing happens before the first step.
    """
    own = moments.beta2
    if moments.second is not None and beta2 < own:
        squares = moments.gradient * moments.gradient
        moments.second[...] = (beta2 * moments.second + (own - beta2) * squares) / own


def _of_numpy(optimizer: NumpyAdam) -> Iterator[Moments]:
    for name, value in optimizer.parameters.items():
        yield Moments(
            name=name,
            value=value,
            gradient=optimizer.gradients[name],
            second=optimizer.second[name] if optimizer.n_steps else None,
            n_steps=optimizer.n_steps,
            rate=optimizer.rate,
            beta1=optimizer.beta1,
            beta2=optimizer.beta2,
            epsilon=optimizer.epsilon,
        )


def _of_torch(optimizer: Any, parameters: Mapping[str, Any]) -> Iterator[Moments]:
    groups = {id(parameter): group for group in optimizer.param_groups for parameter in group["params"]}
    for name, parameter in parameters.items():
        group = groups.get(id(parameter))
        if group is None or parameter.grad is None:
            continue
        state = optimizer.state.get(parameter, {})
        beta1, beta2 = group["betas"]
        yield Moments(
            name=name,
            value=parameter.detach(),
            gradient=parameter.grad,
            second=state.get("exp_avg_sq"),
            n_steps=state.get("step", 0),
            rate=float(group["lr"]),
            beta1=float(beta1),
            beta2=float(beta2),
            epsilon=float(group["eps"]),
        )
