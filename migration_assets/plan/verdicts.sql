-- A verdict for every desired write: what the journal knows of it decides.
-- In: plan.desired, intercom_objects, plan.needs, plan.scope, plan.journal, plan.options, observed.deleted_in_intercom,
-- verdict.differences (of the last verification).
-- Out: plan.writes; plan.wanted, plan.known, plan.write_verdicts, plan.woken and plan.holds on the way.

CREATE OR REPLACE VIEW plan.wanted AS
SELECT *, FALSE AS optional FROM plan.desired WHERE object NOT IN ({wanted_apart})
{wanted};

-- What is known per lane. Creating and updating the same thing is one lane where the update carries the same
-- payload; where the target state needs an update beside the creation, that is a lane of its own.
CREATE OR REPLACE VIEW plan.updated_apart AS SELECT DISTINCT object FROM plan.desired WHERE operation = 'update';
CREATE OR REPLACE TABLE plan.known AS
SELECT
    j.object,
    j.source_key,
    CASE
        WHEN j.operation = 'update' AND u.object IS NULL THEN 'create'
        ELSE j.operation
    END AS lane,
    bool_or(j.state IN ('intent', 'ambiguous')) AS unknown,
    bool_or(j.intercom_id IS NOT NULL AND j.operation <> 'update') AS present,
    arg_max(j.confirmed_fingerprint, j.confirmed_at_write) FILTER (j.confirmed_at_write IS NOT NULL)
        AS confirmed_fingerprint,
    bool_or(j.confirmed_at_write IS NOT NULL) AS confirmed,
    arg_max(j.state, j.write_id) AS last_state,
    arg_max(j.fingerprint, j.write_id) AS last_fingerprint,
    arg_max(j.run_id, j.write_id) AS last_run,
    arg_max(j.error_code, j.write_id) AS error_code,
    coalesce(arg_max(coalesce(j.heals, FALSE), j.write_id), FALSE) AS heals,
    -- The last write went well but for fields that somebody had edited in Intercom, which were kept.
    coalesce(arg_max(j.state = 'confirmed' AND j.error_code = 'edits' AND json_exists(j.remark, '$.kept'), j.write_id), FALSE)
        AS kept_edits,
    arg_max(j.operation, j.write_id) AS last_operation,
    arg_min(j.parent_key, j.write_id) AS parent_key
FROM plan.journal j LEFT JOIN plan.updated_apart u USING (object)
GROUP BY ALL;

CREATE OR REPLACE TABLE plan.write_verdicts AS
SELECT
    d.* EXCLUDE (operation),
    d.operation AS lane,
    coalesce(k.present, FALSE) AND g.source_key IS NULL AS present,
    -- It changes what stands, which is read first: somebody may have edited it since. Of a ticket that was made before,
    -- or that a lost journal was completed with, that holds for the first write of a kind too.
    b.changeable AND (
        coalesce(k.confirmed, FALSE) OR d.operation <> 'create' AND coalesce(made.present, FALSE)) AS changes,
    k.last_operation,
    coalesce(g.code, k.error_code) AS error_code,
    g.source_key IS NOT NULL AS deleted,
    CASE
        WHEN k.unknown THEN 'unresolved'
        -- Somebody has deleted it in Intercom: it is not made again unless a person says so.
        WHEN g.source_key IS NOT NULL AND d.operation IN ('create', 'upsert', 'attach', 'append') THEN 'failed_before'
        -- It was found to differ when it was verified: what can be written again is, once in this run.
        WHEN o.resync AND x.record_key IS NOT NULL AND k.confirmed AND k.last_run <> o.run_id
            AND d.operation <> 'append' AND NOT (d.operation = 'create' AND u.object IS NOT NULL)
            THEN 'send'
        -- What follows the bar in a fingerprint are the files that it carries, which are looked at one by one.
        WHEN k.kept_edits AND o.overwrite_edited THEN 'send'
        WHEN k.confirmed AND split_part(k.confirmed_fingerprint, '|', 1) = split_part(d.fingerprint, '|', 1) THEN 'done'
        WHEN k.last_state = 'rejected' AND k.last_fingerprint = d.fingerprint
            -- What was refused for something that Intercom lacked is tried again, once in each run; not what is only put
            -- on a record that stands without it (an extra): a plan that has no such thing would cost calls for all.
            AND NOT ((o.retry_failed OR k.heals AND NOT is_extra(d.object, d.operation)) AND k.last_run <> o.run_id)
            THEN 'failed_before'
        WHEN k.confirmed AND d.operation = 'append' THEN 'immutable_changed'
        -- What stands cannot be hung on another record, nor what is updated apart be begun anew.
        WHEN k.confirmed AND d.operation = 'create' AND (u.object IS NOT NULL OR k.parent_key <> d.parent_key)
            THEN 'immutable_changed'
        ELSE 'send'
    END AS verdict
FROM plan.wanted d
JOIN intercom_objects b ON b.name = d.object
CROSS JOIN plan.options o
LEFT JOIN plan.updated_apart u ON u.object = d.object
LEFT JOIN plan.known k ON k.object = d.object AND k.source_key = d.source_key AND k.lane = d.operation
LEFT JOIN plan.known made
    ON b.changeable AND made.object = d.object AND made.source_key = d.source_key AND made.lane = 'create'
LEFT JOIN observed.deleted_in_intercom g ON g.object = d.object AND g.source_key = d.source_key
LEFT JOIN (SELECT DISTINCT object AS record_object, source_key AS record_key FROM verdict.differences) x
    ON x.record_object = d.record_object AND x.record_key = d.record_key;

-- Records that a confirmed write of ours may have woken after their state was set last.
CREATE OR REPLACE TABLE plan.woken AS
WITH wrote AS (
    SELECT b.record_object AS object,
        CASE WHEN b.record_object = j.object THEN j.source_key ELSE j.parent_key END AS source_key,
        max(j.confirmed_at_write) AS last
    FROM plan.journal j JOIN intercom_objects b ON b.name = j.object WHERE j.operation IN ('append', 'update')
    GROUP BY ALL
)
SELECT s.object, s.source_key
FROM plan.journal s
JOIN wrote ON wrote.object = s.object AND wrote.source_key = s.source_key AND wrote.last > s.confirmed_at_write
WHERE settles(s.object, s.operation);

-- What holds a whole record back, before anything of it is looked at. What needs a record that is held, or that
-- Intercom refused or may have, is held as well.
CREATE OR REPLACE TABLE plan.holds AS
WITH held AS (
    {holds}
),
own AS (
    SELECT h.object, h.source_key, h.rank, h.reason
    FROM held h SEMI JOIN plan.scope s ON s.object = h.object AND s.source_key = h.source_key
),
stuck AS (
    SELECT object, source_key, verdict FROM plan.write_verdicts
    WHERE object = record_object AND NOT present AND verdict IN ('failed_before', 'unresolved')
),
needed AS (
    SELECT n.record_object AS object, n.record_key AS source_key, n.needed_object, n.needed_key
    FROM plan.needs n SEMI JOIN plan.scope s ON s.object = n.scope_object AND s.source_key = n.scope_key
    WHERE n.essential
),
found AS (
    FROM own
    UNION ALL
    SELECT n.object, n.source_key, h.rank, h.reason
    FROM needed n JOIN own h ON h.object = n.needed_object AND h.source_key = n.needed_key
    UNION ALL
    SELECT n.object, n.source_key, 100 + b.place, n.needed_object || '_' || replace(k.verdict, '_before', '')
    FROM needed n
    JOIN stuck k ON k.object = n.needed_object AND k.source_key = n.needed_key
    JOIN intercom_objects b ON b.name = n.needed_object
)
SELECT object, source_key, arg_min(reason, rank) AS reason FROM found GROUP BY ALL;

-- What holds the rest of a record back: a write of it that is unknown, or an earlier one that was refused.
CREATE OR REPLACE TABLE plan.writes AS
WITH record AS (
    SELECT
        record_object, record_key,
        bool_or(verdict = 'unresolved') AS unresolved,
        min(step) FILTER (
            verdict = 'failed_before' AND NOT optional AND ((lane = 'append' AND NOT deleted) OR (lane = 'create' AND NOT present)))
            AS failed_step
    FROM plan.write_verdicts GROUP BY ALL
),
-- Writes that alone must wait, for what they need was refused.
unmet AS (
    SELECT n.object, n.source_key, min(n.needed_object) AS needed_object
    FROM plan.needs n
    JOIN plan.write_verdicts k ON k.object = n.needed_object AND k.source_key = n.needed_key
        AND NOT k.present AND k.verdict = 'failed_before'
    WHERE NOT n.essential GROUP BY ALL
),
reasoned AS (
    SELECT
        j.*,
        CASE
            WHEN j.verdict <> 'send' THEN NULL
            WHEN h.reason IS NOT NULL THEN h.reason
            WHEN r.unresolved THEN 'another_write_unresolved'
            WHEN j.step > r.failed_step OR (j.step = r.failed_step AND j.optional) THEN 'an_earlier_write_failed'
            WHEN l.needed_object IS NOT NULL THEN l.needed_object || '_failed'
        END AS held_for
    FROM plan.write_verdicts j
    LEFT JOIN record r ON r.record_object = j.record_object AND r.record_key = j.record_key
    LEFT JOIN plan.holds h ON h.object = j.record_object AND h.source_key = j.record_key
    LEFT JOIN unmet l ON l.object = j.object AND l.source_key = j.source_key
),
-- What is sent to a snoozed or closed record wakes it, and assigning reopens it: its state is set again, last.
woken AS (
    SELECT record_object, record_key FROM reasoned
    WHERE verdict = 'send' AND held_for IS NULL AND lane IN ('create', 'append', 'update')
    UNION
    -- The run that sent such things died before it set the state.
    SELECT w.object, w.source_key FROM plan.woken w ANTI JOIN (
        SELECT record_object, record_key FROM reasoned
        WHERE deleted OR held_for IS NOT NULL OR verdict = 'unresolved' OR (verdict = 'failed_before' AND NOT optional)
    ) held ON held.record_object = w.object AND held.record_key = w.source_key
)
SELECT
    j.object,
    j.source_key,
    j.parent_key,
    CASE
        WHEN j.lane = 'create' AND b.changeable AND j.verdict <> 'done'
            AND j.verdict <> 'immutable_changed' AND j.present
            THEN CASE WHEN j.verdict = 'unresolved' THEN j.last_operation ELSE 'update' END
        ELSE j.lane
    END AS operation,
    j.step AS seq,
    j.fingerprint,
    CASE
        WHEN j.held_for IS NOT NULL THEN 'held'
        WHEN j.verdict = 'done' AND settles(j.object, j.lane) AND w.record_key IS NOT NULL THEN 'send'
        ELSE j.verdict
    END AS verdict,
    CASE
        WHEN j.held_for IS NOT NULL THEN j.held_for
        WHEN j.verdict = 'failed_before' THEN j.error_code
        WHEN j.verdict = 'immutable_changed' THEN b.immutable
        WHEN j.verdict = 'unresolved' THEN 'it is not known whether Intercom executed it'
    END AS reason,
    j.record_object,
    j.record_key,
    j.present,
    j.changes,
    j.optional
FROM reasoned j
JOIN intercom_objects b ON b.name = j.object
LEFT JOIN woken w ON w.record_object = j.record_object AND w.record_key = j.record_key;
