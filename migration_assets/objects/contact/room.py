"""The room of its object: what each stage asks for."""

from pathlib import Path

from migration_assets.objects.contact.contact_touches import CONTACT_TOUCHES
from migration_assets.objects.contact.contacts import Contacts
from migration_assets.objects.contact.count import DESTINATION
from migration_assets.objects.contact.declaration import CONTACT
from migration_assets.objects.contact.read_back import READ_BACK
from migration_assets.objects.contact.shaping import CONTACT_SHAPING
from migration_assets.objects.contact.standing import list_contacts
from migration_assets.objects.room import LoadRules, PlanRules, Room, WaitReason

ROOM = Room(
    declaration=CONTACT,
    loader=lambda _chosen: Contacts(),
    shaping=CONTACT_SHAPING,
    read_back=READ_BACK,
    plan=PlanRules(
        observe=list_contacts,
        holds=Path(__file__).with_name("holds.sql"),
        reasons={
            "customer_quarantined": WaitReason("waits for its customer, whose row is in quarantine", "customer"),
            "another_contact_in_intercom": WaitReason(
                "waits for a person to say whether it is the contact in Intercom that contradicts it"
            ),
        },
    ),
    load=LoadRules(
        after=("attributes",),
        description="One row per contact that is in Intercom: customers, merged by e-mail, and placeholders for "
        "deleted ones.",
    ),
    destination=DESTINATION,
    touches=CONTACT_TOUCHES,
)
