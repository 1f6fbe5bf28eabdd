"""Everything that Intercom leaves undocumented can be had either way, and a client sees the difference."""

import time

import pytest

from embedded_intercom.__main__ import main
from embedded_intercom.protocol.behaviours import BehaviourError, choose, parse
from embedded_intercom.protocol.unknowns import UNKNOWNS

LONG_AGO = 1_400_000_001


@pytest.fixture
def behaving(api):
    """The server with some behaviours, until the test ends."""

    def behave(**ways):
        api.ok("POST", "/__embedded/behaviours", ways)
        return api

    yield behave
    api.ok("POST", "/__embedded/behaviours", {})


def made(api, **fields):
    """A ticket of a fresh contact, and its type."""
    kind = api.ticket_type()
    return kind, api.ticket(kind, api.contact(), **fields)


def parts(ticket, kind=None):
    shown = ticket["ticket_parts"]["ticket_parts"]
    return [part for part in shown if kind in (None, part["part_type"])]


def put(api, ticket, **fields):
    return api.ok("PUT", f"/tickets/{ticket['id']}", {"skip_notifications": True, **fields})


def say(api, ticket, who="admin", kind="comment", **fields):
    author = {"type": "admin", "admin_id": api.admin} if who == "admin" else {"type": "user", "intercom_user_id": who}
    body = {**author, "message_type": kind, "body": "<p>Said.</p>", "skip_notifications": True, **fields}
    return api.ok("POST", f"/tickets/{ticket['id']}/reply", body)


def read(api, ticket):
    return api.ok("GET", f"/tickets/{ticket['id']}")


def status(api, method, path, body=None):
    return api.ask(method, path, body).status_code


def same_email(api):
    api.contact(email=f"one{next(api.numbers)}@example.com")
    shared = api.contact(email=f"two{next(api.numbers)}@example.com")["email"]
    return status(api, "POST", "/contacts", {"role": "user", "external_id": f"x{next(api.numbers)}", "email": shared})


def lead_external_id(api):
    return status(api, "POST", "/contacts", {"role": "lead", "external_id": "mine"})


def default_role(api):
    return api.ok("POST", "/contacts", {"email": f"role{next(api.numbers)}@example.com"})["role"]


def missing_email(api):
    return api.contact().get("email", "absent")


def phone(api):
    return api.contact(phone="+49 (30) 12-34")["phone"]


def archived_contact(api):
    key = api.contact()
    api.ok("POST", f"/contacts/{key['id']}/archive")
    return status(api, "POST", "/contacts", {"role": "user", "external_id": key["external_id"]})


def blank_space(api):
    title = made(api, ticket_attributes={"_default_title_": "A  b "})[1]["ticket_attributes"]["_default_title_"]
    return api.contact(name=" Ada  L ")["name"], title


def find_company(api):
    key = f"co{next(api.numbers)}"
    api.ok("POST", "/companies", {"company_id": key})
    return api.ok("GET", f"/companies?company_id={key}")["type"]


def archived_company(api):
    body = {"company_id": f"co{next(api.numbers)}"}
    first = api.ok("POST", "/companies", body)
    api.ok("DELETE", f"/companies/{first['id']}")
    again = api.ask("POST", "/companies", body)
    return again.status_code if again.status_code != 200 else again.json()["id"] == first["id"]


def tag_case(api):
    name = f"Tag {next(api.numbers)}"
    return api.ok("POST", "/tags", {"name": name})["id"] == api.ok("POST", "/tags", {"name": name.upper()})["id"]


def creation_state_event(api):
    return [part["author"]["type"] for part in parts(made(api)[1], "ticket_state_updated_by_admin")]


def creation_assignment_event(api):
    ticket = made(api, assignment={"admin_assignee_id": api.admin})[1]
    return [part["author"]["type"] for part in parts(ticket, "assignment")]


def creation_event_time(api):
    return {part["created_at"] == LONG_AGO for part in parts(made(api, created_at=LONG_AGO)[1])}


def found_at_once(api):
    kind, contact = api.ticket_type(), api.contact()
    time.sleep(0.4)
    ticket = api.ticket(kind, contact)
    first = status(api, "GET", f"/tickets/{ticket['id']}")
    time.sleep(0.4)
    return first, status(api, "GET", f"/tickets/{ticket['id']}")


def open_wakes_snoozed(api):
    ticket = made(api)[1]
    put(api, ticket, snoozed_until=int(time.time()) + 1_000_000)
    return bool(put(api, ticket, open=True).get("snoozed_until"))


def open_part_wakes(api):
    ticket = made(api)[1]
    put(api, ticket, snoozed_until=int(time.time()) + 1_000_000)
    body = {"type": "admin", "admin_id": api.admin, "message_type": "open"}
    api.ok("POST", f"/conversations/{ticket['id']}/parts", body)
    return bool(read(api, ticket).get("snoozed_until"))


def snooze_end_event(api):
    ticket = made(api)[1]
    put(api, ticket, snoozed_until=int(time.time()) + 2)
    time.sleep(2.1)
    woken = read(api, ticket)
    return woken["open"], woken.get("snoozed_until"), [part["author"]["type"] for part in parts(woken, "open")]


def same_value_event(api):
    ticket = made(api, ticket_attributes={"_default_title_": "Same"})[1]
    again = put(api, ticket, ticket_attributes={"_default_title_": "Same"}, assignee_id="0")
    return len(parts(again)) - len(parts(ticket))


def state_moves_open(api):
    resolved = next(one["id"] for one in api.ok("GET", "/ticket_states")["data"] if one["category"] == "resolved")
    return put(api, made(api)[1], ticket_state_id=resolved)["open"]


def replier_participates(api):
    ticket = made(api)[1]
    say(api, ticket, api.contact()["id"])
    shown = read(api, ticket)["contacts"]["contacts"]
    return len(shown), shown[0]["id"] == ticket["contacts"]["contacts"][0]["id"]


def reply_wakes(api):
    snoozed, closed = made(api)[1], made(api)[1]
    put(api, snoozed, snoozed_until=int(time.time()) + 1_000_000)
    put(api, closed, open=False)
    say(api, snoozed, kind="note")
    say(api, closed)
    return "snoozed_until" not in read(api, snoozed), read(api, closed)["open"]


def reply_to_closed(api):
    contact = api.contact()
    path = f"/conversations/{api.conversation(contact)}"
    api.ok("POST", f"{path}/parts", {"message_type": "close", "type": "admin", "admin_id": api.admin})
    reply = {"type": "user", "message_type": "comment", "intercom_user_id": contact["id"], "body": "Again"}
    return api.ok("POST", f"{path}/reply", reply)["conversation_parts"]["conversation_parts"][-1]["part_type"]


def contact_reply_reopens(api):
    ticket = made(api)[1]
    put(api, ticket, open=False)
    say(api, ticket, ticket["contacts"]["contacts"][0]["id"])
    return read(api, ticket)["open"]


def assigning_opens(api):
    ticket = made(api)[1]
    put(api, ticket, open=False)
    return put(api, ticket, assignee_id=api.admin)["open"]


def change_author(api):
    second = api.ok("GET", "/admins")["admins"][1]["id"]
    author = parts(put(api, made(api)[1], open=False, admin_id=int(second)), "close")[0]["author"]
    return author["type"] if author["type"] == "bot" else author["id"] == second


def updated_at(api):
    ticket = made(api)[1]
    api.advance(100)
    return read(api, ticket)["updated_at"] > ticket["updated_at"]


def created_at(api):
    ticket = made(api, created_at=LONG_AGO)[1]
    kept = {ticket["created_at"], say(api, ticket, created_at=LONG_AGO)["created_at"]}
    return kept if max(kept) <= LONG_AGO else "later"


def part_order(api):
    ticket = made(api, created_at=LONG_AGO)[1]
    late, early = (say(api, ticket, created_at=LONG_AGO + after)["id"] for after in (90, 30))
    return [part["id"] for part in parts(read(api, ticket), "comment")] == [early, late]


def html(api):
    body = '<p>Ä <a href="https://example.com" title="t">b</a></p>'
    return say(api, made(api)[1], body=body)["body"]


def opening_text(api):
    ticket = made(api, ticket_attributes={"_default_title_": "Title", "_default_description_": "Words"})[1]
    return api.ok("GET", f"/conversations/{ticket['id']}")["source"]["body"]


def inbox_title(api):
    ticket = made(api, ticket_attributes={"_default_title_": "A  title of R&D"})[1]
    return api.ok("GET", f"/conversations/{ticket['id']}")["title"]


def value_of(api, kind_of_value, given):
    kind = api.ticket_type()
    api.attribute(kind, "Value", kind_of_value)
    return api.ticket(kind, api.contact(), ticket_attributes=given)["ticket_attributes"]


def ticket_list_values(api):
    kind = api.ticket_type()
    option = api.attribute(kind, "Level", "list", list_items="A,B")["input_options"]["list_options"][1]
    ticket = api.ticket(kind, api.contact(), ticket_attributes={"Level": option["id"]})
    return ticket["ticket_attributes"]["Level"] == option["label"]


def ticket_dates_shown(api):
    return value_of(api, "datetime", {"Value": LONG_AGO})["Value"]


def empty_value(api):
    return value_of(api, "string", {})


def filesize(api):
    files = [{"name": "a.txt", "content_type": "text/plain", "data": "YWJj"}]
    return say(api, made(api)[1], attachment_files=files)["attachments"][0].get("filesize")


def redacted_text(api):
    ticket = made(api)[1]
    which = {
        "type": "conversation_part",
        "conversation_id": ticket["id"],
        "conversation_part_id": say(api, ticket)["id"],
    }
    return (
        "deleted"
        in api.ok("POST", "/conversations/redact", which)["conversation_parts"]["conversation_parts"][-1]["body"]
    )


def search_finds(api):
    kind, ticket = made(api)
    query = {"query": {"field": "ticket_type_id", "operator": "=", "value": kind["id"]}}
    first = len(api.ok("POST", "/tickets/search", query)["tickets"])
    api.advance(5)
    return first, [row["id"] for row in api.ok("POST", "/tickets/search", query)["tickets"]] == [ticket["id"]]


def page_sizes(api):
    return api.ok("GET", "/contacts")["pages"]["per_page"]


def ticket_dates(api):
    return status(api, "POST", "/tickets/search", {"query": {"field": "created_at", "operator": ">=", "value": 0}})


def request_id(api):
    return len(api.ask("GET", "/nowhere").json()["request_id"])


SEEN = {
    same_email: {"refuse": 409, "allow": 200},
    lead_external_id: {"refuse": 400, "ignore": 200},
    default_role: {"user": "user", "lead": "lead"},
    missing_email: {"absent": "absent", "null": None},
    phone: {"kept": "+49 (30) 12-34", "digits": "+49301234"},
    archived_contact: {"refuse": 409, "free": 200},
    blank_space: {"kept": (" Ada  L ", "A  b "), "trimmed": ("Ada L", "A b")},
    find_company: {"company": "company", "list": "list"},
    archived_company: {"restored": True, "refused": 409, "new": False},
    tag_case: {"ignored": True, "matters": False},
    creation_state_event: {"bot": ["bot"], "none": [], "admin": ["admin"]},
    creation_assignment_event: {"none": [], "bot": ["bot"], "admin": ["admin"]},
    creation_event_time: {"created_at": {True}, "now": {False}},
    found_at_once: {"yes": (200, 200), "no": (404, 200)},
    open_wakes_snoozed: {"yes": False, "no": True},
    open_part_wakes: {"yes": False, "no": True},
    snooze_end_event: {"bot": (True, None, ["bot"]), "none": (True, None, [])},
    same_value_event: {"part": 2, "none": 0},
    state_moves_open: {"no": True, "yes": False},
    replier_participates: {"no": (1, True), "yes": (2, True)},
    reply_wakes: {"snoozed": (True, False), "nothing": (False, False), "closed_too": (True, True)},
    reply_to_closed: {"open": "open", "comment": "comment"},
    contact_reply_reopens: {"yes": True, "no": False},
    assigning_opens: {"no": False, "yes": True},
    change_author: {"named": True, "token": False, "bot": "bot"},
    updated_at: {"on_change": False, "moves": True},
    created_at: {"kept": {LONG_AGO}, "minute": {LONG_AGO - LONG_AGO % 60}, "two_years": "later"},
    part_order: {"time": True, "arrival": False},
    html: {
        "kept": '<p>Ä <a href="https://example.com" title="t">b</a></p>',
        "bare": '<p>Ä <a href="https://example.com">b</a></p>',
        "wrapped": '<p class="no-margin">Ä <a rel="nofollow noopener noreferrer" target="_blank" '
        'href="https://example.com" title="t">b</a></p>',
        "entities": '<p>&#196; <a href="https://example.com" title="t">b</a></p>',
    },
    opening_text: {"description": "<p>Words</p>", "empty": ""},
    inbox_title: {
        "whole": "A  title of R&D",
        "trimmed": "A title of R&D",
        "shortened": "A  title of…",
        "escaped": "A  title of R&amp;D",
    },
    ticket_list_values: {"id": False, "label": True},
    ticket_dates_shown: {"unix": LONG_AGO, "iso": "2014-05-13T16:53:21Z"},
    empty_value: {
        "null": {"_default_title_": None, "_default_description_": None},
        "absent": {},
        "empty": {"_default_title_": "", "_default_description_": "", "Value": ""},
    },
    filesize: {"bytes": 3, "zero": 0, "absent": None},
    redacted_text: {"words": True, "empty": False},
    search_finds: {"at_once": (1, True), "later": (0, True)},
    page_sizes: {"small": 10, "large": 50},
    ticket_dates: {"all": 200, "strict": 400},
    request_id: {"uuid": 36, "token": 20},
}
CASES = [(look, way, seen) for look, ways in SEEN.items() for way, seen in ways.items()]


@pytest.mark.parametrize(("look", "way", "seen"), CASES, ids=[f"{look.__name__}-{way}" for look, way, _ in CASES])
def test_a_client_sees_each_behaviour(behaving, look, way, seen):
    assert look(behaving(**{look.__name__: way})) == seen


def test_every_behaviour_has_such_a_test():
    assert {look.__name__: tuple(ways) for look, ways in SEEN.items()} == {
        name: unknown.ways for name, unknown in UNKNOWNS.items()
    }


def test_the_command_takes_and_lists_them(started, capsys):
    api = started("--behaviour", "open_wakes_snoozed=no, html=wrapped")
    taken = api.ok("GET", "/__embedded/behaviours")
    assert (taken["open_wakes_snoozed"], taken["html"], taken["tag_case"]) == ("no", "wrapped", "ignored")
    assert main(["--behaviours", "--behaviour", "html=bare"]) == 0
    listed = capsys.readouterr().out
    assert "html = kept, [bare], wrapped, entities" in listed
    assert all(f"{name} = " in listed and unknown.says in listed for name, unknown in UNKNOWNS.items())


def test_a_behaviour_that_there_is_not_is_refused(api, capsys):
    with pytest.raises(BehaviourError, match="kept, bare, wrapped, entities"):
        choose({"html": "shiny"})
    with pytest.raises(BehaviourError, match="name=way"):
        parse("html")
    assert main(["--behaviour", "colour=red"]) == 2
    assert "There is no behaviour 'colour'" in capsys.readouterr().err
    assert "colour" in api.refused(400, "parameter_invalid", "POST", "/__embedded/behaviours", {"colour": "red"})
