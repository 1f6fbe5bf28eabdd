"""Tickets of the simulated Intercom, each of which is a conversation as well."""

STATES = ("Submitted", "In progress", "Waiting on customer", "Resolved")


def refusal(status, code, message):
    """Return (status, body) of an answer that says no."""
    return status, {"type": "error.list", "request_id": "r1", "errors": [{"code": code, "message": message}]}


def not_found(what="resource"):
    """Return (status, body) for what is not there."""
    return refusal(404, "not_found", f"{what} Not Found")


class FakeTickets:
    """The part of a `FakeIntercom` that is about tickets."""

    def _state(self, number):
        label = STATES[int(number) - 1]
        return {"id": number, "internal_label": label, "category": label.lower().replace(" ", "_")}

    # -- tickets ------------------------------------------------------------------------------------------

    def make_ticket(self, body, **_):
        contact = body["contacts"][0]["id"]
        if not self._known(contact):
            return not_found("User")
        given = body.get("assignment", {})
        made = {
            "id": self._new(), "created_at": body["created_at"], "updated_at": self._now(), "open": True,
            "snoozed_until": None, "ticket_attributes": dict(body["ticket_attributes"]), "ticket_state": "1",
            "contacts": {"contacts": [{"id": contact}]}, "company_id": body.get("company_id"), "tags": {},
            "admin_assignee_id": given.get("admin_assignee_id"), "team_assignee_id": given.get("team_assignee_id"),
            "priority": "none", "parts": [], "ticket_type": {"id": body["ticket_type_id"]},
        }  # fmt: skip
        self.tickets[made["id"]] = made
        self._shown_from[made["id"]] = self._at.time + self._at.search_lag
        self._tell(body, "contact", "teammate")
        return 200, self._ticket(made)

    def _ticket(self, item):
        parts = {"ticket_parts": item["parts"], "total_count": len(item["parts"])}
        shown = {"ticket_state": self._state(item["ticket_state"]), "tags": {"tags": list(item["tags"].values())}}
        return {**item, **shown, "ticket_parts": parts}

    def _tell(self, body, *audiences):
        if not body.get("skip_notifications"):
            self.told.update(audiences)

    def ticket(self, ticket_id, **_):
        found = self.tickets.get(ticket_id)
        return (200, self._ticket(found)) if found else not_found("Ticket")

    def change_ticket(self, ticket_id, body, **_):
        item = self.tickets[ticket_id]
        item["ticket_attributes"].update(body.get("ticket_attributes", {}))
        item["company_id"] = body.get("company_id", item["company_id"])
        item["ticket_state"] = body.get("ticket_state_id", item["ticket_state"])
        item["open"] = body.get("open", item["open"])
        item["snoozed_until"] = body.get("snoozed_until")
        assignee = body.get("assignee_id")
        if assignee is not None:
            item["team_assignee_id" if int(assignee) > 50 else "admin_assignee_id"] = assignee
        self._tell(body, "contact", "teammate")
        return 200, self._ticket(item)

    def reply(self, ticket_id, body, **_):
        item = self.tickets[ticket_id]
        author = body.get("intercom_user_id") or body["admin_id"]
        part = {
            "id": self._new(),
            "part_type": body["message_type"],
            "body": body["body"],
            "author": {"type": body["type"], "id": author},
        }
        item["parts"].append(part | {"created_at": body["created_at"]})
        item["open"], item["snoozed_until"] = True, None
        self._tell(body, "contact" if body["message_type"] == "comment" else "teammate")
        return 200, item["parts"][-1]

    def tag_ticket(self, ticket_id, body, **_):
        tag = next(item for item in self.tags.values() if item["id"] == body["id"])
        self.tickets[ticket_id]["tags"][tag["id"]] = tag
        return 200, tag

    def search_tickets(self, body, **_):
        field, value = body["query"]["field"], body["query"]["value"]
        names = {item["id"]: item["name"] for kind in self.types.values()
                 for item in kind["ticket_type_attributes"]["data"]}  # fmt: skip
        name = names.get(field.removeprefix("ticket_attribute."))
        found = [
            self._ticket(item)
            for item in self.tickets.values()
            if self._shown_from[item["id"]] <= self._at.time
            and (name is None or item["ticket_attributes"].get(name) == value)
        ]
        return 200, {"tickets": found, "pages": {}}

    # -- a ticket is a conversation, too ------------------------------------------------------------------

    def conversation(self, conversation_id, **_):
        item = self.tickets[conversation_id]
        company = next((found for found in self.companies.values() if found["id"] == item["company_id"]), None)
        state = "snoozed" if item["snoozed_until"] else "open" if item["open"] else "closed"
        return 200, {
            "id": item["id"], "created_at": item["created_at"], "state": state, "priority": item["priority"],
            "company": company, "tags": {"tags": list(item["tags"].values())},
            "conversation_parts": {"conversation_parts": item["parts"], "total_count": len(item["parts"])},
        }  # fmt: skip

    def change_conversation(self, conversation_id, body, preview, **_):
        if preview:
            self.tickets[conversation_id]["priority"] = body["priority"]
        return self.conversation(conversation_id)
