"""The room of its object: what each stage asks for."""

from pathlib import Path

from migration_assets.objects.contact_company.contact_companies import ContactCompanies
from migration_assets.objects.contact_company.count import DESTINATION
from migration_assets.objects.contact_company.declaration import CONTACT_COMPANY
from migration_assets.objects.contact_company.read_back import READ_BACK
from migration_assets.objects.room import LoadRules, PlanRules, Room
from migration_assets.objects.shaping import Shaping

ROOM = Room(
    declaration=CONTACT_COMPANY,
    loader=lambda _chosen: ContactCompanies(),
    shaping=Shaping(
        folder=Path(__file__).parent,
        after=("target/contacts", "target/companies"),
        numbers={"rows_in": "SELECT count(*) FROM clean.customers WHERE company_id IS NOT NULL"},
    ),
    read_back=READ_BACK,
    plan=PlanRules(taken_off=Path(__file__).with_name("taken_off.sql")),
    load=LoadRules(description="One row per contact that is attached to a company in Intercom."),
    destination=DESTINATION,
)
