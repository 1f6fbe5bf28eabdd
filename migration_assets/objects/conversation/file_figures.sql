-- The figures of the files after the load of conversations: every file that the plan covers counts once.
-- In: plan.files, plan.writes (both fresh), plan.journal, observed.deleted_in_intercom, hold_words (words.sql); bound as
-- $object and $run_id. Out: its row of verdict.loads.

INSERT INTO verdict.loads BY NAME
WITH fate AS (
    SELECT CASE
        WHEN w.verdict = 'failed_before' AND deleted.source_key IS NOT NULL THEN 'failed'
        WHEN f.sent AND j.run_id = $run_id THEN 'created'
        WHEN f.sent THEN 'unchanged'
        WHEN w.verdict = 'held' AND h.waits THEN 'blocked'
        ELSE 'failed'
    END AS fate
    FROM plan.files f
    LEFT JOIN plan.journal j ON j.object = 'part' AND j.operation = 'append' AND j.source_key = f.part_key
    LEFT JOIN observed.deleted_in_intercom deleted ON deleted.object = 'part' AND deleted.source_key = f.part_key
    LEFT JOIN plan.writes w ON w.object = 'part' AND w.source_key = f.part_key
    LEFT JOIN hold_words h ON h.said_of = w.object AND h.code = w.reason
)
SELECT
    $object AS object,
    count(*) FILTER (fate <> 'blocked') AS planned,
    count(*) FILTER (fate = 'created') AS created,
    0 AS updated,
    0 AS adopted,
    count(*) FILTER (fate = 'unchanged') AS unchanged,
    count(*) FILTER (fate = 'failed') AS failed,
    count(*) FILTER (fate = 'blocked') AS blocked,
    0 AS present
FROM fate;
