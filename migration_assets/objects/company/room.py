"""The room of its object: what each stage asks for."""

from pathlib import Path

from migration_assets.objects.company.companies import Companies
from migration_assets.objects.company.company_touches import COMPANY_TOUCHES
from migration_assets.objects.company.count import DESTINATION
from migration_assets.objects.company.declaration import COMPANY
from migration_assets.objects.company.read_back import READ_BACK
from migration_assets.objects.company.shaping import COMPANY_SHAPING
from migration_assets.objects.company.standing import list_companies
from migration_assets.objects.room import LoadRules, PlanRules, Room, WaitReason

ROOM = Room(
    declaration=COMPANY,
    loader=lambda _chosen: Companies(),
    shaping=COMPANY_SHAPING,
    read_back=READ_BACK,
    plan=PlanRules(
        observe=list_companies,
        holds=Path(__file__).with_name("holds.sql"),
        reasons={
            "another_company_in_intercom": WaitReason(
                "waits for a person to say whether it is the company in Intercom that contradicts it"
            ),
        },
    ),
    load=LoadRules(after=("contacts",), description="One row per company that is in Intercom."),
    destination=DESTINATION,
    touches=COMPANY_TOUCHES,
)
