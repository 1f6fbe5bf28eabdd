"""Which columns the sample's files have, and in which order: ITCO's own, then the custom fields."""

from schemas.source import OBJECTS

_CUSTOM = {
    "companies": ("cf_contract_end", "cf_seats"),
    "customers": ("cf_vip", "cf_language"),
    "tickets": ("cf_region", "cf_modules", "cf_order_value", "cf_escalated", "cf_order_number"),
}

COLUMNS: dict[str, tuple[str, ...]] = {
    name: (*(column.name for column in item.columns), *_CUSTOM.get(name, ())) for name, item in OBJECTS.items()
}
"""The columns of each object's rows as the generator builds them."""
