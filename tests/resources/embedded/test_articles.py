"""The help centre: articles and collections."""


def test_collections(api):
    parent = api.ok("POST", "/help_center/collections", {"name": "Guides"})
    child = api.ok("POST", "/help_center/collections", {"name": "Setup", "parent_id": parent["id"]})
    assert child["parent_id"] == parent["id"]
    assert api.ok("GET", f"/help_center/collections/{child['id']}") == child
    changed = api.ok("PUT", f"/help_center/collections/{child['id']}", {"description": "How to"})
    assert (changed["name"], changed["description"]) == ("Setup", "How to")
    assert api.ok("GET", "/help_center/collections")["total_count"] == 2
    message = api.refused(400, "parameter_not_found", "POST", "/help_center/collections", {})
    assert message == "Name is a required parameter."
    gone = api.ok("DELETE", f"/help_center/collections/{child['id']}")
    assert gone == {"id": child["id"], "object": "collection", "deleted": True}
    assert api.refused(404, "not_found", "GET", f"/help_center/collections/{child['id']}") == "Resource Not Found"


def test_articles(api):
    collection = api.ok("POST", "/help_center/collections", {"name": "FAQ"})
    body = {"title": "Hello", "author_id": int(api.admin), "body": "<p>Hi</p>", "parent_id": int(collection["id"])}
    made = api.ok("POST", "/articles", {**body, "parent_type": "collection"})
    assert (made["state"], made["author_id"], made["parent_ids"]) == ("draft", int(api.admin), [int(collection["id"])])
    published = api.ok("PUT", f"/articles/{made['id']}", {"state": "published", "body": "<p>New</p>"})
    assert (published["state"], published["body"], published["title"]) == ("published", "<p>New</p>", "Hello")
    assert api.ok("GET", "/articles")["data"] == [published]
    message = api.refused(400, "parameter_not_found", "POST", "/articles", {"title": "x"})
    assert message == "author_id must be in the main body or default locale translated_content object"
    api.refused(400, "parameter_not_found", "POST", "/articles", {"author_id": int(api.admin)})
    api.refused(400, "parameter_invalid", "POST", "/articles", {"title": "x", "author_id": api.admin})
    image = '<p>a</p><img src="data:image/png;base64,AAAA">'
    api.refused(400, "parameter_invalid", "PUT", f"/articles/{made['id']}", {"body": image})
    assert api.ok("DELETE", f"/articles/{made['id']}")["object"] == "article"
    api.refused(404, "not_found", "GET", f"/articles/{made['id']}")
