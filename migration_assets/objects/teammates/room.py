"""The rooms of admins and teams. Placeholders are those who are named in the extract but not listed in it."""

from pathlib import Path

from migration_assets.objects.room import LoadRules, LookUp, PlanRules, Room
from migration_assets.objects.shaping import CountingCheck, Shaping
from migration_assets.objects.teammates.declaration import ADMIN, TEAM
from migration_assets.objects.teammates.refusal import refuse_unknown_own_admins

_HERE = Path(__file__).parent
_AFTER = LoadRules(after=("contact_companies",))
"""Nothing of them is loaded: who was found is told once those who ask are there."""
_UNKNOWN_AUTHORS = """
    SELECT count(*) FROM target.parts p
    WHERE p.author_key IS NOT NULL AND CASE p.author_kind
        WHEN 'contact' THEN NOT EXISTS (FROM target.contacts c WHERE c.source_key = p.author_key)
        ELSE NOT EXISTS (FROM target.admins a WHERE a.source_key = p.author_key) END
"""
_UNKNOWN_PEOPLE = """
    SELECT count(*) FROM target.conversations c
    WHERE NOT EXISTS (FROM target.contacts k WHERE k.source_key = c.contact_key)
       OR (c.company_key IS NOT NULL AND NOT EXISTS (FROM target.companies k WHERE k.source_key = c.company_key))
       OR (c.agent_id IS NOT NULL AND NOT EXISTS (FROM target.admins a WHERE a.source_key = c.agent_id))
       OR (c.team_id IS NOT NULL AND NOT EXISTS (FROM target.teams a WHERE a.source_key = c.team_id))
"""

ROOMS = (
    Room(
        declaration=ADMIN,
        look_up=LookUp(
            kind="agent",
            by="e-mail",
            fields=("id", "name", "email"),
            ids="plan.admin_ids",
            match=_HERE / "admins_matched.sql",
            unmatched=_HERE / "admins_unmatched.sql",
            needed_by="conversation",
        ),
        plan=PlanRules(refusal=refuse_unknown_own_admins),
        load=_AFTER,
        shaping=Shaping(
            folder=_HERE,
            after=("target/conversations", "clean/agents"),
            steps=("admins",),
            numbers={"placeholders": "SELECT count(*) FROM target.admins WHERE NOT known"},
            lineage={"agents": "agents_lineage"},
            checks=(
                CountingCheck(
                    "every_author_exists",
                    "Every author and assignee, contact and company that is written is a target row of its own.",
                    {"unknown_authors": _UNKNOWN_AUTHORS, "unknown_people": _UNKNOWN_PEOPLE},
                    ("parts", "contacts", "teams", "companies"),
                ),
            ),
        ),
    ),
    Room(
        declaration=TEAM,
        look_up=LookUp(
            kind="team",
            by="name",
            fields=("id", "name"),
            ids="plan.team_ids",
            match=_HERE / "teams_matched.sql",
            unmatched=_HERE / "teams_unmatched.sql",
            needed_by="conversation",
        ),
        load=_AFTER,
        shaping=Shaping(
            folder=_HERE,
            after=("target/conversations", "clean/teams"),
            steps=("teams",),
            numbers={"placeholders": "SELECT count(*) FROM target.teams WHERE NOT known"},
            lineage={"teams": "teams_lineage"},
        ),
    ),
)
