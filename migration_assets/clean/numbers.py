"""Numbers as people's programs write them: thousands separators, decimal comma or decimal point.

1,234 alone is one thousand or one and a bit: the column's decimal mark (`profile`) decides, and where the column
does not tell, a number with decimals is refused. A whole number cannot have decimals, so there it is a thousand.
"""

import polars as pl

from migration_assets.clean.parsed import Parsed, judged

_GROUPED = r"^[0-9]{1,3}(?:[., '’][0-9]{3})+$"
_UNSURE = r"^[1-9][0-9]{0,2}[.,][0-9]{3}$"
_SAFE_DIGITS = 15


def read_integers(text: pl.Series, mark: pl.Series) -> Parsed:
    """Read whole numbers; `mark` is the file's decimal mark ('.', ',', 'mixed' or NULL) per row."""
    # Where nothing in the column shows decimals, 1.234 and 1,234 can only be a thousand: the other mark is assumed.
    thousands = text.str.extract(r"([.,])[0-9]{3}$", 1)
    opposite = pl.when(thousands == ",").then(pl.lit(".")).otherwise(pl.lit(","))
    assumed = pl.select(pl.when(mark.is_null()).then(opposite).otherwise(mark)).to_series()
    values = _values(text, assumed)
    # A float that is exact and one that is 10^20 look alike: only what no digit was lost of is a whole number.
    exact = (values == values.round()) & (values.abs() < 10**_SAFE_DIGITS)
    whole = pl.select(pl.when(exact).then(values)).to_series()
    return judged(text, whole.cast(pl.Int64), "bad_number")


def read_numbers(text: pl.Series, mark: pl.Series) -> Parsed:
    """Read numbers with decimals; more than 15 digits are refused, because a computer's number loses the rest."""
    return judged(text, _values(text, mark), "bad_number")


def _values(text: pl.Series, mark: pl.Series) -> pl.Series:
    """Return the numbers as floats; NULL where the mark is needed and `mark` does not tell."""
    frame = pl.DataFrame({"text": text.str.strip_prefix("+"), "mark": mark.cast(pl.String)})
    frame = frame.with_columns(
        pl.col("text").str.starts_with("-").alias("negative"), pl.col("text").str.strip_prefix("-").alias("digits")
    )
    digits = pl.col("digits")
    last = digits.str.extract(r"([.,])[0-9]+$", 1)
    both = digits.str.contains(",", literal=True) & digits.str.contains(".", literal=True)
    told = pl.when(pl.col("mark").is_in([".", ","])).then(pl.col("mark"))
    # Several groups, or a space between them, leave no doubt; neither do two different marks.
    grouped = digits.str.contains(_GROUPED) & (digits.str.count_matches(r"[., '’]") > 1) & ~both
    decimal = (
        pl.when(digits.str.contains(_UNSURE)).then(told)
        .when(grouped | last.is_null()).then(pl.lit("none"))
        .otherwise(last)
        .alias("decimal")
    )  # fmt: skip
    frame = frame.with_columns(decimal)
    with_comma = digits.str.replace_all(r"[. '’]", "").str.replace(",", ".", literal=True)
    plain = (
        pl.when(pl.col("decimal") == ",").then(with_comma)
        .when(pl.col("decimal") == ".").then(digits.str.replace_all(r"[, '’]", ""))
        .when(pl.col("decimal") == "none").then(digits.str.replace_all(r"[., '’]", ""))
    )  # fmt: skip
    frame = frame.with_columns(plain.alias("plain"))
    few = pl.col("plain").str.count_matches(r"[0-9]") <= _SAFE_DIGITS
    number = pl.when(few).then(pl.col("plain")).cast(pl.Float64, strict=False)
    return frame.select(pl.when("negative").then(-number).otherwise(number).alias("value")).to_series()
