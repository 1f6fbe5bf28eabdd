"""The room of its object: what each stage asks for."""

from pathlib import Path

from migration_assets.objects.destination import listed
from migration_assets.objects.read_back import from_list
from migration_assets.objects.room import LoadRules, Room
from migration_assets.objects.shaping import SELECTED_BY, Shaping
from migration_assets.objects.tag.declaration import TAG
from migration_assets.objects.tag.tags import Tags
from schemas.intercom import Tag
from schemas.mapping_parts import fold

ROOM = Room(
    declaration=TAG,
    loader=lambda _chosen: Tags(),
    shaping=Shaping(
        folder=Path(__file__).parent,
        after=(*SELECTED_BY, "clean/tags"),
        numbers={"rows_merged": "SELECT count(*) - count(DISTINCT fold(tag)) FROM clean.tags"},
        lineage={"tags": "lineage"},
    ),
    read_back=from_list(TAG, Tag, lambda client: client.list_tags()),
    load=LoadRules(after=("ticket_type",), description="One row per tag that is in Intercom."),
    destination=listed(TAG, lambda client: client.list_tags(), lambda tag: fold(tag.name) if tag.name else None),
)
