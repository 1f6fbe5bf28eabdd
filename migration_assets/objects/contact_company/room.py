"""The room of its object: what each stage asks for."""

from migration_assets.objects.contact_company.declaration import CONTACT_COMPANY
from migration_assets.objects.contact_company.load import ContactCompanyLoader
from migration_assets.objects.room import Room

ROOM = Room(
    declaration=CONTACT_COMPANY,
    loader=lambda _chosen: ContactCompanyLoader(),
)
