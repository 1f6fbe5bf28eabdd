"""Which attributes Intercom has, read before the plan of a first load: one that cannot hold our values stops the run.

Neither the type nor the options of an attribute can be brought to ours by the API, so that every write that needs it
would be refused, by Intercom or by us, after others have been made.
"""

from collections.abc import Iterator

import duckdb

from migration_assets.objects.attribute.attributes import require_fit
from migration_assets.objects.observed import ATTRIBUTES, keep_observed
from migration_assets.writing.records import UnsendableError
from resources.intercom.client import Intercom
from resources.warehouse import Warehouse, fetch_frame, table_exists
from schemas.mapping_parts import fold

_BOTH = f"""
SELECT t.model, t.name, t.data_type, t.options, o.ticket_type, y.name AS ours, o.data_type AS there,
    o.options AS options_there
FROM target.attributes t
JOIN {ATTRIBUTES} o ON o.model = t.model AND o.name = t.name
LEFT JOIN plan.ticket_types y ON t.model = 'ticket'
ORDER BY t.model, t.name
"""


async def list_attributes(client: Intercom, warehouse: Warehouse) -> None:
    """Keep what Intercom has of attributes of contacts and companies; the name of an archived one stays taken."""
    for model in ("contact", "company"):
        found = [item for item in await client.list_data_attributes(model, archived=True) if item.custom is not False]
        rows = [(model, None, item.name, item.data_type, [fold(option) for option in item.options]) for item in found]
        keep_observed(warehouse, ATTRIBUTES, rows)


def refuse_unfit(connection: duckdb.DuckDBPyConnection) -> str | None:
    """Refuse a plan that needs an attribute which stands in Intercom and cannot hold our values."""
    if not table_exists(connection, ATTRIBUTES):
        return None
    return " ".join(_unfit(connection)) or None


def _unfit(connection: duckdb.DuckDBPyConnection) -> Iterator[str]:
    for row in fetch_frame(connection, _BOTH).iter_rows(named=True):
        if fold(row["ticket_type"] or "") != fold(row["ours"] or ""):
            continue
        try:
            require_fit(row, row["there"], set(row["options_there"] or ()))
        except UnsendableError as error:
            yield str(error)
