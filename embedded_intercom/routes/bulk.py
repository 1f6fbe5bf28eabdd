"""Bulk creation, change and deletion of contacts and companies (Preview): up to 100 records a request, done later."""

from collections.abc import Callable
from typing import Any

from embedded_intercom.api import lookups
from embedded_intercom.api.later import later
from embedded_intercom.api.routing import Call, Result, Routes
from embedded_intercom.api.workspace import RunningWorkspace
from embedded_intercom.protocol.checks import JsonObject, number
from embedded_intercom.protocol.errors import ApiError, invalid
from embedded_intercom.protocol.versions import PREVIEW
from embedded_intercom.records import bulk_jobs
from embedded_intercom.routes import companies, contact_companies, contact_tags, contacts

routes = Routes()

_CONTACT = (
    *("external_id", "email", "name", "phone", "avatar", "owner_id", "unsubscribed_from_emails"),
    *("language_override", "custom_attributes"),
)
_COMPANY = (
    *("name", "plan", "size", "website", "industry", "custom_attributes", "remote_created_at", "monthly_spend"),
    "update_last_request_at",
)
FIELDS = {
    ("contact", "create"): (*_CONTACT, "role", "signed_up_at", "last_seen_at"),
    ("contact", "update"): _CONTACT,
    ("company", "create"): (*_COMPANY, "company_id"),
    ("company", "update"): _COMPANY,
}
"""What an item may set; anything else in it is ignored."""


@routes("POST", "/contacts/bulk", PREVIEW)
def create_contacts(call: Call) -> Result:
    """Create contacts; an item whose external_id or email is taken is rejected."""
    return bulk_jobs.submit(call, "contact", "create")


@routes("PUT", "/contacts/bulk", PREVIEW)
def update_contacts(call: Call) -> Result:
    """Change contacts by id."""
    return bulk_jobs.submit(call, "contact", "update")


@routes("POST", "/contacts/bulk/delete", PREVIEW)
def delete_contacts(call: Call) -> Result:
    """Delete contacts by id, for good."""
    return bulk_jobs.submit(call, "contact", "delete")


@routes("GET", "/contacts/bulk/{id}", PREVIEW)
def contacts_job(call: Call) -> Result:
    """How far a job of contacts has come."""
    return bulk_jobs.document(call, bulk_jobs.find(call, "contact", call.params["id"]))


@routes("POST", "/companies/bulk", PREVIEW)
def upsert_companies(call: Call) -> Result:
    """Create or update companies by company_id."""
    return bulk_jobs.submit(call, "company", "create")


@routes("PUT", "/companies/bulk", PREVIEW)
def update_companies(call: Call) -> Result:
    """Update companies by id; an unknown one is never created."""
    return bulk_jobs.submit(call, "company", "update")


@routes("POST", "/companies/bulk/delete", PREVIEW)
def delete_companies(call: Call) -> Result:
    """Archive companies by id and detach their contacts."""
    return bulk_jobs.submit(call, "company", "delete")


@routes("GET", "/companies/bulk/{id}", PREVIEW)
def companies_job(call: Call) -> Result:
    """How far a job of companies has come."""
    return bulk_jobs.document(call, bulk_jobs.find(call, "company", call.params["id"]))


@later("bulk")
def work(workspace: RunningWorkspace, noted: dict[str, Any]) -> None:
    """Do a task: each item by itself, the others going on when one is refused."""
    failed = 0
    for item in noted["items"]:
        try:
            with workspace.store.attempt():
                _WORK[noted["kind"], noted["action"]](_call(workspace, noted["kind"], noted["action"], item), item)
        except ApiError:
            failed += 1
    workspace.store.update("bulk_tasks", noted["task"], completed_at=int(noted["due"]), failed=failed)


def _call(workspace: RunningWorkspace, kind: str, action: str, item: JsonObject) -> Call:
    """Return the single call that an item stands for."""
    body = {name: item[name] for name in FIELDS.get((kind, action), ()) if name in item}
    endpoint = f"{bulk_jobs.PLURALS[kind]} bulk {action}"
    return Call("", "", {}, {}, b"", "", workspace, PREVIEW, endpoint, {"id": str(item.get("id"))}, body)


def _create_contact(call: Call, item: JsonObject) -> None:
    _belongings(call, contacts.create_contact(call), item)


def _update_contact(call: Call, item: JsonObject) -> None:
    _belongings(call, contacts.update_contact(call), item)


def _delete_contact(call: Call, item: JsonObject) -> None:
    contacts.remove(call, lookups.contact(call, item["id"], archived=True)["id"])


def _upsert_company(call: Call, item: JsonObject) -> None:  # noqa: ARG001 - the body is in the call
    companies.upsert_company(call)


def _update_company(call: Call, item: JsonObject) -> None:  # noqa: ARG001 - the body is in the call
    companies.update_company(call)


def _delete_company(call: Call, item: JsonObject) -> None:
    companies.archive(call.workspace, {"id": lookups.company(call, item["id"])["id"], "due": call.now})


_WORK: dict[tuple[str, str], Callable[[Call, JsonObject], None]] = {
    ("contact", "create"): _create_contact,
    ("contact", "update"): _update_contact,
    ("contact", "delete"): _delete_contact,
    ("company", "create"): _upsert_company,
    ("company", "update"): _update_company,
    ("company", "delete"): _delete_company,
}


def _belongings(call: Call, contact_id: str, item: JsonObject) -> None:
    """Attach the companies of an item, made if need be, and put its tags on; unknown tags are skipped."""
    for given in _objects(item.get("companies"), "companies"):
        _company(call, contact_id, given)
    tags = item.get("tags") or {}
    if not isinstance(tags, dict):
        raise invalid("tags must be an object")
    for way, change in (("add", contact_tags.put_on), ("remove", contact_tags.take_off)):
        for given in _objects(tags.get(way), way):
            key = number(str(given.get("id")))
            if key is not None and call.store.one("SELECT 1 FROM tags WHERE id=?", key) is not None:
                change(call, contact_id, key)


def _objects(given: Any, name: str) -> list[JsonObject]:  # noqa: ANN401 - not yet checked
    if given is None:
        return []
    if not isinstance(given, list) or not all(isinstance(one, dict) for one in given):
        raise invalid(f"{name} must be an array of objects")
    return given


def _company(call: Call, contact_id: str, given: JsonObject) -> None:
    if given.get("remove") is True:
        row = lookups.company_by(call, str(given.get("company_id")))
        contact_companies.unlink(call, contact_id, row["id"])
        return
    named: JsonObject = {name: given[name] for name in ("company_id", "name") if name in given}
    made = companies.upsert_company(_call(call.workspace, "company", "create", named))
    contact_companies.link(call, contact_id, made)
