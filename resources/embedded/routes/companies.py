"""Companies: upsert by company_id, read, list, scroll, attach to contacts, archive."""

import json
import uuid
from typing import Any

from resources.embedded import lookups, shapes
from resources.embedded.custom_values import merge_people_data
from resources.embedded.errors import ApiError, invalid, missing, not_found
from resources.embedded.pages import asked_by_number, by_number
from resources.embedded.routes.contacts import new_key
from resources.embedded.routing import Call, Result, Routes
from resources.embedded.store import to_json

routes = Routes()

MAX_COMPANIES_PER_CONTACT = 1000
LIST_LIMIT = 10_000
SCROLL_PAGE = 100
SCROLL_SECONDS = 60
MAX_SPEND = 2147483647

_TEXTS = ("name", "plan", "website", "industry")
_CREATE_ONLY = ("company_id", "remote_created_at", "update_last_request_at")
_SHARED = (*_TEXTS, "size", "monthly_spend", "custom_attributes")


def _document(call: Call, key: str) -> Result:
    row = call.store.all("SELECT * FROM companies WHERE id=?", [key])[0]
    return shapes.company(row, call.workspace.id_code)


def _refuse_unknown(call: Call, known: tuple[str, ...]) -> None:
    unknown = next((name for name in call.body if name not in known), None)
    if unknown is not None:
        raise ApiError(400, "bad_request", f"bad '{unknown}' parameter", null_request_id=True)


def _columns(call: Call) -> dict[str, Any]:
    fields = call.fields
    columns: dict[str, Any] = {name: fields.text(name) for name in _TEXTS if fields.given(name)}
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
    company_id = call.fields.text("company_id")
    if not company_id:
        raise missing("company_id is a required parameter")
    row = call.store.one("SELECT * FROM companies WHERE company_id=?", company_id)
    present = json.loads(row["custom_attributes"]) if row else {}
    attributes = merge_people_data(call.store, "company", present, call.fields.mapping("custom_attributes"))
    columns = {**_columns(call), "custom_attributes": to_json(attributes), "updated_at": call.now}
    if row is not None:
        call.store.update("companies", row["id"], **columns, archived=0)
        return _document(call, row["id"])
    seq, key = new_key(call, "company")
    call.store.insert("companies", seq=seq, id=key, company_id=company_id, created_at=call.now, **columns)
    return _document(call, key)


@routes("PUT", "/companies/{id}")
def update(call: Call) -> Result:
    """Update by Intercom's id; company_id cannot be changed."""
    _refuse_unknown(call, _SHARED)
    row = lookups.company(call, call.params["id"])
    present = json.loads(row["custom_attributes"])
    attributes = merge_people_data(call.store, "company", present, call.fields.mapping("custom_attributes"))
    columns = {**_columns(call), "custom_attributes": to_json(attributes), "updated_at": call.now}
    call.store.update("companies", row["id"], **columns)
    return _document(call, row["id"])


@routes("GET", "/companies")
def find_or_list(call: Call) -> Result:
    """One company by `company_id` or `name`, with or without contacts; without them, the list."""
    for column in ("company_id", "name"):
        if column in call.query:
            row = call.store.one(
                f"SELECT * FROM companies WHERE {column}=? AND archived=0 ORDER BY seq LIMIT 1", call.query[column]
            )
            if row is None:
                raise not_found("Company Not Found", "company_not_found")
            return shapes.company(row, call.workspace.id_code)
    return list_companies(call)


@routes("POST", "/companies/list")
def list_companies(call: Call) -> Result:
    """Companies with contacts, by page; stops at 10,000."""
    asked = asked_by_number(call, default=15, largest=60)
    if asked.offset + asked.per_page > LIST_LIMIT:
        raise invalid("page limit reached, please use scroll API")
    where = "archived=0 AND user_count>0"
    total = call.store.scalar(f"SELECT count(*) FROM companies WHERE {where}")
    rows = call.store.all(
        f"SELECT * FROM companies WHERE {where} ORDER BY seq LIMIT ? OFFSET ?", [asked.per_page, asked.offset]
    )
    data = [shapes.company(row, call.workspace.id_code) for row in rows]
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
    data = [shapes.company(row, call.workspace.id_code) for row in rows]
    return {"type": "list", "data": data, "pages": None, "total_count": None, "scroll_param": param}


@routes("GET", "/companies/{id}")
def get(call: Call) -> Result:
    """One company by Intercom's id."""
    return shapes.company(lookups.company(call, call.params["id"]), call.workspace.id_code)


@routes("DELETE", "/companies/{id}")
def delete(call: Call) -> Result:
    """Archive the company and detach its contacts."""
    row = lookups.company(call, call.params["id"])
    call.store.run("DELETE FROM contact_companies WHERE company_id=?", row["id"])
    call.store.update("companies", row["id"], archived=1, user_count=0, updated_at=call.now)
    return {"id": row["id"], "object": "company", "deleted": True}


@routes("POST", "/contacts/{contact_id}/companies")
def attach(call: Call) -> Result:
    """Attach a company, by Intercom's id, to a contact; again is no error."""
    contact = lookups.contact(call, call.params["contact_id"])
    key = call.fields.text("id")
    if not key:
        raise missing("company not specified")
    company = lookups.company(call, key)
    count = call.store.scalar("SELECT count(*) FROM contact_companies WHERE contact_id=?", [contact["id"]])
    there = call.store.one(
        "SELECT 1 FROM contact_companies WHERE contact_id=? AND company_id=?", contact["id"], company["id"]
    )
    if there is None and count >= MAX_COMPANIES_PER_CONTACT:
        message = f"Contact has reached the maximum of {MAX_COMPANIES_PER_CONTACT} company associations"
        raise ApiError(400, "contact_company_limit_exceeded", message)
    if there is None:
        call.store.insert("contact_companies", contact_id=contact["id"], company_id=company["id"], at=call.now)
        call.store.run("UPDATE companies SET user_count=user_count+1 WHERE id=?", company["id"])
    return _document(call, company["id"])


@routes("DELETE", "/contacts/{contact_id}/companies/{id}")
def detach(call: Call) -> Result:
    """Detach a company from a contact."""
    contact = lookups.contact(call, call.params["contact_id"])
    company = lookups.company(call, call.params["id"])
    gone = call.store.run(
        "DELETE FROM contact_companies WHERE contact_id=? AND company_id=?", contact["id"], company["id"]
    )
    if not gone:
        raise not_found("Company Not Found", "company_not_found")
    call.store.run("UPDATE companies SET user_count=user_count-1 WHERE id=?", company["id"])
    return _document(call, company["id"])


@routes("GET", "/contacts/{contact_id}/companies")
def companies_of_contact(call: Call) -> Result:
    """The companies of a contact, by page."""
    contact = lookups.contact(call, call.params["contact_id"])
    asked = asked_by_number(call, default=50, largest=150)
    total = call.store.scalar("SELECT count(*) FROM contact_companies WHERE contact_id=?", [contact["id"]])
    rows = call.store.all(
        "SELECT companies.* FROM contact_companies AS pair JOIN companies ON companies.id=pair.company_id "
        "WHERE pair.contact_id=? ORDER BY pair.at, seq LIMIT ? OFFSET ?",
        [contact["id"], asked.per_page, asked.offset],
    )
    data = [shapes.company(row, call.workspace.id_code) for row in rows]
    return {"type": "list", "data": data, "pages": by_number(call, asked, total), "total_count": total}


@routes("GET", "/companies/{id}/contacts")
def contacts_of_company(call: Call) -> Result:
    """The contacts of a company, by page."""
    company = lookups.company(call, call.params["id"])
    asked = asked_by_number(call, default=50, largest=150)
    rows = call.store.all(
        "SELECT contacts.* FROM contact_companies AS pair JOIN contacts ON contacts.id=pair.contact_id "
        "WHERE pair.company_id=? ORDER BY seq LIMIT ? OFFSET ?",
        [company["id"], asked.per_page, asked.offset],
    )
    data = [shapes.contact(call.store, row, call.workspace.id_code) for row in rows]
    total = company["user_count"]
    return {"type": "list", "data": data, "pages": by_number(call, asked, total), "total_count": total}
