-- Where the landed rows of one object are, row by row.
WITH places AS (
    SELECT _row, 'clean' AS place FROM clean.{object}
    UNION ALL
    SELECT row, 'superseded' FROM clean.superseded WHERE object = $1
    UNION ALL
    SELECT DISTINCT row, 'quarantined' FROM quarantine.faults
    WHERE object = $1 AND stage = 'clean' AND severity = 'row'
),
per_row AS (
    SELECT landed._row AS landed, places._row AS placed, count(places._row) AS times
    FROM raw.{object} AS landed
    FULL JOIN places ON places._row = landed._row
    GROUP BY ALL
)
SELECT
    (SELECT count(*) FROM raw.{object}) AS landed,
    (SELECT count(*) FROM places WHERE place = 'clean') AS clean,
    (SELECT count(*) FROM places WHERE place = 'superseded') AS superseded,
    (SELECT count(*) FROM places WHERE place = 'quarantined') AS quarantined,
    count(*) FILTER (WHERE placed IS NULL) AS nowhere,
    count(*) FILTER (WHERE landed IS NOT NULL AND times > 1) AS twice,
    count(*) FILTER (WHERE landed IS NULL) AS strangers
FROM per_row
