"""Which records are looked at: the ugly ones of every kind, the rest at random, always the same for a seed."""

from collections.abc import Iterable, Mapping
from typing import Any

import duckdb

from migration_assets.handoff.spot_book import Sampled
from migration_assets.objects.side_by_side import SideBySide
from resources.warehouse import fetch_frame

UGLY_SHARE = 0.5
"""The most of the sample that is not drawn at random."""


def choose(connection: duckdb.DuckDBPyConnection, shown: SideBySide, size: int, seed: int) -> list[Sampled]:
    """Return the sample from the warehouse as it is after a load.

    Args:
        connection: the warehouse.
        shown: where the candidates come from.
        size: how many records; fewer where there are not so many.
        seed: the same seed chooses the same ones.
    """
    return pick(fetch_frame(connection, shown.candidates.read_text("utf-8"), [str(seed)]).to_dicts(), size)


def pick(candidates: Iterable[Mapping[str, Any]], size: int) -> list[Sampled]:
    """Return the sample from candidates with their reason (`why`) and their `rank` in it, each record once.

    The kinds of ugly ones take turns, the ugliest first, up to half of the sample.
    """
    chosen: dict[str, Sampled] = {}
    # All that are drawn have one reason, so that they go by their rank alone.
    for row in sorted(candidates, key=lambda row: (row["drawn"], row["rank"], row["why"])):
        if len(chosen) < (size if row["drawn"] else max(1, int(size * UGLY_SHARE))):
            chosen.setdefault(row["key"], Sampled(key=row["key"], ticket=row["shown"], why=row["why"]))
    return list(chosen.values())
