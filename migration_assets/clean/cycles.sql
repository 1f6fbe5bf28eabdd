-- Rows that lead back to themselves. UNION (not UNION ALL) forgets pairs already seen, so that every walk ends.
WITH RECURSIVE walk(start, reached) AS (
    SELECT {key}, {column} FROM clean.{table} WHERE {column} IS NOT NULL
    UNION
    SELECT walk.start, next.{column}
    FROM walk
    JOIN clean.{table} AS next ON next.{key} = walk.reached
    WHERE next.{column} IS NOT NULL
)
SELECT row._row, '{rule}' AS rule, '{name}' AS "column", row.{column} AS found
FROM clean.{table} AS row
JOIN walk ON walk.start = row.{key} AND walk.reached = row.{key}
