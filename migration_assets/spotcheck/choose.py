"""Which conversations are looked at: the ugly ones of every kind, the rest at random, always the same for a seed."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import duckdb

from migration_assets.handoff.spot_book import Sampled
from resources.warehouse import fetch_frame

QUERY = Path(__file__).with_name("choose.sql").read_text(encoding="utf-8")
RANDOM = "drawn at random"
UGLY_SHARE = 0.5
"""The most of the sample that is not drawn at random."""


def choose(connection: duckdb.DuckDBPyConnection, size: int, seed: int) -> list[Sampled]:
    """Return the sample from the warehouse as it is after a load.

    Args:
        connection: the warehouse.
        size: how many conversations; fewer where there are not so many.
        seed: the same seed chooses the same ones.
    """
    return pick(fetch_frame(connection, QUERY, [str(seed)]).to_dicts(), size)


def pick(candidates: Iterable[Mapping[str, Any]], size: int) -> list[Sampled]:
    """Return the sample from tickets with their reason (`why`) and their `rank` in it, each ticket once.

    The kinds of ugly ones take turns, the ugliest first, up to half of the sample.
    """
    rows = list(candidates)
    ugly = sorted((row for row in rows if row["why"] != RANDOM), key=lambda row: (row["rank"], row["why"]))
    drawn = sorted((row for row in rows if row["why"] == RANDOM), key=lambda row: row["rank"])
    chosen: dict[str, Sampled] = {}
    for row in ugly:
        if len(chosen) >= max(1, int(size * UGLY_SHARE)):
            break
        chosen.setdefault(row["ticket_id"], _sampled(row))
    for row in drawn:
        if len(chosen) >= size:
            break
        chosen.setdefault(row["ticket_id"], _sampled(row))
    return list(chosen.values())


def _sampled(row: Mapping[str, Any]) -> Sampled:
    return Sampled(key=row["ticket_id"], ticket=row["ticket"], why=row["why"])
