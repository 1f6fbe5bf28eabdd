"""The room of its object: what each stage asks for."""

from migration_assets.objects.contact.declaration import CONTACT
from migration_assets.objects.contact.load import ContactLoader
from migration_assets.objects.contact.read_back import READ_BACK
from migration_assets.objects.contact.shaping import CONTACT_SHAPING
from migration_assets.objects.contact.undo import ContactUndoer
from migration_assets.objects.room import Room

ROOM = Room(
    declaration=CONTACT,
    loader=lambda _chosen: ContactLoader(),
    shaping=CONTACT_SHAPING,
    undoer=ContactUndoer,
    read_back=READ_BACK,
)
