"""The room of its object: what each stage asks for."""

from migration_assets.objects.attribute.declaration import ATTRIBUTE
from migration_assets.objects.attribute.load import DataAttributeLoader
from migration_assets.objects.room import Room

ROOM = Room(
    declaration=ATTRIBUTE,
    loader=lambda _chosen: DataAttributeLoader(),
)
