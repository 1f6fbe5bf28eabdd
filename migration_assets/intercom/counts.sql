-- What became of every record of an object: how it stood before (plan.load_start), how it stands now.
SELECT outcome, count(*) FROM (
    SELECT
        CASE
            -- Where Intercom refuses an extra, the record stands all the same.
            WHEN bool_or(w.verdict = 'failed_before' AND NOT is_extra(w.object, w.operation)) THEN 'failed'
            WHEN bool_or(w.verdict = 'unresolved') THEN 'ambiguous'
            WHEN bool_or(w.verdict = 'send') AND bool_or(q.record_key IS NOT NULL) THEN 'unsent'
            WHEN bool_or(w.verdict IN ('send', 'held')) THEN 'blocked'
            WHEN any_value(s.action) = 'create' AND bool_or(a.source_key IS NOT NULL) THEN 'adopted'
            WHEN any_value(s.action) = 'create' THEN 'created'
            WHEN any_value(s.action) = 'update' THEN 'updated'
            ELSE 'unchanged'
        END AS outcome
    FROM plan.writes w
    LEFT JOIN plan.load_start s ON s.record_key = w.record_key
    LEFT JOIN plan.queue q ON q.record_key = w.record_key
    LEFT JOIN plan.journal a ON a.object = w.object AND a.source_key = w.source_key AND a.adopted
        AND a.operation IN ('create', 'upsert', 'attach')
    WHERE w.record_object = $object
    GROUP BY w.record_key
) GROUP BY outcome;
