"""Which line of a model's outline belongs to which of its scenarios, when there are not as many of the one as of the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mom.reply import OutlineLine
from mom.terms import terms
from mom.word_table import WordTable


@dataclass(frozen=True, slots=True)
class Pairing:
    """For one scenario its line, None when the outline has none for it, and the lines before it that head it."""

    line: OutlineLine | None
    parents: tuple[OutlineLine, ...] = ()


def pair_outline(lines: Sequence[OutlineLine], cores: Sequence[str], table: WordTable) -> tuple[Pairing, ...]:
    """One pairing a core, in order: the monotone matching with the most shared weight that uses up the smaller side.

    Lines that are left over become parents of the next core, or of the last; ties match early. Source: mom.md 10, last row.
    """
    if len(lines) == len(cores):
        return tuple(map(Pairing, lines))
    weights = [[_shared(line.text, core, table) for core in cores] for line in lines]
    n, m = len(lines), len(cores)
    size = min(n, m)
    # best[i][j]: (pairs made, weight shared) by lines i.. and cores j..
    best = [[(0, 0.0)] * (m + 1) for _ in range(n + 1)]
    for i in range(n - 1, -1, -1):
        for j in range(m - 1, -1, -1):
            pairs, weight = best[i + 1][j + 1]
            best[i][j] = max((pairs + 1, weight + weights[i][j]), best[i + 1][j], best[i][j + 1])
    found: list[Pairing] = []
    waiting: list[OutlineLine] = []
    i = j = 0
    while j < m:
        left = size - sum(pairing.line is not None for pairing in found)
        pairs, weight = best[i + 1][j + 1] if i < n else (-1, 0.0)
        if i < n and left and (pairs + 1, weight + weights[i][j]) == best[i][j]:
            found.append(Pairing(lines[i], tuple(waiting)))
            waiting.clear()
            i, j = i + 1, j + 1
        elif i < n and left and best[i + 1][j] == best[i][j]:
            waiting.append(lines[i])
            i += 1
        else:
            found.append(Pairing(None))
            j += 1
    waiting.extend(lines[i:])
    if waiting and found:
        found[-1] = Pairing(found[-1].line, (*found[-1].parents, *waiting))
    return tuple(found)


def _shared(line: str, core: str, table: WordTable) -> float:
    """Weight of the distinct terms that both hold."""
    return sum(table.weight(term) for term in sorted({*terms(line)} & {*terms(core)}))
