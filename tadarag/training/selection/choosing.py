"""The choice of the items to learn from, by name of a strategy; a pure function of the rollouts and the seed, in whatever order they come."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from math import inf

from tadarag.errors import TrainingError
from tadarag.nearest import nearest
from tadarag.training.selection.band import EASY, HARD, reason_outside
from tadarag.training.selection.difficulty import GROUP, discrepancy, reward_variance
from tadarag.training.selection.rollouts import Rollouts

MOST_OF_GROUP = 0.35
"""Of the choice: so many items may be of one domain, or of one kind."""
EXTRA_SHARE = 0.05
"""Of the choice: so many easy items against forgetting, and so many hard ones for exploration."""
CAPPED, SPARE, RETIRED = "over the share of its domain or kind", "more than wanted", "retired"


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """The chosen items, the best first; of them those that were added as easy or hard. discarded: how many were not, by reason, sorted.

    label_doubt: mean over the chosen items of the proxy for a wrong label.
    """

    items: tuple[str, ...]
    easy: tuple[str, ...] = ()
    hard: tuple[str, ...] = ()
    discarded: tuple[tuple[str, int], ...] = ()
    label_doubt: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What to choose. size: at most so many items, None for all that qualify. retired: items that are asked no more.

    group: samples of a group in training. most_doubt: see `reason_outside`.
    """

    size: int | None = None
    seed: int = 0
    group: int = GROUP
    most_doubt: float = 1.0
    retired: Collection[str] = ()


def choose(rollouts: Sequence[Rollouts], strategy: str, wanted: Wanted) -> Selection:
    """Choose items: "medium" (training.md section 3), or a baseline: "random", "easiest", "hardest".

    The baselines take `wanted.size` of all items, without band, cap or extras. Raises TrainingError for an unknown strategy or a baseline without
    a size, and ValueError for an item that comes twice.
    """
    if len({one.item for one in rollouts}) < len(rollouts):
        raise ValueError("an item comes twice among the rollouts")
    if strategy not in STRATEGIES:
        raise TrainingError(f"there is no selection {strategy!r}", nearest(strategy, STRATEGIES))
    if strategy != "medium" and wanted.size is None:
        raise TrainingError(f"the selection {strategy!r} would take every item", "say how many: size")
    return STRATEGIES[strategy](sorted(rollouts, key=lambda one: _drawn(one.item, wanted.seed)), wanted)


def _drawn(item: str, seed: int) -> str:
    """The place of an item in an order that is fixed for a seed and has nothing to do with the items."""
    return sha256(f"{seed}\0{item}".encode("utf-8", "surrogatepass")).hexdigest()


def _medium(rollouts: Sequence[Rollouts], wanted: Wanted) -> Selection:
    """Those of the band by p (1 - p), then by discrepancy, with easy and hard ones, and no domain or kind above its share."""
    reasons = {
        one.item: RETIRED if one.item in wanted.retired else reason_outside(one, group=wanted.group, most_doubt=wanted.most_doubt)
        for one in rollouts
    }
    inside = sorted(
        (one for one in rollouts if not reasons[one.item]), key=lambda one: (-reward_variance(one.p), -round(discrepancy(one.p, one.n), 12))
    )
    easy, hard = ([one for one in rollouts if reasons[one.item] == why] for why in (EASY, HARD))
    most = len(rollouts) if wanted.size is None else wanted.size
    taken, shares = _within_shares(inside, easy, hard, most)
    chosen = {one.item for part in taken for one in part}
    for one in inside:
        if one.item not in chosen:
            reasons[one.item] = SPARE if shares.have_room(one) else CAPPED
    return _selection(taken, Counter(reasons[one.item] for one in rollouts if one.item not in chosen))


_Taken = tuple[list[Rollouts], list[Rollouts], list[Rollouts]]


class _Shares:
    """How many items of each domain and of each kind are taken, of those that a choice of `total` may have."""

    def __init__(self, rollouts: Iterable[Rollouts], total: int) -> None:
        domains, kinds = {one.domain for one in rollouts}, {one.kind for one in rollouts}
        self._limits = _limit(total, len(domains)), _limit(total, len(kinds))
        self._domains: Counter[str] = Counter()
        self._kinds: Counter[str] = Counter()

    def have_room(self, one: Rollouts) -> bool:
        """Whether an item may still be taken."""
        return self._domains[one.domain] < self._limits[0] and self._kinds[one.kind] < self._limits[1]

    def take(self, candidates: Sequence[Rollouts], wanted: int) -> list[Rollouts]:
        """The first of the candidates that have room, at most so many."""
        found: list[Rollouts] = []
        for one in candidates:
            if len(found) < wanted and self.have_room(one):
                found.append(one)
                self._domains[one.domain] += 1
                self._kinds[one.kind] += 1
        return found


def _within_shares(inside: Sequence[Rollouts], easy: Sequence[Rollouts], hard: Sequence[Rollouts], most: int) -> tuple[_Taken, _Shares]:
    """The largest choice in which no domain or kind has more than its share: fewer items mean lower limits, until the two agree."""
    every = [*inside, *easy, *hard]
    total = min(most, len(every))
    while True:
        shares = _Shares(every, total)
        n_extra = round(EXTRA_SHARE * total)
        extras = shares.take(easy, n_extra), shares.take(hard, n_extra)
        taken = (shares.take(inside, total - sum(map(len, extras))), *extras)
        n_taken = sum(map(len, taken))
        if n_taken >= total:
            return taken, shares
        total = n_taken


def _limit(total: int, n_groups: int) -> float:
    """How many of `total` items may be of one domain or kind: 35 %; any number where there are too few of these for any choice to keep to that."""
    return max(1, int(MOST_OF_GROUP * total + 1e-9)) if n_groups * MOST_OF_GROUP >= 1 else inf


def _baseline(order: Callable[[Rollouts], float]) -> Callable[[Sequence[Rollouts], Wanted], Selection]:
    def choose_by(rollouts: Sequence[Rollouts], wanted: Wanted) -> Selection:
        ranked = sorted(rollouts, key=order)
        taken = ranked[: wanted.size]
        return _selection((taken, [], []), Counter({SPARE: len(ranked) - len(taken)}))

    return choose_by


def _selection(taken: _Taken, discarded: Mapping[str, int]) -> Selection:
    every = [one for part in taken for one in part]
    return Selection(
        items=tuple(one.item for one in every),
        easy=tuple(one.item for one in taken[1]),
        hard=tuple(one.item for one in taken[2]),
        discarded=tuple(sorted((reason, count) for reason, count in discarded.items() if count)),
        label_doubt=sum(one.label_doubt for one in every) / len(every) if every else 0.0,
    )


STRATEGIES: Mapping[str, Callable[[Sequence[Rollouts], Wanted], Selection]] = {
    "medium": _medium,
    "random": _baseline(lambda _: 0.0),
    "easiest": _baseline(lambda one: -one.p),
    "hardest": _baseline(lambda one: one.p),
}
"""By name. They get the rollouts in an order drawn by hash, and keep it among equals."""
