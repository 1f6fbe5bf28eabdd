"""The room of its object: what each stage asks for."""

from pathlib import Path

from migration_assets.objects.attribute.attributes import DataAttributes
from migration_assets.objects.attribute.carriers import mapping_tables
from migration_assets.objects.attribute.count import DESTINATION
from migration_assets.objects.attribute.declaration import ATTRIBUTE
from migration_assets.objects.attribute.read_back import READ_BACK
from migration_assets.objects.attribute.standing import list_attributes, refuse_unfit
from migration_assets.objects.room import LoadRules, PlanRules, Room
from migration_assets.objects.shaping import SELECTED_BY, Shaping

ROOM = Room(
    declaration=ATTRIBUTE,
    loader=lambda _chosen: DataAttributes(),
    shaping=Shaping(
        folder=Path(__file__).parent,
        after=SELECTED_BY,
        numbers={"rows_in": "SELECT count(*) FROM map.custom_fields"},
        lineage={"custom_fields": "lineage"},
        mapping_tables=mapping_tables,
    ),
    read_back=READ_BACK,
    plan=PlanRules(observe=list_attributes, refusal=refuse_unfit),
    load=LoadRules(
        description="One row per custom attribute of contacts and companies that is in Intercom.\n\nIntercom refuses a "
        "contact or company with an attribute that it does not know, so these stand before them.",
    ),
    destination=DESTINATION,
)
