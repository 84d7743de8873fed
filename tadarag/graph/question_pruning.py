"""The part of the candidates that a question's task needs, inside its budget and joined to what the question names."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from tadarag.graph.question_candidates import EdgeCandidate, Key
from tadarag.graph.question_scores import Scored
from tadarag.templates.template import TaskType
from tadarag.values import SourceName, Span

FALLBACKS_PER_FACT = 0.25
"""So many edges that only say "related" may stand beside one that states something: one in five of all."""
_MAX_ORDER = 4  # one edge in so many is kept for the order of dates
_LEAST = 0.15  # of the best score: a budget is a limit, and no aim
_STEP = 1.5  # the way over a fact costs this less its score, so that of equally short ways the better one is taken

Spans = Mapping[Key, Iterable[tuple[SourceName, Span]]]


@dataclass(frozen=True, slots=True)
class Kept:
    """What is left: nodes, and edges in the order in which they were taken."""

    nodes: frozenset[Key]
    edges: tuple[EdgeCandidate, ...]


def prune(edges: Sequence[EdgeCandidate], scored: Scored, task: TaskType, spans: Spans) -> Kept:
    """At most `task.nodes` nodes and `task.edges` edges that serve the task.

    Facts come first: those on the shortest ways between things that the question names, those that the task must hold, then the best one that
    touches what is there. Every component holds a thing that the question names, or a fact of a sentence that names one; where the question
    names nothing, what hangs together with the best fact. An overview grows from the best fact of every source instead. Edges that state
    nothing are at most one in five; where no fact bears on what the question names, the graph is made of those that touch that. spans: of the
    candidates.
    """
    facts = _facts(edges, scored, spans)
    fallbacks = [edge for edge in edges if edge.is_fallback]
    first = facts or _beside_asked(fallbacks, scored)
    seeds = _of_every_source(first, scored) if task.name == "overview" else _seeds(first, scored, spans)
    pruning = _Pruning(first, scored, task, seeds)
    pruning.join_seeds()
    if task.name in _MUST_HOLD:
        _MUST_HOLD[task.name](pruning)
    pruning.grow()
    if facts:
        pruning.add_fallbacks(fallbacks)
    pruning.add_lone(scored.asked)
    return Kept(frozenset(pruning.nodes), tuple(pruning.edges))


def _facts(edges: Sequence[EdgeCandidate], scored: Scored, spans: Spans) -> list[EdgeCandidate]:
    """What states something; nothing where none of it has a part in what the question names."""
    facts = [edge for edge in edges if not edge.is_fallback]
    named = set(scored.asked)
    places = [place for key in scored.asked for place in spans[key]]
    is_told = any(edge.head in named or edge.tail in named or any(_names(edge, place) for place in places) for edge in facts)
    return facts if is_told or not named else []


def _beside_asked(edges: Sequence[EdgeCandidate], scored: Scored) -> Sequence[EdgeCandidate]:
    """What states nothing tells nothing two steps away: only the edges of what the question names, all of them where it names nothing."""
    named = set(scored.asked)
    return [edge for edge in edges if not named.isdisjoint((edge.head, edge.tail))] or edges


def _seeds(edges: Sequence[EdgeCandidate], scored: Scored, spans: Spans) -> list[Key]:
    """Where a graph grows from: what the question names; facts apart from that whose sentence names it; where there is neither, the best fact."""
    ends = {key for edge in edges for key in (edge.head, edge.tail)}
    seeds = [key for key in scored.asked if key in ends]
    places = [place for key in scored.asked for place in spans[key]]
    reached = {key for seed in seeds for key in component(edges, seed)}
    for edge in scored.best(edges):
        if edge.head not in reached and (any(_names(edge, place) for place in places) or (not seeds and not places)):
            seeds.append(edge.head)
            reached |= component(edges, edge.head)
            if not places:
                break
    return seeds or [edge.head for edge in scored.best(edges)[:1]]


def _names(edge: EdgeCandidate, place: tuple[SourceName, Span]) -> bool:
    source, span = place
    return any(one.source == source and one.span.start <= span.start and span.end <= one.span.end for one in edge.stated_in)


def _of_every_source(edges: Sequence[EdgeCandidate], scored: Scored) -> list[Key]:
    best: dict[SourceName, Key] = {}
    for edge in scored.best(edges):
        for one in edge.stated_in:
            best.setdefault(one.source, edge.head)
    return list(dict.fromkeys(best.values()))


class _Pruning:
    """A graph that grows inside a budget. A class because every step adds to the same graph."""

    def __init__(self, edges: Sequence[EdgeCandidate], scored: Scored, task: TaskType, seeds: Sequence[Key]) -> None:
        self.scored = scored
        self.seeds = seeds
        self.nodes: set[Key] = set()
        self.edges: dict[EdgeCandidate, None] = {}
        self.beside: dict[Key, list[EdgeCandidate]] = {}
        for edge in scored.best(edges):
            self.beside.setdefault(edge.head, []).append(edge)
            self.beside.setdefault(edge.tail, []).append(edge)
        self._task = task
        self._max_edges = task.edges - (task.edges // _MAX_ORDER if task.name == "temporal" else 0)
        self._way, self._cost, self._origin = self._ways()
        self.reachable = scored.best(edge for edge in edges if edge.head in self._cost)

    def add(self, edges: Iterable[EdgeCandidate]) -> bool:
        """Take all of the edges, or none where the budget does not hold them."""
        new = [edge for edge in dict.fromkeys(edges) if edge not in self.edges]
        nodes = self.nodes | {key for edge in new for key in (edge.head, edge.tail)}
        if len(nodes) > self._task.nodes or len(self.edges) + len(new) > self._max_edges:
            return False
        self.nodes = nodes
        self.edges.update(dict.fromkeys(new))
        return True

    def way_to(self, key: Key) -> list[EdgeCandidate]:
        """The facts between a seed and a node that can be reached."""
        way = []
        while (edge := self._way.get(key)) is not None:
            way.append(edge)
            key = edge.tail if edge.head == key else edge.head
        return way[::-1]

    def reach(self, edge: EdgeCandidate) -> bool:
        """Take a fact with the way to it."""
        return self.add([*self.way_to(min(edge.head, edge.tail, key=lambda key: (self._cost[key], key))), edge])

    def join_seeds(self) -> None:
        """Take the cheapest ways between seeds that facts join (Mehlhorn 1988: shortest ways between the regions nearest to each seed)."""
        leaders = {seed: seed for seed in self.seeds}

        def leader(seed: Key) -> Key:
            while leaders[seed] != seed:
                seed = leaders[seed]
            return seed

        def cost(edge: EdgeCandidate) -> float:
            return self._cost[edge.head] + self._cost[edge.tail] + _STEP - self.scored.edges[edge]

        for edge in sorted(self.reachable, key=lambda edge: (round(cost(edge), 6), edge.order)):
            one, other = leader(self._origin[edge.head]), leader(self._origin[edge.tail])
            if one != other and self.add([*self.way_to(edge.head), edge, *self.way_to(edge.tail)]):
                leaders[other] = one

    def grow(self) -> None:
        """Take the best fact that touches the graph or a seed, again and again; what bears far less on the question than the best stays out."""
        least = _LEAST * max((self.scored.edges[edge] for edge in self.reachable), default=0.0)
        waiting: list[tuple[float, tuple[Key, str, Key], EdgeCandidate]] = []
        seen: set[EdgeCandidate] = set()

        def offer(key: Key) -> None:
            for edge in self.beside.get(key, ()):
                if edge not in seen and self.scored.edges[edge] >= least:
                    seen.add(edge)
                    heapq.heappush(waiting, (-self.scored.edges[edge], edge.order, edge))

        for key in [*self.seeds, *sorted(self.nodes)]:
            offer(key)
        while waiting:
            _, _, edge = heapq.heappop(waiting)
            if self.add([edge]):
                offer(edge.head)
                offer(edge.tail)

    def add_fallbacks(self, edges: Sequence[EdgeCandidate]) -> None:
        """Take edges that state nothing: first those that join what is still apart, then those between things that are there."""
        allowed = int(len(self.edges) * FALLBACKS_PER_FACT)
        joined = {frozenset((edge.head, edge.tail)) for edge in self.edges}
        there = self.nodes | set(self.scored.asked)
        inside = [edge for edge in self.scored.best(edges) if edge.head in there and edge.tail in there]
        for only_joining in (True, False):
            for edge in inside:
                if allowed == 0:
                    return
                pair = frozenset((edge.head, edge.tail))
                is_wanted = not only_joining or edge.tail not in component(self.edges, edge.head)
                if pair not in joined and is_wanted and self.add([edge]):
                    joined.add(pair)
                    allowed -= 1

    def add_lone(self, keys: Iterable[Key]) -> None:
        """Take things that no edge holds, as far as the budget goes."""
        for key in keys:
            if len(self.nodes) < self._task.nodes:
                self.nodes.add(key)

    def _ways(self) -> tuple[dict[Key, EdgeCandidate | None], dict[Key, float], dict[Key, Key]]:
        """For everything that facts join to a seed: the last fact of the cheapest way, its cost, and the seed (Dijkstra 1959)."""
        way: dict[Key, EdgeCandidate | None] = {}
        costs: dict[Key, float] = {}
        origins: dict[Key, Key] = {}
        waiting: list[tuple[float, Key, Key, tuple[object, ...], EdgeCandidate | None]]
        waiting = [(0.0, seed, seed, (), None) for seed in sorted(self.seeds)]
        while waiting:
            cost, key, origin, _, edge = heapq.heappop(waiting)
            if key in costs:
                continue
            costs[key], way[key], origins[key] = cost, edge, origin
            for step in self.beside.get(key, ()):
                other = step.tail if step.head == key else step.head
                if other not in costs:
                    heapq.heappush(waiting, (round(cost + _STEP - self.scored.edges[step], 6), other, origin, step.order, step))
        return way, costs, origins


def component(edges: Iterable[EdgeCandidate], start: Key) -> frozenset[Key]:
    """Everything that the edges join to a node, itself included."""
    beside: dict[Key, list[Key]] = {}
    for edge in edges:
        beside.setdefault(edge.head, []).append(edge.tail)
        beside.setdefault(edge.tail, []).append(edge.head)
    found, waiting = {start}, [start]
    while waiting:
        new = [other for other in beside.get(waiting.pop(), ()) if other not in found]
        found.update(new)
        waiting.extend(new)
    return frozenset(found)


def _compare(pruning: _Pruning) -> None:
    """The same relation for each subject: relations that two or more seeds have, the best first."""
    best: dict[tuple[str, bool], dict[Key, EdgeCandidate]] = {}
    for seed in pruning.seeds:
        for edge in pruning.beside.get(seed, ()):
            best.setdefault((edge.relation, edge.head == seed), {}).setdefault(seed, edge)
    shared = [(sum(pruning.scored.edges[edge] for edge in found.values()), key) for key, found in best.items() if len(found) > 1]
    for _, key in sorted(shared, key=lambda one: (-round(one[0], 6), one[1])):
        pruning.add(best[key].values())


def _list_members(pruning: _Pruning) -> None:
    """One head with every member: the relation of one thing whose facts together bear most on the question."""
    groups: dict[tuple[Key, str, bool], list[EdgeCandidate]] = {}
    for edge in pruning.reachable:
        groups.setdefault((edge.head, edge.relation, True), []).append(edge)
        groups.setdefault((edge.tail, edge.relation, False), []).append(edge)
    scores = {key: round(sum(pruning.scored.edges[edge] for edge in found), 6) for key, found in groups.items()}
    for key in sorted(scores, key=lambda key: (-scores[key], key))[:1]:
        for edge in groups[key]:
            pruning.reach(edge)


def _bridge(pruning: _Pruning) -> None:
    """Ways of two steps or more from what the question names to what may answer it, the best ends first."""
    ends = {key for edge in pruning.reachable for key in (edge.head, edge.tail) if pruning.scored.is_answer(key)}
    ways = {key: pruning.way_to(key) for key in sorted(ends)}
    far = [key for key in ways if len(ways[key]) >= 2]
    for key in sorted(far, key=lambda key: (-pruning.scored.nodes[key], len(ways[key]), key)):
        pruning.add(ways[key])


def _date(pruning: _Pruning) -> None:
    """Facts that give a date."""
    for edge in pruning.reachable:
        if "time" in (edge.head[1], edge.tail[1]):
            pruning.reach(edge)


def _spread(pruning: _Pruning) -> None:
    """Facts of every source in turn."""
    for edge in _in_turn(pruning.reachable):
        pruning.add([edge])


def _in_turn(edges: Sequence[EdgeCandidate]) -> Iterator[EdgeCandidate]:
    sources: dict[SourceName, list[EdgeCandidate]] = {}
    for edge in edges:
        sources.setdefault(edge.stated_in[0].source, []).append(edge)
    for round_ in range(max(map(len, sources.values()), default=0)):
        for found in sources.values():
            yield from found[round_ : round_ + 1]


_MUST_HOLD: Mapping[str, Callable[[_Pruning], None]] = {
    "bridge": _bridge,
    "comparison": _compare,
    "list": _list_members,
    "temporal": _date,
    "overview": _spread,
}
