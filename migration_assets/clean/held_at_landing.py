"""The keys of records that were held back while landing, as far as their text tells them.

Such a record has no columns: its fields do not fit the header, or a quote is out of place. Its first fields stand
where they should nearly always; what belongs to it must not be told that no file has it.
"""

import duckdb

from resources.warehouse import scalar
from schemas.source import OBJECTS

_KEYS = """
UPDATE quarantine.faults AS fault
SET key = nullif(trim(list_extract(string_split(fault.raw, place.mark), place.number), ' "''' || chr(13)), '')
FROM (
    SELECT
        file, any_value(delimiter) AS mark,
        any_value(list_position(json_extract_string(header_evidence, '$[*].column'), ?)) AS number
    FROM raw.files WHERE object = ? GROUP BY file
) AS place
WHERE fault.file = place.file AND fault.object = ? AND fault.stage = 'land' AND fault.key IS NULL
    AND fault.raw IS NOT NULL AND fault.rule NOT IN ('repeated_header', 'totals_row') AND place.number > 0
"""


def held_keys(connection: duckdb.DuckDBPyConnection, object_name: str) -> None:
    """Write the keys of the object's records that were held back while landing into `quarantine.faults`."""
    waiting = "SELECT count(*) FROM quarantine.faults WHERE object = ? AND stage = 'land' AND key IS NULL"
    key = OBJECTS[object_name].key
    if len(key) == 1 and scalar(connection, waiting, [object_name]):
        connection.execute(_KEYS, [key[0], object_name, object_name])
