"""The inbox over real HTTP: who gets in, the lists, a thread, what is safe to show, the search, the command."""

import base64
import json
import re
import signal
import sqlite3
import subprocess
import sys
from contextlib import contextmanager
from html import unescape

import httpx
import pytest

from embedded_intercom.inbox.access import invitation, secret_root
from embedded_intercom.inbox.pagination import PER_PAGE
from embedded_intercom.process import PROJECT, EmbeddedProcess, Quotas

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


class Visitor(httpx.Client):
    """Somebody with a browser, who may have entered; `root` is the path below which the inbox's pages are."""

    def __init__(self, process):
        super().__init__(base_url=process.url, trust_env=False, timeout=20)
        self.root = secret_root(process.token)


@contextmanager
def browser(process, *, enter=True):
    with Visitor(process) as http:
        if enter:
            answer = http.get(invitation(process.url, process.token))
            assert (answer.status_code, answer.headers["location"]) == (303, http.root)
        yield http


@pytest.fixture(scope="module")
def inbox(api):
    with browser(api.process) as http:
        yield http


def page(inbox, path, status=200):
    """Return a page by its path below the root, or by a link of another page."""
    answer = inbox.get(path if path.startswith(inbox.root) else inbox.root + path)
    assert answer.status_code == status, answer.text
    return answer.text


def listed(text):
    """The ids of the conversations in a list, in order."""
    return re.findall(r'class="title" href="/inbox/\w{32}/conversations/(\d+)"', text)


def link(text, rel):
    found = re.search(rf'<a href="([^"]+)" rel="{rel}"', text)
    return unescape(found[1]) if found else None


def visible(text):
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", text)))


def file(name, kind, data=b"data"):
    return {"name": name, "content_type": kind, "data": base64.b64encode(data).decode()}


@pytest.fixture(scope="module")
def kind(api):
    made = api.ticket_type()
    for name in ("Helpdesk number", "Helpdesk id", "Helpdesk channel", "Helpdesk URL"):
        api.attribute(made, name)
    api.attribute(made, "Escalated", "boolean")
    api.attribute(made, "Due", "datetime")
    api.attribute(made, "Region", "list", list_items="North,South")
    return api.ok("GET", f"/ticket_types/{made['id']}")


@pytest.fixture(scope="module")
def people(api):
    api.ok("POST", "/data_attributes", {"name": "Language", "model": "contact", "data_type": "string"})
    contact = api.contact(
        name="Zoë Ångström", email="zoe@example.com", external_id="EXT-7", custom_attributes={"Language": "Svenska"}
    )
    company = api.ok("POST", "/companies", {"company_id": "K-1", "name": "Ångström & Söner", "plan": "Team"})
    api.ok("POST", f"/contacts/{contact['id']}/companies", {"id": company["id"]})
    return {"contact": contact, "company": company}


@pytest.fixture(scope="module")
def story(api, kind, people):
    """A ticket with an opening message, a note, an HTML reply with files, and a reply by the contact."""
    admins, teams = api.ok("GET", "/admins")["admins"], api.ok("GET", "/teams")["teams"]
    region = next(a for a in kind["ticket_type_attributes"]["data"] if a["name"] == "Region")
    made = api.ticket(
        kind,
        people["contact"],
        created_at=1_600_000_000,
        company_id=people["company"]["id"],
        assignment={"admin_assignee_id": admins[0]["id"], "team_assignee_id": teams[0]["id"]},
        ticket_attributes={
            "_default_title_": "Übersicht <b>fehlt</b>",
            "_default_description_": "1 < 2 & </p><script>x</script>",
            "Helpdesk number": "NC-4711",
            "Helpdesk id": "4711",
            "Helpdesk channel": "email",
            "Helpdesk URL": "https://helpdesk.example/4711",
            "Escalated": True,
            "Due": 1_600_086_400,
            "Region": region["input_options"]["list_options"][1]["id"],
        },
    )
    reply = f"/tickets/{made['id']}/reply"
    note = {"type": "admin", "message_type": "note", "admin_id": admins[1]["id"], "body": "<p>Ask <i>Bob</i> first</p>"}
    answer = {
        "type": "admin",
        "message_type": "comment",
        "admin_id": admins[0]["id"],
        "body": "<p>See the <b>list</b>:</p><ul><li>one</li></ul><p onclick='steal()'>bye<script>steal()</script></p>",
        "attachment_files": [
            file("Bild é.png", "image/png", PNG),
            file("drawing.svg", "image/svg+xml", b"<svg onload='steal()'/>"),
            file("page.html", "text/html", b"<script>steal()</script>"),
        ],
    }
    thanks = {"type": "user", "message_type": "comment", "intercom_user_id": people["contact"]["id"], "body": "Tack 🎉"}
    for number, body in enumerate((note, answer, thanks), 1):
        api.ok("POST", reply, {**body, "created_at": 1_600_000_000 + number * 61, "skip_notifications": True})
    tag = api.ok("POST", "/tags", {"name": "späť"})
    api.ok("POST", f"/tickets/{made['id']}/tags", {"id": tag["id"], "admin_id": admins[0]["id"]})
    states = {state["category"]: state["id"] for state in api.ok("GET", "/ticket_states")["data"]}
    change = {"ticket_state_id": states["resolved"], "open": False, "skip_notifications": True}
    api.ok("PUT", f"/tickets/{made['id']}", change)
    return {"id": made["id"], "tag": tag["id"], "admin": admins[0], "team": teams[0], "state": states["resolved"]}


# Who gets in


def test_without_the_token_the_page_says_how_to_get_it(api):
    with browser(api.process, enter=False) as http:
        for path in ("/inbox", "/inbox/contacts", "/inbox/nowhere", http.root, f"{http.root}/attachments/1"):
            answer = http.get(path)
            assert answer.status_code == 401
            assert "make inbox" in answer.text
        wrong = http.get("/inbox", params={"token": "wrong"})
        assert (wrong.status_code, "set-cookie" in wrong.headers) == (401, False)
        assert "not this workspace" in wrong.text
        # The API's way of authenticating is not the page's.
        assert http.get(http.root, headers=api.headers()).status_code == 401
        assert http.get("/inbox/inbox.css").status_code == 200


def test_the_token_is_exchanged_for_a_cookie_that_is_not_the_token(api):
    with browser(api.process, enter=False) as http:
        for below in ("/inbox", http.root):
            answer = http.get(f"{below}/contacts", params={"token": api.process.token, "company": "x y"})
            assert (answer.status_code, answer.headers["location"]) == (303, f"{http.root}/contacts?company=x+y")
        cookie = answer.headers["set-cookie"]
        assert {"HttpOnly", f"Path={http.root}", "SameSite=strict"} <= set(cookie.split("; "))
        assert api.process.token not in str(answer.headers)
        assert http.get(http.root).status_code == 200
        assert http.get("/inbox").status_code == 401, "a browser sends the cookie to no path that can be guessed"
        name, _, value = cookie.split(";")[0].partition("=")
        forged = value[:-1] + ("0" if value[-1] != "0" else "1")
        assert httpx.get(api.process.url + http.root, cookies={name: forged}, trust_env=False).status_code == 401


def test_a_foreign_host_name_is_refused_even_with_the_cookie(api, inbox):
    port = api.process.url.rpartition(":")[2]
    assert inbox.get(inbox.root, headers={"Host": f"rebound.example:{port}"}).status_code == 400
    token = {"token": api.process.token}
    refused = inbox.get("/inbox", params=token, headers={"Host": "rebound.example"})
    assert (refused.status_code, "set-cookie" in refused.headers) == (400, False)
    assert inbox.get(inbox.root, headers={"Host": f"127.0.0.1:{port}"}).status_code == 200


def test_every_answer_forbids_scripts_and_foreign_resources(api, inbox, story):
    pages = ("", "/nowhere", f"/conversations/{story['id']}", "?state=x")
    paths = ("/inbox/inbox.css", *(inbox.root + path for path in pages))
    with browser(api.process, enter=False) as stranger:
        for answer in (*(inbox.get(path) for path in paths), stranger.get("/inbox")):
            policy = answer.headers["content-security-policy"].split("; ")
            assert {"default-src 'none'", "style-src 'self'", "img-src 'self' data:"} <= set(policy)
            assert answer.headers["x-content-type-options"] == "nosniff"
            assert answer.headers["referrer-policy"] == "no-referrer"
    assert inbox.get(inbox.root).headers["cache-control"] == "no-store"


def test_intercoms_paths_are_not_the_inboxs(api, inbox):
    assert api.refused(404, "not_found", "GET", "/inboxes")
    assert inbox.get("/inboxes").json()["type"] == "error.list"
    refused = inbox.post(inbox.root)
    assert (refused.status_code, refused.headers["content-type"]) == (405, "text/html; charset=utf-8")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/nowhere", 404),
        ("/conversations/1", 404),
        ("/conversations/99999999999999999999999", 404),
        ("/contacts/none", 404),
        ("/contacts?company=none", 404),
        ("/companies/none", 404),
        ("/attachments/999", 404),
        ("?state=unknown", 400),
        ("?team=x", 400),
        ("?after=yesterday", 400),
        ("?after=1_2_3", 400),
        ("?after=1_99999999999999999999", 400),
    ],
)
def test_what_is_not_there_has_a_page_that_says_so(inbox, path, status):
    assert f'<a href="{inbox.root}">To the conversations</a>' in page(inbox, path, status)


# The lists


def test_a_line_of_the_list_says_what_an_agent_asks(inbox, story):
    text = page(inbox, "")
    line = next(row for row in re.findall(r'<tr role="row">.*?</tr>', text, re.S) if story["id"] in row)
    words = visible(line)
    for expected in (
        *("Übersicht <b>fehlt</b>", "NC-4711", "1 < 2 & </p><script>x</script>", "Zoë Ångström", "Ångström & Söner"),
        *("Closed", "Resolved", "Ada", "Support", "späť", "13 Sep 2020, 12:26"),
    ):
        assert expected in words
    assert "<script>" not in text
    assert 'datetime="2020-09-13T12:26:40Z"' in line


def test_filters_find_what_they_say(api, inbox, story, people):
    other = api.conversation(people["contact"], body="Another one, unassigned")
    keys = {"state": "closed", "ticket_state": story["state"], "assignee": story["admin"]["id"]}
    keys |= {"team": story["team"]["id"], "tag": story["tag"]}
    for name, value in keys.items():
        found = listed(page(inbox, f"?{name}={value}"))
        assert story["id"] in found, name
        assert other not in found, name
    both = listed(page(inbox, "?" + "&".join(f"{name}={value}" for name, value in keys.items())))
    assert both == [story["id"]]
    for query in ("state=open", "assignee=0", "team=0", "state=open&assignee=0&team="):
        assert other in listed(page(inbox, f"?{query}"))
    chosen = page(inbox, f"?tag={story['tag']}&state=closed")
    assert f'<option value="{story["tag"]}" selected>' in chosen
    assert "No conversation fits" in page(inbox, f"?state=snoozed&tag={story['tag']}")


def test_pages_reach_every_conversation_once_in_both_directions(api, inbox):
    contact = api.contact(name="Many")
    made = {api.conversation(contact, body="Same second", created_at=1_650_000_000) for _ in range(PER_PAGE * 2 + 7)}
    pages, address = [], "/"
    while address:
        text = page(inbox, address)
        pages.append(listed(text))
        address = link(text, "next")
    walked = [key for found in pages for key in found]
    assert len(walked) == len(set(walked))
    assert made <= set(walked)
    total = re.search(r">All <span>(\d+)</span>", page(inbox, ""))
    assert len(walked) == int(total[1])
    while link(text, "prev"):
        pages.pop()
        text = page(inbox, link(text, "prev"))
        assert listed(text) == pages[-1]
    assert len(pages) == 1
    # The contact's own page has only its own.
    first = page(inbox, f"/contacts/{contact['id']}")
    assert set(listed(first)) | set(listed(page(inbox, link(first, "next")))) < made


def test_contacts_and_companies(api, inbox, people, story):
    contact, company = people["contact"], people["company"]
    for path in ("/contacts", f"/contacts?company={company['id']}"):
        words = visible(page(inbox, path))
        assert "Zoë Ångström" in words
        assert "zoe@example.com" in words
    one = page(inbox, f"/contacts/{contact['id']}")
    for expected in ("EXT-7", "Language", "Svenska", "Ångström & Söner"):
        assert expected in visible(one)
    assert story["id"] in listed(one)
    assert "Ångström & Söner" in visible(page(inbox, "/companies"))
    firm = page(inbox, f"/companies/{company['id']}")
    assert "K-1" in visible(firm)
    assert "Zoë Ångström" in visible(firm)
    assert story["id"] in listed(firm)


def test_lists_of_people_come_in_pages(api, inbox):
    made = {api.contact(name=f"Person {number}")["id"] for number in range(PER_PAGE + 3)}
    walked, address = [], "/contacts"
    while address:
        text = page(inbox, address)
        walked += re.findall(r'class="title" href="/inbox/\w{32}/contacts/(\w+)"', text)
        address = link(text, "next")
    assert len(walked) == len(set(walked)) == api.ok("GET", "/contacts")["total_count"]
    assert made <= set(walked)


# A thread


def messages(text):
    """Author, marks and text of every message, in order."""
    found = re.findall(r'<article class="message (\w+)".*?<h3>(.*?)</h3>(.*?)</article>', text, re.S)
    return [(side, visible(author).strip(), body) for side, author, body in found]


def test_a_thread_has_its_messages_in_order_with_authors_and_times(inbox, story):
    text = page(inbox, f"/conversations/{story['id']}")
    opening, note, answer, thanks = messages(text)
    assert [m[:2] for m in (opening, note, answer, thanks)] == [
        ("contact", "Zoë Ångström"),
        ("note", "Bob"),
        ("teammate", "Ada"),
        ("contact", "Zoë Ångström"),
    ]
    assert "opening message" in opening[2]
    assert "1 &lt; 2 &amp; &lt;/p&gt;&lt;script&gt;x&lt;/script&gt;" in opening[2]
    assert "<strong>Note</strong>" in note[2]
    assert "Ask <i>Bob</i> first" in note[2]
    assert "<b>list</b>" in answer[2]
    assert "<li>one</li>" in answer[2]
    assert "Tack 🎉" in thanks[2]
    for number, message in enumerate((opening, note, answer, thanks)):
        assert f"2020-09-13T12:{26 + (40 + number * 61) // 60}:{(40 + number * 61) % 60:02}Z" in message[2]
    assert "13 Sep 2020, 12:26:40 UTC" in opening[2]
    events = re.findall(r'<p class="event".*?<span>(.*?)</span>', text)
    assert events == ["Ticket created as Submitted", "Fin set the state to Resolved", "Fin closed the conversation"]


def test_beside_the_thread_stand_the_ticket_the_contact_and_the_company(inbox, story, people):
    text = page(inbox, f"/conversations/{story['id']}")
    aside = visible(re.search(r"<aside.*</aside>", text, re.S)[0])
    for expected in (
        *(
            "Helpdesk number NC-4711",
            "Helpdesk id 4711",
            "Escalated Yes",
            "Due 14 Sep 2020, 12:26:40 UTC",
            "Region South",
        ),
        *("Zoë Ångström", "zoe@example.com", "External id EXT-7", "Language Svenska", "Ångström & Söner", "Plan Team"),
    ):
        assert expected in aside
    assert '<a href="https://helpdesk.example/4711" target="_blank" rel="noopener noreferrer">' in text


def test_files_are_listed_and_handed_out_safely(inbox, story):
    text = page(inbox, f"/conversations/{story['id']}")
    files = dict(re.findall(r'class="name" href="(/inbox/\w{32}/attachments/\d+)"[^>]*>([^<]+)<', text))
    assert sorted(files.values()) == ["Bild é.png", "drawing.svg", "page.html"]
    assert "image/png, 70 bytes" in visible(text)
    pictures = re.findall(r'<img src="([^"]+)"', text)
    assert [files[address] for address in pictures] == ["Bild é.png"]
    for address, name in files.items():
        answer = inbox.get(address)
        way = answer.headers["content-disposition"].split(";")[0]
        assert "sandbox" in answer.headers["content-security-policy"]
        if name == "Bild é.png":
            assert (way, answer.headers["content-type"], answer.content) == ("inline", "image/png", PNG)
        else:
            assert (way, answer.headers["content-type"]) == ("attachment", "application/octet-stream")


def test_what_acts_or_loads_is_not_in_the_page_whatever_the_state_holds(api, inbox, story, people):
    assert "steal" not in page(inbox, f"/conversations/{story['id']}")
    bad = (
        "<p>kept</p><script>steal()</script><img src=x onerror=steal()><a href='javascript:steal()'>a</a>"
        "<style>*{background:url(//steal.example)}</style><iframe src='//steal.example'></iframe><svg onload=steal()>"
        "<form action='//steal.example'><input></form><p style='background:url(//steal.example)'>kept too</p>"
        "<img src='https://pixel.example/p.gif' alt='Logo \"1\"'>"
    )
    key = api.conversation(people["contact"], body="to be spoilt")
    with sqlite3.connect(api.process._state / "workspace.sqlite3", timeout=10) as db:
        db.execute("UPDATE threads SET body=?, title=? WHERE id=?", (bad, "</title><script>steal()</script>", int(key)))
    text = page(inbox, f"/conversations/{key}")
    [(_, _, body)] = messages(text)
    assert "kept" in body
    assert "kept too" in body
    assert re.findall(r"steal|onerror|onload|javascript:|<iframe|<style|<form|<input|style=|<img", body) == []
    assert "<script" not in text
    assert "Picture not loaded: Logo &#34;1&#34; (pixel.example)" in body


def test_attachments_that_lie_elsewhere_are_only_linked(api, inbox, people):
    sender = {"type": "user", "id": people["contact"]["id"]}
    body = {"from": sender, "body": "x", "attachment_urls": ["https://files.example/a.png"]}
    key = api.ok("POST", "/conversations", body)["conversation_id"]
    text = page(inbox, f"/conversations/{key}")
    assert "a.png image/png, lies at files.example" in visible(text)
    assert "<img" not in text


def test_what_teammates_keep_about_a_contact(api, inbox, people):
    contact = api.contact(name="Noted", email="noted@example.com")
    api.ok("POST", f"/contacts/{contact['id']}/notes", {"body": "Calls on <b>Mondays</b>", "admin_id": api.admin})
    tag = api.ok("POST", "/tags", {"name": "wichtig"})
    api.ok("POST", f"/contacts/{contact['id']}/tags", {"id": tag["id"]})
    key = api.conversation(contact)
    text = page(inbox, f"/conversations/{key}")
    for seen in (text, page(inbox, f"/contacts/{contact['id']}")):
        assert "wichtig" in visible(seen)
        assert "Calls on" in visible(seen)
        assert "Mondays" in visible(seen)


def test_a_contact_who_is_deleted_takes_their_threads_along(api, inbox):
    contact, other = api.contact(name="Gone Soon"), api.contact(name="Staying")
    key, kept = api.conversation(contact, body="Not here any more"), api.conversation(other, body="Still here")
    api.ok("DELETE", f"/contacts/{contact['id']}")
    page(inbox, f"/conversations/{key}", 404)
    everything = page(inbox, "")
    assert kept in listed(everything)
    assert key not in listed(everything)
    assert contact["id"] not in everything
    page(inbox, f"/contacts/{contact['id']}", 404)


def test_a_long_thread_says_how_much_it_shows(api, inbox, kind, people):
    key = api.ticket(kind, people["contact"], created_at=1_500_000_000)["id"]
    body = {"type": "admin", "message_type": "note", "admin_id": api.admin, "skip_notifications": True}
    for number in range(502):
        note = {**body, "body": f"Note number {number}.", "created_at": 1_500_000_001 + number // 3}
        api.ok("POST", f"/tickets/{key}/reply", note)
    text = page(inbox, f"/conversations/{key}")
    assert "Showing the newest 500 of 503 parts." in visible(text)
    newest = re.findall(r"Note number (\d+)\.", text)
    assert newest == [str(number) for number in range(2, 502)]
    earlier = page(inbox, unescape(re.search(r'<a href="([^"]+)">Earlier parts', text)[1]))
    assert "Showing 3 earlier parts of 503." in visible(earlier)
    assert re.findall(r"Note number (\d+)\.", earlier) == ["0", "1"]


# The search


@pytest.mark.parametrize("typed", ["NC-4711", "nc-4711", "%234711", " 4711 "])
def test_a_number_that_people_know_leads_straight_to_the_thread(inbox, story, typed):
    answer = inbox.get(f"{inbox.root}/search?q={typed}")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{inbox.root}/conversations/{story['id']}")


@pytest.mark.parametrize("typed", ["zoe@example.com", "ZOE@Example.com", "zoe@", "@example.com", "zoe@exa"])
def test_an_e_mail_address_leads_to_the_contact_and_its_conversations(inbox, story, people, typed):
    text = page(inbox, f"/search?q={typed}")
    assert f'<a href="{inbox.root}/contacts/{people["contact"]["id"]}">Zoë Ångström</a>' in text
    assert story["id"] in listed(text)


@pytest.mark.parametrize("typed", ["übersicht", "ÜBERSICHT fehlt", "fehlt über"])
def test_words_of_the_title(inbox, story, typed):
    assert listed(page(inbox, f"/search?q={typed}")) == [story["id"]]


def test_names_and_outer_ids(inbox, story, people):
    contact, company = people["contact"]["id"], people["company"]["id"]
    assert f"{inbox.root}/contacts/{contact}" in page(inbox, "/search?q=ångström zoË")
    assert f"{inbox.root}/contacts/{contact}" in page(inbox, "/search?q=EXT-7")
    assert f"{inbox.root}/companies/{company}" in page(inbox, "/search?q=K-1")
    # A channel is a Helpdesk attribute too, but nothing that names a ticket.
    assert "Nothing." in page(inbox, "/search?q=email")
    assert "Nothing." in page(inbox, "/search?q=*")
    assert "Found for “<script>”" in unescape(page(inbox, "/search?q=<script>"))
    assert inbox.get(f"{inbox.root}/search?q=+").headers["location"] == inbox.root


# Beside the API


def test_the_header_counts_notifications_and_the_page_says_which(api, inbox, people):
    api.wipe()
    silent = page(inbox, "")
    assert 'class="told silent"' in silent
    assert "0 notifications" in visible(silent)
    assert "holds no conversations" in silent
    assert "Nobody would have been told." in page(inbox, "/notifications")
    key = api.conversation(api.contact())
    reply = {"type": "admin", "message_type": "comment", "admin_id": api.admin, "body": "x"}
    for _ in range(2):
        api.ok("POST", f"/conversations/{key}/reply", reply)
    counted = api.notifications()
    assert counted["total"] > 2
    text = page(inbox, "/notifications")
    assert 'class="told loud"' in text
    assert f"{counted['total']} notifications" in visible(text)
    lines = [visible(row).strip() for row in re.findall(r"<tr role.*?</tr>", text, re.S)[1:]]
    rows = {re.sub(r" conversation \d+$", "", line) for line in lines}
    named = "{audience} {cause} {basis} {client} {count}"
    capital = ("audience", "basis")
    told = [{**row, **{name: row[name].capitalize() for name in capital}} for row in counted["by"]]
    assert rows == {named.format(**row) for row in told}
    assert f"{inbox.root}/conversations/{key}" in text


def test_no_quota_is_taken_and_no_fault_strikes(tmp_path, seed_file):
    options = ("--faults", json.dumps({"rules": [{"kind": "before", "calls": "all", "share": 1.0}]}))
    with EmbeddedProcess(tmp_path, Quotas(3, 100), seed_file, options=options) as process, browser(process) as http:
        for _ in range(10):
            assert http.get(http.root).status_code == 200
        answer = http.get("/me", headers={"Authorization": f"Bearer {process.token}"})
        assert answer.status_code >= 500
        assert answer.headers["x-ratelimit-remaining"] == "2"


def command(state, **options):
    line = [sys.executable, "-m", "embedded_intercom", "inbox", "--state", str(state / "embedded")]
    return subprocess.Popen(line, cwd=PROJECT, stdout=subprocess.PIPE, text=True, **options)


def test_the_command_says_when_there_is_nothing_to_read(tmp_path):
    with command(tmp_path) as process:
        said, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    assert "Nothing was written" in said
    assert str(tmp_path / "embedded") in said
    assert list(tmp_path.iterdir()) == []


def test_the_command_names_a_server_that_runs_already(tmp_path):
    with EmbeddedProcess(tmp_path / "embedded") as server:
        with command(tmp_path) as process:
            said, _ = process.communicate(timeout=60)
        assert process.returncode == 0
        assert invitation(server.url, server.token) in said
        assert httpx.get(f"{server.url}/inbox", trust_env=False).status_code == 401


def test_the_command_serves_until_it_is_interrupted(tmp_path, seed_file):
    with EmbeddedProcess(tmp_path / "embedded", seed=seed_file) as server:
        headers = {"Authorization": f"Bearer {server.token}"}
        body = {"role": "user", "external_id": "1", "name": "Only One"}
        httpx.post(f"{server.url}/contacts", json=body, headers=headers, trust_env=False).raise_for_status()
    with command(tmp_path) as process:
        address = process.stdout.readline().removeprefix("The inbox: ").strip()
        with httpx.Client(trust_env=False, follow_redirects=True) as http:
            assert http.get(address).status_code == 200
            assert "Only One" in http.get(address.replace("/inbox?", "/inbox/contacts?")).text
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 0
    assert not (tmp_path / "embedded" / "endpoint.json").exists()
