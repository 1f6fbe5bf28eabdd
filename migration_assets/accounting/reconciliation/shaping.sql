WITH left_over AS (
    SELECT object, disposition || CASE WHEN reason IS NULL THEN '' ELSE ': ' || reason END AS words, count(*) AS rows
    FROM in_target_lineage WHERE disposition <> 'load' GROUP BY object, words
),
told AS (
    SELECT object, list({words: words, rows: rows} ORDER BY rows DESC, words) AS reasons FROM left_over GROUP BY object
)
SELECT
    l.object, count(*) AS came, count(*) FILTER (WHERE disposition = 'load') AS went,
    coalesce(any_value(t.reasons), []) AS reasons
FROM in_target_lineage l LEFT JOIN told t USING (object) GROUP BY l.object
