"""What becomes of every declared fault in the end: of its row in the warehouse, and of its value in Intercom."""

import csv
import hashlib
import html
import re
import unicodedata

import pytest

from sample_data.faults import FAULTS
from sample_data.readme import locate
from schemas.settings import PROJECT
from schemas.source import OBJECTS
from tests.support.cli import query

EXTRACT = PROJECT / "sample_data" / "extract"
pytestmark = pytest.mark.slow

NOT_LOADED = {
    "articles": "articles are not loaded yet",
    "automations": "Intercom has no counterpart that its API can create",
    "team_members": "",
}
"""Objects that this version reports and does not load, with the reason that it states."""

ARRIVES = ("loaded", "normalised", "value dropped", "note", "split", "placeholder")
REASONS = {
    ("skipped", "tickets"): r"rule (spam|delivery failure notices)",
    ("skipped", "attachments"): r"empty$|file left out: (missing from|its name points outside|not of the size)",
    ("skipped", "custom_fields"): r"not carried by the mapping",
    ("held", "agents"): r"no admin of that e-mail in Intercom: reconciliation queue",
    ("held", "teams"): r"no team of that name in Intercom: reconciliation queue",
    ("held", "tickets"): r"blocked: waits for (an agent who|a team that) is not in Intercom",
    ("superseded", "tickets"): r"\w+",
    ("superseded", "messages"): r"\w+",
}


class World:
    """The end of the run over the sample: the warehouse as queries, and Intercom's content."""

    def __init__(self, end_to_end):
        self.state = end_to_end.state
        self.content = end_to_end.intercom
        self._kept = {}

    def rows(self, sql, *parameters):
        return query(self.state, sql, list(parameters) or None)

    def table(self, sql):
        """Return a whole table, read once."""
        if sql not in self._kept:
            self._kept[sql] = self.rows(sql)
        return self._kept[sql]

    def clean(self, name, key):
        parts = " || '|' || ".join(OBJECTS[name].key)
        (row,) = [row for row in self.table(f"SELECT *, {parts} AS _key FROM clean.{name}") if row["_key"] == key]
        return row

    def fate(self, name, row):
        found = [
            fate
            for fate in self.table("SELECT * FROM verdict.source_rows")
            if (fate["object"], fate["row"]) == (name, row)
        ]
        assert len(found) == 1
        return found[0]

    def lineage(self, name, row):
        every = self.table("SELECT * FROM target.lineage")
        (found,) = [line for line in every if (line["object"], line["row"]) == (name, row)]
        return found

    def faults(self, fault):
        """Return the quarantine's entries for a fault."""
        found = [row for row in self.table("SELECT * FROM quarantine.faults") if row["rule"] == fault.rule]
        found = [row for row in found if row["object"] == fault.object]
        here = [row for row in found if (row["file"], row["line"]) == (fault.file, locate(fault, EXTRACT))]
        return here or [row for row in found if row["key"] == fault.record_key and fault.record_key]

    def contact(self, customer_id):
        query = (
            "SELECT s.customer_id, c.external_id FROM target.contact_sources s "
            "JOIN target.contacts c ON c.source_key = s.contact_key"
        )
        (source,) = [row for row in self.table(query) if row["customer_id"] == customer_id]
        return self.content.contacts[source["external_id"]]

    def company(self, company_id):
        return self.content.companies[company_id]

    def thread(self, ticket_id):
        (thread,) = self.content.threads[ticket_id]
        return thread

    def part(self, message_id):
        """Return a message as it is in Intercom: its part, or the ticket's opening text."""
        line = self.lineage("messages", self.clean("messages", message_id)["_row"])
        if line["target_object"] == "conversations":
            return self.thread(line["target_key"]).conversation.source
        (wanted,) = [row for row in self.table("SELECT * FROM target.parts") if row["source_key"] == line["target_key"]]
        found = [
            part.model_dump()
            for part in self.thread(wanted["conversation_key"]).parts
            if part.created_at == wanted["created_at"] and words(part.body) == words(wanted["body"])
        ]
        assert len(found) == 1
        return found[0] | {"key": wanted["conversation_key"]}

    def text(self, message_id):
        return words(self.part(message_id)["body"])


def words(body):
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", body or "")).split())


@pytest.fixture(scope="module")
def world(end_to_end):
    return World(end_to_end)


def named(faults):
    return [pytest.param(fault, id=f"{fault.number}-{fault.kind.replace(' ', '-')}") for fault in faults]


def where(world, fault):
    """Return the ordinal of the fault's row in its object."""
    if fault.becomes == "quarantined":
        (entry,) = world.faults(fault)
        return entry["row"]
    if fault.becomes == "superseded":
        rows = [row for row in world.table("SELECT * FROM clean.superseded") if row["key"] == fault.record_key]
        (row,) = [row for row in rows if row["object"] == fault.object and row["file"] == fault.file]
        return row["row"]
    return world.clean(fault.object, fault.record_key)["_row"]


OF_RECORDS = [fault for fault in FAULTS if fault.record_key or fault.becomes == "quarantined"]
OF_FILES = [fault for fault in FAULTS if fault not in OF_RECORDS]


HELD = {(fault.object, fault.record_key) for fault in FAULTS if fault.becomes == "held"}


def declared(fault):
    """Return what becomes of the fault's record; one that two faults have waits if one of them says so."""
    return "held" if (fault.object, fault.record_key) in HELD else fault.becomes


@pytest.mark.parametrize("fault", named(fault for fault in OF_RECORDS if fault.becomes != "merged"))
def test_the_row_has_the_declared_fate(world, fault):
    fate, becomes = world.fate(fault.object, where(world, fault)), declared(fault)
    if becomes == "quarantined":
        assert (fate["fate"], fault.rule in fate["reason"].split(", ")) == ("quarantined", True)
    elif becomes in ARRIVES and fault.object in NOT_LOADED:
        assert fate["fate"] == "skipped"
        assert NOT_LOADED[fault.object] in fate["reason"]
    elif becomes in ARRIVES:
        assert fate["fate"] == "loaded", fate["reason"]
    else:
        assert fate["fate"] == {"held": "skipped"}.get(becomes, becomes)
        assert re.match(REASONS[becomes, fault.object], fate["reason"]), fate["reason"]


@pytest.mark.parametrize("fault", named(fault for fault in FAULTS if fault.becomes == "merged"))
def test_of_records_that_are_one_the_newest_is_loaded_and_the_others_are_merged_with_it(world, fault):
    line = world.lineage(fault.object, where(world, fault))
    group = [other for other in world.table("SELECT * FROM target.lineage") if other["object"] == fault.object]
    group = [other for other in group if other["target_key"] == line["target_key"]]
    assert len(group) == 2
    fates = sorted((world.fate(fault.object, other["row"]) for other in group), key=lambda fate: fate["fate"])
    assert [fate["fate"] for fate in fates] == ["loaded", "merged"]
    assert re.match(r"the same (person|domain) as a newer (customer|company)", fates[1]["reason"])


IN_INTERCOM = [
    fault
    for fault in OF_RECORDS
    if fault.becomes in (*ARRIVES, "merged") and fault.object in ("tickets", "messages", "customers", "companies")
]


@pytest.mark.parametrize("fault", named(IN_INTERCOM))
def test_what_is_loaded_is_in_intercom(world, fault):
    found = world.lineage(fault.object, where(world, fault))
    if fault.object == "tickets":
        assert (
            world.thread(fault.record_key).attributes["ITCO number"]
            == world.clean("tickets", fault.key)["ticket_number"]
        )
    elif fault.object == "messages":
        assert world.part(fault.record_key)["body"]
    elif fault.object == "customers":
        attributes = world.contact(fault.record_key).custom_attributes
        ids = {attributes["ITCO id"], *(attributes.get("ITCO merged ids") or "").replace(",", " ").split()}
        assert fault.record_key in ids
    else:
        assert world.company(found["target_key"]).company_id == found["target_key"]


@pytest.mark.parametrize(
    "fault", named(fault for fault in FAULTS if fault.becomes == "held" and fault.object == "tickets")
)
def test_what_is_held_is_not_in_intercom(world, fault):
    assert fault.record_key not in world.content.threads
    (action,) = world.rows(
        "SELECT action, reason FROM plan.actions WHERE object = 'conversation' AND source_key = ?", fault.record_key
    )
    assert action["action"] == "blocked"
    assert action["reason"] in ("agent_not_in_intercom", "team_not_in_intercom")


@pytest.mark.parametrize(
    "fault", named(fault for fault in FAULTS if fault.becomes == "skipped" and fault.object == "tickets")
)
def test_what_is_skipped_is_not_in_intercom(world, fault):
    assert fault.record_key not in world.content.threads


@pytest.mark.parametrize("fault", named(fault for fault in FAULTS if fault.becomes == "quarantined"))
def test_what_is_quarantined_is_handed_back(world, fault):
    (entry,) = world.faults(fault)
    assert entry["severity"] == "row"
    assert entry["expected"]
    assert entry["action"]
    with (world.state / "rejects" / f"{fault.object}.csv").open(encoding="utf-8-sig", newline="") as file:
        back = list(csv.DictReader(file))
    here = [row for row in back if (row["_file"], row["_line"]) == (entry["file"], str(entry["line"]))]
    assert len(here) == 1
    assert fault.rule in here[0]["_reason"]
    assert fault.record_key not in world.content.threads
    if fault.object == "messages" and fault.rule != "duplicate_key_conflict":  # whose first version counts
        assert not [
            part for part in world.table("SELECT * FROM target.parts") if part["source_key"] == fault.record_key
        ]


@pytest.mark.parametrize("fault", named(fault for fault in FAULTS if fault.becomes == "value dropped"))
def test_a_dropped_value_is_noted_and_the_record_goes_on_without(world, fault):
    (entry,) = world.faults(fault)
    assert entry["severity"] == "value"
    row = world.clean(fault.object, fault.record_key)
    column = entry["column"]
    assert column in fault.cells
    assert f'"{column}"' not in row["custom"] if column.startswith("cf_") else row[column] is None
    if fault.object == "customers" and column != "external_id" and column != "company_id":
        assert getattr(world.contact(fault.record_key), column) is None


def ticket(name):
    return lambda world, key: world.thread(key).attributes.get(name)


def contact(name):
    return lambda world, key: getattr(world.contact(key), name)


def of_contact(name):
    return lambda world, key: world.contact(key).custom_attributes.get(name)


def of_company(name):
    return lambda world, key: world.company(key).custom_attributes.get(name)


def state(world, key):
    return world.thread(key).ticket.ticket_state.internal_label, world.thread(key).conversation.state


def tags(world, key):
    return sorted(tag.name.lower() for tag in world.thread(key).conversation.tags)


def modules(world, key):
    start = "Affected modules - "
    return {
        name.removeprefix(start)
        for name, value in world.thread(key).attributes.items()
        if name.startswith(start) and value
    }


def opened(world, key):
    return world.thread(key).conversation.created_at


VALUES = {
    "optional id in scientific notation": (contact("external_id"), "itco-151"),
    "id as a spreadsheet formula": (contact("external_id"), "0048595"),
    "leading apostrophe": (contact("external_id"), "0048637"),
    "#N/A": (lambda world, key: world.thread(key).conversation.admin_assignee_id, None),
    "#####": (ticket("ITCO closed at"), None),
    "spreadsheet day number among written dates": (opened, 1765799362),
    "a word instead of a time": (ticket("ITCO closed at"), None),
    "closed before it was opened": (ticket("ITCO closed at"), 1764576000),
    "local time that was twice (clocks go back)": (contact("last_seen_at"), 1761437700),
    "message older than its ticket": (lambda world, key: world.text(key).startswith("Madame, Monsieur"), True),
    "e-mail in capitals and with spaces": (contact("email"), "thomas.barnes@northgate-cycles.example"),
    "e-mail with a name": (contact("email"), "grace.ashworth@redwood-robotics.example"),
    "two e-mails in one cell": (contact("email"), "hannah.rivera@kestrel-outdoor.example"),
    "noreply address": (contact("email"), "noreply@tern-logistics.example"),
    "plus-addressing": (contact("email"), "hannah.hughes+orders@bluebell-interiors.example"),
    "customer who is also an agent": (contact("role"), "user"),
    "customer without e-mail, only a phone": (contact("phone"), "+33199001234"),
    "visitor without e-mail and phone": (contact("name"), "Visitor 48213"),
    "phone without country code": (contact("phone"), "+493023125456"),
    "phone with an extension": (contact("phone"), "+442079460321"),
    "two phones in one cell": (contact("phone"), "+442079460859"),
    "address instead of a domain": (lambda world, key: world.company(key).website, "northgate-cycles.example"),
    "option in other case and with spaces": (ticket("Region"), "EMEA"),
    "option that was renamed": (ticket("Region"), "EMEA"),
    "multi-select with bars": (modules, {"API", "Export"}),
    "multi-select with commas": (modules, {"Export", "Login"}),
    "number with thousands separator": (ticket("Order value"), 1234.5),
    "number with decimal comma": (ticket("Order value"), 1234.5),
    "words around a number": (ticket("Order value"), None),
    "neither yes nor no": (ticket("Escalated"), None),
    "yes as TRUE": (ticket("Escalated"), True),
    "yes as 1": (ticket("Escalated"), True),
    "yes as x": (of_contact("VIP"), True),
    "yes as Oui": (of_contact("VIP"), True),
    "date as a spreadsheet day number": (of_company("Contract end"), 1798761600),
    "a word instead of a date": (of_company("Contract end"), None),
    "localised status (German)": (state, ("Resolved", "closed")),
    "localised status (French)": (state, ("Waiting on customer", "snoozed")),
    "status in capitals": (state, ("Resolved", "closed")),
    "priority in other words": (ticket("Priority"), "Medium"),
    "tags in two spellings and with blanks": (tags, ["billing", "refund"]),
    "composed characters (NFD) in a name": (contact("name"), "Hélène Perrin"),
    "zero-width space in a name": (contact("name"), "Zoé Chevalier"),
    "formula as a name": (contact("name"), '=HYPERLINK("https://evil.example","Click")'),
    "subject in capitals with a formula sign": (ticket("_default_title_"), "+++ API DOWN +++ =SUM(A1)"),
    "customer of a company that does not exist": (lambda world, key: world.contact(key).companies, []),
}
"""What the fault's value has become in Intercom, by the kind of the fault."""


@pytest.mark.parametrize("fault", named(fault for fault in FAULTS if fault.kind in VALUES))
def test_the_value_in_intercom_is_the_one_that_was_meant(world, fault):
    read, wanted = VALUES[fault.kind]
    assert read(world, fault.record_key) == (
        unicodedata.normalize("NFC", wanted) if isinstance(wanted, str) else wanted
    )


def test_every_kind_of_the_table_of_values_is_declared():
    assert set(VALUES) | set(TEXTS) <= {fault.kind for fault in FAULTS}


TEXTS = {
    # kind: (what the message in Intercom says, what its HTML must not hold)
    "javascript: link": ("The log is here: open the log", "javascript:"),
    "<script> in a body": ("Sí, es correcto.", "steal"),
    "<style> block": ("Ja, mit dem Format", "MsoNormal"),
    "Outlook's own tags": ("En effet, la boîte était pleine.", "<o:p>"),
    "tracking pixel": ("Adjunto el escrito firmado por gerencia.", "<img"),
    "unclosed tags": ("As etiquetas saem com acentos errados", "<b>"),
    "image inside the text (data URI)": ("Seit heute früh geht die Anmeldung nicht mehr", "base64"),
    "image by cid:": ("¡Apareció! Foto del paquete:", "cid:"),
    "plain text with < and >": ("очікувалось <orderId>, отримано <id>; a < b && c > d", "<orderId>"),
    "line ends as \\n": ("Hola, adjunto el escrito firmado. Un saludo", "\\n"),
    "entities escaped twice": ("Mudei &amp; ficou resolvido &ndash; obrigada!", "&amp;amp;amp;"),
    "text decoded wrongly before the export": ("a nombre de GestorÃ", "í"),
    "empty body, only an attachment": ("etiqueta.png", "<img"),
    "empty body, nothing at all": ("(empty message)", "<img"),
    "emoji made of several characters": ("👩🏽\u200d💻🏳️\u200d🌈 🧾", "?"),
    "direction marks": ("\u202e\u2066vsc.tropxe\u2069\u202c", "?"),
    "spreadsheet formula as a text": ("=cmd|' /C calc'!A0", "'=cmd"),
    "internal note marked by a word only": ("INTERN: Kundin ist sehr verärgert", "<script"),
    "message without a kind": ("not certain who was meant to see it", "<script"),
    "long chain of quoted replies": ("Das hat funktioniert, danke!", "<script"),
    "author of an unusual type": ("by the ITCO system (Zapier)", "<script"),
}


@pytest.mark.parametrize("fault", named(fault for fault in FAULTS if fault.kind in TEXTS))
def test_the_text_in_intercom_is_the_one_that_was_meant(world, fault):
    says, never = TEXTS[fault.kind]
    assert says in world.text(fault.record_key)
    assert never not in world.part(fault.record_key)["body"]


@pytest.mark.parametrize("fault", named(fault for fault in FAULTS if fault.becomes == "note"))
def test_what_may_be_internal_is_a_note(world, fault):
    assert world.part(fault.record_key)["part_type"] == "note"


def test_a_very_long_body_arrives_whole(world):
    (fault,) = [fault for fault in FAULTS if fault.kind == "very long body"]
    assert world.text(fault.record_key) == " ".join(fault.cells["body"].split())


def test_two_messages_in_the_same_second_keep_the_order_of_the_file(world):
    first, second = (world.part(key) for key in ("100263002", "100263003"))
    ids = [part.id for part in world.thread("100263").parts]
    assert ids.index(first["id"]) + 1 == ids.index(second["id"])


def test_the_deleted_customer_has_a_placeholder(world):
    (stand_in,) = world.thread("100271").conversation.contacts
    found = world.content.contacts[stand_in.external_id]
    assert found.custom_attributes["ITCO placeholder"] is True
    assert found.custom_attributes["ITCO id"] == "9990"


def test_the_merged_customers_tickets_are_the_merged_contacts(world):
    for gone, kept in (("601", "105"), ("602", "109")):
        assert world.contact(gone).id == world.contact(kept).id
        mine = world.rows("SELECT ticket_id FROM clean.tickets WHERE customer_id IN (?, ?)", gone, kept)
        assert mine
        for row in mine:
            for thread in world.content.threads.get(row["ticket_id"], []):
                assert [contact.id for contact in thread.conversation.contacts] == [world.contact(kept).id]


def test_the_long_thread_goes_on_in_a_continuation(world):
    first, second = world.thread("100310"), world.thread("100310#2")
    written = len(first.parts) + len(second.parts)
    (counted,) = world.rows("SELECT count(*) AS n FROM clean.messages WHERE ticket_id = '100310'")
    generated = world.rows("SELECT count(*) AS n FROM target.parts WHERE generated AND conversation_key LIKE '100310%'")
    openers = world.rows(
        "SELECT count(*) AS n FROM target.lineage WHERE object = 'messages' AND target_object = 'conversations' "
        "AND target_key LIKE '100310%'"
    )
    assert written == counted["n"] + generated[0]["n"] - openers[0]["n"]
    # Intercom gives back the newest 500 parts only: all that were written must be among them.
    assert first.conversation.parts_total <= 500
    assert first.parts[-1].created_at <= second.parts[0].created_at


def test_merged_tickets_say_where_they_went(world):
    for key, into in (("100303", "100304"), ("100305", "100306"), ("100306", "100307")):
        notes = [words(part.body) for part in world.thread(key).parts if part.part_type == "note"]
        assert any(into in note for note in notes), key


def test_nobody_is_taken_for_somebody_else(world):
    """166 has the external id 115, which is another customer's own id."""
    one, other = world.contact("166"), world.contact("115")
    assert one.id != other.id
    assert "115" in {one.external_id, other.external_id} or "115" in one.external_id + other.external_id
    assert (one.custom_attributes["ITCO id"], other.custom_attributes["ITCO id"]) == ("166", "115")


def test_two_companies_of_a_free_mail_domain_are_two(world):
    assert world.company("702").id != world.company("703").id
    assert (world.contact("603").external_id, "702") in world.content.links


def test_a_company_in_two_spellings_is_one_that_remembers_both_ids(world):
    (kept,) = {"101", "701"} & set(world.content.companies)
    attributes = world.company(kept).custom_attributes
    assert attributes["ITCO company id"] == kept
    assert ({"101", "701"} - {kept}).pop() in attributes["ITCO merged company ids"]


def test_the_author_who_is_known_by_address_only_is_that_customer(world):
    written = world.part("100326004")["author"]
    assert written["id"] == world.thread("100326").conversation.contacts[0].id


def test_the_colleague_writes_in_the_colleagues_name(world):
    assert world.part("100329003")["author"]["id"] == world.contact("136").id


@pytest.mark.parametrize(
    "fault", named(fault for fault in OF_RECORDS if fault.object == "attachments" and fault.becomes == "loaded")
)
def test_a_loaded_attachment_is_in_intercom_in_the_thread_of_its_message(world, fault):
    row = world.clean("attachments", fault.record_key)
    (target,) = world.rows("SELECT * FROM target.attachments WHERE source_key = ?", fault.record_key)
    files = [file for there in world.thread(row["ticket_id"]).files.values() for file in there]
    assert (target["name"], target["content_type"], target["size"], target["sha256"]) in files
    assert target["sha256"] == hashlib.sha256((EXTRACT / target["path"]).read_bytes()).hexdigest()
    assert unicodedata.normalize("NFC", row["file_name"]).strip() == target["name"]


@pytest.mark.parametrize(
    "fault", named(fault for fault in OF_RECORDS if fault.object == "attachments" and fault.becomes == "skipped")
)
def test_an_attachment_that_is_left_out_is_named_in_its_message_with_the_reason(world, fault):
    row = world.clean("attachments", fault.record_key)
    reason = world.fate("attachments", row["_row"])["reason"].removeprefix("file left out: ")
    assert f"{row['file_name']} ({reason})" in world.text(row["message_id"])
    files = [file for there in world.thread(row["ticket_id"]).files.values() for file in there]
    assert row["file_name"] not in {file[0] for file in files}


def evidence(world, fault):
    (row,) = [row for row in world.table("SELECT * FROM raw.files") if row["file"] == fault.file]
    return row


FILES = {
    "byte order mark": lambda row: row["encoding"].startswith("utf-8"),
    "Windows-1252 encoding": lambda row: row["encoding"] == "cp1252",
    "semicolon as delimiter, CRLF line ends": lambda row: (row["delimiter"], row["newline"]) == (";", "CRLF"),
    "UTF-16 with tabs": lambda row: row["encoding"].startswith("utf-16") and row["delimiter"] == "\t",
    "sep= line": lambda row: row["delimiter"] == ";" or "sep" in row["delimiter_evidence"],
    "header in other case and with spaces": lambda row: '" Customer ID "' in row["header_evidence"],
    "renamed header": lambda row: '"Full name"' in row["header_evidence"],
    "translated headers": lambda row: '"Kundennummer"' in row["header_evidence"],
    "line ends mixed in one file": lambda row: row["records"] == 10,
    "empty lines at the end": lambda row: row["records"] == 12,
}


def test_every_fault_of_a_whole_file_is_looked_at():
    assert {fault.kind for fault in OF_FILES} == set(FILES) | {"column that no one declared", "file that no row lists"}


@pytest.mark.parametrize("fault", named(fault for fault in OF_FILES if fault.kind in FILES))
def test_the_file_is_read_as_it_was_meant(world, fault):
    row = evidence(world, fault)
    assert FILES[fault.kind](row), row
    assert row["records"] == row["landed"] + row["quarantined"]
    landed = world.rows(f"SELECT _row FROM raw.{fault.object} WHERE _file = ?", fault.file)
    fates = {world.fate(fault.object, line["_row"])["fate"] for line in landed[:50]}
    assert "unaccounted" not in fates
    assert ("skipped" if fault.object == "automations" else "loaded") in fates


def test_umlauts_of_the_windows_file_are_in_intercom(world):
    rows = world.rows("SELECT subject, ticket_id FROM clean.tickets WHERE _file = 'tickets-2024.csv'")
    titles = [row for row in rows if re.search("[äöüß]", row["subject"]) and row["ticket_id"] in world.content.threads]
    assert titles
    for row in titles:
        assert world.thread(row["ticket_id"]).conversation.title == row["subject"]


def test_the_column_that_no_one_declared_stays_behind(world):
    (evidence_of,) = [row for row in world.table("SELECT * FROM raw.files") if row["file"] == "tickets.csv"]
    assert "cf_old_priority" in evidence_of["header_evidence"]
    every = {name for threads in world.content.threads.values() for thread in threads for name in thread.attributes}
    assert "Region" in every
    assert not [name for name in every if "old" in name.lower()]


def test_the_file_that_no_row_lists_stays_behind(world):
    bodies = [part.body for threads in world.content.threads.values() for thread in threads for part in thread.parts]
    assert not [body for body in bodies if "notes-from-call" in body]
    names = [file[0] for threads in world.content.threads.values() for thread in threads
             for files in thread.files.values() for file in files]  # fmt: skip
    assert "notes-from-call.txt" not in names
    # The server keeps the file of the probe's ticket, which is deleted.
    assert world.content.counts["attachments"] == len(names) + 1
    unlisted = world.rows("SELECT path FROM target.files WHERE attachment_id IS NULL AND path LIKE '%notes-from-call%'")
    assert len(unlisted) == 1
