"""The room of its object: what each stage asks for."""

from pathlib import Path

from migration_assets.objects.attribute.declaration import ATTRIBUTE
from migration_assets.objects.attribute.load import DataAttributeLoader
from migration_assets.objects.attribute.read_back import READ_BACK
from migration_assets.objects.attribute.undo import DataAttributeUndoer
from migration_assets.objects.room import Room
from migration_assets.objects.shaping import SELECTED_BY, Shaping

ROOM = Room(
    declaration=ATTRIBUTE,
    loader=lambda _chosen: DataAttributeLoader(),
    shaping=Shaping(
        folder=Path(__file__).parent,
        after=SELECTED_BY,
        numbers={"rows_in": "SELECT count(*) FROM map.custom_fields"},
        lineage={"custom_fields": "lineage"},
    ),
    undoer=DataAttributeUndoer,
    read_back=READ_BACK,
)
