"""Intercom's SDK works with contacts and companies of the embedded workspace as with Intercom's."""

from tests.conformance.sdk import make_contact, refused, searched


def test_a_contact_is_created_read_changed_and_deleted(sdk, number):
    made = make_contact(sdk, number, email=f"sdk{number}@example.com", name="Ada", signed_up_at=1_500_000_000)
    found = sdk.contacts.find(made.id)
    assert (found.external_id, found.name, found.signed_up_at) == (f"sdk-{number}", "Ada", 1_500_000_000)
    assert sdk.contacts.show_contact_by_external_id(f"sdk-{number}").id == made.id
    sdk.contacts.update(made.id, name="Ada L.", phone="+15551234567")
    found = sdk.contacts.find(made.id)
    assert (found.name, found.phone, found.email) == ("Ada L.", "+15551234567", f"sdk{number}@example.com")
    assert sdk.contacts.archive(made.id).archived is True
    assert sdk.contacts.unarchive(made.id).archived is False
    assert sdk.contacts.delete(made.id).deleted is True
    refused(404, sdk.contacts.find, made.id)


def test_a_contact_that_exists_is_a_conflict_with_its_id(sdk, number):
    made = make_contact(sdk, number)
    # 409 is in no published version, so the SDK has no error of its own for it.
    error = refused(409, make_contact, sdk, number)
    assert error.body["errors"][0]["message"].endswith(f"id={made.id}")


def test_contacts_are_paged_and_searched(sdk, number):
    made = [make_contact(sdk, f"{number}-{item}", name=f"Page {number}").id for item in range(5)]
    listed = [contact.id for contact in sdk.contacts.list(per_page=2)]
    assert set(made) <= set(listed)
    assert len(listed) == len(set(listed))
    query = {"field": "name", "operator": "=", "value": f"Page {number}"}
    assert sorted(found.id for found in searched(sdk.contacts.search, query)) == sorted(made)


def test_a_lead_becomes_a_user(sdk, number):
    lead = sdk.contacts.create(request={"role": "lead", "email": f"lead{number}@example.com"})
    user = make_contact(sdk, number, email=f"lead{number}@example.com")
    assert sdk.contacts.merge_lead_in_user(lead_id=lead.id, contact_id=user.id).id == user.id
    refused(410, sdk.contacts.find, lead.id)


def test_a_company_is_created_read_changed_and_deleted(sdk, number):
    made = sdk.companies.create_or_update(request={"company_id": f"sdk-{number}", "name": "Acme", "size": 5})
    again = sdk.companies.create_or_update(request={"company_id": f"sdk-{number}", "name": "Acme Ltd"})
    assert again.id == made.id
    found = sdk.companies.find(made.id)
    assert (found.name, found.size, found.company_id) == ("Acme Ltd", 5, f"sdk-{number}")
    # The description says that this is a list; with company_id it is the company, which the SDK keeps as extra fields.
    assert sdk.companies.retrieve(company_id=f"sdk-{number}").company_id == f"sdk-{number}"
    sdk.companies.update(made.id, request={"industry": "Freight"})
    assert sdk.companies.find(made.id).industry == "Freight"
    assert sdk.companies.delete(made.id).deleted is True


def test_companies_and_contacts_are_attached(sdk, number):
    contact = make_contact(sdk, number)
    made = [
        sdk.companies.create_or_update(request={"company_id": f"sdk-{number}-{item}", "name": "Acme"}).id
        for item in range(2)
    ]
    assert [sdk.companies.attach_contact(contact.id, company_id=company).id for company in made] == made
    # The SDK looks for these under a name that the answer does not have, and keeps them as an extra field.
    attached = sdk.contacts.list_attached_companies(contact.id).response
    assert [found["id"] for found in attached.data] == made
    assert [found.id for found in sdk.companies.list_attached_contacts(made[0]).data] == [contact.id]
    assert set(made) <= {found.id for found in sdk.companies.list(per_page=1)}
    assert set(made) <= {found.id for found in sdk.companies.scroll()}
    sdk.companies.detach_contact(contact.id, made[0])
    assert sdk.companies.list_attached_contacts(made[0]).data == []


def test_a_contact_has_notes(sdk, number):
    contact = make_contact(sdk, number)
    admin = sdk.admins.list().admins[0]
    note = sdk.notes.create(contact.id, body="Called back", admin_id=admin.id)
    assert sdk.notes.find(int(note.id)).body == note.body
    # Only the first page: the SDK asks for one more until it is given an empty one, and notes are not paged.
    assert [found.id for found in sdk.notes.list(contact.id).items] == [note.id]


def test_a_contact_has_tags(sdk, number):
    contact = make_contact(sdk, number)
    tag = sdk.tags.create(request={"name": f"sdk {number}"})
    assert sdk.tags.tag_contact(contact.id, tag_id=tag.id).name == f"sdk {number}"
    assert [found.id for found in sdk.contacts.list_attached_tags(contact.id).data] == [tag.id]
    sdk.tags.untag_contact(contact.id, tag.id)
    assert sdk.contacts.list_attached_tags(contact.id).data == []
