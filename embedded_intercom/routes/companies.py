"""Companies: upsert by company_id, read, list, scroll, archive in the background."""

import json
import sqlite3
import uuid
from typing import Any

from embedded_intercom.api import lookups
from embedded_intercom.api.later import later, postpone
from embedded_intercom.api.paging import asked_by_number, by_number
from embedded_intercom.api.routing import Call, Result, Routes
from embedded_intercom.api.workspace import RunningWorkspace
from embedded_intercom.protocol.checks import JsonObject, number
from embedded_intercom.protocol.errors import ApiError, invalid, missing, not_found
from embedded_intercom.records import shapes
from embedded_intercom.records.custom_values import merge_people_data
from embedded_intercom.records.rewriting import kept_text
from embedded_intercom.routes.contacts import new_key
from embedded_intercom.state.store import Value, to_json

routes = Routes()

LIST_LIMIT = 10_000
SCROLL_PAGE = 100
SCROLL_SECONDS = 60
MAX_SPEND = 2147483647

_TEXTS = ("name", "plan", "website", "industry")
_CREATE_ONLY = ("company_id", "remote_created_at", "update_last_request_at")
_SHARED = (*_TEXTS, "size", "monthly_spend", "custom_attributes")


def document(call: Call, key: str) -> JsonObject:
    """The whole company."""
    row = call.store.all("SELECT * FROM companies WHERE id=?", [key])[0]
    return shapes.company(call.store, row, call.workspace.id_code)


def _refuse_unknown(call: Call, known: tuple[str, ...]) -> None:
    unknown = next((name for name in call.body if name not in known), None)
    if unknown is not None:
        raise ApiError(400, "bad_request", f"bad '{unknown}' parameter", null_request_id=True)


def _columns(call: Call) -> dict[str, Any]:
    fields = call.fields
    columns: dict[str, Any] = {name: fields.text(name) for name in _TEXTS if fields.given(name)}
    if "name" in columns:
        columns["name"] = kept_text(call, columns["name"])
    if fields.given("size"):
        columns["size"] = fields.integer("size")
    if fields.given("monthly_spend"):
        columns["monthly_spend"] = _spend(fields.raw("monthly_spend"))
    if fields.given("remote_created_at"):
        columns["remote_created_at"] = fields.time("remote_created_at")
    if fields.boolean("update_last_request_at"):
        columns["last_request_at"] = call.now
    return columns


def _spend(value: object) -> int | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or abs(value) > MAX_SPEND:
        raise invalid(f"monthly_spend must be a number up to {MAX_SPEND}")
    return int(value)


@routes("POST", "/companies")
def upsert(call: Call) -> Result:
    """Create the company with this company_id, or update it; an archived one comes back."""
    _refuse_unknown(call, (*_SHARED, *_CREATE_ONLY))
    return document(call, upsert_company(call))


def upsert_company(call: Call) -> str:
    """Create or update the company of the call's body and return Intercom's id; raises like the endpoint."""
    company_id = call.fields.text("company_id")
    if not company_id:
        raise missing("company_id is a required parameter")
    row = call.store.one("SELECT * FROM companies WHERE company_id=?", company_id)
    if row is not None and row["archived"]:
        row = _archived(call, row)
    columns = _written(call, row)
    if row is not None:
        call.store.update("companies", row["id"], **columns, archived=0)
        return str(row["id"])
    seq, key = new_key(call, "company")
    call.store.insert("companies", seq=seq, id=key, company_id=company_id, created_at=call.now, **columns)
    return key


def _archived(call: Call, row: sqlite3.Row) -> sqlite3.Row | None:
    """What posting the company_id of an archived company comes to: that one again, a refusal, or a new one."""
    way = call.behaves("archived_company")
    if way == "refused":
        raise ApiError(409, "conflict", "A company with this company_id has been archived")
    if way == "new":
        call.store.update("companies", row["id"], company_id=f"{row['company_id']} (archived {row['id']})")
        return None
    return row


def _written(call: Call, row: sqlite3.Row | None) -> dict[str, Any]:
    present = json.loads(row["custom_attributes"]) if row else {}
    attributes = merge_people_data(call.store, "company", present, call.fields.mapping("custom_attributes"))
    return {**_columns(call), "custom_attributes": to_json(attributes), "updated_at": call.now}


@routes("PUT", "/companies/{id}")
def update(call: Call) -> Result:
    """Update by Intercom's id; company_id cannot be changed."""
    _refuse_unknown(call, _SHARED)
    return document(call, update_company(call))


def update_company(call: Call) -> str:
    """Update the company of the call's path by its body and return its id; raises like the endpoint."""
    row = lookups.company(call, call.params["id"])
    call.store.update("companies", row["id"], **_written(call, row))
    return str(row["id"])


@routes("GET", "/companies")
def find_or_list(call: Call) -> Result:
    """One company by `company_id` or `name`, with or without contacts; otherwise the list, by tag if asked."""
    for column in ("company_id", "name"):
        if column in call.query:
            return _found(call, column, call.query[column])
    if "segment_id" in call.query:
        return _page(call, "0", [])
    if "tag_id" in call.query:
        worn = "id IN (SELECT company_id FROM company_tags WHERE tag_id=?)"
        return _page(call, worn, [number(call.query["tag_id"])])
    return list_companies(call)


def _found(call: Call, column: str, value: str) -> Result:
    row = call.store.one(f"SELECT * FROM companies WHERE {column}=? AND archived=0 ORDER BY seq LIMIT 1", value)
    if row is None:
        raise not_found("Company Not Found", "company_not_found")
    found = shapes.company(call.store, row, call.workspace.id_code)
    if call.behaves("find_company") == "company":
        return found
    pages = {"type": "pages", "next": None, "page": 1, "per_page": 15, "total_pages": 1}
    return {"type": "list", "data": [found], "pages": pages, "total_count": 1}


@routes("POST", "/companies/list")
def list_companies(call: Call) -> Result:
    """Companies with contacts, by page; stops at 10,000."""
    return _page(call, "1", [])


def _page(call: Call, clause: str, values: list[Value]) -> Result:
    """A page of companies with contacts, the last to make a request first unless `order` says asc."""
    asked = asked_by_number(call, default=20 if call.behaves("page_sizes") == "large" else 15, largest=60)
    if asked.offset + asked.per_page > LIST_LIMIT:
        raise invalid("page limit reached, please use scroll API")
    order = call.query.get("order", call.fields.raw("order") or "desc")
    if order not in ("asc", "desc"):
        raise invalid("order must be asc or desc")
    where = f"archived=0 AND user_count>0 AND {clause}"
    total = call.store.scalar(f"SELECT count(*) FROM companies WHERE {where}", values)
    rows = call.store.all(
        f"SELECT * FROM companies WHERE {where} ORDER BY coalesce(last_request_at, 0) {order}, seq {order} "
        "LIMIT ? OFFSET ?",
        [*values, asked.per_page, asked.offset],
    )
    data = [shapes.company(call.store, row, call.workspace.id_code) for row in rows]
    return {"type": "list", "data": data, "pages": by_number(call, asked, total), "total_count": total}


@routes("GET", "/companies/scroll")
def scroll(call: Call) -> Result:
    """Companies with contacts, 100 at a time; one scroll per app, forgotten a minute after its last page."""
    clock = call.workspace.clock.precise()
    call.store.run("DELETE FROM scrolls WHERE expires<=?", clock)
    param = call.query.get("scroll_param")
    if param is None:
        if call.store.scalar("SELECT count(*) FROM scrolls"):
            raise ApiError(400, "scroll_exists", "scroll already exists for this workspace")
        param = str(uuid.uuid4())
        call.store.insert("scrolls", param=param, after=0, expires=clock + SCROLL_SECONDS)
    after = call.store.scalar("SELECT after FROM scrolls WHERE param=?", [param])
    if after is None:
        raise not_found("scroll parameter not found")
    where = "seq>? AND archived=0 AND user_count>0"
    rows = call.store.all(f"SELECT * FROM companies WHERE {where} ORDER BY seq LIMIT ?", [after, SCROLL_PAGE])
    if rows:
        call.store.run(
            "UPDATE scrolls SET after=?, expires=? WHERE param=?", *(rows[-1]["seq"], clock + SCROLL_SECONDS, param)
        )
    else:
        call.store.run("DELETE FROM scrolls WHERE param=?", param)
    data = [shapes.company(call.store, row, call.workspace.id_code) for row in rows]
    return {"type": "list", "data": data, "pages": None, "total_count": None, "scroll_param": param}


@routes("GET", "/companies/{id}")
def get(call: Call) -> Result:
    """One company by Intercom's id."""
    return document(call, lookups.company(call, call.params["id"])["id"])


@routes("DELETE", "/companies/{id}")
def delete(call: Call) -> Result:
    """Say that the company is deleted; it is archived and loses its contacts in the background."""
    row = lookups.company(call, call.params["id"])
    delay = call.workspace.options.company_delete_delay
    if delay > 0:
        postpone(call.workspace, "company_delete", delay, {"id": row["id"]})
    else:
        archive(call.workspace, {"id": row["id"], "due": call.now})
    return {"id": row["id"], "object": "company", "deleted": True}


@later("company_delete")
def archive(workspace: RunningWorkspace, noted: dict[str, Any]) -> None:
    """Archive a company and detach its contacts; the record is kept."""
    workspace.store.run("DELETE FROM contact_companies WHERE company_id=?", noted["id"])
    workspace.store.update("companies", noted["id"], archived=1, user_count=0, updated_at=int(noted["due"]))
