-- One row per faulty row of an object, in the files' order, with all its faults in words. A fault of a file that
-- belongs to no single row (row IS NULL) stands for itself.
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
        min(severity) AS _severity,
        any_value(file) AS _file,
        any_value(line) AS _line,
        string_agg(reason, ' | ' ORDER BY "column", rule) AS _reason,
        string_agg(wanted, ' | ' ORDER BY "column", rule) AS _expected,
        string_agg(advice, ' | ' ORDER BY "column", rule) AS _what_to_do,
        any_value(raw) AS _raw
    FROM told
    GROUP BY row, CASE WHEN row IS NULL THEN file || ':' || coalesce(line, 0)::VARCHAR || rule END
)
SELECT *, row_number() OVER (ORDER BY row NULLS FIRST, _file, _line) AS number
FROM grouped
