-- One row per faulty row of an object, in the files' order, with all its faults in words: those that are held back
-- ($2 = 'row'), or those that went on without a value ('value'). A fault of a file that belongs to no single row
-- (row IS NULL) stands for itself. The hash is that of the row of the extract, also where a correction of it is faulty.
WITH told AS (
    SELECT
        *,
        coalesce("column" || ': ', '') || rule || coalesce(' (found: ' || found || ')', '') AS reason,
        coalesce("column" || ': ', '') || expected AS wanted,
        coalesce("column" || ': ', '') || action AS advice
    FROM quarantine.faults
    WHERE object = $1
),
grouped AS (
    SELECT
        row,
        any_value(file) AS _file,
        any_value(line) AS _line,
        string_agg(reason, ' | ' ORDER BY "column", rule) AS _reason,
        string_agg(wanted, ' | ' ORDER BY "column", rule) AS _expected,
        string_agg(advice, ' | ' ORDER BY "column", rule) AS _what_to_do,
        any_value(raw) AS _raw
    FROM told
    GROUP BY row, CASE WHEN row IS NULL THEN file || ':' || coalesce(line, 0)::VARCHAR || rule END
    HAVING min(severity) = $2
)
SELECT
    grouped.*, NULL::VARCHAR AS _leave_out, coalesce(c.hash, landed._hash, md5(_raw)) AS _hash,
    row_number() OVER (ORDER BY grouped.row NULLS FIRST, grouped._file, grouped._line) AS number
FROM grouped
LEFT JOIN (SELECT row, hash FROM raw.corrections WHERE object = $1) c ON c.row = grouped.row
LEFT JOIN {landed} AS landed ON landed._row = grouped.row
