"""Rolling back as a run does, a dump of all that the embedded workspace's API shows, and a teammate's hands."""

import json

from migration_assets.undoing import undo_tables
from migration_assets.undoing.preview import preview, read_back
from migration_assets.undoing.scope import Scope
from migration_assets.undoing.undo import Rollback, undo
from migration_assets.undoing.undo_plan import build_plan
from migration_assets.writing.environment import Environment
from resources.journal import Journal, Run
from resources.warehouse import fetch_frame

STAMPS = ("updated_at", "last_replied_at", "last_request_at")
"""What Intercom sets by itself when a record is written to; nothing gives it back."""


def roll_back(site, scope=None, *, dry=False, wrap=None, settle=0.0):
    """Plan and undo as a run does; returns {(object, key): (fate, reason)}."""
    scope = scope or Scope()
    site.runs += 1
    run_id = f"back-{site.runs}"

    async def work(client):
        with Journal(site.url, "m") as journal:
            if not dry:
                journal.begin_run(Run(run_id, kind="rollback"))
            with site.warehouse.connect() as connection:
                build_plan(connection, journal, scope)
                undo_tables.start(connection)
            if wrap:
                wrap(client)
            env = Environment(site.warehouse, journal, client, settle_seconds=settle, page_size=3)
            made = Rollback(env, scope, run_id)
            if dry:
                await preview(made)
            else:
                await undo(made)
                await read_back(made)

    site.call(work)
    return last_fates(site)


def last_fates(site):
    """Return what became of each record in the last rollback."""
    with site.warehouse.connect() as connection:
        undo_tables.settle_fates(connection)
        rows = fetch_frame(connection, "SELECT * FROM rollback.fates").to_dicts()
    return {(row["object"], row["source_key"]): (row["fate"], row["reason"]) for row in rows}


def dump(site, companies=("k1", "k2")):
    """Return everything that the API shows, archived attributes and ticket types left out."""

    async def read(client):
        contacts = [item async for page in client.iter_contacts() for item in page]
        query = {"field": "created_at", "operator": ">", "value": 0}
        tickets = [item async for page in client.search_tickets(query) for item in page]
        conversations = [item async for page in client.search_conversations(query) for item in page]
        types = [item for item in await client.list_ticket_types() if not item.archived]
        return {
            "contacts": [plain(item) for item in contacts],
            "companies": [plain(item) for key in companies if (item := await client.find_company(key))],
            "conversations": [plain(await client.get_conversation(item.id)) for item in conversations],
            "tickets": [plain(item) for item in tickets],
            "tags": [plain(item) for item in await client.list_tags()],
            "attributes": [
                plain(item) for model in ("contact", "company") for item in await client.list_data_attributes(model)
            ],
            "ticket_types": [
                plain(item) | {"attributes": [plain(one) for one in item.attributes if not one.archived]}
                for item in types
            ],
        }

    return site.call(read)


def plain(item):
    content = json.loads(item.model_dump_json())
    return {name: value for name, value in content.items() if name not in STAMPS}


def request(site, method, path, body=None):
    """Do to Intercom what a teammate does in the Inbox."""

    async def call(client):
        answer = await client._http.request(method, path, json=body)
        assert answer.status_code in (200, 202), answer.text
        return answer.json()

    return site.call(call)


def id_of(site, object_name, key):
    with Journal(site.url, "m") as journal:
        for frame in journal.applied_writes():
            for row in frame.to_dicts():
                if (row["object"], row["source_key"]) == (object_name, key) and row["intercom_id"]:
                    return row["intercom_id"]
    raise AssertionError(f"{object_name} {key} is not in the journal")


def applied_writes(site):
    """Return how many writes stand, by the journal."""
    with Journal(site.url, "m") as journal:
        return sum(frame.height for frame in journal.applied_writes())
