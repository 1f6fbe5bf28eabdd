"""Companies: search (Preview), in pages by cursor."""

from zoneinfo import ZoneInfo

from embedded_intercom.api.paging import Keyset, asked_in_body, by_cursor
from embedded_intercom.api.routing import Call, Result, Routes
from embedded_intercom.api.search import Compiler, Field
from embedded_intercom.protocol.errors import ApiError
from embedded_intercom.protocol.versions import PREVIEW
from embedded_intercom.records import shapes

routes = Routes()

_DATES = ("created_at", "updated_at", "remote_created_at", "last_request_at")
_TAGGED = "EXISTS (SELECT 1 FROM company_tags WHERE company_id=companies.id AND {})"
_FIELDS = {
    "company_id": Field("company_id"),
    "name": Field("name"),
    **{name: Field(name, "moment") for name in _DATES},
    "monthly_spend": Field("coalesce(monthly_spend, 0)", "count"),
    "session_count": Field("0", "count"),
    "user_count": Field("user_count", "count"),
    "tag_id": Field("tag_id", "tag", _TAGGED),
}
_CUSTOM = "custom_attributes."
_KINDS = {"integer": "count", "float": "number", "boolean": "boolean", "date": "moment", "datetime": "moment"}
_PER_PAGE = 15


def _unknown(name: str) -> ApiError:
    return ApiError(400, "invalid_field", f"{name} is not a valid search field")


@routes("POST", "/companies/search", PREVIEW)
def search(call: Call) -> Result:
    """Companies with contacts, by filters; those created within the search lag are not found yet."""

    def custom(name: str) -> Field | None:
        return _custom_field(call, name)

    zone = ZoneInfo(call.workspace.about["timezone"])
    clause, values = Compiler(_FIELDS, zone, custom, _unknown).compile(call.fields.raw("query"))
    order, descending = _sort(call)
    until = call.now - call.workspace.options.search_lag
    where = f"archived=0 AND user_count>0 AND created_at<=? AND ({clause})"
    keyset = Keyset("companies", where, [until, *values], order, "seq", descending)
    rows, total, pages = by_cursor(call, keyset, asked_in_body(call, default=_PER_PAGE))
    data = [shapes.company(call.store, row, call.workspace.id_code) for row in rows]
    return {"type": "list", "data": data, "total_count": total, "pages": pages}


def _sort(call: Call) -> tuple[str, bool]:
    sort = call.fields.mapping("sort")
    order, name = sort.get("order", "descending"), sort.get("field")
    if order not in {"ascending", "descending"}:
        message = f"Invalid sort order '{order}'. Must be one of: ascending, descending"
        raise ApiError(400, "invalid_sort_order", message)
    if name is None:
        return "seq", order == "descending"
    if name not in _FIELDS or name == "tag_id":
        raise _unknown(str(name))
    return f"coalesce({_FIELDS[name].expression}, '')", order == "descending"


def _custom_field(call: Call, name: str) -> Field | None:
    if not name.startswith(_CUSTOM):
        return None
    short = name.removeprefix(_CUSTOM)
    kind = call.store.scalar("SELECT data_type FROM data_attributes WHERE model='company' AND name=?", [short])
    if kind is None:
        return None
    # The name went through a lookup and holds letters, digits, spaces, hyphens and currency signs only.
    return Field(f"json_extract(custom_attributes, '$.\"{short}\"')", _KINDS.get(kind, "string"))
