"""Numbers and plurals as people read them."""


def number(value: float) -> str:
    """Return a count with thousands separators: 12,345."""
    return f"{value:,.0f}"


def counted(value: int, one: str, many: str | None = None) -> str:
    """Return a count with its noun: 1 row, 2 rows; `many` is the plural where it is not `one` + s."""
    return f"{number(value)} {one if value == 1 else many or one + 's'}"
