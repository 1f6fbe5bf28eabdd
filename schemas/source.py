"""Which helpdesk is left: its objects, what it is called, and what is named after it; the one place that says so.

Sentences take the label from here, SQL takes it from the macros below, which every connection to the warehouse has.
The objects are listed in the source's own file, which is imported here and nowhere else.
"""

import schemas.itco as itco

OBJECTS = {item.name: item for item in itco.ITCO_OBJECTS}
"""Every object of the source by name, in the order of the templates."""
HEADER_WORDS = itco.HEADER_WORDS
"""Words in headers of other programs, by the column that they mean."""

SOURCE = "ITCO"
"""What people call the helpdesk that is left."""
PREFIX = SOURCE.lower()
"""Begins every key that the migration makes up itself."""


def own_attribute(name: str) -> str:
    """Return the name in Intercom of an attribute that the migration adds, such as `id`."""
    return f"{SOURCE} {name}"


SOURCE_ID = own_attribute("id")
"""The attribute that holds a record's key in the source, by which it is found again."""
SOURCE_NUMBER = own_attribute("number")
"""The attribute that holds the ticket number that people quote."""
KNOWN_BY = f"{SOURCE_NUMBER},{SOURCE_ID}"
"""The attributes that the embedded workspace's inbox finds a ticket by."""

MARKER_COMPANY_ID = f"{PREFIX}-migration-marker"
"""The company that tells in the workspace itself who writes to it."""
MARKER_WORDS = f"{SOURCE} migration, do not change or delete"
"""How its name begins."""
NOBODY = f"{PREFIX}-preflight"
"""A key that no record has: what is searched for, so that nothing of a customer is read."""


def source_macros(label: str = SOURCE) -> str:
    """Return the SQL that gives a connection the label and the names made from it.

    `source_label()` is the label, `own_attribute(x)` as above, `stand_in_key(what, key)` the key of somebody who is no
    record of the source, `namespaced(key)` an id of the source where somebody else has that id already.
    """
    shown, prefix = (text.replace("'", "''") for text in (label, label.lower()))
    return f"""
        CREATE OR REPLACE TEMP MACRO source_label() AS '{shown}';
        CREATE OR REPLACE TEMP MACRO own_attribute(name) AS '{shown} ' || name;
        CREATE OR REPLACE TEMP MACRO stand_in_key(what, key) AS '{prefix}-' || what || ':' || key;
        CREATE OR REPLACE TEMP MACRO namespaced(key) AS '{prefix}:' || key;
    """
