-- Per file: whether any number proves that the point or the comma stands before the decimals. 1,234 proves nothing;
-- 12,5 and 0,125 prove a comma, 1.234.567 and 1.234,5 prove that the point groups thousands, and so the comma.
WITH cells AS (
    SELECT _file AS file, regexp_replace({column}, '[\s\x{00A0}''’="+-]', '', 'g') AS cell
    FROM {table}
    WHERE {column} IS NOT NULL
),
numbers AS (
    SELECT file, cell
    FROM cells
    WHERE regexp_full_match(cell, '\d+(?:[.,]\d+)+')
)
SELECT
    file,
    count(*) AS cells,
    coalesce(bool_or(regexp_matches(
        cell, '^(?:\d+\.(?:\d{1,2}|\d{4,})|0\.\d+|\d{4,}\.\d+|\d{1,3}(?:,\d{3})+\.\d+|\d{1,3}(?:,\d{3}){2,})$'
    )), FALSE) AS point,
    coalesce(bool_or(regexp_matches(
        cell, '^(?:\d+,(?:\d{1,2}|\d{4,})|0,\d+|\d{4,},\d+|\d{1,3}(?:\.\d{3})+,\d+|\d{1,3}(?:\.\d{3}){2,})$'
    )), FALSE) AS comma
FROM numbers
GROUP BY file
ORDER BY file
