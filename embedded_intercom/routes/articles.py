"""The help centre: articles and collections."""

import json
from typing import Any

from embedded_intercom.api import lookups
from embedded_intercom.api.paging import asked_by_number, by_number
from embedded_intercom.api.routing import Call, Result, Routes
from embedded_intercom.protocol.checks import JsonObject, number
from embedded_intercom.protocol.errors import invalid, missing, not_found
from embedded_intercom.records import article_html
from embedded_intercom.state.store import to_json

routes = Routes()

_SHARED_TEXTS = ("description", "body", "body_markdown")


def _load(call: Call, table: str) -> JsonObject:
    row = call.store.one(f"SELECT doc FROM {table} WHERE id=?", call.key("id"))
    if row is None:
        raise not_found()
    document: JsonObject = json.loads(row["doc"])
    return document


def _save(call: Call, table: str, document: JsonObject) -> Result:
    call.store.run(
        f"INSERT OR REPLACE INTO {table} (id, created_at, doc) VALUES (?, ?, ?)",
        *(int(document["id"]), document["created_at"], to_json(document)),
    )
    return document


def _list(call: Call, table: str) -> Result:
    asked = asked_by_number(call, default=15, largest=150)
    total = call.store.scalar(f"SELECT count(*) FROM {table}")
    rows = call.store.all(f"SELECT doc FROM {table} ORDER BY id LIMIT ? OFFSET ?", [asked.per_page, asked.offset])
    data = [json.loads(row["doc"]) for row in rows]
    return {"type": "list", "data": data, "total_count": total, "pages": by_number(call, asked, total)}


def _delete(call: Call, table: str, name: str) -> Result:
    document = _load(call, table)
    call.store.run(f"DELETE FROM {table} WHERE id=?", int(document["id"]))
    return {"id": document["id"], "object": name, "deleted": True}


@routes("GET", "/articles")
def list_articles(call: Call) -> Result:
    """Every article, by page."""
    return _list(call, "articles")


@routes("GET", "/articles/{id}")
def get_article(call: Call) -> Result:
    """One article."""
    return _load(call, "articles")


@routes("DELETE", "/articles/{id}")
def delete_article(call: Call) -> Result:
    """Delete for good."""
    return _delete(call, "articles", "article")


@routes("POST", "/articles")
def create_article(call: Call) -> Result:
    """Create an article; a draft unless `state` says published."""
    if call.fields.raw("author_id") is None:
        raise missing("author_id must be in the main body or default locale translated_content object")
    title = call.fields.needed("title")
    document: JsonObject = {
        "type": "article",
        "id": str(call.store.next_id("article")),
        "workspace_id": call.workspace.id_code,
        "title": title,
        "description": "",
        "body": "",
        "body_markdown": None,
        "state": "draft",
        "created_at": call.now,
        "url": None,
        "parent_id": None,
        "parent_type": None,
        "parent_ids": [],
        "default_locale": "en",
        "tags": {"type": "tag.list", "tags": []},
    }
    return _save(call, "articles", {**document, **_article_changes(call)})


@routes("PUT", "/articles/{id}")
def update_article(call: Call) -> Result:
    """Change what the body names."""
    document = _load(call, "articles")
    if call.fields.given("title"):
        document["title"] = call.fields.needed("title")
    return _save(call, "articles", {**document, **_article_changes(call)})


def _article_changes(call: Call) -> JsonObject:
    fields = call.fields
    changes: JsonObject = {"updated_at": call.now}
    changes |= {name: fields.text(name) for name in _SHARED_TEXTS if fields.given(name)}
    if changes.get("body"):
        changes["body"] = article_html.kept(changes["body"])
    if fields.given("author_id"):
        author = fields.integer("author_id", required=True)
        lookups.admin(call, author or 0, absent=invalid("author_id is not an admin of this workspace"))
        changes["author_id"] = author
    if fields.given("state"):
        changes["state"] = fields.needed("state", ("published", "draft"))
    if fields.given("parent_id"):
        changes |= _parent(call, fields.raw("parent_id"))
    if fields.given("translated_content"):
        changes["translated_content"] = _translations(call)
    return changes


def _translations(call: Call) -> JsonObject | None:
    """The translated contents, their bodies as they read back."""
    given = call.fields.mapping("translated_content")
    translated = {}
    for locale, content in given.items():
        if isinstance(content, dict) and isinstance(content.get("body"), str):
            content = {**content, "body": article_html.kept(content["body"])}
        translated[locale] = content
    return translated or None


def _parent(call: Call, given: Any) -> JsonObject:  # noqa: ANN401 - not yet checked
    if given is None:
        return {"parent_id": None, "parent_type": None, "parent_ids": []}
    # An integer on create, a string on update, says the description.
    if isinstance(given, bool) or not str(given).isdecimal():
        raise invalid("parent_id must be the id of a collection")
    kind = call.fields.text("parent_type", choices=("collection",)) or "collection"
    if call.store.one("SELECT 1 FROM collections WHERE id=?", int(given)) is None:
        raise invalid("parent_id must be the id of a collection")
    return {"parent_id": int(given), "parent_type": kind, "parent_ids": [int(given)]}


@routes("GET", "/help_center/collections", (2, 10))
def list_collections(call: Call) -> Result:
    """Every collection, by page."""
    return _list(call, "collections")


@routes("GET", "/help_center/collections/{id}", (2, 10))
def get_collection(call: Call) -> Result:
    """One collection."""
    return _load(call, "collections")


@routes("DELETE", "/help_center/collections/{id}", (2, 10))
def delete_collection(call: Call) -> Result:
    """Delete for good."""
    return _delete(call, "collections", "collection")


@routes("POST", "/help_center/collections", (2, 10))
def create_collection(call: Call) -> Result:
    """Create a collection."""
    name = call.fields.text("name")
    if not name:
        raise missing("Name is a required parameter.")
    document: JsonObject = {
        "id": str(call.store.next_id("collection")),
        "workspace_id": call.workspace.id_code,
        "name": name,
        "description": "",
        "created_at": call.now,
        "url": None,
        "icon": "book-bookmark",
        "order": call.store.scalar("SELECT count(*) + 1 FROM collections"),
        "default_locale": "en",
        "parent_id": None,
        "help_center_id": call.fields.integer("help_center_id") or 1,
    }
    return _save(call, "collections", {**document, **_collection_changes(call)})


@routes("PUT", "/help_center/collections/{id}", (2, 10))
def update_collection(call: Call) -> Result:
    """Change what the body names."""
    document = _load(call, "collections")
    if call.fields.given("name"):
        document["name"] = call.fields.needed("name")
    return _save(call, "collections", {**document, **_collection_changes(call)})


def _collection_changes(call: Call) -> JsonObject:
    fields = call.fields
    changes: JsonObject = {"updated_at": call.now}
    if fields.given("description"):
        changes["description"] = fields.text("description")
    if fields.given("translated_content"):
        changes["translated_content"] = fields.mapping("translated_content") or None
    if fields.given("parent_id"):
        parent = fields.text("parent_id")
        query = "SELECT 1 FROM collections WHERE id=?"
        known = parent is None or call.store.one(query, number(parent)) is not None
        if not known:
            raise invalid("parent_id must be the id of a collection")
        changes["parent_id"] = parent
    return changes
