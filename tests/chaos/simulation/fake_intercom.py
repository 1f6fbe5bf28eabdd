"""An Intercom in memory: what the ticket route and the objects before it call, and nothing else.

It knows nothing of networks: a request is carried out at once and answered. What it refuses, it refuses as Intercom
does. What was just made is not known everywhere: searches and calls that name a contact lag.
"""

import re
from collections import Counter
from dataclasses import dataclass
from itertools import count

from tests.chaos.simulation.fake_tickets import STATES, FakeTickets, not_found, refusal

ADMINS = ("migration@example.com", "fallback@example.com", "a1@agents.example", "a2@agents.example")
TEAMS = ("First line",)
TITLES = ("_default_title_", "_default_description_")


@dataclass(frozen=True)
class Moment:
    """When a request is carried out, in unix seconds, and how far behind the rest of Intercom is then, in seconds."""

    time: float
    search_lag: float = 0.0
    """Until a search shows what is made now."""
    contact_lag: float = 0.0
    """Until a contact that is made now can be named."""


class FakeIntercom(FakeTickets):
    """One workspace."""

    def __init__(self):
        self._ids = count(1001)
        self.contacts, self.companies, self.tickets, self.attributes = {}, {}, {}, {}
        self.tags, self.types = {}, {}
        self._shown_from, self._known_from = {}, {}
        self._at = Moment(0.0)
        self.writes = 0
        """Writes that were carried out."""
        self.told = Counter()
        """Whom a write would have sent a message, by audience."""

    def request(self, moment, method, path, params, body, preview):
        """Carry a request out at a moment and return (status, body)."""
        self._at = moment
        for wanted, pattern, work in _ROUTES:
            found = re.fullmatch(pattern, path) if wanted == method else None
            if found:
                status, answer = work(self, *found.groups(), params=params, body=body, preview=preview)
                reads = method == "GET" or path.endswith("/search")
                self.writes += not reads and status < 300
                return status, answer
        raise AssertionError(f"The simulated Intercom does not know {method} {path}.")

    def counts(self):
        """Return how many there are of everything, by the embedded workspace's words."""
        return {
            "contacts": len(self.contacts), "companies": len(self.companies), "tags": len(self.tags),
            "tickets": len(self.tickets), "conversations": 0, "ticket_types": len(self.types),
        }  # fmt: skip

    def notifications(self):
        """Return who would have been sent a message, in the embedded workspace's words."""
        return {"by": [{"audience": name, "count": number, "cause": "?"} for name, number in self.told.items()]}

    def _now(self):
        return int(self._at.time)

    def _new(self):
        return str(next(self._ids))

    def _known(self, contact_id):
        return contact_id in self.contacts and self._known_from[contact_id] <= self._at.time

    # -- the workspace ------------------------------------------------------------------------------------

    def admins(self, **_):
        found = [{"id": str(n), "email": email, "name": email} for n, email in enumerate(ADMINS, start=1)]
        return 200, {"admins": found}

    def teams(self, **_):
        return 200, {"teams": [{"id": str(n), "name": name} for n, name in enumerate(TEAMS, start=51)]}

    def states(self, **_):
        return 200, {"data": [self._state(str(n)) for n in range(1, len(STATES) + 1)]}

    def list_types(self, **_):
        return 200, {"data": list(self.types.values())}

    def make_type(self, body, **_):
        made = {"id": self._new(), "name": body["name"], "category": body["category"], "archived": False}
        made["ticket_type_attributes"] = {
            "data": [{"id": self._new(), "name": name, "data_type": "string"} for name in TITLES]
        }
        self.types[made["id"]] = made
        return 200, made

    def make_type_attribute(self, type_id, body, **_):
        there = self.types[type_id]["ticket_type_attributes"]["data"]
        if any(item["name"] == body["name"] for item in there):
            return refusal(422, "parameter_invalid", "Name has already been taken")
        labels = body.get("list_items") or ""
        options = [{"id": self._new(), "label": label.strip()} for label in labels.split(",") if label.strip()]
        made = {"id": self._new(), "name": body["name"], "data_type": body["data_type"]}
        there.append(made | {"input_options": {"list_options": options}})
        return 200, there[-1]

    def list_attributes(self, params, **_):
        return 200, {"data": [item for item in self.attributes.values() if item["model"] == params["model"]]}

    def make_attribute(self, body, **_):
        key = (body["model"], body["name"])
        if key in self.attributes:
            return refusal(422, "parameter_invalid", "You already have that attribute")
        self.attributes[key] = {"id": self._new(), "custom": True, "archived": False, **body}
        return 200, self.attributes[key]

    def list_tags(self, **_):
        return 200, {"data": list(self.tags.values())}

    def make_tag(self, body, **_):
        return 200, self.tags.setdefault(body["name"].lower(), {"id": self._new(), "name": body["name"]})

    # -- people -------------------------------------------------------------------------------------------

    def make_contact(self, body, **_):
        for there in self.contacts.values():
            if any(body.get(name) and body[name] == there.get(name) for name in ("external_id", "email")):
                message = f"A contact matching those details already exists with id={there['id']}"
                return refusal(409, "conflict", message)
        made = {"id": self._new(), "companies": {"data": []}, "created_at": self._now(), **body}
        self.contacts[made["id"]] = made
        self._known_from[made["id"]] = self._at.time + self._at.contact_lag
        return 200, made

    def list_contacts(self, **_):
        return 200, {"data": list(self.contacts.values()), "pages": {}}

    def contact(self, contact_id, **_):
        found = self.contacts.get(contact_id)
        return (200, found) if found else not_found("User")

    def change_contact(self, contact_id, body, **_):
        self.contacts[contact_id].update(body)
        return 200, self.contacts[contact_id]

    def contact_by_our_id(self, external_id, **_):
        found = [item for item in self.contacts.values() if item["external_id"] == external_id]
        return (200, found[0]) if found else not_found("User")

    def attach(self, contact_id, body, **_):
        if not self._known(contact_id):
            return not_found("User")
        company = next((item for item in self.companies.values() if item["id"] == body["id"]), None)
        if company is None:
            return not_found("Company")
        attached = self.contacts[contact_id]["companies"]["data"]
        if company["id"] not in [item["id"] for item in attached]:
            attached.append({"id": company["id"]})
        return 200, company

    def make_company(self, body, **_):
        made = self.companies.setdefault(body["company_id"], {"id": self._new(), "created_at": self._now()})
        made.update(body)
        return 200, made

    def company_by_our_id(self, params, **_):
        found = self.companies.get(params["company_id"])
        return (200, found) if found else not_found("Company")

    def all_companies(self, params, **_):
        shown = [] if params.get("scroll_param") else self._companies_with_people()
        return 200, {"data": shown, "scroll_param": "end"}

    def _companies_with_people(self):
        people = {item["id"] for contact in self.contacts.values() for item in contact["companies"]["data"]}
        return [item for item in self.companies.values() if item["id"] in people]


_ROUTES = [
    (method, pattern.replace("ID", "([^/]+)"), work)
    for method, pattern, work in (
        ("GET", "/admins", FakeIntercom.admins),
        ("GET", "/teams", FakeIntercom.teams),
        ("GET", "/ticket_states", FakeIntercom.states),
        ("GET", "/ticket_types", FakeIntercom.list_types),
        ("POST", "/ticket_types", FakeIntercom.make_type),
        ("POST", "/ticket_types/ID/attributes", FakeIntercom.make_type_attribute),
        ("GET", "/data_attributes", FakeIntercom.list_attributes),
        ("POST", "/data_attributes", FakeIntercom.make_attribute),
        ("GET", "/tags", FakeIntercom.list_tags),
        ("POST", "/tags", FakeIntercom.make_tag),
        ("GET", "/contacts", FakeIntercom.list_contacts),
        ("POST", "/contacts", FakeIntercom.make_contact),
        ("GET", "/contacts/find_by_external_id/ID", FakeIntercom.contact_by_our_id),
        ("GET", "/contacts/ID", FakeIntercom.contact),
        ("PUT", "/contacts/ID", FakeIntercom.change_contact),
        ("POST", "/contacts/ID/companies", FakeIntercom.attach),
        ("POST", "/companies", FakeIntercom.make_company),
        ("GET", "/companies", FakeIntercom.company_by_our_id),
        ("GET", "/companies/scroll", FakeIntercom.all_companies),
        ("POST", "/tickets", FakeIntercom.make_ticket),
        ("POST", "/tickets/search", FakeIntercom.search_tickets),
        ("GET", "/tickets/ID", FakeIntercom.ticket),
        ("PUT", "/tickets/ID", FakeIntercom.change_ticket),
        ("POST", "/tickets/ID/reply", FakeIntercom.reply),
        ("POST", "/tickets/ID/tags", FakeIntercom.tag_ticket),
        ("GET", "/conversations/ID", FakeIntercom.conversation),
        ("PUT", "/conversations/ID", FakeIntercom.change_conversation),
    )
]
