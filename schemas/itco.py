"""The canonical ITCO files: which there are, their columns, and what each column holds.

The templates handed to customers, the header matching, the landed tables, the contracts and the sample data
all read this one list, as `schemas.source.OBJECTS`.
"""

from schemas.source_objects import Column, SourceObject


def _required(name: str, kind: str, description: str) -> Column:
    return Column(name, kind, description, required=True)


_UPDATED = Column("updated_at", "timestamp", "When the record was last changed; the newer of two versions wins.")

ITCO_OBJECTS = (
    SourceObject(
        "companies",
        "One row per company.",
        ("company_id",),
        (
            _required("company_id", "id", "ITCO's id of the company."),
            _required("name", "text", "The company's name."),
            Column("domain", "domain", "The company's internet domain; the deduplication key."),
            Column("industry", "text", "The industry, in words."),
            Column("size", "integer", "The number of employees."),
            Column("plan", "text", "The plan that the company has bought."),
            Column("created_at", "timestamp", "When the company was created in ITCO."),
            _UPDATED,
        ),
    ),
    SourceObject(
        "customers",
        "One row per customer.",
        ("customer_id",),
        (
            _required("customer_id", "id", "ITCO's id of the customer."),
            Column("external_id", "id", "The customer's id in the customer's own systems."),
            Column("name", "text", "The person's name."),
            Column("email", "email", "The person's e-mail address."),
            Column("phone", "phone", "The person's phone number."),
            Column("company_id", "id", "The company the person belongs to."),
            Column("created_at", "timestamp", "When the person first appeared in ITCO."),
            Column("last_seen_at", "timestamp", "When the person was last seen."),
            _UPDATED,
        ),
        needed=True,
        parents=("agents", "companies"),
    ),
    SourceObject(
        "agents",
        "One row per agent.",
        ("agent_id",),
        (
            _required("agent_id", "id", "ITCO's id of the agent."),
            _required("name", "text", "The agent's name."),
            _required("email", "email", "The agent's e-mail address; finds the Intercom admin."),
            Column("role", "text", "The agent's role in ITCO."),
            Column("active", "boolean", "Whether the agent still works there."),
        ),
    ),
    SourceObject(
        "teams",
        "One row per team.",
        ("team_id",),
        (
            _required("team_id", "id", "ITCO's id of the team."),
            _required("name", "text", "The team's name; finds the Intercom team."),
            Column("parent_team_id", "id", "The team above this one."),
        ),
    ),
    SourceObject(
        "team_members",
        "One row per agent in a team.",
        ("team_id", "agent_id"),
        (
            _required("team_id", "id", "The team."),
            _required("agent_id", "id", "The agent who belongs to it."),
        ),
        parents=("agents", "teams"),
    ),
    SourceObject(
        "tickets",
        "One row per ticket.",
        ("ticket_id",),
        (
            _required("ticket_id", "id", "ITCO's id of the ticket."),
            Column("ticket_number", "id", "The number that people quote."),
            Column("subject", "text", "The subject line.", expected=True),
            _required("status", "choice", "open, pending, resolved or closed, in the customer's words."),
            Column("priority", "choice", "urgent, high, medium or low, in the customer's words."),
            Column("channel", "text", "How the ticket came in: email, chat, phone, web."),
            _required("customer_id", "id", "The customer who asked."),
            Column("company_id", "id", "The company on whose behalf."),
            Column("agent_id", "id", "The agent it is assigned to."),
            Column("team_id", "id", "The team it is assigned to."),
            _required("created_at", "timestamp", "When the ticket was opened."),
            _UPDATED,
            Column("closed_at", "timestamp", "When the ticket was closed."),
            Column("tags", "list", "Tags, separated by semicolons."),
            Column("merged_into_ticket_id", "id", "The ticket that this one was merged into."),
        ),
        needed=True,
        parents=("agents", "companies", "customers", "teams"),
    ),
    SourceObject(
        "messages",
        "One row per message of a ticket.",
        ("message_id",),
        (
            _required("message_id", "id", "ITCO's id of the message."),
            _required("ticket_id", "id", "The ticket it belongs to."),
            Column(
                "kind",
                "choice",
                "reply, note, assignment or status_change. Empty is not certain: a note.",
            ),
            Column("author_type", "choice", "customer, agent or system."),
            Column("author_id", "id", "The customer's or agent's id."),
            Column("author_name", "text", "The author's name as shown."),
            Column("author_email", "email", "The author's e-mail address."),
            Column("body", "html", "The text, HTML or plain.", expected=True),
            _required("created_at", "timestamp", "When it was written."),
            Column("cc", "email_list", "Addresses in copy, separated by semicolons."),
        ),
        needed=True,
        parents=("agents", "customers", "tickets"),
        one_of=("author_id", "author_email", "author_name"),
    ),
    SourceObject(
        "attachments",
        "One row per file that was attached to a message.",
        ("attachment_id",),
        (
            _required("attachment_id", "id", "ITCO's id of the attachment."),
            _required("ticket_id", "id", "The ticket it belongs to."),
            Column("message_id", "id", "The message it was sent with."),
            _required("file_name", "text", "The file's name in ITCO."),
            Column("content_type", "text", "The file's media type."),
            Column("size_bytes", "integer", "The file's size in bytes."),
        ),
        parents=("messages", "tickets"),
    ),
    SourceObject(
        "custom_fields",
        "One row per custom field that ITCO lists.",
        ("object", "field"),
        (
            _required("field", "text", "The column's name, with or without cf_."),
            _required("object", "choice", "ticket, customer or company."),
            Column("label", "text", "The name that people see."),
            Column("type", "choice", "string, boolean, date, number, select or multi_select."),
            Column("options", "list", "The options of a select, separated by semicolons."),
            Column("required", "boolean", "Whether ITCO insisted on a value."),
        ),
    ),
    SourceObject(
        "tags",
        "One row per tag.",
        ("tag",),
        (
            _required("tag", "text", "The tag."),
            Column("description", "text", "What it is used for."),
        ),
    ),
    SourceObject(
        "articles",
        "One row per article of the help centre.",
        ("article_id",),
        (
            _required("article_id", "id", "ITCO's id of the article."),
            _required("title", "text", "The title."),
            _required("body", "html", "The text, HTML."),
            Column("collection", "text", "The collection it is in."),
            Column("parent_collection", "text", "The collection above that."),
            Column("author_agent_id", "id", "The agent who wrote it."),
            Column("state", "choice", "draft or published."),
            Column("locale", "text", "The language."),
            Column("url", "url", "Its address in the old help centre."),
            Column("created_at", "timestamp", "When it was written."),
            _UPDATED,
        ),
        parents=("agents",),
    ),
    SourceObject(
        "automations",
        "One row per rule, macro, SLA, view or report.",
        ("kind", "name"),
        (
            _required("name", "text", "The rule's name."),
            _required("kind", "choice", "workflow, trigger, macro, sla, view or report."),
            Column("description", "text", "What it does, in words."),
            Column("active", "boolean", "Whether it is switched on."),
        ),
    ),
)
"""Every ITCO object, in the order of the templates."""

HEADER_WORDS = {
    "body": "text content comment message html plain description nachricht inhalt kommentar beschreibung texte corps "
    "contenu mensaje texto",
    "author_id": "author sender from user writer autor verfasser absender auteur creator submitter by",
    "author_name": "author sender from user writer autor verfasser absender auteur creator submitter by",
    "author_email": "author sender from user writer autor verfasser absender auteur mail email address",
    "customer_id": "customer client contact requester user person kunde kundennummer kontakt cliente",
    "agent_id": "agent assignee owner assigned bearbeiter mitarbeiter responsible",
    "team_id": "team group queue gruppe equipe",
    "company_id": "company account organisation organization org firma unternehmen kunde",
    "ticket_id": "ticket case issue request conversation thread vorgang fall anfrage",
    "ticket_number": "number nr no nummer reference ref",
    "message_id": "id message comment nachricht",
    "created_at": "created date time datum zeit erstellt angelegt sent received posted timestamp on fecha",
    "updated_at": "updated changed modified edited geandert last",
    "closed_at": "closed solved resolved ended geschlossen gelost",
    "last_seen_at": "seen activity login zuletzt",
    "subject": "subject title betreff summary titel objet asunto headline topic",
    "title": "subject betreff titel headline name",
    "status": "status state zustand stand",
    "priority": "priority prio urgency severity dringlichkeit",
    "channel": "channel via source origin kanal",
    "kind": "kind type typ art public private visibility",
    "author_type": "author type typ role sender",
    "name": "name fullname display full kunde nom nombre",
    "email": "mail email address courriel correo",
    "phone": "phone telefon tel mobile telephone handy",
    "cc": "cc copy ccs kopie",
    "tags": "tag tags label labels schlagworter",
    "file_name": "file name datei filename attachment anhang",
    "external_id": "external extern uuid foreign",
    "merged_into_ticket_id": "merged into zusammengefuhrt duplicate master",
    "domain": "domain website web url",
    "industry": "industry branche sector",
}
"""Words in headers of other programs, for columns whose own name has none of them."""
