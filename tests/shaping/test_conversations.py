import pytest

from schemas.mapping import MappingError
from tests.support.clean_tables import AGENT, agent_message, at, customer, epoch, mapping, message, ticket


def test_a_tickets_fields_are_all_carried(shaped):
    shaped.run(
        mapping(ticket_url="https://itco.example/t/{ticket_id}?n={ticket_number}"),
        customers=[customer("C1")], agents=[AGENT], teams=[{"team_id": "G1", "name": "Support"}],
        companies=[{"company_id": "F1", "name": "Acme", "domain": "acme.com"}],
        tickets=[ticket("T 1", status="geschlossen", priority="DRINGEND", channel="email", company_id="F1",
                        agent_id="A1", team_id="G1", closed_at=at("2024-05-02T00:00:00"), tags=["VIP", "vip ", "Bug"])],
        tags=[{"tag": "vip"}],
    )  # fmt: skip
    row = shaped.by_key("conversations")["T 1"]
    assert (row["state"], row["ticket_state"], row["priority"], row["snoozed_until"]) == (
        "closed", "Resolved", "urgent", None
    )  # fmt: skip
    assert (row["company_key"], row["agent_id"], row["team_id"]) == ("F1", "A1", "G1")
    assert row["tags"] == ["Bug", "vip"]
    assert row["created_at"] == epoch("2024-05-01T10:00:00")
    assert row["attributes"] == {
        "ITCO URL": "https://itco.example/t/T%201?n=NT%201", "ITCO channel": "email",
        "ITCO closed at": epoch("2024-05-02T00:00:00"), "ITCO id": "T 1", "ITCO number": "NT 1", "Priority": "Urgent",
    }  # fmt: skip
    assert (row["needs_agents"], row["needs_team"]) == (["A1"], "G1")
    assert row["payload"]["admin"] == "A1"
    assert shaped.by_key("admins")["A1"]["tickets"] == shaped.by_key("teams")["G1"]["tickets"] == 1


def test_pending_is_snoozed_until_the_mappings_time(shaped):
    shaped.run(customers=[customer("C1")], tickets=[ticket("T1", status=" PENDING"), ticket("T2")])
    rows = shaped.by_key("conversations")
    assert (rows["T1"]["state"], rows["T1"]["snoozed_until"]) == ("snoozed", epoch("2036-01-01T09:00:00"))
    assert (rows["T2"]["state"], rows["T2"]["snoozed_until"]) == ("open", None)


FIELDS = [
    {"field": "cf_text", "object": "ticket", "name": "Region", "type": "string"},
    {"field": "cf_flag", "object": "ticket", "name": "Urgent order", "type": "boolean"},
    {"field": "cf_due", "object": "ticket", "name": "Due", "type": "date"},
    {"field": "cf_cost", "object": "ticket", "name": "Cost", "type": "number"},
    {"field": "cf_kind", "object": "ticket", "name": "Kind", "type": "select", "options": {"a": "Apple", "p": "Pear"}},
    {"field": "cf_many", "object": "ticket", "name": "Products", "type": "multi_select",
     "options": {"x": "Größe/L", "y": "Groesse L", "z": "Zoo"}},
]  # fmt: skip
CUSTOM = {"cf_text": "North", "cf_flag": True, "cf_due": 1_600_000_000, "cf_cost": 12.5, "cf_kind": "Pear",
          "cf_many": ["Größe/L", "Zoo"]}  # fmt: skip


@pytest.mark.parametrize("style", ["booleans", "text"])
def test_custom_fields_are_carried_by_type(shaped, style):
    rules = mapping(custom_fields=FIELDS, settings={"multi_select": style})
    shaped.run(rules, customers=[customer("C1")], tickets=[ticket("T1", custom=CUSTOM), ticket("T2")])
    values = shaped.by_key("conversations")["T1"]["attributes"]
    plain = {"Region": "North", "Urgent order": True, "Due": 1_600_000_000, "Cost": 12.5, "Kind": "Pear"}
    many = {"Products": "Größe/L; Zoo"}
    if style == "booleans":
        many = {"Products - Grosse L": True, "Products - Groesse L": False, "Products - Zoo": True}
    own = {"ITCO id": "T1", "ITCO number": "NT1"}
    assert values == plain | many | own
    assert shaped.by_key("conversations")["T2"]["attributes"] == {"ITCO id": "T2", "ITCO number": "NT2"}
    attributes = shaped.by_key("attributes")
    types = {"Region": "string", "Urgent order": "boolean", "Due": "datetime", "Cost": "decimal", "Kind": "list"}
    types |= {"Products": "string"} if style == "text" else dict.fromkeys(many, "boolean")
    assert {name: attributes[f"ticket.{name}"]["data_type"] for name in types} == types
    assert attributes["ticket.Kind"]["options"] == ["Apple", "Pear"]


def test_attribute_names_that_intercom_would_refuse_twice_are_renamed_and_recorded(shaped):
    fields = [
        {"field": "cf_a", "object": "customer", "name": "Region", "type": "string"},
        {"field": "cf_b", "object": "company", "name": "region", "type": "string"},
        {"field": "cf_c", "object": "ticket", "name": "Region", "type": "string"},
        {"field": "cf_d", "object": "ticket", "name": "Priority", "type": "string"},
    ]
    shaped.run(mapping(custom_fields=fields), companies=[{"company_id": "F1", "name": "Acme", "custom": {"cf_b": "x"}}])
    names = set(shaped.by_key("attributes"))
    wanted = {
        "contact.Region",
        "company.region - company",
        "ticket.Region",
        "ticket.Priority",
        "ticket.Priority - ticket",
    }
    assert wanted <= names
    people = [key.partition(".")[2].casefold() for key in names if not key.startswith("ticket.")]
    assert len(people) == len(set(people))
    assert shaped.by_key("companies")["F1"]["custom_attributes"]["region - company"] == "x"
    assert shaped.findings("attribute_renamed") == {"company.cf_b", "ticket.cf_d"}


def test_every_attribute_of_a_payload_is_declared(shaped):
    shaped.run(mapping(custom_fields=FIELDS), customers=[customer("C1")], tickets=[ticket("T1", custom=CUSTOM)])
    declared = {(row["model"], row["name"]) for row in shaped.by_key("attributes").values()}
    used = {("ticket", name) for row in shaped.by_key("conversations").values() for name in row["attributes"]}
    used |= {("contact", name) for row in shaped.by_key("contacts").values() for name in row["custom_attributes"]}
    assert used <= declared


def test_skip_rules_leave_out_a_ticket_with_all_that_hangs_on_it(shaped):
    rules = [{"name": "spam", "object": "tickets", "column": "tags", "any_of": ["SPAM"]},
             {"name": "bots", "object": "messages", "column": "author_name", "any_of": ["bot"]},
             {"name": "staff", "object": "customers", "column": "cf_kind", "any_of": ["staff"]}]  # fmt: skip
    staff = {"custom": {"cf_kind": "Staff"}}
    shaped.run(
        mapping(skip=rules), customers=[customer("C1"), customer("C2", **staff), customer("C3", **staff)],
        tickets=[ticket("T1"), ticket("T2", tags=["Spam "]), ticket("T3", "C3")],
        messages=[message("M1"), message("M2", author_name="Bot"), message("M3", "T2")],
        attachments=[{"attachment_id": "F1", "ticket_id": "T2", "message_id": "M3", "file_name": "a.png"}],
    )  # fmt: skip
    assert set(shaped.by_key("conversations")) == {"T1", "T3"}
    assert shaped.parts("T1") == []
    assert set(shaped.by_key("contacts")) == {"C1", "C3"}
    reasons = {key: (row["disposition"], row["reason"]) for key, row in (
        ("T2", shaped.fate("tickets", "T2")), ("M2", shaped.fate("messages", "M2")),
        ("M3", shaped.fate("messages", "M3")), ("F1", shaped.fate("attachments", "F1")),
        ("C2", shaped.fate("customers", "C2")))}  # fmt: skip
    assert reasons == {
        "T2": ("skipped", "rule spam"), "M2": ("skipped", "rule bots"), "C2": ("skipped", "rule staff"),
        "M3": ("skipped", "ticket skipped by rule spam"), "F1": ("skipped", "ticket skipped by rule spam"),
    }  # fmt: skip
    by_rule = shaped.rows("SELECT key, skipped_by FROM target.lineage WHERE skipped_by IS NOT NULL")
    assert {row["key"]: row["skipped_by"] for row in by_rule} == {
        "T2": "spam", "M2": "bots", "C2": "staff", "M3": "spam", "F1": "spam",
    }  # fmt: skip
    kept = shaped.fate("customers", "C3")
    assert kept["disposition"] == "load"
    assert kept["reason"].startswith("kept although rule staff")


def test_a_skip_rule_on_an_unknown_column_is_refused(shaped):
    rule = {"name": "oops", "object": "tickets", "column": "stattus", "any_of": ["x"]}
    with pytest.raises(MappingError, match="'oops': tickets has no column 'stattus'"):
        shaped.run(mapping(skip=[rule]), customers=[customer("C1")])


def test_teams_have_paths_mapped_names_and_unknown_ones_stay(shaped):
    shaped.run(
        mapping(teams={"second  level": "Tier 2"}, agents={"A1": "Ann@Intercom.example"}), agents=[AGENT],
        customers=[customer("C1")], tickets=[ticket("T1", team_id="G9", agent_id="A9"), ticket("T2", team_id="G2")],
        teams=[{"team_id": "G1", "name": "Support"}, {"team_id": "G2", "name": "Second level", "parent_team_id": "G1"}],
    )  # fmt: skip
    teams = shaped.by_key("teams")
    assert (teams["G2"]["name"], teams["G2"]["path"], teams["G2"]["tickets"]) == ("Tier 2", "Support / Second level", 1)
    assert (teams["G9"]["known"], teams["G9"]["tickets"]) == (False, 1)
    admins = shaped.by_key("admins")
    assert admins["A1"]["email"] == "ann@intercom.example"
    assert (admins["A9"]["known"], admins["A9"]["email"]) == (False, None)


def test_every_other_row_has_a_fate_too(shaped):
    shaped.run(
        mapping(custom_fields=FIELDS), agents=[AGENT], teams=[{"team_id": "G1", "name": "S"}],
        team_members=[{"team_id": "G1", "agent_id": "A1"}], tags=[{"tag": "VIP"}, {"tag": "vip"}],
        custom_fields=[{"field": "many", "object": "ticket"}, {"field": "cf_lost", "object": "ticket"}],
        automations=[{"kind": "macro", "name": "n"}], articles=[{"article_id": "K1", "title": "t", "body": "b"}],
    )  # fmt: skip
    fates = {(row["object"], row["key"]): row["disposition"] for row in shaped.rows("SELECT * FROM target.lineage")}
    assert fates == {
        ("agents", "A1"): "load", ("teams", "G1"): "load", ("team_members", "G1|A1"): "skipped",
        ("tags", "VIP"): "load", ("tags", "vip"): "merged", ("custom_fields", "ticket.many"): "load",
        ("custom_fields", "ticket.cf_lost"): "skipped", ("automations", "macro|n"): "skipped",
        ("articles", "K1"): "skipped",
    }  # fmt: skip
    reasons = [row["reason"] for row in shaped.rows("SELECT reason FROM target.lineage WHERE disposition = 'skipped'")]
    assert all(reasons)


def test_a_system_message_alone_is_no_author_anybody_must_match(shaped):
    shaped.run(customers=[customer("C1")], tickets=[ticket("T1")],
               messages=[agent_message("M1", author_type="system", author_id=None)])  # fmt: skip
    assert shaped.by_key("conversations")["T1"]["needs_agents"] == []
    assert shaped.by_key("admins") == {}
