"""What a restart keeps: records, work that is not done yet, the clock; and a state folder of an earlier version."""

import sqlite3

from embedded_intercom.state.store import ADDED, Store

DELAY = ("--company-delete-delay", "1000", "--job-delay", "1000")


def restarted(started, api):
    api.process.stop()
    return started(*DELAY)


def test_work_that_is_due_later_outlives_the_server(started):
    api = started(*DELAY)
    company = api.ok("POST", "/companies", {"company_id": "going"})
    api.ok("DELETE", f"/companies/{company['id']}")
    body = {"ticket_type_id": api.ticket_type()["id"], "contacts": [{"id": api.contact()["id"]}]}
    job = api.ok("POST", "/tickets/enqueue", body)
    api = restarted(started, api)
    assert api.ok("GET", f"/companies/{company['id']}")["company_id"] == "going"
    path = f"/jobs/status/{job['id']}"
    assert api.ok("GET", path)["status"] == "pending"
    api.advance(1001)
    api.refused(404, "company_not_found", "GET", f"/companies/{company['id']}")
    done = api.ok("GET", path)
    assert done["status"] == "success"
    assert api.ok("GET", f"/tickets/{done['resource_id']}")["ticket_type"]["id"] == body["ticket_type_id"]


def test_the_clock_goes_on_where_it_was(started):
    api = started(*DELAY)
    api.advance(1_000_000)
    before = api.ok("GET", "/__embedded/state")["now"]
    api = restarted(started, api)
    assert api.ok("GET", "/__embedded/state")["now"] >= before


def test_everything_that_was_written_is_there_again(started):
    api = started(*DELAY)
    contact = api.contact()
    other = api.ok("POST", "/contacts", {"role": "lead", "email": "lead@example.com"})
    tag = api.ok("POST", "/tags", {"name": "Kept", "users": [{"id": contact["id"]}]})
    note = api.ok("POST", f"/contacts/{contact['id']}/notes", {"body": "Kept"})
    thread = f"/conversations/{api.conversation(contact)}"
    paths = (
        f"/contacts/{contact['id']}",
        f"/contacts/{other['id']}",
        thread,
        f"/notes/{note['id']}",
        f"/tags/{tag['id']}",
        "/teams",
    )
    before = [api.ok("GET", path) for path in paths]
    counted = api.notifications()
    api = restarted(started, api)
    assert [api.ok("GET", path) for path in paths] == before
    assert api.notifications() == counted
    assert counted["total"] > 0
    assert [one["id"] for one in before[2]["contacts"]["contacts"]] == [contact["id"]]


def test_work_that_an_earlier_version_began_and_this_one_does_not_know_is_let_go(started, tmp_path):
    (tmp_path / "state").mkdir()
    store = Store(tmp_path / "state" / "workspace.sqlite3")
    store.run("INSERT INTO later (due, kind, noted) VALUES (0, 'bulk task', '{}')")
    store.close()
    api = started()
    assert api.ok("GET", "/me")["type"] == "admin"
    assert api.ok("GET", "/__embedded/state")["counts"]["later"] == 0


def test_a_state_of_an_earlier_version_gets_its_new_columns(tmp_path):
    path = tmp_path / "workspace.sqlite3"
    Store(path).close()
    database = sqlite3.connect(path)
    for table, column, _ in ADDED:
        database.execute(f"ALTER TABLE {table} DROP COLUMN {column}")
    database.execute("INSERT INTO teams (id, name, admin_ids) VALUES (1, 'Support', '[]')")
    database.commit()
    database.close()
    store = Store(path)
    assert dict(store.all("SELECT * FROM teams")[0]) == {"id": 1, "name": "Support", "admin_ids": "[]", "doc": "{}"}
    assert store.one("SELECT language_override FROM contacts") is None
    store.close()
    Store(path).close()
