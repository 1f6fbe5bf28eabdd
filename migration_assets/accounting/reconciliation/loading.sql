WITH gone AS (
    SELECT w.object, count(DISTINCT w.source_key)::BIGINT AS records
    FROM in_plan_writes w JOIN loss_words l ON l.said_of = w.object AND l.code = w.reason
    WHERE w.verdict = 'failed_before' GROUP BY w.object
)
SELECT
    l.object, planned AS came, present AS went,
    list_filter([
        -- These are among the failed, and Intercom has refused nothing of them.
        {words: 'deleted, archived or merged in Intercom after it was loaded', rows: least(failed, coalesce(records, 0))},
        {words: 'refused by Intercom, or left for a next run', rows: failed - least(failed, coalesce(records, 0))},
        {words: 'written, but not found in Intercom', rows: greatest(planned - failed - present, 0)}
    ], lambda reason: reason.rows > 0) AS reasons
FROM in_verdict_loads l LEFT JOIN gone USING (object)
