-- Parts that are named as a copy is, of whose records at least half stand in another part, too, and some otherwise.
-- In: {table}, {key} and {values} of a row, the parameter: how copies are named.
WITH entries AS (
    SELECT _file, {key} AS key, md5(concat_ws(chr(31), {values})) AS says
    FROM {table}
    WHERE {key} <> ''
),
compared AS (
    SELECT
        c._file,
        c.key,
        min(o._file) AS other,
        bool_or(o.says = c.says) AS same
    FROM entries c
    LEFT JOIN entries o ON o.key = c.key AND o._file <> c._file
    WHERE regexp_matches(c._file, ?)
    GROUP BY ALL
)
SELECT
    _file AS file,
    _file || ' has ' || count(other) || ' of its ' || count(*) || ' records in common with ' || min(other) || ', and '
    || count(*) FILTER (other IS NOT NULL AND NOT same) || ' of them are not the same there.' AS found,
    count(*) FILTER (other IS NOT NULL AND NOT same) AS rows
FROM compared
GROUP BY _file
HAVING count(other) * 2 >= count(*) AND count(*) FILTER (other IS NOT NULL AND NOT same) > 0
