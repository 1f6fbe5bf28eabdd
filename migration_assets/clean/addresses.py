"""E-mail addresses and phone numbers, judged by maintained libraries (email-validator, phonenumbers).

The libraries take one text at a time; they are asked once per distinct text of a batch, and answers are kept for
the next batch.
"""

from functools import lru_cache

import phonenumbers
import polars as pl
from email_validator import EmailNotValidError, validate_email

from migration_assets.clean.list_cells import unwrapped
from migration_assets.clean.nothing import folded_word
from migration_assets.clean.parsed import Parsed

_KEPT_ANSWERS = 100_000


@lru_cache(maxsize=_KEPT_ANSWERS)
def valid_address(address: str) -> str | None:
    """Return the address in lower case, or None when no mail system would take it. Nothing is looked up."""
    try:
        return validate_email(address, check_deliverability=False).normalized.lower()
    except EmailNotValidError:
        return None


@lru_cache(maxsize=_KEPT_ANSWERS)
def valid_phone(number: str, region: str) -> tuple[str | None, bool]:
    """Return the number in E.164 and whether it had an extension; None when it is not a number in use."""
    try:
        parsed = phonenumbers.parse(number, region or None)
    except phonenumbers.NumberParseException:
        return None, False
    if not phonenumbers.is_valid_number(parsed):
        return None, False
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164), bool(parsed.extension)


def read_emails(text: pl.Series) -> Parsed:
    """Read the first valid address of every cell: bad_email where there is none, several_emails where more stand."""
    pieces = _pieces(text)
    # A piece without @ is a name; one with it that is no address has been left out and must be told.
    meant = pieces.filter(pl.col("piece").str.contains("@", literal=True))
    found = meant.group_by("cell", maintain_order=True).agg(
        pl.col("address").drop_nulls().first(), pl.col("address").n_unique().alias("addresses")
    )
    frame = pl.DataFrame({"text": text}).with_row_index("cell").join(found, on="cell", how="left").sort("cell")
    rule = (
        pl.when(pl.col("text").is_not_null() & pl.col("address").is_null()).then(pl.lit("bad_email"))
        .when(pl.col("addresses") > 1).then(pl.lit("several_emails"))
        .alias("rule")
    )  # fmt: skip
    out = frame.select(pl.col("address").cast(pl.String), rule)
    return Parsed(out["address"], out["rule"])


def read_email_lists(text: pl.Series, nothing: list[str] | None = None) -> Parsed:
    """Read every valid address of every cell, each once; bad_email where one of the pieces is none.

    `nothing` has the words for nothing: such a piece is not told as a bad address.
    """
    pieces = _pieces(unwrapped(text)).filter(~folded_word(pl.col("piece")).is_in(nothing or []))
    found = pieces.group_by("cell", maintain_order=True).agg(
        pl.col("address").drop_nulls().unique(maintain_order=True), pl.col("address").is_null().any().alias("bad")
    )
    frame = pl.DataFrame({"text": text}).with_row_index("cell").join(found, on="cell", how="left").sort("cell")
    rule = pl.when(pl.col("bad")).then(pl.lit("bad_email")).alias("rule")
    words = pl.when(pl.col("address").list.len() > 0).then(pl.col("address")).alias("address")
    out = frame.select(words, rule)
    return Parsed(out["address"], out["rule"])


def _pieces(text: pl.Series) -> pl.DataFrame:
    """Return what every cell consists of: `cell` (row number), `piece`, `address` (NULL: it is none)."""
    # A quoted name may hold commas: "Weber, Anna" <anna@example.com>.
    bare = pl.col("text").str.replace_all(r'"[^"]*"\s*(<)', "$1").str.replace_all(r"(?i)mailto:", "")
    pieces = (
        pl.DataFrame({"text": text})
        .with_row_index("cell")
        .filter(pl.col("text").is_not_null())
        .select("cell", bare.str.split(";").alias("piece"))
        .explode("piece")
        .select("cell", pl.col("piece").str.replace_all(r"[|,\r\n]", ";").str.split(";"))
        .explode("piece")
        .with_columns(pl.col("piece").str.strip_chars(" '\t"))
        .filter(pl.col("piece") != "")
        # Between brackets, or else every word with an @, or else the text as it is, which will be no address.
        .select("cell", _addresses_in("piece").alias("piece"))
        .explode("piece")
    )
    distinct = pieces.select(pl.col("piece").unique())
    answers = distinct.with_columns(
        pl.Series("address", [valid_address(piece) for piece in distinct["piece"]], dtype=pl.String)
    )
    return pieces.join(answers, on="piece", how="left", maintain_order="left")


def _addresses_in(column: str) -> pl.Expr:
    piece = pl.col(column)
    bracketed = piece.str.extract_all(r"<[^<>]*>").list.eval(pl.element().str.strip_chars("<> "))
    words = piece.str.extract_all(r"[^\s<>]+@[^\s<>]+")
    return (
        pl.when(bracketed.list.len() > 0).then(bracketed)
        .when(words.list.len() > 0).then(words)
        .otherwise(pl.concat_list(piece))
    )  # fmt: skip


def read_phones(text: pl.Series, region: str) -> Parsed:
    """Read phone numbers into E.164; `region` (ISO country, may be empty) is that of numbers without country code.

    Rules: bad_phone, several_phones (the first valid is used), phone_extension (it is left out).
    """
    distinct = pl.DataFrame({"text": text.drop_nulls().unique()})
    answers = [_phone(number, region) for number in distinct["text"]]
    known = distinct.with_columns(
        pl.Series("phone", [answer[0] for answer in answers], dtype=pl.String),
        pl.Series("rule", [answer[1] for answer in answers], dtype=pl.String),
    )
    out = pl.DataFrame({"text": text}).join(known, on="text", how="left", maintain_order="left")
    return Parsed(out["phone"], out["rule"])


def _phone(text: str, region: str) -> tuple[str | None, str | None]:
    """Return the number and the rule that the cell breaks."""
    phone, extension = valid_phone(text, region)
    if phone:
        return phone, "phone_extension" if extension else None
    # Only now: a slash or a comma may also stand inside one number.
    pieces = [piece for piece in text.replace(",", ";").replace("/", ";").replace("|", ";").split(";") if piece.strip()]
    valid = [number for number, _ in (valid_phone(piece.strip(), region) for piece in pieces) if number]
    if valid and len(pieces) > 1:
        return valid[0], "several_phones"
    return None, "bad_phone"
