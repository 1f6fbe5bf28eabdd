-- Per file: how many dates such as 05/03/2024 or 05-03-2024 the column has, and whether any of them proves that the
-- day (a first number above 12) or the month (a second number above 12) stands first. 13/13/2024 proves nothing.
WITH parts AS (
    SELECT
        _file AS file,
        regexp_extract({column}, '^\D*(\d{1,2})[/-](\d{1,2})[/-]\d{4}(?:\D|$)', ['a', 'b']) AS found
    FROM {table}
    WHERE {column} IS NOT NULL
),
numbers AS (
    SELECT file, TRY_CAST(found.a AS INTEGER) AS a, TRY_CAST(found.b AS INTEGER) AS b
    FROM parts
    WHERE found.a <> ''
)
SELECT
    file,
    count(*) AS cells,
    bool_or(a BETWEEN 13 AND 31 AND b BETWEEN 1 AND 12) AS day_first,
    bool_or(b BETWEEN 13 AND 31 AND a BETWEEN 1 AND 12) AS month_first
FROM numbers
GROUP BY file
ORDER BY file
