"""A toy object: a help-center collection for each title of an article. A simple object's room in whole."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from migration_assets.objects.declaration import Declaration
from migration_assets.objects.destination import listed
from migration_assets.objects.fields import FieldList, ObjectField
from migration_assets.objects.read_back import from_list
from migration_assets.objects.room import LoadRules, Room
from migration_assets.objects.shaping import SELECTED_BY, Shaping
from migration_assets.objects.simple import SimpleObject
from migration_assets.objects.undoer import Row
from migration_assets.writing.touch_rules import Refusal, RefusalCode
from resources.intercom.client import Intercom
from resources.intercom.endpoints import Endpoint
from resources.intercom.paging import items_of
from schemas.intercom import Answer

ALL = Endpoint("GET", "/help_center/collections", ("data",), read=True)
MAKE = Endpoint("POST", "/help_center/collections")
REMOVE = Endpoint("DELETE", "/help_center/collections/{id}")

TOY = Declaration(
    name="toy",
    plural="toys",
    meaning="One row per collection.",
    sources=("articles",),
    keyed_by="articles",
    fields=FieldList((ObjectField("name", "What it is called."),)),
)


class Collection(Answer):
    """A collection, as Intercom answers it."""

    id: str
    name: str


async def collections(client: Intercom) -> Sequence[Collection]:
    return items_of(Collection, ALL, await client.call(ALL, params={"per_page": 150}), "data")


class Toys(SimpleObject):
    declaration = TOY

    async def all_of(self, client: Intercom) -> Sequence[Collection]:
        return await collections(client)

    def key_of(self, record: Collection) -> str:
        return record.name

    async def make(self, client: Intercom, row: Mapping[str, Any]) -> Collection:
        there = {record.name: record for record in await collections(client)}
        made = there.get(row["name"])
        return made or Collection.model_validate(await client.call(MAKE, body=TOY.fields.body(row)))

    async def refusal(self, row: Row, there: Collection) -> Refusal | None:
        return None if there.name == row["source_key"] else Refusal(RefusalCode.EDITED, "changed since: name")

    async def remove(self, there: Collection) -> None:
        await self._client.call(REMOVE, ids={"id": there.id})


ROOM = Room(
    declaration=TOY,
    loader=lambda _chosen: Toys(),
    shaping=Shaping(
        folder=Path(__file__).parent, after=(*SELECTED_BY, "clean/articles"), lineage={"articles": "lineage"}
    ),
    read_back=from_list(TOY, Collection, collections),
    load=LoadRules(description="One row per collection that is in Intercom."),
    destination=listed(TOY, collections, lambda record: record.name),
)
