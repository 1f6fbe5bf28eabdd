"""The assets clean/<object>: one per source object, each its typed table in the warehouse.

What cleaning does is in `objects` and the modules it calls; here is only what Dagster has to know.
"""

import dagster as dg

from migration_assets.accounting.reconciliation.page import reconcile
from migration_assets.clean.objects import clean_object
from migration_assets.clean.rejects import write_rejects, write_unmapped
from migration_assets.ground.made import note_made
from resources.run import ExtractFolder
from resources.warehouse import Warehouse
from schemas.bridge import table_schema
from schemas.source import OBJECTS

# Which columns the other files really have is compared with the list of custom fields.
_LANDED_TOO = {"custom_fields": ("companies", "customers", "tickets")}


def clean_asset(object_name: str) -> dg.AssetsDefinition:
    """Return the asset that validates and types one object."""
    item = OBJECTS[object_name]
    landed = [object_name, "extract", *_LANDED_TOO.get(object_name, ())]
    deps = [dg.AssetKey(["itco", name]) for name in landed]
    deps += [dg.AssetKey(["clean", parent]) for parent in item.parents]

    @dg.asset(
        key=["clean", object_name],
        deps=deps,
        kinds={"pandera", "polars", "duckdb"},
        description=f"{item.meaning} Checked and typed, times in UTC, one version per key; rows that are "
        f"held back are in rejects/{object_name}.csv.",
        metadata={
            "dagster/column_schema": table_schema(object_name),
            "dagster/table_name": f"clean.{object_name}",
        },
        tags={"migration/object": object_name},
    )
    def clean(context: dg.AssetExecutionContext, warehouse: Warehouse, drop: ExtractFolder) -> dg.MaterializeResult:
        mapping = drop.load_mapping()
        with warehouse.connect() as connection:
            counts = clean_object(connection, object_name, mapping, state=drop.state)
            rejects = write_rejects(connection, object_name, drop.rejects_path)
            write_unmapped(connection, drop.rejects_path)
            told = reconcile(connection, "cleaning", drop.state)
        for name in rejects.left:
            context.log.warning("rejects/%s was changed since it was read: it is left as it is for the next run", name)
            note_made(connection, f"clean/{object_name}", context.run.run_id, drop.made_with())
        context.log.info("cleaned %d of %d rows of %s", counts.rows_out, counts.rows_in, object_name)
        return dg.MaterializeResult(metadata={**counts.metadata(), **told})

    return clean


ASSETS = [clean_asset(name) for name in OBJECTS]
