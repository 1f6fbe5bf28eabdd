-- An object's figures after its load: every record that the plan covers counts once.
-- In: plan.writes (fresh), plan.journal, hold_words (words.sql); bound as $object and $run_id. Out: its row of verdict.loads.

INSERT INTO verdict.loads BY NAME
WITH own AS (
    SELECT w.source_key, w.verdict, w.present, w.verdict = 'held' AND coalesce(h.waits, FALSE) AS waits
    FROM plan.writes w LEFT JOIN hold_words h ON h.said_of = w.object AND h.code = w.reason
    WHERE w.object = $object AND w.operation IN ('create', 'update', 'upsert', 'attach', 'append')
),
-- What this run itself has confirmed, and whether it was there before.
mine AS (
    SELECT
        source_key,
        bool_or(operation IN ('create', 'upsert', 'attach', 'append') AND run_id = $run_id AND state = 'confirmed')
            AS made,
        bool_or(operation = 'update' AND run_id = $run_id AND state = 'confirmed') AS changed,
        bool_or(adopted) AS adopted
    FROM plan.journal WHERE object = $object GROUP BY ALL
),
fate AS (
    SELECT
        o.source_key,
        CASE
            -- A record that stands counts by what was done to it, though a later change of it may have failed:
            -- that change counts where it belongs, with the parts, tags and rows.
            WHEN bool_or(o.present) OR bool_or(o.verdict IN ('done', 'immutable_changed')) THEN
                CASE
                    WHEN bool_or(coalesce(m.adopted, FALSE) AND m.made) THEN 'adopted'
                    -- An upsert of what stood before the load changes it.
                    WHEN bool_or(coalesce(m.made, FALSE)) AND any_value(s.action) IS DISTINCT FROM 'update'
                        THEN 'created'
                    WHEN bool_or(coalesce(m.made OR m.changed, FALSE)) THEN 'updated'
                    ELSE 'unchanged'
                END
            WHEN bool_or(o.waits) THEN 'blocked'
            ELSE 'failed'
        END AS fate
    FROM own o
    LEFT JOIN mine m ON m.source_key = o.source_key
    -- How the record stood before; parts are no records of their own, and their keys may equal a ticket's.
    LEFT JOIN plan.load_start s ON s.record_key = o.source_key
        AND EXISTS (FROM intercom_objects WHERE name = $object AND part_of IS NULL)
    GROUP BY o.source_key
)
SELECT
    $object AS object,
    count(*) FILTER (fate <> 'blocked') AS planned,
    count(*) FILTER (fate = 'created') AS created,
    count(*) FILTER (fate = 'updated') AS updated,
    count(*) FILTER (fate = 'adopted') AS adopted,
    count(*) FILTER (fate = 'unchanged') AS unchanged,
    count(*) FILTER (fate = 'failed') AS failed,
    count(*) FILTER (fate = 'blocked') AS blocked,
    0 AS present
FROM fate;
