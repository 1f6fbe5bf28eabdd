"""What a drop lacks stops nothing that does not need it, and what is said of held rows is true."""

import json

from migration_assets.clean.checks import quarantine_share_is_acceptable
from tests.clean.test_comparisons import message, ticket


def codes(lab):
    return [(row["object"], row["code"], row["rows"]) for row in lab.rows("FROM clean.findings ORDER BY ALL")]


def hold_at_landing(lab, name, raws, header, *, delimiter=",", file=None):
    """As if records of a file had not fitted its header: they have no columns, only their text."""
    file = file or f"{name}.csv"
    cells = json.dumps([{"found": column, "column": column, "how": "exact"} for column in header])
    lab.connection.execute("DELETE FROM raw.files WHERE file = ?", [file])
    lab.connection.execute("INSERT INTO raw.files VALUES (?, ?, 1, 9, 0, ?, ?)", [name, file, cells, delimiter])
    for line, raw in enumerate(raws, 900):
        lab.connection.execute(
            "INSERT INTO quarantine.faults (object, file, line, row, stage, rule, severity, raw) "
            "VALUES (?, ?, ?, ?, 'land', 'ragged_long', 'row', ?)",
            [name, file, line, line, raw],
        )


def test_memberships_stop_nothing_where_agents_or_teams_were_not_delivered(lab):
    team = {"team_id": "1", "name": "T"}
    agent = {"agent_id": "7", "name": "A", "email": "a@example.com"}
    for there, row, missing in (("teams", team, "agents"), ("agents", agent, "teams")):
        lab.empty("agents", "teams")
        lab.land(there, [row])
        lab.clean(there)
        lab.land("team_members", [{"team_id": "1", "agent_id": "7"}])
        lab.clean("team_members")
        assert lab.faults("team_members") == []
        assert [(one["team_id"], one["agent_id"]) for one in lab.table("team_members")] == [("1", "7")]
        assert codes(lab) == [("team_members", f"{missing}_not_delivered", 1)]
        assert quarantine_share_is_acceptable(lab.connection, "team_members").passed


def test_tickets_without_agents_teams_and_companies_are_whole(lab):
    lab.empty("agents", "teams", "companies")
    lab.land("customers", [{"customer_id": "K1"}])
    lab.clean("customers")
    lab.land("tickets", [ticket("1", agent_id="7", team_id="2", company_id="3")])
    lab.clean("tickets")
    lab.land("messages", [message("a", author_type="Agent", author_id="7")])
    lab.clean("messages")
    [row] = lab.table("tickets")
    assert (row["agent_id"], row["team_id"], row["company_id"]) == ("7", "2", None)
    assert [row["author_id"] for row in lab.table("messages")] == ["7"]
    assert lab.faults("tickets") + lab.faults("messages") == []


def test_messages_of_a_ticket_that_was_held_at_landing_follow_it(lab):
    lab.empty("companies")
    lab.land("tickets", [ticket("1")])
    hold_at_landing(lab, "tickets", ["7,too,many,fields", '"8",x', "x"], ["ticket_id", "subject"])
    hold_at_landing(lab, "tickets", ["s;9;x;y"], ["subject", "ticket_id"], delimiter=";", file="tickets-2.csv")
    lab.clean("tickets")
    lab.land("messages", [message(key, of) for key, of in (("a", "7"), ("b", "8"), ("c", "9"), ("d", "5"), ("e", "1"))])
    lab.clean("messages")
    assert lab.faults("messages") == [
        (1, "ticket_id", "ticket_quarantined", "row"),
        (2, "ticket_id", "ticket_quarantined", "row"),
        (3, "ticket_id", "ticket_quarantined", "row"),
        (4, "ticket_id", "unknown_ticket", "row"),
    ]


def test_where_references_hold_all_rows_back_it_says_how_the_ids_differ(lab):
    lab.empty("companies")
    lab.land("tickets", [ticket("1001"), ticket("1002")])
    lab.clean("tickets")
    lab.land("messages", [message("a", "T-7"), message("b", "T-8")])
    lab.clean("messages")
    said = quarantine_share_is_acceptable(lab.connection, "messages")
    assert not said.passed
    assert said.description.endswith(
        " 2 of them name by ticket_id what no file has, such as T-7 or T-8; the ids of tickets are of another form, "
        "such as 1001 or 1002."
    )
    lab.land("messages", [message("a", "2001")])
    lab.clean("messages")
    said = quarantine_share_is_acceptable(lab.connection, "messages")
    assert said.description.endswith("tickets has ids of the same form, such as 1001 or 1002, but not these.")
    lab.empty("tickets")
    lab.clean("messages")
    said = quarantine_share_is_acceptable(lab.connection, "messages")
    assert said.description.endswith("such as 2001: tickets has no row that can be used.")
