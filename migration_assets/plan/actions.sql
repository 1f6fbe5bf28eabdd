-- One action per record, with its reason and the number of calls it takes.
-- In: plan.writes, plan.wanted, plan.taken_off, intercom_objects, plan.calls, plan.journal, target.*, quarantine.faults,
-- observed.existing(object, source_key). Out: plan.actions.

CREATE OR REPLACE TABLE plan.actions AS
WITH counted AS (
    SELECT
        w.record_object AS object,
        w.record_key AS source_key,
        count(*) FILTER (w.verdict = 'send' AND w.operation IN ('create', 'attach', 'upsert') AND NOT w.present
            AND w.object = w.record_object) AS creates,
        count(*) FILTER (w.verdict = 'send' AND w.operation = 'append') AS appends,
        count(*) FILTER (w.verdict = 'send') AS sends,
        count(*) FILTER (w.verdict = 'failed_before' AND NOT is_extra(w.object, w.operation)) AS failed,
        count(*) FILTER (w.verdict IN ('held', 'unresolved')) AS blocked,
        count(*) FILTER (w.verdict = 'immutable_changed') AS immutable,
        arg_min(w.reason, w.seq) FILTER (w.verdict = 'failed_before') AS failed_reason,
        arg_min(w.reason, w.seq) FILTER (w.verdict = 'held') AS held_reason,
        arg_min(w.reason, w.seq) FILTER (w.verdict = 'unresolved') AS unresolved_reason,
        -- What is to be changed is read first, for an extra by a call of its own.
        CASE WHEN bool_or(w.verdict = 'send' AND w.changes) THEN 1 ELSE 0 END
        + CASE WHEN bool_or(w.verdict = 'send' AND w.changes AND is_extra(w.object, w.operation)) THEN 1 ELSE 0 END
        + coalesce(sum(coalesce(c.calls, 1)) FILTER (w.verdict = 'send'), 0)::BIGINT AS calls
    FROM plan.writes w LEFT JOIN plan.calls c ON c.object = w.object AND c.operation = w.operation
    GROUP BY ALL
),
decided AS (
    SELECT
        c.object,
        c.source_key,
        CASE
            WHEN c.failed > 0 THEN 'failed'
            WHEN c.blocked > 0 THEN 'blocked'
            WHEN c.creates > 0 AND e.source_key IS NOT NULL THEN 'adopt'
            WHEN c.creates > 0 THEN 'create'
            WHEN c.appends > 0 THEN 'append'
            WHEN c.sends > 0 THEN 'update'
            ELSE 'unchanged'
        END AS action,
        CASE
            WHEN c.failed > 0 THEN coalesce(c.failed_reason, 'rejected by Intercom')
            WHEN c.blocked > 0 THEN coalesce(c.unresolved_reason, c.held_reason)
            WHEN c.creates > 0 AND e.source_key IS NOT NULL THEN 'found in Intercom'
            WHEN c.immutable > 0 THEN c.immutable::VARCHAR || ' changed after they were sent'
        END AS reason,
        c.calls
    FROM counted c
    LEFT JOIN observed.existing e ON e.object = c.object AND e.source_key = c.source_key
),
wanted AS (
    {records}
    UNION ALL SELECT object, source_key FROM plan.wanted
),
-- What is not wanted any more although the extract has it: such a row is not deleted in source.
still_delivered AS (
    SELECT object, source_key, arg_min(fate, rank) AS fate FROM (
        SELECT o.name AS object, q."key" AS source_key, 'quarantined' AS fate, 0 AS rank
        FROM quarantine.faults q JOIN intercom_objects o ON o.keyed_by = q.object WHERE q.severity = 'row'
        UNION ALL
        SELECT o.name, l."key", CASE l.disposition WHEN 'load' THEN 'part of another record' ELSE l.disposition END, 1
        FROM target.lineage l JOIN intercom_objects o ON o.keyed_by = l.object
    ) GROUP BY ALL
)
SELECT object, source_key, action, reason, calls, NULL::VARCHAR AS code FROM decided
UNION ALL
SELECT DISTINCT j.object, j.source_key, 'unwanted',
    CASE
        WHEN r.fate = 'quarantined' THEN 'in Intercom; its row in the extract is in quarantine now'
        WHEN r.fate IS NOT NULL THEN 'in Intercom; its row in the extract is ' || r.fate || ' now'
        ELSE 'in Intercom, but no longer in the extract'
    END,
    0,
    if(r.fate IS NULL, 'deleted_in_source', NULL)
FROM plan.journal j
SEMI JOIN (FROM intercom_objects WHERE shaped) b ON b.name = j.object
ANTI JOIN wanted w ON w.object = j.object AND w.source_key = j.source_key
ANTI JOIN plan.taken_off t ON t.object = j.object AND t.source_key = j.source_key
LEFT JOIN still_delivered r ON r.object = j.object AND r.source_key = j.source_key
WHERE j.intercom_id IS NOT NULL AND j.operation IN ('create', 'upsert', 'attach', 'append')
ORDER BY ALL;

CREATE OR REPLACE TABLE plan.summary AS
SELECT object, action, count(*) AS records, sum(calls)::BIGINT AS calls
FROM plan.actions GROUP BY ALL ORDER BY ALL;
