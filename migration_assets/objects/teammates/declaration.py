"""An admin and a team: looked up in Intercom and never written, because its API cannot create them."""

from migration_assets.objects.declaration import Declaration
from migration_assets.objects.fields import FLAG, NUMBER, FieldList, ObjectField, only_here

ADMIN = Declaration(
    name="admin",
    plural="admins",
    meaning="One row per agent whom Intercom must have as an admin, and how many conversations need them.",
    sources=("agents",),
    operation="look_up",
    removal=None,
    fields=FieldList(
        (
            ObjectField("name", "The agent's name."),
            ObjectField("email", "The e-mail that finds the admin.", nullable=True),
            only_here("active", "Whether the agent still works there.", FLAG),
            only_here("tickets", "Conversations that need the agent.", NUMBER, rules={"ge": 0}),
            only_here("known", "Whether the agent is listed in the extract.", FLAG),
        )
    ),
)

TEAM = Declaration(
    name="team",
    plural="teams",
    meaning="One row per team that Intercom must have, and how many conversations need it.",
    sources=("teams",),
    operation="look_up",
    removal=None,
    fields=FieldList(
        (
            ObjectField("name", "The name that finds the team."),
            only_here("path", "The name with those of the teams above it."),
            only_here("tickets", "Conversations that need the team.", NUMBER, rules={"ge": 0}),
            only_here("known", "Whether the team is listed in the extract.", FLAG),
        )
    ),
)
