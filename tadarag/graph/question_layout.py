"""Places for the boxes of a drawn graph: things, and the words on the lines between them, none on top of another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, pi, sin, sqrt

import numpy as np
from numpy.typing import NDArray

_ROUNDS = 300
_REPULSION, _SPRING, _GRAVITY, _STRAIGHT = 16000.0, 0.1, 0.016, 0.25
_GAP = 9.0  # free room between two boxes
_WIDE = 1.25  # how much wider than high a drawing is wanted
_GOLDEN_ANGLE = pi * (3 - sqrt(5))


@dataclass(frozen=True, slots=True)
class Box:
    """A box by its middle and size, in pixels."""

    x: float
    y: float
    width: float
    height: float


def lay_out(
    sizes: Sequence[tuple[float, float]], lines: Sequence[tuple[int, int]], labels: Sequence[tuple[float, float]]
) -> tuple[Box, ...]:
    """Boxes of the things, then of the labels of the lines, all with positive coordinates; the same input gives the same places.

    sizes: (width, height) of each thing, the most important first. lines: pairs of things. labels: the size of the words on each line; they
    lie about halfway, and push things and each other away as things do. A force layout (Fruchterman and Reingold 1991) whose springs run over
    the labels, and whose last step moves apart what overlaps.
    """
    count = len(sizes)
    boxes = np.array([*sizes, *labels], dtype=np.float64).reshape(-1, 2)
    if not len(boxes):
        return ()
    springs = np.array(
        [pair for number, (head, tail) in enumerate(lines) for pair in ((head, count + number), (count + number, tail))], dtype=np.int64
    ).reshape(-1, 2)
    places = _first_places(count, lines)
    for step in range(_ROUNDS):
        heat = 40.0 * (1 - step / _ROUNDS) + 1.0
        moves = _forces(places, boxes, springs, count)
        length = np.maximum(np.linalg.norm(moves, axis=1, keepdims=True), 1e-9)
        places = places + moves / length * np.minimum(length, heat)
    places = _apart(places, boxes)
    places = places - (places - boxes / 2).min(axis=0)
    return tuple(
        Box(round(float(x), 1), round(float(y), 1), float(width), float(height))
        for (x, y), (width, height) in zip(places, boxes, strict=True)
    )


def _first_places(count: int, lines: Sequence[tuple[int, int]]) -> NDArray[np.float64]:
    """A spiral of the things, float64[n, 2], with labels halfway between their ends."""
    spiral = [
        (60 * sqrt(index) * cos(index * _GOLDEN_ANGLE) * _WIDE, 60 * sqrt(index) * sin(index * _GOLDEN_ANGLE)) for index in range(count)
    ]
    between = [
        ((spiral[head][0] + spiral[tail][0]) / 2 + number % 7, (spiral[head][1] + spiral[tail][1]) / 2 + number % 5)
        for number, (head, tail) in enumerate(lines)
    ]
    return np.array([*spiral, *between], dtype=np.float64)


def _forces(places: NDArray[np.float64], boxes: NDArray[np.float64], springs: NDArray[np.int64], count: int) -> NDArray[np.float64]:
    """float64[n, 2]: every box pushes every other, springs pull, labels keep to the middle of their lines, all keep to the middle of the drawing."""
    apart = places[:, None, :] - places[None, :, :]
    room = np.maximum(np.abs(apart) - (boxes[:, None, :] + boxes[None, :, :]) / 2, 0.0)
    distance = np.linalg.norm(room, axis=2) + 12.0
    direction = apart / np.maximum(np.linalg.norm(apart, axis=2, keepdims=True), 1e-6)
    moves = (direction * (_REPULSION / distance**2)[:, :, None]).sum(axis=1)
    if len(springs):
        pull = places[springs[:, 1]] - places[springs[:, 0]]
        gap = np.maximum(np.abs(pull) - (boxes[springs[:, 0]] + boxes[springs[:, 1]]) / 2, 0.0)
        force = pull * _SPRING * np.minimum(np.linalg.norm(gap, axis=1, keepdims=True) / 25.0, 4.0)
        np.add.at(moves, springs[:, 0], force)
        np.add.at(moves, springs[:, 1], -force)
        halfway = (places[springs[::2, 0]] + places[springs[1::2, 1]]) / 2
        moves[count:] += (halfway - places[count:]) * _STRAIGHT
    centred = places - places.mean(axis=0)
    return np.asarray(moves - centred * _GRAVITY * np.array([1.0, _WIDE]), dtype=np.float64)


def _apart(places: NDArray[np.float64], boxes: NDArray[np.float64]) -> NDArray[np.float64]:
    """Push overlapping boxes apart along the shorter way, until none overlaps."""
    needed = (boxes[:, None, :] + boxes[None, :, :]) / 2 + _GAP
    places = places.copy()
    for _ in range(_ROUNDS):
        apart = places[:, None, :] - places[None, :, :]
        overlap = needed - np.abs(apart)
        touching: NDArray[np.bool_] = np.asarray((overlap > 0.01).all(axis=2), dtype=np.bool_)
        np.fill_diagonal(touching, False)
        if not touching.any():
            break
        along_x = overlap[:, :, 0] < overlap[:, :, 1]
        index = np.arange(len(places))
        order = np.where(index[:, None] > index[None, :], 1.0, -1.0)  # two boxes in one place part by their order
        sign = np.where(apart == 0, order[:, :, None], np.sign(apart))
        push = np.where(touching[:, :, None], sign * overlap * 0.35, 0.0)
        push[:, :, 0] *= along_x
        push[:, :, 1] *= ~along_x
        places += push.sum(axis=1)
    return places
