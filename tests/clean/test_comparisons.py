"""Rows compared: duplicates, references, cycles, values that the mapping does not cover."""

from migration_assets.clean.reconcile import account_for


def ticket(number, **changes):
    base = {
        "ticket_id": number,
        "subject": "s",
        "status": "Open",
        "customer_id": "K1",
        "created_at": "2024-01-01T00:00Z",
    }
    return base | changes


def message(number, ticket_id="1", **changes):
    return {"message_id": number, "ticket_id": ticket_id, "created_at": "2024-01-01T00:00Z"} | changes


def superseded(lab, name):
    query = "SELECT row, kept_row, reason FROM clean.superseded WHERE object = ? ORDER BY row"
    return lab.connection.execute(query, [name]).fetchall()


def unmapped(lab):
    query = 'SELECT object, "column", value, rows FROM clean.unmapped ORDER BY object, "column", value'
    return [tuple(row.values()) for row in lab.rows(query)]


def places(lab):
    query = "SELECT \"column\" || ' ' || coalesce(value, '-') AS what, file || ':' || line AS place FROM clean.unmapped"
    return {row["what"]: row["place"] for row in lab.rows(query)}


def test_the_newer_version_wins_over_all_parts(lab):
    lab.empty("companies")
    lab.land(
        "tickets",
        [
            ticket("1", subject="new", updated_at="2024-03-01", _file="tickets.csv"),
            ticket("1", subject="old", updated_at="2024-02-01", _file="tickets-2024.csv", closed_at="bad"),
            ticket("2", subject="first", updated_at="2024-02-01"),
            ticket("2", subject="second", updated_at="2024-02-01"),
            ticket("3", subject="same"),
            ticket("3", subject="same"),
            ticket("4", subject="undated"),
            ticket("4", subject="dated", updated_at="2024-02-01"),
        ],
    )
    lab.clean("tickets")
    assert [row["subject"] for row in lab.table("tickets")] == ["new", "second", "same", "dated"]
    assert superseded(lab, "tickets") == [
        (2, 1, "older updated_at"),
        (3, 4, "same updated_at, a later row is kept"),
        (6, 5, "exact copy"),
        (7, 8, "without updated_at, another has one"),
    ]
    assert lab.faults("tickets") == []  # what is wrong with an older version needs no correction
    assert account_for(lab.connection, "tickets").balanced


def test_copies_without_a_time_are_superseded_and_contradictions_quarantined(lab):
    lab.empty("companies")
    lab.land("tickets", [ticket("1")])
    lab.clean("tickets")
    lab.land(
        "messages",
        [
            message("a", body="x"),
            message("a", body="x"),
            message("b", body="x"),
            message("b", body="y"),
            message("b", body="x"),
        ],
    )
    lab.clean("messages")
    assert [row["_row"] for row in lab.table("messages")] == [1, 3]
    assert superseded(lab, "messages") == [(2, 1, "exact copy"), (5, 3, "exact copy")]
    assert lab.faults("messages") == [(4, "message_id", "duplicate_key_conflict", "row")]
    assert account_for(lab.connection, "messages").balanced


def test_a_corrected_row_wins_over_the_faulty_one_before_it(lab):
    lab.land("attachments", [])
    lab.empty("companies")
    lab.land("tickets", [ticket("1")])
    lab.clean("tickets")
    lab.land("messages", [message("a", cc="nobody"), message("a", cc="a@example.com")])
    lab.clean("messages")
    assert [row["cc"] for row in lab.table("messages")] == [["a@example.com"]]
    assert superseded(lab, "messages") == [(1, 2, "corrected by a later row")]


def test_a_held_back_newer_version_is_told(lab):
    lab.empty("companies")
    lab.land("tickets", [ticket("1"), ticket("1", created_at="soon", updated_at="2024-02-01")])
    lab.clean("tickets")
    assert [(row["code"], row["rows"]) for row in lab.rows("FROM clean.findings")] == [("version_held_back", 1)]


def test_composite_keys(lab):
    lab.land("teams", [{"team_id": "T", "name": "n"}])
    lab.land("agents", [{"agent_id": "A", "name": "n", "email": "a@example.com"}])
    lab.clean("teams")
    lab.clean("agents")
    pairs = [("T", "A"), ("T", "A"), ("T", "B"), ("U", "A")]
    lab.land("team_members", [{"team_id": team, "agent_id": agent} for team, agent in pairs])
    lab.clean("team_members")
    assert superseded(lab, "team_members") == [(2, 1, "exact copy")]
    assert lab.faults("team_members") == [
        (3, "agent_id", "unknown_agent", "row"),
        (4, "team_id", "unknown_team", "row"),
    ]


def test_messages_and_attachments_need_their_ticket(lab):
    lab.empty("companies")
    lab.land("tickets", [ticket("1"), ticket("2", created_at="soon")])
    lab.clean("tickets")
    lab.land("messages", [message("a"), message("b", "2"), message("c", "9")])
    lab.land("attachments", [{"attachment_id": "x", "ticket_id": "2", "file_name": "f"}])
    lab.clean("messages")
    lab.clean("attachments")
    assert lab.faults("messages") == [
        (2, "ticket_id", "ticket_quarantined", "row"),
        (3, "ticket_id", "unknown_ticket", "row"),
    ]
    assert lab.faults("attachments") == [(1, "ticket_id", "ticket_quarantined", "row")]
    assert account_for(lab.connection, "messages").quarantined == 2


def test_unknown_companies_are_dropped_and_a_missing_file_is_told_once(lab):
    lab.empty("agents", "companies")
    lab.land("customers", [{"customer_id": "1", "company_id": "X"}, {"customer_id": "2"}])
    lab.clean("customers")
    assert lab.faults("customers") == []
    assert [(row["code"], row["rows"]) for row in lab.rows("FROM clean.findings")] == [("companies_not_delivered", 1)]
    lab.land("companies", [{"company_id": "C", "name": "n"}])
    lab.clean("companies")
    lab.land("customers", [{"customer_id": "1", "company_id": "X"}, {"customer_id": "2", "company_id": "C"}])
    lab.clean("customers")
    assert lab.faults("customers") == [(1, "company_id", "unknown_company", "value")]
    assert [row["company_id"] for row in lab.table("customers")] == [None, "C"]


def test_merges_into_nowhere_and_in_circles_are_cut(lab):
    lab.empty("companies")
    links = {"1": "2", "2": "3", "3": "1", "4": "1", "5": "5", "6": "99", "7": "8", "8": None}
    lab.land("tickets", [ticket(key, merged_into_ticket_id=into) for key, into in links.items()])
    lab.clean("tickets")
    assert [(row, rule) for row, _, rule, severity in lab.faults("tickets") if severity == "value"] == [
        (1, "merge_cycle"),
        (2, "merge_cycle"),
        (3, "merge_cycle"),
        (5, "merge_cycle"),
        (6, "unknown_merge_target"),
    ]
    kept = {row["ticket_id"]: row["merged_into_ticket_id"] for row in lab.table("tickets")}
    assert kept == {"1": None, "2": None, "3": None, "4": "1", "5": None, "6": None, "7": "8", "8": None}


def test_teams_above_each_other(lab):
    rows = [("A", "B"), ("B", "A"), ("C", "X"), ("D", "A")]
    lab.land("teams", [{"team_id": team, "name": team, "parent_team_id": parent} for team, parent in rows])
    lab.clean("teams")
    assert [fault[2] for fault in lab.faults("teams")] == ["team_cycle", "team_cycle", "unknown_parent"]
    assert [row["parent_team_id"] for row in lab.table("teams")] == [None, None, None, "A"]


def test_values_that_the_mapping_does_not_cover_are_counted(lab):
    lab.empty("companies")
    region = {
        "field": "cf_region",
        "object": "ticket",
        "name": "Region",
        "type": "select",
        "options": {"N": "N", "S": "S"},
    }
    langs = {
        "field": "cf_langs",
        "object": "ticket",
        "name": "L",
        "type": "multi_select",
        "options": {"de": "D", "en": "E"},
    }
    lab.land(
        "tickets",
        [
            ticket("1", status=" OPEN", priority="Urgent!", cf_region="East", cf_langs="de; fr", cf_new="1"),
            ticket("2", status="Stuck", cf_region="east ", cf_langs="fr,it", cf_new=" "),
            ticket("3", status="spam", cf_old="x", cf_empty=" "),
            ticket("4", status="Never counted", created_at="soon"),
        ],
    )
    mapping = lab.mapping(
        custom_fields=[region, langs, {**region, "field": "cf_absent", "name": "Absent"}],
        ignored_fields=["ticket.cf_old"],
        skip=[{"name": "spam", "object": "tickets", "column": "status", "any_of": ["Spam"]}],
    )
    counts = lab.clean("tickets", mapping)
    assert unmapped(lab) == [
        ("tickets", "cf_langs", "fr", 2),
        ("tickets", "cf_langs", "it", 1),
        ("tickets", "cf_new", None, 1),
        ("tickets", "cf_region", "East", 2),
        ("tickets", "priority", "Urgent!", 1),
        ("tickets", "status", "Stuck", 1),
    ]
    assert counts.unmapped_values == 6
    assert places(lab) == {
        "cf_langs fr": "tickets.csv:2",
        "cf_langs it": "tickets.csv:3",
        "cf_new -": "tickets.csv:2",
        "cf_region East": "tickets.csv:2",
        "priority Urgent!": "tickets.csv:2",
        "status Stuck": "tickets.csv:3",
    }
    codes = {(row["column"], row["code"]) for row in lab.rows("FROM clean.findings")}
    assert codes == {
        ("cf_empty", "custom_column_empty"),
        ("cf_absent", "custom_field_absent"),
        ("cf_langs", "list_separator"),
    }


def test_kinds_of_messages_must_be_mapped_but_may_be_empty(lab):
    lab.empty("companies")
    lab.land("tickets", [ticket("1")])
    lab.clean("tickets")
    lab.land("messages", [message("a", kind="Shout", author_type="Robot"), message("b")])
    lab.clean("messages")
    assert unmapped(lab) == [("messages", "author_type", "Robot", 1), ("messages", "kind", "Shout", 1)]


def test_people_who_are_both_and_fields_that_are_not_there_are_found(lab):
    lab.empty("companies")
    lab.land("agents", [{"agent_id": str(i), "name": "n", "email": "a@example.com"} for i in (1, 2)])
    lab.clean("agents")
    lab.land("customers", [{"customer_id": "1", "email": "A@example.com", "cf_tier": "gold"}])
    lab.clean("customers", lab.mapping(ignored_fields=["customer.cf_tier"]))
    lab.land("tickets", [])
    lab.land("custom_fields", [{"field": "Region", "object": "Ticket"}])
    lab.clean("custom_fields")
    findings = [(row["object"], row["column"], row["code"]) for row in lab.rows("FROM clean.findings ORDER BY ALL")]
    assert findings == [
        ("agents", "email", "agents_share_address"),
        ("custom_fields", "cf_region", "listed_field_absent"),
        ("custom_fields", "cf_tier", "field_not_listed"),
        ("customers", "email", "agent_is_customer"),
    ]
