"""Repeatable chance: everything random in the sample comes from a seed and the record's own index."""

import random
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


def chance(seed: int, salt: int, index: int) -> random.Random:
    """Return the random numbers of one record; the same three numbers always give the same ones."""
    return random.Random((seed * 1_000_003 + salt) * 4_294_967_311 + index)  # noqa: S311 - not for secrets


def pick(rng: random.Random, items: Sequence[T]) -> T:
    """Return one of `items`; cheaper than `random.choice`, and the same in every Python version."""
    return items[int(rng.random() * len(items))]


def weighted(rng: random.Random, items: Sequence[tuple[T, float]]) -> T:
    """Return one of `items`, each given with its share; the shares add up to 1."""
    draw = rng.random()
    for item, share in items:
        draw -= share
        if draw < 0:
            return item
    return items[-1][0]
