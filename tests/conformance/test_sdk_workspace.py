"""Intercom's SDK reads and shapes the embedded workspace itself: people, types, attributes, tags, help centre."""

from tests.conformance.sdk import refused


def test_who_the_token_is_and_who_works_there(sdk):
    me = sdk.admins.identify()
    assert (me.type, me.app.type) == ("admin", "app")
    admins = sdk.admins.list().admins
    assert me.email in {admin.email for admin in admins}
    assert sdk.admins.find(int(admins[0].id)).email == admins[0].email
    teams = sdk.teams.list().teams
    found = sdk.teams.find(teams[0].id)
    assert (found.name, found.admin_ids) == (teams[0].name, teams[0].admin_ids)
    assert set(found.admin_ids) <= {int(admin.id) for admin in admins}


def test_ticket_states_have_the_four_categories(sdk):
    found = {state.category for state in sdk.ticket_states.list_ticket_states().data}
    assert found == {"submitted", "in_progress", "waiting_on_customer", "resolved"}


def test_a_ticket_type_and_its_attributes(sdk, number):
    made = sdk.ticket_types.create(request={"name": f"Type {number}", "category": "Customer", "icon": "🎟️"})
    attribute = sdk.ticket_types.attributes.create(
        made.id, name="Level", description="How bad", data_type="list", list_items="High,Low"
    )
    changed = sdk.ticket_types.attributes.update(made.id, attribute.id, description="How very bad")
    assert changed.description == "How very bad"
    sdk.ticket_types.update(made.id, name=f"Type {number} B")
    found = sdk.ticket_types.get(made.id)
    assert (found.name, found.category) == (f"Type {number} B", "Customer")
    # The answer's attributes are under `data`, the SDK looks for them elsewhere and keeps them as an extra field.
    names = [entry["name"] for entry in found.ticket_type_attributes.data]
    assert names == ["_default_title_", "_default_description_", "Level"]
    assert made.id in [listed.id for listed in sdk.ticket_types.list().data]
    assert sdk.ticket_types.update(made.id, archived=True).archived is True


def test_data_attributes_of_contacts_and_companies(sdk, number):
    seats = sdk.data_attributes.create(request={"name": f"Seats {number}", "model": "company", "data_type": "integer"})
    options = [{"value": "gold"}, {"value": "silver"}]
    request = {"name": f"Level {number}", "model": "contact", "data_type": "options", "options": options}
    level = sdk.data_attributes.create(request=request)
    assert level.options == ["gold", "silver"]
    listed = {found.name: found for found in sdk.data_attributes.list(model="company").data}
    assert listed[f"Seats {number}"].data_type == "integer"
    assert f"Level {number}" not in listed
    contact = sdk.contacts.create(
        request={"role": "user", "external_id": f"attr-{number}", "custom_attributes": {f"Level {number}": "gold"}}
    )
    assert contact.custom_attributes[f"Level {number}"] == "gold"
    assert sdk.data_attributes.update(seats.id, request={"archived": True}).archived is True
    assert f"Seats {number}" not in {found.name for found in sdk.data_attributes.list(model="company").data}


def test_tags(sdk, number):
    made = sdk.tags.create(request={"name": f"Tag {number}"})
    assert sdk.tags.create(request={"name": f"tag {number}"}).id == made.id
    assert sdk.tags.create(request={"name": f"Tag {number} B", "id": made.id}).name == f"Tag {number} B"
    assert sdk.tags.find(made.id).name == f"Tag {number} B"
    assert made.id in [tag.id for tag in sdk.tags.list().data]
    sdk.tags.delete(made.id)
    refused(404, sdk.tags.find, made.id)


def test_one_call_tags_companies_and_another_contacts(sdk, number):
    company = sdk.companies.create_or_update(request={"company_id": f"tag-{number}", "name": "Acme"})
    contact = sdk.contacts.create(request={"role": "user", "external_id": f"tag-{number}"})
    name = f"Many {number}"
    sdk.tags.create(request={"name": name, "companies": [{"company_id": f"tag-{number}"}]})
    sdk.tags.create(request={"name": name, "users": [{"id": contact.id}]})
    assert [tag["name"] for tag in sdk.companies.find(company.id).tags.tags] == [name]
    assert [tag.name for tag in sdk.contacts.list_attached_tags(contact.id).data] == [name]
    sdk.tags.create(request={"name": name, "companies": [{"company_id": f"tag-{number}", "untag": True}]})
    assert sdk.companies.find(company.id).tags.tags == []


def test_articles_and_collections(sdk, number):
    author = int(sdk.admins.list().admins[0].id)
    collection = sdk.help_centers.collections.create(name=f"Guides {number}", description="How to")
    request = {"title": f"Start {number}", "author_id": author, "body": "<p>Go</p>", "state": "published"}
    article = sdk.articles.create(request={**request, "parent_id": int(collection.id), "parent_type": "collection"})
    found = sdk.articles.find(int(article.id))
    assert (found.title, found.state, found.author_id) == (f"Start {number}", "published", author)
    assert sdk.articles.update(int(article.id), title="Go on").title == "Go on"
    assert article.id in [listed.id for listed in sdk.articles.list(per_page=50)]
    assert sdk.help_centers.collections.update(int(collection.id), name="Manuals").name == "Manuals"
    assert sdk.help_centers.collections.find(int(collection.id)).name == "Manuals"
    assert collection.id in [listed.id for listed in sdk.help_centers.collections.list(per_page=50)]
    centre = next(iter(sdk.help_centers.list().items))
    assert sdk.help_centers.find(int(centre.id)).id == centre.id
    assert sdk.articles.delete(int(article.id)).deleted is True
    assert sdk.help_centers.collections.delete(int(collection.id)).deleted is True
    refused(404, sdk.articles.find, int(article.id))
