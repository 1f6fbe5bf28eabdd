"""One migration from its first load to its way back, as the matrix of behaviours makes it again and again."""

import random
from contextlib import suppress

import pytest

from tests.intercom.test_files import put
from tests.support import target_tables as tt
from tests.support.rolling_back import roll_back
from tests.support.site import server, site, small
from tests.verified.fields.conftest import Verifier


class Killed(BaseException):
    """The process dies."""


def dying(after):
    """Return a wrap that lets the process die when the n-th write of a load has been answered."""

    def wrap(client):
        real, seen = client._http.send, []

        async def send(request, **options):
            answer = await real(request, **options)
            if request.method != "GET" and not request.url.path.endswith("/search"):
                seen.append(request.url.path)
                if len(seen) == after:
                    raise Killed
            return answer

        client._http.send = send

    return wrap


class Journey:
    """A migration, looked at after each of its steps."""

    def __init__(self, site, seed):
        self.site = site
        self.verify = Verifier(site)
        self.wrong = []
        self.settle = 0.0
        self.chance = random.Random(seed)  # noqa: S311 - it is to be repeatable

    def behave(self, **ways):
        # As long as a search may miss what was made, nothing may be taken for missing.
        self.settle = 3.0 if ways.get("search_finds") == "later" else 0.0
        self.site.control("behaviours", "POST", ways)

    def go(self, *, killed, faults=()):
        """Migrate, migrate what has changed since, and take it back."""
        self.migrate(killed=killed, faults=faults)
        self.change()
        self.migrate(killed=killed, faults=faults)
        self.back()

    def migrate(self, *, killed=False, faults=()):
        """Load, killed and struck by faults on the way if asked; then load what is left, and look at all of it."""
        if faults:
            self.site.control("faults", "POST", {"seed": self.chance.randint(1, 9999), "rules": list(faults)})
        if killed:
            with suppress(Killed):
                self.site.migrate(wrap=dying(self.chance.randint(1, 25)), settle=self.settle)
        if faults:
            self.site.migrate(settle=self.settle)
            self.site.control("faults", "DELETE")
        for name, result in self.site.migrate(settle=self.settle).items():
            for left in ("ambiguous", "failed", "blocked", "unsent"):
                if getattr(result, left):
                    self.wrong.append(f"{getattr(result, left)} of {name} {left}")
        if calls := self.site.plan().calls:
            self.wrong.append(f"{calls} calls are left")
        answers = "SELECT object, field, otherwise, examples FROM verdict.answers WHERE otherwise > 0"
        self.wrong += [f"taken for answered otherwise: {row}" for row in self.site.rows(answers)]
        edits = "SELECT object, source_key, remark FROM plan.journal WHERE error_code = 'edits'"
        self.wrong += [f"taken for an edit: {row}" for row in self.site.rows(edits)]
        self.wrong += [f"taken for a difference: {key} {value}" for key, value in self.verify().items()]

    def change(self):
        """A later drop: states, titles, tags, assignees and messages are others."""
        tables = self.site.tables
        t1, t2, t3, t4 = tables["conversations"]
        later = [
            t1 | {"title": "Another title", "state": "open", "ticket_state": "In progress", "tags": ["VIP"]},
            t2 | {"state": "open", "snoozed_until": None, "ticket_state": "In progress"},
            t3 | {"state": "closed", "ticket_state": "Resolved", "agent_id": "a1", "needs_agents": ["a1"]},
            t4 | {"state": "snoozed", "snoozed_until": 2_100_000_000, "ticket_state": "Waiting on customer"},
        ]
        parts = [*tables["parts"], tt.part("m6", "t4", 2, "c2"), tt.part("m7", "t3", 1, "a1", "admin")]
        contacts = [row | {"name": f"{row['name']} the second"} for row in tables["contacts"]]
        self.site.target(conversations=later, parts=parts, contacts=contacts)

    def back(self):
        """Take everything back."""
        for dry in (True, False):
            left = {
                key: fate for key, fate in roll_back(self.site, dry=dry).items() if fate[1] and fate[0] != "archived"
            }
            self.wrong += [f"not taken back: {key} {fate}" for key, fate in left.items()]


def as_people_write(site):
    """Give the first ticket a text with everything that may be written otherwise, and a file."""
    text = '<p>Größe – 5 € &amp; <a href="https://example.com/?a=1&amp;b=2" title="t">mehr</a></p>'
    file = put(site, tt, "f1", "m1", b"bytes")
    first, *others = site.tables["parts"]
    parts = [first | {"body": text, "attachments": ["f1"]}, *others]
    site.target(parts=parts, attachments=[file], file_headings=[tt.heading("m1")])


@pytest.fixture
def journey(small, request):
    as_people_write(small)
    # By the test's own name, so that a failure comes again.
    made = Journey(small, request.node.name)
    yield made
    made.behave()
    small.control("faults", "DELETE")
