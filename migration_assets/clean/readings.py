"""Ids that a program has formatted: the forms in which 101 may stand in a file, each undone by one expression.

A reading makes an id's plain form. Two ids are the same record under a reading where their plain forms are equal;
several readings are applied one after another, in the order of `READINGS`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from migration_assets.clean.tidy import DIGITS

_BETWEEN = "[ .,''’_٬，]"
_PREFIXED = "^(.*[\\p{L}#].*[^0-9]|.*[\\p{L}#])([0-9]+)$"
_GROUPS = f"[0-9]{{1,3}}(?:{_BETWEEN}[0-9]{{2,3}})*{_BETWEEN}[0-9]{{3}}"


@dataclass(frozen=True, slots=True)
class IdForm:
    """One reading: the SQL that makes the plain form of `{x}`, and how a sentence names it."""

    sql: str
    words: str
    of_the_key: bool = True
    """Whether the plain form is the better key: 101 is, where the key's own column has 101.0."""
    constant: str = ""
    """SQL of the part of `{x}` that the reading takes away, if it is one only where every id has the same."""


READINGS: dict[str, IdForm] = {
    "plain_digits": IdForm(
        f"CASE WHEN regexp_matches({{x}}, '[^\\x00-\\x7F]') "
        f"THEN translate({{x}}, '{''.join(DIGITS)}', '{''.join(DIGITS.values())}') ELSE {{x}} END",
        "in our digits",
    ),
    "drop_prefix": IdForm(
        f"regexp_replace({{x}}, '{_PREFIXED}', '\\2')",
        "without the letters or marks that they all begin with",
        of_the_key=False,
        constant=f"nullif(regexp_extract({{x}}, '{_PREFIXED}', 1), '')",
    ),
    "drop_decimal": IdForm(
        f"regexp_replace(regexp_replace({{x}}, '^([0-9]+)[.,٫]0*$', '\\1'), '^({_GROUPS})[.,٫]0{{1,2}}$', '\\1')",
        "without the decimals",
    ),
    "drop_separators": IdForm(
        f"CASE WHEN regexp_full_match({{x}}, '{_GROUPS}') THEN regexp_replace({{x}}, '{_BETWEEN}', '', 'g') ELSE {{x}} "
        "END",
        "without what separates the thousands",
    ),
    "drop_zeros": IdForm(
        "regexp_replace({x}, '^0+([0-9]+)$', '\\1')", "whatever zeros they begin with", of_the_key=False
    ),
    "ignore_case": IdForm("lower({x})", "whether letters are small or large", of_the_key=False),
}
"""Every reading by the name that `ids` in mapping.yaml uses."""

AS_IT_STANDS = "as_it_stands"


def plain_form(readings: Sequence[str], expression: str) -> str:
    """Return the SQL of an id's plain form under some readings; with none, the id itself."""
    for name, form in READINGS.items():
        if name in readings:
            expression = form.sql.replace("{x}", expression)
    return expression


def as_list(readings: str | Sequence[str] | None) -> list[str]:
    """Return the readings of a mapping line; none for an id that is read as it stands."""
    named = [readings] if isinstance(readings, str) else list(readings or ())
    return [name for name in named if name != AS_IT_STANDS]
