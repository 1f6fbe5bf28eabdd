"""Contacts: identity, conflicts, custom attributes, archive, delete."""

import pytest


@pytest.fixture(scope="module", autouse=True)
def attributes(api):
    for name, kind in (("Region", "string"), ("Seats", "integer"), ("VIP", "boolean"), ("Since", "date")):
        api.ok("POST", "/data_attributes", {"name": name, "model": "contact", "data_type": kind})
    options = [{"value": "Gold"}, {"value": "Silver"}]
    api.ok(
        "POST", "/data_attributes", {"name": "Level", "model": "contact", "data_type": "options", "options": options}
    )


def test_create_answers_the_whole_contact(api):
    made = api.ok(
        "POST",
        "/contacts",
        {
            "role": "user",
            "external_id": "first",
            "email": "First@Example.com",
            "name": "First",
            "phone": "+4930123456",
            "signed_up_at": 1500000000,
            "custom_attributes": {"Region": "EU", "Seats": 3, "VIP": True, "Since": 1500000000, "Level": "Gold"},
        },
    )
    assert made["email"] == "first@example.com"
    assert (made["signed_up_at"], made["role"], len(made["id"])) == (1500000000, "user", 24)
    assert made["custom_attributes"] == {
        "Region": "EU",
        "Seats": 3,
        "VIP": True,
        "Since": 1500000000,
        "Level": "Gold",
    }
    assert abs(made["created_at"] - api.ok("GET", "/__embedded/state")["now"]) < 60
    assert api.ok("GET", f"/contacts/{made['id']}") == made
    assert api.ok("GET", "/contacts/find_by_external_id/first") == made


@pytest.mark.parametrize("twin", [{"external_id": "dup"}, {"external_id": "other", "email": "DUP@example.com"}])
def test_a_second_user_is_409_with_the_id_in_the_text(api, twin):
    api.ask("POST", "/contacts", {"role": "user", "external_id": "dup", "email": "dup@example.com"})
    there = api.ok("GET", "/contacts/find_by_external_id/dup")
    message = api.refused(409, "conflict", "POST", "/contacts", {"role": "user", **twin})
    assert message == f"A contact matching those details already exists with id={there['id']}"


def test_archived_contacts_keep_their_keys_and_deleted_ones_free_them(api):
    body = {"role": "user", "external_id": "twin", "email": "twin@example.com"}
    made = api.ok("POST", "/contacts", body)
    archived = api.ok("POST", f"/contacts/{made['id']}/archive")
    assert archived == {"type": "contact", "id": made["id"], "external_id": "twin", "archived": True}
    message = api.refused(409, "conflict", "POST", "/contacts", body)
    assert message == f"An archived contact matching those details already exists with id={made['id']}"
    api.refused(404, "not_found", "GET", "/contacts/find_by_external_id/twin")
    api.refused(404, "not_found", "PUT", f"/contacts/{made['id']}", {"name": "x"})
    assert api.ok("POST", f"/contacts/{made['id']}/unarchive")["archived"] is False
    assert api.ok("PUT", f"/contacts/{made['id']}", {"name": "x"})["name"] == "x"
    assert api.ok("DELETE", f"/contacts/{made['id']}")["deleted"] is True
    api.refused(404, "not_found", "GET", f"/contacts/{made['id']}")
    assert api.ok("POST", "/contacts", body)["id"] != made["id"]


def test_leads_are_exempt_from_uniqueness_and_get_their_own_external_id(api):
    leads = [api.ok("POST", "/contacts", {"role": "lead", "email": "lead@example.com"}) for _ in range(2)]
    assert leads[0]["external_id"] != leads[1]["external_id"]
    assert api.ok("POST", "/contacts", {"role": "user", "email": "lead@example.com"})["role"] == "user"
    api.refused(404, "not_found", "GET", f"/contacts/find_by_external_id/{leads[0]['external_id']}")
    api.refused(400, "parameter_invalid", "POST", "/contacts", {"role": "lead", "external_id": "mine"})


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"phone": "+4930123456"},
        {"role": "admin", "external_id": "w1"},
        {"role": "user"},
        {"external_id": 7},
        {"email": "no address"},
        {"external_id": "w2", "owner_id": 5},
        {"external_id": "w2", "owner_id": "5"},
        {"external_id": "w2", "email_verified": True},
        {"external_id": "w2", "signed_up_at": "2020-01-01"},
        {"external_id": "w2", "signed_up_at": 1500000000000},
        {"external_id": "w2", "custom_attributes": {"Unknown": "x"}},
        {"external_id": "w2", "custom_attributes": {"Seats": "3"}},
        {"external_id": "w2", "custom_attributes": {"Seats": True}},
        {"external_id": "w2", "custom_attributes": {"VIP": 1}},
        {"external_id": "w2", "custom_attributes": {"Region": "x" * 256}},
        {"external_id": "w2", "custom_attributes": {"Level": "Bronze"}},
    ],
)
def test_wrong_contacts_are_refused_and_leave_nothing(api, body):
    api.refused(400, "parameter_invalid", "POST", "/contacts", body)
    api.refused(404, "not_found", "GET", "/contacts/find_by_external_id/w2")


def test_update_changes_what_it_names_and_null_clears(api):
    made = api.contact(name="Old", phone="+4930123456", custom_attributes={"Region": "EU", "Seats": 1})
    changed = api.ok(
        "PUT", f"/contacts/{made['id']}", {"phone": None, "custom_attributes": {"Region": None, "VIP": False}}
    )
    assert (changed["name"], changed["phone"]) == ("Old", None)
    assert changed["custom_attributes"] == {"Seats": 1, "VIP": False}
    other = api.contact(email="taken@example.com")
    message = api.refused(409, "conflict", "PUT", f"/contacts/{made['id']}", {"email": "taken@example.com"})
    assert message.endswith(f"id={other['id']}")
    assert api.refused(404, "not_found", "PUT", f"/contacts/{'0' * 24}", {}) == "User Not Found"


def test_external_ids_with_odd_characters_are_found(api):
    made = api.contact(external_id="a/b c%ä?")
    found = api.ok("GET", "/contacts/find_by_external_id/a%2Fb%20c%25%C3%A4%3F")
    assert found["id"] == made["id"]


def test_a_merged_lead_is_410_with_a_link_to_the_user(api):
    lead = api.ok("POST", "/contacts", {"role": "lead", "email": "merge@example.com"})
    user, other = api.contact(email="merge@example.com"), api.contact()
    company = api.ok("POST", "/companies", {"company_id": "merged"})
    for contact in (lead, user):
        api.ok("POST", f"/contacts/{contact['id']}/companies", {"id": company["id"]})
    wrong = {"from": lead["id"], "into": other["id"]}
    api.refused(400, "invalid_merge", "POST", "/contacts/merge", wrong)
    api.refused(400, "invalid_merge", "POST", "/contacts/merge", {"from": other["id"], "into": user["id"]})
    assert api.ok("POST", "/contacts/merge", {"from": lead["id"], "into": user["id"]})["id"] == user["id"]
    answer = api.ask("GET", f"/contacts/{lead['id']}")
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (410, "contact_merged")
    assert answer.headers["link"] == f'</contacts/{user["id"]}>; rel="canonical"'
    assert api.ok("GET", f"/companies/{company['id']}")["user_count"] == 1
    message = api.refused(400, "bad_request", "POST", f"/contacts/{lead['id']}/unarchive")
    assert message == "User has been merged and is not restorable"
