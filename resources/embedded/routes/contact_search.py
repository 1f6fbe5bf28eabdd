"""Contacts: list and search, in pages by cursor."""

from zoneinfo import ZoneInfo

from resources.embedded import shapes
from resources.embedded.checks import JsonObject
from resources.embedded.errors import ApiError, invalid
from resources.embedded.pages import Asked, Keyset, asked_in_body, asked_in_query, by_cursor
from resources.embedded.routing import Call, Result, Routes
from resources.embedded.search import Compiler, Field
from resources.embedded.store import Value

routes = Routes()

_DATES = ("created_at", "updated_at", "signed_up_at", "last_seen_at", "last_replied_at")
_FIELDS = {
    **{name: Field(name) for name in ("id", "role", "name", "phone", "external_id", "owner_id", "avatar")},
    "email": Field("email", "email"),
    "email_domain": Field("substr(email, instr(email, '@') + 1)", "email"),
    "unsubscribed_from_emails": Field("unsubscribed", "boolean"),
    "tag_id": Field("NULL", "tag"),
}
_SORTABLE = {*_DATES, "name", "email"}
_CUSTOM = "custom_attributes."
_KINDS = {"string": "string", "options": "string", "integer": "integer", "float": "number", "boolean": "boolean"}


@routes("GET", "/contacts")
def list_contacts(call: Call) -> Result:
    """Every contact that is not archived, oldest first."""
    return _page(call, "1", [], asked_in_query(call, default=10), call.now, "seq", descending=False)


@routes("POST", "/contacts/search")
def search(call: Call) -> Result:
    """Contacts by filters; those created within the search lag are not found yet."""
    zone = ZoneInfo(call.workspace.about["timezone"])
    # Until 2.16 dates are compared by day; Preview compares exact seconds.
    kind = "date" if call.preview else "day"
    fields = {**_FIELDS, **{name: Field(name, kind) for name in _DATES}}

    def custom(name: str) -> Field | None:
        return _custom_field(call, name, kind)

    clause, values = Compiler(fields, zone, custom).compile(call.fields.raw("query"))
    order, descending = _sort(call)
    asked = asked_in_body(call, default=50)
    return _page(
        call, clause, values, asked, call.now - call.workspace.options.search_lag, order, descending=descending
    )


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


def _custom_field(call: Call, name: str, date_kind: str) -> Field | None:
    if not name.startswith(_CUSTOM):
        return None
    short = name.removeprefix(_CUSTOM)
    kind = call.store.scalar("SELECT data_type FROM data_attributes WHERE model='contact' AND name=?", [short])
    if kind is None:
        return None
    # The name went through a lookup and holds letters, digits, spaces, hyphens and currency signs only.
    return Field(f"json_extract(custom_attributes, '$.\"{short}\"')", _KINDS.get(kind, date_kind))


def _page(
    call: Call, clause: str, values: list[Value], asked: Asked, until: int, order: str, *, descending: bool
) -> JsonObject:
    where = f"archived=0 AND merged_into IS NULL AND indexed_at<=? AND ({clause})"
    keyset = Keyset("contacts", where, [until, *values], order, "seq", descending)
    rows, total, pages = by_cursor(call, keyset, asked)
    data = [shapes.contact(call.store, row, call.workspace.id_code) for row in rows]
    return {"type": "list", "data": data, "total_count": total, "pages": pages}
