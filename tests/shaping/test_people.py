from schemas.source import source_macros
from tests.support.clean_tables import at, customer, epoch, mapping, message, ticket


def company(key, **values):
    return {"company_id": key, "name": f"Company {key}", **values}


def test_customers_with_one_email_become_one_contact_with_the_older_ids_kept(shaped):
    shaped.run(customers=[
        customer("C1", email="a@x.org", phone="+4930123456", name="Rosa Diaz", created_at=at("2020-01-01"),
                 last_seen_at=at("2024-03-01"), updated_at=at("2024-01-01")),
        customer("C2", email="a@x.org", name="Díaz, Rosa", created_at=at("2021-01-01"), last_seen_at=at("2023-01-01"),
                 updated_at=at("2024-02-01")),
        customer("C3", email="a@x.org", name=None, updated_at=None),
    ])  # fmt: skip
    (contact,) = shaped.by_key("contacts").values()
    assert (contact["source_key"], contact["external_id"]) == ("C1", "itco-C2")
    assert (contact["name"], contact["phone"]) == ("Díaz, Rosa", "+4930123456")
    assert contact["signed_up_at"] == epoch("2020-01-01")
    assert contact["last_seen_at"] == epoch("2024-03-01")
    assert contact["custom_attributes"] == {"ITCO id": "C2", "ITCO merged ids": "C3, C1"}
    assert shaped.numbers["contacts"]["rows_merged"] == 2
    assert shaped.fate("customers", "C1")["disposition"] == "merged"
    assert shaped.fate("customers", "C2")["target_key"] == "C1"


def test_the_key_of_merged_people_and_companies_does_not_follow_the_last_change(shaped):
    keys = []
    for first, second in (("2024-01-01", "2024-02-01"), ("2024-03-01", "2024-02-01")):
        shaped.run(
            companies=[company("F1", name="A1", domain="a1.com", created_at=at("2020-01-01"), updated_at=at(first)),
                       company("F2", name="A1", domain="a1.com", created_at=at("2021-01-01"), updated_at=at(second))],
            customers=[customer("C1", email="a@x.org", name="N", created_at=at("2020-01-01"), updated_at=at(first)),
                       customer("C2", email="a@x.org", name="N", created_at=at("2021-01-01"), updated_at=at(second))],
        )  # fmt: skip
        (contact,), (acme,) = shaped.by_key("contacts").values(), shaped.by_key("companies").values()
        keys.append((contact["source_key"], acme["source_key"], acme["company_id"], contact["external_id"]))
    assert keys == [("C1", "F1", "F1", "itco-C2"), ("C1", "F1", "F1", "itco-C1")]


def test_a_ticket_whose_customer_is_in_quarantine_waits_and_is_not_called_unknown(shaped):
    fault = {"object": "customers", "stage": "land", "rule": "ragged_long", "severity": "row"}
    shaped.run(customers=[], tickets=[ticket("T1", "C404"), ticket("T2", "C40"), ticket("T3", "C7")], faults=[
        fault | {"raw": "C404,,Ann,,,,,,,too,many"},
        fault | {"stage": "clean", "rule": "missing_value", "key": "C7"},
    ])  # fmt: skip
    withheld = {key for key, contact in shaped.by_key("contacts").items() if contact["withheld"]}
    assert withheld == {"itco-deleted:C404", "itco-deleted:C7"}
    unknown = shaped.rows("SELECT key FROM doubt.rows WHERE code = 'customer_unknown'")
    assert [row["key"] for row in unknown] == ["T2"]


def test_ties_of_updated_at_go_to_the_later_row(shaped):
    same = {"email": "a@x.org", "name": "N", "updated_at": at("2024-01-01")}
    shaped.run(customers=[customer("C9", **same), customer("C1", **same)])
    (contact,) = shaped.by_key("contacts").values()
    assert contact["external_id"] == "itco-C1"


def test_a_customer_without_email_is_a_contact_by_external_id(shaped):
    shaped.run(customers=[customer("C1", email=None, external_id="crm-1"), customer("C2", email=None)])
    contacts = shaped.by_key("contacts")
    assert {key: contact["external_id"] for key, contact in contacts.items()} == {"C1": "crm-1", "C2": "itco-C2"}
    assert contacts["C1"]["custom_attributes"]["ITCO id"] == "C1"
    assert "email" not in contacts["C2"]["payload"]


def test_one_external_id_and_no_second_email_is_one_contact(shaped):
    bare = {"external_id": "f", "email": None, "name": "N"}
    whole = {"external_id": "e", "name": "M"}
    shaped.run(customers=[customer("C1", **whole), customer("C2", email=None, **whole),
                          customer("C3", **bare), customer("C4", **bare)])  # fmt: skip
    assert {key: contact["external_id"] for key, contact in shaped.by_key("contacts").items()} == {"C1": "e", "C3": "f"}


def test_one_external_id_with_two_emails_is_nobodys_until_a_person_says_whose(shaped):
    rows = [customer("C2", external_id="e", created_at=at("2022-01-01")),
            customer("C1", external_id="e", created_at=at("2020-01-01"))]  # fmt: skip
    shaped.run(customers=rows)
    contacts = shaped.by_key("contacts")
    assert (contacts["C1"]["external_id"], contacts["C1"]["email"]) == ("itco-C1", "c1@example.com")
    assert (contacts["C2"]["external_id"], contacts["C2"]["email"]) == ("itco-C2", "c2@example.com")
    doubts = shaped.rows("SELECT code, key, found FROM doubt.rows ORDER BY key")
    assert [(row["code"], row["key"]) for row in doubts] == [("external_id_shared", "C1"), ("external_id_shared", "C2")]
    assert doubts[0]["found"] == "e: Name C2 (C2), Name C1 (C1)"
    shaped.run(mapping(same_external_id={"e": "customer C2"}), customers=rows)
    contacts = shaped.by_key("contacts")
    assert (contacts["C1"]["external_id"], contacts["C2"]["external_id"]) == ("itco-C1", "e")
    assert shaped.rows("FROM doubt.rows") == []


def test_an_itco_id_that_is_somebodys_external_id_is_namespaced(shaped):
    shaped.run(customers=[customer("C1", external_id="itco-C2"), customer("C2")])
    contacts = shaped.by_key("contacts")
    assert (contacts["C1"]["external_id"], contacts["C1"]["email"]) == ("itco-C2", "c1@example.com")
    assert (contacts["C2"]["external_id"], contacts["C2"]["email"]) == ("itco:C2", "c2@example.com")


def test_many_merged_ids_are_cut_at_whole_ids_and_counted(shaped):
    ids = [f"CUSTOMER-{n:04}" for n in range(40)]
    shaped.run(customers=[customer(key, email="a@x.org", name="N") for key in ids])
    (contact,) = shaped.by_key("contacts").values()
    text = contact["custom_attributes"]["ITCO merged ids"]
    listed, _, rest = text.rpartition(", +")
    assert len(text) <= 255
    assert len(listed.split(", ")) + int(rest.removesuffix(" more")) == 39
    assert set(listed.split(", ")) <= set(ids)


def test_custom_fields_are_carried_by_type_and_long_texts_cut_with_a_finding(shaped):
    fields = [
        {"field": "cf_note", "object": "customer", "name": "Note", "type": "string"},
        {"field": "cf_vip", "object": "customer", "name": "VIP", "type": "boolean"},
        {"field": "cf_since", "object": "customer", "name": "Since", "type": "date"},
        {
            "field": "cf_tier",
            "object": "customer",
            "name": "Tier",
            "type": "select",
            "options": {"g": "Gold", "s": "Silver"},
        },
    ]
    custom = {"cf_note": "x" * 300, "cf_vip": False, "cf_since": 1_600_000_000, "cf_tier": "Gold"}
    shaped.run(mapping(custom_fields=fields), customers=[customer("C1", custom=custom)])
    values = shaped.by_key("contacts")["C1"]["custom_attributes"]
    assert values["Note"] == "x" * 254 + "…"
    assert (values["VIP"], values["Since"], values["Tier"]) == (False, 1_600_000_000, "Gold")
    assert shaped.findings("value_cut") == {"C1"}


def test_merged_customers_fill_each_others_custom_fields(shaped):
    fields = [{"field": f"cf_{n}", "object": "customer", "name": n, "type": "string"} for n in "abc"]
    shaped.run(mapping(custom_fields=fields), customers=[
        customer("C1", email="a@x.org", name="N", updated_at=at("2024-01-01"), custom={"cf_a": "old", "cf_b": "kept"}),
        customer("C2", email="a@x.org", name="N", updated_at=at("2024-02-01"), custom={"cf_a": "new"}),
    ])  # fmt: skip
    (contact,) = shaped.by_key("contacts").values()
    values = contact["custom_attributes"]
    assert values == {"ITCO id": "C2", "ITCO merged ids": "C1", "a": "new", "b": "kept"}
    (left,) = shaped.rows("SELECT key, message FROM target.findings WHERE code = 'merged_value_left'")
    assert left["key"] == "C1"
    assert left["message"].startswith('cf_a: "old" of customer C1 gives way to "new" of customer C2')


def test_the_ticket_of_an_unknown_customer_gets_a_placeholder_that_says_so(shaped):
    shaped.run(customers=[], tickets=[ticket("T1", "C404")])
    (contact,) = shaped.by_key("contacts").values()
    assert contact["source_key"] == "itco-deleted:C404"
    assert contact["external_id"] == "itco-customer:C404"
    assert contact["name"] == "Unknown customer (ITCO C404)"
    assert contact["custom_attributes"] == {"ITCO id": "C404", "ITCO placeholder": True}
    assert shaped.numbers["contacts"]["placeholders"] == 1
    assert shaped.by_key("conversations")["T1"]["contact_key"] == "itco-deleted:C404"


def test_unknown_message_authors_get_placeholders_with_their_email_once(shaped):
    shaped.run(
        customers=[customer("C1")], tickets=[ticket("T1")],
        messages=[message("M1"), message("M2", author_id="C7", author_email="gone@x.org"),
                  message("M3", author_id=None, author_email="gone@x.org"),
                  message("M4", author_id=None, author_email="new@x.org", author_name="Nora"),
                  message("M5", author_id=None, author_name="Someone Else"),
                  message("M6", author_id=None, author_name="name  c1"),
                  message("M7", author_id=None, author_email="c1@example.com")],
    )  # fmt: skip
    authors = {row["source_key"]: row["author_key"] for row in shaped.parts("T1")}
    contacts = shaped.by_key("contacts")
    assert authors["M2"] == authors["M3"] == "itco-deleted:C7"
    assert contacts["itco-deleted:C7"]["email"] == "gone@x.org"
    assert contacts[authors["M4"]]["name"] == "Nora"
    assert contacts[authors["M5"]]["name"] == "Someone Else (unknown customer in ITCO)"
    assert authors["M6"] == authors["M7"] == "C1"
    assert set(authors.values()) <= set(contacts)
    assert len(contacts) == 4


def test_companies_are_one_per_domain_except_free_mail_and_none(shaped):
    shaped.run(
        companies=[company("F1", name="Acme", domain="acme.com", plan="Pro", created_at=at("2020-01-01")),
                   company("F2", name="Acme GmbH", domain="acme.com", size=50, created_at=at("2022-01-01"),
                           updated_at=at("2024-01-01")),
                   company("F3", domain="gmail.com"), company("F4", domain="gmail.com"), company("F5"), company("F6")],
        customers=[customer("C1", company_id="F1"), customer("C2", company_id="F2"), customer("C3", company_id="F3"),
                   customer("C4", email="c1@example.com", name="Name C1", company_id="F5")],
    )  # fmt: skip
    companies = shaped.by_key("companies")
    assert set(companies) == {"F1", "F3", "F4", "F5", "F6"}
    acme = companies["F1"]
    assert acme["name"] == "Acme GmbH"
    assert (acme["plan"], acme["size"], acme["website"]) == ("Pro", 50, "acme.com")
    assert acme["remote_created_at"] == epoch("2020-01-01")
    assert acme["custom_attributes"] == {"ITCO company id": "F1", "ITCO merged company ids": "F2"}
    assert set(shaped.by_key("contact_companies")) == {"C1|F1", "C1|F5", "C2|F1", "C3|F3"}
    assert shaped.fate("companies", "F2")["disposition"] == "merged"


def test_the_fingerprint_follows_the_payload_and_nothing_else(shaped):
    shaped.run(customers=[customer("C1", custom=None)])
    first = shaped.by_key("contacts")["C1"]
    shaped.run(customers=[customer("C0"), customer("C1", updated_at=at("2024-01-01"))])
    assert shaped.by_key("contacts")["C1"]["fingerprint"] == first["fingerprint"]
    shaped.run(customers=[customer("C1", phone="+4930123456")])
    assert shaped.by_key("contacts")["C1"]["fingerprint"] != first["fingerprint"]
    assert list(first["payload"]) == sorted(first["payload"])


def test_whoever_stands_in_is_called_after_whatever_the_source_is_called(shaped):
    shaped.connection.execute(source_macros("Otherdesk"))
    shaped.run(customers=[], tickets=[ticket("T1", "C404")])
    (contact,) = shaped.by_key("contacts").values()
    assert contact["source_key"] == "otherdesk-deleted:C404"
    assert contact["name"] == "Unknown customer (Otherdesk C404)"
    assert (
        shaped.by_key("conversations")["T1"]["description"]
        == "Opened in Otherdesk by Unknown customer (Otherdesk C404)."
    )
