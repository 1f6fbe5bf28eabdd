"""Contacts: list and search, in pages by cursor."""

from zoneinfo import ZoneInfo

from embedded_intercom.api.freshness import searchable_until
from embedded_intercom.api.paging import Asked, Keyset, asked_in_body, asked_in_query, by_cursor
from embedded_intercom.api.routing import Call, Result, Routes
from embedded_intercom.api.search import Compiler, Field
from embedded_intercom.protocol.checks import JsonObject
from embedded_intercom.protocol.errors import ApiError, invalid
from embedded_intercom.routes.contacts import rendered
from embedded_intercom.state.store import Value

routes = Routes()

_DATES = ("created_at", "updated_at", "signed_up_at", "last_seen_at", "last_replied_at")
_EMPTY_DATES = (
    *("last_contacted_at", "last_email_opened_at", "last_email_clicked_at", "ios_last_seen_at"),
    "android_last_seen_at",
)
_EMPTY = (
    *("formatted_phone", "browser", "browser_language", "os", "location.country", "location.region"),
    *("location.city", "ios_app_version", "ios_device", "ios_app_device", "ios_os_version", "ios_app_name"),
    *("ios_sdk_version", "android_app_version", "android_device", "android_app_name", "andoid_sdk_version"),
    "segment_id",
)
"""Searchable fields that nothing in this workspace ever fills; one is misspelt in Intercom's own list."""
_TAGGED = "EXISTS (SELECT 1 FROM contact_tags WHERE contact_id=contacts.id AND {})"
_FIELDS = {
    **{name: Field(name) for name in ("id", "role", "name", "phone", "external_id", "owner_id", "avatar")},
    "language_override": Field("language_override"),
    "email": Field("email", "email"),
    "email_domain": Field("substr(email, instr(email, '@') + 1)", "email"),
    "unsubscribed_from_emails": Field("unsubscribed", "boolean"),
    **{name: Field("0", "boolean") for name in ("marked_email_as_spam", "has_hard_bounced")},
    "tag_id": Field("tag_id", "tag", _TAGGED),
    **{name: Field("NULL") for name in _EMPTY},
}
_SORTABLE = {*_DATES, "name", "email"}
_CUSTOM = "custom_attributes."
_KINDS = {"string": "string", "options": "string", "integer": "integer", "float": "number", "boolean": "boolean"}


@routes("GET", "/contacts")
def list_contacts(call: Call) -> Result:
    """Every contact that is not archived, oldest first; those created within the search lag are not there yet."""
    default = 50 if call.behaves("page_sizes") == "large" else 10
    return _page(call, "1", [], asked_in_query(call, default), "seq", descending=False)


@routes("POST", "/contacts/search")
def search(call: Call) -> Result:
    """Contacts by filters; those created within the search lag are not found yet."""
    # Until 2.16 all dates are compared by the workspace's day. Preview compares stamps by the second, and custom
    # dates by the day of UTC.
    zone = ZoneInfo("UTC" if call.preview else call.workspace.about["timezone"])
    kind = "date" if call.preview else "day"
    dates = {name: Field(name, kind) for name in _DATES} | {name: Field("NULL", kind) for name in _EMPTY_DATES}
    fields = {**_FIELDS, **dates}

    def custom(name: str) -> Field | None:
        return _custom_field(call, name)

    clause, values = Compiler(fields, zone, custom).compile(call.fields.raw("query"))
    order, descending = _sort(call)
    asked = asked_in_body(call, default=50)
    return _page(call, clause, values, asked, order, descending=descending)


def _sort(call: Call) -> tuple[str, bool]:
    sort = call.fields.mapping("sort")
    order, field = sort.get("order", "ascending"), sort.get("field")
    if order not in {"ascending", "descending"}:
        raise ApiError(
            400, "invalid_sort_order", f"Invalid sort order '{order}'. Must be one of: ascending, descending"
        )
    if field is None:
        return "seq", order == "descending"
    if field not in _SORTABLE:
        raise invalid(f"Cannot sort by {field}")
    return f"coalesce({field}, '')", order == "descending"


def _custom_field(call: Call, name: str) -> Field | None:
    if not name.startswith(_CUSTOM):
        return None
    short = name.removeprefix(_CUSTOM)
    kind = call.store.scalar("SELECT data_type FROM data_attributes WHERE model='contact' AND name=?", [short])
    if kind is None:
        return None
    # The name went through a lookup and holds letters, digits, spaces, hyphens and currency signs only.
    return Field(f"json_extract(custom_attributes, '$.\"{short}\"')", _KINDS.get(kind, "day"))


def _page(call: Call, clause: str, values: list[Value], asked: Asked, order: str, *, descending: bool) -> JsonObject:
    until = searchable_until(call)
    where = f"archived=0 AND merged_into IS NULL AND indexed_at<=? AND ({clause})"
    keyset = Keyset("contacts", where, [until, *values], order, "seq", descending)
    rows, total, pages = by_cursor(call, keyset, asked)
    data = [rendered(call, row) for row in rows]
    return {"type": "list", "data": data, "total_count": total, "pages": pages}
