"""How a header, or the name of a custom field, becomes the name of a column: one way for landing and for cleaning."""

import re
import unicodedata


def normalise(text: str) -> str:
    """Return `text` as a column name: lower case, no accents, runs of other than letters and digits as one `_`."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
    return re.sub(r"[\W_]+", "_", plain).strip("_")
