"""Which contact belongs to which company: attach, detach, list from either side."""

from embedded_intercom.api import lookups
from embedded_intercom.api.paging import asked_by_number, by_number
from embedded_intercom.api.routing import Call, Result, Routes
from embedded_intercom.protocol.errors import ApiError, missing, not_found
from embedded_intercom.records import shapes
from embedded_intercom.routes.companies import document

routes = Routes()

MAX_COMPANIES_PER_CONTACT = 1000


@routes("POST", "/contacts/{contact_id}/companies")
def attach(call: Call) -> Result:
    """Attach a company, by Intercom's id, to a contact; again is no error."""
    contact = lookups.contact(call, call.params["contact_id"])
    key = call.fields.text("id")
    if not key:
        raise missing("company not specified")
    company = lookups.company(call, key)
    link(call, contact["id"], company["id"])
    return document(call, company["id"])


def link(call: Call, contact_id: str, company_id: str) -> None:
    """Attach a company to a contact, unless it is there; 400 above the limit of companies per contact."""
    pair = (contact_id, company_id)
    if call.store.one("SELECT 1 FROM contact_companies WHERE contact_id=? AND company_id=?", *pair) is not None:
        return
    count = call.store.scalar("SELECT count(*) FROM contact_companies WHERE contact_id=?", [contact_id])
    if count >= MAX_COMPANIES_PER_CONTACT:
        message = f"Contact has reached the maximum of {MAX_COMPANIES_PER_CONTACT} company associations"
        raise ApiError(400, "contact_company_limit_exceeded", message)
    call.store.insert("contact_companies", contact_id=contact_id, company_id=company_id, at=call.now)
    call.store.run("UPDATE companies SET user_count=user_count+1 WHERE id=?", company_id)


def unlink(call: Call, contact_id: str, company_id: str) -> bool:
    """Detach a company from a contact; False when it was not attached."""
    gone = call.store.run("DELETE FROM contact_companies WHERE contact_id=? AND company_id=?", contact_id, company_id)
    if gone:
        call.store.run("UPDATE companies SET user_count=user_count-1 WHERE id=?", company_id)
    return bool(gone)


@routes("DELETE", "/contacts/{contact_id}/companies/{id}")
def detach(call: Call) -> Result:
    """Detach a company from a contact."""
    contact = lookups.contact(call, call.params["contact_id"])
    company = lookups.company(call, call.params["id"])
    if not unlink(call, contact["id"], company["id"]):
        raise not_found("Company Not Found", "company_not_found")
    return document(call, company["id"])


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
    data = [shapes.company(call.store, row, call.workspace.id_code) for row in rows]
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
