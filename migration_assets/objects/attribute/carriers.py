"""Which Intercom attribute carries which source custom field, and our own attributes. Pure functions of the mapping.

What belongs elsewhere: the values (`macros.sql` reads them by these names) and creating attributes in Intercom.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from schemas.mapping import Mapping
from schemas.mapping_parts import CustomField
from schemas.source import SOURCE, own_attribute

MODELS = {"customer": "contact", "company": "company", "ticket": "ticket"}
"""The source's object -> Intercom's model."""

NAME_LIMIT = 190
"""The longest attribute name that is made here, in characters."""

_PERSON_TYPES = {"string": "string", "boolean": "boolean", "date": "date", "number": "float", "select": "options"}
_TICKET_TYPES = {"string": "string", "boolean": "boolean", "date": "datetime", "number": "decimal", "select": "list"}


@dataclass(frozen=True)
class OwnAttribute:
    """An attribute that the migration adds itself."""

    model: str
    name: str
    data_type: str
    description: str
    options: tuple[str, ...] = ()


OWN_ATTRIBUTES = (
    OwnAttribute("contact", own_attribute("id"), "string", f"The customer's id in {SOURCE}."),
    OwnAttribute(
        "contact", own_attribute("merged ids"), "string", f"Ids of older {SOURCE} customers that became this contact."
    ),
    OwnAttribute(
        "contact",
        own_attribute("placeholder"),
        "boolean",
        f"Stands in for somebody who is not in the {SOURCE} extract.",
    ),
    # Intercom refuses one name for both people and companies, so these two say that they belong to the company.
    OwnAttribute("company", own_attribute("company id"), "string", f"The company's id in {SOURCE}."),
    OwnAttribute(
        "company",
        own_attribute("merged company ids"),
        "string",
        f"Ids of older {SOURCE} companies that became this one.",
    ),
    OwnAttribute(
        "ticket",
        own_attribute("id"),
        "string",
        f"The ticket's id in {SOURCE}; a continued thread has #2, #3 and so on.",
    ),
    OwnAttribute("ticket", own_attribute("number"), "string", "The ticket number that people quote."),
    OwnAttribute("ticket", own_attribute("URL"), "string", f"The ticket's address in {SOURCE}."),
    OwnAttribute("ticket", own_attribute("closed at"), "datetime", f"When the ticket was closed in {SOURCE}."),
    OwnAttribute("ticket", "Priority", "list", "The ticket's priority.", ("Urgent", "High", "Medium", "Low")),
    OwnAttribute("ticket", own_attribute("channel"), "string", "How the ticket came in."),
)
"""Every attribute that is not a custom field of the customer's."""


@dataclass(frozen=True)
class Carrier:
    """One attribute that carries a custom field; `option` is set where it carries one option of a multi-select.

    `renamed` tells that `name` is not what the mapping asked for, because that name was taken.
    """

    object: str
    field: str
    type: str
    option: str | None
    name: str
    data_type: str
    options: tuple[str, ...]
    description: str
    renamed: bool

    @property
    def path(self) -> str:
        """Where the field stands in a record's custom values."""
        return f'$."{self.field}"'


def mapping_tables(mapping: Mapping) -> dict[str, pl.DataFrame]:
    """Return the custom fields, their options, the attributes that carry them, and our own attributes as tables."""
    fields, texts = mapping.custom_fields, pl.List(pl.String)
    options = [(f.object, f.field, option) for f in fields for option in sorted(set(f.options.values()))]
    carrier = dict.fromkeys(("object", "field", "path", "type", "option", "name", "data_type"), pl.String)
    own = dict.fromkeys(("model", "name", "data_type"), pl.String) | {"options": texts, "description": pl.String}
    return {
        "custom_fields": _table(fields, dict.fromkeys(("field", "object", "name", "type"), pl.String)),
        "custom_options": pl.DataFrame(
            options, schema=dict.fromkeys(("object", "field", "option"), pl.String), orient="row"
        ),
        "carriers": _table(
            carriers(mapping), carrier | {"options": texts, "description": pl.String, "renamed": pl.Boolean}
        ),
        "own_attributes": _table(OWN_ATTRIBUTES, own),
    }


def _table(items: Sequence[object], columns: dict[str, Any]) -> pl.DataFrame:
    """Return objects as rows of their attributes."""
    rows = [[getattr(item, name) for name in columns] for item in items]
    return pl.DataFrame(rows, schema=columns, orient="row")


def carriers(mapping: Mapping) -> list[Carrier]:
    """Return the attributes that carry the mapping's custom fields, in the mapping's order.

    Names are unique as Intercom wants them: within tickets, and over contacts and companies together.
    """
    taken = {(_space(item.model), item.name.casefold()) for item in OWN_ATTRIBUTES}
    found = []
    for field in mapping.custom_fields:
        for option, wanted in _wanted(field, mapping.settings.multi_select):
            model = MODELS[field.object]
            name = _free_name(wanted, field.object, _space(model), taken)
            found.append(_carrier(field, option, name, name != wanted))
    return found


def _space(model: str) -> str:
    """Return the set of names that a model shares: contacts and companies have one, tickets another."""
    return "ticket" if model == "ticket" else "people"


def _wanted(field: CustomField, multi_select: str) -> Iterator[tuple[str | None, str]]:
    """Yield (option or None, the name wanted) for every attribute of a field."""
    if field.type == "multi_select" and multi_select == "booleans":
        for option in sorted(set(field.options.values())):
            yield option, f"{field.name} - {_plain(option)}"[:NAME_LIMIT].strip()
    else:
        yield None, field.name


def _plain(option: str) -> str:
    """Return an option with only what an attribute name may have: letters, digits, spaces and hyphens."""
    letters = unicodedata.normalize("NFKD", option.replace("ß", "ss")).encode("ascii", "ignore").decode()
    return " ".join(re.sub(r"[^A-Za-z0-9 -]+", " ", letters).split()) or "option"


def _free_name(wanted: str, object_name: str, space: str, taken: set[tuple[str, str]]) -> str:
    """Return `wanted`, or it with the object's name and then a number behind it, whichever is still free."""
    name, number = wanted, 1
    while (space, name.casefold()) in taken:
        ending = f" - {object_name}" if number == 1 else f" - {object_name} {number}"
        name, number = wanted[: NAME_LIMIT - len(ending)] + ending, number + 1
    taken.add((space, name.casefold()))
    return name


def _carrier(field: CustomField, option: str | None, name: str, renamed: bool) -> Carrier:
    types = _TICKET_TYPES if field.object == "ticket" else _PERSON_TYPES
    kind = "boolean" if option is not None else "string" if field.type == "multi_select" else field.type
    return Carrier(
        object=field.object,
        field=field.field,
        type=field.type,
        option=option,
        name=name,
        data_type=types[kind],
        options=tuple(sorted(set(field.options.values()))) if field.type == "select" else (),
        description=f"{SOURCE} field {field.field}" + (f": {option}" if option is not None else ""),
        renamed=renamed,
    )
