"""What a teammate, a customer or nobody does to a migrated record, through the API as they would."""

from dataclasses import dataclass

from resources.journal import Journal


@dataclass(frozen=True)
class Done:
    """One touch: what it is of, what it does, and how each of the four must see it.

    `field` is the compared field that verification must call different, None where nothing of ours is wrong. `code` is
    the kind under which it is named since the migration. `listed` is what the look after the cutover says, `reason`
    what a rollback does. `kept` is the field that a delta must leave; None where it changes nothing of it. What is
    `named` can be told only where Intercom shows a change in the name of who made it, what is `whole` only where a
    conversation shows the whole title of its ticket.
    """

    key: str
    of: str
    code: str
    field: str | None = None
    listed: str | None = None
    kept: str | None = None
    reason: str = ""
    named: bool = False
    whole: bool = False


TOUCHES = (
    Done("title", "conversation", "edited", "title", "title", "title", "changed since: title"),
    Done("inbox_title", "conversation", "edited", "inbox_title", "title in the inbox", "title",
         "changed since: title in the inbox", whole=True),
    Done("attribute", "conversation", "edited", "attribute.Plan", "Plan", "Plan", "changed since: Plan"),
    Done("state", "conversation", "edited", "state", "state", "state", "changed since: state"),
    Done("snooze", "conversation", "edited", "state", "state", "state", "changed since: state"),
    Done("assignee", "conversation", "edited", "assignee_admin", "assignee", "assignee", "changed since: assignee"),
    Done("company", "conversation", "edited", "company", "company_id", "company_id", "changed since: company_id"),
    Done("priority", "conversation", "edited", "priority", "priority", None, "changed since: priority"),
    Done("taken_back", "conversation", "edited", None, "is_shared", None, "changed since: is_shared"),
    Done("tag_put_on", "conversation", "tags", None, "tag put on", None, "tag put on since"),
    Done("tag_taken_off", "conversation", "tags", "tags", "tag taken off", None, "tag taken off since"),
    Done("participant_added", "conversation", "participants", "contact", "participant added", None,
         "participant added since"),
    Done("comment", "conversation", "answered", reason="1 message in it by a teammate"),
    Done("note", "conversation", "answered", reason="1 message in it by a teammate"),
    Done("reply", "conversation", "answered", "state", reason="1 message in it by the customer"),
    Done("blanked", "conversation", "redacted", "part", "blanked", None, "a message in it was blanked"),
    Done("opening_blanked", "conversation", "redacted", "opening", "opening blanked", None,
         "a message in it was blanked"),
    Done("customer_replaced", "conversation", "participants", "contact", "customer taken out", None,
         "customer taken out since"),
    Done("to_and_fro", "conversation", "handled", None, "close", None,
         "opened, closed, assigned or changed since by a teammate", named=True),
    Done("contact_name", "contact", "edited", "name", "name", "name", "changed since: name"),
    Done("contact_phone", "contact", "edited", "phone", "phone", None, "changed since: phone"),
    Done("contact_attribute", "contact", "edited", "attribute.ITCO id", "ITCO id", None, "changed since: ITCO id"),
    Done("contact_tag", "contact", "tags", None, "tag put on", None, "it was given tags"),
    Done("contact_note", "contact", "notes", None, "note put on", None, "it was given notes"),
    Done("contact_company", "contact", "companies", None, "put into another company", None,
         "it was put into another company"),
    Done("contact_taken_out", "contact", "companies", "contact_company", "taken out of a company", None,
         "it was taken out of a company"),
    Done("contact_moved", "contact", "companies", "contact_company", "taken out of a company", None,
         "it was put into another company and taken out of a company"),
    Done("company_name", "company", "edited", "name", "name", "name", "changed since: name"),
    Done("company_attribute", "company", "edited", "attribute.ITCO company id", "ITCO company id", None,
         "changed since: ITCO company id"),
    Done("company_tag", "company", "tags", None, "tag put on", None, "it was given tags"),
)  # fmt: skip


class Hands:
    """Does each of them."""

    def __init__(self, site):
        self.site = site
        admins = {item.name: item.id for item in site.call(lambda client: client.list_admins())}
        self.admin = int(admins["Fallback"])
        self.tags = {item.name: item.id for item in site.call(lambda client: client.list_tags())}
        with Journal(site.url, site.name) as journal:
            rows = [row for frame in journal.applied_writes() for row in frame.to_dicts()]
        made = ("create", "upsert", "append")
        self.ids = {(row["object"], row["source_key"]): row["intercom_id"] for row in rows if row["operation"] in made}

    def touch_everything(self):
        for touch in TOUCHES:
            for call in self._calls(touch):
                self._send(*call, version="Preview" if touch.key == "priority" else "2.16")

    def _send(self, method, path, body, version):
        async def call(client):
            answer = await client._http.request(method, path, json=body, headers={"Intercom-Version": version})
            assert answer.status_code in (200, 202), answer.text

        self.site.call(call)

    def _source(self, conversation_id):
        """Return the id of the opening message of a conversation; of what is none there is none."""
        there = self.site.call(lambda client: client.get_conversation(conversation_id)) if conversation_id else None
        return (there.source or {}).get("id") if there else None

    def _calls(self, touch):
        """Return the calls that do it."""
        key = touch.key
        own = self.ids[touch.of, key]
        ticket, conversation = f"/tickets/{own}", f"/conversations/{own}"
        admin = {"admin_id": self.admin, "skip_notifications": True}
        said = {"type": "admin", "admin_id": str(self.admin), "body": "Since", "skip_notifications": True}
        calls = {
            "title": ("PUT", ticket, {"ticket_attributes": {"_default_title_": "Another"}, **admin}),
            "inbox_title": ("PUT", conversation, {"title": "Another"}),
            "attribute": ("PUT", ticket, {"ticket_attributes": {"Plan": "Tin"}, **admin}),
            "state": ("PUT", ticket, {"open": True, **admin}),
            "snooze": ("PUT", ticket, {"snoozed_until": 2_100_000_000, **admin}),
            "assignee": ("PUT", ticket, {"assignee_id": str(self.admin), **admin}),
            "company": ("PUT", conversation, {"company_id": self.ids.get(("company", "k3"))}),
            "priority": ("PUT", conversation, {"priority": "low", "admin_id": str(self.admin)}),
            "taken_back": ("PUT", ticket, {"is_shared": False, **admin}),
            "tag_put_on": ("POST", f"{ticket}/tags", {"id": self.tags["Late"], "admin_id": str(self.admin)}),
            "tag_taken_off": ("DELETE", f"{ticket}/tags/{self.tags['VIP']}", {"admin_id": str(self.admin)}),
            "participant_added": (
                "POST",
                f"{conversation}/customers",
                {"admin_id": str(self.admin), "customer": {"intercom_user_id": self.ids.get(("contact", "c3"))}},
            ),
            "comment": ("POST", f"{ticket}/reply", {"message_type": "comment", **said}),
            "note": ("POST", f"{ticket}/reply", {"message_type": "note", **said}),
            "reply": (
                "POST",
                f"{ticket}/reply",
                {
                    "message_type": "comment",
                    "type": "user",
                    "body": "Since",
                    "skip_notifications": True,
                    "intercom_user_id": self.ids.get(("contact", "c1")),
                },
            ),
            "blanked": (
                "POST",
                "/conversations/redact",
                {
                    "type": "conversation_part",
                    "conversation_id": own,
                    "conversation_part_id": self.ids.get(("part", "m1-blanked")),
                },
            ),
            "opening_blanked": (
                "POST",
                "/conversations/redact",
                {
                    "type": "source",
                    "conversation_id": own,
                    "source_id": self._source(own if key == "opening_blanked" else None),
                },
            ),
            "contact_name": ("PUT", f"/contacts/{own}", {"name": "Another"}),
            "contact_phone": ("PUT", f"/contacts/{own}", {"phone": "+15557654321"}),
            "contact_attribute": ("PUT", f"/contacts/{own}", {"custom_attributes": {"ITCO id": "another"}}),
            "contact_tag": ("POST", f"/contacts/{own}/tags", {"id": self.tags["Late"]}),
            "contact_note": ("POST", f"/contacts/{own}/notes", {"body": "Since", "admin_id": str(self.admin)}),
            "contact_company": ("POST", f"/contacts/{own}/companies", {"id": self.ids.get(("company", "k2"))}),
            "contact_taken_out": ("DELETE", f"/contacts/{own}/companies/{self.ids.get(('company', 'k1'))}", None),
            "company_name": ("PUT", f"/companies/{own}", {"name": "Another"}),
            "company_attribute": ("PUT", f"/companies/{own}", {"custom_attributes": {"ITCO company id": "another"}}),
            "company_tag": ("POST", "/tags", {"name": "Late", "companies": [{"id": own}]}),
        }
        calls["to_and_fro"] = [("PUT", ticket, {"open": is_open, **admin}) for is_open in (True, False)]
        calls["customer_replaced"] = [
            calls["participant_added"],
            (
                "DELETE",
                f"{conversation}/customers/{self.ids.get(('contact', 'c1'))}",
                {"admin_id": str(self.admin)},
            ),
        ]
        calls["contact_moved"] = [calls["contact_company"], calls["contact_taken_out"]]
        return calls[key] if isinstance(calls[key], list) else [calls[key]]
