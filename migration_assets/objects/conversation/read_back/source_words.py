"""How many words of the source's own text Intercom does not show: compared with the source, not with what was sent."""

import duckdb
from duckdb.func import SPECIAL
from duckdb.sqltypes import BIGINT, BOOLEAN, VARCHAR

from migration_assets.objects.conversation.words import missing_words

_FUNCTION = "words_missing_in"
_COUNT = f"""
INSERT INTO observed.fields
WITH missing AS (
    SELECT p.object, p.source_key, p.intercom_id, {_FUNCTION}(s.text, o.value, s.field = 'text') AS words
    FROM observed.fields p
    SEMI JOIN verified.reread r ON r.object = p.object AND r.source_key = p.source_key
    LEFT JOIN target.source_texts s ON s.object = p.object AND s.source_key = p.source_key
    LEFT JOIN observed.fields o ON o.object = p.object AND o.source_key = p.source_key AND o.field = s.field
    WHERE p.object IN ('conversation', 'part') AND p.field = 'present'
)
SELECT object, source_key, intercom_id, 'words_missing', sum(words)::BIGINT::VARCHAR FROM missing GROUP BY ALL
"""


def count_missing_words(connection: duckdb.DuckDBPyConnection) -> None:
    """Add `words_missing` to what was read of conversations and parts."""
    connection.create_function(_FUNCTION, _missing, [VARCHAR, VARCHAR, BOOLEAN], BIGINT, null_handling=SPECIAL)
    try:
        connection.execute(_COUNT)
    finally:
        # The connection alone that made it can take it away, and another could not make it again.
        connection.remove_function(_FUNCTION)


def _missing(source: str | None, shown: str | None, markup: bool | None) -> int:
    """Count the words that are missing; a title or description may be shown as HTML or as text."""
    lost = missing_words(source, shown, markup=True)
    return len(lost if markup or not lost else missing_words(source, shown, markup=False))
