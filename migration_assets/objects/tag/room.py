"""The room of its object: what each stage asks for."""

from migration_assets.objects.room import Room
from migration_assets.objects.tag.declaration import TAG
from migration_assets.objects.tag.load import TagLoader

ROOM = Room(
    declaration=TAG,
    loader=lambda _chosen: TagLoader(),
)
