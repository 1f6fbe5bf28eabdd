WITH held AS (
    SELECT a.object, a.action, coalesce(w.words, a.reason) AS reason, count(*) AS rows
    FROM in_plan_actions a LEFT JOIN hold_words w ON w.said_of = a.object AND w.code = a.reason
    WHERE a.action IN ('blocked', 'failed', 'unwanted') GROUP BY ALL
),
told AS (
    SELECT object, list({
        words: CASE action
            WHEN 'blocked' THEN 'held back' WHEN 'failed' THEN 'not sent again' ELSE 'no longer in the extract'
        END || coalesce(': ' || reason, ''),
        rows: rows
    } ORDER BY rows DESC, reason) AS reasons FROM held GROUP BY object
)
SELECT
    a.object, count(*) AS came, count(*) FILTER (WHERE action NOT IN ('blocked', 'failed', 'unwanted')) AS went,
    coalesce(any_value(t.reasons), []) AS reasons
FROM in_plan_actions a LEFT JOIN told t USING (object) GROUP BY a.object
