"""Reading attributes of contacts and companies back: one list for each of the two."""

from collections.abc import Iterable
from typing import Literal

from migration_assets.objects.attribute.declaration import ATTRIBUTE
from migration_assets.objects.read_back import AnswerSource, ReadBack
from migration_assets.objects.shown import FieldRow, declared_values, field_rows
from migration_assets.writing.environment import Environment
from schemas.intercom import DataAttribute

MODELS: tuple[Literal["contact", "company"], ...] = ("contact", "company")


def key(item: DataAttribute) -> str:
    """Return what the journal knows an attribute by: its id, or its name where it has none."""
    return item.id or item.name


def rows(item: DataAttribute, _learnt: object) -> Iterable[FieldRow]:
    """Return the fields of an attribute; none for built-in and archived ones."""
    if item.custom is False or item.archived:
        return []
    return field_rows(ATTRIBUTE.name, key(item), declared_values(ATTRIBUTE, item))


async def read_all(env: Environment) -> None:
    """Read all attributes of people."""
    for model in MODELS:
        await env.seen(await env.client.list_data_attributes(model))


READ_BACK = ReadBack(
    sources=(AnswerSource("attribute", DataAttribute, ATTRIBUTE.name, whole=read_all, key=key),),
    shows={DataAttribute: rows},
    describes="One row per attribute or ticket type that was read back, with how many of its fields are as they "
    "should be.",
    calls=lambda _chosen: len(MODELS),
)
